"""Outlets: one name for each, however records spell it.

In: how often each source stands beside each host, over all articles of a run, old and new. Out: one element that names
the outlet of any of them. Nothing is rejected. What is learned hangs on the counts alone, not on the order of articles.
"""

from __future__ import annotations

from transforms.outlets.learn import Outlets, name_outlet

__all__ = ["Outlets", "name_outlet"]
