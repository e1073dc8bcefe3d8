"""How much more two countries are named together than chance would have it: an incidence matrix to `pairs`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from analysis import conditional_model, dependence, incidence, intervals, null_model, poisson_binomial

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


NULLS = ("bicm", "conditional")
"""Null models: the bipartite configuration model, and the same conditioned on how many countries each unit names."""

DEPENDENCE = ("none", "stories")
"""What ``p`` takes for independent: units, or stories only."""


@dataclass(frozen=True)
class Options:
    """How pairs are tested; `comention.pairs` documents each."""

    null: str
    min_units: int
    min_stories: int
    n_draws: int
    level: float
    random_state: int
    dependence: str = "none"

    def __post_init__(self) -> None:
        if self.null not in NULLS:
            raise ValueError(f"null must be one of {', '.join(NULLS)}, not {self.null!r}")
        if self.dependence not in DEPENDENCE:
            raise ValueError(f"dependence must be one of {', '.join(DEPENDENCE)}, not {self.dependence!r}")
        for name, least in (("min_units", 1), ("min_stories", 1), ("n_draws", 0)):
            if not getattr(self, name) >= least:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)!r}")
        if not 0 < self.level < 1:
            raise ValueError(f"level must lie between 0 and 1, not {self.level!r}")


def associate(data: incidence.Incidence, within: str, options: Options) -> pd.DataFrame:
    """Build the frame `pairs` of one window.

    Parameters
    ----------
    data : Incidence
    within : str
        Its window.
    options : Options

    Returns
    -------
    DataFrame
        As documented by `comention.pairs`.
    """
    a, b, n_named, n_both = _counts(data)
    n_a, n_b = n_named[a], n_named[b]
    joint, factor, n_units = _joint(data, n_named, a, b, options.null)
    expected = joint @ n_units
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log2(n_both / expected)
    tested = np.flatnonzero(_tested(data, n_named, options)[a] & _tested(data, n_named, options)[b])
    p = np.full(len(a), np.nan)
    p[tested] = poisson_binomial.upper_tail(joint[tested], n_units, n_both[tested])
    if options.dependence == "stories":
        p[tested] = dependence.upper_tail(data, a[tested], b[tested], joint[tested], n_both[tested], p[tested])
    q = _q(p)
    low, high = np.full((2, len(a)), np.nan)
    possible = tested[(n_both[tested] > 0) & (expected[tested] > 0)]
    low[possible], high[possible] = intervals.bootstrap_ratios(
        data,
        a[possible],
        b[possible],
        n_draws=options.n_draws,
        level=options.level,
        factor=None if factor is None else factor[possible],
        random_state=options.random_state,
    )
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
        "ci_low": low,
        "ci_high": high,
        "npmi": npmi(n_a, n_b, n_both, data.n_units),
        "p": p,
        "q": q,
    }
    frame = pd.DataFrame(table, index=range(len(a))).astype(PAIRS)
    return frame.sort_values(
        ["n_both", "country_a", "country_b"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def describe(data: incidence.Incidence, *, conditional: bool = True) -> pd.DataFrame:
    """Describe the pairs of one window by every measure, without testing them.

    Parameters
    ----------
    data : Incidence
    conditional : bool, default=True
        Whether to fit the conditional null model too, which takes most of the time.

    Returns
    -------
    DataFrame, one row per pair of countries named at all
        ``country_a``, ``country_b``; ``n_both`` : int64; ``ratio``, ``ratio_conditional`` : float64, log2(n_both /
        expected) under either null model; ``npmi``; ``jaccard`` : float64 in [0, 1], units naming both over units
        naming either
    """
    a, b, n_named, n_both = _counts(data)
    names = np.array(data.countries, dtype=object)
    ratios = {"bicm": np.full(len(a), np.nan), "conditional": np.full(len(a), np.nan)}
    for null in NULLS if conditional else ("bicm",):
        joint, _, n_units = _joint(data, n_named, a, b, null)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios[null] = np.log2(n_both / (joint @ n_units))
    table = {
        "country_a": names[a],
        "country_b": names[b],
        "n_both": n_both,
        "ratio": ratios["bicm"],
        "ratio_conditional": ratios["conditional"],
        "npmi": npmi(n_named[a], n_named[b], n_both, data.n_units),
        "jaccard": n_both / (n_named[a] + n_named[b] - n_both),
    }
    return pd.DataFrame(table, index=range(len(a))).astype({"country_a": "str", "country_b": "str"})


def compare(data: incidence.Incidence, *, min_units: int, min_stories: int) -> pd.DataFrame:
    """Give the pairs of one window under every null model, with every test, beside the descriptions.

    Parameters
    ----------
    data : Incidence
    min_units, min_stories : int
        As in `comention.pairs`.

    Returns
    -------
    DataFrame
        As documented by `comention.measures`.
    """
    a, b, n_named, n_both = _counts(data)
    names = np.array(data.countries, dtype=object)
    options = Options("bicm", min_units, min_stories, 0, 0.95, 0)
    enough = _tested(data, n_named, options)
    tested = np.flatnonzero(enough[a] & enough[b])
    expected, ratios, p = {}, {}, {}
    for null in NULLS:
        joint, _, n_units = _joint(data, n_named, a, b, null)
        expected[f"expected_{null}"] = joint @ n_units
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios[f"log2_ratio_{null}"] = np.log2(n_both / expected[f"expected_{null}"])
        for way in DEPENDENCE:
            p[f"p_{null}_{way}"] = np.full(len(a), np.nan)
        part = joint[tested]
        units = poisson_binomial.upper_tail(part, n_units, n_both[tested])
        p[f"p_{null}_none"][tested] = units
        p[f"p_{null}_stories"][tested] = dependence.upper_tail(data, a[tested], b[tested], part, n_both[tested], units)
    table = {
        "country_a": names[a],
        "country_b": names[b],
        "n_both": n_both,
        **expected,
        **ratios,
        **{name.replace("p_", "q_", 1): _q(values) for name, values in p.items()},
        "npmi": npmi(n_named[a], n_named[b], n_both, data.n_units),
        "jaccard": n_both / (n_named[a] + n_named[b] - n_both),
    }
    frame = pd.DataFrame(table, index=range(len(a))).astype({"country_a": "str", "country_b": "str"})
    return frame.sort_values(
        ["n_both", "country_a", "country_b"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def _q(p: np.ndarray) -> np.ndarray:
    """Correct for looking at all pairs: those not tested count as p = 1 and have no q."""
    return np.where(np.isnan(p), np.nan, false_discovery_control(np.nan_to_num(p, nan=1.0)) if len(p) else p)


def _counts(data: incidence.Incidence) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Columns of every pair, units naming each country, units naming both of each pair."""
    a, b = np.triu_indices(len(data.countries), k=1)
    n_named = np.asarray(data.matrix.sum(axis=0), dtype=np.int64).ravel()
    wide = data.matrix.astype(np.int64)
    return a, b, n_named, (wide.T @ wide).toarray()[a, b]


