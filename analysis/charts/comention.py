"""Charts of pairs: the matrix, the network, and what is left of a pair as the window narrows."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, LogNorm, Normalize
from matplotlib.patches import Patch, Rectangle

from analysis.charts import style

_PLURAL = {"article": "articles", "paragraph": "paragraphs", "sentence": "sentences"}
_LIMIT = 3.0


def pair_matrix(
    pairs: pd.DataFrame, *, names: Mapping[str, str] | None = None, n_countries: int = 25, ax: Axes | None = None
) -> Axes:
    """Draw the pairs of the most named countries: counts below the diagonal, association above it.

    Above the diagonal, log2(observed / expected) between -3 and 3, centred on 0; a pair that was not tested (``p`` is
    NaN) is hatched and has no colour. A pair never seen where fewer than 3 units were expected is left blank: no count
    could be told from that expectation.

    Parameters
    ----------
    pairs : DataFrame
        From `comention.pairs`.
    names : mapping of str to str, optional
        Labels of the country codes; a code that it lacks labels itself.
    n_countries : int, default=25
    ax : Axes, optional
    """
    ax = style.subplots(width=9, height=8)[1] if ax is None else ax
    order = _most_named(pairs)[:n_countries]
    place = {c: i for i, c in enumerate(order)}
    n = len(order)
    if n < 2:
        return _nothing(ax, "No pair of countries to draw")
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), aspect="equal")
    shown = pairs[pairs["country_a"].isin(order) & pairs["country_b"].isin(order)]
    blank = ((shown["n_both"] == 0) & (shown["expected"] < 3)).to_numpy()
    a, b = shown["country_a"].map(place).to_numpy(), shown["country_b"].map(place).to_numpy()
    low, high = np.maximum(a, b), np.minimum(a, b)
    counts, ratio = np.full((n, n), np.nan), np.full((n, n), np.nan)
    counts[low, high] = shown["n_both"].where(shown["n_both"] > 0).to_numpy(dtype=float, na_value=np.nan)
    tested = shown["p"].notna().to_numpy()
    drawn = tested & ~blank
    ratio[high[drawn], low[drawn]] = shown["log2_ratio"].to_numpy()[drawn].clip(-_LIMIT, _LIMIT)
    most = max(2, int(shown["n_both"].max()))
    below = ax.imshow(counts, cmap=style.SEQUENTIAL, norm=LogNorm(0.5, most))
    above = ax.imshow(ratio, cmap=style.DIVERGING, vmin=-_LIMIT, vmax=_LIMIT)
    for x, y in zip(low[~tested], high[~tested], strict=True):
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", linewidth=0, edgecolor=style.MUTED))
    if n <= 14:
        for x, y, count in zip(high, low, shown["n_both"], strict=True):
            dark = count > 0.35 * most
            ax.text(x, y, str(count), ha="center", va="center", color="white" if dark else "#333333", fontsize=9)
    for i in range(n):
        ax.add_patch(Rectangle((i - 0.5, i - 0.5), 1, 1, facecolor="#EDEDED", linewidth=0))
    labels = [_label(c, names) for c in order]
    size = 10 if n <= 15 else 8 if n <= 30 else 6
    ax.set_xticks(range(n), labels, rotation=90 if n > 8 else 45, fontsize=size, ha="center" if n > 8 else "left")
    ax.set_yticks(range(n), labels, fontsize=size)
    ax.tick_params(length=0, labeltop=True, labelbottom=False, top=False, bottom=False)
    ax.spines[:].set_visible(False)
    unit = _unit(pairs)
    figure = ax.figure
    if drawn.any():
        figure.colorbar(above, ax=ax, shrink=0.6, pad=0.02, label="above the diagonal: log2(observed / expected)")
    if n > 14:
        ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if t <= most]
        bar = figure.colorbar(below, ax=ax, shrink=0.6, pad=0.02, ticks=ticks, format="%d")
        bar.minorticks_off()
        bar.set_label(f"below the diagonal: {unit} naming both")
    else:
        ax.set_xlabel(f"below the diagonal: {unit} naming both", labelpad=6)
    if (~tested).any():
        patch = Patch(facecolor="white", hatch="////", edgecolor=style.MUTED, label="not tested: too few units")
        ax.legend(handles=[patch], loc="upper left", bbox_to_anchor=(0, -0.06))
    ax.set_title(_finding(pairs, names, unit))
    return ax


def pair_network(
    pairs: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    max_q: float = 0.05,
    n_edges: int = 120,
    random_state: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw the pairs named together more than expected as a graph.

    An edge is a tested pair with ``q`` of at most ``max_q`` and ``log2_ratio`` above 0, its width the units that name
    both, its colour the ratio. Where no pair could be tested, pairs seen at all are drawn dashed and grey.

    Parameters
    ----------
    pairs : DataFrame
        From `comention.pairs`.
    names : mapping of str to str, optional
    max_q : float, default=0.05
    n_edges : int, default=120
        The most frequent are drawn; the title says how many there are.
    random_state : int, default=0
        Seed of the layout.
    ax : Axes, optional
    """
    ax = style.subplots(width=9, height=7)[1] if ax is None else ax
    ax.set_axis_off()
    tested = pairs["p"].notna().any()
    chosen = pairs[(pairs["q"] <= max_q) & (pairs["log2_ratio"] > 0)] if tested else pairs[pairs["n_both"] > 0]
    n_chosen = len(chosen)
    chosen = chosen.sort_values(["n_both", "country_a", "country_b"], ascending=[False, True, True])[:n_edges]
    if chosen.empty:
        return _nothing(
            ax, "No pair is named together more than expected" if tested else "No two countries share a unit"
        )
    graph = nx.Graph()
    graph.add_nodes_from(sorted({*chosen["country_a"], *chosen["country_b"]}))
    graph.add_edges_from(zip(chosen["country_a"], chosen["country_b"], strict=True))
    sizes = {
        **dict(zip(pairs["country_a"], pairs["n_a"], strict=True)),
        **dict(zip(pairs["country_b"], pairs["n_b"], strict=True)),
    }
    nodes = list(graph.nodes)
    labels = [_label(c, names) for c in nodes]
    points = _layout(graph, labels, random_state, ax)
    at = dict(zip(nodes, points, strict=True))
    lines = [(at[a], at[b]) for a, b in zip(chosen["country_a"], chosen["country_b"], strict=True)]
    weight = np.sqrt(chosen["n_both"].to_numpy() / chosen["n_both"].max())
    if tested:
        norm, cmap = Normalize(0, _LIMIT), colormaps[style.SEQUENTIAL]
        colours = cmap(0.25 + 0.75 * norm(chosen["log2_ratio"].to_numpy().clip(0, _LIMIT)))
        ax.add_collection(LineCollection(lines, linewidths=0.6 + 3.4 * weight, colors=colours, zorder=1))
    else:
        ax.add_collection(LineCollection(lines, linewidths=0.6 + 3.4 * weight, colors=style.MUTED, linestyles="dashed"))
    largest = max(sizes[c] for c in nodes)
    font = 10 if len(nodes) <= 15 else 8.5 if len(nodes) <= 40 else 7.5
    area = [20 + 160 * sizes[c] / largest for c in nodes]
    ax.scatter(*np.array(points).T, s=area, color=style.ACCENT if tested else style.GREY, edgecolor="white", zorder=2)
    for (x, y), label in zip(points, labels, strict=True):
        ax.annotate(
            label,
            (x, y),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=font,
            color="#222222",
            zorder=3,
            bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.4},
        )
    ax.set_aspect("auto")
    ax.margins(0.08)
    ax.autoscale_view()
    unit = _unit(pairs)
    if tested:
        shown = "" if n_chosen == len(chosen) else f", the {len(chosen)} most frequent drawn"
        ax.set_title(f"{n_chosen} pairs share more {unit} than expected (q ≤ {max_q:g}){shown}")
        figure = ax.figure
        part = ListedColormap(cmap(np.linspace(0.25, 1, 128)))
        figure.colorbar(ScalarMappable(norm, part), ax=ax, shrink=0.4, pad=0.01, label="log2(observed / expected)")
    else:
        ax.set_title(f"{n_chosen} pairs share {unit}; none could be tested (dashed)")
    return ax


