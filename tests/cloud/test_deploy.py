"""The image and the template: in step with the code, and each step of the image's making carried out."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata as installed
from pathlib import Path
from typing import Any

import pytest

from pipeline.cloud import template
from pipeline.cloud.preflight import MODELS_LABEL, VERSION_LABEL
from pipeline.flags import DEFAULT_MODELS
from tests.cloud.conftest import BUCKET, download, tables_of, upload
from tests.cloud.dataflow import run_staged
from tests.cloud.services import PROJECT, REGION, Cloud
from tests.conftest import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
PLACES = ("/opt/newsbeam", "/template")


def instructions() -> Iterator[tuple[str, str]]:
    """The Dockerfile's instructions: name and the rest of the line."""
    for line in DOCKERFILE.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


def versions(lock: Path) -> set[str]:
    return set(re.findall(r"^([\w.-]+==\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def build(root: Path) -> dict[str, str]:
    """Carry out the Dockerfile below `root` instead of `/`, without its bases. Returns its environment."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    folder = root

    def here(text: str) -> str:
        text = re.sub(r"\$(\w+)", lambda found: environment.get(found[1], ""), text)
        for place in PLACES:
            text = re.sub(rf"(?<![\w/]){place}\b", f"{root}{place}", text)
        return text

    # What the base has as `python3`.
    (root / "bin").mkdir(parents=True)
    (root / "bin" / "python3").symlink_to(sys.executable)
    environment["PATH"] = f"{root / 'bin'}:{environment['PATH']}"
    for name, rest in instructions():
        if name == "ENV":
            key, _, value = rest.partition("=")
            environment[key] = here(value)
        elif name == "WORKDIR":
            folder = Path(here(rest))
            folder.mkdir(parents=True)
        elif name == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            for source in sources:
                copy(ROOT / source, folder / target, into=target.endswith("/"))
        elif name == "RUN":
            command = here(rest).replace("-m pip install", "-m pip install --quiet")
            done = subprocess.run(
                command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"RUN {rest}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return environment


def copy(source: Path, target: Path, *, into: bool) -> None:
    if into:
        target.mkdir(exist_ok=True)
        target /= source.name
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def test_the_template_asks_for_what_the_flags_are() -> None:
    shipped = json.loads((ROOT / "deploy" / "metadata.json").read_text(encoding="utf-8"))
    assert shipped == template.metadata(), "make docs"
    names = [parameter["name"] for parameter in shipped["parameters"]]
    assert len(set(names)) == len(names)
    assert {"input", "output", "models", "dedupe", "sdk_container_image"} <= set(names)
    assert not {"workers", "verbose", "quiet", "json"} & set(names)
    required = [parameter["name"] for parameter in shipped["parameters"] if not parameter["isOptional"]]
    assert required == ["input", "output", "sdk_container_image"]


def test_the_launchers_switches() -> None:
    given = ["--overwrite=true", "--input=gs://b/x=1", "--dedupe", "none"]
    assert template.plain_flags(given) == ["--overwrite", *given[1:]]
    assert template.plain_flags(["--overwrite=false", "--region=r"]) == ["--region=r"]


def test_the_image_is_in_step_with_the_package() -> None:
    labels = dict(rest.replace('"', "").split("=") for name, rest in instructions() if name == "LABEL")
    assert labels[VERSION_LABEL] == installed.version("newsbeam")
    assert set(labels[MODELS_LABEL].split(",")) == {pair.partition("=")[2] for pair in DEFAULT_MODELS.split(",")}
    beam = installed.version("apache-beam")
    assert f"ARG BEAM=apache/beam_python3.11_sdk:{beam}\n" in DOCKERFILE
    ours, theirs = versions(ROOT / "requirements.lock"), versions(ROOT / "deploy" / "requirements.lock")
    assert f"apache-beam=={beam}" in theirs
    assert theirs <= ours, theirs - ours
    assert "--require-hashes" in DOCKERFILE
    (user,) = [rest for name, rest in instructions() if name == "USER"]
    assert user.partition(":")[0] not in ("0", "root")
    assert list(instructions())[-1] == ("ENTRYPOINT", '["/opt/apache/beam/boot"]')


@pytest.mark.cloud
def test_the_image_can_be_made_launches_and_works(
    cloud: Cloud, storage: Any, dump: Path, local_tables: dict[str, list[str]], tmp_path: Path
) -> None:
    environment = build(tmp_path / "image")
    python = tmp_path / "image" / "opt" / "newsbeam" / "bin" / "python"
    (packages,) = (tmp_path / "image" / "opt" / "newsbeam" / "lib").glob("python3*/site-packages")
    assert (packages / "apache_beam").is_dir()
    assert not [name for name in ("duckdb", "pycountry/locales") if (packages / name).exists()]
    script = environment["FLEX_TEMPLATE_PYTHON_PY_FILE"]
    assert Path(script).is_file()
    source = upload(storage, dump)
    # As the template's launcher calls it.
    parameters = {
        "runner": "DataflowRunner",
        "project": PROJECT,
        "region": REGION,
        "job_name": "news",
        "temp_location": f"gs://{BUCKET}/temp",
        "staging_location": f"gs://{BUCKET}/staging",
        "template_location": f"gs://{BUCKET}/staging/template_launches/job_object",
        "input": source,
        "output": f"gs://{BUCKET}/tables",
        "overwrite": "false",
        "sdk_container_image": "example/newsbeam:1",
        "dataflow_endpoint": cloud.address,
    }
    flags = [f"--{name}={value}" for name, value in parameters.items()]
    emptied = {**environment, "STORAGE_EMULATOR_HOST": os.environ["STORAGE_EMULATOR_HOST"]}
    launch = [str(python), script, *flags]
    done = subprocess.run(launch, cwd="/", env=emptied, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{shlex.join(flags)}\n{done.stderr}"
    job = json.loads(storage.blob("staging/template_launches/job_object").download_as_bytes())
    # One for all steps, and one for the step that asks for more memory.
    images = job["environment"]["workerPools"][0]["sdkHarnessContainerImages"]
    assert [image["containerImage"] for image in images] == ["example/newsbeam:1"] * 2
    run_staged(job, storage, python, tmp_path / "work")
    assert tables_of(download(storage, "tables", tmp_path / "out"), source) == local_tables
