"""Pairs as lines between countries, and a country's pairs on a map without borders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.lines import Line2D

from analysis.charts import labels, style
from analysis.charts.placement import name_points

PLACES = Path(__file__).with_name("places.csv")
"""A point on each country or territory, in whole or half degrees: where its circle is drawn, nothing more."""

_DASHED = (0, (2.2, 1.4))
_LIMIT = 4.0


def pair_network(
    pairs: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    focus: str | None = None,
    max_q: float = 0.05,
    n_edges: int = 120,
    random_state: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw the pairs named together more than expected as a graph.

    An edge is a tested pair above expectation with ``q`` of at most ``max_q`` and, where intervals were computed, an
    interval above 0; its width is the number of units that name both, its colour the ratio. A disc's area grows with
    the units that name the country. Where there is no such
    pair, pairs seen at all are drawn dashed and grey, and the title says how many were tested. The layout is a spring
    layout with a fixed seed: places and distances on the page mean nothing but "joined".

    Parameters
    ----------
    pairs : DataFrame
        From `comention.pairs`.
    names : mapping of str to str, optional
    focus : str, optional
        A country's code: only it, the countries joined to it, and the edges among them are drawn.
    max_q : float, default=0.05
    n_edges : int, default=120
        The most frequent are drawn; the title says how many there are.
    random_state : int, default=0
        Seed of the layout.
    ax : Axes, optional
    """
    ax = style.subplots(width=9, height=7)[1] if ax is None else ax
    ax.set_axis_off()
    supported = labels.supported(pairs, max_q)
    found = bool(supported.any())
    chosen = pairs[supported if found else pairs["n_both"] > 0]
    if focus is not None:
        joined = {focus, *chosen.loc[chosen["country_a"] == focus, "country_b"]}
        joined |= {*chosen.loc[chosen["country_b"] == focus, "country_a"]}
        chosen = chosen[chosen["country_a"].isin(joined) & chosen["country_b"].isin(joined)]
    n_chosen = len(chosen)
    chosen = chosen.sort_values(["n_both", "country_a", "country_b"], ascending=[False, True, True])[:n_edges]
    unit = labels.unit(pairs)
    if chosen.empty:
        return labels.nothing(ax, labels.unasked("pair") if n_chosen else _none(unit, focus, names, found=found))
    graph = nx.Graph()
    graph.add_nodes_from(sorted({*chosen["country_a"], *chosen["country_b"]}))
    graph.add_edges_from(zip(chosen["country_a"], chosen["country_b"], strict=True))
    nodes = list(graph.nodes)
    called = labels.countries(labels.sizes(pairs), names)
    texts = [called[c] for c in nodes]
    font = 10 if len(nodes) <= 15 else 8.5 if len(nodes) <= 40 else 7.5
    points = _layout(graph, texts, font, random_state, ax)
    at = dict(zip(nodes, points, strict=True))
    lines = [(at[a], at[b]) for a, b in zip(chosen["country_a"], chosen["country_b"], strict=True)]
    width = 0.6 + 4.4 * np.sqrt(chosen["n_both"].to_numpy() / chosen["n_both"].max())
    norm, cmap = Normalize(0, _LIMIT), ListedColormap(colormaps[style.SEQUENTIAL](np.linspace(0.3, 1, 128)))
    if found:
        colours = cmap(norm(chosen["log2_ratio"].to_numpy().clip(0, _LIMIT)))
        ax.add_collection(LineCollection(lines, linewidths=width, colors=colours, zorder=1))
    else:
        ax.add_collection(LineCollection(lines, linewidths=width, colors=style.MUTED, linestyles="dashed"))
    size = labels.sizes(pairs)
    largest = max(size[c] for c in nodes)
    area = [16 + 170 * size[c] / largest for c in nodes]
    ax.scatter(*np.array(points).T, s=area, color=style.ACCENT if found else style.GREY, edgecolor="white", zorder=2)
    for (x, y), text in zip(points, texts, strict=True):
        ax.annotate(
            text,
            (x, y),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=font,
            color="#222222",
            zorder=3,
            bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.3},
        )
    ax.margins(0.06)
    ax.autoscale_view()
    most = int(chosen["n_both"].max())
    colour = "#6E6E6E" if found else style.MUTED
    handles = [
        Line2D([], [], color=colour, lw=0.6 + 4.4 * np.sqrt(n / most), ls="-" if found else "--", label=f"{n:,}")
        for n in _key(most)
    ]
    disc = {"ls": "", "marker": "o", "mec": "white", "mfc": style.ACCENT if found else style.GREY}
    handles += [Line2D([], [], ms=np.sqrt(16 + 170 * n / largest), label=f"{n:,}", **disc) for n in _key(int(largest))]
    ax.legend(
        handles=handles,
        title=f"{unit} naming both (lines), naming the country (discs)",
        loc="upper center",
        bbox_to_anchor=(0.5, -0.01),
        ncols=len(handles),
        fontsize=9,
        title_fontsize=9,
    )
    about = f" around {called[focus]}" if focus is not None else ""
    shown = "" if n_chosen == len(chosen) else f"; the {len(chosen)} most frequent drawn"
    pairs_are = f"1 pair{about} shares" if n_chosen == 1 else f"{n_chosen} pairs{about} share"
    if not found:
        n_tested = int(pairs["p"].notna().sum())
        outcome = f"of {n_tested} tested, none more than expected" if n_tested else "none could be tested"
        ax.set_title(f"{pairs_are} {unit}; {outcome} (dashed{shown})")
        return labels.fit(ax)
    ax.set_title(f"{pairs_are} more {unit} than expected (q ≤ {max_q:g}{shown})")
    ax.figure.colorbar(ScalarMappable(norm, cmap), ax=ax, shrink=0.4, pad=0.01, label="log2(observed / expected)")
    return labels.fit(ax)


