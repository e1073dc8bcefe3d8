"""Intervals and tests whose unit is the article, never the word."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse, stats

from analysis.tokens import DocumentTerms

FEWEST = 5
"""Articles, or stories, below which a group is given no interval: how far others would differ cannot be told."""

_CELLS = 4_000_000
_TILE = 50_000
_ARRANGEMENTS = 20_000
_FEW = 20


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
    sums = _sums(columns, sizes[used].astype(np.float64), np.ones((len(used), 1)))
    n = sums.n[:, 0]
    effect = _design_effect(sums, len(used))[:, 0]
    effect = np.where(n > 0, effect, 1.0 if burst is None else np.maximum(burst, 1.0))
    effect *= (stats.t.ppf((1 + level) / 2, len(used) - 1) / stats.norm.ppf((1 + level) / 2)) ** 2
    independent = n / effect
    scale = effect / sizes.sum() / 2
    with np.errstate(invalid="ignore"):
        first = np.where(n > 0, stats.chi2.ppf((1 - level) / 2, 2 * independent), 0) * scale
    last = stats.chi2.ppf((1 + level) / 2, 2 * independent + 2) * scale
    return np.minimum(low, first), np.minimum(np.maximum(high, last), 1.0)


class _Sums(NamedTuple):
    """Sums over the articles that each column of a 0/1 matrix picks; arrays of shape (n_terms, n_columns) or wide."""

    n: np.ndarray  # occurrences
    nn: np.ndarray  # their squares
    nl: np.ndarray  # times the size of the article
    size: np.ndarray  # tokens
    ll: np.ndarray  # their squares

    def rest(self, whole: _Sums) -> _Sums:
        return _Sums(*(w - s for w, s in zip(whole, self, strict=True)))

    def of(self, terms: slice) -> _Sums:
        return self._replace(n=self.n[terms], nn=self.nn[terms], nl=self.nl[terms])


def _sums(columns: sparse.csr_array, sizes: np.ndarray, picked: np.ndarray) -> _Sums:
    dense = columns.nnz > columns.shape[0] * columns.shape[1] / 20
    table = columns.toarray() if dense else columns
    squares = table * table if dense else columns.multiply(columns).tocsr()
    by_size = table * sizes if dense else columns.multiply(sizes[None, :]).tocsr()
    return _Sums(table @ picked, squares @ picked, by_size @ picked, sizes @ picked, sizes**2 @ picked)


def _design_effect(sums: _Sums, n_parts: int) -> np.ndarray:
    """Return the variance of a count between articles over the count, at least 1; NaN for a count of 0."""
    rate = sums.n / sums.size
    effect = rate * sums.ll
    effect -= 2 * sums.nl
    effect *= rate
    effect += sums.nn
    effect *= n_parts / (n_parts - 1)
    with np.errstate(invalid="ignore"):
        effect /= sums.n  # 0 / 0 where the term is lacking
    return np.maximum(effect, 1.0, out=effect)


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


def ratio_test(
    columns: sparse.csr_array,
    sizes: np.ndarray,
    n_in: int,
    *,
    n_permutations: int,
    random_state: int,
    level: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Test whether articles of a group have another rate than the others, with the interval that fits the test.

    The statistic is the difference of two rates, n_1 / L_1 and n_2 / L_2, of counts that vary more than Poisson's:

    .. math:: z = (n_1 L_2 - n_2 L_1) / \sqrt{r L_1 L_2 (d_1 L_2 + d_2 L_1)}, \quad r = (n_1 + n_2) / (L_1 + L_2)

    with the tokens L of each group and its design effect d, the variance of n between articles over n, no less than 1
    and that of the other group for a group without the term [1]_. p is the larger of two: the share of ways to choose
    the group, articles keeping their counts and their lengths, whose |z| is as large (all ways where they are no more
    than 20,000, random ones otherwise), and that of Student's t with Welch's degrees of freedom. The first is exact if
    length and counts have nothing to do with the group, and as z is studentised it holds in large samples where the
    lengths of the groups differ [2]_; the second guards against few articles of unlike length.

    The interval holds the ratios of rates that the same statistic, with one group's tokens multiplied by the ratio,
    does not reject at the critical value of the test. So it leaves out 1 where p is at most 1 - level, and only there
    (but for the chance of more random ways).

    Parameters
    ----------
    columns : csr_array of float64, shape (n_terms, n_articles), counts, the articles of the group first
    sizes : ndarray of float64, shape (n_articles,), tokens, none 0
    n_in : int
        Articles of the group.
    n_permutations : int
        Random ways; a term that fewer than 20 of them reach is given ten times as many.
    random_state : int
    level : float in (0, 1)

    Returns
    -------
    p, low, high : ndarray of float64, shape (n_terms,)
        NaN where a group has fewer than two articles; ``low`` and ``high``, of the ratio, also where one has fewer than
        `FEWEST`. ``low`` is 0 where the group lacks the term, ``high`` inf where the others do.

    References
    ----------
    .. [1] J. N. K. Rao and A. J. Scott (1999), A simple method for analysing overdispersion in clustered Poisson data,
       Statistics in Medicine 18.
    .. [2] E. Chung and J. P. Romano (2013), Exact and asymptotically robust permutation tests, Annals of Statistics
       41(2).
    """
    if n_permutations < 0:
        raise ValueError(f"n_permutations must not be negative: {n_permutations}")
    tails(level, 2)
    n_terms, n = columns.shape
    p, low, high = np.full((3, n_terms), np.nan)
    if min(n_in, n - n_in) < 2 or not n_terms:
        return p, low, high
    ways = math.comb(n, n_in)
    every = ways <= _ARRANGEMENTS
    rng = np.random.default_rng(random_state)
    picked = _arrangements(n, n_in) if every else _draws(n, n_in, n_permutations, rng)
    # Rare terms are added up as sparse rows, common ones as dense: those of a kind together, and put back at the end.
    order = np.argsort(np.diff(columns.indptr), kind="stable")
    back = np.empty(n_terms, dtype=np.int64)
    back[order] = np.arange(n_terms)
    columns = columns[order]
    count = picked.shape[1]
    # The value that no more than 1 - level of the ways pass; the observed one is among them.
    place = count - 1 - math.floor((1 - level) * count + 1e-9)
    critical = np.empty(n_terms)
    n_reached = np.empty(n_terms, dtype=np.int64)
    for part in _steps(n_terms, count):
        z = _studentised(columns[part], sizes, picked, n_in)
        n_reached[part] = (z >= z[:, :1] * (1 - 1e-9) - 1e-12).sum(axis=1)
        critical[part] = np.partition(z, place, axis=1)[:, place]
    p[:] = n_reached / count
    if not every and n_permutations:
        rare = np.flatnonzero(n_reached <= _FEW)
        more = _draws(n, n_in, n_permutations * 9, rng)
        for part in _steps(len(rare), more.shape[1]):
            z = _studentised(columns[rare[part]], sizes, more, n_in)
            n_reached[rare[part]] += (z[:, 1:] >= z[:, :1] * (1 - 1e-9) - 1e-12).sum(axis=1)
        p[rare] = n_reached[rare] / (n_permutations * 10 + 1)
    first = np.zeros((n, 1))
    first[:n_in] = 1
    own = _sums(columns, sizes, first)
    other = own.rest(_sums(columns, sizes, np.ones((n, 1))))
    n_1, n_2 = own.n[:, 0], other.n[:, 0]
    size_1, size_2 = own.size[0], other.size[0]
    d_1, d_2 = (d[:, 0] for d in _effects(own, other, n_in, n - n_in))
    freedom = (d_1 * size_2 + d_2 * size_1) ** 2 / (
        (d_1 * size_2) ** 2 / (n_in - 1) + (d_2 * size_1) ** 2 / (n - n_in - 1)
    )
    z = _z(n_1, n_2, size_1, size_2, d_1, d_2)
    p = np.maximum(p, 2 * stats.t.sf(z, freedom))
    if min(n_in, n - n_in) >= FEWEST and (every or n_permutations):
        bound = np.maximum(critical, stats.t.ppf((1 + level) / 2, freedom))
        low = 1 / _upper(n_2, n_1, size_2, size_1, d_2, d_1, bound)
        high = _upper(n_1, n_2, size_1, size_2, d_1, d_2, bound)
    return p[back], low[back], high[back]


