"""What is looked at before any work starts: the input, the output, the models. Every problem is one line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import GoogleCloudOptions, PortableOptions, S3Options, StandardOptions

from pipeline.access import check_access
from pipeline.options import CLUSTERS, NewsbeamOptions, UsageError, language_models
from schemas.files import InputFile
from schemas.tables import MANIFEST, WRITTEN
from transforms.entities.engine.pipelines import describe_model
from transforms.read.files import GLOB_CHARACTERS, expand_pattern, is_remote, native_path, split_input
from transforms.resume.working_directory import begin_work
from transforms.runtime.files import exists
from transforms.runtime.run_files import FILE_PREFIX
from transforms.runtime.storage import SCHEME, join
from transforms.sentiment.engines import ACCURATE, describe_engine, missing_libraries
from transforms.sentiment.files import ModelFileError


def check_input(options: NewsbeamOptions) -> tuple[list[str], int]:
    """The patterns of `--input`, and the bytes that they match.

    Raises:
        UsageError: one matches nothing or can't be read.
    """
    patterns = [pattern for value in options.input for pattern in split_input(value)]
    for pattern in patterns:
        _check_shared("input", pattern, options)
    check_access(patterns, anonymous=_is_anonymous(options))
    return patterns, sum(max(file.size, 0) for file in list_input(patterns))


def _check_shared(flag: str, path: str, options: NewsbeamOptions) -> None:
    """Stop a run whose workers, elsewhere and started in other folders, would look for a path in these.

    Raises:
        UsageError: that.
    """
    fixed = is_remote(path) or Path(native_path(path)).is_absolute()
    here = options.view_as(PortableOptions).environment_type == "LOOPBACK"
    if not fixed and not here and options.view_as(StandardOptions).runner in CLUSTERS:
        raise UsageError(
            f"--{flag} {path} is a relative path, which workers of a cluster would look for in folders of their own; "
            "name an absolute path that all of them share, or a bucket"
        )


def _is_anonymous(options: NewsbeamOptions) -> bool:
    """Whether none of this machine's credentials are wanted: the run goes without, or has some by flags."""
    return bool(options.view_as(GoogleCloudOptions).no_auth or options.view_as(S3Options).s3_access_key_id)


def list_input(patterns: Sequence[str]) -> Iterator[InputFile]:
    """The files that the patterns match.

    Raises:
        UsageError: one matches nothing or can't be read.
    """
    for pattern in patterns:
        if not is_remote(pattern) and _is_stream(pattern):
            raise UsageError(f"--input can be read only once: {pattern}; write it into a file, and name that")
        try:
            yield from expand_pattern(pattern)
        except FileNotFoundError as error:
            raise UsageError(f"--input matches nothing: {pattern}") from error
        except PermissionError as error:
            raise UsageError(f"--input can't be read: {error}; check its permissions") from error
        except (OSError, ValueError, ImportError) as error:
            raise UsageError(f"--input can't be listed: {pattern}: {_line(error)}") from error
        if not is_remote(pattern) and Path(pattern).is_file() and not os.access(pattern, os.R_OK):
            raise UsageError(f"--input can't be read: {pattern}; check its permissions")


def _is_stream(pattern: str) -> bool:
    """Whether a pattern is a pipe, a socket or a device, or stands for what a process has open."""
    path = Path(native_path(pattern))
    if not path.exists() or path.is_dir():
        return False
    # Workers are other processes, which have other files open.
    return not path.is_file() or str(path).startswith(("/dev/", "/proc/"))


def check_output(options: NewsbeamOptions) -> str:
    """The directory of `--output`, as an absolute path if it is local.

    Raises:
        UsageError: it holds a finished run, files of somebody else, or can't be written.
    """
    _check_shared("output", options.output, options)
    check_access([options.output], anonymous=_is_anonymous(options))
    output = options.output if is_remote(options.output) else str(Path(options.output).absolute())
    if is_remote(output) and not output.startswith(SCHEME) and GLOB_CHARACTERS.intersection(output):
        raise UsageError(f"--output can't have any of {' '.join(sorted(GLOB_CHARACTERS))} in it there: {output}")
    check_finished(options, output)
    if not is_remote(output):
        _check_local_output(Path(output))
    return output


def check_finished(options: NewsbeamOptions, output: str) -> None:
    """Stop a run that would replace a finished one and wasn't asked to. One that is started again may have made it.

    Raises:
        UsageError: that, or the output can't be reached.
    """
    try:
        finished = exists(join(output, MANIFEST))
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"--output can't be reached: {output}: {_line(error)}") from error
    if finished and not (options.overwrite or options.resume or options.restarted):
        raise UsageError(
            f"--output holds a finished run: {output}; "
            "add --resume to add to it, --overwrite to replace it, or name another"
        )


def _check_local_output(output: Path) -> None:
    if output.exists() and not output.is_dir():
        raise UsageError(f"--output is a file: {output}; name a directory")
    for table in WRITTEN:
        if (output / table).is_symlink():
            raise UsageError(f"--output has a link where a table would be: {output / table}; name another directory")
        for file in (output / table).rglob("*"):
            if file.is_file() and not file.name.startswith(FILE_PREFIX):
                raise UsageError(f"--output holds files that aren't newsbeam's: {file}; name another directory")
    existing = next(folder for folder in (output, *output.parents) if folder.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        raise UsageError(f"--output can't be written: {existing}; check its permissions")


def check_models(options: NewsbeamOptions) -> dict[str, dict[str, Any]]:
    """What `_run.json` says of the models: language → name, model, version and the digest of its files.

    Raises:
        UsageError: one isn't there, finds no names, or is the default's package with other weights.
    """
    found = {}
    for language, name in language_models(options).items():
        try:
            info = describe_model(name)
        except ValueError as error:
            raise UsageError(f"--models: {error}") from error
        found[language] = {"name": name, "model": info.model, "version": info.version, "sha256": info.sha256}
    return found


def check_sentiment(options: NewsbeamOptions) -> dict[str, Any]:
    """What `_run.json` says of the engine of `--sentiment`: its name, its model's version and digest.

    Raises:
        UsageError: its model is missing or damaged, or a library that it needs isn't installed.
    """
    engine, path = options.sentiment, options.sentiment_model
    if engine != ACCURATE and path:
        raise UsageError(f"--sentiment_model is for --sentiment {ACCURATE}; leave it out with --sentiment {engine}")
    if engine == ACCURATE and not path:
        raise UsageError(f"--sentiment {ACCURATE} needs --sentiment_model, the directory of its model, local or gs://")
    if missing := missing_libraries(engine):
        raise UsageError(
            f"--sentiment {engine} needs {' and '.join(missing)}: install the extra, pip install 'newsbeam[{engine}]'"
        )
    if path and not is_remote(path):
        path = str(Path(path).absolute())
    try:
        return describe_engine(engine, path)
    except ModelFileError as error:
        raise UsageError(f"--sentiment {engine}: {error}") from error


def make_work(work: str, run: Mapping[str, Any]) -> None:
    """Make the working directory and write into it, so that a missing permission shows before the work.

    Arguments as those of `begin_work`.

    Raises:
        UsageError: it can't be written.
    """
    try:
        begin_work(work, run)
    except Exception as error:
        raise UsageError(f"--output can't be written: {work}: {_line(error)}") from error


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
