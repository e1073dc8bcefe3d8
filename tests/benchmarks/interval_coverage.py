"""How often the interval of a term's rate holds the true rate, for few articles.

    python tests/benchmarks/interval_coverage.py texts.jsonl [repeats]

All texts of the file (one JSON object a line with a ``text``) stand for the population; samples of it for corpora.
Counted is how many of the 95% intervals of `terms.frequencies` hold the rate in the population, and how many plain
percentile intervals of a bootstrap over articles do: for the 50 most frequent terms of the sample, the 250 after them
and the 1,200 after those.
"""

import json
import sys

import numpy as np
import pandas as pd

from analysis import resampling, tokens

PARTS = {"top 50": slice(0, 50), "next 250": slice(50, 300), "next 1,200": slice(300, 1500)}


def percentiles(sample, sizes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    drawn = resampling.weights(len(sizes), 1000, rng)
    rates = sample.T @ (drawn / (drawn @ sizes)[:, None]).T
    return np.quantile(rates, [0.025, 0.975], axis=1)


def main(path: str, repeats: int = 40) -> None:
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": texts})
    counts = tokens.document_terms(articles)
    matrix, sizes, _ = resampling.by_article(counts)
    truth = np.asarray(matrix.sum(axis=0)).ravel() / sizes.sum()
    rng = np.random.default_rng(0)
    for n_articles in (resampling.FEWEST, 10, 20, 50):
        held = {(name, part): [] for name in ("given", "percentiles") for part in PARTS}
        for repeat in range(repeats):
            rows = rng.choice(len(sizes), n_articles, replace=False)
            n = np.asarray(matrix[rows].sum(axis=0)).ravel()
            chosen = np.argsort(-n, kind="stable")[: PARTS["next 1,200"].stop]
            chosen = chosen[n[chosen] > 0]
            sample, of = matrix[rows][:, chosen], sizes[rows]
            given = resampling.rate_interval(sample, of, n_boot=1000, random_state=repeat, level=0.95)
            for name, (low, high) in (("given", given), ("percentiles", percentiles(sample, of, rng))):
                inside = (low <= truth[chosen]) & (truth[chosen] <= high)
                for part, where in PARTS.items():
                    held[name, part].append(inside[where].mean())
        line = "  ".join(f"{name} {part} {np.mean(share):.1%}" for (name, part), share in held.items())
        print(f"{n_articles:3} articles: {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
