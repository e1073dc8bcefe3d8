"""How often keyness' interval holds the true ratio, and how often its test rejects where there is no difference.

    python tests/benchmarks/keyness_coverage.py [terms a corpus] [corpora]

Corpora are drawn with a known ratio of rates between two groups of articles: an article's count of a term is Poisson
with mean rate * length * g, with g from a gamma distribution of mean 1 and variance 1 / shape ("even": g = 1), so that
words of one article are not independent. Printed, by the ratio of the target's rate to the reference's: the share of
95% intervals that hold it (of those bounded on one side at least), and for a ratio of 1 the share of p at most 0.05 and
at most 0.01. "bh" is the share of corpora of nothing but equal rates in which any q is at most 0.05: Benjamini and
Hochberg's procedure is to keep it at 0.05.
"""

import sys

import numpy as np
from scipy import sparse, stats

from analysis import ratios

GROUPS = [((6, 2000), (6, 300)), ((6, 600), (20, 600)), ((10, 300), (60, 1500)), ((40, 2000), (40, 300))]
RATIOS = (0.25, 0.5, 1.0, 2.0, 4.0)


def corpus(groups, rate: float, shape: float | None, ratio: float, n_terms: int, rng: np.random.Generator):
    n_1 = groups[0][0]
    sizes = np.concatenate([rng.integers(length // 2, length * 3 // 2, n) for n, length in groups]).astype(float)
    expected = rate * sizes[None, :] * np.ones((n_terms, 1))
    expected[:, :n_1] *= ratio
    if shape is not None:
        expected *= rng.gamma(shape, 1 / shape, expected.shape)
    counts = rng.poisson(expected).astype(float)
    return sparse.csr_array(counts[counts.sum(axis=1) > 0]), sizes


def main(n_terms: int = 400, n_corpora: int = 4) -> None:
    for groups in GROUPS:
        for rate in (5e-4, 5e-3):
            for shape in (None, 1.0, 0.3):
                rng = np.random.default_rng(0)
                line = f"{groups[0][0]:3} x {groups[0][1]:4} v {groups[1][0]:3} x {groups[1][1]:4} tokens"
                line += f"  {rate * 1e6:5.0f} per million, {f'shape {shape}' if shape else 'even':9}  held:"
                for ratio in RATIOS:
                    held, p_values, any_q = [], [], []
                    for seed in range(n_corpora):
                        columns, sizes = corpus(groups, rate, shape, ratio, n_terms, rng)
                        p, low, high = ratios.ratio_test(
                            columns, sizes, groups[0][0], n_permutations=999, random_state=seed, level=0.95
                        )
                        bounded = (low > 0) | np.isfinite(high)
                        held.append(((low <= ratio) & (ratio <= high))[bounded])
                        p_values.append(p)
                        any_q.append(stats.false_discovery_control(p).min() <= 0.05)
                    line += f" {ratio:g}: {np.concatenate(held).mean():.1%}"
                    if ratio == 1:
                        p = np.concatenate(p_values)
                        false = f"  false: {(p <= 0.05).mean():.1%}, {(p <= 0.01).mean():.2%}, bh {np.mean(any_q):.0%}"
                print(line + false, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
