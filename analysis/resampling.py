"""Intervals and tests whose unit is the article, never the word."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import sparse, stats

from analysis.design_effects import design_effect, sums_of
from analysis.tokens import DocumentTerms

FEWEST = 5
"""Articles, or stories, below which a group is given no interval: how far others would differ cannot be told."""

_CELLS = 4_000_000


def by_article(
    counts: DocumentTerms, clusters: pd.Series | None = None
) -> tuple[sparse.csr_array, np.ndarray, pd.Index]:
    """Add up the rows of each article, or of each cluster of articles.

    Parameters
    ----------
    counts : DocumentTerms
    clusters : Series of str, indexed by ``article_id``, optional
        Articles that are not independent of each other: ``articles.set_index("article_id")["story_id"]``.

    Returns
    -------
    matrix : csr_array of int64, shape (n_clusters, n_terms)
    sizes : ndarray of int64, shape (n_clusters,), tokens
    ids : Index of str, in the order in which they first occur

    Raises
    ------
    ValueError
        If an article has no cluster, or two.
    """
    keys = counts.article_ids if clusters is None else aligned(clusters, counts.article_ids, name="clusters")
    codes, ids = pd.factorize(keys)
    ids = pd.Index(ids, dtype="str", name="article_id" if clusters is None else clusters.name)
    return *added(counts.matrix, counts.n_tokens, codes), ids


def added(matrix: sparse.csr_array, sizes: np.ndarray, keys: np.ndarray) -> tuple[sparse.csr_array, np.ndarray]:
    """Add up the rows of a matrix, and their sizes, that have the same key, in the order of first occurrence."""
    codes, names = pd.factorize(keys)
    if len(names) == len(codes):
        return matrix, sizes
    ones = np.ones(len(codes), dtype=np.int64)
    adder = sparse.csr_array((ones, (codes, np.arange(len(codes)))), shape=(len(names), len(codes)))
    result = sparse.csr_array(adder @ matrix)
    result.sort_indices()
    return result, adder @ sizes


def aligned(values: pd.Series, ids: pd.Index, *, name: str) -> pd.Series:
    """Return one value per id, in their order.

    Raises
    ------
    ValueError
        If an id has no value, or two.
    """
    if values.index.has_duplicates:
        raise ValueError(f"{name}: article {values.index[values.index.duplicated()][0]!r} has two rows")
    result = values.reindex(ids)
    if result.isna().any():
        raise ValueError(f"{name}: article {ids[int(result.isna().to_numpy().argmax())]!r} has none")
    return result


def tails(level: float, n_parts: int) -> tuple[float, float]:
    """Return the quantiles of a bootstrap distribution that hold ``level`` of it, widened for few parts.

    A percentile interval is too narrow when few articles are resampled: it lacks the factor sqrt(n / (n - 1)) and the
    heavier tails of Student's t. Hesterberg's expanded percentile interval reads the quantiles further out:
    Phi(-sqrt(n / (n - 1)) t) instead of (1 - level) / 2, with the t quantile for n - 1 degrees of freedom [1]_. Past a
    hundred articles or so the two are the same.

    References
    ----------
    .. [1] T. Hesterberg (2015), What teachers should know about the bootstrap: resampling in the undergraduate
       statistics curriculum, The American Statistician 69(4).
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1: {level}")
    if n_parts < 2:
        return 0.0, 1.0
    quantile = stats.t.ppf((1 + level) / 2, n_parts - 1) * math.sqrt(n_parts / (n_parts - 1))
    low = float(stats.norm.cdf(-quantile))
    return low, 1 - low


