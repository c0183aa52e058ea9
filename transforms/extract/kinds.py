"""Pages that are no articles: consent walls, errors served as pages, logins, checks for robots, front and tag pages.

Precision comes first, so a page must say what it is in its title or heading and have little text, or have an address
and a description of itself that no article has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from transforms.extract.linked_data import ARTICLE_TYPES

# Longer texts are articles, whatever their titles say: these are the most words that pages of each kind have.
MAX_CONSENT, MAX_ERROR, MAX_LOGIN = 400, 150, 120
CONSENT_TITLE_RE = re.compile(
    r"(?:we|your) (?:value |care about |respect )?(?:your )?privacy(?: choices| settings| matters)?"
    r"|before you continue(?: to .{1,40})?|(?:manage |your )?(?:cookie|privacy|consent)s?(?: consent)?"
    r" (?:settings|preferences|choices|consent|manager|notice)|cookie consent|manage consent|consent|accept cookies"
    r"|(?:this (?:web)?site|we) uses? cookies|wir (?:schätzen|respektieren) ihre privatsphäre|ihre privatsphäre.{0,40}"
    r"|wir verwenden cookies|datenschutzeinstellungen|cookie-einstellungen|nous respectons votre vie privée"
    r"|votre vie privée.{0,40}|gestion des cookies|valoramos (?:tu|su) privacidad|configuración de cookies"
    r"|rispettiamo la (?:tua|vostra) privacy|wij (?:waarderen|respecteren) (?:uw|je) privacy",
    re.IGNORECASE,
)
CONSENT_WORDS_RE = re.compile(
    r"\b(?:cookies?|consent|partners|personal data|personali[sz]ed ad\w*|legitimate interest|store and(?:/or)? access"
    r"|accept all|reject all|manage (?:choices|options|preferences)|personenbezogene|zustimm\w*|einwilligung"
    r"|données personnelles|partenaires|consentement|datos personales|consentimiento|privacy policy)\b",
    re.IGNORECASE,
)
LEAST_CONSENT_WORDS = 3
ERROR_TITLE_RE = re.compile(
    r"(?:(?:error|http|fehler|erreur) ?(?:code)?:? ?)?(?:40[0134]|410|429|50[0234])\b(?:[ :|–—-]+.{0,60})?"
    r"|(?:sorry[,.!]? |oops[,.!]* |we're sorry[,.!]? |whoops[,.!]* |uh[- ]oh[,.!]* )?"
    r"(?:(?:the|this|that|your) )?(?:requested )?(?:page|article|story|url|content|resource)"
    r"(?: you (?:requested|are looking for|were looking for))?"
    r"(?: (?:is|was|could|can|has|does|may))?(?: ?(?:not|no longer|n['’]t))?(?: been| be)?"
    r" (?:not found|not available|no longer (?:available|exists?)|available|found|exist|unavailable|missing|deleted"
    r"|removed|expired)[.!]?"
    r"|(?:page |file )?not found[.!]?|(?:something|oops)[,!]? .{0,20}went wrong[.!]?|(?:access|permission) denied[.!]?"
    r"|forbidden|service unavailable|(?:internal )?server error|bad gateway|gateway time-?out|too many requests"
    r"|(?:diese |die )?seite (?:wurde )?nicht gefunden|page (?:non |introuvable|inexistante).{0,20}"
    r"|página no encontrada|pagina non trovata|página não encontrada|pagina niet gevonden|sidan hittades inte"
    r"|страница не найдена|sayfa bulunamadı|nie znaleziono strony",
    re.IGNORECASE,
)
ROBOT_TITLE_RE = re.compile(
    r"just a moment[.…]*|attention required!?.{0,30}|are you (?:a )?(?:robot|human)\??"
    r"|(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human.{0,20}"
    r"|checking your browser.{0,40}|security check|captcha|pardon our interruption[.…]*"
    r"|request (?:blocked|rejected)|access to this page has been denied[.]?|robot or human\?"
    r"|one more step|ddos protection.{0,30}",
    re.IGNORECASE,
)
LOGIN_TITLE_RE = re.compile(
    r"(?:please )?(?:log|sign)[ -]?in(?: to (?:your account|continue|.{1,30}))?|login(?: page)?|sign up|register"
    r"|create (?:an|your|a free) account|(?:forgot|reset) (?:your )?password|anmelden|anmeldung|einloggen|connexion"
    r"|se connecter|iniciar sesión|accedi|inloggen|logga in|zaloguj się|войти",
    re.IGNORECASE,
)
LIST_TYPES = frozenset(("collectionpage", "searchresultspage", "profilepage", "aboutpage", "contactpage"))
LIST_PATH_RE = re.compile(
    r"^(?:/[a-z]{2}(?:-[a-z]{2})?)?/(?:tags?|topics?|categor(?:y|ies|ie|ia)|authors?|section|search|archives?)(?:/[^/.]*){0,2}/?$"
)
# A text that stands in links by this share lists other pages.
MIN_LINK_SHARE = 0.5
SEPARATOR_RE = re.compile(r"\s+[|•·–—-]\s+|\s*\|\s*")


def name_kind(
    names: Iterable[str], text: str, *, url: str | None, kinds: frozenset[str], link_share: float
) -> str | None:
    """What a page is that is no article, in words for people; None for what may be one.

    Args:
        names: its headings, and what it calls itself elsewhere.
        text: the text that would be its article's.
        url: its address.
        kinds: the types that it gives itself in JSON-LD and Open Graph, lower case.
        link_share: what share of the text stands in links, 0…1.
    """
    if kinds & ARTICLE_TYPES:
        return None
    parts = [part.strip(" .!") for name in names for part in (name, *SEPARATOR_RE.split(name))]
    words = text.count(" ") + 1
    if words <= MAX_ERROR and _any(ROBOT_TITLE_RE, parts):
        return "a check for robots"
    if words <= MAX_ERROR and _any(ERROR_TITLE_RE, parts):
        return "an error message in the place of a page"
    if words <= MAX_LOGIN and _any(LOGIN_TITLE_RE, parts):
        return "a login"
    said = {found.lower() for found in CONSENT_WORDS_RE.findall(text)}
    if (
        words <= MAX_CONSENT
        and len(said) >= LEAST_CONSENT_WORDS
        and (_any(CONSENT_TITLE_RE, parts) or not text.strip())
    ):
        return "a question for consent"
    return _name_list(url, kinds, link_share)


def _name_list(url: str | None, kinds: frozenset[str], link_share: float) -> str | None:
    """Whether the page lists others: by its address, where its text is links or it says so itself."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.hostname is None or parts.query:
        return None
    lists = bool(kinds & LIST_TYPES) or link_share >= MIN_LINK_SHARE
    if parts.path in ("", "/") and (lists or "website" in kinds):
        return "a front page"
    if LIST_PATH_RE.match(parts.path.lower()) and lists:
        return "a list of other pages"
    return None


def _any(pattern: re.Pattern[str], parts: Sequence[str]) -> bool:
    return any(pattern.fullmatch(part) for part in parts if part)
