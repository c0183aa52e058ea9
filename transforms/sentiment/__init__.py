"""Sentiment: of a sentence, of an article, and toward every person, organisation, place and nationality in it; what is
quoted, and who says it.

In: documents with sentences, mentions and entities. Out: the same with scores in −1 (negative) … 1 (positive), with
quotations marked and speakers named; documents without sentences pass as they are, their sentiment not known. Nothing
is rejected.
"""

from transforms.sentiment.engines import ENGINES, describe_engine, load_engine
from transforms.sentiment.stage import STAGE, ScoreSentiment, score_documents

__all__ = ["ENGINES", "STAGE", "ScoreSentiment", "describe_engine", "load_engine", "score_documents"]
