"""How many topics: criteria over a range of numbers, and the rule that combines them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import agreement, chances, clustering, directions, repeats, topic_quality

CRITERIA = ("likelihood", "stability", "information", "coherence", "exclusivity", "silhouette", "eigengap")
"""Criteria that are computed and shown; `choose` decides by the first two."""

COMES_BACK = 0.9
"""Stability from which all of a number of topics come back; see `choose`."""

ENOUGH = (0.7, 0.6, 0.8)
"""Share of the greatest held-out likelihood that is enough; then a smaller and a larger one, see `choose`."""

N_TOP = 10
"""Words per topic in coherence and exclusivity."""

SAMPLE = 1500
"""Units that the criteria and the resampling look at, at most; a larger corpus is sampled."""

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
    """Try a range of numbers of topics on at most `SAMPLE` units.

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
        ``score`` : float64, at most 1; see `choose`
        ``choice`` : {"chosen", "runner-up", ""}
    """
    keys = np.arange(len(groups), dtype=np.uint64) if units.keys is None else units.keys
    rows = sample(groups, SAMPLE, chances.uniform(chances.of_groups(keys, groups), [random_state, 0]))
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
    """Combine held-out likelihood and stability into one number of topics, and name the runner-up.

    The likelihood of units that were not drawn rises with the number of topics, steeply as long as topics are parted
    that use other words, then slowly. The choice is what is found at the smallest number that has 70% of the greatest,
    smoothed over neighbouring numbers. Where topics come back nearly always (stability of 0.9 or more) and more are
    found than that, as many as are found are chosen instead: structure as clear as that needs no other criterion. The
    runner-up says how much hangs on the 70%: it is the number that 60% or 80% would give, the one that lies farther
    off, or the next number where both give the same.

    Parameters
    ----------
    criteria : DataFrame
        ``n_topics``, ascending, ``n_found`` and the columns of `CRITERIA`.

    Returns
    -------
    DataFrame
        The same with ``score`` added, the smoothed likelihood as a share of the greatest, at most 1; and ``choice``
        in {"chosen", "runner-up", ""}.
    """
    gain = _smooth(criteria["likelihood"])
    gain = gain - min(0.0, gain.min())
    score = (gain / gain.max() if gain.max() > 0 else np.ones(len(gain))).round(directions.DIGITS)
    scored = criteria.assign(score=score)
    named = picks(scored).set_index("rule")["n_topics"]
    k = criteria["n_topics"].to_numpy()
    enough, fewer, more, returning = named.iloc[:4]
    chosen = int(np.flatnonzero(k == (enough if pd.isna(returning) else max(enough, returning)))[0])
    others = [int(np.flatnonzero(k == number)[0]) for number in (fewer, more)]
    second = max(others, key=lambda i: (round(abs(np.log2(k[i] / k[chosen])), directions.DIGITS), -i))
    if second == chosen and len(k) > 1:
        second = chosen + 1 if chosen + 1 < len(k) else chosen - 1
    choice = np.full(len(k), "", dtype=object)
    choice[second], choice[chosen] = "runner-up", "chosen"
    return scored.assign(choice=pd.Series(choice, index=criteria.index, dtype="str"))


def picks(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return which number each criterion would take by itself, and which of them decide.

    Parameters
    ----------
    criteria : DataFrame
        As of `choose`, with ``score``.

    Returns
    -------
    DataFrame of 11 rows, or none if ``criteria`` has none
        ``rule`` : str
        ``n_topics`` : Int64, NA where no number fulfils the rule; the smaller number in ties
        ``use`` : {"chosen by it, unless more come back", "chosen by it, if more", "runner-up, or the next number",
        "shown only"}
    """
    rows: list[tuple[str, float, str]] = []
    if len(criteria):
        k = criteria["n_topics"].to_numpy(dtype=np.float64)
        found = np.maximum(criteria["n_found"].to_numpy(dtype=np.float64), k[0])

        def nearest(number: float) -> float:
            return k[np.abs(np.log2(k / number)).round(directions.DIGITS).argmin()]

        uses = ("chosen by it, unless more come back", *["runner-up, or the next number"] * 2)
        for share, use in zip(ENOUGH, uses, strict=True):
            first = found[np.flatnonzero(criteria["score"].to_numpy() >= share)[0]]
            rows.append((f"smallest with {share:.0%} of the likelihood", nearest(first), use))
        returning = found[criteria["stability"].to_numpy() >= COMES_BACK]
        largest = nearest(returning.max()) if len(returning) else np.nan
        rows.append((f"largest with stability {COMES_BACK} or more", largest, "chosen by it, if more"))
        for name in CRITERIA:
            values = criteria[name].to_numpy(dtype=np.float64)
            best = k[np.nanargmax(values)] if np.isfinite(values).any() else np.nan
            rows.append((f"greatest {name}", best, "shown only"))
    frame = pd.DataFrame(rows, columns=["rule", "n_topics", "use"])
    return frame.astype({"rule": "str", "n_topics": "Int64", "use": "str"})


def _smooth(values: pd.Series) -> np.ndarray:
    """Mean with the neighbours; unknown values count as the smallest."""
    known = values.fillna(values.min()).fillna(0.0)
    return known.rolling(3, center=True, min_periods=1).mean().round(directions.DIGITS).to_numpy()


def no_selection() -> pd.DataFrame:
    """Return the frame of `select` without rows."""
    columns = {"n_topics": "int64", **dict.fromkeys(CRITERIA, "float64"), "n_found": "int64"}
    columns |= {"score": "float64", "choice": "str"}
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
