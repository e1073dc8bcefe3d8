"""What charts of countries share: labels, units, and labels that do not cover each other."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

PLURAL = {"article": "articles", "paragraph": "paragraphs", "sentence": "sentences"}
"""Units of text in the plural."""


def label(code: str, names: Mapping[str, str] | None) -> str:
    """Return a country's name, or its code where ``names`` lacks it."""
    return code if names is None else names.get(code, code)


def pair(a: str, b: str, names: Mapping[str, str] | None) -> str:
    """Return the label of a pair."""
    return f"{label(a, names)} – {label(b, names)}"


def unit(pairs: pd.DataFrame) -> str:
    """Return the unit that a frame of pairs counts, in the plural."""
    return PLURAL[pairs["within"].iloc[0]] if len(pairs) else "units"


def sizes(pairs: pd.DataFrame) -> dict[str, int]:
    """Return the units naming each country, most named first, ties by code."""
    found = dict(zip(pairs["country_a"], pairs["n_a"].tolist(), strict=True))
    found |= dict(zip(pairs["country_b"], pairs["n_b"].tolist(), strict=True))
    return {c: found[c] for c in sorted(found, key=lambda c: (-found[c], c))}


def supported(pairs: pd.DataFrame, max_q: float) -> pd.Series:
    """Mark the pairs above expectation that pass the test, and whose interval, where there is one, lies above 0."""
    above = (pairs["q"] <= max_q) & (pairs["log2_ratio"] > 0)
    return above & ((pairs["ci_low"] > 0) if pairs["ci_low"].notna().any() else True)


def period_names(periods: pd.Series) -> list[str]:
    """Return periods by their start, as short as they allow: years, else months, else days; one alone by its day."""
    if len(periods) > 1 and (periods.dt.month.eq(1) & periods.dt.day.eq(1)).all():
        return periods.dt.strftime("%Y").tolist()
    return periods.dt.strftime("%Y-%m" if len(periods) > 1 and periods.dt.day.eq(1).all() else "%Y-%m-%d").tolist()


def of_terms(frame: pd.DataFrame) -> list[str]:
    """Return the labels of terms: as they are mostly written, else as they are counted."""
    return frame["label" if "label" in frame else "term"].tolist()


def nothing(ax: Axes, why: str) -> Axes:
    """Say in the chart's place why there is none."""
    ax.set_axis_off()
    ax.set_title(why)
    return ax


def fit(ax: Axes) -> Axes:
    """Break the titles and labels of a finished chart that would run over the edge of its figure."""
    figure = ax.figure
    figure.draw_without_rendering()
    edge = 0.98 * figure.bbox.width  # letters are a little wider at other resolutions
    wanted = {a.get_title(loc=where) for a in figure.axes for where in ("left", "center")}
    wanted |= {a.get_xlabel() for a in figure.axes}
    for text in figure.findobj(lambda found: isinstance(found, Text) and found.get_text() in wanted - {""}):
        box = text.get_window_extent()
        if box.x0 >= 0 and box.x1 <= edge:
            continue
        centre = (box.x0 + box.x1) / 2
        room = edge - box.x0
        if text.get_ha() == "center":
            room = 2 * min(centre, edge - centre)
        lines = text.get_text().split("\n")
        most = int(max(map(len, lines)) * room / box.width) + 1
        while text.get_window_extent().width > room and most > 20:
            most -= 1
            text.set_text("\n".join(textwrap.fill(line, most) for line in lines))
    return ax


def spread(xy: np.ndarray, wide: np.ndarray, tall: np.ndarray, *, n_steps: int = 400) -> np.ndarray:
    """Move boxes apart until none covers another, each as little as it takes.

    Parameters
    ----------
    xy : array of float, shape (n, 2)
        Centres.
    wide, tall : array of float, shape (n,)
        Sizes of the boxes, in the same unit.
    n_steps : int, default=400

    Returns
    -------
    array of float, shape (n, 2)
    """
    xy = xy.copy()
    rank = np.sign(np.arange(len(xy))[:, None] - np.arange(len(xy)))
    for _ in range(n_steps):
        dx, dy = xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1]
        need_x, need_y = (wide[:, None] + wide) / 2 - np.abs(dx), (tall[:, None] + tall) / 2 - np.abs(dy)
        clash = (need_x > 1e-6) & (need_y > 1e-6)
        np.fill_diagonal(clash, False)
        if not clash.any():
            break
        sideways = clash & (need_x < need_y)
        upward = clash & ~sideways
        xy[:, 0] += 0.3 * (sideways * need_x * np.where(dx == 0, rank, np.sign(dx))).sum(axis=1)
        xy[:, 1] += 0.3 * (upward * need_y * np.where(dy == 0, rank, np.sign(dy))).sum(axis=1)
    return xy


def apart(xy: np.ndarray, radii: np.ndarray, *, low: np.ndarray, high: np.ndarray, n_steps: int = 1000) -> np.ndarray:
    """Move circles apart until none covers another, as far as there is room.

    Parameters
    ----------
    xy : array of float, shape (n, 2)
        Centres.
    radii : array of float, shape (n,)
    low, high : array of float, shape (2,)
        Corners of the page, which no circle leaves.
    n_steps : int, default=1000

    Returns
    -------
    array of float, shape (n, 2)
    """
    xy, room = xy.copy(), np.add.outer(radii, radii)
    turns = np.arange(len(xy)) * np.pi * (3 - np.sqrt(5))  # circles of one place part, each in a direction of its own
    own = np.column_stack([np.cos(turns), np.sin(turns)])
    for _ in range(n_steps):
        xy = np.clip(xy, low + radii[:, None], high - radii[:, None])
        close = np.hypot(*(xy[:, None] - xy).T) < room - 1e-3
        i, j = np.nonzero(np.triu(close, 1))
        if not len(i):
            break
        way = xy[i] - xy[j]
        distance = np.hypot(*way.T)
        way = np.where(distance[:, None] > 0, way, own[i] - own[j])
        push = (0.35 * (room[i, j] - distance) / np.hypot(*way.T))[:, None] * way
        np.add.at(xy, i, push)
        np.subtract.at(xy, j, push)
    return np.clip(xy, low + radii[:, None], high - radii[:, None])
