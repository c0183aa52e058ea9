-- An outlet's own voice beside its quotations, on every entity: the tone of mentions outside and inside of quotations.
-- One row per entity and outlet; `outlet` is NULL for articles without one. The errors are standard errors of the means,
-- NULL for fewer than two mentions.
SELECT
  n.name,
  n.label,
  n.outlet,
  COUNT(DISTINCT n.article_id) AS articles,
  SUM(CASE WHEN m.quoted THEN 0 ELSE 1 END) AS own_mentions,
  SUM(CASE WHEN m.quoted THEN 1 ELSE 0 END) AS quoted_mentions,
  AVG(CASE WHEN m.quoted THEN NULL ELSE m.sentiment END) AS own_voice,
  STDDEV_SAMP(CASE WHEN m.quoted THEN NULL ELSE m.sentiment END)
    / SQRT(NULLIF(COUNT(CASE WHEN m.quoted THEN NULL ELSE m.sentiment END), 0)) AS own_voice_error,
  AVG(CASE WHEN m.quoted THEN m.sentiment ELSE NULL END) AS in_quotations,
  STDDEV_SAMP(CASE WHEN m.quoted THEN m.sentiment ELSE NULL END)
    / SQRT(NULLIF(COUNT(CASE WHEN m.quoted THEN m.sentiment ELSE NULL END), 0)) AS in_quotations_error,
  n.identity_id
FROM {named} AS n
JOIN identities AS i ON i.identity_id = n.identity_id
JOIN mentions AS m ON m.article_id = n.canonical_id AND m.entity_id = i.entity_id
GROUP BY n.identity_id, n.name, n.label, n.outlet
