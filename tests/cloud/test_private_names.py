"""What newsbeam uses of Beam without a public name for it: a version of Beam that changes it fails here, in words."""

from __future__ import annotations

import inspect

from apache_beam.io.filesystems import FileSystems
from apache_beam.io.gcp.gcsfilesystem import GCSFileSystem
from apache_beam.io.gcp.gcsio import GcsIO
from apache_beam.runners.portability.fn_api_runner import fn_runner, worker_handlers


def test_the_client_of_cloud_storage() -> None:
    assert callable(getattr(GCSFileSystem, "_gcsIO", None)), (
        "transforms/runtime/remote.py takes Beam's client of Cloud Storage, with the job's options, from "
        "GCSFileSystem._gcsIO, which this version of Beam doesn't have"
    )
    called = {
        "open": {"filename", "mode", "read_buffer_size"},
        "delete_batch": {"paths"},
        "list_files": {"path"},
        "copy_batch": {"src_dest_pairs"},
        "exists": {"path"},
        "checksum": {"path"},
    }
    for name, wanted in called.items():
        known = set(inspect.signature(getattr(GcsIO, name)).parameters)
        assert wanted <= known, f"transforms/runtime/remote.py calls GcsIO.{name} with {wanted}; this one takes {known}"


def test_the_options_of_the_file_systems() -> None:
    assert hasattr(FileSystems, "_pipeline_options"), (
        "transforms/runtime/storage.py gives Beam's file systems options where they have none, and remote.py keeps a "
        "client while these are the same, both by FileSystems._pipeline_options; this version of Beam doesn't have it"
    )


def test_the_requester_of_progress() -> None:
    known = list(inspect.signature(fn_runner.ProgressRequester.__init__).parameters)
    assert known[:5] == ["self", "worker_handler", "instruction_id", "frequency", "callback"], (
        "pipeline/local/runner.py replaces fn_runner.ProgressRequester to show progress, since Beam hands its workers' "
        f"answers to nobody; this version's takes {known}"
    )
    source = inspect.getsource(fn_runner)
    assert "ProgressRequester(" in source, "fn_runner makes no ProgressRequester any more: progress would stand still"


def test_what_the_local_runner_s_server_sends_on_by_time() -> None:
    assert "BeamFnDataServicer(\n        DATA_BUFFER_TIME_LIMIT_MS)" in inspect.getsource(worker_handlers.GrpcServer), (
        "pipeline/local/runner.py sets worker_handlers.DATA_BUFFER_TIME_LIMIT_MS so that Beam's server sends data on "
        "between elements only; this version's server doesn't ask it"
    )
