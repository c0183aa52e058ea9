"""One child: what an article may do to it, and what comes of its neighbours."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from schemas.records import Article
from tests.conftest import ROOT
from tests.runtime.fragile import Counting, KilledAtFirst, Texts, Unready, answer, chain
from transforms.entities.engine.pipelines import DEFAULT
from transforms.runtime import frames
from transforms.runtime.child import GRACE_SECONDS
from transforms.runtime.outcome import Failed
from transforms.runtime.sandbox import Limits, Sandbox, SandboxError, Sandboxes
from transforms.runtime.stage import StageChain

TASK = pickle.dumps(chain())
MEMORY = 300 << 20


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(Limits(seconds=20, memory=MEMORY))
    yield sandbox
    sandbox.close()


@pytest.fixture
def request_of(make_article: Callable[..., Article]) -> Callable[..., bytes]:
    def make(*texts: str) -> bytes:
        return pickle.dumps([make_article(text=text) for text in texts])

    return make


def texts_of(found: tuple[list[bytes], Any]) -> tuple[str, ...]:
    (content,), _ = found
    return msgspec.msgpack.decode(content, type=Texts).texts


def test_a_child_is_started_once_and_serves_request_after_request(sandbox: Sandbox, request_of: Any) -> None:
    assert texts_of(sandbox.run(TASK, request_of("a"), "fragile")) == ("a",)
    child = sandbox.pid
    assert all(texts_of(sandbox.run(TASK, request_of("a", "b"), "fragile")) == ("a", "b") for _ in range(20))
    # Another task is loaded into the same child.
    assert texts_of(sandbox.run(pickle.dumps(chain(seconds=9)), request_of("c"), "fragile")) == ("c",)
    assert sandbox.pid == child


@pytest.mark.parametrize(
    ("how", "reason", "message"),
    [
        ("hang", "timeout", "no result after 0.5 seconds of processor time"),
        ("sleep", "timeout", "no result after 5 seconds"),
        ("crash", "crashed", "SIGSEGV"),
        ("abort", "crashed", "SIGABRT"),
        ("exit", "crashed", "status 3"),
        ("memory", "out_of_memory", "more than 300 MiB"),
        ("kill", "out_of_memory", "SIGKILL"),
    ],
)
def test_what_an_article_may_do_to_its_child(
    sandbox: Sandbox, request_of: Any, how: str, reason: str, message: str
) -> None:
    task = pickle.dumps(chain(seconds=0.5 if reason == "timeout" else None))
    assert texts_of(sandbox.run(task, request_of("a"), "fragile")) == ("a",)
    with pytest.raises(SandboxError) as error:
        sandbox.run_alone(task, request_of(how), "other")
    assert (error.value.stage, error.value.failed.reason) == ("fragile", reason)
    assert message in error.value.failed.message
    assert texts_of(sandbox.run(task, request_of("b"), "fragile")) == ("b",)


@pytest.mark.parametrize("how", ["work", "wait"])
def test_time_is_the_processor_s_and_not_the_clock_s(request_of: Any, how: str) -> None:
    """A child that another one keeps from the processor, as on a busy machine, has the time that it needs."""
    sandbox = Sandbox(Limits(seconds=2, memory=MEMORY))
    sandbox.run(TASK, request_of("a"), "fragile")
    child = psutil.Process(sandbox.pid)
    stopped = threading.Event()

    def hinder() -> None:
        # At work a third of the time.
        while not stopped.wait(0.1):
            child.suspend()
            stopped.wait(0.2)
            child.resume()

    hindrance = threading.Thread(target=hinder)
    hindrance.start()
    try:
        begun = time.monotonic()
        assert texts_of(sandbox.run(TASK, request_of(how), "fragile")) == (how,)
        assert time.monotonic() - begun > 2
    finally:
        stopped.set()
        hindrance.join()
        sandbox.close()


@pytest.mark.parametrize("how", ["raise", "recurse"])
def test_what_a_stage_raises_is_a_reject_and_costs_no_child(sandbox: Sandbox, request_of: Any, how: str) -> None:
    (content,), _ = sandbox.run(TASK, request_of("a", how, "b"), "fragile")
    child = sandbox.pid
    found = msgspec.msgpack.decode(content, type=Texts)
    assert found.texts == ("a", "b")
    (rejected,) = found.rejects
    assert (rejected.stage, rejected.reason, rejected.payload) == ("fragile", "failed", how.encode())
    assert ("not this one" if how == "raise" else "RecursionError") in rejected.message
    assert texts_of(sandbox.run(TASK, request_of("c"), "fragile")) == ("c",)
    assert sandbox.pid == child


def test_answers_come_one_by_one_and_once(request_of: Any, tmp_path: Path) -> None:
    """The child may take them as slowly as it likes, and be killed in between."""
    sandbox = Sandbox(Limits(seconds=0.1, memory=MEMORY))
    task = pickle.dumps(Counting(str(tmp_path / "mark")))
    answers = sandbox.stream_alone(task, pickle.dumps(6), "counting")
    assert _number(next(answers)) == 0
    # Far longer than a request may wait: the child has an answer that nobody takes.
    time.sleep(frames.longest(0.1) + GRACE_SECONDS + 1)
    assert [_number(answer) for answer in answers] == [1, 2, 3, 4, 5]
    assert (tmp_path / "mark").exists()
    # Whoever stops listening leaves nothing to the next.
    unheard = sandbox.stream_alone(task, pickle.dumps(3), "counting")
    next(unheard)
    assert [_number(answer) for answer in sandbox.stream_alone(task, pickle.dumps(2), "counting")] == [0, 1]
    with pytest.raises(SandboxError) as error:
        for answer in sandbox.stream_alone(task, pickle.dumps(-4), "counting"):
            assert _number(answer) < 3
    assert (error.value.stage, error.value.failed.reason) == ("counting", "crashed")
    sandbox.close()


def _number(answer: bytes) -> int:
    return int(msgspec.msgpack.decode(answer)[0])


def test_what_a_library_prints_is_no_answer(sandbox: Sandbox, request_of: Any) -> None:
    assert texts_of(sandbox.run(TASK, request_of("noise"), "fragile")) == ("noise",)


def test_an_article_does_not_pay_for_the_one_before(sandbox: Sandbox, request_of: Any) -> None:
    sandbox.run(TASK, request_of("damage"), "fragile")
    assert texts_of(sandbox.run_alone(TASK, request_of("good"), "fragile")) == ("good",)


def test_a_kill_from_outside_is_not_the_article_s_doing(sandbox: Sandbox, request_of: Any, tmp_path: Path) -> None:
    how = f"kill once {tmp_path / 'mark'}"
    assert texts_of(sandbox.run_alone(TASK, request_of(how), "fragile")) == (how,)


def test_a_child_killed_between_requests_is_replaced(sandbox: Sandbox, request_of: Any) -> None:
    sandbox.run(TASK, request_of("a"), "fragile")
    child = sandbox.pid
    assert child is not None
    os.kill(child, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=5)
    time.sleep(0.1)
    assert texts_of(sandbox.run(TASK, request_of("b"), "fragile")) == ("b",)
    assert sandbox.pid != child


def test_close_ends_the_child_and_may_be_repeated(sandbox: Sandbox, request_of: Any) -> None:
    sandbox.close()
    sandbox.run(TASK, request_of("a"), "fragile")
    child = sandbox.pid
    assert child is not None
    sandbox.close()
    sandbox.close()
    assert sandbox.pid is None
    assert not psutil.pid_exists(child)


def test_a_sandbox_that_is_dropped_takes_its_child_along(request_of: Any) -> None:
    sandbox = Sandbox(Limits())
    sandbox.run(TASK, request_of("a"), "fragile")
    child = sandbox.pid
    del sandbox
    assert not psutil.pid_exists(child or -1)


@pytest.mark.parametrize("how", ["good", "sleep"])
def test_the_child_of_a_killed_parent_ends(how: str) -> None:
    code = f"""
