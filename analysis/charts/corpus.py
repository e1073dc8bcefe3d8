"""Charts of what is in the corpus."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import labels
from analysis.charts.style import ACCENT, GREY, MUTED, PALETTE

_ROLE_COLOURS = {"headline": PALETTE[4], "body": ACCENT, "dateline": PALETTE[3], "boilerplate": MUTED}
_ROLE_HATCHES = {"headline": "", "body": "", "dateline": "////", "boilerplate": "...."}


def words_by_role(words: pd.DataFrame, *, title: str, ax: Axes) -> Axes:
    """Draw one bar per article or group of articles, its words stacked by role.

    Parameters
    ----------
    words : DataFrame
        ``role``, ``n_words`` and either ``article`` (label), the longest article on top; or ``group`` and
        ``n_articles``, with mean words, in their order.
    title : str
    ax : Axes
    """
    if words.empty:
        return labels.nothing(ax, "No article has words")
    key = "article" if "article" in words.columns else "group"
    table = words.pivot_table(index=key, columns="role", values="n_words", aggfunc="sum", fill_value=0, sort=False)
    table = table.reindex(columns=[r for r in _ROLE_COLOURS if r in table.columns])
    if key == "article":
        table = table.loc[table.sum(axis=1).sort_values(kind="stable", ascending=False).index]
        names = labels.shorten(table.index)
    else:
        sizes = words.drop_duplicates("group").set_index("group")["n_articles"]
        names = [f"{name} ({sizes[g]:,})" for g, name in zip(table.index, labels.shorten(table.index), strict=True)]
    left = pd.Series(0.0, index=table.index)
    rows = range(len(table))
    for role in table.columns:
        ax.barh(
            rows, table[role], left=left, height=0.68, label=role, color=_ROLE_COLOURS[role],
            hatch=_ROLE_HATCHES[role], edgecolor="white", linewidth=0.4,
        )  # fmt: skip
        left = left + table[role]
    ax.set_yticks(list(rows), names)
    ax.invert_yaxis()
    ax.set_xlim(0, left.max() * 1.04 or 1)
    ax.set_xlabel(f"{'' if key == 'article' else 'mean '}words, separated by white space")
    ax.set_ylabel("article" if key == "article" else "articles (how many)")
    ax.grid(axis="x")
    ax.set_title(title)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=table.shape[1])
    return labels.fit(ax)


def share_intervals(intervals: pd.DataFrame, *, n_stories: int, title: str, ax: Axes) -> Axes:
    """Draw the interval of a share for each number of stories found.

    Parameters
    ----------
    intervals : DataFrame
        ``n_found``, ``share``, ``low``, ``high``, from `corpus.share_intervals`.
    n_stories : int
        The denominator, for the labels.
    title : str
    ax : Axes
    """
    if intervals.empty:
        return labels.nothing(ax, "No story to count")
    rows = range(len(intervals))
    ax.hlines(rows, 100 * intervals["low"], 100 * intervals["high"], color=ACCENT, linewidth=5, alpha=0.35)
    ax.plot(100 * intervals["share"], rows, "o", color=ACCENT, markersize=7)
    for row, low, high in zip(rows, intervals["low"], intervals["high"], strict=True):
        ax.annotate(
            f"{100 * low:.0f}–{100 * high:.0f}%", (100 * high, row), xytext=(6, 0), textcoords="offset points",
            va="center", color=GREY, fontsize=9.5,
        )  # fmt: skip
    ax.set_yticks(list(rows), [f"{k:,} of {n_stories:,}" for k in intervals["n_found"]])
    ax.set_xlim(-3, 118)
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel("% of all such coverage (dot: share in the corpus; bar: 95% interval)")
    ax.set_ylabel("stories that have it")
    ax.grid(axis="x")
    ax.set_title(title)
    return ax
