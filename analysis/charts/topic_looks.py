"""How a topic looks in every chart: its colour, its texture, its name."""

from __future__ import annotations

from textwrap import fill, shorten

from analysis.charts import labels
from analysis.charts.style import MUTED, PALETTE

HATCHES = ("", "//", "..", "xx", "--", "\\\\", "++", "oo")
"""Textures that tell topics apart without colour, and beyond the number of colours."""

STABLE = 0.5
"""Stability from which a topic is drawn in colour; others are grey and named unstable."""


def colour(number: int, stability: float) -> str:
    """Return the colour of a topic, the same in every chart; grey if it is not stable."""
    return PALETTE[number % len(PALETTE)] if stability >= STABLE else MUTED


def look(number: int, stability: float) -> tuple[str, str]:
    """Return the colour of a topic and its texture, which tells apart topics of one colour."""
    return colour(number, stability), HATCHES[
        (number // len(PALETTE) + (0 if stability >= STABLE else number)) % len(HATCHES)
    ]


def mark(stability: float) -> str:
    """Return what follows the name of a topic that is not stable."""
    return "" if stability >= STABLE else " (unstable)"


def short(label: str, most: int = 40) -> str:
    """Return as many of a topic's terms as fit into so many characters."""
    found = shorten(label, most, placeholder=" …")
    return labels.short(label, most) if found == "…" else found


def two_lines(label: str) -> str:
    """Break a label so that it fits over a panel, a third of a figure wide."""
    return fill(short(label, 42), 22)
