"""The command `newsbeam preflight`: everything that would stop a job on Dataflow, found before it costs money.

All is looked at, whatever is found, so that all problems are listed at once, each with what to do. A bucket is written
to and cleared again; nothing else is changed, and no machine is started.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from apache_beam.io.gcp.gcsio import create_storage_client
from apache_beam.options.pipeline_options import SetupOptions, WorkerOptions
from rich.console import Console
from rich.text import Text

from pipeline import checks
from pipeline.cloud.buckets import bucket_of, check_bucket
from pipeline.cloud.findings import FINE, NOTE, Finding, fine, note, problem
from pipeline.cloud.flags import Submission, cloud_parser, parse_submission
from pipeline.cloud.machines import affordable, demand
from pipeline.cloud.package import PackageError, build_sdist, distribution_of, missing_files, requirements
from pipeline.cloud.services import ServiceError, Services, connect
from pipeline.options import NewsbeamOptions, UsageError, language_models
from pipeline.usage import DONE, USAGE, print_json
from transforms.read.files import split_input
from transforms.runtime.storage import is_path
from transforms.sentiment.engines import LIBRARIES

DESCRIPTION = (
    "Look whether the job could run on Dataflow: credentials, APIs, buckets, input, output, package or\n"
    "image, models, quota. All problems are listed, each with what to do. Exit status 2 if there are any."
)
EXAMPLES = {
    "newsbeam preflight --project my-project --region europe-west4 --bucket my-news": "what submit would look at first",
}
MARKS = {FINE: ("✓", "green"), NOTE: ("·", "yellow")}
VERSION_LABEL, MODELS_LABEL = "newsbeam.version", "newsbeam.models"


def preflight_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam preflight --help`."""
    return cloud_parser("preflight", DESCRIPTION, EXAMPLES)


def preflight(argv: Sequence[str]) -> int:
    """Look at all that a command line's job needs. Returns the exit status: 0, or 2 where there are problems.

    Raises:
        UsageError: the command line itself is wrong.
    """
    parser = preflight_parser()
    if {"-h", "--help"} & set(argv):
        parser.parse_args(["--help"])
    submission = parse_submission(argv, parser)
    findings = look(submission)
    if submission.options.json:
        print_json({"findings": [finding._asdict() for finding in findings]})
    else:
        show_findings(findings, Console(), problems_only=submission.options.quiet)
    return USAGE if any(finding.is_problem for finding in findings) else DONE


def show_findings(findings: Sequence[Finding], console: Console, *, problems_only: bool = False) -> None:
    """Print findings, a line each, and under a problem what to do."""
    for finding in findings:
        if problems_only and not finding.is_problem:
            continue
        mark, style = MARKS.get(finding.level, ("✗", "red"))
        console.print(Text(f"{mark} ", style=style) + Text(finding.what), soft_wrap=True)
        if finding.todo:
            console.print(Text(f"    {finding.todo}"), soft_wrap=True)


def look(submission: Submission) -> list[Finding]:
    """Look at everything. Where nobody named a number of workers, it is brought down to what the quota holds."""
    services = connect(submission.options)
    if services is None:
        found = [problem("no credentials of Google Cloud were found", "gcloud auth application-default login")]
        return found + list(_own(submission, None))
    steps: tuple[Callable[[Submission, Services], Iterator[Finding]], ...] = (_dataflow, _quota, _buckets, _own)
    return [finding for step in steps for finding in step(submission, services)]


def _dataflow(submission: Submission, services: Services) -> Iterator[Finding]:
    """Whether Dataflow answers for the project and region."""
    project, region = submission.cloud.project, submission.cloud.region
    try:
        services.list_jobs(project, region)
    except ServiceError as error:
        yield _service_problem(error, "dataflow", "roles/dataflow.developer", submission)
    else:
        yield fine(f"Dataflow answers for {project} in {region}")


def _quota(submission: Submission, services: Services) -> Iterator[Finding]:
    """Whether the region's quota holds the workers."""
    fleet = submission.fleet
    try:
        free = services.free_quota(submission.cloud.project, submission.cloud.region)
    except ServiceError as error:
        yield _service_problem(error, "compute", "roles/compute.viewer", submission)
        return
    fitting = affordable(fleet, free)
    if fitting < fleet.workers and not submission.workers_named and fitting:
        submission.options.view_as(WorkerOptions).max_num_workers = fitting
        yield note(f"{fitting} × {fleet.machine_type} at most, all that the quota of {submission.cloud.region} holds")
        return
    short = [f"{name}: {need:g} asked for, {free[name]:g} free" for name, need in demand(fleet).items()
             if free.get(name, need) < need]  # fmt: skip
    if not short:
        yield fine(f"the quota holds {fleet.workers} × {fleet.machine_type}")
        return
    page = f"https://console.cloud.google.com/iam-admin/quotas?project={submission.cloud.project}"
    todo = f"--max_num_workers {fitting}, or ask for more: {page}" if fitting else f"ask for more: {page}"
    yield problem(f"the quota of {submission.cloud.region} is too small: {'; '.join(short)}", todo)


