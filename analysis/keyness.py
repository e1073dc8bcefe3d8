"""Which terms set one group of articles apart from others."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import optimize, sparse, special, stats

from analysis import frames, ratios, resampling
from analysis.tokens import DocumentTerms, word_set


def keyness(
    counts: DocumentTerms,
    target: pd.Series,
    *,
    n_permutations: int = 1999,
    random_state: int = 0,
    level: float = 0.95,
    min_n: int = 1,
    prior_tokens: float | None = None,
    stop_words: Iterable[str] = (),
    clusters: pd.Series | None = None,
) -> pd.DataFrame:
    """Compare the terms of a group of articles with those of other articles.

    Parameters
    ----------
    counts : DocumentTerms
        Rows of the same article are added up first.
    target : Series of bool, indexed by ``article_id``
        True for the articles of the group, False for those it is compared with: ``outlets == "Iran Press"``,
        ``published < date``, articles that name a country. Articles that are not listed, or NA, are left out.
    n_permutations : int, default=1999
        Random ways to choose the group, where there are too many to go through all; terms that pass with them are given
        ten times as many.
    random_state : int, default=0
    level : float, default=0.95
        Coverage of the interval.
    min_n : int, default=1
        Terms that occur less often in both groups together are left out. They are not tested either, which makes ``q``
        smaller for the rest; the split between the groups does not enter, so that is no cherry-picking.
    prior_tokens : float, optional
        Weight of the prior of ``log_odds``; the mean number of tokens of an article if not given.
    stop_words : iterable of str, default=()
        Terms left out, before testing. They stay in the denominators.
    clusters : Series of str, indexed by ``article_id``, optional
        Articles that are not independent of each other, stories for one: tested as one. All articles of a cluster must
        be on the same side; a cluster then is what ``df`` and ``dp`` count.

    Returns
    -------
    DataFrame, largest ``g2`` first, ties by code point
        ``term`` : str
        ``n_target``, ``n_reference``, ``df_target``, ``df_reference`` : int64, occurrences and articles with the term
        ``per_million_target``, ``per_million_reference`` : float64
        ``log2_ratio`` : float64, log2 of (n_target + s) / N_target over (n_reference + 1 - s) / N_reference, with N the
        tokens of each group and s = N_target / (N_target + N_reference): 1 is twice as frequent, 0 is a split in
        proportion to the tokens [1]_. One occurrence in all is added, so that the ratio exists where a group lacks the
        term; it is shared out by size, so that it favours neither
        ``ci_low``, ``ci_high`` : float64, interval of ``log2_ratio``: the ratios that the test of ``p`` does not
        reject, see `ratios.ratio_test`, so it leaves out 0 only where ``p`` is at most 1 - ``level``; -inf or inf
        where nothing bounds the ratio, as one group lacks the term; NaN if a group has fewer than
        `resampling.FEWEST` articles
        ``log2_ratio_shrunk`` : float64, the ratio drawn towards 0 as far as small counts ask for: the target's share
        of the term's occurrences is given a Beta prior around the target's share of all tokens, whose weight is the
        most likely one given all terms; 0 where the terms give no sign of any difference
        ``g2`` : float64, log-likelihood ratio of the 2 x 2 table of tokens [2]_, negative if the reference has more
        ``log_odds``, ``z`` : float64, difference of the log odds with an informative Dirichlet prior, natural
        logarithm, and the same over its standard deviation [3]_; the prior weighs ``prior_tokens`` tokens, in the
        proportions of both groups together
        ``p`` : float64, test of equal rates whose unit is the article, see `ratios.ratio_test`; NaN if a group has
        a single article; ``g2`` and ``z`` take words for independent draws and overstate [4]_
        ``q`` : float64, ``p`` adjusted for the number of terms tested [5]_
        ``dp_target``, ``dp_reference`` : float64 in [0, 1], normalised deviation of proportions within each group, see
        `terms.frequencies`; NaN if the group lacks the term or has a single article with tokens
        ``label`` : str, the commonest surface form

    Raises
    ------
    ValueError
        If a group has no article in ``counts``, or no token; or if a cluster lies in both.

    References
    ----------
    .. [1] A. Hardie (2014), Log Ratio: an informal introduction (ESRC CASS), for the plain ratio.
    .. [2] T. Dunning (1993), Accurate methods for the statistics of surprise and coincidence, CL 19(1).
    .. [3] B. Monroe, M. Colaresi, K. Quinn (2008), Fightin' words, Political Analysis 16(4), eq. 16, 19, 20, 22, 23.
    .. [4] J. Lijffijt et al. (2016), Significance testing of word frequencies in corpora, DSH 31(2).
    .. [5] Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate: a practical and powerful
       approach to multiple testing, JRSS B 57(1).
    """
    left_out = word_set(stop_words)
    matrices, sizes = _groups(counts, target, clusters)
    n = [np.asarray(m.sum(axis=0), dtype=np.int64).ravel() for m in matrices]
    kept = np.flatnonzero((n[0] + n[1] >= max(min_n, 1)) & ~counts.terms.isin(left_out))
    n = [x[kept] for x in n]
    matrices = [sparse.csr_array(m[:, kept]) for m in matrices]
    totals = [int(s.sum()) for s in sizes]
    ratio = _log2_ratio(*n, *totals)
    used = [np.flatnonzero(x > 0) for x in sizes]
    columns = sparse.csr_array(sparse.vstack([m[u] for m, u in zip(matrices, used, strict=True)]).T, dtype=np.float64)
    p, low, high = ratios.ratio_test(
        columns,
        np.concatenate([x[u] for x, u in zip(sizes, used, strict=True)]).astype(np.float64),
        len(used[0]),
        n_permutations=n_permutations,
        random_state=random_state,
        level=level,
    )
    with np.errstate(divide="ignore"):  # -inf where nothing bounds the ratio
        low, high = np.minimum(np.log2(low), ratio), np.maximum(np.log2(high), ratio)
    prior = sum(totals) / sum(map(len, sizes)) if prior_tokens is None else prior_tokens
    log_odds, z = _log_odds(*n, *totals, prior)
    dp = [resampling.dispersion(m, s)[1] for m, s in zip(matrices, sizes, strict=True)]
    result = pd.DataFrame(
        {
            "term": counts.terms[kept].array,
            "n_target": n[0],
            "n_reference": n[1],
            "df_target": np.bincount(matrices[0].indices, minlength=len(kept)),
            "df_reference": np.bincount(matrices[1].indices, minlength=len(kept)),
            "per_million_target": n[0] / totals[0] * 1e6,
            "per_million_reference": n[1] / totals[1] * 1e6,
            "log2_ratio": ratio,
            "ci_low": low,
            "ci_high": high,
            "log2_ratio_shrunk": _shrunk(*n, *totals),
            "g2": np.sign(n[0] * totals[1] - n[1] * totals[0]) * g2(n[0], n[1], totals[0] - n[0], totals[1] - n[1]),
            "log_odds": log_odds,
            "z": z,
            "p": p,
            "q": stats.false_discovery_control(p) if len(p) and not np.isnan(p).any() else p,
            "dp_target": dp[0],
            "dp_reference": dp[1],
            "label": counts.labels[kept].array,
        }
    )
    order = np.lexsort((np.arange(len(result)), -result["g2"].to_numpy()))
    return frames.conform(result.iloc[order], "keyness")


def g2(n_11: np.ndarray, n_12: np.ndarray, n_21: np.ndarray, n_22: np.ndarray) -> np.ndarray:
    """Return the log-likelihood ratio of 2 x 2 tables, twice the sum of observed * ln(observed / expected).

    T. Dunning (1993), Accurate methods for the statistics of surprise and coincidence, Computational Linguistics 19(1).
    """
    a, b, c, d = (np.asarray(x, dtype=np.float64) for x in (n_11, n_12, n_21, n_22))
    total = a + b + c + d
    result = np.zeros(np.broadcast(a, b, c, d).shape)
    for observed, row, column in ((a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c), (d, c + d, b + d)):
        result += special.xlogy(observed, observed) - special.xlogy(observed, row * column / total)
    return np.maximum(2 * result, 0)


def _groups(
    counts: DocumentTerms, target: pd.Series, clusters: pd.Series | None
) -> tuple[list[sparse.csr_array], list[np.ndarray]]:
    if target.index.has_duplicates:
        raise ValueError(f"keyness: article {target.index[target.index.duplicated()][0]!r} has two rows in the target")
    matrix, sizes, ids = resampling.by_article(counts, clusters)
    side = target.dropna().astype("bool")
    if clusters is not None:
        of = side.groupby(clusters.reindex(side.index))
        mixed = of.nunique() > 1
        if mixed.any():
            raise ValueError(f"keyness: cluster {mixed.index[mixed.to_numpy()][0]!r} has articles in both groups")
        side = of.first()
    side = side.reindex(ids)
    matrices, of_group = [], []
    for name, value in (("target", True), ("reference", False)):
        rows = np.flatnonzero((side == value).to_numpy(dtype=bool, na_value=False))
        if not len(rows):
            raise ValueError(f"keyness: the {name} group has no article among the {len(ids)} counted")
        if not sizes[rows].sum():
            raise ValueError(f"keyness: the {name} group has {len(rows)} articles but no token")
        matrices.append(matrix[rows])
        of_group.append(sizes[rows])
    return matrices, of_group


def _log2_ratio(n_a: np.ndarray, n_b: np.ndarray, total_a: float, total_b: float) -> np.ndarray:
    share = total_a / (total_a + total_b)
    return np.log2((n_a + share) / total_a) - np.log2((n_b + 1 - share) / total_b)


def _log_odds(
    n_a: np.ndarray, n_b: np.ndarray, total_a: int, total_b: int, prior_tokens: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return Monroe et al.'s difference of log odds and its z score."""
    if prior_tokens <= 0:
        raise ValueError(f"prior_tokens must be positive: {prior_tokens}")
    prior = prior_tokens * (n_a + n_b) / (total_a + total_b)
    others = [total + prior_tokens - n - prior for n, total in ((n_a, total_a), (n_b, total_b))]
    with np.errstate(divide="ignore", invalid="ignore"):  # NaN for the only term there is
        difference = np.log((n_a + prior) / others[0]) - np.log((n_b + prior) / others[1])
    return difference, difference / np.sqrt(1 / (n_a + prior) + 1 / (n_b + prior))


