"""How many topics: criteria over a range of numbers, and the rule that combines them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import agreement, chances, clustering, directions, repeats, topic_quality

CRITERIA = ("likelihood", "information", "stability", "coherence", "exclusivity", "silhouette", "eigengap")
"""Criteria that are computed and shown. `choose` decides by the first two, and the third where all topics come back."""

ENOUGH = {"likelihood": 0.55, "information": 0.9}
"""Shares of the greatest held-out likelihood, and of the greatest information, that are looked for; see `choose`.

Found on 148 draws of 3 to 20 labels from newsgroups, Reuters and the BBC: the error in log2 was 0.59, 0.52 and 0.26
there. For the number nearest to 70% of the likelihood, the rule before, it was 0.59, 0.65 and 0.41; for five topics
always 0.69, 0.78 and 0.28. With shares fitted to two of the three and judged on the other it was 0.59, 0.62 and 0.26.
Tried and no better: the most stable number as a third, coherence, silhouette, eigengap, the agreement of topics of two
halves of each unit's words, the eigenvalues above those of shuffled columns, and regressions on all of these.
"""

COMES_BACK = 0.9
"""Stability from which all of a number of topics come back; see `choose`."""

N_TOP = 10
"""Words per topic in coherence and exclusivity."""

SAMPLE = (1500, 4000)
"""Units that the criteria and the resampling look at, at most: of long texts, and of the shortest."""

SAMPLE_TERMS = 100_000
"""Different terms of units, summed, that are enough: short texts say little each, so more of them are looked at."""

PER_TOPIC = 5
"""Fewest units a topic, on average, among the numbers tried."""


def candidates(n_units: int) -> list[int]:
    """Return the numbers of topics to try: 2, 3, 4 ... then by steps of a fifth, up to 40 or a fifth of the units."""
    largest = min(max(n_units // PER_TOPIC, 2), 40, n_units)
    numbers = [2]
    while numbers[-1] < largest:
        numbers.append(max(numbers[-1] + 1, round(numbers[-1] * 1.2)))
    return [k for k in numbers if k <= largest]


def sample(groups: np.ndarray, limit: int, chance: np.ndarray) -> np.ndarray:
    """Take whole groups of units, of smallest chance first, as long as they fit into ``limit`` units; sorted rows.

    Parameters
    ----------
    groups : ndarray of int of shape (n_units,), numbered from 0 without gaps
    limit : int
        A first group that is larger is cut to it.
    chance : ndarray of shape (n_groups,)
    """
    if len(groups) <= limit:
        return np.arange(len(groups))
    sizes, order = np.bincount(groups), np.argsort(chance, kind="stable")
    if sizes[order[0]] >= limit:
        return np.flatnonzero(groups == order[0])[:limit]
    taken, n = np.zeros(len(sizes), dtype=bool), 0
    for group in order:
        if n + sizes[group] <= limit:
            taken[group] = True
            n += sizes[group]
        if n == limit:
            break
    return np.flatnonzero(taken[groups])


def select(
    units: clustering.Space,
    counts: sparse.csr_array,
    groups: np.ndarray,
    labelling: np.ndarray,
    *,
    random_state: int = 0,
) -> pd.DataFrame:
    """Try a range of numbers of topics on a sample: the units that have `SAMPLE_TERMS`, within the bounds of `SAMPLE`.

    Parameters
    ----------
    units : clustering.Space
    counts : sparse array of shape (n_units, n_terms)
    groups : ndarray of int of shape (n_units,)
        Units that are drawn together, those of one story; numbered from 0 without gaps.
    labelling : ndarray of bool of shape (n_terms,)
        Terms that may describe a topic.
    random_state : int, default=0

    Returns
    -------
    DataFrame, one row per number tried
        ``n_topics`` : int64
        ``likelihood`` : float64, mean of `mixtures.held_out_gain`
        ``stability`` : float64, mean of `topic_quality.stability` over units
        ``information`` : float64, nats, `agreement.reproduced`
        ``coherence``, ``exclusivity`` : float64, means over units
        ``silhouette``, ``eigengap`` : float64
        ``n_found`` : int64, topics that hold a unit: fewer than asked for where there is no more structure
        ``share``, ``information_share`` : float64, at most 1; see `choose`
        ``score`` : float64, NaN outside the range; see `choose`
        ``choice`` : {"chosen", "runner-up", ""}
    """
    keys = np.arange(len(groups), dtype=np.uint64) if units.keys is None else units.keys
    limit = int(np.clip(SAMPLE_TERMS * len(groups) / max(counts.nnz, 1), *SAMPLE))
    rows = sample(groups, limit, chances.uniform(chances.of_groups(keys, groups), [random_state, 0]))
    units, counts, groups = units.take(rows), counts[rows], np.unique(groups[rows], return_inverse=True)[1]
    numbers = candidates(len(rows))
    gaps = topic_quality.eigengaps(units.points, max(numbers))
    table = []
    for k in numbers:
        mixture, memberships, found = repeats.cluster(
            units, k, groups=groups, n_repeats=5, n_bases=1, random_state=random_state
        )
        labels = memberships.argmax(axis=1)
        sizes = np.bincount(labels, minlength=k)
        terms = topic_quality.typical(mixture, labelling, N_TOP)
        table.append(
            {
                "n_topics": k,
                "likelihood": float(np.nanmean(found.gain)) if np.isfinite(found.gain).any() else np.nan,
                "stability": _over_topics(topic_quality.stability(labels, found, k), sizes),
                "information": agreement.reproduced(found),
                "coherence": _over_topics(topic_quality.npmi_coherence(counts, terms), sizes),
                "exclusivity": _over_topics(topic_quality.exclusivity(mixture.terms, terms), sizes),
                "silhouette": topic_quality.silhouette(units.points, labels),
                "eigengap": gaps[k],
                "n_found": int((sizes > 0).sum()),
            }
        )
    frame = pd.DataFrame(table)
    frame[list(CRITERIA)] = frame[list(CRITERIA)].astype("float64").round(directions.DIGITS)
    return choose(frame)


def choose(criteria: pd.DataFrame) -> pd.DataFrame:
    """Combine held-out likelihood and information into one number of topics, a range of numbers, and a runner-up.

    Where there is structure, both criteria, as means over neighbouring numbers, rise steeply as long as more topics
    part units that differ, then slowly or not at all. Each names a number: the smallest with 55% of the greatest
    likelihood, and the smallest with 90% of the greatest information (measured from the lowest, where that is
    negative). The number tried that is nearest to their geometric mean is chosen: they err in different ways, and their
    mean errs less than each. A criterion that is nowhere known is left out. The choice is what is found at that number.
    Where topics come back nearly always (stability of 0.9 or more), more are found than that, and as many where so many
    are asked for, as many as are found are chosen instead: structure as clear as that needs no other criterion.

    The range goes from the smaller of the two numbers to the larger, one number tried wider on either side, and at
    least two numbers tried to either side of the one chosen: two that agree can be wrong. It reaches to the one chosen
    where that lies beyond. The runner-up is the most stable number of the range at which another number of topics is
    found and that is no neighbour of the one chosen, and a neighbour if there is no other.

    Parameters
    ----------
    criteria : DataFrame
        ``n_topics``, ascending, ``n_found`` and the columns of `CRITERIA`.

    Returns
    -------
    DataFrame
        The same with ``share`` and ``information_share`` added, the smoothed likelihood and information as shares of
        the greatest, at most 1; ``score``: 1 less the distance from the geometric mean, in doublings; NaN outside the
        range; and ``choice`` in {"chosen", "runner-up", ""}.
    """
    scored = criteria.assign(
        share=_share(criteria["likelihood"]), information_share=_share(criteria["information"]), score=np.nan
    )
    named = picks(scored)
    k, at = criteria["n_topics"].to_numpy(), np.arange(len(criteria))
    chosen = int(np.flatnonzero(k == named.loc[named["use"].isin(USES[1:3]), "n_topics"].max())[0])
    votes = np.searchsorted(k, named.loc[named["use"] == USES[0], "n_topics"].dropna().to_numpy(dtype=k.dtype))
    votes = votes if len(votes) else np.array([chosen])
    apart = np.abs(at - chosen)
    inside = (apart <= 2) | ((at >= min(votes.min() - 1, chosen)) & (at <= max(votes.max() + 1, chosen)))
    scored["score"] = np.where(inside, 1 - np.abs(np.log2(k) - _mean(k[votes])), np.nan).round(directions.DIGITS)
    choice = np.full(len(k), "", dtype=object)
    inside &= (criteria["n_found"] != criteria["n_found"].iloc[chosen]).to_numpy()
    others = next((rows for least in (2, 1) if (rows := np.flatnonzero(inside & (apart >= least))).size), ())
    if len(others):
        choice[others[np.argmax(criteria["stability"].fillna(-np.inf).to_numpy()[others])]] = "runner-up"
    choice[chosen] = "chosen"
    return scored.assign(choice=pd.Series(choice, index=criteria.index, dtype="str"))


USES = ("in the mean", "chosen, unless more come back", "chosen, if more", "shown only")
"""What a rule of `picks` is used for."""


def picks(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return which number each criterion would take by itself, and which of them decide.

    Parameters
    ----------
    criteria : DataFrame
        As of `choose`, with ``share`` and ``information_share``.

    Returns
    -------
    DataFrame of 11 rows, or none if ``criteria`` has none
        ``rule`` : str
        ``n_topics`` : Int64, NA where no number fulfils the rule; the smaller number in ties
        ``use`` : one of `USES`
    """
    rows: list[tuple[str, float, str]] = []
    if len(criteria):
        k = criteria["n_topics"].to_numpy(dtype=np.float64)
        found = np.maximum(criteria["n_found"].to_numpy(dtype=np.float64), k[0])

        def nearest(number: float) -> float:
            return k[np.abs(np.log2(k / number)).round(directions.DIGITS).argmin()]

        for name, column in (("likelihood", "share"), ("information", "information_share")):
            first = np.flatnonzero(criteria[column].to_numpy() >= ENOUGH[name])
            first = k[first[0]] if criteria[name].notna().any() else np.nan
            rows.append((f"smallest with {ENOUGH[name]:.0%} of the {name}", first, USES[0]))
        votes = np.array([number for _, number, _ in rows if np.isfinite(number)])
        middle = nearest(2 ** _mean(votes)) if len(votes) else k[0]
        rows.append(("nearest to the geometric mean of the two", nearest(found[k == middle][0]), USES[1]))
        returning = np.unique(found[criteria["stability"].to_numpy() >= COMES_BACK])
        returning = [at for number in returning if found[k == (at := nearest(number))][0] >= min(number, at)]
        largest = max(returning, default=np.nan)
        rows.append((f"largest with stability {COMES_BACK} or more", largest, USES[2]))
        for name in CRITERIA:
            values = criteria[name].to_numpy(dtype=np.float64)
            best = k[np.nanargmax(values)] if np.isfinite(values).any() else np.nan
            rows.append((f"greatest {name}", best, USES[3]))
    frame = pd.DataFrame(rows, columns=["rule", "n_topics", "use"])
    return frame.astype({"rule": "str", "n_topics": "Int64", "use": "str"})


