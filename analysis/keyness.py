"""Which terms set one group of articles apart from the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.tokens import DocumentTerms


def keyness(counts: DocumentTerms, target: pd.Series) -> pd.DataFrame:
    """Compare the terms of a group of articles with those of all other articles.

    Parameters
    ----------
    counts : DocumentTerms
    target : Series of bool, indexed by ``article_id``
        True for the articles of the group, False for those it is compared with. Articles not listed are left out.

    Returns
    -------
    DataFrame, largest ``g2`` first, ties by code point
        ``term`` : str
        ``n_target``, ``n_reference``, ``df_target``, ``df_reference`` : int64
        ``per_million_target``, ``per_million_reference`` : float64
        ``log2_ratio`` : float64, log2 of the ratio of the rates, half an occurrence added to each count
        ``g2`` : float64, log-likelihood ratio of the 2 x 2 table of words, signed by direction
        ``p`` : float64, Mann-Whitney U test of the articles' rates, two-sided: the unit is the article
        ``q`` : float64, Benjamini-Hochberg adjusted ``p``
        ``label`` : str

    Raises
    ------
    ValueError
        If either group has no article in ``counts``.
    """
    from analysis.terms import by_article  # the two modules are halves of one

    matrix, sizes, ids = by_article(counts)
    picked = target.reindex(ids)
    inside = (picked == True).to_numpy(dtype=bool)  # noqa: E712
    outside = (picked == False).to_numpy(dtype=bool)  # noqa: E712
    for name, rows in (("target", inside), ("reference", outside)):
        if not rows.any():
            raise ValueError(f"keyness: the {name} group has no article among the {len(ids)} counted")
    a, b = matrix[np.flatnonzero(inside)], matrix[np.flatnonzero(outside)]
    n_a, n_b = (np.asarray(m.sum(axis=0), dtype=np.int64).ravel() for m in (a, b))
    size_a, size_b = int(sizes[inside].sum()), int(sizes[outside].sum())
    width = matrix.shape[1]
    ratio = np.log2(((n_a + 0.5) / (size_a + 1)) / ((n_b + 0.5) / (size_b + 1)))
    rates = [m.toarray() / np.maximum(s, 1)[:, None] for m, s in ((a, sizes[inside]), (b, sizes[outside]))]
    p = stats.mannwhitneyu(*rates, axis=0, method="auto").pvalue if width else np.empty(0)
    result = pd.DataFrame(
        {
            "term": counts.terms.to_series(index=range(width)),
            "n_target": n_a,
            "n_reference": n_b,
            "df_target": np.bincount(a.indices, minlength=width).astype(np.int64),
            "df_reference": np.bincount(b.indices, minlength=width).astype(np.int64),
            "per_million_target": n_a / size_a * 1e6 if size_a else np.nan,
            "per_million_reference": n_b / size_b * 1e6 if size_b else np.nan,
            "log2_ratio": ratio,
            "g2": np.sign(ratio) * _g2(n_a, n_b, size_a, size_b),
            "p": p,
            "q": stats.false_discovery_control(p) if width else np.empty(0),
            "label": counts.labels.to_series(index=range(width)),
        }
    )
    result = result[result["n_target"] + result["n_reference"] > 0]
    order = np.lexsort((np.arange(len(result)), -result["g2"].to_numpy()))
    return result.iloc[order].reset_index(drop=True)


def _g2(n_a: np.ndarray, n_b: np.ndarray, size_a: int, size_b: int) -> np.ndarray:
    total = size_a + size_b
    g2 = np.zeros(len(n_a))
    for observed, row, size in (
        (n_a, n_a + n_b, size_a),
        (n_b, n_a + n_b, size_b),
        (size_a - n_a, total - n_a - n_b, size_a),
        (size_b - n_b, total - n_a - n_b, size_b),
    ):
        expected = row * (size / total)
        with np.errstate(divide="ignore", invalid="ignore"):
            g2 += np.where(observed > 0, 2 * observed * np.log(observed / expected), 0.0)
    return g2
