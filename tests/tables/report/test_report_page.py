"""The page of a run, in headless Chromium: drawn, readable on a phone, and deaf to what articles would have it do."""

from __future__ import annotations

import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.tables.report.evidence import SENTENCE_CHARS, mark
from pipeline.tables.report.page import embed, page_script, render
from tests.browser import MISSING, Browser
from tests.made_run import World, make_run

needs_browser = pytest.mark.skipif(bool(MISSING), reason=MISSING)
SECTIONS = [
    "named",
    "tone",
    "search",
    "time",
    "outlets",
    "voices",
    "together",
    "places",
    "reading",
    "copies",
    "ledger",
    "rejects",
    "run",
]
CHARTLESS = {"search", "reading", "rejects", "run"}


@needs_browser
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (375, "dark")])
def test_everything_is_drawn_and_nothing_overflows(browser: Browser, page: Path, width: int, scheme: str) -> None:
    browser.resize(width, mobile=width < 500)
    browser.scheme(scheme)
    browser.messages()
    browser.requests()
    browser.open(page)
    assert browser.run("return document.documentElement.dataset.ready") == "yes"
    # Every section is there, every chart has shapes and a name for those who can't see it.
    assert browser.run("return [...document.querySelectorAll('section:not([hidden])')].map((s) => s.id)") == SECTIONS
    charts = browser.run(
        "return [...document.querySelectorAll('.chart')].map((chart) => {"
        "const svg = chart.querySelector('svg[role=img]'); return [chart.closest('section').id,"
        "svg ? svg.querySelectorAll('path,rect,circle,line').length : 0, svg ? svg.getAttribute('aria-label') : '',"
        "svg ? svg.getBoundingClientRect().width : 0] })"
    )
    assert {section for section, *_ in charts} == set(SECTIONS) - CHARTLESS
    for section, shapes, label, drawn in charts:
        assert shapes >= 2, section
        assert len(label) > 20, section
        assert 100 < drawn <= width, section
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert (
        browser.run(
            "return [...document.querySelectorAll('main > section > *, .chart, figure, td')].filter((element) =>"
            "!element.closest('.scroll') && element.getBoundingClientRect().right > innerWidth + 1).length"
        )
        == 0
    )
    assert browser.messages() == []
    assert [url for url in browser.requests() if not url.startswith("file:")] == []


@needs_browser
def test_a_name_is_found_and_opens_to_its_sentences(browser: Browser, page: Path) -> None:
    browser.resize(1200)
    browser.open(page)
    browser.run(
        "const q = document.getElementById('query'); q.value = 'JANSEN femke'; q.dispatchEvent(new Event('input'))"
    )
    assert browser.run("return [...document.querySelectorAll('.entity .name')].map((n) => n.textContent)") == [
        "Femke Jansen"
    ]
    assert "1 name found" in browser.run("return document.getElementById('found').textContent")
    # By keyboard alone.
    browser.run("document.querySelector('.entity summary').focus()")
    browser.driver.switch_to.active_element.send_keys("\ue007")
    browser.settle()
    marked = browser.run("return [...document.querySelectorAll('.entity blockquote mark')].map((m) => m.textContent)")
    assert len(marked) >= 5
    assert all("Jansen" in text or "Femke" in text for text in marked)
    assert browser.run("return document.querySelector('.entity blockquote footer').textContent").startswith(("+", "−"))
    # The figures of a chart, as a table.
    browser.run("document.querySelector('#named details.data').open = true")
    browser.settle()
    assert browser.run("return document.querySelector('#named td').textContent") == "Femke Jansen"


@needs_browser
def test_text_has_contrast(browser: Browser, page: Path) -> None:
    """WCAG's 4.5 : 1 for every colour that text is written in, on the page's own grounds, in light and dark."""
    script = """
    const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    const light = (rgb) => {
      const [r, g, b] = rgb.match(/[\\d.]+/g).map(Number);
      return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    };
    const probe = document.body.appendChild(document.createElement('i'));
    const colour = (name) => { probe.style.color = `var(--${name})`; return light(getComputedStyle(probe).color); };
    const worst = {};
    for (const text of ['ink', 'muted', 'link', 'negative', 'positive', 'neutral', 'accent'])
      for (const ground of ['paper', 'card', 'soft']) {
        const [a, b] = [colour(text), colour(ground)].sort((x, y) => y - x);
        worst[text + ' on ' + ground] = (a + 0.05) / (b + 0.05);
      }
    return worst;
    """
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        browser.open(page)
        poor = {pair: ratio for pair, ratio in browser.run(script).items() if ratio < 4.5}
        assert poor == {}, scheme


