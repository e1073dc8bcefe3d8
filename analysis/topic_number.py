"""How many topics: criteria over a range of numbers, and the rule that combines them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import agreement, chances, clustering, directions, repeats, topic_quality

CRITERIA = ("likelihood", "stability", "information", "coherence", "exclusivity", "silhouette", "eigengap")
"""Criteria that are computed and shown; `choose` decides by the first, and the second where all topics come back."""

RANGE = (0.45, 0.8)
"""Shares of the greatest held-out likelihood between which the number is looked for; see `choose`."""

ENOUGH = 0.7
"""Share of the greatest held-out likelihood that is looked for; see `choose`.

The number that is most stable within the range was tried instead: on twelve samples of newsgroup posts
(`tests/benchmarks/topic_number_error.py`) it was farther off than the nearest to this share (0.96 and 0.74 in log2), on
four whole corpora as far (0.58 both).
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
        ``share`` : float64, at most 1; see `choose`
        ``score`` : float64, NaN outside the range; see `choose`
        ``choice`` : {"chosen", "runner-up", ""}
    """
    keys = np.arange(len(groups), dtype=np.uint64) if units.keys is None else units.keys
    limit = int(np.clip(SAMPLE_TERMS * len(groups) / max(counts.nnz, 1), *SAMPLE))
    rows = sample(groups, limit, chances.uniform(chances.of_groups(keys, groups), [random_state, 0]))
    units, counts, groups = units.take(rows), counts[rows], np.unique(groups[rows], return_inverse=True)[1]
    numbers = candidates(len(rows))
    gaps = eigengaps(units.points, max(numbers))
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
                "silhouette": silhouette(units.points, labels),
                "eigengap": gaps[k],
                "n_found": int((sizes > 0).sum()),
            }
        )
    frame = pd.DataFrame(table)
    frame[list(CRITERIA)] = frame[list(CRITERIA)].astype("float64").round(directions.DIGITS)
    return choose(frame)


def choose(criteria: pd.DataFrame) -> pd.DataFrame:
    """Combine held-out likelihood and stability into one number of topics, a range of numbers, and a runner-up.

    The likelihood of units that were not drawn rises with the number of topics, steeply as long as topics are parted
    that use other words, then slowly; the range is from the smallest number that has 45% of the greatest (measured from
    the lowest, where that is negative) to the smallest that has 80%, smoothed over neighbouring numbers. Within it, the
    number is chosen whose share is nearest to 70%. The choice is what is found at that number. Where topics come back
    nearly always (stability of 0.9 or more) and more are found than that, as many as are found are chosen instead:
    structure as clear as that needs no other criterion. The runner-up is the next best of the range that is no
    neighbour of the chosen number, a neighbour if there is no other, and the next number if the range is one number.

    Parameters
    ----------
    criteria : DataFrame
        ``n_topics``, ascending, ``n_found`` and the columns of `CRITERIA`.

    Returns
    -------
    DataFrame
        The same with ``share`` added, the smoothed likelihood as a share of the greatest, at most 1; ``score``, which
        decides in the range: 1 less the distance of the share from `ENOUGH`; NaN outside; and ``choice`` in {"chosen",
        "runner-up", ""}.
    """
    k = criteria["n_topics"].to_numpy()
    gain = _smooth(criteria["likelihood"])
    gain = gain - min(0.0, gain.min())
    share = (gain / gain.max() if gain.max() > 0 else np.ones(len(gain))).round(directions.DIGITS)
    first, last = (int(np.flatnonzero(share >= part)[0]) for part in RANGE)
    inside = (np.arange(len(k)) >= first) & (np.arange(len(k)) <= last)
    score = np.where(inside, (1 - np.abs(share - ENOUGH)).round(directions.DIGITS), np.nan)
    scored = criteria.assign(share=share, score=score)
    named = picks(scored).set_index("use")["n_topics"]
    best, returning = named[USES[1]], named[USES[2]]
    chosen = int(np.flatnonzero(k == (best if pd.isna(returning) else max(best, returning)))[0])
    apart = np.abs(np.arange(len(k)) - chosen)
    others = [np.flatnonzero(inside & (apart >= least)) for least in (2, 1)]
    others = next((rows for rows in others if len(rows)), np.zeros(0, dtype=np.int64))
    choice = np.full(len(k), "", dtype=object)
    if len(others):
        choice[others[np.argmax(score[others])]] = "runner-up"
    elif len(k) > 1:
        choice[chosen + 1 if chosen + 1 < len(k) else chosen - 1] = "runner-up"
    choice[chosen] = "chosen"
    return scored.assign(choice=pd.Series(choice, index=criteria.index, dtype="str"))


USES = ("range", "chosen by it, unless more come back", "chosen by it, if more", "shown only")
"""What a rule of `picks` is used for."""


def picks(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return which number each criterion would take by itself, and which of them decide.

    Parameters
    ----------
    criteria : DataFrame
        As of `choose`, with ``share`` and ``score``.

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

        for part in RANGE:
            first = k[np.flatnonzero(criteria["share"].to_numpy() >= part)[0]]
            rows.append((f"smallest with {part:.0%} of the likelihood", first, USES[0]))
        best = found[np.nanargmax(criteria["score"].to_numpy(dtype=np.float64))]
        rows.append((f"nearest to {ENOUGH:.0%} of it between these", nearest(best), USES[1]))
        returning = found[criteria["stability"].to_numpy() >= COMES_BACK]
        largest = nearest(returning.max()) if len(returning) else np.nan
        rows.append((f"largest with stability {COMES_BACK} or more", largest, USES[2]))
        for name in CRITERIA:
            values = criteria[name].to_numpy(dtype=np.float64)
            best = k[np.nanargmax(values)] if np.isfinite(values).any() else np.nan
            rows.append((f"greatest {name}", best, USES[3]))
    frame = pd.DataFrame(rows, columns=["rule", "n_topics", "use"])
    return frame.astype({"rule": "str", "n_topics": "Int64", "use": "str"})


def _smooth(values: pd.Series) -> np.ndarray:
    """Mean with the neighbours; unknown values count as the smallest."""
    known = values.fillna(values.min()).fillna(0.0)
    return known.rolling(3, center=True, min_periods=1).mean().round(directions.DIGITS).to_numpy()


def no_selection() -> pd.DataFrame:
    """Return the frame of `select` without rows."""
    columns = {"n_topics": "int64", **dict.fromkeys(CRITERIA, "float64"), "n_found": "int64"}
    columns |= {"share": "float64", "score": "float64", "choice": "str"}
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in columns.items()})


def silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """Return the simplified silhouette [1]_: mean of (nearest other - own) / larger, of distances to topic centres.

    The distance is 1 minus the cosine. A unit that is alone in its topic counts 0 [2]_: else the more such topics, the
    better the value.

    References
    ----------
    .. [1] E. R. Hruschka, L. N. de Castro and R. J. G. B. Campello (2004), Evolutionary algorithms for clustering
       gene-expression data.
    .. [2] P. J. Rousseeuw (1987), Silhouettes: a graphical aid to the interpretation and validation of cluster
       analysis.
    """
    present, inverse = np.unique(labels, return_inverse=True)
    if len(present) < 2:
        return float("nan")
    members = sparse.csr_array((np.ones(len(labels)), (inverse, np.arange(len(labels)))))
    distance = np.clip(1 - points @ directions.unit_rows(members @ points).T, 0.0, None)
    rows = np.arange(len(labels))
    own = distance[rows, inverse]
    distance[rows, inverse] = np.inf
    other = distance.min(axis=1)
    larger = np.maximum(own, other)
    counted = (larger > 0) & (np.bincount(inverse)[inverse] > 1)
    return float(np.mean(np.divide(other - own, larger, out=np.zeros_like(own), where=counted)))


def eigengaps(points: np.ndarray, largest: int) -> np.ndarray:
    """Return, at index k, the fall from the k-th to the next eigenvalue of the cosine similarities, over the k-th.

    It is 1 where nothing is left, and NaN beyond, and from the number of the points' dimensions on, where the next
    eigenvalue is not known.
    """
    values = np.clip(np.sort(np.linalg.eigvalsh(points.T @ points))[::-1], 0.0, None)
    values[values <= 1e-9 * values.max(initial=0.0)] = 0.0
    gaps = np.full(largest + 1, np.nan)
    for k in range(1, min(largest + 1, len(values))):
        if values[k - 1] > 0:
            gaps[k] = (values[k - 1] - values[k]) / values[k - 1]
    return gaps


def _over_topics(values: np.ndarray, sizes: np.ndarray) -> float:
    """Mean over topics, weighted by their units; topics without a value left out."""
    known = ~np.isnan(values) & (sizes > 0)
    return float(np.average(values[known], weights=sizes[known])) if known.any() else float("nan")