def _mean(numbers: np.ndarray) -> float:
    """Return the mean of the numbers' logarithms to base 2."""
    return float(np.log2(numbers).mean())


def _share(values: pd.Series) -> np.ndarray:
    """Smoothed values as shares of the greatest, measured from the lowest where that is negative; 1 if all are 0."""
    smooth = _smooth(values)
    smooth = smooth - min(0.0, smooth.min())
    return (smooth / smooth.max() if smooth.max() > 0 else np.ones(len(smooth))).round(directions.DIGITS)


def _smooth(values: pd.Series) -> np.ndarray:
    """Mean with the neighbours; unknown values count as the smallest."""
    known = values.fillna(values.min()).fillna(0.0)
    return known.rolling(3, center=True, min_periods=1).mean().round(directions.DIGITS).to_numpy()


def no_selection() -> pd.DataFrame:
    """Return the frame of `select` without rows."""
    columns = {"n_topics": "int64", **dict.fromkeys(CRITERIA, "float64"), "n_found": "int64"}
    columns |= dict.fromkeys(("share", "information_share", "score"), "float64") | {"choice": "str"}
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in columns.items()})


def _over_topics(values: np.ndarray, sizes: np.ndarray) -> float:
    """Mean over topics, weighted by their units; topics without a value left out."""
    known = ~np.isnan(values) & (sizes > 0)
    return float(np.average(values[known], weights=sizes[known])) if known.any() else float("nan")
