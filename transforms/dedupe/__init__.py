"""Copies: sketches of texts (`sketch`), and which articles are copies of which (`copies`)."""
