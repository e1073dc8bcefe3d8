"""The chart of what sets the terms of one group of articles apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import labels
from analysis.charts.placement import name_points
from analysis.charts.style import GREY, PALETTE


def keyness_dispersion(
    keyness: pd.DataFrame,
    *,
    title: str,
    ax: Axes,
    target: str = "target",
    reference: str = "reference",
    n_terms: int = 300,
    n_labels: int = 30,
    max_q: float = 0.05,
) -> Axes:
    """Draw how much more frequent each term is in one group against how evenly that group spreads it.

    A term far to the side and near the top is a difference that many articles share; one near the bottom comes from one
    article. Terms that an article-level test does not tell apart are hollow and have no name: nothing is pointed out
    that may be chance. Where shrinking leaves no term a difference, the plain ratios are drawn, and the chart says so;
    where no term can be placed, it says that.

    Parameters
    ----------
    keyness : DataFrame
        From `terms.keyness`. A term without a dispersion in the group that has more of it, or with a ratio that is
        not finite, is left out.
    target, reference : str
        What to call the groups.
    n_terms : int, default=300
        Terms to draw at most, those with the largest ``g2`` in either direction.
    n_labels : int, default=30
        Terms to name at most of those that pass, in the same order, where there is room.
    max_q : float, default=0.05
        ``q`` up to which a term passes for a difference.
    """
    more = keyness["log2_ratio"].to_numpy() >= 0
    dp = np.where(more, keyness["dp_target"], keyness["dp_reference"])
    shrunk = bool(keyness["log2_ratio_shrunk"].ne(0).any())
    ratio = keyness["log2_ratio_shrunk" if shrunk else "log2_ratio"].to_numpy(float)
    drawn = ~np.isnan(dp) & np.isfinite(ratio)
    shown = keyness[drawn].assign(ratio=ratio[drawn], dispersion=dp[drawn], more=more[drawn])
    shown = shown.iloc[np.argsort(-shown["g2"].abs().to_numpy(), kind="stable")[:n_terms]]
    if shown.empty:
        return labels.nothing(ax, _none(keyness, dp, n_drawn=int(drawn.sum())))
    x, y = shown["ratio"].to_numpy(), shown["dispersion"].to_numpy()
    n = (shown["n_target"] + shown["n_reference"]).to_numpy()
    sizes = 14 + 90 * np.sqrt(n / n.max())
    passes = shown["q"].to_numpy() <= max_q
    colours = np.where(shown["more"], PALETTE[0], PALETTE[1])
    ax.axvline(0, color="#8A8A8A", linewidth=0.8, zorder=1)
    ax.scatter(x[~passes], y[~passes], s=sizes[~passes], facecolor="none", edgecolor=colours[~passes], alpha=0.55,
               linewidth=0.9, zorder=2)  # fmt: skip
    ax.scatter(x[passes], y[passes], s=sizes[passes], color=colours[passes], zorder=3)
    reach = max(1.0, np.abs(x).max() * 1.12)
    ax.set_xlim(-reach, reach)
    ax.set_ylim(1.06, -0.06)
    ax.grid(axis="x")
    kind = "shrunk" if shrunk else "not shrunk, as shrinking leaves 0 of each"
    ax.set_xlabel(f"log2 ratio of rates, {kind}: 1 is twice as frequent in {target}, −1 in {reference}")
    ax.set_ylabel("dispersion within the group that has more\n(0: every article its share, 1: one article)")
    drawn_of = f"{len(shown):,} term{'s' * (len(shown) != 1)} drawn"
    note = f"filled: q at most {max_q:g}, {int(passes.sum()):,} of the {drawn_of}"
    note += f", of {len(keyness):,}" if len(keyness) > len(shown) else ""
    note = note if keyness["q"].notna().any() else "hollow: not tested, a group has a single article"
    told = np.flatnonzero(passes)
    few, rest = told[:n_labels], np.concatenate([np.flatnonzero(~passes), told[n_labels:]])
    left, right = labels.shorten([reference, target], 36)
    ax.text(0, 1.01, f"◂ more in {left}", transform=ax.transAxes, color=PALETTE[1], va="bottom")
    ax.text(1, 1.01, f"more in {right} ▸", transform=ax.transAxes, color=PALETTE[0], ha="right", va="bottom")
    ax.set_title(title, pad=26)
    labels.fit(ax)
    below = ax.text(1, -0.16, note, transform=ax.transAxes, color=GREY, ha="right", va="top", fontsize=9)
    named = name_points(ax, x[few], y[few], labels.of_terms(shown.iloc[few]), radii=np.sqrt(sizes[few] / np.pi),
                        others=(x[rest], y[rest]))  # fmt: skip
    how_many = "none" if not named else "all of them" if named == len(told) else f"{named} of them, largest g2 first"
    below.set_text(f"{note}; named: {how_many}")
    return ax


def _none(keyness: pd.DataFrame, dp: np.ndarray, *, n_drawn: int) -> str:
    """Return why there is no term in the chart."""
    if keyness.empty:
        return "No term is compared"
    if n_drawn:
        return labels.unasked("term")
    if np.isnan(dp).all():
        return "No term can be placed: the group that has more of it has one article"
    return "No term can be placed: no ratio is finite"
