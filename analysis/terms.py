"""How often terms occur, how evenly, when and where; the door to keyness, collocations and concordance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import frames, resampling, tokens
from analysis.collocations import collocations
from analysis.concordance import aligned, concordance, concordances, word_test
from analysis.keyness import keyness
from analysis.segments import COUNTED_ROLES
from analysis.tokens import DEFAULT, DocumentTerms, TokenRule, word_set

__all__ = [
    "aligned",
    "by_group",
    "collocations",
    "concordance",
    "concordances",
    "followed",
    "frequencies",
    "keyness",
    "positions",
    "shared",
    "tf_idf",
    "trend",
]


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
        Articles that are not independent of each other, stories for one: resampled as one. ``df`` and ``dp`` stay by
        article.

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
    burst = _burst(matrix)
    drawing = {"n_boot": n_boot, "random_state": random_state, "level": level}
    drawn_as = ids.to_series() if clusters is None else resampling.aligned(clusters, ids, name="clusters")
    parts = []
    for group in sorted(of.unique()):
        rows = np.flatnonzero((of == group).to_numpy())
        values = {
            "group": group,
            "term": counts.terms[order].array,
            "label": counts.labels[order].array,
            **_rates(matrix[rows], sizes[rows], drawn_as.iloc[rows], burst, drawing),
        }
        parts.append(pd.DataFrame(values))
    return frames.conform(pd.concat(parts) if parts else [], "terms_by_group")


def _burst(matrix: sparse.csr_array) -> np.ndarray:
    """Return how often each term occurs in an article that has it, on average; 0 for a term that none has."""
    return np.asarray(matrix.sum(axis=0)).ravel() / np.maximum(
        np.bincount(matrix.indices, minlength=matrix.shape[1]), 1
    )


def _rates(
    matrix: sparse.csr_array, sizes: np.ndarray, drawn_as: pd.Series, burst: np.ndarray, drawing: dict
) -> dict[str, object]:
    """Return the columns of a part of the corpus: counts, rates with their intervals, and the part's size."""
    n = np.asarray(matrix.sum(axis=0)).ravel()
    sample = resampling.added(matrix, sizes, drawn_as.to_numpy())
    low, high = resampling.rate_interval(*sample, burst=burst, **drawing)
    return {
        "n": n,
        "df": np.bincount(matrix.indices, minlength=len(n)),
        "per_million": n / sizes.sum() * 1e6 if sizes.any() else np.nan,
        "ci_low": low * 1e6,
        "ci_high": high * 1e6,
        "n_articles": len(sizes),
        "n_tokens": sizes.sum(),
    }


def shared(
    counts: DocumentTerms, groups: pd.Series, *, min_share: float = 1.0, stop_words: Iterable[str] = ()
) -> pd.DataFrame:
    """List the vocabulary that the articles of each group share, and how common it is elsewhere.

    Parameters
    ----------
    counts : DocumentTerms
        Rows of the same article are added up first.
    groups : Series of str, indexed by ``article_id``
        The group of each article; every article counted must have one.
    min_share : float in (0, 1], default=1.0
        Share of the group's articles that must have the term; with 1, all of them.
    stop_words : iterable of str, default=()
        Terms left out.

    Returns
    -------
    DataFrame, one row per group and term; groups in order, terms rarest elsewhere (``df_elsewhere``) first, then the
    most frequent in the group, ties by code point
        ``group``, ``term`` : str
        ``n``, ``df``, ``n_articles`` : int64, occurrences, articles with the term, articles with tokens, in the group
        ``share_of_articles`` : float64, ``df / n_articles``
        ``n_elsewhere``, ``df_elsewhere``, ``n_articles_elsewhere`` : int64, the same in all other articles
        ``label`` : str
        A group of fewer than two articles with tokens shares nothing and has no row.

    Raises
    ------
    ValueError
        If an article has no group, or two, or ``min_share`` is not within its bounds.
    """
    if not 0 < min_share <= 1:
        raise ValueError(f"min_share must be above 0 and at most 1: {min_share}")
    left_out = counts.terms.isin(word_set(stop_words))
    matrix, sizes, ids = resampling.by_article(counts)
    of = resampling.aligned(groups, ids, name="groups")
    total, df_total = np.asarray(matrix.sum(axis=0)).ravel(), np.bincount(matrix.indices, minlength=matrix.shape[1])
    parts = []
    for group in sorted(of.unique()):
        rows = np.flatnonzero((of == group).to_numpy() & (sizes > 0))
        part = matrix[rows]
        n, df = np.asarray(part.sum(axis=0)).ravel(), np.bincount(part.indices, minlength=len(total))
        if len(rows) < 2:
            continue
        kept = np.flatnonzero((df >= min_share * len(rows) - 1e-9) & (df > 0) & ~left_out)
        kept = kept[np.lexsort((kept, -n[kept], (df_total - df)[kept]))]
        values = {
            "group": group,
            "term": counts.terms[kept].array,
            "n": n[kept],
            "df": df[kept],
            "n_articles": len(rows),
            "share_of_articles": df[kept] / len(rows),
            "n_elsewhere": (total - n)[kept],
            "df_elsewhere": (df_total - df)[kept],
            "n_articles_elsewhere": int((sizes > 0).sum()) - len(rows),
            "label": counts.labels[kept].array,
        }
        parts.append(pd.DataFrame(values))
    return frames.conform(pd.concat(parts) if parts else [], "shared_terms")