import pickle, sys
sys.path.insert(0, {str(ROOT)!r})
from schemas.records import Article
from tests.runtime.fragile import chain
from transforms.runtime.sandbox import Limits, Sandbox
import time
def request(text):
    return pickle.dumps([Article("f", 0, 1, None, None, None, None, None, None, text)])
sandbox, task = Sandbox(Limits(seconds=0.5)), pickle.dumps(chain())
sandbox.run(task, request("one"), "fragile")
print(sandbox.pid, flush=True)
sandbox.run(task, request({how!r}), "fragile")
time.sleep(1000)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.3)
        parent.kill()
        parent.wait()
        _, alive = psutil.wait_procs([child], timeout=15)
    assert not alive


def test_a_child_that_cannot_start_is_nobody_s_fault(request_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="did not start"):
        Sandbox(Limits()).run(TASK, request_of("a"), "fragile")


def test_a_child_that_is_killed_as_it_starts_is_started_again(
    sandbox: Sandbox, request_of: Any, tmp_path: Path
) -> None:
    task = pickle.dumps(StageChain(partial(tuple, (KilledAtFirst(str(tmp_path), 2),)), answer, "fragile"))
    assert texts_of(sandbox.run(task, request_of("a"), "fragile")) == ("a",)


def test_a_child_that_is_always_killed_as_it_starts_says_so(sandbox: Sandbox, request_of: Any, tmp_path: Path) -> None:
    task = pickle.dumps(StageChain(partial(tuple, (KilledAtFirst(str(tmp_path), 3),)), answer, "fragile"))
    with pytest.raises(RuntimeError, match="did not start: its process was ended by SIGKILL"):
        sandbox.run(task, request_of("a"), "fragile")


