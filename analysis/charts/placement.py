"""Names beside points that touch neither each other nor the points."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

_DIRECTIONS = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]
_GAP = 1.5  # points between boxes


def name_points(
    ax: Axes,
    x: Sequence[float],
    y: Sequence[float],
    names: Sequence[str],
    *,
    radii: Sequence[float],
    others: tuple[Sequence[float], Sequence[float]] = ((), ()),
    other_radii: Sequence[float] | float = 3.0,
    fontsize: float = 9,
    color: str = "#222222",
    n_bold: int = 0,
) -> int:
    """Write the name of each point where there is room for it, the first points first.

    Positions are found in the final layout, so this comes last in a chart; the limits of the axes must be set.

    Parameters
    ----------
    ax : Axes
    x, y : sequence of float, data coordinates
    names : sequence of str
    radii : sequence of float
        Radius of each point's marker, in typographic points.
    others : (x, y), optional
        Points without a name that labels should not cover either.
    other_radii : sequence of float or float, default=3.0
        Radii of their markers, likewise.
    fontsize : float
    color : str
    n_bold : int, default=0
        The first names are written bold.

    Returns
    -------
    int
        How many names found room; the others are left out.
    """
    figure = ax.figure
    figure.draw_without_rendering()
    to_points = 72 / figure.dpi
    frame = ax.get_window_extent().extents * to_points
    place = ax.transData.transform(np.column_stack([x, y])) * to_points if len(names) else np.zeros((0, 2))
    taken = [(px - r, py - r, px + r, py + r) for (px, py), r in zip(place, radii, strict=True)]
    if len(others[0]):
        spots = ax.transData.transform(np.column_stack(others)) * to_points
        reaches = np.broadcast_to(other_radii, len(spots))
        taken += [(a - r, b - r, a + r, b + r) for (a, b), r in zip(spots, reaches, strict=True)]
    fonts = {w: FontProperties(family=matplotlib.rcParams["font.family"], weight=w) for w in ("normal", "bold")}
    written = 0
    for own, ((px, py), radius, name) in enumerate(zip(place, radii, names, strict=True)):
        weight = "bold" if own < n_bold else "normal"
        width = TextPath((0, 0), name, size=fontsize, prop=fonts[weight], usetex=False).get_extents().width
        blocked = taken[:own] + taken[own + 1 :]
        for reach in (3, 8, 14, 21, 29):
            boxes = [_box(px, py, dx, dy, width, fontsize * 1.1, radius + reach) for dx, dy in _DIRECTIONS]
            box = next((b for b in boxes if _is_free(b, blocked, frame)), None)
            if box is not None:
                break
        if box is None:
            continue
        line = {"arrowstyle": "-", "color": "#9A9A9A", "linewidth": 0.6, "shrinkA": 0, "shrinkB": radius}
        label = ax.annotate(
            name,
            (x[own], y[own]),
            xytext=(box[0] - px, (box[1] + box[3]) / 2 - py),
            textcoords="offset points",
            va="center",
            fontsize=fontsize,
            fontweight=weight,
            color=color,
            arrowprops=line if reach > 3 else None,
            annotation_clip=False,
        )
        label.set_in_layout(False)
        taken.append(box)
        written += 1
    return written


def _box(x: float, y: float, dx: int, dy: int, width: float, height: float, reach: float) -> tuple:
    left = x + reach if dx > 0 else x - reach - width if dx < 0 else x - width / 2
    low = y + reach * 0.7 if dy > 0 else y - reach * 0.7 - height if dy < 0 else y - height / 2
    return left, low, left + width, low + height


def _is_free(box: tuple, blocked: list[tuple], frame: np.ndarray) -> bool:
    if box[0] < frame[0] or box[1] < frame[1] or box[2] > frame[2] or box[3] > frame[3]:
        return False
    return not any(
        box[0] < b[2] + _GAP and b[0] < box[2] + _GAP and box[1] < b[3] + _GAP / 2 and b[1] < box[3] + _GAP / 2
        for b in blocked
    )