@needs_browser
@pytest.mark.parametrize("width", [1200, 375])
def test_hostile_names_are_only_text(browser: Browser, hostile_page: Path, width: int) -> None:
    browser.resize(width, mobile=width < 500)
    browser.messages()
    browser.requests()
    browser.open(hostile_page)
    browser.run("for (const e of document.querySelectorAll('details')) e.open = true")
    browser.settle()
    browser.run("for (const e of document.querySelectorAll('*')) e.dispatchEvent(new Event('mouseover'))")
    assert browser.run("return document.documentElement.dataset.ready") == "yes"
    assert browser.run("return window.hacked ?? null") is None
    assert browser.run("return document.querySelectorAll('script').length") == 3
    assert (
        browser.run("return document.querySelectorAll('main img, main svg[onload], [onmouseover], [onerror]').length")
        == 0
    )
    assert (
        browser.run(
            "return [...document.querySelectorAll('a[href]')].filter((a) => a.href.baseVal === undefined ?"
            "!/^(https?:|file:)/.test(a.href) : !a.href.baseVal.startsWith('#')).length"
        )
        == 0
    )
    # No character is left that would turn the text behind it around.
    assert browser.run("return /[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)") is False
    assert "<img src=x onerror=window.hacked=2>" in browser.run("return document.body.innerText")
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.messages() == []
    assert [url for url in browser.requests() if not url.startswith("file:")] == []


@needs_browser
def test_the_policy_refuses_what_would_get_in(browser: Browser, hostile_page: Path, tmp_path: Path) -> None:
    """Were something to slip through, the page's policy would stop it: proved by letting it in."""
    content = hostile_page.read_text(encoding="utf-8")
    evil = tmp_path / "evil.html"
    evil.write_text(
        content.replace("</main>", '<img src="http://127.0.0.1:9/x.png"><script>window.hacked=8</script></main>'),
        encoding="utf-8",
    )
    browser.open(evil)
    assert browser.run("return window.hacked ?? null") is None
    refused = " ".join(browser.messages())
    assert "script-src" in refused
    assert "img-src" in refused


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_by_itself(hostile_page: Path) -> None:
    """Without a browser: three scripts, no address that is fetched, no handler, no element out of an article."""
    parser = _Elements()
    parser.feed(hostile_page.read_text(encoding="utf-8"))
    tags = [tag for tag, _ in parser.found]
    assert tags.count("script") == 3
    assert not {"img", "iframe", "link", "object", "embed", "form", "b"} & set(tags)
    for tag, attributes in parser.found:
        assert not any(name.startswith("on") or name == "src" for name in attributes), tag
        assert (attributes.get("href") or "#").startswith("#")


def test_json_in_a_page_can_end_nothing() -> None:
    data = {"a": ["</script>", "<!--", "&amp;", "\u2028", "\ud800"]}
    written = embed(data)
    assert not re.search(r"[<>&\u2028\u2029]", written)
    assert json.loads(written)["a"][:4] == data["a"][:4]
    assert "</script" not in page_script()


def test_sentences_are_cut_around_their_mark() -> None:
    assert mark("Ada met  Bob.", [(0, 3)]) == ["", "Ada", " met Bob."]
    pieces = mark("x " * 400 + "Ada" + " y" * 400, [(800, 803)])
    assert pieces[1] == "Ada"
    assert pieces[0][0] == pieces[2][-1] == "…"
    assert len("".join(pieces)) <= SENTENCE_CHARS + 2
    assert mark("", []) == [""]
    assert mark("Ada", [(-5, 2), (1, 99)]) == ["", "Ad", "a"]


def test_a_run_without_anything_has_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    make_run(run, 0, World(random.Random(1), (), ()))
    assert cli.main(["report", str(run)]) == 0
    assert (run / "report.html").stat().st_size < 1 << 20
    capsys.readouterr()
    assert cli.main(["report", str(run), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["overview"]["articles"] == 0
    assert cli.main(["report", str(run), "--html", str(tmp_path / "no" / "where.html")]) == 2


def test_the_title_is_escaped() -> None:
    assert "<b>" not in render({}, "<b>bold").split("<style>")[0]