def tf_idf(counts: DocumentTerms, *, n_top: int | None = None) -> pd.DataFrame:
    """Weigh the terms of each article by how few other articles have them.

    Parameters
    ----------
    counts : DocumentTerms
        Rows of the same article are added up first.
    n_top : int, optional
        Terms per article; all of them if not given.

    Returns
    -------
    DataFrame, one row per article and term it has, articles in order, highest ``tf_idf`` first, ties by code point
        ``article_id``, ``term`` : str
        ``n``, ``df`` : int64
        ``tf`` : float64, ``n / n_tokens`` of the article
        ``idf`` : float64, ``ln(n_articles / df)``, 0 for a term that every article has [1]_
        ``tf_idf`` : float64, ``tf * idf``
        ``label`` : str

    References
    ----------
    .. [1] K. Sparck Jones (1972), A statistical interpretation of term specificity and its application in retrieval,
       Journal of Documentation 28(1), for the idea, with f(N) - f(n) + 1 and f the logarithm to base 2, rounded up; the
       form here is the later usual one.
    """
    matrix, sizes, ids = resampling.by_article(counts)
    df = np.bincount(matrix.indices, minlength=matrix.shape[1])
    rows = np.repeat(np.arange(len(ids)), np.diff(matrix.indptr))
    columns = matrix.indices
    tf = matrix.data / np.maximum(sizes[rows], 1)
    idf = np.log(len(ids) / df[columns])
    order = np.lexsort((columns, -tf * idf, rows))
    if n_top is not None:
        place = np.arange(len(order)) - matrix.indptr[rows[order]]
        order = order[place < n_top]
    rows, columns = rows[order], columns[order]
    return frames.conform(
        {
            "article_id": ids[rows].array,
            "term": counts.terms[columns].array,
            "n": matrix.data[order],
            "df": df[columns],
            "tf": tf[order],
            "idf": idf[order],
            "tf_idf": tf[order] * idf[order],
            "label": counts.labels[columns].array,
        },
        "tf_idf",
    )


def trend(
    counts: DocumentTerms,
    published: pd.Series,
    *,
    terms: Iterable[str],
    every: str = "MS",
    n_boot: int = 1000,
    random_state: int = 0,
    level: float = 0.95,
    clusters: pd.Series | None = None,
) -> pd.DataFrame:
    """Count terms over time, with the size of every period and the periods without articles.

    Parameters
    ----------
    counts : DocumentTerms
    published : Series of datetime64, indexed by ``article_id``
        ``articles.set_index("article_id")["published"]``; every article counted must have a row, NaT if undated.
    terms : iterable of str
        As in ``counts.terms``, or with a wildcard, which adds up the terms it fits: ``sanction*``. A term that does
        not occur has n = 0.
    every : str, default="MS"
        Length of a period, a pandas offset that starts periods: ``"D"``, ``"W-MON"``, ``"MS"``, ``"QS"``, ``"YS"``.
    n_boot, random_state, level
        As in `frequencies`; articles are drawn anew within their period.
    clusters : Series of str, indexed by ``article_id``, optional
        As in `frequencies`: articles of one period and one cluster are drawn as one.

    Returns
    -------
    DataFrame, one row per term and period, terms in the order given, periods from the first to the last article
        ``term`` : str
        ``period`` : datetime64[ns, UTC], its start; NaT, last, for undated articles, if there are any
        ``n``, ``df`` : int64
        ``per_million``, ``ci_low``, ``ci_high`` : float64; NaN for a period without tokens, the interval also for one
        of fewer than `resampling.FEWEST` articles, or clusters
        ``n_articles``, ``n_tokens`` : int64, of the period: 0 for a gap

    Raises
    ------
    ValueError
        If an article counted has no row in ``published``, or two.
    """
    wanted = list(dict.fromkeys([terms] if isinstance(terms, str) else terms))
    matrix, sizes, ids = resampling.by_article(counts)
    if published.index.has_duplicates:
        raise ValueError(f"published: article {published.index[published.index.duplicated()][0]!r} has two rows")
    missing = ids[~ids.isin(published.index)]
    if len(missing):
        raise ValueError(f"published: article {missing[0]!r} has no row")
    when = pd.to_datetime(published.reindex(ids), utc=True)
    tests = [word_test(t, counts.rule) for t in wanted]
    fits = [np.flatnonzero(np.array([test(t, t) for t in counts.terms], dtype=bool)) for test in tests]
    found = np.repeat(np.arange(len(wanted)), [len(f) for f in fits])
    picked = (np.ones(len(found), dtype=np.int64), (np.concatenate([found[:0], *fits]), found))
    table = sparse.csr_array(matrix @ sparse.csr_array(picked, shape=(matrix.shape[1], len(wanted))))
    dated = when.dropna()
    starts = pd.DatetimeIndex([], tz="UTC")
    if len(dated):
        offset = pd.tseries.frequencies.to_offset(every)
        first = dated.min().normalize()
        starts = pd.date_range(first if offset.is_on_offset(first) else first - offset, dated.max(), freq=every)
    at = pd.Series(np.searchsorted(starts, when.to_numpy(), side="right") - 1, index=ids).where(
        when.notna(), len(starts)
    )
    burst = _burst(table)
    drawing = {"n_boot": n_boot, "random_state": random_state, "level": level}
    drawn_as = ids.to_series() if clusters is None else resampling.aligned(clusters, ids, name="clusters")
    periods = [*starts, pd.NaT] if when.isna().any() else list(starts)
    parts = []
    for number, period in enumerate(periods):
        rows = np.flatnonzero((at == number).to_numpy())
        values = {
            "term": pd.array(wanted, dtype="str"),
            "period": pd.Series([period] * len(wanted), dtype=frames.UTC),
            **_rates(table[rows], sizes[rows], drawn_as.iloc[rows], burst, drawing),
            "order": np.arange(len(wanted)),
        }
        parts.append(pd.DataFrame(values))
    if not parts:
        return frames.empty("term_trend")
    return frames.conform(pd.concat(parts).sort_values("order", kind="stable"), "term_trend")


