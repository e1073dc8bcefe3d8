"""What charts share: labels that tell names apart, units, a sentence where there is no chart, room for the labels."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.text import Text

PLURAL = {"article": "articles", "paragraph": "paragraphs", "sentence": "sentences"}
"""Units of text in the plural."""


def short(text: str, most: int = 40) -> str:
    """Return one name in at most so many characters: what is too much is left out of its middle.

    Of several names in one chart, `shorten` keeps those apart that differ in their middle.
    """
    if len(text) <= most:
        return text
    first = (most - 1) * 3 // 5
    return f"{text[:first].rstrip()}…{text[len(text) - (most - 1 - first) :].lstrip()}"


def shorten(names: Iterable[object], most: int = 40) -> list[str]:
    """Return the names of one chart, shortened as by `short`, but different wherever the names differ.

    Of names that would get one label, the part is kept where they begin to differ; where that does not tell them apart
    in ``most`` characters, they get more, up to the whole name.

    Parameters
    ----------
    names : iterable
        What is no string is written as one.
    most : int, default=40
        Characters of a label.

    Returns
    -------
    list of str, one per name, in their order
    """
    wholes = [str(name) for name in names]
    found = {name: short(name, most) for name in wholes}
    longest = max(map(len, wholes), default=0)
    for room in range(most, longest + 1):
        clashes = _clashes(found)
        if not clashes:
            break
        for alike in clashes:
            found |= _where_they_differ(alike, room)
    if _clashes(found):
        found = {name: name for name in wholes}
    return [found[name] for name in wholes]


def _clashes(found: Mapping[str, str]) -> list[list[str]]:
    """Return the groups of names that have one label."""
    of_label = defaultdict(list)
    for name, text in found.items():
        of_label[text].append(name)
    return [alike for alike in of_label.values() if len(alike) > 1]


def _where_they_differ(alike: Sequence[str], room: int) -> dict[str, str]:
    """Return labels of at most ``room`` characters: the beginning of a name, then the word where the names part."""
    first = room * 2 // 5
    parts = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(min(alike), max(alike), strict=False)))
    word = len(re.sub(r"\w+$", "", alike[0][:parts]))
    parts = word if word > first + 1 else parts
    found = {}
    for name in alike:
        if len(name) <= room or parts <= first + 1:
            found[name] = short(name, room)
        else:
            head = f"{name[:first].rstrip()}…"
            found[name] = head + short(name[parts:].lstrip(), room - len(head))
    return found


def countries(codes: Iterable[str], names: Mapping[str, str] | None, most: int = 36) -> dict[str, str]:
    """Return the labels of a chart's countries, by code: their names, or the code where ``names`` lacks it."""
    codes = list(codes)
    return dict(zip(codes, shorten([(names or {}).get(c, c) for c in codes], most), strict=True))


def pairs_of(frame: pd.DataFrame, names: Mapping[str, str] | None) -> list[str]:
    """Return the labels of a chart's pairs; two long names are shortened further: room is left for the chart."""
    codes = dict.fromkeys([*frame["country_a"], *frame["country_b"]])
    long, brief = countries(codes, names), countries(codes, names, 27)
    found = []
    for a, b in zip(frame["country_a"], frame["country_b"], strict=True):
        called = long if len(long[a]) + len(long[b]) <= 56 else brief
        found.append(f"{called[a]} – {called[b]}")
    return found


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
    return shorten(frame["label" if "label" in frame else "term"])


def columns(names: Iterable[str], most: int, *, room: int = 90) -> int:
    """Return how many columns a key of these names has, ``most`` at most, where a line holds ``room`` characters."""
    return min(most, max(1, room // (6 + max(map(len, names), default=0))))


def write(key: Legend, drawn: Sequence[Artist]) -> None:
    """Write the labels of what was drawn into a key made with blanks: Matplotlib hides those that begin with ``_``."""
    for text, artist in zip(key.get_texts(), drawn, strict=True):
        text.set_text(artist.get_label())


def nothing(ax: Axes, why: str) -> Axes:
    """Say in the chart's place why there is none."""
    ax.set_axis_off()
    ax.set_title(why)
    return ax


def unasked(what: str) -> str:
    """Return the sentence of a chart of which nothing was to be drawn."""
    return f"No {what} is drawn: at most 0 were asked for"


def nothing_in(axes: Sequence[Axes], why: str) -> Sequence[Axes]:
    """Say in the place of the first of several charts why there are none."""
    first, *others = axes
    nothing(first, why)
    for ax in others:
        ax.set_visible(False)
    return axes


def fit(ax: Axes) -> Axes:
    """Break the titles and labels of a finished chart that would run over the edge of its figure."""
    figure = ax.figure
    wanted = {a.get_title(loc=where) for a in figure.axes for where in ("left", "center")}
    wanted |= {a.get_xlabel() for a in figure.axes}
    texts = figure.findobj(lambda found: isinstance(found, Text) and found.get_text() in wanted - {""})
    wholes = [text.get_text() for text in texts]
    for text in texts:  # one far too long would leave the layout no room for the chart itself
        most = int(figure.get_figwidth() * 72 / (0.6 * text.get_fontsize()))
        if len(text.get_text()) > 1.4 * most:
            text.set_text("\n".join(textwrap.fill(line, most) for line in text.get_text().split("\n")))
    figure.draw_without_rendering()
    edge = 0.98 * figure.bbox.width  # letters are a little wider at other resolutions
    for text, whole in zip(texts, wholes, strict=True):
        box = text.get_window_extent()
        if box.x0 >= 0 and box.x1 <= edge:
            continue
        centre = (box.x0 + box.x1) / 2
        room = edge - box.x0
        if text.get_ha() == "center":
            room = 2 * min(centre, edge - centre)
        most = int(max(map(len, text.get_text().split("\n"))) * room / box.width) + 1
        while text.get_window_extent().width > room and most > 20:
            most -= 1
            text.set_text("\n".join(textwrap.fill(line, most) for line in whole.split("\n")))
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
