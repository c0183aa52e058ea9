"""Assembly: an analysed document becomes its rows in every table (`rows`); in the pipeline, see `collections`."""
