"""The flags of `newsbeam submit` and `newsbeam preflight`, and what a project, a region and a bucket make of them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
    WorkerOptions,
)

import pipeline
from pipeline.cloud.machines import DISK_GB, MACHINE_TYPE, MAX_WORKERS, Fleet, processors
from pipeline.config import read_config
from pipeline.flags import add_flags
from pipeline.options import NewsbeamOptions, UsageError, parse_flags
from pipeline.usage import examples_and_statuses
from transforms.read.files import is_remote, split_input

RUNNER = "DataflowRunner"
DUMPS, TABLES = "dumps", "tables"
TEMP, STAGING = "newsbeam/temp", "newsbeam/staging"


@dataclass
class Submission:
    """A job as it is to be sent: its options, whether it is followed, whether the number of workers was named."""

    options: NewsbeamOptions
    wait: bool = False
    workers_named: bool = False

    @property
    def cloud(self) -> GoogleCloudOptions:
        """The options that name project, region and places."""
        return self.options.view_as(GoogleCloudOptions)

    @property
    def image(self) -> str | None:
        """The workers' image; None where they install the package."""
        image: str | None = self.options.view_as(WorkerOptions).sdk_container_image
        return image

    @property
    def fleet(self) -> Fleet:
        """The workers that may be started."""
        worker = self.options.view_as(WorkerOptions)
        public = worker.use_public_ips is not False
        return Fleet(worker.max_num_workers, worker.machine_type, worker.disk_size_gb, public)