def known_within(rates: pd.DataFrame) -> float:
    """Return the factor within which half of the rates are known, among those whose interval does not reach 0.

    Parameters
    ----------
    rates : DataFrame
        ``per_million``, ``ci_low``, ``ci_high``, as in `frequencies`.

    Returns
    -------
    float
        Median of the larger of ``ci_high / per_million`` and ``per_million / ci_low``; NaN where there is none.
    """
    known = rates[rates["ci_low"] > 0]
    farther = np.maximum(known["ci_high"] / known["per_million"], known["per_million"] / known["ci_low"])
    return float(farther.median())


def followed(
    counts: DocumentTerms, wanted: Iterable[str], *, n_terms: int = 5, stop_words: Iterable[str] = ()
) -> list[str]:
    """Return the terms to follow: those wanted, or the commonest of the corpus where none of them occurs.

    Parameters
    ----------
    counts : DocumentTerms
    wanted : iterable of str
        As in ``counts.terms``, or with a wildcard.
    n_terms : int, default=5
        Terms to return in place of those wanted.
    stop_words : iterable of str, default=()
        Terms that do not stand in for them.

    Returns
    -------
    list of str
        ``wanted`` without repetition if one of them occurs; otherwise at most ``n_terms`` others, those in most
        articles first, then the most frequent, ties by code point.
    """
    wanted = list(dict.fromkeys([wanted] if isinstance(wanted, str) else wanted))
    tests = [word_test(pattern, counts.rule) for pattern in wanted]
    if any(test(term, term) for test in tests for term in counts.terms):
        return wanted
    found = frequencies(counts, n_boot=0, stop_words=stop_words)
    order = np.lexsort((found["term"], -found["n"], -found["df"]))[:n_terms]
    return found["term"].iloc[order].tolist()


def positions(
    articles: pd.DataFrame,
    *,
    terms: Iterable[str],
    roles: Iterable[str] | None = COUNTED_ROLES,
    rule: TokenRule = DEFAULT,
) -> pd.DataFrame:
    """Find where in its article each occurrence of some terms falls.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    terms : iterable of str
        As in ``DocumentTerms.terms``, or with a wildcard: ``sanction*``. A token that fits several has a row for each.
    roles : iterable of str or None, default=("headline", "body")
    rule : TokenRule, optional

    Returns
    -------
    DataFrame, one row per occurrence, in the order of the articles and of the text
        ``article_id`` : str; ``term`` : str, as given
        ``position`` : int64, tokens of the article before it
        ``n_tokens`` : int64, tokens of the article
        ``share`` : float64 in [0, 1), ``position / n_tokens``
        ``start``, ``end`` : int64, code points into ``text``
    """
    frame = tokens.tokens(articles, roles=roles, rule=rule)
    wanted = list(dict.fromkeys([terms] if isinstance(terms, str) else terms))
    frame["position"] = frame.groupby("article_id").cumcount()
    frame["n_tokens"] = frame.groupby("article_id")["start"].transform("size")
    frame["share"] = frame["position"] / frame["n_tokens"]
    forms = frame[["token", "term"]].drop_duplicates()
    parts = []
    for pattern in wanted:
        test = word_test(pattern, rule)
        fits = forms[np.array([test(token, term) for token, term in forms.itertuples(index=False)], dtype=bool)]
        parts.append(frame.merge(fits, on=["token", "term"], how="inner", validate="many_to_one").assign(term=pattern))
    found = pd.concat(parts) if parts else frame.head(0)
    order = pd.Index(articles["article_id"]).get_indexer(found["article_id"])
    found = found.assign(order=order).sort_values(["order", "start"], kind="stable")
    return frames.conform(found, "term_positions")
