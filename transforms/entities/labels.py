"""Kinds of names: what pipelines of other languages call them, as OntoNotes' 18 labels.

spaCy's English, Chinese and Japanese pipelines write OntoNotes' labels themselves; most others were trained on
WikiNER's four, some on a treebank's own.
"""

from __future__ import annotations

ONTONOTES = frozenset(
    (
        *("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"),
        *("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"),
    )
)
# Sources: the label schemes of spaCy's trained pipelines (WikiNER; NKJP for Polish, SUC for Swedish, NorNE for
# Norwegian, RONEC for Romanian, KLUE for Korean).
SAME = {
    **dict.fromkeys(("PER", "PRS", "PS", "persName"), "PERSON"),
    **dict.fromkeys(("OG", "orgName", "GPE_ORG"), "ORG"),
    **dict.fromkeys(("placeName", "GPE_LOC"), "GPE"),
    **dict.fromkeys(("LC", "geogName"), "LOC"),
    **dict.fromkeys(("EVN", "EVT"), "EVENT"),
    **dict.fromkeys(("DT", "date", "DATETIME"), "DATE"),
    **dict.fromkeys(("TI", "time"), "TIME"),
    **dict.fromkeys(("PROD", "OBJ"), "PRODUCT"),
    **dict.fromkeys(("MSR", "QT"), "QUANTITY"),
    "WRK": "WORK_OF_ART",
    "NAT_REL_POL": "NORP",
    "FACILITY": "FAC",
    "NUMERIC_VALUE": "CARDINAL",
}


def ontonotes_label(label: str) -> str | None:
    """OntoNotes' label for one of a pipeline's; None for a kind that it has none for, as WikiNER's `MISC`."""
    return label if label in ONTONOTES else SAME.get(label)
