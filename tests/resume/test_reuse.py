"""What a later run reuses, and what of it is in the graph: the names of a few files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import apache_beam as beam

from pipeline.describe import describe_job
from pipeline.graph import build
from pipeline.options import parse_flags
from schemas.files import FileScope, Part, Scope, Selection
from schemas.records import RawRecord
from transforms.resume.reuse import AnalysisSource, Attempts, Reuse, store_reuse
from transforms.runtime.lists import read_list, read_value


def reuse_of(count: int) -> Reuse:
    parts = tuple(
        Part("entities", "", f"/somewhere/.newsbeam-1/parts/{number:032x}.parquet", 7, 9) for number in range(count)
    )
    paths = tuple(part.path for part in parts)
    return Reuse(
        scope=Scope(known=dict.fromkeys(paths), only={"a": Selection(frozenset([("a", 3)]), others=True)}),
        checkpoints=tuple((path, frozenset([path[-9:]])) for path in paths),
        parts=parts,
        mixed=tuple((part, (("u", 1), ("v", 2)), frozenset("u")) for part in parts),
        sources=(AnalysisSource("one", paths, parts),),
        counts=parts,
        counted=count,
    )


def graph_size(reuse: Reuse, folder: Path) -> int:
    options = parse_flags(["--input", str(folder), "--output", str(folder / "out")])
    job = describe_job(options, [str(folder)], str(folder / "out"), {}, {})
    pipeline = beam.Pipeline(options=options)
    build(pipeline, replace(job, reuse=store_reuse(reuse, str(folder / "lists"))))
    return len(pipeline.to_runner_api().SerializeToString())


def test_the_graph_hardly_grows_with_what_is_reused(tmp_path: Path) -> None:
    few = graph_size(reuse_of(1), tmp_path)
    assert graph_size(reuse_of(20_000), tmp_path) - few < 20_000


def test_lists_come_back_as_they_were(tmp_path: Path) -> None:
    # A path may hold bytes that are no UTF-8.
    odd = os.fsdecode(b"/caf\xe9.parquet")
    part = Part("rejects", "", odd, 2, 3)
    mixed = ((part, (("u", 1), ("v", 2)), frozenset("u")),)
    records = (RawRecord("a", 3, "html", b"<p>\xff\n\r</p>"),)
    reuse = replace(
        reuse_of(0),
        scope=Scope({"b": None, odd: frozenset(["x", "y"])}, {"a": Selection(frozenset([("a", 3)]))}, records),
        checkpoints=((odd, None), ("c", frozenset("u"))),
        mixed=mixed,
    )
    stored = store_reuse(reuse, str(tmp_path), ["p", odd])
    scopes = {scope.path: scope for path in stored.scope.files.paths for scope in read_list(path, FileScope)}
    assert {path: scope.known for path, scope in scopes.items()} == {"a": frozenset(), **reuse.scope.known}
    selection = scopes["a"].selection
    assert selection and read_value(selection, Selection) == reuse.scope.only["a"]
    for paths, type_, expected in (
        (stored.scope.records.paths, RawRecord, records),
        (stored.patterns.paths, str, ("p", odd)),
        (stored.checkpoints.paths, tuple[str, frozenset[str] | None], reuse.checkpoints),
        (stored.mixed.paths, tuple[Part, Attempts, frozenset[str]], mixed),
        (stored.parts.paths, Part, ()),
    ):
        assert tuple(value for path in paths for value in read_list(path, type_)) == expected
