"""The style: one typeface, one palette, one set of sizes; and the figures that carry it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5B5B5B", "#8C6D1F")
"""Colours for categories, told apart in the common forms of colour blindness (Okabe and Ito 2008, yellow replaced)."""

ACCENT, GREY, MUTED = "#0072B2", "#5B5B5B", "#B8B8B8"
"""What a chart is about; what stands beside it; what was not tested or is too small."""

SEQUENTIAL, DIVERGING = "Blues", "PuOr_r"
"""Colour maps for counts, and for association centred on 0."""

TYPEFACE = "DejaVu Sans"
"""The typeface of all charts: matplotlib ships it. It has Latin, Greek, Cyrillic and Arabic letters, and more."""

FALLBACK = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei"),
    *("Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic"),
    *("Noto Sans Devanagari", "Noto Sans Bengali", "Nirmala UI", "Noto Sans Thai", "Leelawadee UI"),
    *("Noto Sans Ethiopic", "Arial Unicode MS"),
)
"""Typefaces for what `TYPEFACE` lacks, Chinese, Japanese, Korean and Indic names among it, where they are installed."""

_STYLE: dict[str, Any] = {
    "font.size": 10.5,
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.labelsize": 10.5,
    "axes.labelcolor": "#222222",
    "axes.edgecolor": "#8A8A8A",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": matplotlib.cycler(color=PALETTE),
    "axes.unicode_minus": True,
    "axes.formatter.use_locale": False,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.8,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "hatch.linewidth": 0.6,
    "hatch.color": "#9A9A9A",
    "figure.facecolor": "white",
    "figure.dpi": 100,
    "savefig.dpi": 150,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "dateline",
    "text.parse_math": False,
    "timezone": "UTC",
    "path.simplify": False,
}


def use_style() -> None:
    """Set the style for every figure that follows in this process, starting from matplotlib's own defaults.

    The typeface is the DejaVu Sans that matplotlib ships: a copy of it on the system differs in its shapes. A letter
    that it lacks is taken from the first of `FALLBACK` that is installed and has it; without one, a box stands for it.
    """
    matplotlib.rcdefaults()
    bundled = Path(matplotlib.get_data_path(), "fonts", "ttf")
    manager = font_manager.fontManager
    manager.ttflist[:] = [f for f in manager.ttflist if f.name != TYPEFACE or Path(f.fname).parent == bundled]
    font_manager._get_font.cache_clear() if hasattr(font_manager._get_font, "cache_clear") else None
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it warns of a fallback without a bold face
    installed = {f.name for f in manager.ttflist}
    matplotlib.rcParams.update(_STYLE | {"font.family": [TYPEFACE, *(f for f in FALLBACK if f in installed)]})


def subplots(
    n_rows: int = 1, n_columns: int = 1, *, width: float = 8.0, height: float = 4.5, **layout: Any
) -> tuple[Figure, Axes | np.ndarray]:
    """Return a figure in the style, unknown to pyplot, and its axes.

    Parameters
    ----------
    n_rows, n_columns : int, default=1
    width, height : float
        Inches.
    **layout
        Passed to `matplotlib.figure.Figure.subplots`: ``sharex``, ``sharey``, ``width_ratios``, ``height_ratios``.
    """
    use_style()
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(n_rows, n_columns, **layout)


def headline(figure: Figure, text: str) -> None:
    """Put a title over all panels of a figure, flush left, as the titles of single charts are."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=_STYLE["axes.titlesize"], fontweight="bold")
