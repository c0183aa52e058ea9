-- Who is named where: one row per article and identity, under whatever names. In the plain view a story counts once, under the article that
-- stands for its copies; in `named_with_copies` every copy has rows of its own, so that a story counts once for each
-- time it was printed.
SELECT
  a.url,
  a.outlet,
  a.title,
  a.published_at,
  CAST(a.published_at AS DATE) AS day,
  a.language,
  e.name,
  e.label,
  e.mention_count,
  e.prominence,
  e.sentiment,
  e.sentiment_label,
  e.sentiment_count,
  e.negative_share,
  e.neutral_share,
  e.positive_share,
  e.sentiment_error,
  e.sentiment_unquoted,
  e.identity_id,
  a.article_id,
  a.canonical_id
FROM {articles} AS a
JOIN article_identities AS e ON e.article_id = a.canonical_id