def pair_windows(
    windows: pd.DataFrame, *, names: Mapping[str, str] | None = None, n_pairs: int = 20, ax: Axes | None = None
) -> Axes:
    """Draw what is left of the most frequent pairs as the window narrows from article to paragraph to sentence.

    A cell holds the units naming both; its colour is log2(observed / expected), hatched where not tested.

    Parameters
    ----------
    windows : DataFrame
        From `comention.windows`.
    names : mapping of str to str, optional
    n_pairs : int, default=20
    ax : Axes, optional
    """
    ax = style.subplots(width=7, height=7)[1] if ax is None else ax
    shown = windows[:n_pairs]
    if shown.empty:
        return _nothing(ax, "No two countries share a unit")
    columns = ["article", "paragraph", "sentence"]
    ratio = shown[[f"log2_ratio_{w}" for w in columns]].to_numpy(dtype=float)
    counts = shown[[f"n_both_{w}" for w in columns]].to_numpy()
    tested = shown[[f"q_{w}" for w in columns]].notna().to_numpy()
    colours = np.where(tested & (counts > 0), ratio.clip(-_LIMIT, _LIMIT), np.nan)
    image = ax.imshow(colours, cmap=style.DIVERGING, vmin=-_LIMIT, vmax=_LIMIT, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count and not tested[row, column]:
            ax.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", linewidth=0, edgecolor=style.MUTED)
            )
        strong = abs(colours[row, column]) > 2
        ax.text(
            column,
            row,
            str(count) if count else "–",
            ha="center",
            va="center",
            color="white" if strong else "#222222",
            bbox=None if tested[row, column] or not count else {"facecolor": "white", "linewidth": 0, "pad": 1.5},
        )
    ax.set_xticks(range(3), [f"same {w}" for w in columns])
    ax.set_yticks(
        range(len(shown)), [_pair(a, b, names) for a, b in zip(shown["country_a"], shown["country_b"], strict=True)]
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if np.isfinite(colours).any():
        ax.figure.colorbar(image, ax=ax, shrink=0.5, pad=0.02, label="log2(observed / expected)")
    n_article, n_sentence = int((windows["n_both_article"] > 0).sum()), int((windows["n_both_sentence"] > 0).sum())
    ax.set_title(f"Of {n_article} pairs in one article, {n_sentence} share a sentence")
    ax.set_xlabel("units naming both; hatched: not tested")
    return ax


def _layout(graph: nx.Graph, labels: list[str], random_state: int, ax: Axes) -> list[tuple[float, float]]:
    """Place the nodes by their edges, then push apart those whose labels would cover each other."""
    start = nx.spring_layout(graph, seed=random_state, iterations=200, k=2.2 / np.sqrt(max(2, len(labels))))
    xy = np.array([start[node] for node in graph.nodes])
    span = np.ptp(xy, axis=0)
    xy = (xy - xy.min(axis=0)) / np.where(span > 0, span, 1)
    box = ax.get_window_extent()
    size = np.array([box.width, box.height]) / ax.figure.dpi * 72
    xy = xy * size
    font = 10 if len(labels) <= 15 else 8.5 if len(labels) <= 40 else 7.5
    wide = np.array([0.62 * font * len(s) + 6 for s in labels])
    tall = font + 14
    for _ in range(300):
        dx, dy = xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1]
        need_x, need_y = (wide[:, None] + wide) / 2 - np.abs(dx), tall - np.abs(dy)
        clash = (need_x > 0) & (need_y > 0)
        np.fill_diagonal(clash, False)
        if not clash.any():
            break
        rank = np.sign(np.arange(len(labels))[:, None] - np.arange(len(labels)))
        sideways = clash & (need_x < need_y)
        upward = clash & ~sideways
        xy[:, 0] += 0.3 * (sideways * need_x * np.where(dx == 0, rank, np.sign(dx))).sum(axis=1)
        xy[:, 1] += 0.3 * (upward * need_y * np.where(dy == 0, rank, np.sign(dy))).sum(axis=1)
    return [(float(x), float(y)) for x, y in xy]


