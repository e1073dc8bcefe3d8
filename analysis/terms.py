"""How often terms occur, how evenly, where; the door to keyness, collocations and concordance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import tokens
from analysis.concordance import concordance
from analysis.keyness import keyness
from analysis.segments import COUNTED_ROLES
from analysis.tokens import DocumentTerms

__all__ = ["by_group", "concordance", "frequencies", "keyness", "positions"]

_CELLS = 4_000_000


def frequencies(
    counts: DocumentTerms,
    *,
    n_boot: int = 1000,
    random_state: int = 0,
    stop_words: Iterable[str] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """Count each term, with an interval for its rate and a measure of its spread.

    Parameters
    ----------
    counts : DocumentTerms
        From `tokens.document_terms`; rows of the same article are added up first.
    n_boot : int, default=1000
        Resamples of articles behind the interval; 0 leaves it NaN.
    random_state : int, default=0
    stop_words : iterable of str, default=()
        Terms left out of the result. They stay in the denominator.
    level : float, default=0.95
        Coverage of the interval.

    Returns
    -------
    DataFrame, most frequent term first, ties by code point
        ``term`` : str
        ``n`` : int64, occurrences; ``df`` : int64, articles with the term
        ``per_million`` : float64, ``n`` per million tokens
        ``ci_low``, ``ci_high`` : float64, percentile bootstrap interval of ``per_million`` over articles [1]_
        ``dp`` : float64 in [0, 1], Gries' deviation of proportions: half the sum over articles of |share of the
        term's occurrences - share of the corpus' tokens|; 0 is even, 1 is all in one small article [2]_
        ``dp_norm`` : float64 in [0, 1], ``dp / (1 - smallest share)`` [3]_; NaN for a single article
        ``rank`` : int64, 1 for the most frequent; equal counts share the better rank
        ``label`` : str, the commonest surface form

    Raises
    ------
    ValueError
        If ``n_boot`` is negative or ``level`` is not between 0 and 1.

    References
    ----------
    .. [1] B. Efron and R. Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    .. [2] S. Th. Gries (2008), Dispersions and adjusted frequencies in corpora, IJCL 13(4).
    .. [3] J. Lijffijt and S. Th. Gries (2012), Correction to "Dispersions and adjusted frequencies in corpora",
       IJCL 17(1).
    """
    if n_boot < 0:
        raise ValueError(f"n_boot must not be negative: {n_boot}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1: {level}")
    if isinstance(stop_words, str):
        raise TypeError(f"stop_words must be an iterable of words, not the string {stop_words!r}")
    matrix, sizes, _ = by_article(counts)
    n = np.asarray(matrix.sum(axis=0), dtype=np.int64).ravel()
    total = sizes.sum()
    low, high = _bootstrap(matrix, sizes, n_boot, random_state, level)
    dp, dp_norm = dispersion(matrix, sizes)
    result = pd.DataFrame(
        {
            "term": counts.terms.to_series(index=range(len(n))),
            "n": n,
            "df": np.bincount(matrix.indices, minlength=len(n)).astype(np.int64),
            "per_million": n / total * 1e6 if total else np.empty(0),
            "ci_low": low,
            "ci_high": high,
            "dp": dp,
            "dp_norm": dp_norm,
            "label": counts.labels.to_series(index=range(len(n))),
        }
    )
    result = result[(result["n"] > 0) & ~result["term"].isin(list(stop_words))]
    order = np.lexsort((np.arange(len(result)), -result["n"].to_numpy()))
    result = result.iloc[order].reset_index(drop=True)
    result.insert(8, "rank", result["n"].rank(method="min", ascending=False).astype(np.int64))
    return result


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


def by_article(counts: DocumentTerms) -> tuple[sparse.csr_array, np.ndarray, pd.Index]:
    """Add up the rows of each article.

    Returns
    -------
    matrix : csr_array of shape (n_articles, n_terms)
    sizes : ndarray of int64, shape (n_articles,), tokens
    article_ids : Index of str, in the order in which they first occur
    """
    codes, ids = pd.factorize(counts.article_ids)
    if len(ids) == len(codes):
        return counts.matrix, counts.n_tokens, counts.article_ids
    shape = (len(ids), len(codes))
    adder = sparse.csr_array((np.ones(len(codes), dtype=np.int64), (codes, np.arange(len(codes)))), shape=shape)
    matrix = sparse.csr_array(adder @ counts.matrix)
    matrix.sort_indices()
    return matrix, (adder @ counts.n_tokens), pd.Index(ids, dtype="str", name="article_id")


def by_group(counts: DocumentTerms, groups: pd.Series) -> pd.DataFrame:
    """Count each term in each group of articles.

    Parameters
    ----------
    counts : DocumentTerms
    groups : Series of str, indexed by ``article_id``
        The group of each article, `corpus.outlets` for one; every article must have one.

    Returns
    -------
    DataFrame, one row per group and term, groups in order, most frequent term first; terms a group lacks have n = 0
        ``group``, ``term`` : str
        ``n``, ``df`` : int64
        ``per_million`` : float64, NaN for a group without tokens
        ``n_articles``, ``n_tokens`` : int64, of the group
        ``label`` : str

    Raises
    ------
    ValueError
        If an article has no group, or two.
    """
    matrix, sizes, ids = by_article(counts)
    if groups.index.has_duplicates:
        raise ValueError(f"groups: article {groups.index[groups.index.duplicated()][0]!r} has two rows")
    of = groups.reindex(ids)
    if of.isna().any():
        raise ValueError(f"groups: article {ids[of.isna().to_numpy().argmax()]!r} has no group")
    parts = []
    n_all = np.asarray(matrix.sum(axis=0)).ravel()
    order = np.lexsort((np.arange(len(n_all)), -n_all))
    for group in sorted(of.unique()):
        rows = np.flatnonzero((of == group).to_numpy())
        part = matrix[rows]
        n = np.asarray(part.sum(axis=0), dtype=np.int64).ravel()
        size = int(sizes[rows].sum())
        frame = pd.DataFrame(
            {
                "group": pd.Series([group] * len(n), dtype="str"),
                "term": counts.terms.to_series(index=range(len(n))),
                "n": n,
                "df": np.bincount(part.indices, minlength=len(n)).astype(np.int64),
                "per_million": n / size * 1e6 if size else np.nan,
                "n_articles": len(rows),
                "n_tokens": size,
                "label": counts.labels.to_series(index=range(len(n))),
            }
        )
        parts.append(frame.iloc[order])
    if not parts:
        strings = {c: pd.Series(dtype="str") for c in ("group", "term")}
        numbers = {c: pd.Series(dtype="int64") for c in ("n", "df")}
        rate = {"per_million": pd.Series(dtype="float64")}
        sizes_ = {c: pd.Series(dtype="int64") for c in ("n_articles", "n_tokens")}
        return pd.DataFrame({**strings, **numbers, **rate, **sizes_, "label": pd.Series(dtype="str")})
    return pd.concat(parts, ignore_index=True)


def positions(
    articles: pd.DataFrame, *, terms: Iterable[str], roles: Iterable[str] | None = COUNTED_ROLES
) -> pd.DataFrame:
    """Find where in its article each occurrence of some terms falls.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    terms : iterable of str
        As in ``DocumentTerms.terms``.
    roles : iterable of str or None, default=("headline", "body")

    Returns
    -------
    DataFrame, one row per occurrence, in the order of the articles and of the text
        ``article_id``, ``term`` : str
        ``position`` : int64, tokens of the article before it
        ``n_tokens`` : int64, tokens of the article
        ``share`` : float64 in [0, 1), ``position / n_tokens``
        ``start``, ``end`` : int64, code points into ``text``
    """
    frame = tokens.tokens(articles, roles=roles)
    wanted = [terms] if isinstance(terms, str) else list(terms)
    frame["position"] = frame.groupby("article_id").cumcount().astype(np.int64)
    frame["n_tokens"] = frame.groupby("article_id")["start"].transform("size").astype(np.int64)
    frame["share"] = frame["position"] / frame["n_tokens"]
    columns = ["article_id", "term", "position", "n_tokens", "share", "start", "end"]
    return frame.loc[frame["term"].isin(wanted), columns].reset_index(drop=True)


def _bootstrap(
    matrix: sparse.csr_array, sizes: np.ndarray, n_boot: int, random_state: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    n_parts, n_terms = matrix.shape
    low, high = np.full(n_terms, np.nan), np.full(n_terms, np.nan)
    if not n_boot or not n_terms or n_parts < 2:
        return low, high
    rng = np.random.default_rng(random_state)
    weights = rng.multinomial(n_parts, np.full(n_parts, 1 / n_parts), size=n_boot).astype(np.float64)
    totals = weights @ sizes
    weights = weights[totals > 0] / totals[totals > 0, None] * 1e6
    tails = [(1 - level) / 2, (1 + level) / 2]
    step = max(1, _CELLS // n_boot)
    columns = sparse.csc_array(matrix, dtype=np.float64)
    for begin in range(0, n_terms, step):
        part = columns[:, begin : begin + step]
        rates = (part.T @ weights.T).T
        low[begin : begin + step], high[begin : begin + step] = np.quantile(rates, tails, axis=0)
    return low, high
