"""What follows what for one article: the only place where the order of the stages is written.

`trace` and `inspect` take it from here, and the graph through `chains`, since this module loads all stages. Nothing
here imports Beam, which the children never load.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.chains import ReadingSettings
from transforms.clean import CleanArticles
from transforms.dedupe.sketch import SketchTexts
from transforms.entities import FindEntities
from transforms.extract import ExtractPages
from transforms.language import DetectLanguages
from transforms.names import ResolveNames
from transforms.outlets.asked import AskedOutlets
from transforms.parse import ParseRecords
from transforms.runtime.stage import Stage
from transforms.selection import Asked, SelectArticles
from transforms.sentences import SplitSentences
from transforms.sentiment import ScoreSentiment


def preparation(reading: ReadingSettings) -> tuple[Stage, ...]:
    """From a raw record to a cleaned article with its sketch."""
    return (
        ExtractPages(reading.extract_timeout),
        ParseRecords(reading.latest, reading.mapping, reading.date_order, by_folder=reading.by_folder),
        CleanArticles(reading.min_chars),
        DetectLanguages(),
        *_selection(reading.asked),
        SketchTexts(near=reading.near),
    )


def _selection(asked: Asked) -> tuple[Stage, ...]:
    """What leaves out articles that the run isn't asked for; nothing where it is asked for all."""
    if asked == Asked():
        return ()
    return (SelectArticles(asked, AskedOutlets.of(asked.outlets).has if asked.outlets else None),)


def analysis(models: Mapping[str, str], engine: str, engine_path: str | None) -> tuple[Stage, ...]:
    """From an article to a document with all that is found in it."""
    return (SplitSentences(models), FindEntities(models), ResolveNames(), ScoreSentiment(engine, engine_path))
