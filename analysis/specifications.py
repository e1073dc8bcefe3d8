"""The same ranking under every reasonable way of counting: which pairs survive."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis import association, incidence, segments

KIND_SETS: dict[str, tuple[str, ...]] = {
    "names": ("name",),
    "names, demonyms": ("name", "demonym"),
    "names, demonyms, capitals": ("name", "demonym", "capital"),
    "all kinds": ("name", "demonym", "capital", "leader", "institution"),
}
"""Choices of kinds that an analyst could defend."""

MEASURES = ("count", "ratio", "ratio conditional", "npmi", "jaccard")
"""What pairs are ranked by: units naming both; log2(observed / expected) under either null; two descriptions."""

CHOICES = ("within", "kinds", "headline", "duplicates", "measure")
"""The choices that make a specification."""

COLUMNS = {
    "specification": "int64",
    "within": "str",
    "kinds": "str",
    "headline": "str",
    "duplicates": "str",
    "measure": "str",
    "country_a": "str",
    "country_b": "str",
    "n_both": "int64",
    "value": "float64",
    "above": "bool",
    "rank": "float64",
    "top": "bool",
}


def specify(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    windows: Sequence[str] = incidence.WINDOWS,
    kinds: Mapping[str, Collection[str]] | None = None,
    headline: Sequence[str] = ("with", "without"),
    duplicates: Sequence[str] = ("once", "each"),
    measures: Sequence[str] = MEASURES,
    top: int = 10,
    min_both: int = 2,
) -> pd.DataFrame:
    """Rank the pairs under every combination of the choices.

    Parameters
    ----------
    mentions : DataFrame
        The ledger.
    articles : DataFrame
    windows : sequence of str
        Of `incidence.WINDOWS`.
    kinds : mapping of str to collection of str, default=`KIND_SETS`
        Sets of kinds, by the label that they carry in the result.
    headline : sequence of str
        Of "with" and "without".
    duplicates : sequence of str
        Of "once" and "each".
    measures : sequence of str
        Of `MEASURES`.
    top : int, default=10
        Ranks that count as the top.
    min_both : int, default=2
        Units that must name both for a pair to be ranked: measures of association rise to their ends on one unit.

    Returns
    -------
    DataFrame, one row per specification and pair seen in any specification
        ``specification`` : int64, counted from 0; ``within``, ``kinds``, ``headline``, ``duplicates``, ``measure`` :
            str, its choices
        ``country_a``, ``country_b`` : str
        ``n_both`` : int64
        ``value`` : float64, of the measure; NaN where undefined
        ``above`` : bool, more than expected: a ratio above 0 under the measure's null model ("count" and "jaccard": the
            configuration model), or an NPMI above 0, two countries of every unit excepted: chance gives no other
        ``rank`` : float64, 1 = largest value, ties sharing the mean of their ranks; NaN below ``min_both``
        ``top`` : bool, rank at most ``top``: of pairs tied across the limit none or all, as their mean rank has it

    Raises
    ------
    ValueError
        If a choice is not one of those listed, or none is given.
    """
    kinds = KIND_SETS if kinds is None else kinds
    for name, chosen, allowed in (
        ("windows", windows, incidence.WINDOWS),
        ("headline", headline, ("with", "without")),
        ("duplicates", duplicates, ("once", "each")),
        ("measures", measures, MEASURES),
    ):
        wrong = [c for c in chosen if c not in allowed]
        if wrong or not len(chosen):
            raise ValueError(f"{name} must be of {', '.join(allowed)}, not {wrong[0] if wrong else 'empty'!r}")
    texts = incidence.spans(articles)
    ways, ranked, known = [], [], {}
    for within, label, head, dup in itertools.product(windows, kinds, headline, duplicates):
        roles = [r for r in segments.COUNTED_ROLES if head == "with" or r != "headline"]
        data = incidence.build(
            mentions, articles, within=within, kinds=kinds[label], roles=roles, duplicates=dup, texts=texts
        )
        same = (data.countries, data.n_units, data.matrix.indptr.tobytes(), data.matrix.indices.tobytes())
        if same not in known:
            table = association.describe(data, conditional="ratio conditional" in measures)
            known[same] = {m: _ranked(table, m, top, min_both, data.n_units) for m in measures}
        for measure in measures:
            ways.append((within, label, head, dup, measure))
            ranked.append(known[same][measure])
    return _completed(ways, ranked)


def summarise(specifications: pd.DataFrame) -> pd.DataFrame:
    """Sum up, for each pair, in which share of the specifications it stands out.

    Parameters
    ----------
    specifications : DataFrame
        From `specify`.

    Returns
    -------
    DataFrame, one row per pair, the most often in the top first, ties by share above expectation, then name
        ``country_a``, ``country_b`` : str
        ``n_specifications`` : int64, all of them, those that never see the pair included
        ``share_seen`` : float64 in [0, 1], in which some unit names both
        ``share_above``, ``share_top`` : float64 in [0, 1], in which it is above expectation, in the top
        ``rank_best``, ``rank_median``, ``rank_worst`` : float64, where it is ranked; NaN where it never is
    """
    keys = ["country_a", "country_b"]
    grouped = specifications.assign(seen=specifications["n_both"] > 0).groupby(keys, sort=True)
    result = pd.DataFrame(
        {
            "n_specifications": grouped.size().astype("int64"),
            "share_seen": grouped["seen"].mean(),
            "share_above": grouped["above"].mean(),
            "share_top": grouped["top"].mean(),
            "rank_best": grouped["rank"].min(),
            "rank_median": grouped["rank"].median(),
            "rank_worst": grouped["rank"].max(),
        }
    ).reset_index()
    order = ["share_top", "share_above", *keys]
    return result.sort_values(order, ascending=[False, False, True, True]).reset_index(drop=True)


def _ranked(table: pd.DataFrame, measure: str, top: int, min_both: int, n_units: int) -> pd.DataFrame:
    value = {
        "count": table["n_both"].astype(float),
        "ratio": table["ratio"],
        "ratio conditional": table["ratio_conditional"],
        "npmi": table["npmi"],
        "jaccard": table["jaccard"],
    }[measure]
    # Two countries that every unit names have no NPMI, and are together as often as independent ones would be.
    npmi = table["npmi"].where(table["n_both"] < n_units, 0.0)
    against = {"npmi": npmi, "ratio conditional": table["ratio_conditional"]}.get(measure, table["ratio"])
    rank = value.where(table["n_both"] >= min_both).round(9).rank(ascending=False, method="average")
    return pd.DataFrame(
        {
            "country_a": table["country_a"],
            "country_b": table["country_b"],
            "n_both": table["n_both"],
            "value": value,
            "above": against > 1e-9,
            "rank": rank,
            "top": rank <= top,
        }
    )


def _completed(ways: list[tuple[str, ...]], ranked: list[pd.DataFrame]) -> pd.DataFrame:
    """Give every pair a row in every specification: one that never names both countries is no survival."""
    keys = ["country_a", "country_b"]
    tables = list({id(table): table for table in ranked}.values())
    seen = pd.concat([t.loc[t["n_both"] > 0, keys] for t in tables]).drop_duplicates().sort_values(keys)
    index, shape = pd.MultiIndex.from_frame(seen), (len(ways), len(seen))
    columns = {
        "n_both": np.zeros(shape, np.int64),
        "value": np.full(shape, np.nan),
        "above": np.zeros(shape, bool),
        "rank": np.full(shape, np.nan),
        "top": np.zeros(shape, bool),
    }
    places = {id(t): index.get_indexer(pd.MultiIndex.from_frame(t[keys])) for t in tables}
    for way, table in enumerate(ranked):
        place = places[id(table)]
        for name, values in columns.items():
            values[way, place[place >= 0]] = table[name].to_numpy()[place >= 0]
    number = np.repeat(np.arange(len(ways)), len(seen))
    result = {"specification": number}
    for choice, options in zip(CHOICES, zip(*ways, strict=True), strict=True):
        result[choice] = pd.array(list(options), dtype="str").take(number)
    for key in keys:
        result[key] = pd.array(seen[key], dtype="str").take(np.tile(np.arange(len(seen)), len(ways)))
    result |= {name: values.ravel() for name, values in columns.items()}
    return pd.DataFrame(result)[list(COLUMNS)].astype(COLUMNS)
