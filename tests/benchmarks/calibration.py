"""How often the tests of co-mention are wrong, where the truth is known: simulated ledgers.

    python tests/benchmarks/calibration.py [repeats]

Worlds: "units" has no pairs and independent units. "stories" has no pairs either, but each story prefers its own few
countries, so that units of a story are alike; in "series" a story of 30 units has about three. "planted" is "stories"
with 12 pairs that draw each other in.

What was seen with 20 repeats, null "conditional", 400 stories, 60 countries, 1,770 pairs; mean number of pairs with
q <= 0.05:

    world    dependence  false  and interval above 0  planted pairs found, of 12
    units    none         0.0    0.0
    units    stories      0.0    0.0
    series   none        12.6    3.9
    series   stories      0.0    0.0
    planted  none         0.05   0.05                 11.4
    planted  stories      0.05   0.05                 11.4

With 100 stories 2.8 planted pairs are found with "none" and 2.4 with "stories". The false pairs of "series" come from
units of one story that are alike, not from the null model: taking stories as what is independent leaves none.
"""

import itertools
import sys
import time

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import association
from analysis.incidence import Incidence

N_COUNTRIES, N_PLANTED = 60, 12
CODES = tuple(f"C{i:02}" for i in range(N_COUNTRIES))
PLANTED = [(2 * i + 6, 2 * i + 7) for i in range(N_PLANTED)]


def world(kind: str, n_stories: int, rng: np.random.Generator) -> Incidence:
    weight = 1 / np.arange(1, N_COUNTRIES + 1) ** 0.8
    rows, columns, story = [], [], []
    unit = 0
    for s in range(n_stories):
        shape = {"units": np.inf, "series": 0.05}.get(kind, 0.5)
        mine = weight * (rng.gamma(shape, 1 / shape, N_COUNTRIES) + 1e-6 if np.isfinite(shape) else 1.0)
        for _ in range(30 if kind == "series" else 8):
            size = min(rng.poisson(0.9), 12)
            if not size:
                continue
            named = set(rng.choice(N_COUNTRIES, size=size, replace=False, p=mine / mine.sum()).tolist())
            if kind == "planted":
                for a, b in PLANTED:
                    if (a in named) != (b in named) and rng.random() < 0.12:
                        named |= {a, b}
            rows += [unit] * len(named)
            columns += sorted(named)
            story.append(s)
            unit += 1
    matrix = sparse.csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(unit, N_COUNTRIES))
    units = pd.DataFrame({"article_id": [str(s) for s in story]})
    searched = pd.DataFrame({"article_id": [], "story": [], "n_units": []})
    return Incidence(matrix, CODES, units, np.array(story), n_stories * 8, n_stories, searched)


def main(repeats: int = 20) -> None:
    rng = np.random.default_rng(0)
    planted = {(CODES[a], CODES[b]) for a, b in PLANTED}
    for kind in ("units", "stories", "series", "planted"):
        start = time.perf_counter()
        truths = {}
        large = world(kind, 5_000 if kind == "series" else 20_000, rng)
        for null in association.NULLS:
            options = association.Options(null, 5, 5, 0, 0.95, 0)
            truths[null] = association.associate(large, "paragraph", options).set_index(["country_a", "country_b"])
        for n_stories in (100, 400):
            sums: dict[tuple[str, str], list[dict]] = {
                ways: [] for ways in itertools.product(association.NULLS, association.DEPENDENCE)
            }
            for i in range(repeats):
                data = world(kind, n_stories, rng)
                for (null, dependence), rows in sums.items():
                    options = association.Options(null, 5, 5, 400, 0.95, i, dependence)
                    found = association.associate(data, "paragraph", options).set_index(["country_a", "country_b"])
                    rows.append(measure(found, truths[null], planted if kind == "planted" else set()))
            for (null, dependence), rows in sums.items():
                mean = pd.DataFrame(rows).mean().round(3).to_dict()
                print(f"{kind:8} {n_stories:4} stories {null:12} {dependence:8} {mean}", flush=True)
        print(f"  {time.perf_counter() - start:.0f} s")


def measure(found: pd.DataFrame, truth: pd.DataFrame, planted: set) -> dict:
    tested = found[found["p"].notna()]
    is_planted = tested.index.isin(planted)
    by_q = tested["q"] <= 0.05
    robust = by_q & (tested["ci_low"] > 0)
    row = {
        "tested": len(tested),
        "p05_null": (tested["p"] <= 0.05)[~is_planted].mean(),
        "false_by_q": int((by_q & ~is_planted).sum()),
        "any_false_by_q": bool((by_q & ~is_planted).any()),
        "false_robust": int((robust & ~is_planted).sum()),
        "found_by_q": int((by_q & is_planted).sum()),
        "found_robust": int((robust & is_planted).sum()),
        "median_ratio_null": tested.loc[~is_planted & (tested["expected"] > 3), "log2_ratio"].median(),
    }
    aim = truth["log2_ratio"].reindex(tested.index)
    inside = (tested["ci_low"] <= aim) & (aim <= tested["ci_high"])
    for low, high in ((2, 5), (5, 15), (15, 10_000)):
        # By the count that the truth leads to expect, not by the count seen, which would pick the lucky ones.
        part = (tested["expected"] * 2**aim).between(low, high, inclusive="left") & tested["ci_low"].notna()
        row[f"cover_{low}"] = inside[part].mean()
    return row


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
