"""Which terms few articles have: weights of the terms of an article, the vocabulary that a group shares."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis import frames, resampling
from analysis.tokens import DocumentTerms, word_set


def tf_idf(
    counts: DocumentTerms,
    *,
    n_top: int | None = None,
    stop_words: Iterable[str] = (),
    clusters: pd.Series | None = None,
) -> pd.DataFrame:
    """Weigh the terms of each article by how few other articles have them.

    Parameters
    ----------
    counts : DocumentTerms
        Rows of the same article are added up first.
    n_top : int, optional
        Terms per article; all of them if not given.
    stop_words : iterable of str, default=()
        Terms left out of the result. They stay in the article's tokens.
    clusters : Series of str, indexed by ``article_id``, optional
        Articles that are not independent of each other, stories for one: ``df`` counts a cluster once, and ``idf`` is
        taken over clusters: a report is not weighed down by its own copies. ``n`` and ``tf`` stay the article's.

    Returns
    -------
    DataFrame, one row per article and term it has, articles in order, highest ``tf_idf`` first, ties by code point
        ``article_id``, ``term`` : str
        ``n``, ``df`` : int64
        ``tf`` : float64, ``n / n_tokens`` of the article
        ``idf`` : float64, ``ln(n_articles / df)``, 0 for a term that every article has [1]_; with ``clusters``, of
        clusters
        ``tf_idf`` : float64, ``tf * idf``
        ``label`` : str

    References
    ----------
    .. [1] K. Sparck Jones (1972), A statistical interpretation of term specificity and its application in retrieval,
       Journal of Documentation 28(1), for the idea, with f(N) - f(n) + 1 and f the logarithm to base 2, rounded up; the
       form here is the later usual one.
    """
    matrix, sizes, ids = resampling.by_article(counts)
    units = matrix if clusters is None else resampling.by_article(counts, clusters)[0]
    df = np.bincount(units.indices, minlength=matrix.shape[1])
    kept = np.flatnonzero(~counts.terms.isin(word_set(stop_words)))
    matrix, df, terms, labels = matrix[:, kept], df[kept], counts.terms[kept], counts.labels[kept]
    rows = np.repeat(np.arange(len(ids)), np.diff(matrix.indptr))
    columns = matrix.indices
    tf = matrix.data / np.maximum(sizes[rows], 1)
    idf = np.log(units.shape[0] / df[columns])
    order = np.lexsort((columns, -tf * idf, rows))
    if n_top is not None:
        place = np.arange(len(order)) - matrix.indptr[rows[order]]
        order = order[place < n_top]
    rows, columns = rows[order], columns[order]
    return frames.conform(
        {
            "article_id": ids[rows].array,
            "term": terms[columns].array,
            "n": matrix.data[order],
            "df": df[columns],
            "tf": tf[order],
            "idf": idf[order],
            "tf_idf": tf[order] * idf[order],
            "label": labels[columns].array,
        },
        "tf_idf",
    )


def shared(
    counts: DocumentTerms,
    groups: pd.Series,
    *,
    min_share: float = 1.0,
    stop_words: Iterable[str] = (),
    clusters: pd.Series | None = None,
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
    clusters : Series of str, indexed by ``article_id``, optional
        Articles that are not independent of each other, stories for one: those of one group count as one article, which
        has the terms that any of them has. Copies of one report then make nothing shared.

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
    of = resampling.aligned(groups, ids, name="groups").to_numpy()
    if clusters is not None:
        key = pd.MultiIndex.from_arrays([of, resampling.aligned(clusters, ids, name="clusters")])
        codes, pairs = pd.factorize(key)
        (matrix, sizes), of = resampling.added(matrix, sizes, codes), pairs.get_level_values(0).to_numpy()
    total, df_total = np.asarray(matrix.sum(axis=0)).ravel(), np.bincount(matrix.indices, minlength=matrix.shape[1])
    parts = []
    for group in sorted(set(of)):
        rows = np.flatnonzero((of == group) & (sizes > 0))
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


def shared_counts(found: pd.DataFrame, groups: pd.Series, *, clusters: pd.Series | None = None) -> pd.DataFrame:
    """Count what the articles of each group share.

    Parameters
    ----------
    found : DataFrame
        From `shared`.
    groups : Series of str, indexed by ``article_id``
    clusters : Series of str, indexed by ``article_id``, optional
        As for `shared`.

    Returns
    -------
    DataFrame, one row per group, in order
        ``group`` : str
        ``n`` : int64, articles, or clusters that have an article in the group: one may be in several
        ``n_shared``, ``n_only_here`` : Int64, terms that the group shares, and those of them that are nowhere else;
            NA for a group of one article or cluster, which has nothing to share them with
        ``only_here`` : str, these terms as they are mostly written, at most 15
    """
    units = groups.index.to_series() if clusters is None else clusters.reindex(groups.index)
    sizes = units.groupby(groups).nunique().sort_index()
    alone = found[found["df_elsewhere"] == 0]
    listed = {group: ", ".join(rows["label"].head(15)) for group, rows in alone.groupby("group")}
    table = pd.DataFrame({"group": sizes.index.astype("str"), "n": sizes.to_numpy(dtype=np.int64)})
    for column, rows in (("n_shared", found), ("n_only_here", alone)):
        number = table["group"].map(rows["group"].value_counts()).fillna(0).astype("Int64")
        table[column] = number.mask(table["n"] < 2)
    return table.assign(only_here=pd.Series([listed.get(g, "") for g in table["group"]], dtype="str"))
