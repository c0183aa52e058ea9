-- Who writes: one row per author and article. `articles` joins the authors of one article into a text; here they stand one
-- by one.
SELECT
  u.author,
  a.outlet,
  a.title,
  a.published_at,
  a.language,
  a.url,
  a.article_id,
  a.canonical_id
FROM {articles} AS a
CROSS JOIN UNNEST(STRING_SPLIT(a.authors, '; ')) AS u(author)
