"""Measurements: each prints a table, and its last table stands in the docs."""
