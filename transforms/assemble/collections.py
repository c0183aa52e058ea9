"""Assembly in the pipeline, for what needs no analysis: documents whose analysis is known, copies, and rejects."""

from __future__ import annotations

from apache_beam.metrics import Metrics

from schemas.records import Document, Reject
from schemas.rows import RowSet, TableRows
from transforms.assemble.rows import ARTICLES, article_row, reject_set
from transforms.runtime.metrics import NAMESPACE


def row_set(element: Document | Reject) -> RowSet:
    """The row of a reject, or of an article that needs no analysis, which is counted in Beam's metrics."""
    if isinstance(element, Reject):
        return reject_set(element)
    Metrics.counter(NAMESPACE, "articles").inc()
    return RowSet((TableRows(ARTICLES, (article_row(element),)),), partition_by=element.article.partition_by)