def _shrunk(n_a: np.ndarray, n_b: np.ndarray, total_a: int, total_b: int) -> np.ndarray:
    """Return the log2 ratio under a Beta prior on the target's share, its weight fitted to all terms.

    Given that a term occurs n times, the number in the target is Beta-binomial with mean share
    N_target / (N_target + N_reference) and prior weight w (in occurrences), the same for all terms; w maximises their
    likelihood, and the share becomes (n_target + w * mean) / (n + w).
    """
    share = total_a / (total_a + total_b)
    (pairs_a, pairs_b), times = np.unique(np.stack([n_a, n_b]), axis=1, return_counts=True)

    def loss(log_weight: float) -> float:
        a, b = np.exp(log_weight) * share, np.exp(log_weight) * (1 - share)
        return -(times @ (special.betaln(pairs_a + a, pairs_b + b) - special.betaln(a, b)))

    bounds = np.log(0.01), np.log(1e7)
    best = optimize.minimize_scalar(loss, bounds=bounds, method="bounded") if len(times) else None
    if best is None or loss(bounds[1]) <= best.fun + 1e-6:
        return np.zeros(len(n_a))
    weight = np.exp(best.x)
    of_target, of_reference = n_a + weight * share, n_b + weight * (1 - share)
    return np.log2(of_target / total_a) - np.log2(of_reference / total_b)
