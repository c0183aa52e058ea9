"""The whole job on `gs://` through Beam's own client, and through a storage that fails."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import run_command
from schemas.tables import KEPT
from tests.cloud.conftest import BUCKET, download, manifest_of, set_retries, tables_of, upload
from tests.cloud.faults import Fault, FaultyStorage, faulty_storage
from tests.conftest import ACCURATE
from transforms.runtime.errors import StorageError
from transforms.runtime.files import create_json, exists, list_files, move_files, read_json, remove_files, replace_json
from transforms.runtime.storage import FETCH_BYTES, open_object
from transforms.sentiment.fast import FOLDER as FAST
from transforms.sentiment.files import ModelFileError, read_card, read_model
from transforms.write.clear import batches

OUTPUT = f"gs://{BUCKET}/tables"
Tables = dict[str, list[str]]


def run_there(source: str, *flags: str) -> int:
    # In this process, where the storage's faults are planted and its patience is cut short.
    flags = ("--input", source, "--output", OUTPUT, "--workers", "1", "--quiet", *flags)
    return run_command("pipeline.run:run", flags)


@pytest.mark.cloud
def test_the_tables_are_those_of_a_local_run(storage: Any, dump: Path, local_tables: Tables, tmp_path: Path) -> None:
    source = upload(storage, dump)
    assert run_there(source) == 0
    output = download(storage, "tables", tmp_path / "out")
    assert tables_of(output, source) == local_tables
    manifest = manifest_of(output)
    for name, told in manifest["tables"].items():
        files = list((output / name).rglob("*.parquet"))
        assert (told["files"], told["bytes"]) == (len(files), sum(file.stat().st_size for file in files)), name
    assert {path.name for path in output.iterdir()} - {*KEPT} == {"_run.json", *local_tables}
    # A second run into the same place stops, and replaces the first only when told to.
    assert run_there(source) == 2
    assert run_there(source, "--overwrite", "--dedupe", "none") == 0
    again = download(storage, "tables", tmp_path / "again")
    assert manifest_of(again)["run_id"] != manifest["run_id"]
    assert all(manifest["run_id"] not in path.name for path in again.rglob("*.parquet"))


@pytest.mark.cloud
def test_a_storage_with_hiccups_makes_no_difference(
    faulty: FaultyStorage, storage: Any, dump: Path, local_tables: Tables, tmp_path: Path
) -> None:
    source = upload(storage, dump)
    faulty.faults = (
        Fault("short", "GET", "(parquet|html).*alt=media"),
        Fault("cut", "GET", "alt=media"),
        Fault("drop", "GET"),
        Fault(503),
        Fault(429, "GET"),
    )
    assert run_there(source) == 0
    assert all(faulty.struck[fault] for fault in faulty.faults), faulty.struck
    faulty.faults = ()
    assert tables_of(download(storage, "tables", tmp_path / "out"), source) == local_tables


@pytest.mark.parametrize(
    "fault",
    [
        Fault(412, "PUT|POST", "upload.*tables", times=None),
        Fault(403, "POST", "batch", times=None),
        Fault(403, "PUT|POST", "upload.*_run.json", times=None),
    ],
    ids=["precondition", "no renames", "no manifest"],
)
@pytest.mark.cloud
def test_a_run_that_fails_leaves_nothing_that_looks_finished(
    faulty: FaultyStorage, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str], fault: Fault
) -> None:
    source = upload(storage, dump)
    faulty.faults = (fault,)
    assert run_there(source) != 0
    assert faulty.struck[fault]
    assert capsys.readouterr().err.count("\n") == 1
    assert not storage.blob("tables/_run.json").exists()


@pytest.mark.cloud
def test_an_object_that_is_kept_back_is_a_reject(
    faulty: FaultyStorage, storage: Any, dump: Path, local_tables: Tables, tmp_path: Path
) -> None:
    source = upload(storage, dump)
    faulty.faults = (Fault(403, "GET", "rows.parquet.*alt=media", times=None),)
    assert run_there(source) == 0
    faulty.faults = ()
    tables = tables_of(download(storage, "tables", tmp_path / "out"), source)
    (kept_back,) = [json.loads(row) for row in tables["rejects"] if "rows.parquet" in row]
    assert (kept_back["reason"], kept_back["retryable"]) == ("unreadable_file", True)
    others = [row for row in local_tables["articles"] if "rows.parquet" not in row]
    assert {row for row in others if "DUMP/page.html" in row} <= set(tables["articles"])
    assert len(tables["articles"]) == len(others)


def test_reading_fetches_what_is_read(storage: Any, faulty: FaultyStorage) -> None:
    content = bytes(range(256)) * (4 * FETCH_BYTES // 256)
    storage.blob("large").upload_from_string(content)
    seen = Fault(999, "GET", "never")
    faulty.faults = (seen,)
    with open_object(f"gs://{BUCKET}/large", fetch_bytes=1 << 16) as stream:
        stream.seek(FETCH_BYTES + 5)
        assert stream.read(10) == content[FETCH_BYTES + 5 :][:10]
        assert stream.tell() == FETCH_BYTES + 15
        stream.seek(-3, 2)
        assert stream.read() == content[-3:]
        assert stream.read(5) == b""
        stream.seek(0)
        assert stream.read() == content


def test_small_objects_share_a_client(faulty: FaultyStorage) -> None:
    def in_turn(folder: str) -> None:
        for number in range(5):
            path = f"gs://{BUCKET}/{folder}/{number}.json"
            replace_json(path, {"number": number}, folder=f"gs://{BUCKET}")
            move_files([(path, path + ".moved")])
            assert read_json(path + ".moved") == {"number": number}
            assert not exists(path)
            remove_files([path + ".moved"])

    in_turn("first")
    asked = sum(faulty.requests.values())
    in_turn("second")
    # Written in two requests, moved in two, read in two, looked for and removed in one each.
    assert sum(faulty.requests.values()) - asked == 5 * 8
    # One is for what the client asks of the bucket meanwhile.
    assert faulty.connections <= 2
    # The storage of another address has another client.
    with faulty_storage(faulty.port) as (other, address), pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_EMULATOR_HOST", address)
        in_turn("third")
    assert other.connections > 0


@pytest.mark.parametrize("what", ["cut", "drop", 503, 429, "short"])
def test_a_hiccup_costs_no_byte(storage: Any, faulty: FaultyStorage, what: int | str) -> None:
    content = b"0123456789" * 1000
    storage.blob("object").upload_from_string(content)
    faulty.faults = (fault := Fault(what, "GET", "alt=media"),)
    with open_object(f"gs://{BUCKET}/object", fetch_bytes=4096) as stream:
        assert b"".join(iter(lambda: stream.read(1000), b"")) == content
    assert faulty.struck[fault]


@pytest.mark.parametrize("what", [403, 412, 503, "drop"])
def test_a_storage_that_stays_broken_is_told_from_a_broken_file(
    storage: Any, faulty: FaultyStorage, what: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.blob("object").upload_from_string(b"0123456789" * 1000)
    set_retries(monkeypatch, patience=1.0)
    faulty.faults = (Fault(what, "GET", "alt=media", times=None),)
    with open_object(f"gs://{BUCKET}/object") as stream, pytest.raises(StorageError, match="gs://"):
        stream.read()
    with pytest.raises(StorageError, match="NotFound"):
        open_object(f"gs://{BUCKET}/missing")


def test_clearing_takes_a_request_for_a_hundred_files(storage: Any, faulty: FaultyStorage) -> None:
    for number in range(3):
        storage.blob(f"work/{number}").upload_from_string(b"x")
    storage.blob("other").upload_from_string(b"x")
    faulty.requests.clear()
    (batch,) = batches(f"gs://{BUCKET}/work")
    remove_files([*batch, f"gs://{BUCKET}/work/missing"])
    assert [blob.name for blob in storage.list_blobs()] == ["other"]
    assert sum(count for (method, _), count in faulty.requests.items() if method == "POST") == 1
    storage.blob("work/kept").upload_from_string(b"x")
    faulty.faults = (Fault(403, "POST", "batch", times=None),)
    with pytest.raises(OSError, match="removed"):
        remove_files([f"gs://{BUCKET}/work/kept"])


@pytest.mark.cloud
def test_what_was_done_but_said_to_have_failed_is_not_done_twice(
    faulty: FaultyStorage, storage: Any, dump: Path, local_tables: Tables, tmp_path: Path
) -> None:
    source = upload(storage, dump)
    faulty.faults = (Fault("after", "POST", "batch"), Fault("after", "GET"))
    assert run_there(source) == 0
    assert all(faulty.struck[fault] for fault in faulty.faults), faulty.struck
    faulty.faults = ()
    output = download(storage, "tables", tmp_path / "out")
    assert tables_of(output, source) == local_tables
    assert {path.name for path in output.iterdir()} - {*KEPT} == {"_run.json", *local_tables}


@pytest.mark.cloud
def test_a_storage_that_does_not_answer_is_asked_again(
    storage: Any, faulty: FaultyStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the client's own minute."""
    storage.blob("object").upload_from_string(b"0123456789")
    set_retries(monkeypatch, patience=120.0)
    faulty.faults = (fault := Fault("hang", "GET", "alt=media", seconds=90),)
    with open_object(f"gs://{BUCKET}/object") as stream:
        assert stream.read() == b"0123456789"
    assert faulty.struck[fault] == 1


