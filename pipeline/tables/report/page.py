"""The page: data, styles and scripts in one HTML file that loads nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib import resources
from string import Template
from typing import Any

from pipeline.tables.report.cells import listed_outlets, make_cells, outlet_cells
from pipeline.tables.report.evidence import entities
from pipeline.tables.report.figures import Figures
from transforms.sentiment.aggregate import ENOUGH

# Parts of the script, in their order.
SCRIPT = (
    *("tools", "filter", "save", "figure", "names", "tone", "search", "voices", "time", "together", "places"),
    *("outlets", "run", "reading", "start"),
)


def collect(figures: Figures, title: str) -> dict[str, Any]:
    """All that a page shows of a run."""
    make_cells(figures)
    places = figures.places()
    return {
        "title": title,
        "overview": figures.overview(),
        "named": figures.most_named(),
        "usual": figures.usual(),
        "entities": entities(figures),
        "listed": listed_outlets(figures),
        "cells": outlet_cells(figures),
        "together": figures.together(),
        "places": places,
        "world": json.loads(_file("charts/world.json")) if places["countries"] or places["cities"] else None,
        "outlets": figures.outlets(),
        "neutral": figures.neutral,
        "enough": ENOUGH,
        "measured": json.loads(_file("measured.json")),
        "voices": figures.voices(),
        "languages": figures.languages(),
        "spread": figures.spread(),
        "flow": figures.flow(),
        "rejects": figures.rejects(),
        "speed": figures.speed(),
    }


def render(data: dict[str, Any], title: str) -> str:
    """The HTML of a page.

    What comes from articles stands in one block of JSON, in which nothing can end the block; the script puts it into
    text nodes. The policy in the head allows the two scripts by their digests and no request at all.
    """
    charts, script = _file("charts/charts.js"), page_script()
    return Template(_file("page.html")).substitute(
        title=html.escape(f"{title} · newsbeam"),
        heading=html.escape(title),
        css=_file("page.css"),
        data=embed(data),
        charts=charts,
        script=script,
        script_hashes=" ".join(f"'sha256-{_digest(content)}'" for content in (charts, script)),
    )


def page_script() -> str:
    """The page's own script: its parts, in a scope of their own."""
    return '(() => {\n"use strict";\n' + "\n".join(_file(f"script/{part}.js") for part in SCRIPT) + "})();\n"


def embed(data: Any) -> str:
    """JSON that can stand in a script element: without a character that HTML or JavaScript reads otherwise."""
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        content = content.replace(character, f"\\u{ord(character):04x}")
    return content.encode("utf-8", "replace").decode("utf-8")


def _digest(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
