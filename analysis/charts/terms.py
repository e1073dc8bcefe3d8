"""Charts of terms: how frequent, where, in whose articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from analysis.charts import labels
from analysis.charts.style import ACCENT, GREY, MUTED, PALETTE


def term_bars(frequencies: pd.DataFrame, *, title: str, ax: Axes) -> Axes:
    """Draw ``per_million`` as one bar per term, first row on top, with its interval.

    Parameters
    ----------
    frequencies : DataFrame
        Rows of `terms.frequencies`: ``label`` (or ``term``), ``per_million``, ``ci_low``, ``ci_high``, ``n``, ``df``.
    """
    if frequencies.empty:
        return labels.nothing(ax, "No term is counted")
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
    ax.set_yticks(y, labels.of_terms(frequencies))
    ax.set_ylim(len(y) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, np.nan_to_num(edge).max() * 1.14 or 1)
    ax.grid(axis="x")
    ax.set_xlabel("occurrences per 1,000 tokens" + (" (line: its interval)" if known.any() else ""))
    ax.set_ylabel("term")
    ax.set_title(title)
    return labels.fit(ax)


def terms_by_group(counts: pd.DataFrame, *, title: str, ax: Axes, terms: list[str] | None = None) -> Axes:
    """Draw the rate of each term in each group as a dot with its interval, hollow at 0 where the group lacks the term.

    Parameters
    ----------
    counts : DataFrame
        From `terms.by_group`.
    terms : list of str, optional
        Terms to draw, first on top; all of them if not given.
    """
    chosen = list(dict.fromkeys(counts["term"])) if terms is None else list(terms)
    names = dict(zip(counts["term"], labels.of_terms(counts), strict=True))
    groups = list(dict.fromkeys(counts["group"]))
    called = labels.shorten(groups)
    if not chosen or not groups:
        return labels.nothing(ax, "No term is counted in a group")
    y = np.arange(len(chosen), dtype=float)
    ax.hlines(y[:-1] + 0.5, 0, 1, transform=ax.get_yaxis_transform(), color="#EFEFEF", linewidth=0.8, zorder=0)
    any_known, marks, keys = False, [], []
    for k, group in enumerate(groups):
        rows = counts[counts["group"] == group].set_index("term").reindex(chosen)
        at = y + (k - (len(groups) - 1) / 2) * 0.62 / max(len(groups), 2)
        colour, marker = _mark(k)
        rate, low, high = (rows[c].to_numpy(dtype=float) / 1000 for c in ("per_million", "ci_low", "ci_high"))
        absent = rows["n"].to_numpy() == 0
        known = ~np.isnan(low)
        any_known |= bool(known.any())
        ax.hlines(at[known], low[known], high[known], color=colour, linewidth=1.4, alpha=0.55, zorder=2)
        articles, tokens = rows[["n_articles", "n_tokens"]].iloc[0].astype(int)
        keys.append(f"{called[k]} ({articles} article{'s' * (articles != 1)}, {tokens:,} token{'s' * (tokens != 1)})")
        marks.append(ax.scatter(rate[~absent], at[~absent], s=40, marker=marker, color=colour, label=keys[k], zorder=3))
        ax.scatter(rate[absent], at[absent], s=40, marker=marker, facecolor="white", edgecolor=colour, zorder=3,
                   clip_on=False)  # fmt: skip
    ax.set_yticks(y, [names[t] for t in chosen])
    ax.set_ylim(len(y) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(left=-0.015 * ax.get_xlim()[1])  # room for the mark of a rate of 0
    ax.grid(axis="x")
    key = ax.legend(marks, [" "] * len(marks), loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=4.5,
                    ncols=labels.columns(keys, 2), columnspacing=1.5, handletextpad=0.3)  # fmt: skip
    labels.write(key, marks)
    lines = "; lines: intervals" if any_known else ""
    ax.set_xlabel(f"occurrences per 1,000 tokens (hollow: none{lines})")
    ax.set_ylabel("term")
    ax.set_title(title)
    return labels.fit(ax)


def rank_frequency(frequencies: pd.DataFrame, *, title: str, ax: Axes, n_labels: int = 8) -> Axes:
    """Draw the count of every term against its rank, both on a log scale.

    Parameters
    ----------
    frequencies : DataFrame
        All rows of `terms.frequencies`, stop words included.
    n_labels : int, default=8
        Terms named, spread evenly over the log ranks.
    """
    if frequencies.empty:
        return labels.nothing(ax, "No term is counted")
    frequencies = frequencies.sort_values("n", ascending=False, kind="stable")
    n = frequencies["n"].to_numpy()
    ranks = np.arange(1, len(n) + 1)
    ax.plot(ranks, n, color=MUTED, linewidth=1, zorder=1)
    ax.scatter(ranks, n, s=16, color=ACCENT, zorder=2)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axis.set_minor_formatter(NullFormatter())
    names = labels.of_terms(frequencies)
    picked = np.unique(np.round(np.geomspace(1, max(len(n) * 0.2, 1), n_labels)).astype(int))
    for r in picked:
        ax.annotate(names[r - 1], (r, n[r - 1]), xytext=(6, 5), textcoords="offset points", color="#222222", fontsize=9)
    once = int((n == 1).sum())
    ax.set_ylim(0.8, n[0] * 2)
    if len(n) == 1:
        ax.set_xlim(0.8, 10)
    counted = f"{len(n):,} term{'s' * (len(n) != 1)}; occurring once: {once:,}"
    ax.text(0.98, 0.96, counted, transform=ax.transAxes, ha="right", va="top", color=GREY)
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
    term_names: dict[str, str] | None = None,
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
    term_names : dict, optional
        What to call each term: ``dict(zip(counts.terms, counts.labels))`` has them as they are mostly written.
    """
    names, term_names = names or {}, term_names or {}
    if not terms or not articles:
        return labels.nothing(ax, "No term to follow is in an article")
    band = len(terms) + 1
    ticks = []
    called = labels.shorten((names.get(a, a) for a in articles), 32)
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
        ax.annotate(called[i], (1, middle), xytext=(30, 0), textcoords="offset points", va="center",
                    annotation_clip=False, fontweight="bold")  # fmt: skip
    ax.set_yticks(ticks, labels.shorten(term_names.get(t, t) for t in terms) * len(articles))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(articles) * band - 1.2, -0.8)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("place in the article, share of its tokens; at right how often")
    ax.set_ylabel("term")
    ax.set_title(title)
    return labels.fit(ax)


