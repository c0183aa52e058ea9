-- One name for each entity, the one that most articles use, and where it is.
SELECT entity_id, name, label, country_code, latitude, longitude
FROM (
  SELECT
    entity_id,
    name,
    label,
    MAX(country_code) OVER (PARTITION BY entity_id) AS country_code,
    MAX(latitude) OVER (PARTITION BY entity_id) AS latitude,
    MAX(longitude) OVER (PARTITION BY entity_id) AS longitude,
    ROW_NUMBER() OVER (PARTITION BY entity_id ORDER BY articles DESC, name DESC) AS place
  FROM (
    SELECT
      entity_id,
      name,
      label,
      COUNT(*) AS articles,
      MAX(country_code) AS country_code,
      MAX(latitude) AS latitude,
      MAX(longitude) AS longitude
    FROM entities
    GROUP BY entity_id, name, label
  ) AS spellings
) AS ranked
WHERE place = 1