def _none(unit: str, focus: str | None, names: Mapping[str, str] | None, *, found: bool) -> str:
    """Return why there is no pair in the network."""
    if focus is None:
        return f"No two countries share {unit}"
    own = labels.countries([focus], names)[focus]
    return f"No pair of {own} shares {'more ' * found}{unit}{' than expected' * found}"


def pair_map(
    pairs: pd.DataFrame,
    *,
    focus: str,
    names: Mapping[str, str] | None = None,
    n_labels: int = 20,
    ax: Axes | None = None,
) -> Axes:
    """Draw the countries as circles at their places, coloured by how often they are named with one of them.

    A circle grows with the units naming both it and ``focus``. Colour: log2(observed / expected) with ``focus``,
    orange for more and purple for less; white with a dashed rim: not tested. Small circles share no unit with it, dots
    are never named. There are no borders to take a side on; circles that would cover each other are moved apart, and
    names stand where they cover no circle. Where the countries named lie in one part of the world, that part is shown.

    Parameters
    ----------
    pairs : DataFrame
        From `comention.pairs`.
    focus : str
        A country's code.
    names : mapping of str to str, optional
    n_labels : int, default=20
        Countries that are labelled where there is room: those most often named with ``focus``.
    ax : Axes, optional

    Raises
    ------
    ValueError
        If there are pairs, and none holds ``focus``.
    """
    ax = style.subplots(width=10, height=5.6)[1] if ax is None else ax
    ax.set_axis_off()
    if pairs.empty:
        return labels.nothing(ax, "No two countries are named")
    mine = pairs[(pairs["country_a"] == focus) | (pairs["country_b"] == focus)]
    if mine.empty:
        raise ValueError(f"no pair holds {focus!r}")
    mine = mine.assign(other=mine["country_b"].where(mine["country_a"] == focus, mine["country_a"])).set_index("other")
    places = pd.read_csv(PLACES, dtype={"country": "str"}).set_index("country")
    codes = sorted(c for c in labels.sizes(pairs) if c in places.index)
    if not codes:
        return labels.nothing(ax, "No country named has a place on the map")
    together = mine["n_both"].reindex(codes).fillna(0).to_numpy(float)
    norm, cmap = Normalize(-_LIMIT, _LIMIT), colormaps[style.DIVERGING]
    seen = mine[mine["n_both"] > 0]
    called = labels.countries(labels.sizes(pairs), names)
    unit, own, most = labels.unit(pairs), called[focus], int(mine["n_both"].max())
    other = "country" if len(mine) == 1 else "countries"
    n_lost = len(labels.sizes(pairs)) - len(codes)
    lost = f" ({n_lost} without a place not drawn)" if n_lost else ""
    ax.set_title(f"{own} shares {unit} with {len(seen)} of {len(mine)} other {other} named{lost}")
    if seen["p"].notna().any():
        ax.figure.colorbar(
            ScalarMappable(norm, cmap),
            ax=ax,
            shrink=0.6,
            pad=0.01,
            label=f"log2(observed / expected) with {labels.short(own, 24)}",
        )
    point = 72 / ax.figure.dpi
    box = ax.get_window_extent()
    size = min(box.width / 360, box.height / 150) * point
    circle = {"ls": "", "marker": "o", "mfc": "white", "mec": style.GREY}
    handles = [
        Line2D([], [], ms=2 * size * _radius(n, most), label=f"{n:,}", **circle)
        for n in (_key(most) if len(seen) else [])
    ]
    if handles:
        counted = unit if most > 1 else unit.removesuffix("s")
        handles[-1].set_label(f"{handles[-1].get_label()} {counted} naming both")
    if seen["p"].isna().any():
        handles.append(
            ax.scatter([], [], s=30, fc="white", ec=style.GREY, ls=_DASHED, lw=0.9, label="dashed: not tested")
        )
    pale = {"ls": "", "marker": "o", "mec": "#C4C4C4"}
    handles.append(Line2D([], [], ms=4, mfc="#EDEDED", label=f"shares no {unit}", **pale))
    handles.append(Line2D([], [], ms=1.7, mfc="#D9D9D9", label="not named", **pale))
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), ncols=len(handles), fontsize=8)
    ax.figure.draw_without_rendering()  # from here on the unit is the typographic point of the finished page
    box = ax.get_window_extent()
    page = np.array([box.width, box.height]) * point
    degrees = places[["longitude", "latitude"]]
    low, high = _extent(degrees.loc[codes].to_numpy(float))
    scale = (page / (high - low)).min()
    low, high = (low + high) / 2 * scale - page / 2, (low + high) / 2 * scale + page / 2
    radii = size * np.where(together > 0, _radius(together, most), 1.1)
    radii = np.where(np.array(codes) == focus, 3.6 * size, radii)
    xy = labels.apart(degrees.loc[codes].to_numpy(float) * scale, radii + 1, low=low, high=high)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.scatter(*(degrees.drop(codes).to_numpy(float) * scale).T, s=3, color="#D9D9D9", zorder=1, clip_on=True)
    faces, edges, rims = [], [], []
    for code in codes:
        row = seen.loc[code] if code in seen.index else None
        if code == focus:
            faces.append("#222222")
        elif row is not None and not np.isnan(row["p"]):
            faces.append(cmap(norm(np.clip(row["log2_ratio"], -_LIMIT, _LIMIT))))
        else:
            faces.append("#EDEDED" if row is None else "white")
        edges.append("#222222" if code == focus else "#C4C4C4" if row is None else style.GREY)
        rims.append(_DASHED if faces[-1] == "white" else "-")
    looks = {"facecolors": faces, "edgecolors": edges, "linestyles": rims}
    ax.scatter(*xy.T, s=(2 * radii) ** 2, linewidths=0.9, zorder=2, **looks)
    often = seen.sort_values("n_both", ascending=False, kind="stable").index[:n_labels]
    named = [codes.index(c) for c in (focus, *often) if c in codes]
    rest = np.setdiff1d(np.arange(len(codes)), named)
    name_points(
        ax,
        *xy[named].T,
        [called[codes[i]] for i in named],
        radii=radii[named],
        others=xy[rest].T,
        other_radii=radii[rest],
        fontsize=8,
        n_bold=int(focus in codes),
    )
    return ax


