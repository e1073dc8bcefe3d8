"""How often the interval of a term's rate holds the true rate, for few articles.

    python tests/benchmarks/interval_coverage.py texts.jsonl [repeats]

All texts of the file (one JSON object a line with a ``text``) stand for the population; samples of it for corpora.
Counted is how many of the 95% intervals of `terms.frequencies` hold the rate in the population, and how many of plain
percentile intervals of the same draws do, for the 50 most frequent terms of the sample and for the 250 after them.
"""

import json
import sys

import numpy as np
import pandas as pd

from analysis import resampling, tokens


def main(path: str, repeats: int = 60) -> None:
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": texts})
    counts = tokens.document_terms(articles)
    matrix, sizes, _ = resampling.by_article(counts)
    truth = np.asarray(matrix.sum(axis=0)).ravel() / sizes.sum()
    rng = np.random.default_rng(0)
    plain_tails = resampling.tails
    for n_articles in (3, 5, 10, 20, 50):
        held = {(name, part): [] for name in ("expanded", "plain") for part in ("top 50", "next 250")}
        for repeat in range(repeats):
            rows = rng.choice(len(sizes), n_articles, replace=False)
            n = np.asarray(matrix[rows].sum(axis=0)).ravel()
            chosen = np.argsort(-n, kind="stable")[:300]
            sample, of = matrix[rows][:, chosen], sizes[rows]
            for name in ("expanded", "plain"):
                if name == "plain":
                    resampling.tails = lambda level, _: ((1 - level) / 2, (1 + level) / 2)
                low, high = resampling.rate_interval(sample, of, n_boot=1000, random_state=repeat, level=0.95)
                resampling.tails = plain_tails
                inside = (low <= truth[chosen]) & (truth[chosen] <= high)
                held[name, "top 50"].append(inside[:50].mean())
                held[name, "next 250"].append(inside[50:].mean())
        line = "  ".join(f"{name} {part} {np.mean(share):.1%}" for (name, part), share in held.items())
        print(f"{n_articles:3} articles: {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
