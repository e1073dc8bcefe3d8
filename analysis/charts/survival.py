"""What survives: pairs under every way of counting, over time, and the tone of their sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Patch

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
    if specifications.empty:
        return labels.nothing(ax, "No two countries share a unit")
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
    ax.set_yticks(range(len(rows)), [labels.pair(a, b, names) for a, b in rows])
    for first, n, title in [(0, 2, "all ways"), *groups]:
        middle = places[first : first + n].mean()
        ax.text(middle, -0.65, title, ha="center", va="bottom", fontsize=9, color=style.GREY)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    n_ways = specifications["specification"].nunique()
    best = total.iloc[0]
    first = labels.pair(best["country_a"], best["country_b"], names)
    ax.set_title(f"{first}: at the top in {100 * best['top']:.0f} percent of {n_ways} ways to count", pad=34)
    ax.set_xlabel("percent of the ways to count with this choice in which the pair is at the top")
    return labels.fit(ax)


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
    if dated.empty:
        return labels.nothing(ax, f"{label}: no article states its date")
    x = np.arange(len(dated))
    there = (dated["n_units"] > 0).to_numpy()
    below = ax.twinx()
    below.bar(x, dated["n_units"], width=0.85, color="#E4E4E4", zorder=0)
    below.set_ylim(0, 4 * max(1, dated["n_units"].max()))
    below.set_yticks([0, int(dated["n_units"].max())])
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
    ax.set_ylim(0, max(1e-9, np.nanmax([*high[some], *share[there]]) * 1.15))
    ax.set_xlim(-0.6, len(dated) - 0.4)
    texts = _period_names(dated["period"])
    step = max(1, int(np.ceil(len(dated) / (12 if len(texts[0]) < 8 else 8))))
    ax.set_xticks(x[::step], texts[::step])
    note = f"; undated and left out: {undated:,} of the {unit}" if undated else ""
    gaps = "; hatched: no articles" if (~there).any() else ""
    ax.set_xlabel(f"start of the period{gaps}{note}")
    ax.set_ylabel(f"percent of {unit} naming both")
    title = f"{label}: {int(dated['n_both'].sum()):,} of {int(dated['n_units'].sum()):,} {unit}"
    if change is None:
        ax.set_title(title)
        return labels.fit(ax)
    if np.isnan(change["p"]):
        ax.set_title(f"{title}; too few to test for a change")
    elif change["p"] <= 0.05:
        at = int((dated["period"] >= change["changed_at"]).to_numpy().argmax())
        ax.axvline(at - 0.5, color="#D55E00", lw=1.4, ls=(0, (4, 2)))
        name = _period_names(dated["period"])[at]
        before, after = 100 * change["share_before"], 100 * change["share_after"]
        ax.set_title(f"{label}: from {before:.3g} to {after:.3g} percent from {name} on (p = {change['p']:.2g})")
    else:
        ax.set_title(f"{label}: no change to be told from chance (p = {change['p']:.2g})")
    return labels.fit(ax)


def pair_tone(
    tone: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    measured: pd.DataFrame | None = None,
    n_pairs: int = 15,
    ax: Axes | None = None,
) -> Axes:
    """Draw, per pair, the sentences with words of conflict to the left and of cooperation to the right.

    Sentences with both are hatched and drawn on either side, half each; those with neither, and listings, are only in
    the number beside the label. A sentence that names three countries counts for three pairs, so bars do not add up.

    Parameters
    ----------
    tone : DataFrame
        From `comention.tone`.
    names : mapping of str to str, optional
    measured : DataFrame, optional
        From `tone.measured`; its first row is printed above the chart.
    n_pairs : int, default=15
        Those that share most sentences.
    ax : Axes, optional
    """
    ax = style.subplots(width=9, height=6)[1] if ax is None else ax
    shown = tone[:n_pairs]
    if shown.empty:
        return labels.nothing(ax, "No two countries share a sentence")
    y = np.arange(len(shown))
    half = shown["n_both"].to_numpy() / 2
    conflict, cooperation = shown["n_conflictual"].to_numpy(), shown["n_cooperative"].to_numpy()
    orange, blue = style.PALETTE[1], style.PALETTE[0]
    ax.barh(y, -half, color="white", edgecolor=orange, hatch="////", linewidth=0.8)
    ax.barh(y, half, color="white", edgecolor=blue, hatch="////", linewidth=0.8)
    ax.barh(y, -conflict, left=-half, color=orange, label="words of conflict")
    ax.barh(y, cooperation, left=half, color=blue, label="words of cooperation")
    ax.axvline(0, color="#444444", lw=0.8)
    names_of = zip(shown["country_a"], shown["country_b"], shown["n_sentences"], strict=True)
    ax.set_yticks(y, [f"{labels.pair(a, b, names)}  ({n})" for a, b, n in names_of])
    ax.invert_yaxis()
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    most = max(float((half + np.maximum(conflict, cooperation)).max()), 1)
    ax.set_xlim(-most * 1.05, most * 1.05)
    ticks = [t for t in ax.get_xticks() if abs(t) <= most * 1.05 and float(t).is_integer()]
    ax.set_xticks(ticks, [f"{abs(t):g}" for t in ticks])
    key = [*ax.get_legend_handles_labels()[0], Patch(fc="white", ec=style.GREY, hatch="////", label="both")]
    ax.legend(handles=key, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3)
    note = ""
    if measured is not None and len(measured):
        row = measured.iloc[0]
        note = (
            f"\nagreement with labels by hand: {100 * row['agreement']:.0f} percent, kappa {row['kappa']:.2f} "
            f"({row['kappa_low']:.2f} to {row['kappa_high']:.2f})\n"
            f"right among those called cooperative {100 * row['precision_cooperative']:.0f}, conflictual "
            f"{100 * row['precision_conflictual']:.0f} percent\n({row['sample']})"
        )
    ax.set_xlabel(f"sentences naming both, by the words in them; in brackets all such sentences{note}", fontsize=9.5)
    ax.xaxis.set_label_position("top")
    first = shown.iloc[0]
    kinds = {"cooperative": "with words of cooperation", "conflictual": "of conflict", "both": "of both"}
    spoken = ", ".join(f"{first[f'n_{kind}']} {words}" for kind, words in kinds.items())
    label = labels.pair(first["country_a"], first["country_b"], names)
    ax.set_title(f"{label}: of {first['n_sentences']} sentences, {spoken}")
    return labels.fit(ax)


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _period_names(periods: pd.Series) -> list[str]:
    """As short as the periods allow: years, else months, else days."""
    if (periods.dt.month.eq(1) & periods.dt.day.eq(1)).all():
        return periods.dt.strftime("%Y").tolist()
    return periods.dt.strftime("%Y-%m" if periods.dt.day.eq(1).all() else "%Y-%m-%d").tolist()
