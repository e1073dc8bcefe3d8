"""Charts of how much of a group, or of a period, falls into each topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator

from analysis.charts import labels, topic_looks


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
    if topics.empty or rates.empty:
        return labels.nothing_in(axes, "No group has units of a topic")
    if n == 0:
        return labels.nothing_in(axes, labels.unasked("group"))
    if len(axes) < len(topics):
        raise ValueError(f"{len(topics)} topics need as many axes, not {len(axes)}")
    groups = rates.drop_duplicates(by).head(n)
    rows = np.arange(len(groups))
    names = [f"{g} ({m})" for g, m in zip(labels.shorten(groups[by], 20), groups["n_group"], strict=True)]
    size = 10 if max(map(len, names)) <= 22 else 8.5
    for ax, topic in zip(axes, topics.itertuples(), strict=False):
        part = rates[rates["topic"] == topic.topic].set_index(by).reindex(groups[by])
        colour = topic_looks.colour(topic.topic, topic.stability)
        ax.hlines(rows, part["ci_low"] * 100, part["ci_high"] * 100, color=colour, linewidth=2)
        _points(ax, part["share"] * 100, rows, part["ci_low"].isna(), colour, size=5)
        ax.set_yticks(rows, names, fontsize=size)
        ax.set_ylim(len(groups) - 0.5, -0.5)
        ax.set_xlim(-2, 102)
        ax.set_title(
            f"{topic.topic}{topic_looks.mark(topic.stability)}:\n{topic_looks.two_lines(topic.label)}", fontsize=9.5
        )
        ax.set_xlabel("% of the group's units", fontsize=9)
    for ax in axes[len(topics) :]:
        ax.set_visible(False)
    return axes


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
    if topics.empty or rates.empty:
        return labels.nothing_in(axes, "No period has units of a topic")
    if len(axes) < len(topics):
        raise ValueError(f"{len(topics)} topics need as many axes, not {len(axes)}")
    for ax, topic in zip(axes, topics.itertuples(), strict=False):
        part = rates[rates["topic"] == topic.topic].sort_values("period")
        colour = topic_looks.colour(topic.topic, topic.stability)
        ax.vlines(part["period"], part["ci_low"] * 100, part["ci_high"] * 100, color=colour, linewidth=1.5)
        _points(ax, part["period"], part["share"] * 100, part["ci_low"].isna(), colour, size=4)
        ax.set_ylim(-2, 102)
        ax.set_title(
            f"{topic.topic}{topic_looks.mark(topic.stability)}:\n{topic_looks.two_lines(topic.label)}", fontsize=9.5
        )
        ax.set_ylabel("% of units", fontsize=9)
        ax.set_xlabel("period", fontsize=9)
        if part["period"].nunique() == 1:  # of one period there is no axis of time: no years around it
            ax.set_xticks(part["period"], labels.period_names(part["period"]))
        else:
            ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=5))
        ax.tick_params(axis="x", labelsize=8)
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
