"""How the rates of terms change over time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import frames, frequencies, period_lengths, resampling
from analysis.concordance import word_test
from analysis.tokens import DocumentTerms


def trend(
    counts: DocumentTerms,
    published: pd.Series,
    *,
    terms: Iterable[str],
    period: str = "month",
    every: str | None = None,
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
        Words in any case, terms as in ``counts.terms``, or words with a wildcard, which adds up the terms it fits:
        ``sanction*``. A term that does not occur has n = 0, and so have several words that ``counts.rule`` does not
        list as one.
    period : {"day", "week", "month", "quarter", "year", "auto"}, default="month"
        As in `periods.over_time`: "auto" suits the number of dated articles and their span, see
        `period_lengths.length`.
    every : str, optional
        In place of ``period``, a pandas offset that starts periods: ``"D"``, ``"W-MON"``, ``"2MS"``, ``"QS"``.
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
        If an article counted has no row in ``published``, or two, or ``period`` is not one of those listed.
    """
    wanted = list(dict.fromkeys([terms] if isinstance(terms, str) else terms))
    matrix, sizes, ids = resampling.by_article(counts)
    if published.index.has_duplicates:
        raise ValueError(f"published: article {published.index[published.index.duplicated()][0]!r} has two rows")
    missing = ids[~ids.isin(published.index)]
    if len(missing):
        raise ValueError(f"published: article {missing[0]!r} has no row")
    when = pd.to_datetime(published.reindex(ids), utc=True)
    every = period_lengths.STARTS[period_lengths.length(when, period)] if every is None else every
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
    bursts = frequencies.burst(table)
    drawing = {"n_boot": n_boot, "random_state": random_state, "level": level}
    drawn_as = ids.to_series() if clusters is None else resampling.aligned(clusters, ids, name="clusters")
    begins = [*starts, pd.NaT] if when.isna().any() else list(starts)
    parts = []
    for number, begin in enumerate(begins):
        rows = np.flatnonzero((at == number).to_numpy())
        values = {
            "term": pd.array(wanted, dtype="str"),
            "period": pd.Series([begin] * len(wanted), dtype=frames.UTC),
            **frequencies.rates(table[rows], sizes[rows], drawn_as.iloc[rows], bursts, drawing),
            "order": np.arange(len(wanted)),
        }
        parts.append(pd.DataFrame(values))
    if not parts:
        return frames.empty("term_trend")
    return frames.conform(pd.concat(parts).sort_values("order", kind="stable"), "term_trend")