def term_trend(
    trend: pd.DataFrame, *, title: str, axes: Sequence[Axes], names: dict[str, str] | None = None
) -> Sequence[Axes]:
    """Draw the rate of each term per period above, and the number of articles of each period below.

    A line is broken where a period has no article; such periods are grey.

    Parameters
    ----------
    trend : DataFrame
        From `terms.trend`.
    axes : two Axes that share their x axis
    names : dict, optional
        What to call each term, as in `term_positions`.
    """
    names = names or {}
    top, below = axes
    dated = trend[trend["period"].notna()]
    if dated.empty:
        return labels.nothing_in(axes, "No article states its date" if len(trend) else "No term is counted")
    first = dated.drop_duplicates("period")
    periods = first["period"].dt.tz_localize(None)
    step = (periods.iloc[1] - periods.iloc[0]) if len(periods) > 1 else pd.Timedelta(days=1)
    called = labels.shorten((names.get(t, t) for t in dict.fromkeys(dated["term"])), 28)
    lines = []
    for k, (_, rows) in enumerate(dated.groupby("term", sort=False)):
        colour, marker = _mark(k)
        when = rows["period"].dt.tz_localize(None)
        low, high = rows["ci_low"].to_numpy() / 1000, rows["ci_high"].to_numpy() / 1000
        top.fill_between(when, low, high, color=colour, alpha=0.16, linewidth=0)
        known = np.pad(~np.isnan(low), 1)
        alone = known[1:-1] & ~known[:-2] & ~known[2:]  # a band has no width there
        aside = step * 0.03 * (k - (dated["term"].nunique() - 1) / 2)
        top.vlines(when[alone] + aside, low[alone], high[alone], color=colour, alpha=0.5, linewidth=1.2)
        lines += top.plot(when, rows["per_million"] / 1000, color=colour, marker=marker, markersize=5,
                          label=called[k])  # fmt: skip
    for gap in periods[first["n_articles"] == 0]:
        for ax in axes:
            ax.axvspan(gap - step / 2, gap + step / 2, color="#F0F0F0", zorder=0)
    below.bar(periods, first["n_articles"], width=step * 0.7, color=GREY)
    undated = trend.loc[trend["period"].isna(), "n_articles"]
    left_out = int(undated.iloc[0]) if len(undated) else 0
    note = f"{left_out:,} undated article{'s' * (left_out != 1)} left out" if left_out else ""
    if len(periods) == 1:  # a bar as wide as a day, not as wide as the chart
        below.set_xlim(periods.iloc[0] - 4 * step, periods.iloc[0] + 4 * step)
    names_of_periods = labels.period_names(periods)
    every = max(1, -(-len(periods) // 8))
    below.set_xticks(periods[::every], names_of_periods[::every])
    below.text(1, 1.02, note, transform=below.transAxes, ha="right", va="bottom", color=GREY, fontsize=9)
    top.set_ylim(bottom=0)
    top.set_ylabel("occurrences per 1,000 tokens")
    below.set_ylabel("articles")
    gaps = " (grey: no article)" if first["n_articles"].eq(0).any() else ""
    intervals = "; band or stroke: interval of the rate" if dated["ci_low"].notna().any() else ""
    below.set_xlabel(f"start of the period{gaps}{intervals}")
    below.yaxis.get_major_locator().set_params(integer=True)
    for ax in axes:
        ax.grid(axis="y")
    top.tick_params(axis="x", labelbottom=False)
    key = below.legend(lines, [" "] * len(lines), loc="upper center", bbox_to_anchor=(0.5, 0),
                       ncols=labels.columns(called, 5), borderaxespad=4.5)  # fmt: skip
    labels.write(key, lines)
    top.set_title(title)
    labels.fit(top)
    return axes


def _mark(k: int) -> tuple[str, str]:
    """Return the colour and marker of the k-th group or term: no two are alike among the first 64.

    Raises
    ------
    ValueError
        Beyond 64.
    """
    markers = "osD^vPX*"
    if k >= len(PALETTE) * len(markers):
        raise ValueError(f"only {len(PALETTE) * len(markers)} groups or terms can be told apart in a chart")
    return PALETTE[k % len(PALETTE)], markers[(k + k // len(PALETTE)) % len(markers)]
