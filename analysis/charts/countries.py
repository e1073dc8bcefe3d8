"""Charts of the mention ledger: how often countries are named, in how many articles, and where in each article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.labels import fit, nothing, nothing_in, shorten, unasked, write
from analysis.charts.style import ACCENT, GREY, MUTED, PALETTE, subplots


def country_counts(counts: pd.DataFrame, *, axes: Sequence[Axes] | None = None, n: int = 30) -> np.ndarray:
    """Draw mentions and articles per country as paired bars, one row per country, side by side.

    Parameters
    ----------
    counts : DataFrame
        ``name``, ``n_mentions``, ``n_articles``, ``n_articles_searched``, in the order to draw, first on top.
    axes : pair of Axes, optional
        Left for mentions, right for articles; a figure of fitting height is made if not given.
    n : int, default=30
        Rows drawn at most; the right axis' label says how many were left out.

    Returns
    -------
    ndarray of two Axes
    """
    rows = counts.head(n)
    if axes is None:
        _, axes = subplots(1, 2, width=9.0, height=max(2.4, 1.2 + 0.27 * len(rows)), sharey=True)
    left, right = axes
    if rows.empty:
        return np.array(
            nothing_in([left, right], "No country is named" if counts.empty else unasked("country")), dtype=object
        )
    y = np.arange(len(rows))[::-1]
    for ax, column, colour in ((left, "n_mentions", ACCENT), (right, "n_articles", GREY)):
        values = rows[column].to_numpy()
        ax.barh(y, values, height=0.7, color=colour)
        top = max(int(values.max()), 1)
        for at, value in zip(y, values, strict=True):
            ax.text(value + top * 0.015, at, f"{value:,}", va="center", ha="left", fontsize=9, color="#333333")
        ax.set_xlim(0, top * 1.14)
        ax.xaxis.get_major_locator().set_params(integer=True, nbins=5)
        ax.grid(axis="x")
        ax.tick_params(axis="y", length=0)
    left.set_yticks(y, shorten(rows["name"]))
    left.set_ylim(-0.6, len(rows) - 0.4)
    if right not in left.get_shared_y_axes().get_siblings(left):
        right.set_yticks(y, shorten(rows["name"]))
        right.set_ylim(left.get_ylim())
    searched = int(rows["n_articles_searched"].iloc[0])
    n_more = len(counts) - len(rows)
    rest = f"; {n_more} more {'country' if n_more == 1 else 'countries'} not drawn" if n_more else ""
    left.set(xlabel="mentions", title=_leader(rows, "n_mentions", "is named most often"))
    right.set(xlabel=f"articles that name it, of {searched:,}{rest}")
    left.set_ylabel("country")
    fit(right)
    return np.array([left, right], dtype=object)


def country_positions(
    positions: pd.DataFrame,
    *,
    labels: dict[str, str] | None = None,
    n: int = 6,
    n_articles: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw where in each article countries are named: a lane per article, in it a row and a colour per country.

    Parameters
    ----------
    positions : DataFrame
        ``article_id``, ``name`` (of the country), ``position`` (share of the article before the mention, 0 to 1), as
        from `countries.positions`; articles in the order to draw, first on top.
    labels : dict, optional
        What to print for an ``article_id``.
    n : int, default=6
        Countries with a row and a colour of their own, those named most; the others share the lowest, grey.
    n_articles : int, default=12
        Articles drawn at most, those with most mentions (ties: the first); the title says so where there are more.
    """
    sizes = positions.groupby("article_id", sort=False).size().sort_values(ascending=False, kind="stable")
    drawn = set(sizes.index[:n_articles])
    positions = positions[positions["article_id"].isin(drawn)]
    articles = list(dict.fromkeys(positions["article_id"]))
    ranked = positions["name"].value_counts(sort=False).reset_index()
    ranked = ranked.sort_values(["count", "name"], ascending=[False, True])["name"].tolist()
    shown, others = ranked[:n], ranked[n:]
    rows = [*shown, *(["other countries"] if others else [])]
    if ax is None:
        _, ax = subplots(width=9.0, height=1.6 + 0.12 * max(len(rows), 3) * max(len(articles), 1))
    if not rows:
        return nothing(ax, unasked("article") if len(sizes) else "No country is named")
    step = 0.8 / len(rows)
    place = {article: len(articles) - 1 - i for i, article in enumerate(articles)}
    ticks = []
    for i, (row, name) in enumerate(zip(rows, shorten(rows, 30), strict=True)):
        of_row = positions["name"].isin(others) if others and i == len(shown) else positions["name"] == row
        at = positions[of_row]
        lane = at["article_id"].map(place).to_numpy(dtype=float) + 0.4 - step * (i + 0.5)
        colour = MUTED if others and i == len(shown) else PALETTE[i % len(PALETTE)]
        ticks.append(ax.scatter(at["position"] * 100, lane, marker="|", s=55, linewidths=1.8, color=colour, label=name))
    for article in articles:
        ax.axhline(place[article] - 0.5, color="#D8D8D8", linewidth=0.8)
    ax.set_yticks([place[a] for a in articles], shorten((labels or {}).get(a, a) for a in articles))
    ax.set(xlim=(-1, 101), ylim=(-0.5, len(articles) - 0.5))
    ax.set(xlabel="position in the article (% of its characters)", ylabel="article")
    those = f": the {len(articles)} of {len(sizes):,} with most mentions" if len(sizes) > len(articles) else ""
    ax.set_title(f"Where in each article countries are named{those}")
    ax.tick_params(axis="y", length=0)
    where = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0), "alignment": "left"}
    write(ax.legend(ticks, [" "] * len(ticks), title="rows from top to bottom", **where), ticks)
    return fit(ax)


def _leader(rows: pd.DataFrame, column: str, what: str) -> str:
    top = rows.loc[rows[column] == rows[column].max(), "name"].tolist()
    return f"{top[0]} {what}" if len(top) == 1 else f"{len(top)} countries are named equally often"
