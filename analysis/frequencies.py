"""How often terms occur, how evenly, and in which group of articles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import frames, resampling
from analysis.concordance import word_test
from analysis.tokens import DocumentTerms, word_set


def frequencies(
    counts: DocumentTerms,
    *,
    n_boot: int = 1000,
    random_state: int = 0,
    level: float = 0.95,
    min_n: int = 1,
    stop_words: Iterable[str] = (),
    clusters: pd.Series | None = None,
) -> pd.DataFrame:
    """Count each term, with an interval for its rate and a measure of its spread.

    Parameters
    ----------
    counts : DocumentTerms
        From `tokens.document_terms`; rows of the same article are added up first.
    n_boot : int, default=1000
        Resamples of articles behind the interval; 0 leaves it NaN.
    random_state : int, default=0
    level : float, default=0.95
        Coverage of the interval.
    min_n : int, default=1
        Terms that occur less often are left out of the result. They stay in the denominators.
    stop_words : iterable of str, default=()
        Terms left out of the result, likewise.
    clusters : Series of str, indexed by ``article_id``, optional
        Articles that are not independent of each other, stories for one: resampled as one. ``n``, ``df``, ``dp`` and
        the rate stay by article: they tell what the corpus holds, copies included, and only the interval reaches
        beyond it.

    Returns
    -------
    DataFrame, most frequent term first, ties by code point
        ``term`` : str
        ``n`` : int64, occurrences; ``df`` : int64, articles with the term
        ``per_million`` : float64, ``n`` per million tokens
        ``ci_low``, ``ci_high`` : float64, interval of ``per_million``: that of a bootstrap over articles, widened for
        few of them [1]_, or that of a Poisson count with the articles' variance, where it reaches further; see
        `resampling.rate_interval`. NaN for fewer than `resampling.FEWEST` articles with tokens
        ``dp`` : float64 in [0, 1], Gries' deviation of proportions: half the sum over articles of |share of the
        term's occurrences - share of all tokens|; 0 is even, near 1 is all in one small article [2]_
        ``dp_norm`` : float64 in [0, 1], ``dp / (1 - smallest share of tokens)`` [3]_; NaN for a single article
        ``rank`` : int64, 1 for the most frequent of the result; equal counts share the better rank
        ``label`` : str, the commonest surface form

    Notes
    -----
    Rare terms cannot be spread evenly: a term that occurs once has a ``dp`` near 1 in any corpus. Compare the
    dispersion of terms of similar frequency only.

    References
    ----------
    .. [1] T. Hesterberg (2015), What teachers should know about the bootstrap: resampling in the undergraduate
       statistics curriculum, The American Statistician 69(4).
    .. [2] S. Th. Gries (2008), Dispersions and adjusted frequencies in corpora, IJCL 13(4).
    .. [3] J. Lijffijt and S. Th. Gries (2012), Correction to "Dispersions and adjusted frequencies in corpora",
       IJCL 17(1).
    """
    left_out = word_set(stop_words)
    matrix, sizes, _ = resampling.by_article(counts)
    n = np.asarray(matrix.sum(axis=0), dtype=np.int64).ravel()
    kept = np.flatnonzero((n >= max(min_n, 1)) & ~counts.terms.isin(left_out))
    kept = kept[np.lexsort((kept, -n[kept]))]
    matrix, n = matrix[:, kept], n[kept]
    parts, part_sizes = (matrix, sizes) if clusters is None else resampling.by_article(counts, clusters)[:2]
    parts = parts if clusters is None else parts[:, kept]
    low, high = resampling.rate_interval(parts, part_sizes, n_boot=n_boot, random_state=random_state, level=level)
    dp, dp_norm = resampling.dispersion(matrix, sizes)
    return frames.conform(
        {
            "term": counts.terms[kept].array,
            "n": n,
            "df": np.bincount(matrix.indices, minlength=len(n)),
            "per_million": n / max(sizes.sum(), 1) * 1e6,
            "ci_low": low * 1e6,
            "ci_high": high * 1e6,
            "dp": dp,
            "dp_norm": dp_norm,
            "rank": pd.Series(n).rank(method="min", ascending=False),
            "label": counts.labels[kept].array,
        },
        "frequencies",
    )


def by_group(
    counts: DocumentTerms,
    groups: pd.Series,
    *,
    n_boot: int = 1000,
    random_state: int = 0,
    level: float = 0.95,
    clusters: pd.Series | None = None,
) -> pd.DataFrame:
    """Count each term in each group of articles.

    Parameters
    ----------
    counts : DocumentTerms
    groups : Series of str, indexed by ``article_id``
        The group of each article, `corpus.outlets` for one; every article counted must have one.
    n_boot, random_state, level
        As in `frequencies`; articles are drawn anew within their group.
    clusters : Series of str, indexed by ``article_id``, optional
        As in `frequencies`: articles of one group and one cluster are drawn as one.

    Returns
    -------
    DataFrame, one row per group and term, groups in order, the terms of all groups by their total
        ``group``, ``term`` : str
        ``n``, ``df`` : int64; 0 where the group lacks the term
        ``per_million`` : float64, NaN for a group without tokens
        ``n_articles``, ``n_tokens`` : int64, of the group
        ``label`` : str
        ``ci_low``, ``ci_high`` : float64, interval of ``per_million``, above 0 at its end where ``n`` is 0, see
        `resampling.rate_interval`; NaN for a group of fewer than `resampling.FEWEST` articles, or clusters

    Raises
    ------
    ValueError
        If an article has no group, or two.
    """
    matrix, sizes, ids = resampling.by_article(counts)
    of = resampling.aligned(groups, ids, name="groups")
    total = np.asarray(matrix.sum(axis=0)).ravel()
    order = np.lexsort((np.arange(len(total)), -total))
    matrix = matrix[:, order]
    bursts = burst(matrix)
    drawing = {"n_boot": n_boot, "random_state": random_state, "level": level}
    drawn_as = ids.to_series() if clusters is None else resampling.aligned(clusters, ids, name="clusters")
    parts = []
    for group in sorted(of.unique()):
        rows = np.flatnonzero((of == group).to_numpy())
        values = {
            "group": group,
            "term": counts.terms[order].array,
            "label": counts.labels[order].array,
            **rates(matrix[rows], sizes[rows], drawn_as.iloc[rows], bursts, drawing),
        }
        parts.append(pd.DataFrame(values))
    return frames.conform(pd.concat(parts) if parts else [], "terms_by_group")


def followed(
    counts: DocumentTerms, wanted: Iterable[str], *, n_terms: int = 5, stop_words: Iterable[str] = ()
) -> list[str]:
    """Return the terms to follow: those wanted that occur, or the commonest of the corpus where none of them does.

    Parameters
    ----------
    counts : DocumentTerms
    wanted : iterable of str
        Words in any case, terms as in ``counts.terms``, or words with a wildcard. Several words are one only where
        ``counts.rule`` lists them.
    n_terms : int, default=5
        Terms to return in place of those wanted.
    stop_words : iterable of str, default=()
        Terms that do not stand in for them.

    Returns
    -------
    list of str
        Those of ``wanted`` that occur, without repetition; if none does, at most ``n_terms`` others, those in most
        articles first, then the most frequent, ties by code point.
    """
    wanted = list(dict.fromkeys([wanted] if isinstance(wanted, str) else wanted))
    tests = [word_test(pattern, counts.rule) for pattern in wanted]
    occur = [w for w, test in zip(wanted, tests, strict=True) if any(test(term, term) for term in counts.terms)]
    if occur:
        return occur
    found = frequencies(counts, n_boot=0, stop_words=stop_words)
    order = np.lexsort((found["term"], -found["n"], -found["df"]))[:n_terms]
    return found["term"].iloc[order].tolist()


def gathered(groups: pd.Series, *, n_most: int = 8) -> pd.Series:
    """Join the smallest groups into one, so that at most ``n_most`` are left.

    Parameters
    ----------
    groups : Series of str, indexed by ``article_id``
    n_most : int, default=8
        At least 2.

    Returns
    -------
    Series of str, on the index of ``groups``
        As given if there are no more than ``n_most`` groups; else the ``n_most - 1`` with most articles, ties by name,
        and ``other (3 groups)`` for the rest.

    Raises
    ------
    ValueError
        If ``n_most`` is less than 2.
    """
    if n_most < 2:
        raise ValueError(f"n_most must be at least 2, not {n_most}")
    sizes = groups.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if len(sizes) <= n_most:
        return groups
    return groups.where(groups.isin(sizes.index[: n_most - 1]), f"other ({len(sizes) - n_most + 1} groups)")


def known_within(table: pd.DataFrame) -> float:
    """Return the factor within which half of the rates are known, among those whose interval does not reach 0.

    Parameters
    ----------
    table : DataFrame
        ``per_million``, ``ci_low``, ``ci_high``, as in `frequencies`.

    Returns
    -------
    float
        Median of the larger of ``ci_high / per_million`` and ``per_million / ci_low``; NaN where there is none.
    """
    known = table[table["ci_low"] > 0]
    farther = np.maximum(known["ci_high"] / known["per_million"], known["per_million"] / known["ci_low"])
    return float(farther.median())


def burst(matrix: sparse.csr_array) -> np.ndarray:
    """Return how often each term occurs in an article that has it, on average; 0 for a term that none has."""
    return np.asarray(matrix.sum(axis=0)).ravel() / np.maximum(
        np.bincount(matrix.indices, minlength=matrix.shape[1]), 1
    )


def rates(
    matrix: sparse.csr_array, sizes: np.ndarray, drawn_as: pd.Series, bursts: np.ndarray, drawing: dict
) -> dict[str, object]:
    """Return the columns of a part of the corpus: counts, rates with their intervals, and the part's size."""
    n = np.asarray(matrix.sum(axis=0)).ravel()
    sample = resampling.added(matrix, sizes, drawn_as.to_numpy())
    low, high = resampling.rate_interval(*sample, burst=bursts, **drawing)
    return {
        "n": n,
        "df": np.bincount(matrix.indices, minlength=len(n)),
        "per_million": n / sizes.sum() * 1e6 if sizes.any() else np.nan,
        "ci_low": low * 1e6,
        "ci_high": high * 1e6,
        "n_articles": len(sizes),
        "n_tokens": sizes.sum(),
    }
