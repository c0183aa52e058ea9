-- Who is named in an article: one row per article that isn't a copy and identity, whatever names it calls them by.
-- `sentiment` and the shares are over all their mentions there; `sentiment_error` is that of the whole.
SELECT
  e.article_id,
  i.identity_id,
  MIN(i.identity_name) AS name,
  MIN(i.identity_label) AS label,
  SUM(e.mention_count) AS mention_count,
  MIN(e.first_char) AS first_char,
  MAX(e.prominence) AS prominence,
  CAST(SUM(e.sentiment * e.sentiment_count) / NULLIF(SUM(e.sentiment_count), 0) AS REAL) AS sentiment,
  CASE WHEN MIN(e.sentiment_label) = MAX(e.sentiment_label) OR MIN(e.sentiment_label) IS NULL
    THEN MIN(e.sentiment_label) ELSE 'mixed' END AS sentiment_label,
  SUM(e.sentiment_count) AS sentiment_count,
  CAST(SUM(e.negative_share * e.sentiment_count) / NULLIF(SUM(e.sentiment_count), 0) AS REAL) AS negative_share,
  CAST(SUM(e.neutral_share * e.sentiment_count) / NULLIF(SUM(e.sentiment_count), 0) AS REAL) AS neutral_share,
  CAST(SUM(e.positive_share * e.sentiment_count) / NULLIF(SUM(e.sentiment_count), 0) AS REAL) AS positive_share,
  CAST(SQRT(SUM(e.sentiment_error * e.sentiment_error * e.sentiment_count * e.sentiment_count))
    / NULLIF(SUM(e.sentiment_count), 0) AS REAL) AS sentiment_error,
  CAST(AVG(e.sentiment_unquoted) AS REAL) AS sentiment_unquoted
FROM entities AS e
JOIN identities AS i ON i.entity_id = e.entity_id
GROUP BY e.article_id, i.identity_id