def test_a_task_that_cannot_be_set_up_says_why(sandbox: Sandbox, request_of: Any) -> None:
    with pytest.raises(RuntimeError, match="FileNotFoundError: no model in any folder"):
        sandbox.run(
            pickle.dumps(StageChain(partial(tuple, (Unready(),)), answer, "fragile")), request_of("a"), "fragile"
        )


def test_a_child_takes_nothing_from_the_folder_that_it_is_started_in(
    request_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("transforms", "schemas", "pipeline", "msgspec"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        # As in a process that `newsbeam` started, or `python -c`.
        patch.setattr(sys, "path", ["", *sys.path])
        sandbox = Sandbox(Limits())
        assert texts_of(sandbox.run(TASK, request_of("a"), "fragile")) == ("a",)
        sandbox.close()


def test_children_need_no_beam() -> None:
    code = "import sys, pipeline.stages, transforms.read.task, transforms.runtime.child; "
    code += "sys.exit('apache_beam' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_runs_own_process_loads_no_models_library() -> None:
    code = "import sys, pipeline.run, pipeline.checks; from pipeline.options import language_models, parse_flags; "
    code += "pipeline.checks.check_models(parse_flags(['--input', 'a', '--output', 'b'])); "
    code += "sys.exit(bool({'spacy', 'fasttext', 'trafilatura', 'docx', 'openpyxl'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_spacy_is_loaded_without_its_command_line() -> None:
    code = "import sys; from transforms.entities.engine import load_model; model, engine = load_model(sys.argv[1]); "
    code += "assert engine == 'newsbeam', engine; assert 'typer' not in sys.modules; import spacy.cli; spacy.cli.info"
    assert subprocess.run([sys.executable, "-c", code, DEFAULT], cwd=ROOT, check=False).returncode == 0


def test_the_way_to_the_child_and_back_is_short(sandbox: Sandbox, request_of: Any) -> None:
    """A hundred texts of 100 KB: far below the time that any stage takes for one."""
    request = request_of("x" * 100_000)
    sandbox.run(TASK, request, "fragile")
    start = time.perf_counter()
    for _ in range(100):
        sandbox.run(TASK, request, "fragile")
    assert (time.perf_counter() - start) / 100 < 0.02


def test_sandboxes_are_lent_one_at_a_time() -> None:
    sandboxes = Sandboxes(2, Limits())
    with sandboxes.borrow() as one, sandboxes.borrow() as other:
        assert one is not other
    with sandboxes.borrow() as again:
        assert again in (one, other)
        sandboxes.close()
    with sandboxes.borrow() as first, sandboxes.borrow() as second:
        assert {first, second} == {one, other}


def test_children_end_when_no_bundle_has_needed_them_for_a_while(request_of: Any) -> None:
    sandboxes = Sandboxes(1, Limits(), idle_seconds=0.3)
    sandboxes.begin_bundle()
    with sandboxes.borrow() as sandbox:
        sandbox.run(TASK, request_of("a"), "fragile")
        first = sandbox.pid
    time.sleep(1)
    # Within a bundle they wait for as long as it takes.
    assert sandbox.pid == first
    sandboxes.end_bundle()
    sandboxes.begin_bundle()
    time.sleep(1)
    assert sandbox.pid == first
    sandboxes.end_bundle()
    waited = time.monotonic() + 20
    while sandbox.pid is not None and time.monotonic() < waited:
        time.sleep(0.05)
    assert sandbox.pid is None
    with sandboxes.borrow() as again:
        assert again.run(TASK, request_of("a"), "fragile")
    sandboxes.close()


def test_an_error_tells_what_came_before_it() -> None:
    error = SandboxError("read", Failed("crashed", "by SIGSEGV"), [b"1"])
    assert (error.stage, error.failed.reason, error.answers) == ("read", "crashed", [b"1"])