def cloud_parser(command: str, description: str, examples: Mapping[str, str]) -> argparse.ArgumentParser:
    """The parser behind `newsbeam COMMAND --help`; `examples`: command → what it does."""
    parser = argparse.ArgumentParser(
        prog=f"newsbeam {command}",
        description=description,
        epilog="Every flag of Apache Beam works too: --subnetwork, --service_account_email, --num_workers, …\n\n"
        + examples_and_statuses(command, examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    where = parser.add_argument_group("where")
    where.add_argument("--project", metavar="ID", help="The Google Cloud project that runs and pays.")
    where.add_argument("--region", metavar="REGION", help="Where the workers run: europe-west4, us-central1, …")
    where.add_argument(
        "--bucket",
        metavar="NAME",
        help=f"The bucket for what isn't named: --input gs://NAME/{DUMPS}, --output gs://NAME/{TABLES}, "
        f"--temp_location gs://NAME/{TEMP}, --staging_location gs://NAME/{STAGING}.",
    )
    how = parser.add_argument_group("how")
    if command == "submit":
        how.add_argument("--wait", action="store_true", help="Follow the job to its end and show the summary.")
    how.add_argument(
        "--max_num_workers",
        type=int,
        metavar="N",
        help=f"Machines at most. Default: what the quota holds, {MAX_WORKERS} at most.",
    )
    how.add_argument("--machine_type", metavar="TYPE", help=f"Default: {MACHINE_TYPE}.")
    how.add_argument(
        "--sdk_container_image",
        metavar="IMAGE",
        help="The workers' image, made from deploy/Dockerfile. Default: none; workers install the package and its "
        "model when they start.",
    )
    add_flags(parser)
    return parser


def parse_submission(argv: Sequence[str], parser: argparse.ArgumentParser) -> Submission:
    """The job that a command line describes.

    Raises:
        UsageError: a flag is missing, unknown or makes no sense.
    """
    argv, config = read_config(argv)
    known, _ = parser.parse_known_args(argv)
    own = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    own.add_argument("--bucket")
    own.add_argument("--wait", action="store_true")
    _, rest = own.parse_known_args(argv)
    given = PipelineOptions([*config, *rest])
    cloud, worker = given.view_as(GoogleCloudOptions), given.view_as(WorkerOptions)
    for name in ("project", "region"):
        if not getattr(cloud, name):
            raise UsageError(f"--{name} is missing: see newsbeam submit --help")
    runner = given.view_as(StandardOptions).runner
    if runner not in (None, RUNNER):
        raise UsageError(f"--runner {runner}: submit sends jobs to Dataflow; newsbeam run takes any runner")
    flags = [*rest, *_places(given, known.bucket), *_workers(given), *_package(given)]
    if runner is None:
        flags += ["--runner", RUNNER]
    if not cloud.job_name:
        flags += ["--job_name", f"newsbeam-{datetime.now(tz=UTC):%Y%m%d-%H%M%S}"]
    flags += ["--labels", f"newsbeam={_label(metadata.version('newsbeam'))}"]
    submission = Submission(
        parse_flags(flags, config), getattr(known, "wait", False), worker.max_num_workers is not None
    )
    _validate(submission)
    return submission


def _places(given: PipelineOptions, bucket: str | None) -> list[str]:
    """Flags for the places that weren't named, all in the bucket."""
    ours, cloud = given.view_as(NewsbeamOptions), given.view_as(GoogleCloudOptions)
    wanted = {
        "--input": (ours.input, DUMPS),
        "--output": (ours.output, TABLES),
        "--temp_location": (cloud.temp_location, TEMP),
        "--staging_location": (cloud.staging_location, STAGING),
    }
    missing = {flag: folder for flag, (value, folder) in wanted.items() if not value}
    if not missing:
        return []
    if not bucket:
        raise UsageError(f"--bucket is missing: name one, or {', '.join(missing)}")
    name = bucket.removeprefix("gs://").strip("/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]", name):
        raise UsageError(f"--bucket {bucket}: a bucket's name, like my-news, not a path")
    return [part for flag, folder in missing.items() for part in (flag, f"gs://{name}/{folder}")]


def _workers(given: PipelineOptions) -> list[str]:
    """Flags for machines that suit the work."""
    worker, flags = given.view_as(WorkerOptions), []
    for name, default in (("machine_type", MACHINE_TYPE), ("max_num_workers", MAX_WORKERS), ("disk_size_gb", DISK_GB)):
        if getattr(worker, name) is None:
            flags += [f"--{name}", str(default)]
    # Every thread would have a model of its own, and wait for the others.
    if given.get_all_options().get("number_of_worker_harness_threads") is None:
        flags += ["--number_of_worker_harness_threads", "1"]
    return flags


def _package(given: PipelineOptions) -> list[str]:
    """Flags for how workers come by the package."""
    setup = given.view_as(SetupOptions)
    if given.view_as(WorkerOptions).sdk_container_image:
        return [] if setup.sdk_location not in (None, "default") else ["--sdk_location", "container"]
    if setup.setup_file or setup.extra_packages:
        return []
    source = setup_file()
    if source is None:
        raise UsageError(
            "--sdk_container_image is missing: newsbeam was installed without its sources, so there is nothing to send "
            "to workers; name an image made from deploy/Dockerfile, or --setup_file"
        )
    return ["--setup_file", str(source)]


def setup_file() -> Path | None:
    """The `setup.py` that this package is run from; None where it was installed without one."""
    found = Path(str(pipeline.__file__)).resolve().parent.parent / "setup.py"
    return found if found.is_file() else None


def _label(value: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", value.lower())[:63]


def _validate(submission: Submission) -> None:
    options, fleet = submission.options, submission.fleet
    for value in options.input:
        for pattern in split_input(value):
            if not pattern.startswith("gs://"):
                raise UsageError(
                    f"--input {pattern} isn't on Cloud Storage, where workers could read it; "
                    f"copy it: gcloud storage cp -r {pattern} gs://BUCKET/{DUMPS}"
                )
    cloud = submission.cloud
    for name, value in (
        ("output", options.output),
        ("temp_location", cloud.temp_location),
        ("staging_location", cloud.staging_location),
    ):
        if not (is_remote(value) and value.startswith("gs://")):
            raise UsageError(f"--{name} must be a gs:// directory, not {value}")
    if options.workers is not None:
        raise UsageError("--workers is for this machine: name --max_num_workers, machines of Dataflow")
    if fleet.workers < 1:
        raise UsageError(f"--max_num_workers must be 1 or more, not {fleet.workers}")
    if processors(fleet.machine_type) is None:
        raise UsageError(f"--machine_type {fleet.machine_type} is no name of a machine type, like {MACHINE_TYPE}")
