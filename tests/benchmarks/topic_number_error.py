"""How far off is the number of topics that `fit_topics` chooses?

    python tests/benchmarks/topic_number_error.py FILE      # JSON lines with "text" and "label", 20 labels or more

Drawn are 4, 5, 8 and 20 labels, three times each: of like size, of sizes that fall off, and of like size with the
first 40 words of each text only. The error is |log2(chosen / true)|: 1 is a factor of 2.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import pandas as pd

from analysis import topics

KINDS = ("like size", "unlike size", "short")


def draw(rows: pd.DataFrame, kind: str, n_labels: int, rng: np.random.Generator) -> pd.DataFrame:
    labels = rng.permutation(np.sort(rows["label"].unique()))[:n_labels]
    like = 120 if n_labels < 20 else 70
    sizes = [max(15, int(350 / (rank + 1) ** 0.7)) if kind == "unlike size" else like for rank in range(n_labels)]
    parts = [
        rows[rows["label"] == label].sample(min(size, int((rows["label"] == label).sum())), random_state=rng)
        for label, size in zip(labels, sizes, strict=True)
    ]
    drawn = pd.concat(parts).sort_index()
    if kind == "short":
        drawn = drawn.assign(text=[" ".join(text.split()[:40]) for text in drawn["text"]])
    return drawn.assign(article_id=[f"{i:05d}" for i in drawn.index]).reset_index(drop=True)


def main(path: str) -> None:
    with open(path, encoding="utf-8") as lines:
        rows = pd.DataFrame([json.loads(line) for line in lines])
    found = []
    for number, kind in enumerate(KINDS):
        for n_labels in (4, 5, 8, 20):
            articles = draw(rows, kind, n_labels, np.random.default_rng([7, number, n_labels]))
            selection = topics.fit_topics(articles).selection.set_index("choice")["n_topics"]
            error = abs(np.log2(selection["chosen"] / n_labels))
            found.append({"kind": kind, "true": n_labels, **selection[["chosen", "runner-up"]], "error": error})
            print(found[-1], flush=True)
    table = pd.DataFrame(found)
    print(
        f"mean error {table['error'].mean():.2f}; by number {table.groupby('true')['error'].mean().round(2).to_dict()}"
    )


if __name__ == "__main__":
    main(sys.argv[1])
