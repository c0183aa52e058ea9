"""A pool that starts Python's workers on request: `python -m tests.engines.pool ADDRESS`.

Beam's own (`apache_beam.runners.worker.worker_pool_main`) listens on all addresses of a machine. But two TaskManagers
can't share a pool: both call their first worker 1-1, and what one of them ends is the other's. So on one machine each
needs a pool on an address of its own.
"""

from __future__ import annotations

import contextlib
import signal
import sys

import grpc
import psutil
from apache_beam.portability.api import beam_fn_api_pb2_grpc
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer
from apache_beam.utils.thread_pool_executor import shared_unbounded_instance


def main(address: str) -> None:
    """Serve until interrupted or asked to end; the workers end with it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    pool = BeamFnExternalWorkerPoolServicer(use_process=True, data_buffer_time_limit_ms=-1)
    server = grpc.server(shared_unbounded_instance())
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    if not server.add_insecure_port(address):
        raise SystemExit(f"{address} can't be listened on")
    server.start()
    try:
        server.wait_for_termination()
    finally:
        for worker in psutil.Process().children():
            worker.kill()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(sys.argv[1])
