"""Copies: sketches of texts (`sketch`), and which articles are copies of which (`copies`)."""

NEAR, EXACT, NONE = "near", "exact", "none"
MODES = (NEAR, EXACT, NONE)
"""Which copies are looked for: those of nearly the same text, too; those of the same text; none."""