def _service_problem(error: ServiceError, api: str, role: str, submission: Submission) -> Finding:
    project, region = submission.cloud.project, submission.cloud.region
    name = f"{api}.googleapis.com"
    if error.off:
        return problem(f"{name} is off in {project}", f"gcloud services enable {name} --project {project}")
    if error.status == 404:
        return problem(f"{name} knows no {region} in {project}: {error}", "check --project and --region")
    if error.status in (401, 403):
        grant = f"gcloud projects add-iam-policy-binding {project} --member user:YOU --role {role}"
        return problem(f"{name} refuses: {error}", f"an owner grants it: {grant}")
    return problem(f"{name} doesn't answer: {error}", "try again; check the network")


def _buckets(submission: Submission, _: Services) -> Iterator[Finding]:
    """All buckets of the job, each once."""
    options, cloud = submission.options, submission.cloud
    written = {bucket_of(path) for path in (options.output, cloud.temp_location, cloud.staging_location)}
    read = {bucket_of(pattern) for value in options.input for pattern in split_input(value)}
    client = create_storage_client(options)
    for name in sorted(written | read):
        yield from check_bucket(client, name, region=cloud.region, write=name in written)


def _own(submission: Submission, services: Services | None) -> Iterator[Finding]:
    """Input and output, as `newsbeam run` looks at them, and how workers come by the package and its models."""
    options = submission.options
    if services is not None:
        try:
            _, size = checks.check_input(options)
            yield fine(f"--input holds {(size or 0) / 1e6:,.1f} MB")
        except UsageError as error:
            place = options.input[0].split(",")[0]
            yield problem(str(error), f"copy dumps there: gcloud storage cp -r DUMPS {place.rstrip('*')}")
        try:
            yield fine(f"--output {checks.check_output(options)} is free")
        except UsageError as error:
            yield problem(str(error), "name another --output, or add --overwrite")
    yield from _installed_here(checks.check_models, options)
    yield from _installed_here(checks.check_sentiment, options)
    if submission.image is None:
        yield from check_package(submission)
    elif services is not None:
        yield from _check_image(submission, services)


def _installed_here(look_at: Callable[[NewsbeamOptions], object], options: NewsbeamOptions) -> Iterator[Finding]:
    try:
        look_at(options)
    except UsageError as error:
        yield problem(str(error), "install it here too: the run's manifest tells its digest")


def check_package(submission: Submission) -> Iterator[Finding]:
    """Whether the source distribution is complete and brings the models."""
    setup_file = submission.options.view_as(SetupOptions).setup_file
    if setup_file is None:
        yield note("packages named by --extra_package aren't looked into")
        return
    source = Path(setup_file).resolve()
    try:
        with tempfile.TemporaryDirectory() as folder:
            sdist = build_sdist(source, Path(folder))
            missing, required = missing_files(sdist, source.parent), requirements(sdist)
    except PackageError as error:
        yield problem(str(error), "make setup, or name a --sdk_container_image")
        return
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        yield problem(f"the package lacks {', '.join(missing[:3])}{more}", "add it to package_data in setup.py")
    models = language_models(submission.options).values()
    absent = [name for name in models if not is_path(name) and distribution_of(name) not in required]
    yield from _local_models(models)
    absent += [name for name in LIBRARIES.get(submission.options.sentiment, ()) if name.lower() not in required]
    for name in absent:
        todo = "add it to REQUIRES in setup.py, or build it into an image: docs/cloud.md"
        yield problem(f"workers would not find {name}: the package doesn't install it", todo)
    if not missing and not absent:
        yield fine("the package is complete, and installs the models")


def _local_models(names: Iterable[str]) -> Iterator[Finding]:
    """Models in directories of this machine, which no worker sees."""
    for name in names:
        if is_path(name) and "://" not in name:
            yield problem(f"workers can't read the model {name}", "copy it to Cloud Storage and name it gs://…")


def _check_image(submission: Submission, services: Services) -> Iterator[Finding]:
    """Whether the image exists, is of this version, and holds the models."""
    from importlib import metadata  # noqa: PLC0415

    image = str(submission.image)
    host = image.partition("/")[0]
    if not (host.endswith("pkg.dev") or host.endswith("gcr.io")):
        yield note(f"{image} is not in Google's registry, so it can't be looked into")
        return
    try:
        labels = services.image_labels(image)
    except ServiceError as error:
        yield problem(f"{image} can't be found: {error}", "build and push it: docs/cloud.md")
        return
    ours, version = metadata.version("newsbeam"), labels.get(VERSION_LABEL)
    if version is None:
        yield note(f"{image} doesn't tell what is in it; one made from deploy/Dockerfile does")
        return
    if version != ours:
        yield problem(f"{image} holds newsbeam {version}, this is {ours}", "build and push it anew: docs/cloud.md")
    models = set(labels.get(MODELS_LABEL, "").split(","))
    named = language_models(submission.options).values()
    absent = [name for name in named if not is_path(name) and name not in models]
    yield from _local_models(named)
    for name in absent:
        yield problem(f"{image} doesn't hold the model {name}", "build it in: docs/cloud.md, “Other models”")
    if version == ours and not absent:
        yield fine(f"{image} holds newsbeam {version} and the models")
