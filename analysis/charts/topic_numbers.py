"""The chart of the criteria for the number of topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import labels
from analysis.charts.style import ACCENT, GREY

DECIDING = {"share": "share of the likelihood", "information_share": "share of the information"}
"""Columns that `topic_number` draws first and in colour, and their titles."""


def topic_number(
    selection: pd.DataFrame, *, axes: Sequence[Axes], enough: Mapping[str, float] | None = None
) -> Sequence[Axes]:
    """Draw the criteria over the number of topics, one panel each; the range, the choice and the runner-up marked.

    Parameters
    ----------
    selection : DataFrame
        ``n_topics``, ``n_found``, criteria, those of `DECIDING`, ``score`` (NaN outside the range), ``choice``.
    axes : sequence of Axes
        Those that decide come first, then as many criteria as there are axes, in the order of the columns; axes left
        over are hidden.
    enough : mapping of str to float, optional
        Share that is looked for, by column; a dashed line.
    """
    axes = list(np.ravel(axes))
    if selection.empty:
        return labels.nothing_in(axes, "No number of topics was tried")
    enough = {} if enough is None else enough
    aside = ("n_topics", "n_found", "score", "choice", *DECIDING)
    criteria = [*(c for c in DECIDING if c in selection.columns), *(c for c in selection.columns if c not in aside)]
    inside = selection.loc[selection["score"].notna(), "n_topics"]
    for ax, name in zip(axes, criteria, strict=False):
        colour = ACCENT if name in DECIDING else GREY
        ax.plot(selection["n_topics"], selection[name], color=colour, marker="o", markersize=3)
        if name in enough:
            ax.axhline(enough[name], color=GREY, linestyle="--", linewidth=1, zorder=0)
        if len(inside) > 1:
            low, high = inside.min(), inside.max()
            ax.axvspan(low, high, color=ACCENT, alpha=0.12, linewidth=0, zorder=0, label=f"range: {low} to {high}")
        for choice, style in (("chosen", "-"), ("runner-up", ":")):
            rows = selection[selection["choice"] == choice]
            for k, found in zip(rows["n_topics"], rows["n_found"], strict=True):
                key = f"{choice}: {k}" + (f", {found} found" if found < k else "")
                ax.axvline(k, color=ACCENT, linestyle=style, linewidth=1.4, zorder=0, label=key)
        titles = {"likelihood": "held-out likelihood", **DECIDING}
        ax.set_title(titles.get(name, name), fontsize=10.5)
        ax.set_xlabel("number of topics")
        ax.set_ylabel("of the greatest" if name in DECIDING else "")
        if len(selection) > 1:
            margin = (selection["n_topics"].max() - selection["n_topics"].min()) * 0.05
            ax.set_xlim(selection["n_topics"].min() - margin, selection["n_topics"].max() + margin)
            ax.xaxis.get_major_locator().set_params(integer=True)
        else:
            ax.set_xticks(selection["n_topics"])
    spare = axes[len(criteria) :]
    for ax in spare:
        ax.set_axis_off()
    handles, names = axes[0].get_legend_handles_labels()
    if spare:
        spare[0].legend(handles, names, fontsize=10, loc="center left")
    elif names:  # below the panels: in one of them it would lie on its lines
        axes[0].figure.legend(handles, names, fontsize=10, loc="outside lower center", ncols=len(names))
    return axes