def weights(n_parts: int, n_boot: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each part is drawn in each resample, float64 of shape (n_boot, n_parts)."""
    if n_boot < 0:
        raise ValueError(f"n_boot must not be negative: {n_boot}")
    draws = np.zeros((n_boot, n_parts))
    for row in draws:
        row += np.bincount(rng.integers(n_parts, size=n_parts), minlength=n_parts)
    return draws


def rate_interval(
    matrix: sparse.csr_array,
    sizes: np.ndarray,
    *,
    n_boot: int,
    random_state: int,
    level: float,
    burst: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return an interval of each term's rate (occurrences per token) over the rows of the matrix.

    Each end is the wider of two. The first is the bootstrap's: rows are drawn anew with replacement, and the quantiles
    of the rates are those of `tails`. It cannot reach past the rows there are, and has no width where they are alike.
    The second treats the n occurrences as n / d independent ones, with d the design effect: the variance of n between
    rows, over n, and no less than 1 [1]_. Both n / d and the tokens are taken times (z / t)^2, with the quantiles of
    the normal and of Student's distribution for one row less, as the variance is estimated [2]_; the interval is then
    the exact one of a Poisson count [3]_. It ends above 0 for a term that no row has.

    Parameters
    ----------
    matrix : csr_array of shape (n_parts, n_terms)
    sizes : ndarray of shape (n_parts,)
        Tokens of each part.
    n_boot, random_state, level
        As in `terms.frequencies`.
    burst : ndarray of float64, shape (n_terms,), optional
        The design effect of terms that no row has: their occurrences elsewhere over the articles with them; 1 if not
        given.

    Returns
    -------
    low, high : ndarray of float64, shape (n_terms,)
        NaN if there are fewer than `FEWEST` rows with tokens, or ``n_boot`` is 0.

    References
    ----------
    .. [1] J. N. K. Rao and A. J. Scott (1999), A simple method for analysing overdispersion in clustered Poisson data,
       Statistics in Medicine 18.
    .. [2] E. L. Korn and B. I. Graubard (1998), Confidence intervals for proportions with small expected number of
       positive counts estimated from survey data, Survey Methodology 24(2), who do so with shares.
    .. [3] F. Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28(3/4).
    """
    used = np.flatnonzero(sizes > 0)
    n_terms = matrix.shape[1]
    low, high = np.full(n_terms, np.nan), np.full(n_terms, np.nan)
    edges = tails(level, len(used))
    drawn = weights(len(used), n_boot, np.random.default_rng(random_state))
    if len(used) < FEWEST or not n_boot:
        return low, high
    drawn /= (drawn @ sizes[used])[:, None]
    columns = sparse.csr_array(matrix[used].T, dtype=np.float64)
    step = max(1, _CELLS // n_boot)
    for begin in range(0, n_terms, step):
        rates = columns[begin : begin + step] @ drawn.T
        low[begin : begin + step], high[begin : begin + step] = np.quantile(rates, edges, axis=1)
    sums = sums_of(columns, sizes[used].astype(np.float64), np.ones((len(used), 1)))
    n = sums.n[:, 0]
    effect = design_effect(sums, len(used))[:, 0]
    effect = np.where(n > 0, effect, 1.0 if burst is None else np.maximum(burst, 1.0))
    effect *= (stats.t.ppf((1 + level) / 2, len(used) - 1) / stats.norm.ppf((1 + level) / 2)) ** 2
    independent = n / effect
    scale = effect / sizes.sum() / 2
    with np.errstate(invalid="ignore"):
        first = np.where(n > 0, stats.chi2.ppf((1 - level) / 2, 2 * independent), 0) * scale
    last = stats.chi2.ppf((1 + level) / 2, 2 * independent + 2) * scale
    return np.minimum(low, first), np.minimum(np.maximum(high, last), 1.0)


def dispersion(matrix: sparse.csr_array, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Gries' DP of each term and its normalised form; see `frequencies`.

    Parameters
    ----------
    matrix : csr_array of shape (n_parts, n_terms)
    sizes : ndarray of shape (n_parts,)
        Tokens of each part. Parts without tokens are left out.
    """
    n = np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()
    shares = sizes / sizes.sum() if sizes.sum() else np.zeros(len(sizes))
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns = matrix.indices
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = matrix.data / n[columns]
    # Parts without the term add their whole share: 1 minus the shares of the parts that have it.
    gap = np.bincount(columns, np.abs(observed - shares[rows]), minlength=len(n))
    covered = np.bincount(columns, shares[rows], minlength=len(n))
    dp = np.where(n > 0, np.clip((gap + 1 - covered) / 2, 0, 1), np.nan)
    used = shares[shares > 0]
    smallest = used.min() if len(used) > 1 else np.nan
    return dp, dp / (1 - smallest)
