"""Charts of how near topics, and the units in them, lie to each other: the map and the tree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import topic_looks
from analysis.charts.style import GREY


def topic_map(positions: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw topics as discs whose area grows with their units; a line leads from each to the one truly nearest to it.

    Parameters
    ----------
    positions : DataFrame
        ``topic``, ``label``, ``x``, ``y``, ``n_units``, ``stability``, ``explained``, ``nearest``.
    ax : Axes
    """
    largest = max(int(positions["n_units"].max()), 1) if len(positions) else 1
    span = float(np.ptp(positions[["x", "y"]].to_numpy(), axis=0).max()) if len(positions) > 1 else 1.0
    span = span or 1.0
    at = {topic.topic: (topic.x, topic.y) for topic in positions.itertuples()}
    for topic in positions.itertuples():
        if topic.nearest in at:
            ax.plot(*zip(at[topic.topic], at[topic.nearest], strict=True), color=GREY, linewidth=1, zorder=1)
        stable = topic.stability >= topic_looks.STABLE
        ax.scatter(
            topic.x,
            topic.y,
            s=60 + 900 * topic.n_units / largest,
            color=topic_looks.colour(topic.topic, topic.stability),
            alpha=0.75,
            edgecolor="white" if stable else GREY,
            linestyle="-" if stable else "--",
            zorder=2,
        )
        ax.annotate(
            str(topic.topic),
            (topic.x, topic.y),
            ha="center",
            va="center",
            color="black",
            fontsize=9,
            fontweight="bold",
            zorder=3,
        )
        label = f"{topic.topic}: {topic_looks.two_lines(topic.label)}" + topic_looks.mark(topic.stability)
        ax.scatter([], [], s=70, color=topic_looks.colour(topic.topic, topic.stability), label=label)
    if len(positions):
        ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, title="topic", alignment="left")
    ax.set_aspect("equal", adjustable="box", anchor="W")
    ax.locator_params(nbins=5)
    for axis, low, high in (
        ("x", positions["x"].min(), positions["x"].max()),
        ("y", positions["y"].min(), positions["y"].max()),
    ):
        pad = 0.28 * span
        getattr(ax, f"set_{axis}lim")(low - pad, high + pad)
    share = positions["explained"].iloc[0] if len(positions) else float("nan")
    ax.set_xlabel(
        "first axis, Hellinger distance"
        + (
            f"\n(both axes show {share:.0%} of the squared distances;\na line leads to the nearest topic by all axes)"
            if share == share
            else ""
        )
    )
    ax.set_ylabel("second axis, Hellinger distance")
    ax.grid(True, zorder=0)
    return ax


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
    labels = []
    for row, leaf in enumerate(leaves):
        unit = assignments.iloc[leaf]
        name = names[unit["article_id"]] if names is not None else unit["article_id"]
        place = f" ¶{unit['segment']}" if unit["segment"] >= 0 else ""
        labels.append(f"{name}{place}  [{unit['topic']}]{'?' if unit['weak'] else ''}")
        colour = topic_looks.colour(unit["topic"], stability[unit["topic"]])
        ax.plot(0, row, marker="s", markersize=5, color=colour, clip_on=False, zorder=3)
    ax.set_yticks(range(len(leaves)), labels, fontsize=8)
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
