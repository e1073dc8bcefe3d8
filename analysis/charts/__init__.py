"""One function per chart, Axes in and Axes out, and the one style they share.

A chart function counts nothing, saves nothing and sets no size; every number it draws is in the frame it is given.
"""

from analysis.charts.style import ACCENT, GREY, MUTED, PALETTE, subplots, use_style
from analysis.charts.topics import topic_map, topic_number, topic_shares, topic_terms

__all__ = [
    "ACCENT",
    "GREY",
    "MUTED",
    "PALETTE",
    "subplots",
    "topic_map",
    "topic_number",
    "topic_shares",
    "topic_terms",
    "use_style",
]
