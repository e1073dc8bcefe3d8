"""A pair over time: its share of the units of each period, over how many were searched."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import labels, style


def pair_timeline(
    periods: pd.DataFrame,
    *,
    label: str,
    unit: str = "paragraphs",
    change: pd.Series | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of units that name both countries in each period, over the number of units searched.

    Points with intervals: the share. Grey bars, axis on the right: units searched. Periods without articles are
    hatched, and nothing is drawn across them.

    Parameters
    ----------
    periods : DataFrame
        From `comention.over_time`; the row of undated articles is named below the chart.
    label : str
        The pair.
    unit : str, default="paragraphs"
    change : Series, optional
        The pair's row of `comention.changes`; its point is marked if ``p`` is at most 0.05, and named in the title.
    ax : Axes, optional
    """
    ax = style.subplots(width=9, height=4.5)[1] if ax is None else ax
    dated = periods[periods["period"].notna()].reset_index(drop=True)
    undated = int(periods.loc[periods["period"].isna(), "n_units"].sum())
    if not dated["n_units"].any():
        why = "no article states its date" if dated.empty else f"no {unit} were searched"
        return labels.nothing(ax, f"{label}: {why}")
    x = np.arange(len(dated))
    there = (dated["n_units"] > 0).to_numpy()
    below = ax.twinx()
    below.bar(x, dated["n_units"], width=0.85, color="#E4E4E4", zorder=0)
    below.set_ylim(0, 4 * max(1, dated["n_units"].max()))
    most = int(dated["n_units"].max())
    below.set_yticks([0, most], ["0", f"{most:,}"])
    below.set_ylabel(f"{unit} searched (grey)", loc="bottom", color=style.GREY)
    below.spines["right"].set_visible(False)
    ax.set_zorder(below.get_zorder() + 1)
    ax.patch.set_visible(False)
    for start, end in _runs(~there):
        ax.axvspan(start - 0.5, end + 0.5, facecolor="none", hatchcolor="#DDDDDD", hatch="//", linewidth=0, zorder=0)
    share = 100 * dated["share"].to_numpy(float)
    low, high = 100 * dated["ci_low"].to_numpy(float), 100 * dated["ci_high"].to_numpy(float)
    some = there & ~np.isnan(low)
    bars = np.clip([share[some] - low[some], high[some] - share[some]], 0, None)
    ax.errorbar(x[some], share[some], yerr=bars, fmt="none", ecolor=style.ACCENT, elinewidth=1.2, capsize=2)
    ax.plot(x[there], share[there], ls="", marker="o", ms=6, color=style.ACCENT)
    ax.set_ylim(0, np.nan_to_num([*high[some], *share[there]]).max() * 1.15 or 1)
    ax.set_xlim(-0.6, len(dated) - 0.4)
    texts = labels.period_names(dated["period"])
    step = max(1, int(np.ceil(len(dated) / (12 if len(texts[0]) < 8 else 8))))
    ax.set_xticks(x[::step], texts[::step])
    note = f"; undated and left out: {undated:,} of the {unit}" if undated else ""
    gaps = "; hatched: no articles" if (~there).any() else ""
    ax.set_xlabel(f"start of the period{gaps}{note}")
    ax.set_ylabel(f"% of {unit} naming both")
    n_units = int(dated["n_units"].sum())
    counted = unit.removesuffix("s") if n_units == 1 else unit
    title = f"{label}: {int(dated['n_both'].sum()):,} of {n_units:,} {counted}"
    if change is None:
        ax.set_title(title)
        return labels.fit(ax)
    if np.isnan(change["p"]):
        ax.set_title(f"{title}; too few to test for a change")
    elif change["p"] <= 0.05:
        at = int((dated["period"] >= change["changed_at"]).to_numpy().argmax())
        ax.axvline(at - 0.5, color="#D55E00", lw=1.4, ls=(0, (4, 2)))
        name = labels.period_names(dated["period"])[at]
        before, after = 100 * change["share_before"], 100 * change["share_after"]
        ax.set_title(f"{label}: from {before:.3g} to {after:.3g}% from {name} on (p = {change['p']:.2g})")
    else:
        ax.set_title(f"{label}: no change to be told from chance (p = {change['p']:.2g})")
    return labels.fit(ax)


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
