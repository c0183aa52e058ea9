"""Page furniture that is found by its recurring: lines that stand in several stories of a source.

In: the decisions on all articles of the run, with the digests of the lines that may be furniture (`lines` says which).
Out: the decisions with those that do recur; the articles are restored with these lines named, and nothing is
looked for in them. A text keeps its lines, so its digest and the article's id hang on nothing but its own record; what
recurs hangs on all that a run holds, in whatever order it was read. Nothing is rejected.
"""

from __future__ import annotations

from transforms.recurring.lines import pack_lines, select_furniture

__all__ = ["pack_lines", "select_furniture"]