def _radius(n: np.ndarray | int, most: int) -> np.ndarray:
    """Return the radius of a circle that stands for n units, in parts of the map's scale: never too small to see."""
    return 1.7 + 3.8 * np.sqrt(n / max(1, most))


def _key(most: int) -> list[int]:
    """Return the numbers that a key shows: the largest, and a tenth of it."""
    return sorted({1, most}) if most < 4 else [max(1, most // 10), most]


def _extent(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of the part of the world to show, in degrees: the points and what lies around them."""
    world_low, world_high = np.array([-170.0, -56.0]), np.array([178.0, 72.0])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    half = np.maximum(np.ptp(points, axis=0) / 2 + 12, [35, 15])
    low, high = np.maximum(middle - half, world_low), np.minimum(middle + half, world_high)
    return (world_low, world_high) if ((high - low) > 0.6 * (world_high - world_low)).all() else (low, high)


def _layout(graph: nx.Graph, texts: list[str], font: float, random_state: int, ax: Axes) -> list[tuple[float, float]]:
    """Place the nodes by their edges, part by part, then move apart those whose labels would cover each other."""
    box = ax.get_window_extent()
    page = np.array([box.width, box.height]) / ax.figure.dpi * 72
    parts = sorted((sorted(p) for p in nx.connected_components(graph)), key=lambda p: (-len(p), p))
    index = {node: i for i, node in enumerate(graph.nodes)}
    xy = np.zeros((len(texts), 2))
    cell = page / np.sqrt(len(texts))
    left, low, high = 0.0, 0.0, 0.0
    for part in parts:
        spot = nx.spring_layout(graph.subgraph(part), seed=random_state, iterations=300, k=1.8 / np.sqrt(len(part)))
        own = np.array([spot[node] for node in part])
        own -= own.min(axis=0)
        own = own / np.maximum(own.max(axis=0), 1e-9) * cell * np.sqrt(len(part)) * 0.9
        width = own[:, 0].max() + cell[0]
        if left and left + width > page[0] * 1.05:
            left, low = 0.0, high
        xy[[index[node] for node in part]] = own + np.array([left, low])
        left, high = left + width, max(high, low + own[:, 1].max() + cell[1])
    span = np.ptp(xy, axis=0)
    xy = (xy - xy.min(axis=0)) / np.where(span > 0, span, 1) * page
    wide = np.array([0.68 * font * len(s) + 8 for s in texts])
    moved = labels.spread(xy, wide, np.full(len(texts), font + 15.0))
    return [(float(x), float(y)) for x, y in moved]
