"""Charts of what topics are made of: their terms, their articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import labels, topic_looks


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
    if topics.empty:
        return labels.nothing_in(axes, "No topic was found")
    if len(axes) < len(topics):
        raise ValueError(f"{len(topics)} topics need as many axes, not {len(axes)}")
    right = np.nan_to_num(terms.loc[terms["rank"] <= n_terms, "weight"] * 100).max(initial=0) or 1.0
    size = 8.5 if (terms["rank"].le(n_terms) & terms["term"].str.len().gt(20)).any() else 10
    for ax, topic in zip(axes, topics.itertuples(), strict=False):
        shown = terms[(terms["topic"] == topic.topic) & (terms["rank"] <= n_terms)].sort_values("rank")
        colour = topic_looks.colour(topic.topic, topic.stability)
        ax.barh(np.arange(len(shown)), shown["weight"] * 100, color=colour, height=0.7)
        ax.set_yticks(np.arange(len(shown)), labels.shorten(shown["term"], 24), fontsize=size)
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
        f"{'stable' if topic.stability >= topic_looks.STABLE else 'unstable'} ({topic.stability:.2f})"
        if known
        else "not tested"
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
    if not ids or topics.empty:
        return labels.nothing(ax, "No article has a topic")
    totals = shares.groupby("article_id")["n_units"].sum()
    left = np.zeros(len(ids))
    for topic in topics.itertuples():
        part = shares[shares["topic"] == topic.topic].set_index("article_id").reindex(ids)
        width = part[column].fillna(0.0).to_numpy()
        face, hatch = topic_looks.look(topic.topic, topic.stability)
        bars = ax.barh(np.arange(len(ids)), width, left=left, height=0.72, color=face, edgecolor="white", hatch=hatch)
        for row, bar in enumerate(bars):
            if width[row] >= 0.045:
                ax.text(
                    bar.get_x() + width[row] / 2,
                    row,
                    f"{topic.topic}",
                    ha="center",
                    va="center",
                    fontsize=9,
                    bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
                )
        bars.set_label(f"{topic.topic}: {topic_looks.short(topic.label)}" + topic_looks.mark(topic.stability))
        left += width
    texts = labels.shorten((names[i] if names is not None else i for i in ids), 32)
    if column == "share":
        texts = [f"{text}  ({totals[i]})" for i, text in zip(ids, texts, strict=True)]
    ax.set_yticks(np.arange(len(ids)), texts)
    ax.set_ylim(len(ids) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.set_xlabel(f"share of the article's {unit}" if column == "share" else "probability of the topic")
    ax.set_ylabel(f"article (number of {unit})" if column == "share" else "article")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, title="topic", alignment="left")
    return ax
