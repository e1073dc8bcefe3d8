"""How often the intervals of shares over time hold the share: simulated stories whose units resemble each other.

    python tests/benchmarks/share_coverage.py [N_SIMULATIONS]

A story has 20 units, or a number from a geometric distribution of mean 20; its own share is drawn from a beta
distribution, so that the intraclass correlation of its units is rho (or is 0 or 1, for rho = 1). "copied": most stories
are of one unit, a few are of many, all alike. ``alone``: rho is estimated from the stories of
one period. ``among 12``: from those of twelve periods with the same number of stories, as `comention.over_time` does.
"""

import itertools
import sys

import numpy as np

from analysis import clustered_shares

RHO = (0.0, 0.1, 0.3, 0.6)
SHARES = (0.01, 0.05, 0.2, 0.5)
STORIES = (2, 3, 5, 10, 40)


COPIED = ((60, 3, 15), (200, 4, 30), (300, 3, 20), (30, 1, 10), (20, 5, 4))
"""Stories of one unit, stories of several, and their units."""


def sizes(kind, n_stories, n_periods, rng):
    """Units of each story, in periods of the same number of stories."""
    if kind == "copied":
        n_single, n_copied, n_units = n_stories
        return np.tile(np.repeat([1, n_units], [n_single, n_copied]), n_periods)
    n = n_periods * n_stories
    return np.full(n, 20) if kind == "equal" else rng.geometric(1 / 20, n)


def covered(kind, share, rho, n_stories, *, n_periods, n_simulations, rng):
    """Return the share of intervals that hold ``share``, and their mean width."""
    found = []
    for _ in range(n_simulations):
        units = sizes(kind, n_stories, n_periods, rng)
        group = np.repeat(np.arange(n_periods), len(units) // n_periods)
        own = share
        if rho == 1:
            own = rng.random(len(units)) < share
        elif rho:
            own = rng.beta(share / rho - share, (1 - share) / rho - 1 + share, len(units))
        hits = rng.binomial(units, own)
        alike = clustered_shares.likeness(hits, units, group)
        first = group == 0
        low, high = clustered_shares.interval(hits[first], units[first], rho=alike)
        found.append((low <= share <= high, high - low))
    return np.mean(found, axis=0)


def main(n_simulations: int) -> None:
    rng = np.random.default_rng(0)
    print("sizes      periods  share   rho  coverage (mean width) for", *STORIES, "stories, or", *COPIED)
    worst = {}
    settings = [
        *itertools.product(("equal", "geometric"), (1, 12), SHARES, RHO),
        *itertools.product(("copied",), (1, 12), SHARES, (0.3, 1)),
    ]
    for kind, n_periods, share, rho in settings:
        stories = COPIED if kind == "copied" else STORIES
        row = [covered(kind, share, rho, n, n_periods=n_periods, n_simulations=n_simulations, rng=rng) for n in stories]
        worst[n_periods] = min(worst.get(n_periods, 1), *(r[0] for r in row))
        cells = "  ".join(f"{c:.3f} ({w:.2f})" for c, w in row)
        print(f"{kind:9s} {n_periods:8d}  {share:5.2f}  {rho:4.1f}  {cells}", flush=True)
    print("least coverage, by the number of periods:", {k: round(float(v), 3) for k, v in worst.items()})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