def _joint(
    data: incidence.Incidence, n_named: np.ndarray, a: np.ndarray, b: np.ndarray, null: str
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """Probability of naming both by pair and group of units, over that of the configuration model, and group sizes."""
    degrees, n_units = np.unique(np.diff(data.matrix.indptr), return_counts=True)
    probability = null_model.fit_bicm(degrees, n_units, n_named)
    joint = (probability[:, a] * probability[:, b]).T
    if null == "bicm":
        return joint, None, n_units
    both = conditional_model.fit_conditional(degrees, n_units, n_named)[1][:, a, b].T.clip(0, 1)
    return both, np.divide(both, joint, out=np.ones_like(both), where=joint > 0), n_units


def _tested(data: incidence.Incidence, n_named: np.ndarray, options: Options) -> np.ndarray:
    """Whether each country is named in enough units and stories for its pairs to be tested."""
    country = data.matrix.tocoo().col
    row = data.story[data.matrix.tocoo().row]
    n_stories = pd.Series(row).groupby(country).nunique().reindex(range(len(n_named)), fill_value=0)
    return (n_named >= options.min_units) & (n_stories.to_numpy() >= options.min_stories)


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
        -1 where no unit names both. NaN where all units do: two that are never apart would have 1 and two independent
        ones 0, and nothing tells which they are; `collocations` and `topic_quality` hold to the same.

    References
    ----------
    .. [1] G. Bouma (2009), Normalized (pointwise) mutual information in collocation extraction.
    """
    n_a, n_b, n_both = (np.asarray(v, dtype=float) for v in (n_a, n_b, n_both))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(n_both * n_units / (n_a * n_b)) / -np.log(n_both / n_units)
    return np.clip(np.where(n_both == 0, -1.0, np.where(n_both >= n_units, np.nan, value)), -1, 1)