def _z(n_1, n_2, size_1, size_2, d_1, d_2) -> np.ndarray:
    rate = (n_1 + n_2) / (size_1 + size_2)
    return np.abs(n_1 * size_2 - n_2 * size_1) / np.sqrt(rate * size_1 * size_2 * (d_1 * size_2 + d_2 * size_1))


def _effects(own: _Sums, other: _Sums, n_own: int, n_other: int) -> tuple[np.ndarray, np.ndarray]:
    one, two = _design_effect(own, n_own), _design_effect(other, n_other)
    if own.n.all() and other.n.all():
        return one, two
    return np.where(np.isnan(one), two, one), np.where(np.isnan(two), one, two)


def _studentised(columns: sparse.csr_array, sizes: np.ndarray, picked: np.ndarray, n_in: int) -> np.ndarray:
    every = _sums(columns, sizes, picked)
    whole = _sums(columns, sizes, np.ones((len(sizes), 1)))
    result = np.empty(every.n.shape)
    for terms in _steps(*result.shape, _TILE):  # what the processor's cache holds
        own = every.of(terms)
        other = own.rest(whole.of(terms))
        effects = _effects(own, other, n_in, len(sizes) - n_in)
        result[terms] = _z(own.n, other.n, own.size, other.size, *effects)
    return result


def _upper(n_1, n_2, size_1, size_2, d_1, d_2, bound) -> np.ndarray:
    """Return the largest ratio of rates that is not rejected, by bisection of its logarithm; inf if ``n_2`` is 0."""
    with np.errstate(divide="ignore"):
        start = np.log(np.maximum(n_1, 1e-9) * size_2) - np.log(n_2 * size_1)
    low, high = np.where(n_2 > 0, start, 0.0), np.where(n_2 > 0, start, 0.0) + 60
    for _ in range(60):
        middle = (low + high) / 2
        rejected = _z(n_1, n_2, size_1 * np.exp(middle), size_2, d_1, d_2) > bound
        low, high = np.where(rejected, low, middle), np.where(rejected, middle, high)
    return np.where(n_2 > 0, np.exp(high), np.inf)


def _steps(n_terms: int, n_columns: int, n_cells: int = _CELLS) -> list[slice]:
    step = max(1, n_cells // max(n_columns, 1))
    return [slice(begin, begin + step) for begin in range(0, n_terms, step)]


def _arrangements(n: int, n_in: int) -> np.ndarray:
    """Return every way to choose the group, the given one (the first articles) first, as columns."""
    picked = np.zeros((n, math.comb(n, n_in)))
    for column, group in enumerate(itertools.combinations(range(n), n_in)):
        picked[list(group), column] = 1
    return picked


def _draws(n: int, n_in: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    picked = np.zeros((n, n_draws + 1))
    picked[:n_in, 0] = 1
    for column in range(1, n_draws + 1):
        picked[rng.permutation(n)[:n_in], column] = 1
    return picked
