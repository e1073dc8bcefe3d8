"""The tone of the sentences that name a pair: words of conflict to the left, of cooperation to the right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.charts import labels, style


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
        return labels.nothing(ax, "No two countries share a sentence" if tone.empty else labels.unasked("pair"))
    y = np.arange(len(shown))
    half = shown["n_both"].to_numpy() / 2
    conflict, cooperation = shown["n_conflictual"].to_numpy(), shown["n_cooperative"].to_numpy()
    orange, blue = style.PALETTE[1], style.PALETTE[0]
    ax.barh(y, -half, color="white", edgecolor=orange, hatch="////", linewidth=0.8)
    ax.barh(y, half, color="white", edgecolor=blue, hatch="////", linewidth=0.8)
    ax.barh(y, -conflict, left=-half, color=orange, label="words of conflict")
    ax.barh(y, cooperation, left=half, color=blue, label="words of cooperation")
    ax.axvline(0, color="#444444", lw=0.8)
    called = labels.pairs_of(shown, names)
    ax.set_yticks(y, [f"{pair}  ({n})" for pair, n in zip(called, shown["n_sentences"], strict=True)])
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
            f"\nagreement with labels by hand: {100 * row['agreement']:.0f}%, kappa {row['kappa']:.2f} "
            f"({row['kappa_low']:.2f} to {row['kappa_high']:.2f})\n"
            f"right among those called cooperative {100 * row['precision_cooperative']:.0f}%, conflictual "
            f"{100 * row['precision_conflictual']:.0f}%\n({row['sample']})"
        )
    ax.set_xlabel(f"sentences naming both, by the words in them; in brackets all such sentences{note}", fontsize=9.5)
    ax.xaxis.set_label_position("top")
    first = shown.iloc[0]
    kinds = {"cooperative": "with words of cooperation", "conflictual": "of conflict", "both": "of both"}
    spoken = ", ".join(f"{first[f'n_{kind}']} {words}" for kind, words in kinds.items())
    some = f" ({len(shown)} of {len(tone)} pairs drawn)" if len(shown) < len(tone) else ""
    n_first = first["n_sentences"]
    ax.set_title(f"{called[0]}: of {n_first:,} sentence{'' if n_first == 1 else 's'}, {spoken}{some}")
    return labels.fit(ax)
