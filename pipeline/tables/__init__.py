"""What people do with the tables of a run: SQL, a page, the way back to one article, and checks of the data."""
