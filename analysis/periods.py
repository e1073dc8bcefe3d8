"""Pairs over time: counts per period beside what was searched, and a test for a change."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from analysis import clustered_shares, frames, incidence, period_lengths, segments
from analysis.period_lengths import PERIODS, STARTS

__all__ = ["PERIODS", "STARTS", "changes", "length", "over_time"]


def over_time(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    a: str,
    b: str,
    *,
    period: str = "month",
    within: str = "paragraph",
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    level: float = 0.95,
) -> pd.DataFrame:
    """Count the units that name both countries in each period, beside the units searched.

    Parameters
    ----------
    mentions : DataFrame
        The ledger.
    articles : DataFrame
        ``article_id``, ``text``, ``published``.
    a, b : str
        Codes of the two countries.
    period : {"day", "week", "month", "quarter", "year", "auto"}, default="month"
        "auto" suits the number of dated articles and their span: see `period_lengths.length`.
    within, kinds, roles, duplicates
        As in `comention.pairs`.
    level : float in (0, 1), default=0.95
        Of the intervals.

    Returns
    -------
    DataFrame, one row per period from the first to the last dated article, then one for undated articles if any
        ``period`` : datetime64, start of the period; NaT for undated articles
        ``n_stories``, ``n_units`` : int64, searched; 0 in a gap
        ``n_a``, ``n_b``, ``n_both`` : int64, units naming the one, the other, both
        ``share`` : float64 in [0, 1], n_both / n_units; NaN in a gap
        ``ci_low``, ``ci_high`` : float64, of the share, allowing for units of one story that are alike
            (`clustered_shares.interval`); how alike, is estimated for the pair over all periods together
            (`clustered_shares.likeness`). NaN below two stories

    Raises
    ------
    ValueError
        If ``articles`` has no ``published``, an option is not one of those listed, or the countries are the same.
    """
    if a == b:
        raise ValueError(f"the two countries are the same: {a}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level!r}")
    data = incidence.build(mentions, articles, within=within, kinds=kinds, roles=roles, duplicates=duplicates)
    table = _by_article(data, articles, period, [(a, b)])
    grouped = table.groupby("period", dropna=False, sort=True)
    counts = grouped[["n_units", "n_a", "n_b", "n_both_0"]].sum().rename(columns={"n_both_0": "n_both"})
    counts["n_stories"] = grouped["story"].nunique()
    dated = counts[counts.index.notna()]
    undated = counts[counts.index.isna()]
    if len(dated):
        dated = dated.reindex(
            pd.period_range(dated.index.min(), dated.index.max(), freq=dated.index.dtype.freq), fill_value=0
        )
    stories = table[table["period"].notna()].groupby(["period", "story"])[["n_both_0", "n_units"]].sum()
    when = dated.index.get_indexer(stories.index.get_level_values("period"))
    hits, units = stories.to_numpy().T
    rho = clustered_shares.likeness(hits, units, when)
    ends = [
        clustered_shares.interval(hits[when == i], units[when == i], rho=rho, level=level) for i in range(len(dated))
    ]
    low, high = np.array(ends, dtype=float).reshape(-1, 2).T
    result = pd.concat([dated, undated])
    starts = (
        [*dated.index.to_timestamp(how="start"), *[pd.NaT] * len(undated)] if len(dated) else [pd.NaT] * len(undated)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        share = result["n_both"].to_numpy(float) / result["n_units"].to_numpy(float)
    columns = {
        "period": pd.Series(pd.to_datetime(starts), dtype="datetime64[ns]"),
        **{c: result[c].to_numpy(np.int64) for c in ("n_stories", "n_units", "n_a", "n_b", "n_both")},
        "share": share,
        "ci_low": [*low, *[np.nan] * len(undated)],
        "ci_high": [*high, *[np.nan] * len(undated)],
    }
    return pd.DataFrame(columns).astype({"share": float, "ci_low": float, "ci_high": float})


def changes(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    pairs: Iterable[tuple[str, str]],
    period: str = "month",
    within: str = "paragraph",
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    min_stories: int = 5,
    n_permutations: int = 9999,
    random_state: int = 0,
) -> pd.DataFrame:
    """Test, for each pair, whether its share of the units changed at some point.

    The statistic is the largest difference, over all points between two periods, of the units naming both after it from
    what the overall share gives there, in standard deviations under random dating; dates are permuted between stories,
    so units of one story stay together, and the search for the point is part of the test [1]_. Under the hypothesis
    stories can be exchanged in time. News comes in waves: many stories of one week on one event, however often such
    weeks come, are dependent and not one story, so a small p can mean a wave as well as a lasting change.

    Parameters
    ----------
    mentions, articles, period, within, kinds, roles, duplicates
        As in `over_time`.
    pairs : iterable of (str, str)
        Pairs to test, chosen without regard to their dates.
    min_stories : int, default=5
        Dated stories that must name both countries in one unit for the pair to be tested.
    n_permutations : int, default=9999
    random_state : int, default=0

    Returns
    -------
    DataFrame, one row per pair, in the order given
        ``country_a`` < ``country_b`` : str
        ``changed_at`` : datetime64, start of the first period after the point where the difference is largest
        ``n_before``, ``n_after`` : int64, units searched; ``n_both_before``, ``n_both_after`` : int64
        ``share_before``, ``share_after`` : float64
        ``p`` : float64, of no change at all; NaN: untested
        ``q`` : float64, `p` after Benjamini and Hochberg (1995) over the pairs given, untested ones as p = 1; NaN:
            untested

    Raises
    ------
    ValueError
        As `over_time`.

    References
    ----------
    .. [1] T. Hothorn, K. Hornik, M. A. van de Wiel, A. Zeileis (2008), Implementing a class of permutation tests: the
       coin package. Journal of Statistical Software 28, on maximally selected statistics.
    """
    wanted = [tuple(sorted(p)) for p in pairs]
    for a, b in wanted:
        if a == b:
            raise ValueError(f"the two countries are the same: {a}")
    data = incidence.build(mentions, articles, within=within, kinds=kinds, roles=roles, duplicates=duplicates)
    table = _by_article(data, articles, period, wanted)
    dated = table[table["period"].notna()]
    both = [f"n_both_{i}" for i in range(len(wanted))]
    stories = dated.groupby("story").agg({"period": "min", "n_units": "sum", **dict.fromkeys(both, "sum")})
    when, codes = np.unique(stories["period"].to_numpy(), return_inverse=True) if len(stories) else ([], np.array([]))
    rng = np.random.default_rng(random_state)
    rows = []
    for (a, b), column in zip(wanted, both, strict=True):
        row = {"country_a": a, "country_b": b, "p": np.nan}
        counts, sizes = stories[column].to_numpy(float), stories["n_units"].to_numpy(float)
        if len(when) > 1:
            tested = (counts > 0).sum() >= min_stories
            cut, p = _largest_change(counts, sizes, codes, n_permutations if tested else 0, rng)
            after = codes > cut
            row |= {"changed_at": when[cut + 1].to_timestamp(how="start"), "p": p}
            for name, part in (("before", ~after), ("after", after)):
                row |= {f"n_{name}": sizes[part].sum(), f"n_both_{name}": counts[part].sum()}
                row |= {f"share_{name}": counts[part].sum() / sizes[part].sum()}
        rows.append(row)
    dtypes = {
        **{"country_a": "str", "country_b": "str", "changed_at": "datetime64[ns]"},
        **dict.fromkeys(["n_before", "n_after", "n_both_before", "n_both_after"], "int64"),
        **dict.fromkeys(["share_before", "share_after", "p"], "float64"),
    }
    result = pd.DataFrame(rows, columns=list(dtypes))
    result[["n_before", "n_after", "n_both_before", "n_both_after"]] = (
        result[["n_before", "n_after", "n_both_before", "n_both_after"]].astype("float64").fillna(0)
    )
    result = result.astype(dtypes)
    q = false_discovery_control(result["p"].fillna(1.0)) if len(result) else np.array([])
    return result.assign(q=pd.Series(q, dtype="float64").where(result["p"].notna()))


def length(articles: pd.DataFrame, period: str = "auto") -> str:
    """Return the period that ``"auto"`` stands for; see `period_lengths.length`.

    Parameters
    ----------
    articles : DataFrame
        ``published``.
    period : str
        Any other value is checked and returned.

    Raises
    ------
    ValueError
        If ``period`` is not one of those listed, or ``articles`` has no ``published``.
    """
    frames.require(articles, ["published"], name="articles")
    return period_lengths.length(articles["published"], period)


def _by_article(
    data: incidence.Incidence, articles: pd.DataFrame, period: str, wanted: list[tuple[str, str]]
) -> pd.DataFrame:
    """Units searched and units naming the countries, per article, with its period and story."""
    period = length(articles, period)
    when = pd.to_datetime(articles["published"], utc=True).dt.tz_localize(None)
    published = when.dt.to_period(PERIODS[period])
    table = data.searched.assign(
        period=data.searched["article_id"].map(dict(zip(articles["article_id"], published, strict=True)))
    )
    table["period"] = table["period"].astype(published.dtype)
    place = {c: i for i, c in enumerate(data.countries)}
    article = data.units["article_id"].to_numpy()
    for i, pair in enumerate(wanted):
        named = [
            data.matrix[:, [place[c]]].toarray().ravel() if c in place else np.zeros(len(article), np.int8)
            for c in pair
        ]
        columns = {f"n_both_{i}": named[0] & named[1]}
        if len(wanted) == 1:
            columns |= {"n_a": named[0], "n_b": named[1]}
        for name, values in columns.items():
            sums = pd.Series(values.astype(np.int64)).groupby(article).sum()
            table[name] = table["article_id"].map(sums).fillna(0).astype(np.int64)
    return table


def _largest_change(
    counts: np.ndarray, sizes: np.ndarray, codes: np.ndarray, n_permutations: int, rng: np.random.Generator
) -> tuple[int, float]:
    """Return the period after which the share changes most, and the p of no change (NaN without permutations)."""
    residual = counts - counts.sum() / sizes.sum() * sizes
    n_until = np.cumsum(np.bincount(codes))[:-1]
    n = len(codes)
    scale = np.sqrt(n_until * (n - n_until) / (n * max(1, n - 1)) * (residual**2).sum())
    order = np.argsort(codes, kind="stable")

    def largest(values: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.nan_to_num(np.abs(np.cumsum(values, axis=-1)[..., n_until - 1]) / scale)

    found = largest(residual[order])
    cut = int(found.argmax())
    if not n_permutations:
        return cut, np.nan
    extreme = 0
    for start in range(0, n_permutations, 500):
        many = np.tile(residual, (min(500, n_permutations - start), 1))
        extreme += int((largest(rng.permuted(many, axis=1)).max(axis=1) >= found[cut] - 1e-9).sum())
    return cut, (1 + extreme) / (1 + n_permutations)
