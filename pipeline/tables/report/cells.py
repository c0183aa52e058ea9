"""What a page can filter by outlet and time: sums by name, outlet and period, from which it computes every tone anew.

A cell holds counts and sums, so that any choice of cells gives the figures that the tables would give for it: articles,
mentions, and the mean tone with its standard error.
"""

from __future__ import annotations

from pipeline.tables.report.figures import KINDS, Figures

# Outlets that can be chosen by themselves; all others together are one choice.
OUTLETS = 24
# Names and cells that fit a page of a few megabytes.
ENTITIES = 300
CELLS = 60_000
# The most named of each kind come first, then those at the top in an outlet or a period.
FIRST = 40
TOP = 3
LABELS = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW")
# What lies in no period: articles without a date, and the few far outside of the span.
NO_PERIOD = -1

LISTED = f"""
CREATE TEMP TABLE listed AS
SELECT outlet, CAST(row_number() OVER (ORDER BY articles DESC, outlet) AS INTEGER) - 1 AS place FROM outlets
WHERE outlet IS NOT NULL ORDER BY place LIMIT {OUTLETS}
"""
CHOSEN = f"""
CREATE TEMP TABLE chosen AS
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY label ORDER BY articles DESC, mentions DESC, name) AS place
  FROM names_once WHERE label IN {LABELS}
),
grouped AS (
  SELECT entity_id, label, outlet AS part, count(*) AS articles, sum(mention_count) AS mentions
  FROM named_once SEMI JOIN listed USING (outlet) WHERE label IN {tuple(KINDS)} GROUP BY ALL
  UNION ALL
  SELECT n.entity_id, n.label, p.first AS part, count(*) AS articles, sum(n.mention_count) AS mentions
  FROM named_once n JOIN periods p ON n.published_at >= p.start AND n.published_at < p.stop
  WHERE n.label IN {tuple(KINDS)} GROUP BY ALL
),
tops AS (
  SELECT entity_id, min(place) AS place FROM (
    SELECT entity_id,
      row_number() OVER (PARTITION BY label, part ORDER BY articles DESC, mentions DESC, entity_id) AS place
    FROM grouped
  ) WHERE place <= {TOP} GROUP BY entity_id
)
SELECT r.entity_id, r.name, r.label, r.articles, r.mentions, r.sentiment, r.n, r.error, r.outlets,
  row_number() OVER (ORDER BY
    CASE WHEN r.label IN {tuple(KINDS)} AND r.place <= {FIRST} THEN 0 WHEN t.place IS NOT NULL THEN 1 ELSE 2 END,
    CASE WHEN r.label IN {tuple(KINDS)} AND r.place <= {FIRST} THEN r.place END,
    r.articles DESC, r.mentions DESC, r.name, r.entity_id) AS turn
FROM ranked r LEFT JOIN tops t USING (entity_id)
ORDER BY turn LIMIT {ENTITIES}
"""
NAMED_CELLS = f"""
CREATE TEMP TABLE cells AS
SELECT n.entity_id, c.turn, coalesce(l.place, {OUTLETS}) AS outlet, coalesce(p.place, {NO_PERIOD}) AS period,
  count(*) AS articles, sum(n.mention_count) AS mentions, coalesce(sum(n.sentiment_count), 0) AS n,
  count(n.sentiment) AS scored, coalesce(sum(n.sentiment), 0) AS total,
  coalesce(sum(n.sentiment * n.sentiment + n.sentiment_error * n.sentiment_error), 0) AS squares
FROM named_once n JOIN chosen c USING (entity_id)
LEFT JOIN listed l ON l.outlet = n.outlet
LEFT JOIN periods p ON n.published_at >= p.start AND n.published_at < p.stop
GROUP BY ALL
"""
OUTLET_CELLS = f"""
SELECT coalesce(l.place, {OUTLETS}) AS outlet, coalesce(p.place, {NO_PERIOD}) AS period,
  count(*) FILTER (a.duplicate IS NULL) AS stories, count(*) FILTER (a.duplicate IS NOT NULL) AS copies,
  count(c.sentiment) AS scored, coalesce(sum(c.sentiment), 0) AS total,
  coalesce(sum(c.sentiment * c.sentiment), 0) AS squares
FROM articles a JOIN articles c ON c.article_id = a.canonical_id
LEFT JOIN listed l ON l.outlet = a.outlet
LEFT JOIN periods p ON a.published_at >= p.start AND a.published_at < p.stop
GROUP BY 1, 2 ORDER BY 1, 2
"""


def make_cells(figures: Figures) -> None:
    """Make the tables `periods`, `listed`, `chosen` and `cells`: the names that the page holds, and their sums.

    Names whose cells don't fit any more are left out of `chosen`, the last of them first.
    """
    span = figures.span
    figures.make("CREATE TEMP TABLE periods (place INTEGER, first VARCHAR, start TIMESTAMPTZ, stop TIMESTAMPTZ)")
    for place, (first, after) in enumerate(zip(span.periods, span.periods[1:], strict=False)):
        figures.rows(f"INSERT INTO periods VALUES ({place}, '{first}', '{first} 00:00Z', '{after} 00:00Z')")
    for statement in (LISTED, CHOSEN, NAMED_CELLS):
        figures.make(statement)
    figures.make(
        "DELETE FROM chosen WHERE turn > (SELECT coalesce(max(turn), 0) FROM (SELECT turn, sum(count(*)) OVER "
        f"(ORDER BY turn) AS so_far FROM cells GROUP BY turn) WHERE so_far <= {CELLS})"
    )
    figures.make("DELETE FROM cells WHERE entity_id NOT IN (SELECT entity_id FROM chosen)")


def name_cells(figures: Figures) -> dict[str, list[int]]:
    """By entity its cells one after another, eight numbers each.

    They are outlet, period, articles, mentions, mentions with a tone, articles with a tone, and in thousandths the sums
    of their tone, and of its square and that of its error.
    """
    found: dict[str, list[int]] = {}
    for row in figures.rows("FROM cells ORDER BY entity_id, outlet, period"):
        found.setdefault(row["entity_id"], []).extend(
            (
                row["outlet"],
                row["period"],
                row["articles"],
                row["mentions"],
                row["n"],
                row["scored"],
                round(1000 * row["total"]),
                round(1000 * row["squares"]),
            )
        )
    return found


def outlet_cells(figures: Figures) -> list[list[int]]:
    """Articles and copies by outlet and period, and the sums of their tone in thousandths."""
    return [
        [
            row["outlet"],
            row["period"],
            row["stories"],
            row["copies"],
            row["scored"],
            round(1000 * row["total"]),
            round(1000 * row["squares"]),
        ]
        for row in figures.rows(OUTLET_CELLS)
    ]


def listed_outlets(figures: Figures) -> list[str]:
    """The outlets that can be chosen, the largest first: a cell's outlet is a place in this list, or behind its end."""
    return [row["outlet"] for row in figures.rows("FROM listed ORDER BY place")]
