"""Charts of topics: their terms, their articles, the map, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill, shorten

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator

from analysis.charts.style import ACCENT, GREY, MUTED, PALETTE

HATCHES = ("", "//", "..", "xx", "--", "\\\\", "++", "oo")
"""Textures that tell topics apart without colour, and beyond the number of colours."""

STABLE = 0.5
"""Stability from which a topic is drawn in colour; others are grey and named unstable."""


def topic_terms(topics: pd.DataFrame, terms: pd.DataFrame, *, axes: Sequence[Axes], n_terms: int = 8) -> Sequence[Axes]:
    """Draw one panel of bars per topic: its most typical terms, as long as they are probable in it.

    Parameters
    ----------
    topics : DataFrame
        ``topic``, ``label``, ``n_units``, ``stability``.
    terms : DataFrame
        ``topic``, ``term``, ``weight``, ``rank``.
    axes : sequence of Axes
        At least one per topic; the rest are hidden.
    n_terms : int, default=8
    """
    axes = list(np.ravel(axes))
    if len(axes) < len(topics):
        raise ValueError(f"{len(topics)} topics need as many axes, not {len(axes)}")
    right = terms.loc[terms["rank"] <= n_terms, "weight"].max() * 100 if len(terms) else 1.0
    for ax, topic in zip(axes, topics.itertuples(), strict=False):
        shown = terms[(terms["topic"] == topic.topic) & (terms["rank"] <= n_terms)].sort_values("rank")
        colour = _colour(topic.topic, topic.stability)
        ax.barh(np.arange(len(shown)), shown["weight"] * 100, color=colour, height=0.7)
        ax.set_yticks(np.arange(len(shown)), shown["term"])
        ax.set_ylim(n_terms - 0.5, -0.5)
        ax.set_xlim(0, right * 1.05)
        ax.tick_params(axis="y", length=0)
        ax.set_title(_panel_title(topic), fontsize=10.5)
        ax.set_xlabel("% of its weighted words", fontsize=9)
    for ax in axes[len(topics) :]:
        ax.set_visible(False)
    return axes


def _panel_title(topic) -> str:
    known = topic.stability == topic.stability
    state = (
        f"{'stable' if topic.stability >= STABLE else 'unstable'} ({topic.stability:.2f})" if known else "not tested"
    )
    return f"{topic.topic}: {topic.n_units} unit{'' if topic.n_units == 1 else 's'}\n{state}"


def topic_shares(
    shares: pd.DataFrame,
    topics: pd.DataFrame,
    *,
    ax: Axes,
    names: pd.Series | None = None,
    unit: str = "paragraphs",
    column: str = "share",
) -> Axes:
    """Draw one stacked bar per article: the share of its units in each topic, or the probability of each topic.

    Parameters
    ----------
    shares : DataFrame
        ``article_id``, ``topic``, ``n_units``, ``column``.
    topics : DataFrame
        ``topic``, ``label``, ``stability``.
    ax : Axes
    names : Series of str, indexed by ``article_id``, optional
        Short names of the articles.
    unit : str, default="paragraphs"
        What is counted.
    column : {"share", "probability"}, default="share"
    """
    ids = list(dict.fromkeys(shares["article_id"]))
    totals = shares.groupby("article_id")["n_units"].sum()
    left = np.zeros(len(ids))
    for number, topic in enumerate(topics.itertuples()):
        part = shares[shares["topic"] == topic.topic].set_index("article_id").reindex(ids)
        width = part[column].fillna(0.0).to_numpy()
        face, hatch = _look(number, topic.stability)
        bars = ax.barh(np.arange(len(ids)), width, left=left, height=0.72, color=face, edgecolor="white", hatch=hatch)
        for row, bar in enumerate(bars):
            if width[row] >= 0.045:
                ax.text(
                    bar.get_x() + width[row] / 2,
                    row,
                    f"{number}",
                    ha="center",
                    va="center",
                    fontsize=9,
                    bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
                )
        bars.set_label(f"{topic.topic}: {shorten(topic.label, 40, placeholder='…')}" + _mark(topic.stability))
        left += width
    labels = [
        f"{names[i] if names is not None else i}" + (f"  ({totals[i]})" if column == "share" else "") for i in ids
    ]
    ax.set_yticks(np.arange(len(ids)), labels)
    ax.set_ylim(len(ids) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.set_xlabel(f"share of the article's {unit}" if column == "share" else "probability of the topic")
    ax.set_ylabel(f"article (number of {unit})" if column == "share" else "article")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, title="topic", alignment="left")
    return ax


def _colour(number: int, stability: float) -> str:
    """Return the colour of a topic, the same in every chart; grey if it is not stable."""
    return PALETTE[number % len(PALETTE)] if stability >= STABLE else MUTED


def _look(number: int, stability: float) -> tuple[str, str]:
    return _colour(number, stability), HATCHES[
        (number // len(PALETTE) + (0 if stability >= STABLE else number)) % len(HATCHES)
    ]


def _two_lines(label: str) -> str:
    """Break a label so that it fits over a panel, a third of a figure wide."""
    return fill(shorten(label, 42, placeholder=" …"), 22)


def _mark(stability: float) -> str:
    return "" if stability >= STABLE else " (unstable)"


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
        stable = topic.stability >= STABLE
        ax.scatter(
            topic.x,
            topic.y,
            s=60 + 900 * topic.n_units / largest,
            color=_colour(topic.topic, topic.stability),
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
        label = f"{topic.topic}: {_two_lines(topic.label)}" + _mark(topic.stability)
        ax.scatter([], [], s=70, color=_colour(topic.topic, topic.stability), label=label)
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


DECIDING = {"share": "share of the likelihood", "information_share": "share of the information"}
"""Columns that `topic_number` draws first and in colour, and their titles."""


def topic_number(
    selection: pd.DataFrame, *, axes: Sequence[Axes], enough: Mapping[str, float] | None = None
) -> Sequence[Axes]:
    """Draw the criteria over the number of topics, one panel each; the range, the choice and the runner-up marked.

    Parameters
    ----------
    selection : DataFrame
        ``n_topics``, criteria, those of `DECIDING`, ``score`` (NaN outside the range), ``choice``.
    axes : sequence of Axes
        Those that decide come first, then as many criteria as there are axes, in the order of the columns; axes left
        over are hidden.
    enough : mapping of str to float, optional
        Share that is looked for, by column; a dashed line.
    """
    axes = list(np.ravel(axes))
    enough = {} if enough is None else enough
    aside = ("n_topics", "n_found", "score", "choice", *DECIDING)
    criteria = [*(c for c in DECIDING if c in selection.columns), *(c for c in selection.columns if c not in aside)]
    inside = selection.loc[selection["score"].notna(), "n_topics"]
    for ax, name in zip(axes, criteria, strict=False):
        colour = ACCENT if name in DECIDING else GREY
        ax.plot(selection["n_topics"], selection[name], color=colour, marker="o", markersize=3)
        if name in enough:
            ax.axhline(enough[name], color=GREY, linestyle="--", linewidth=1, zorder=0)
        if len(inside) > 1:
            low, high = inside.min(), inside.max()
            ax.axvspan(low, high, color=ACCENT, alpha=0.12, linewidth=0, zorder=0, label=f"range: {low} to {high}")
        for choice, style in (("chosen", "-"), ("runner-up", ":")):
            for k in selection.loc[selection["choice"] == choice, "n_topics"]:
                ax.axvline(k, color=ACCENT, linestyle=style, linewidth=1.4, zorder=0, label=f"{choice}: {k}")
        titles = {"likelihood": "held-out likelihood", **DECIDING}
        ax.set_title(titles.get(name, name), fontsize=10.5)
        ax.set_xlabel("number of topics")
        ax.set_ylabel("of the greatest" if name in DECIDING else "")
        if len(selection) > 1:
            margin = (selection["n_topics"].max() - selection["n_topics"].min()) * 0.05
            ax.set_xlim(selection["n_topics"].min() - margin, selection["n_topics"].max() + margin)
        ax.xaxis.get_major_locator().set_params(integer=True)
    spare = axes[len(criteria) :]
    for ax in spare:
        ax.set_axis_off()
    if len(selection):
        handles, names = axes[0].get_legend_handles_labels()
        if spare:
            spare[0].legend(handles, names, fontsize=10, loc="center left")
        else:  # below the panels: in one of them it would lie on its lines
            axes[0].figure.legend(handles, names, fontsize=10, loc="outside lower center", ncols=len(names))
    return axes


def topic_rates(
    rates: pd.DataFrame, topics: pd.DataFrame, *, axes: Sequence[Axes], by: str, n: int = 8
) -> Sequence[Axes]:
    """Draw one panel per topic: of the groups with most units, the share that falls into it, with its interval.

    A share without an interval is hollow.

    Parameters
    ----------
    rates : DataFrame
        ``by``, ``topic``, ``n_group``, ``share``, ``ci_low``, ``ci_high``; groups in the order to draw, first on top.
    topics : DataFrame
        ``topic``, ``label``, ``stability``.
    axes : sequence of Axes
        At least one per topic; the rest are hidden.
    by : str
        The column that names the groups.
    n : int, default=8
        Groups drawn at most.
    """
    axes = list(np.ravel(axes))
    if len(axes) < len(topics):
        raise ValueError(f"{len(topics)} topics need as many axes, not {len(axes)}")
    groups = rates.drop_duplicates(by).head(n)
    rows = np.arange(len(groups))
    for ax, topic in zip(axes, topics.itertuples(), strict=False):
        part = rates[rates["topic"] == topic.topic].set_index(by).reindex(groups[by])
        colour = _colour(topic.topic, topic.stability)
        ax.hlines(rows, part["ci_low"] * 100, part["ci_high"] * 100, color=colour, linewidth=2)
        _points(ax, part["share"] * 100, rows, part["ci_low"].isna(), colour, size=5)
        ax.set_yticks(rows, [f"{g} ({m})" for g, m in zip(groups[by], groups["n_group"], strict=True)])
        ax.set_ylim(max(len(groups), 1) - 0.5, -0.5)
        ax.set_xlim(-2, 102)
        ax.set_title(f"{topic.topic}{_mark(topic.stability)}:\n{_two_lines(topic.label)}", fontsize=9.5)
        ax.set_xlabel("% of the group's units", fontsize=9)
    for ax in axes[len(topics) :]:
        ax.set_visible(False)
    return axes


def _points(ax: Axes, x: pd.Series, y: pd.Series, hollow: pd.Series, colour: str, *, size: float) -> None:
    """Draw points, hollow where one story leaves no interval."""
    ax.plot(x, y, marker="o", markersize=size, color=colour, linestyle="none")
    where = hollow.to_numpy()
    ax.plot(
        np.asarray(x)[where], np.asarray(y)[where], marker="o", markersize=size * 0.6, color="white", linestyle="none"
    )


def topic_trend(rates: pd.DataFrame, topics: pd.DataFrame, *, axes: Sequence[Axes]) -> Sequence[Axes]:
    """Draw one panel per topic: its share of the units of each period, with its interval; hollow without one.

    Parameters
    ----------
    rates : DataFrame
        ``period``, ``topic``, ``share``, ``ci_low``, ``ci_high``.
    topics : DataFrame
        ``topic``, ``label``, ``stability``.
    axes : sequence of Axes
        At least one per topic; the rest are hidden.
    """
    axes = list(np.ravel(axes))
    if len(axes) < len(topics):
        raise ValueError(f"{len(topics)} topics need as many axes, not {len(axes)}")
    for ax, topic in zip(axes, topics.itertuples(), strict=False):
        part = rates[rates["topic"] == topic.topic].sort_values("period")
        colour = _colour(topic.topic, topic.stability)
        ax.vlines(part["period"], part["ci_low"] * 100, part["ci_high"] * 100, color=colour, linewidth=1.5)
        _points(ax, part["period"], part["share"] * 100, part["ci_low"].isna(), colour, size=4)
        ax.set_ylim(-2, 102)
        ax.set_title(f"{topic.topic}{_mark(topic.stability)}:\n{_two_lines(topic.label)}", fontsize=9.5)
        ax.set_ylabel("% of units", fontsize=9)
        ax.set_xlabel("period", fontsize=9)
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=5))
        ax.tick_params(axis="x", labelsize=8)
    for ax in axes[len(topics) :]:
        ax.set_visible(False)
    return axes


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
        colour = _colour(unit["topic"], stability[unit["topic"]])
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
