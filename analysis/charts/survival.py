"""Which pairs are at the top under every way of counting."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from analysis.charts import labels, style

_CHOICES = {
    "within": "window",
    "kinds": "kinds",
    "headline": "headline",
    "duplicates": "duplicates",
    "measure": "ranked by",
}


def pair_survival(
    specifications: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    n_pairs: int = 15,
    ax: Axes | None = None,
) -> Axes:
    """Draw in which share of the ways of counting each pair is at the top, over all and choice by choice.

    A column is one choice; its cells are the percentage of the specifications with that choice in which the pair is in
    the top ranks. A row that stays dark does not depend on the analyst; one that fades shows which choice made it.

    Parameters
    ----------
    specifications : DataFrame
        From `comention.specifications`.
    names : mapping of str to str, optional
    n_pairs : int, default=15
        Those most often at the top.
    ax : Axes, optional
    """
    ax = style.subplots(width=10, height=6.5)[1] if ax is None else ax
    if specifications.empty or n_pairs == 0:
        return labels.nothing(ax, "No two countries share a unit" if specifications.empty else labels.unasked("pair"))
    keys = ["country_a", "country_b"]
    total = specifications.groupby(keys)[["top", "above"]].mean().reset_index()
    total = total.sort_values(["top", "above", *keys], ascending=[False, False, True, True])[:n_pairs]
    total = total[total["top"] > 0] if (total["top"] > 0).any() else total
    rows = list(zip(total["country_a"], total["country_b"], strict=True))
    columns, heads, groups = [total["top"].to_numpy(), total["above"].to_numpy()], ["at the top", "above expected"], []
    for choice, title in _CHOICES.items():
        options = list(dict.fromkeys(specifications[choice]))
        if len(options) < 2:
            continue
        groups.append((len(columns), len(options), title))
        shares = specifications.groupby([*keys, choice])["top"].mean()
        for option in options:
            columns.append(np.array([shares.get((a, b, option), 0.0) for a, b in rows]))
            heads.append(str(option))
    table = np.column_stack(columns) * 100
    gaps = np.zeros(len(heads))
    for first, _, _ in groups:
        gaps[first:] += 0.5
    places = np.arange(len(heads)) + gaps
    norm = Normalize(0, 115)
    for column, x in zip(table.T, places, strict=True):
        ax.imshow(
            column[:, None],
            extent=(x - 0.5, x + 0.5, len(rows) - 0.5, -0.5),
            cmap=style.SEQUENTIAL,
            norm=norm,
            aspect="auto",
        )
        for y, value in enumerate(column):
            colour = "white" if value > 62 else "#222222" if value else "#9A9A9A"
            ax.text(x, y, f"{value:.0f}", ha="center", va="center", fontsize=8.5, color=colour)
    ax.set(xlim=(-0.5, places[-1] + 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set_xticks(places, heads, rotation=35, ha="right", rotation_mode="anchor", fontsize=9)
    texts = labels.pairs_of(total, names)
    ax.set_yticks(range(len(rows)), texts)
    for first, n, title in [(0, 2, "all ways"), *groups]:
        middle = places[first : first + n].mean()
        ax.annotate(
            title,
            (middle, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            color=style.GREY,
        )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    n_ways = specifications["specification"].nunique()
    best = total.iloc[0]
    ax.set_title(
        f"{texts[0]}: at the top in {100 * best['top']:.0f}%, above expectation in {100 * best['above']:.0f}% "
        f"of {n_ways} ways to count",
        pad=34,
    )
    ax.set_xlabel("% of the ways to count with this choice: pair at the top; second column: above expectation")
    return labels.fit(ax)
