"""How stable are topics of noise? What `topics.STABLE` is read against.

    python tests/benchmarks/topic_noise.py

Units of words drawn at random from one Zipf distribution are clustered as `fit_topics` does, short ones with stems
(`topic_stems`), each of the words that chance gives it; printed are the mean, the 95th percentile and the largest
stability of the topics of six corpora in each setting, and how many reach `topics.STABLE` in all.
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy import sparse

from analysis import clustering, repeats, topic_quality, topic_stems, topics


def noise(n_units: int, n_words: int, rng: np.random.Generator, n_terms: int = 2000) -> sparse.csr_array:
    weights = 1 / np.arange(1, n_terms + 1)
    counts = rng.multinomial(n_words, weights / weights.sum(), size=n_units)
    if n_words < topic_stems.SHORT:
        stems = np.eye(n_terms, dtype=np.int64)[rng.integers(n_terms, size=n_terms)]
        counts = np.hstack([counts, counts @ stems])
    return sparse.csr_array(counts[:, (counts > 0).sum(axis=0) >= 2])


def stabilities(n_units: int, n_words: int, n_topics: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng([n_units, n_topics, seed, n_words])
    counts = noise(n_units, n_words, rng)
    units = clustering.space(counts, n_topics=8, twice=n_words < topic_stems.SHORT)
    _, memberships, found = repeats.cluster(units, n_topics, random_state=seed)
    return topic_quality.stability(memberships.argmax(axis=1), found, n_topics)


def main() -> None:
    everything = []
    for n_units, n_words, n_topics in itertools.product((30, 47, 100, 300), (30, 200), (2, 3, 5, 8)):
        values = np.concatenate([stabilities(n_units, n_words, n_topics, seed) for seed in range(6)])
        everything.append(values)
        mean, high, most = np.nanmean(values), np.nanquantile(values, 0.95), np.nanmax(values)
        print(
            f"{n_units} units of {n_words} words, {n_topics} topics: mean {mean:.2f}, 95% {high:.2f}, most {most:.2f}"
        )
    found = np.concatenate(everything)
    print(f"{(found >= topics.STABLE).sum()} of {len(found)} topics reach {topics.STABLE}")


if __name__ == "__main__":
    with clustering.one_thread():
        main()