@pytest.mark.cloud
@pytest.mark.parametrize("which", [("PUT|POST", "upload.*checkpoints"), ("GET", "checkpoints.*alt=media")])
def test_a_storage_that_stays_broken_fails_the_run(
    faulty: FaultyStorage,
    storage: Any,
    dump: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    which: tuple[str, str],
) -> None:
    source = upload(storage, dump)
    set_retries(monkeypatch, patience=1.0)
    faulty.faults = (Fault(503, *which, times=None),)
    assert run_there(source) == 1
    assert faulty.struck[faulty.faults[0]]
    assert capsys.readouterr().err.startswith("newsbeam: the run failed: ")
    assert not storage.blob("tables/_run.json").exists()


def test_a_model_of_sentiment_is_read_from_there(storage: Any) -> None:
    place = upload(storage, Path(FAST), "model")
    card = read_card(place)
    assert card == read_card(FAST)
    assert read_model(place, card) == read_model(FAST, card)
    (name, *_) = card["sha256"]
    storage.blob(f"model/{name}").upload_from_string(b"damaged")
    with pytest.raises(ModelFileError, match=f"{place}/{name} is damaged"):
        read_model(place, card)
    storage.blob(f"model/{name}").delete()
    with pytest.raises(ModelFileError, match=f"can't be read: {place}/{name}"):
        read_model(place, card)


