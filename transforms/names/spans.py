"""A name on its way through this room, and the labels that it works on."""

from __future__ import annotations

# Half-open code-point offsets and an OntoNotes label. A plain tuple: there are tens of them in every article.
Span = tuple[int, int, str]

UPPER = "A-ZÀ-ÖØ-Þ" + "".join(chr(code) for code in range(0x100, 0x180) if chr(code).isupper())
"""The capital letters of Latin script, for a set of a regular expression."""

PLACES = frozenset(("GPE", "LOC", "FAC"))
CORE = PLACES | {"PERSON", "ORG"}
"""The labels whose boundaries and kinds are worked on."""

VALUES = frozenset(("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"))
"""OntoNotes' labels of amounts and times: they name nothing that another article names again."""

NAMES = CORE | {"NORP", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"}
"""OntoNotes' other labels. Models of other schemes have labels outside both."""
