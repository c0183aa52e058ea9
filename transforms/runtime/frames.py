"""What parent and child say to each other over a pipe: frames of a kind and a length, and the bytes after them.

The child's answers are MessagePack, decoded into the types that the parent expects: data, and never code. A page that
has taken the child over can lie about itself, no more. Requests are pickles; they come from the parent, which the child
trusts.
"""

from __future__ import annotations

import struct

# Kind of a frame, bytes after it.
FRAME = struct.Struct("<BQ")
# A longer answer is none.
MAX_ANSWER = 1 << 30

# From the parent: options of remote storage, a task to set up, a request; each a pickle behind a `TASK`.
CONFIGURE, LOAD, RUN = 1, 2, 3
# From the child: it is ready; a stage begins; an answer; the request is done, or the task is set up; memory ran out; an
# error that is no stage's.
READY, BEGIN, ANSWER, DONE, NO_MEMORY, ERROR = 11, 12, 13, 14, 15, 16
# The task's number, and how many of the first answers to a request its asker has had from another child.
TASK = struct.Struct("<IQ")
# What DONE holds if the child ends after it.
LAST = b"last"


def longest(seconds: float) -> float:
    """How long, by the clock, a stage may be at work that may take so much processor time.

    A busy machine gives a process a tenth of the time at worst; what waits for something that never comes ends, too.
    """
    return min(10 * seconds, seconds + 600)
