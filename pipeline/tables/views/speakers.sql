-- Who gets to speak: everybody who is quoted by name, with the number of sentences and of articles that quote them.
-- `speaker_id` is their identity, NULL where they are no entity of the article. `sentiment_error` is the standard error of
-- the mean over the sentences, NULL for a single one.
SELECT
  COALESCE(i.identity_name, s.speaker) AS speaker,
  COUNT(DISTINCT a.article_id) AS articles,
  COUNT(DISTINCT a.outlet) AS outlets,
  COUNT(*) AS sentences,
  AVG(s.sentiment) AS sentiment,
  STDDEV_SAMP(s.sentiment) / SQRT(NULLIF(COUNT(s.sentiment), 0)) AS sentiment_error,
  i.identity_id AS speaker_id
FROM {articles} AS a
JOIN sentences AS s ON s.article_id = a.canonical_id
LEFT JOIN identities AS i ON i.entity_id = s.speaker_id
WHERE s.speaker IS NOT NULL
GROUP BY i.identity_id, COALESCE(i.identity_name, s.speaker)
