"""What workers without an image install: the package's source distribution, built and looked into."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

PACKAGES = ("pipeline", "transforms", "schemas")
SECONDS = 120


class PackageError(Exception):
    """The distribution can't be built, or lacks something; the message is one line."""


def build_sdist(setup_file: Path, folder: Path) -> Path:
    """Build the source distribution into `folder`, the way that Beam does when it stages it.

    Raises:
        PackageError: it can't be built.
    """
    command = [sys.executable, setup_file.name, "-q", "sdist", "--dist-dir", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603, our own setup.py
            command, cwd=setup_file.parent, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PackageError(f"{setup_file} can't be run: {error}") from error
    built = sorted(folder.glob("*.tar.gz"))
    if done.returncode or not built:
        last = (done.stderr.strip().splitlines() or ["no file came of it"])[-1]
        raise PackageError(f"{setup_file} builds no source distribution: {last}")
    return built[0]


def missing_files(sdist: Path, source: Path) -> list[str]:
    """Files of the packages below `source` that the distribution lacks: modules and the data beside them.

    What was compiled here is none of them: workers compile it for themselves, or do without.
    """
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        path.relative_to(source).as_posix()
        for package in PACKAGES
        for path in (source / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.endswith(tuple(EXTENSION_SUFFIXES))
    }
    return sorted(wanted - held)


def requirements(sdist: Path) -> set[str]:
    """The names of what the distribution installs with it, extras aside, in normal form.

    Raises:
        PackageError: it doesn't tell.
    """
    with tarfile.open(sdist) as archive:
        for member in archive:
            if member.name.endswith(".egg-info/requires.txt"):
                lines = archive.extractfile(member).read().decode().splitlines()  # type: ignore[union-attr]
                plain = lines[: next((n for n, line in enumerate(lines) if line.startswith("[")), len(lines))]
                return {_normal(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in plain if line.strip()}
    raise PackageError(f"{sdist.name} doesn't tell what it requires")


def distribution_of(module: str) -> str | None:
    """The name of the installed distribution that a module is of, in normal form."""
    found = metadata.packages_distributions().get(module)
    return _normal(found[0]) if found else None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
