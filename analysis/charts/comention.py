"""Charts of pairs: the matrix, and what is left of a pair as the window narrows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.charts import labels, style

_LIMIT = 3.0


def pair_matrix(
    pairs: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    n_countries: int = 25,
    max_q: float = 0.05,
    ax: Axes | None = None,
) -> Axes:
    """Draw the pairs of the most named countries: counts below the diagonal, association above it.

    Above the diagonal, log2(observed / expected) between -3 and 3, centred on 0: a full cell where the pair is above
    expectation with ``q`` of at most ``max_q`` and, if there are intervals, one above 0; a small square where it is
    not. A pair that was not tested (``p`` is NaN) is hatched and has no colour. A tested pair never seen where fewer
    than 3 units were expected has a dot: no count could be told from that expectation. Drawn are the countries of the
    pairs that the title names and those named most; the title says so where there are more.

    Parameters
    ----------
    pairs : DataFrame
        From `comention.pairs`.
    names : mapping of str to str, optional
        Labels of the country codes; a code that it lacks labels itself.
    n_countries : int, default=25
    max_q : float, default=0.05
    ax : Axes, optional
    """
    ax = style.subplots(width=9, height=8)[1] if ax is None else ax
    order = _drawn(pairs, n_countries)
    place = {c: i for i, c in enumerate(order)}
    n = len(order)
    if n < 2:
        return labels.nothing(ax, "No pair of countries to draw")
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
    shown = pairs[pairs["country_a"].isin(order) & pairs["country_b"].isin(order)]
    blank = ((shown["n_both"] == 0) & (shown["expected"] < 3)).to_numpy()
    a, b = shown["country_a"].map(place).to_numpy(), shown["country_b"].map(place).to_numpy()
    low, high = np.maximum(a, b), np.minimum(a, b)
    counts, ratio = np.full((n, n), np.nan), np.full((n, n), np.nan)
    counts[low, high] = shown["n_both"].where(shown["n_both"] > 0).to_numpy(dtype=float, na_value=np.nan)
    tested = shown["p"].notna().to_numpy()
    drawn = tested & ~blank
    strong = labels.supported(shown, max_q).to_numpy()
    value = shown["log2_ratio"].clip(-_LIMIT, _LIMIT).to_numpy()
    ratio[high[strong], low[strong]] = value[strong]
    most = max(2, int(shown["n_both"].max()))
    below = ax.imshow(counts, cmap=style.SEQUENTIAL, norm=LogNorm(0.5, most), aspect="auto")
    above = ax.imshow(ratio, cmap=style.DIVERGING, vmin=-_LIMIT, vmax=_LIMIT, aspect="auto")
    for x, y, shade in zip(low[drawn & ~strong], high[drawn & ~strong], value[drawn & ~strong], strict=True):
        ax.add_patch(Rectangle((x - 0.2, y - 0.2), 0.4, 0.4, facecolor=above.cmap(above.norm(shade)), linewidth=0))
    absent = tested & blank
    for x, y in zip(low[absent], high[absent], strict=True):
        ax.plot(x, y, ls="", marker=".", ms=3, color=style.MUTED)
    for x, y in zip(low[~tested], high[~tested], strict=True):
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", linewidth=0, edgecolor=style.MUTED))
    if n <= 14:
        for x, y, count in zip(high, low, shown["n_both"], strict=True):
            dark = count > 0.35 * most
            ax.text(x, y, str(count), ha="center", va="center", color="white" if dark else "#333333", fontsize=9)
    for i in range(n):
        ax.add_patch(Rectangle((i - 0.5, i - 0.5), 1, 1, facecolor="#EDEDED", linewidth=0))
    called = labels.countries(labels.sizes(pairs), names)
    texts = [called[c] for c in order]
    size = 10 if n <= 15 else 8 if n <= 30 else 6
    longest = max(map(len, texts))
    upright = n > 8 or longest > 24
    ax.set_xticks(range(n), texts, rotation=90 if upright else 45, fontsize=size, ha="center" if upright else "left")
    ax.set_yticks(range(n), texts, fontsize=size)
    ax.tick_params(length=0, labeltop=True, labelbottom=False, top=False, bottom=False)
    ax.spines[:].set_visible(False)
    unit = labels.unit(pairs)
    figure = ax.figure
    if drawn.any():
        figure.colorbar(above, ax=ax, shrink=0.6, pad=0.02, label="above the diagonal: log2(observed / expected)")
    if n > 14:
        ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if t <= most]
        bar = figure.colorbar(below, ax=ax, shrink=0.6, pad=0.02, ticks=ticks, format="%d")
        bar.minorticks_off()
        bar.set_label(f"below the diagonal: {unit} naming both")
    else:
        ax.set_xlabel(f"below the diagonal: {unit} naming both", labelpad=6)
    key = []
    if drawn.any():
        full, part = {"marker": "s", "ls": "", "mec": "none"}, f"more than expected (q ≤ {max_q:g})"
        key.append(Line2D([], [], color=above.cmap(0.85), ms=11, label=part, **full))
        key.append(Line2D([], [], color=above.cmap(0.3), ms=5, label="no more than chance allows", **full))
    if absent.any():
        part = "tested: never together, fewer than 3 expected"
        key.append(Line2D([], [], ls="", marker=".", ms=3, color=style.MUTED, label=part))
    if (~tested).any():
        key.append(
            Patch(facecolor="white", hatch="////", edgecolor=style.MUTED, label="not tested: too few units or stories")
        )
    if key:
        ax.legend(handles=key, loc="upper left", bbox_to_anchor=(0, -0.06), ncols=1)
    # The title stands above the names of the columns; given its place, the layout keeps room for it.
    n_all = len(labels.sizes(pairs))
    some = f" ({n} of {n_all} countries drawn)" if n < n_all else ""
    ax.set_title(_finding(pairs, called, unit) + some, y=1, pad=12 + (0.62 if upright else 0.46) * size * longest)
    return labels.fit(ax)


def pair_windows(
    windows: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    n_pairs: int = 20,
    max_q: float = 0.05,
    ax: Axes | None = None,
) -> Axes:
    """Draw what is left of the most frequent pairs as the window narrows from article to paragraph to sentence.

    A cell holds the units naming both, in bold where the pair is above expectation with ``q`` of at most ``max_q`` and
    an interval above 0; its colour is log2(observed / expected), hatched where not tested.

    Parameters
    ----------
    windows : DataFrame
        From `comention.windows`.
    names : mapping of str to str, optional
    n_pairs : int, default=20
    max_q : float, default=0.05
    ax : Axes, optional
    """
    ax = style.subplots(width=7, height=7)[1] if ax is None else ax
    shown = windows[:n_pairs]
    if shown.empty:
        return labels.nothing(ax, "No two countries share a unit" if windows.empty else labels.unasked("pair"))
    columns = ["article", "paragraph", "sentence"]
    ratio = shown[[f"log2_ratio_{w}" for w in columns]].to_numpy(dtype=float)
    counts = shown[[f"n_both_{w}" for w in columns]].to_numpy()
    tested = shown[[f"q_{w}" for w in columns]].notna().to_numpy()
    parts = [shown.rename(columns={f"{c}_{w}": c for c in ("q", "log2_ratio", "ci_low")}) for w in columns]
    strong = np.column_stack([labels.supported(part, max_q) for part in parts])
    colours = np.where(tested & (counts > 0), ratio.clip(-_LIMIT, _LIMIT), np.nan)
    image = ax.imshow(colours, cmap=style.DIVERGING, vmin=-_LIMIT, vmax=_LIMIT, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if not tested[row, column]:
            ax.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", linewidth=0, edgecolor=style.MUTED)
            )
        ax.text(
            column,
            row,
            f"{count:,}",
            ha="center",
            va="center",
            color="white" if abs(colours[row, column]) > 1.5 else "#222222",
            weight="bold" if strong[row, column] else "normal",
            bbox=None if tested[row, column] else {"facecolor": "white", "linewidth": 0, "pad": 1.5},
        )
    texts = labels.pairs_of(shown, names)
    narrow = max(map(len, texts)) > 45  # the columns beside such names
    gap = "\n" if narrow else " "
    ax.set_xticks(range(3), [f"same{gap}{w}" for w in columns], fontsize=8.5 if narrow else 10)
    ax.set_yticks(range(len(shown)), texts)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if np.isfinite(colours).any():
        ax.figure.colorbar(image, ax=ax, shrink=0.5, pad=0.02, label="log2(observed / expected)")
    n_article, n_sentence = int((windows["n_both_article"] > 0).sum()), int((windows["n_both_sentence"] > 0).sum())
    are = "1 pair that shares" if n_article == 1 else f"{n_article:,} pairs that share"
    ax.set_title(f"Of {are} an article, {n_sentence:,} {'shares' if n_sentence == 1 else 'share'} a sentence")
    ax.set_xlabel(
        f"units naming both; bold: more than expected (q ≤ {max_q:g}); hatched: not tested"
        if tested.any()
        else "units naming both; hatched: not tested"
    )
    return labels.fit(ax)


def _drawn(pairs: pd.DataFrame, n: int) -> list[str]:
    """Return the countries to draw, most named first: those of the first two pairs if tied, then those named most.

    Of countries named equally often, those go first whose most frequent pair comes first: partners stay together.
    """
    size = labels.sizes(pairs)
    ranked = pairs.sort_values(["n_both", "country_a", "country_b"], ascending=[False, True, True])
    partners = ranked[["country_a", "country_b"]].to_numpy().tolist()
    tied = ranked["n_both"].eq(ranked["n_both"].max()).to_numpy()
    titled = 2 if tied.sum() == 2 else 1
    first = list(dict.fromkeys(c for both in partners for c in both))
    place = {c: i for i, c in enumerate(first)}
    wanted = dict.fromkeys(c for both in partners[:titled] for c in both)
    wanted |= dict.fromkeys(sorted(size, key=lambda c: (-size[c], place[c])))
    chosen = set(list(wanted)[:n])
    return [c for c in size if c in chosen]


def _finding(pairs: pd.DataFrame, called: Mapping[str, str], unit: str) -> str:
    first = pairs.sort_values(["n_both", "country_a", "country_b"], ascending=[False, True, True]).iloc[0]
    if not first["n_both"]:
        return f"No two countries share any of the {unit}"
    tied = pairs[pairs["n_both"] == first["n_both"]].sort_values(["country_a", "country_b"])
    if len(tied) > 2:
        return f"{len(tied)} pairs share the most {unit}: {first['n_both']:,} each"
    both = [f"{called[r.country_a]} and {called[r.country_b]}" for r in tied.itertuples()]
    return f"{', '.join(both)} share the most {unit}: {first['n_both']:,}{' each' if len(tied) > 1 else ''}"