def _most_named(pairs: pd.DataFrame) -> list[str]:
    """Countries, most named first, ties by code."""
    sizes = dict(zip(pairs["country_a"], pairs["n_a"], strict=True)) | dict(
        zip(pairs["country_b"], pairs["n_b"], strict=True)
    )
    return sorted(sizes, key=lambda c: (-sizes[c], c))


def _finding(pairs: pd.DataFrame, names: Mapping[str, str] | None, unit: str) -> str:
    first = pairs.sort_values(["n_both", "country_a", "country_b"], ascending=[False, True, True]).iloc[0]
    if not first["n_both"]:
        return f"No two countries share any of the {unit}"
    both = f"{_label(first['country_a'], names)} and {_label(first['country_b'], names)}"
    return f"{both} share the most {unit}: {first['n_both']:,}"


def _unit(pairs: pd.DataFrame) -> str:
    return _PLURAL[pairs["within"].iloc[0]] if len(pairs) else "units"


def _label(code: str, names: Mapping[str, str] | None) -> str:
    return code if names is None else names.get(code, code)


def _pair(a: str, b: str, names: Mapping[str, str] | None) -> str:
    return f"{_label(a, names)} – {_label(b, names)}"


def _nothing(ax: Axes, why: str) -> Axes:
    """Say in the chart's place why there is none."""
    ax.set_axis_off()
    ax.set_title(why)
    return ax
