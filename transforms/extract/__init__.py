"""Extraction: the article in a web page.

`stage` is the stage itself. It is kept out of this file because the process that does the work (`child`) imports this
package, and must not load Beam to start.
"""
