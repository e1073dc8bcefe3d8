"""How well the tone read from words agrees with labels given by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis import frames
from analysis.tone_words import TONES, classify

SAMPLE = Path(__file__).with_name("tone_sample.csv")
"""Sentences labelled by hand: ``label``, ``source``, ``text``."""

MEASURED = Path(__file__).with_name("tone_agreement.csv")
"""Agreement measured on labelled sentences that are not shipped; `tests/benchmarks/tone_agreement.py` measures it."""

_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution


def agreement(sample: pd.DataFrame | None = None, *, lexicon: pd.DataFrame | None = None) -> pd.DataFrame:
    """Compare `tone_words.classify` with labels given by hand.

    Parameters
    ----------
    sample : DataFrame, default=`SAMPLE`
        ``label`` (of `tone_words.TONES`) and ``text``.
    lexicon : DataFrame, default=`tone_words.LEXICON`

    Returns
    -------
    DataFrame, one row per tone, then one named "all"
        ``tone`` : str
        ``n_labelled``, ``n_found``, ``n_agreed`` : int64
        ``precision``, ``recall`` : float64 in [0, 1]; NaN where nothing was found, labelled
        ``agreement`` : float64, on the last row: share of sentences with the same tone
        ``kappa`` : float64, on the last row: the same beyond chance [1]_
        ``kappa_low``, ``kappa_high`` : float64, on the last row: kappa within 1.96 of its standard errors for large
            samples [2]_, cut at -1 and 1. It takes the sentences as independent and the labels as right. NaN where all
            agree, which leaves no spread to measure

    References
    ----------
    .. [1] J. Cohen (1960), A coefficient of agreement for nominal scales. Educational and Psychological Measurement
       20, 37-46.
    .. [2] J. L. Fleiss, J. Cohen, B. S. Everitt (1969), Large sample standard errors of kappa and weighted kappa.
       Psychological Bulletin 72, 323-327.
    """
    sample = pd.read_csv(SAMPLE, dtype="str") if sample is None else sample
    frames.require(sample, ["label", "text"], name="sample")
    wrong = sample.loc[~sample["label"].isin(TONES), "label"]
    if len(wrong):
        raise ValueError(f"sample: label {wrong.iloc[0]!r} is none of {', '.join(TONES)}")
    found = classify(sample["text"], lexicon=lexicon)["tone"]
    same = found == sample["label"]
    rows = []
    for kind in TONES:
        labelled, read = sample["label"] == kind, found == kind
        rows.append([kind, labelled.sum(), read.sum(), (same & read).sum()])
    table = pd.DataFrame(rows, columns=["tone", "n_labelled", "n_found", "n_agreed"])
    n = len(sample)
    table.loc[len(table)] = ["all", n, n, int(same.sum())]
    counts = table[["n_labelled", "n_found", "n_agreed"]].astype("float64")
    kappa, error = _kappa(pd.crosstab(sample["label"], found).reindex(index=TONES, columns=TONES, fill_value=0))
    reach = _Z * error if error > 0 else np.nan
    last = [*[np.nan] * len(TONES)]
    return table.astype({"tone": "str", "n_labelled": "int64", "n_found": "int64", "n_agreed": "int64"}).assign(
        precision=counts["n_agreed"] / counts["n_found"].where(counts["n_found"] > 0),
        recall=counts["n_agreed"] / counts["n_labelled"].where(counts["n_labelled"] > 0),
        agreement=[*last, float(same.mean()) if n else np.nan],
        kappa=[*last, kappa],
        kappa_low=[*last, np.maximum(kappa - reach, -1.0)],
        kappa_high=[*last, np.minimum(kappa + reach, 1.0)],
    )


def measured() -> pd.DataFrame:
    """Return the agreement measured on sentences of others: print it next to every chart of tone.

    The shipped sample, which `agreement` reads by default, is easier: most of it was written for the purpose.

    Returns
    -------
    DataFrame, one row per sample
        ``sample`` : str; ``n_sentences`` : int64; ``agreement``, ``kappa``, ``kappa_low``, ``kappa_high``,
        ``precision_cooperative``, ``precision_conflictual`` : float64, as in `agreement`; ``note`` : str
    """
    return pd.read_csv(MEASURED, dtype={"sample": "str", "note": "str"})


def _kappa(table: pd.DataFrame) -> tuple[float, float]:
    """Return Cohen's kappa of a square table of counts, and its standard error; NaN where undefined."""
    n = table.to_numpy().sum()
    if not n:
        return np.nan, np.nan
    p = table.to_numpy() / n
    rows, columns, agreed = p.sum(axis=1), p.sum(axis=0), np.diag(p)
    by_chance = rows @ columns
    if by_chance >= 1:
        return np.nan, np.nan
    kappa = (agreed.sum() - by_chance) / (1 - by_chance)
    on = (agreed * (1 - (rows + columns) * (1 - kappa)) ** 2).sum()
    off = ((p - np.diag(agreed)) * (columns[:, None] + rows) ** 2).sum() * (1 - kappa) ** 2
    variance = (on + off - (kappa - by_chance * (1 - kappa)) ** 2) / (1 - by_chance) ** 2 / n
    return float(kappa), float(np.sqrt(max(0.0, variance)))
