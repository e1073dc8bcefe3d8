"""Charts of terms: how frequent, where, in whose articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.style import ACCENT, GREY, MUTED, PALETTE


def term_bars(frequencies: pd.DataFrame, *, title: str, ax: Axes) -> Axes:
    """Draw ``per_million`` as one bar per term, first row on top, with its interval.

    Parameters
    ----------
    frequencies : DataFrame
        Rows of `terms.frequencies`: ``label`` (or ``term``), ``per_million``, ``ci_low``, ``ci_high``, ``n``, ``df``.
    """
    y = np.arange(len(frequencies))
    rate = frequencies["per_million"].to_numpy() / 1000
    ax.barh(y, rate, color=ACCENT, height=0.72)
    low, high = frequencies["ci_low"].to_numpy() / 1000, frequencies["ci_high"].to_numpy() / 1000
    known = ~np.isnan(low)
    ax.hlines(y[known], low[known], high[known], color="#222222", linewidth=1.2)
    edge = np.where(known, np.fmax(high, rate), rate)
    for k, (n, df) in enumerate(zip(frequencies["n"], frequencies["df"], strict=True)):
        ax.annotate(f"{n} in {df}", (edge[k], k), xytext=(5, 0), textcoords="offset points", va="center", color=GREY,
                    fontsize=9)  # fmt: skip
    ax.set_yticks(y, _labels(frequencies))
    ax.set_ylim(len(y) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, (edge.max() if len(y) else 1) * 1.14)
    ax.grid(axis="x")
    ax.set_xlabel("occurrences per 1,000 tokens")
    ax.set_ylabel("term")
    ax.set_title(title)
    return ax


def terms_by_group(counts: pd.DataFrame, *, title: str, ax: Axes, terms: list[str] | None = None) -> Axes:
    """Draw the rate of each term in each group as a dot; a term that a group lacks is a hollow dot at 0.

    Parameters
    ----------
    counts : DataFrame
        From `terms.by_group`.
    terms : list of str, optional
        Terms to draw, first on top; all of them if not given.
    """
    chosen = list(dict.fromkeys(counts["term"])) if terms is None else list(terms)
    names = dict(zip(counts["term"], _labels(counts), strict=True))
    groups = list(dict.fromkeys(counts["group"]))
    y = np.arange(len(chosen))
    markers = "osD^vPX*"
    rates = [counts[counts["group"] == g].set_index("term").reindex(chosen) for g in groups]
    table = np.array([r["per_million"].to_numpy() / 1000 for r in rates])
    if table.size:
        ax.hlines(y, np.nanmin(table, axis=0), np.nanmax(table, axis=0), color=MUTED, linewidth=2, zorder=1)
    for k, group in enumerate(groups):
        absent = rates[k]["n"].to_numpy() == 0
        colour = PALETTE[k % len(PALETTE)]
        sizes = rates[k][["n_articles", "n_tokens"]].iloc[0] if len(chosen) else (0, 0)
        name = f"{group} ({int(sizes.iloc[0])} articles, {int(sizes.iloc[1]):,} tokens)"
        ax.scatter(table[k][~absent], y[~absent], s=54, marker=markers[k % 8], color=colour, label=name, zorder=3)
        ax.scatter(table[k][absent], y[absent], s=54, marker=markers[k % 8], facecolor="white", edgecolor=colour,
                   zorder=3, clip_on=False)  # fmt: skip
    ax.set_yticks(y, [names[t] for t in chosen])
    ax.set_ylim(len(y) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(left=0)
    ax.grid(axis="x")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, columnspacing=1.5, handletextpad=0.3)
    ax.set_xlabel("occurrences per 1,000 tokens of the group (hollow: none)")
    ax.set_ylabel("term")
    ax.set_title(title)
    return ax


def rank_frequency(frequencies: pd.DataFrame, *, title: str, ax: Axes, n_labels: int = 8) -> Axes:
    """Draw the count of every term against its rank, both on a log scale.

    Parameters
    ----------
    frequencies : DataFrame
        All rows of `terms.frequencies`, stop words included.
    n_labels : int, default=8
        Terms named, spread evenly over the log ranks.
    """
    n = np.sort(frequencies["n"].to_numpy())[::-1]
    ranks = np.arange(1, len(n) + 1)
    ax.plot(ranks, n, color=MUTED, linewidth=1, zorder=1)
    ax.scatter(ranks, n, s=16, color=ACCENT, zorder=2)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    names = _labels(frequencies)
    picked = np.unique(np.round(np.geomspace(1, max(len(n) * 0.2, 1), n_labels)).astype(int)) if len(n) else []
    for r in picked:
        ax.annotate(names[r - 1], (r, n[r - 1]), xytext=(6, 5), textcoords="offset points", color="#222222", fontsize=9)
    once = int((n == 1).sum())
    if len(n):
        ax.set_ylim(0.8, n[0] * 2)
        ax.text(0.98, 0.96, f"{len(n):,} terms, {once:,} of them occur once", transform=ax.transAxes, ha="right",
                va="top", color=GREY)  # fmt: skip
    ax.grid(which="major")
    ax.set_xlabel("rank of the term (log scale)")
    ax.set_ylabel("occurrences (log scale)")
    ax.set_title(title)
    return ax


def term_positions(
    positions: pd.DataFrame,
    *,
    terms: list[str],
    articles: list[str],
    title: str,
    ax: Axes,
    names: dict[str, str] | None = None,
) -> Axes:
    """Draw where in each article each term falls: a dispersion plot, one band per article.

    Parameters
    ----------
    positions : DataFrame
        From `terms.positions`.
    terms : list of str
        One row of ticks each, within the band of every article.
    articles : list of str
        Ids, first on top; an article without a hit keeps its empty band.
    names : dict, optional
        What to call each article.
    """
    names = names or {}
    band = len(terms) + 1
    ticks = []
    for i, article in enumerate(articles):
        for k, term in enumerate(terms):
            y = i * band + k
            ticks.append(y)
            here = positions[(positions["article_id"] == article) & (positions["term"] == term)]
            ax.hlines(y, 0, 1, color="#E3E3E3", linewidth=0.8, zorder=1)
            ax.vlines(here["share"], y - 0.36, y + 0.36, color=PALETTE[k % len(PALETTE)], linewidth=2, zorder=2)
            ax.annotate(str(len(here)), (1, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9,
                        color=GREY if len(here) else MUTED, annotation_clip=False)  # fmt: skip
        middle = i * band + (len(terms) - 1) / 2
        ax.annotate(names.get(article, article), (1, middle), xytext=(30, 0), textcoords="offset points", va="center",
                    annotation_clip=False, fontweight="bold")  # fmt: skip
    ax.set_yticks(ticks, list(terms) * len(articles))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(articles) * band - 1.2, -0.8)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("place in the article, share of its tokens; at right how often")
    ax.set_ylabel("term")
    ax.set_title(title)
    return ax


def _labels(frame: pd.DataFrame) -> list[str]:
    return frame["label" if "label" in frame else "term"].tolist()
