-- Articles that are no copies of another: every story once.
SELECT * FROM articles WHERE duplicate IS NULL
