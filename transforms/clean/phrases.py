"""Furniture that is known by a phrase in it: name of the rule, the phrase in lower case, the pattern of the line."""

from __future__ import annotations

from transforms.clean.vocabulary import AGENCY, NAME

RESERVED = """alle rechte vorbehalten;tous droits réservés;todos los derechos reservados;tutti i diritti riservati;
    todos os direitos reservados;alle rechten voorbehouden"""
SIGN_UP = r"(?=.*\b(?:newsletters?|sign(?:ing)? up|subscribe|delivered|weekday))"
SILENT = r"(?!.*\b(?:said|says|told|contributed to)\b)"  # nobody speaks, so it is the page that does
PHRASES = (
    *[("rights", needle, rf".{{0,120}}{needle}\b.{{0,200}}") for needle in map(str.strip, RESERVED.split(";"))],
    ("rights", "all rights reserved", r"[^.]{0,100}(?:[.] )?all rights reserved\b.{0,250}"),
    ("click", "click here", r"[^.!]{3,100}[?,—–:-] ?click here(?: now)?[.!»]{0,3}"),
    ("poll", "? vote ", r".{5,140}\? vote (?:now|here now|here|in urgent poll|now in urgent poll)[.!]?"),
    ("subscribe", "unsubscribe at any", rf"{SILENT}.{{0,300}}\bunsubscribe at any ?time\b.*"),
    ("newsletter", "your inbox", rf"{SILENT}{SIGN_UP}.*\b(?:in|to|meet|upgrade) your inbox\b.*"),
    ("newsletter", "by signing up", rf"{SILENT}.*\bby signing up,? (?:you|i) (?:agree|confirm|accept)\b.*"),
    ("newsletter", "newsletter", r"for [^.]{5,120}, (?:subscribe to|sign up for) [^.]{2,60} newsletters?[.]?"),
    ("newsletter", "as an interest to", r"interested in .{2,80}\? add .{2,80} as an interest to stay up to date\b.*"),
    ("support", "if you enjoyed this article", r"(?:something to consider )?if you enjoyed this article, .*"),
    ("support", "contribution to", r".{100,}\bplease consider making a (?:financial )?contribution to \w+ today\b.*"),
    ("follow", "on twitter", r"follow the .{2,40} on twitter:? ?@\w{2,30}[.]?"),
    (
        "report_credit",
        "contributed to this",
        r"(?-i:[A-Z])(?:[^.!?:“”]|(?-i:\b[A-Z])[.]){1,250} contributed to this (?:report|story|article|piece|post)"
        r"(?: from (?-i:[A-Z])[^.!?]{2,40}(?:, (?-i:[A-Z])[\w.]{1,8})?)?[.]?",
    ),
    ("credit", "/", rf"\(?{NAME}(?: ?/ ?{NAME}){{0,3}} ?/ ?{AGENCY}(?: via {AGENCY})?\)?"),
)
