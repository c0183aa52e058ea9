"""Pages to look at, and the browser that looks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import cli
from tests.browser import Browser, chromium
from tests.made_run import Known, World, make_run, make_world

HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=2>",
    '"><svg onload=window.hacked=3>',
    "' onmouseover='window.hacked=4",
    "javascript:window.hacked=5",
    "<!--<script>",
    "${window.hacked=6} $data $charts",
    "\u202egnirts desrever\u202c",
    "\u2067\u2066isolated\u2069",
    "a\u2028b\u2029c",
    "&lt;b&gt;&amp;",
    "=HYPERLINK(\"http://127.0.0.1:9/\",\"a\nb\")",
    "x" * 300,
    "Ж" * 120,
    "👨‍👩‍👧‍👦" * 40,
    "]]>", "{{7*7}}", "%s%n", "../../etc/passwd", "NULL", "0", "#tone", "a=b&person=c",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="session")
def page(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample dump: few articles, so that hardly any name has mentions enough for a tone."""
    return write_page(sample, tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 1,500 articles over a year, of some 50 outlets. To be read only."""
    return make_run(tmp_path_factory.mktemp("many") / "run", 1500, make_world(11, 120))


@pytest.fixture(scope="session")
def many_page(many: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(many, tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="session")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which names, titles and outlets are hostile."""
    root = tmp_path_factory.mktemp("hostile ' [x]")
    kinds = ("PERSON", "ORG", "GPE")
    entities = [Known(name, kinds[index % 3], 0.2, "FR", 48.85, 2.35) for index, name in enumerate(HOSTILE)]
    make_run(root / "run", 120, World(random.Random(3), entities, HOSTILE, HOSTILE))
    title = "</title><script>window.hacked=7</script>"
    return write_page(root / "run", root / "report.html", "--title", title)


def write_page(run: Path, target: Path, *flags: str) -> Path:
    """The page of a run."""
    assert cli.main(["report", str(run), "--html", str(target), *flags]) == 0
    return target
