"""Which countries are written about together, more than their own frequency explains."""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx
import numpy as np
import pandas as pd

from analysis import frames, incidence, null_model, segments

PAIRS = {
    "country_a": "str",
    "country_b": "str",
    "within": "str",
    "n_a": "int64",
    "n_b": "int64",
    "n_both": "int64",
    "expected": "float64",
    "log2_ratio": "float64",
    "ci_low": "float64",
    "ci_high": "float64",
    "npmi": "float64",
    "p": "float64",
    "q": "float64",
}
"""Columns and dtypes of the frame `pairs`."""


def pairs(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    within: str = "paragraph",
    kinds: Collection[str] = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
) -> pd.DataFrame:
    """Count the units of text that name both countries of a pair, beside what their own frequency explains.

    Parameters
    ----------
    mentions : DataFrame
        The ledger, from `countries.mentions`; accepted rows of the wanted kinds and roles are counted.
    articles : DataFrame
        ``article_id``, ``text``; ``story_id`` if it is there. Units that name no country are counted from here.
    within : {"article", "paragraph", "sentence"}, default="paragraph"
    kinds : collection of str, default=("name", "demonym")
    roles : collection of str, default=("headline", "body")
    duplicates : {"once", "each"}, default="once"
        Whether near-duplicate articles (one ``story_id``) count once, by the longest of them, or each.

    Returns
    -------
    DataFrame, one row per pair of countries named at all, most frequent pair first, ties by name
        ``country_a`` < ``country_b`` : str, ISO 3166-1 alpha-3
        ``within`` : str, the unit
        ``n_a``, ``n_b``, ``n_both`` : int64, units naming the one, the other, both
        ``expected`` : float64, units naming both in the bipartite configuration model (`null_model.fit_bicm`)
        ``log2_ratio`` : float64, log2(n_both / expected); -inf where no unit names both
        ``ci_low``, ``ci_high`` : float64, of log2_ratio; NaN: not tested
        ``npmi`` : float64 in [-1, 1], a description: 0 when independent, -1 never together, 1 never apart; NaN where
            both are in every unit
        ``p``, ``q`` : float64; NaN: not tested

    Raises
    ------
    ValueError
        If an option is not one of those listed or the ledger does not belong to the articles.
    """
    data = incidence.build(mentions, articles, within=within, kinds=kinds, roles=roles, duplicates=duplicates)
    return _pairs(data, within)


def windows(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    kinds: Collection[str] = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
) -> pd.DataFrame:
    """Put the pairs of the three windows side by side: what is left of a pair as the window narrows.

    Parameters
    ----------
    mentions, articles, kinds, roles, duplicates
        As in `pairs`.

    Returns
    -------
    DataFrame, one row per pair seen in some unit, most frequent in articles first, then paragraphs, sentences, name
        ``country_a``, ``country_b`` : str
        ``n_both_W``, ``log2_ratio_W``, ``npmi_W``, ``q_W`` : for W in article, paragraph, sentence, as in `pairs`
        ``narrowest`` : str, the narrowest window that names both
    """
    texts = incidence.spans(articles)
    keys = ["country_a", "country_b"]
    wide = None
    for window in incidence.WINDOWS:
        data = incidence.build(
            mentions, articles, within=window, kinds=kinds, roles=roles, duplicates=duplicates, texts=texts
        )
        columns = ["n_both", "log2_ratio", "npmi", "q"]
        part = _pairs(data, window)[[*keys, *columns]].rename(columns={c: f"{c}_{window}" for c in columns})
        wide = part if wide is None else wide.merge(part, on=keys, how="outer", validate="one_to_one")
    counts = [f"n_both_{w}" for w in incidence.WINDOWS]
    wide = wide[(wide[counts] > 0).any(axis=1)]
    wide = wide.sort_values([*counts, *keys], ascending=[False] * 3 + [True] * 2).reset_index(drop=True)
    seen = wide[counts].to_numpy() > 0
    narrowest = np.array(incidence.WINDOWS)[seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)]
    return wide.assign(narrowest=pd.Series(narrowest, index=wide.index, dtype="str"))


def graph(pairs: pd.DataFrame) -> nx.Graph:
    """Turn pairs into a graph: a node a country, an edge a pair that some unit names, every column an attribute.

    Parameters
    ----------
    pairs : DataFrame
        From `pairs`, or rows of it.

    Returns
    -------
    networkx.Graph
        Nodes carry ``n``, the units naming the country; edges every other column. Countries without an edge are
        kept as nodes.
    """
    frames.require(pairs, ["country_a", "country_b", "n_a", "n_b", "n_both"], name="pairs")
    result = nx.Graph()
    sizes = dict(zip(pairs["country_a"], pairs["n_a"].tolist(), strict=True))
    sizes |= dict(zip(pairs["country_b"], pairs["n_b"].tolist(), strict=True))
    for country in sorted(sizes):
        result.add_node(country, n=sizes[country])
    columns = [c for c in pairs.columns if c not in ("country_a", "country_b")]
    seen = pairs[pairs["n_both"] > 0]
    values = zip(*(seen[c].tolist() for c in columns), strict=True)
    for a, b, row in zip(seen["country_a"], seen["country_b"], values, strict=True):
        result.add_edge(a, b, **dict(zip(columns, row, strict=True)))
    return result


def _pairs(data: incidence.Incidence, within: str) -> pd.DataFrame:
    n_named = np.asarray(data.matrix.sum(axis=0), dtype=np.int64).ravel()
    degrees, n_units = np.unique(np.asarray(data.matrix.sum(axis=1)).ravel(), return_counts=True)
    probability = null_model.fit_bicm(degrees, n_units, n_named)
    wide = data.matrix.astype(np.int64)
    both = (wide.T @ wide).toarray()
    a, b = np.triu_indices(len(data.countries), k=1)
    n_a, n_b, n_both = n_named[a], n_named[b], both[a, b]
    expected = ((probability.T * n_units) @ probability)[a, b]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log2(n_both / expected)
    names = np.array(data.countries, dtype=object)
    table = {
        "country_a": names[a],
        "country_b": names[b],
        "within": within,
        "n_a": n_a,
        "n_b": n_b,
        "n_both": n_both,
        "expected": expected,
        "log2_ratio": ratio,
        "ci_low": np.nan,
        "ci_high": np.nan,
        "npmi": npmi(n_a, n_b, n_both, data.n_units),
        "p": np.nan,
        "q": np.nan,
    }
    frame = pd.DataFrame(table, index=range(len(a))).astype(PAIRS)
    return frame.sort_values(
        ["n_both", "country_a", "country_b"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def npmi(n_a: np.ndarray, n_b: np.ndarray, n_both: np.ndarray, n_units: int) -> np.ndarray:
    """Return the normalised pointwise mutual information ``log(n_both N / (n_a n_b)) / -log(n_both / N)`` [1]_.

    Parameters
    ----------
    n_a, n_b, n_both : array of int, shape (n_pairs,)
    n_units : int
        N, units searched.

    Returns
    -------
    array of float, shape (n_pairs,), in [-1, 1]
        -1 where no unit names both, NaN where all units do.

    References
    ----------
    .. [1] G. Bouma (2009), Normalized (pointwise) mutual information in collocation extraction.
    """
    n_a, n_b, n_both = (np.asarray(v, dtype=float) for v in (n_a, n_b, n_both))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(n_both * n_units / (n_a * n_b)) / -np.log(n_both / n_units)
    return np.clip(np.where(n_both == 0, -1.0, np.where(n_both >= n_units, np.nan, value)), -1, 1)