@pytest.mark.skipif(ACCURATE is None, reason="there is no model of `accurate`: make train-sentiment makes it")
def test_the_accurate_engine_is_loaded_from_there(storage: Any) -> None:
    pytest.importorskip("onnxruntime", reason="the extra `accurate` isn't installed")
    accurate = pytest.importorskip("transforms.sentiment.accurate", reason="the extra `accurate` isn't installed")
    model = accurate.AccurateModel(upload(storage, ACCURATE, "accurate"))
    encoded = [accurate.encode(model.tokenizer, "Bo was arrested for fraud.", [(0, 2)])]
    ((negative, neutral, positive),), _ = model.run(encoded)
    assert negative > max(neutral, positive)


def test_names_are_no_patterns(storage: Any) -> None:
    for name in ("r1/a", "r1/_run.json", "r[1]/a", "r[1]/b", "r*/a", "r?/a"):
        storage.blob(name).upload_from_string(name)
    root = f"gs://{BUCKET}"
    assert [path for path, _ in list_files(f"{root}/r[1]")] == [f"{root}/r[1]/a", f"{root}/r[1]/b"]
    move_files([(f"{root}/r[1]/a", f"{root}/r[1]/c"), (f"{root}/r*/a", f"{root}/r*/c")])
    # Done already is fine.
    move_files([(f"{root}/r[1]/a", f"{root}/r[1]/c")])
    remove_files([f"{root}/r[1]/b", f"{root}/r?/a"])
    assert sorted(blob.name for blob in storage.list_blobs()) == ["r*/c", "r1/_run.json", "r1/a", "r[1]/c"]
    assert (exists(f"{root}/r[1]/c"), exists(f"{root}/r?/c")) == (True, False)
    with pytest.raises(OSError, match="can't be moved"):
        move_files([(f"{root}/gone", f"{root}/new")])


def test_one_of_many_makes_an_object(storage: Any, faulty: FaultyStorage) -> None:
    """By the precondition that Cloud Storage has for it; its answer may be lost."""
    path = f"gs://{BUCKET}/tables/.newsbeam.lock-1"
    faulty.faults = (fault := Fault("after", "POST", "upload"),)
    assert create_json(path, {"run_id": "a"})
    assert faulty.struck[fault]
    assert not create_json(path, {"run_id": "b"})
    assert read_json(path) == {"run_id": "a"}
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: create_json(f"gs://{BUCKET}/new", {"run_id": number}), range(8)))
    assert made.count(True) == 1
    assert read_json(f"gs://{BUCKET}/new") == {"run_id": made.index(True)}
