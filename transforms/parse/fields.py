"""Which of a record's fields holds what: usual names (see `names`), overrides, and envelopes."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.parse.names import ABOUT, FIELDS, NAMES, PLAIN, PLAIN_PARTS, WRAPPERS, plain_name
from transforms.parse.values import as_body, as_text

# Envelopes within one another.
MAX_ENVELOPES = 4
# A summary in the place of a text is longer than this.
LEAST_PART = 200
# What an object says of a record in JSON that became text is read up to this length.
MAX_ABOUT = 100_000
# What JSON-LD calls an article.
ARTICLES = ("article", "posting", "report", "review")


def parse_mapping(value: str) -> dict[str, str]:
    """`text=story.body,published_at=when` → the field that each of ours is read from.

    Raises:
        ValueError: a pair without `=`, or a field that there isn't.
    """
    mapping = {}
    for pair in value.split(","):
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not equals or not theirs:
            raise ValueError(f"`{pair}` isn't FIELD=NAME")
        ours = "record_id" if ours == "id" else ours
        if ours not in NAMES:
            raise ValueError(f"there is no field `{ours}`; there are {', '.join(FIELDS)}")
        mapping[ours] = theirs
    return mapping


def candidates(record: Mapping[str, Any], field: str, mapping: Mapping[str, str]) -> Iterator[Any]:
    """The values of a record that may be meant by `field`, the likeliest first; none where no name fits."""
    if field in mapping:
        yield from _by_path(record, mapping[field])
        return
    for name in usual_names(record, field):
        yield record[name]


def usual_names(record: Mapping[str, Any], field: str) -> Iterator[str]:
    """The names under which a record has what may be meant by `field`, the likeliest first."""
    yield from _names_by_field(tuple(record))[field]


# The records of a dump have the same few sets of fields.
@functools.lru_cache(maxsize=256)
def _names_by_field(keys: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    plain: dict[str, list[str]] = {}
    for key in keys:
        plain.setdefault(plain_name(str(key)), []).append(key)
    return {field: tuple(key for name in names for key in plain.get(name, ())) for field, names in PLAIN.items()}


def chosen_names(record: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, str]:
    """Our fields with the names that they are read from in a record: the mapping's, else usual ones that hold text."""
    found = {field: mapping[field] for field in FIELDS if field in mapping}
    for field in FIELDS:
        if field in found:
            continue
        read = as_body if field == "text" else as_text
        names = [name for name in usual_names(record, field) if read(record[name])]
        if names:
            found[field] = (
                fullest([(name, as_body(record[name]) or "") for name in names])[0] if field == "text" else names[0]
            )
    return found


def long_parts(record: Mapping[str, Any]) -> list[str]:
    """The names of summaries that are as long as an article beside a shorter one: NewsCatcher's `summary`."""
    parts = [name for name in record if plain_name(str(name)) in PLAIN_PARTS and isinstance(record[name], str)]
    if len(parts) < 2:
        return []
    longest = max(parts, key=lambda name: len(record[name]))
    others = max(len(record[name]) for name in parts if name != longest)
    return [longest] if len(record[longest]) > max(2 * others, LEAST_PART) else []


def unread_names(record: Mapping[str, Any], mapping: Mapping[str, str]) -> list[str]:
    """The fields of a record that hold something and that nothing is read from."""
    read = {mapping[field].partition(".")[0] for field in mapping}
    for field in FIELDS:
        if field not in mapping:
            read.update(usual_names(record, field))
    return [str(name) for name, value in record.items() if name not in read and value not in (None, "", [], {})]


def fullest(bodies: list[tuple[str, str]]) -> tuple[str, str]:
    """Of the (name, text) of a record's bodies, the likeliest first: the first that isn't much shorter than another.

    A teaser under a good name gives way to the whole article under another.
    """
    most = max(len(text) for _, text in bodies)
    return next((name, text) for name, text in bodies if 3 * len(text) >= 2 * most)


def unwrap(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record with the fields of its envelopes.

    Those in an envelope around an article come before the record's own, those in an object about it behind them. Of
    JSON-LD's `@graph` the article is the record.
    """
    for _ in range(MAX_ENVELOPES):
        inner = _graph(record) or next((record[name] for name in WRAPPERS if _holds_fields(record.get(name))), None)
        if inner is None:
            break
        record = {**{name: value for name, value in record.items() if value is not inner and name != "@graph"}, **inner}
    for name in ABOUT:
        about = record.get(name)
        if isinstance(about, str) and about.lstrip().startswith("{") and len(about) <= MAX_ABOUT:
            about = _object(about)
        if isinstance(about, Mapping) and about:
            known = {plain_name(str(key)) for key, value in record.items() if value not in (None, "")}
            record = {**record, **{key: value for key, value in about.items() if plain_name(str(key)) not in known}}
    return record


def _holds_fields(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) > 0 and not _is_body(value)


def _is_body(value: Mapping[str, Any]) -> bool:
    """Whether an object is a body's own form, and no envelope: sections, blocks."""
    return len(value) < 3 and bool(value.keys() & {"rendered", "sections", "paragraphs", "blocks", "html"})


def _graph(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The article among the objects of JSON-LD's `@graph`, its author as an object where it is referred to."""
    graph = record.get("@graph")
    if not isinstance(graph, list):
        return None
    nodes = [node for node in graph if isinstance(node, Mapping)]
    articles = [node for node in nodes if str(node.get("@type", "")).lower().strip("[]'\"").endswith(ARTICLES)]
    found = max(articles or nodes, key=_size_of_body, default=None)
    if found is None:
        return None
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    return {name: _referred(value, by_id) for name, value in found.items()}


def _referred(value: Any, by_id: Mapping[str, Any]) -> Any:
    """A value with the objects that it refers to in their places."""
    if isinstance(value, list):
        return [_referred(each, by_id) for each in value]
    return by_id.get(value.get("@id", ""), value) if isinstance(value, Mapping) and "name" not in value else value


def _size_of_body(node: Mapping[str, Any]) -> int:
    body = node.get("articleBody") or node.get("text")
    return len(body) if isinstance(body, str) else 0


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def no_text_message(record: Mapping[str, Any], mapping: Mapping[str, str]) -> str:
    """Why a record has no text: which field failed, what fields there are, and which of them might be meant."""
    if "text" in mapping:
        found = list(_by_path(record, mapping["text"]))
        first = (
            f"`{mapping['text']}` holds {_kind_of(found[0])}, no text" if found else f"there is no `{mapping['text']}`"
        )
    else:
        named = [f"`{name}` holds {_kind_of(record[name])}" for name in usual_names(record, "text")]
        first = f"{', '.join(named)}, no text" if named else "no field is known for an article's text"
    parts = [name for name in record if plain_name(str(name)) in PLAIN_PARTS and isinstance(record[name], str)]
    hint = f"; if `{parts[0]}` is the text: --fields text={parts[0]}" if parts and "text" not in mapping else ""
    return f"{first}; fields are {', '.join(map(str, record))}{hint}"


def _kind_of(value: Any) -> str:
    """What a value of JSON is, in a word or two."""
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return f"an object of {', '.join(map(str, list(value)[:5]))}" if value else "an empty object"
    names = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), type(value).__name__)


def _by_path(record: Mapping[str, Any], path: str) -> Iterator[Any]:
    if path in record:
        yield record[path]
        return
    value: Any = record
    for key in path.split("."):
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            return
    yield value
