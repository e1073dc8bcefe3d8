"""How often the intervals of shares over time hold the share: simulated stories whose units resemble each other.

    python tests/benchmarks/share_coverage.py [N_SIMULATIONS]

A story has 20 units, or a number from a geometric distribution of mean 20; its own share is drawn from a beta
distribution, so that the intraclass correlation of its units is rho. ``alone``: rho is estimated from the stories of
one period. ``among 12``: from those of twelve periods with the same number of stories, as `comention.over_time` does.
"""

import itertools
import sys

import numpy as np

from analysis import clustered_shares

RHO = (0.0, 0.1, 0.3, 0.6)
SHARES = (0.01, 0.05, 0.2, 0.5)
STORIES = (2, 3, 5, 10, 40)


def covered(share, rho, n_stories, *, equal, n_periods, n_simulations, rng):
    """Return the share of intervals that hold ``share``, and their mean width."""
    found = []
    group = np.repeat(np.arange(n_periods), n_stories)
    for _ in range(n_simulations):
        units = np.full(len(group), 20) if equal else rng.geometric(1 / 20, len(group))
        own = rng.beta(share / rho - share, (1 - share) / rho - 1 + share, len(group)) if rho else share
        hits = rng.binomial(units, own)
        alike = clustered_shares.likeness(hits, units, group)
        first = group == 0
        low, high = clustered_shares.interval(hits[first], units[first], rho=alike)
        found.append((low <= share <= high, high - low))
    return np.mean(found, axis=0)


def main(n_simulations: int) -> None:
    rng = np.random.default_rng(0)
    print("sizes      periods  share   rho  coverage (mean width) for", *STORIES, "stories")
    worst = {}
    for equal, n_periods, share, rho in itertools.product((True, False), (1, 12), SHARES, RHO):
        row = [
            covered(share, rho, n, equal=equal, n_periods=n_periods, n_simulations=n_simulations, rng=rng)
            for n in STORIES
        ]
        worst[n_periods] = min(worst.get(n_periods, 1), *(r[0] for r in row))
        cells = "  ".join(f"{c:.3f} ({w:.2f})" for c, w in row)
        print(f"{'equal' if equal else 'geometric':9s} {n_periods:8d}  {share:5.2f}  {rho:4.1f}  {cells}", flush=True)
    print("least coverage, by the number of periods:", {k: round(float(v), 3) for k, v in worst.items()})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
