"""Charts of how near topics, and the units in them, lie to each other: the map and the tree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patheffects import withStroke

from analysis.charts import labels, topic_looks
from analysis.charts.style import GREY


def topic_map(positions: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw topics as discs whose area grows with their units; a line leads from each to the one truly nearest to it.

    A disc stands at its place whatever it covers: the smaller lie on the larger, and one shows through another. Their
    numbers are moved apart where they would touch, with a stroke from a number to the middle of its disc.

    Parameters
    ----------
    positions : DataFrame
        ``topic``, ``label``, ``x``, ``y``, ``n_units``, ``stability``, ``explained``, ``nearest``.
    ax : Axes
    """
    placed = positions[positions[["x", "y"]].notna().all(axis=1)]
    if placed.empty:
        return labels.nothing(ax, "No topic to place on a map")
    at = {topic.topic: (topic.x, topic.y) for topic in placed.itertuples()}
    for topic in placed.itertuples():
        if topic.nearest in at:
            ax.plot(*zip(at[topic.topic], at[topic.nearest], strict=True), color=GREY, linewidth=1, zorder=1)
        name = topic_looks.two_lines(topic.label) if len(placed) <= 10 else topic_looks.short(topic.label, 32)
        label = f"{topic.topic}: {name}" + topic_looks.mark(topic.stability)
        ax.scatter([], [], s=70, label=label, **_disc(topic))
    areas = 90 + 900 * placed["n_units"] / max(int(placed["n_units"].max()), 1)
    for topic in placed.assign(area=areas).sort_values("area", ascending=False, kind="stable").itertuples():
        ax.scatter(topic.x, topic.y, s=topic.area, zorder=2, **_disc(topic))
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, title="topic", alignment="left")
    ax.set_aspect("equal", adjustable="box", anchor="W")
    ax.locator_params(nbins=5)
    span = float(np.ptp(placed[["x", "y"]].to_numpy(), axis=0).max()) or 1.0
    for axis in ("x", "y"):
        low, high = placed[axis].min(), placed[axis].max()
        getattr(ax, f"set_{axis}lim")(low - 0.28 * span, high + 0.28 * span)
    share = placed["explained"].iloc[0]
    shown = f"\n(both axes show {share:.0%} of the squared distances;\na line leads to the nearest topic by all axes)"
    ax.set_xlabel("first axis, Hellinger distance" + (shown if share == share else ""))
    ax.set_ylabel("second axis, Hellinger distance")
    ax.grid(True, zorder=0)
    _number(ax, placed, size=9 if len(placed) <= 10 else 8)
    return ax


def _disc(topic) -> dict:
    """Return how the disc of a topic looks: what lies under it shows through."""
    stable, colour = topic.stability >= topic_looks.STABLE, topic_looks.colour(topic.topic, topic.stability)
    edge = {"edgecolor": colour, "linestyle": "-"} if stable else {"edgecolor": GREY, "linestyle": "--"}
    return {"facecolor": to_rgba(colour, 0.4), "linewidth": 1.4, **edge}


def _number(ax: Axes, placed: pd.DataFrame, *, size: float) -> None:
    """Write the numbers of the topics on their discs, apart from each other; the layout of the figure is the last."""
    ax.figure.draw_without_rendering()
    points = 72 / ax.figure.dpi
    centres = ax.transData.transform(placed[["x", "y"]].to_numpy(float)) * points
    box = ax.get_window_extent()
    radii = np.array([0.36 * size * len(str(topic)) + 2.2 for topic in placed["topic"]])
    spots = labels.apart(centres, radii, low=np.array(box.min) * points, high=np.array(box.max) * points)
    halo = [withStroke(linewidth=2, foreground="white")]
    line = {"arrowstyle": "-", "color": "black", "linewidth": 0.8, "shrinkA": 4, "shrinkB": 0}
    for topic, centre, spot in zip(placed.itertuples(), centres, spots, strict=True):
        ax.annotate(
            str(topic.topic),
            (topic.x, topic.y),
            xytext=spot - centre,
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=size,
            fontweight="bold",
            path_effects=halo,
            arrowprops=line if np.hypot(*(spot - centre)) > size else None,
            zorder=3,
        ).set_in_layout(False)


def topic_dendrogram(
    joins: pd.DataFrame, assignments: pd.DataFrame, topics: pd.DataFrame, *, ax: Axes, names: pd.Series | None = None
) -> Axes:
    """Draw the tree of units, one leaf a line, each leaf with its topic; grey where the topic is unstable.

    Parameters
    ----------
    joins : DataFrame
        ``left``, ``right``, ``distance``, ``n_units``; the last row joins everything.
    assignments : DataFrame
        ``article_id``, ``segment``, ``topic``, ``weak``; units are numbered by their row.
    topics : DataFrame
        ``topic``, ``label``, ``stability``.
    ax : Axes
        About 0.17 inches of height per unit keep the leaves legible.
    names : Series of str, indexed by ``article_id``, optional
        Short names of the articles.
    """
    n_units = len(assignments)
    if joins.empty:
        return labels.nothing(ax, "No two units have a topic")
    children = {n_units + i: (a, b) for i, (a, b) in enumerate(zip(joins["left"], joins["right"], strict=True))}
    heights = {n_units + i: d for i, d in enumerate(joins["distance"])}
    leaves = _leaves(children, n_units + len(joins) - 1)
    at: dict[int, float] = {leaf: float(row) for row, leaf in enumerate(leaves)}
    for node, (a, b) in children.items():
        low, high = at[a], at[b]
        at[node] = (low + high) / 2
        x = heights[node]
        ax.plot([heights.get(a, 0), x, x, heights.get(b, 0)], [low, low, high, high], color=GREY, linewidth=1)
    stability = topics.set_index("topic")["stability"]
    ids = list(dict.fromkeys(assignments["article_id"]))
    called = dict(zip(ids, labels.shorten(names[i] if names is not None else i for i in ids), strict=True))
    texts = []
    for row, leaf in enumerate(leaves):
        unit = assignments.iloc[leaf]
        name = called[unit["article_id"]]
        place = f" ¶{unit['segment']}" if unit["segment"] >= 0 else ""
        texts.append(f"{name}{place}  [{unit['topic']}]{'?' if unit['weak'] else ''}")
        colour = topic_looks.colour(unit["topic"], stability[unit["topic"]])
        ax.plot(0, row, marker="s", markersize=5, color=colour, clip_on=False, zorder=3)
    ax.set_yticks(range(len(leaves)), texts, fontsize=8)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.set_ylim(len(leaves) - 0.5, -0.5)
    ax.set_xlim(left=0)
    ax.set_xlabel("mean cosine distance at which units are joined")
    ax.set_ylabel("unit  [topic]; ? = between two topics")
    return ax


def _leaves(children: dict[int, tuple[int, int]], root: int) -> list[int]:
    """Leaves from top to bottom."""
    found, stack = [], [root]
    while stack:
        node = stack.pop()
        if node in children:
            a, b = children[node]
            stack += [b, a]
        else:
            found.append(node)
    return found
