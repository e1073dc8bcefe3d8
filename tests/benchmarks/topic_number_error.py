"""How far the chosen number of topics is from the number of labels, on labelled texts, whole or in samples.

    python tests/benchmarks/topic_number_error.py FILE [FILE ...]   # JSON lines with "text" and "label"
    python tests/benchmarks/topic_number_error.py --whole FILE [FILE ...] [--words N]

Of each file 4, 5, 8 and 20 labels are drawn (those numbers that it has), three times each: of like size, of sizes that
fall off, and of like size with the first 40 words of each text only. With ``--whole`` each file is one corpus, its
texts cut to the first N words if ``--words`` is given. The error is |log2(chosen / true)|: 1 is a factor of 2. Also
told: the error of the nearer of chosen and runner-up, and how many of the ranges hold the true number.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import topics

KINDS = ("like size", "unlike size", "short")


def read(path: str) -> pd.DataFrame:
    with open(path, encoding="utf-8") as lines:
        rows = pd.DataFrame([json.loads(line) for line in lines])
    return rows[rows["text"].str.strip().ne("") & rows["label"].ne("")].reset_index(drop=True)


def short(rows: pd.DataFrame, n_words: int) -> pd.DataFrame:
    return rows.assign(text=[" ".join(text.split()[:n_words]) for text in rows["text"]])


def named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(article_id=[f"{i:05d}" for i in rows.index]).reset_index(drop=True)


def draw(rows: pd.DataFrame, kind: str, n_labels: int, rng: np.random.Generator) -> pd.DataFrame:
    labels = rng.permutation(np.sort(rows["label"].unique()))[:n_labels]
    like = 120 if n_labels < 20 else 70
    sizes = [max(15, int(350 / (rank + 1) ** 0.7)) if kind == "unlike size" else like for rank in range(n_labels)]
    parts = [
        rows[rows["label"] == label].sample(min(size, int((rows["label"] == label).sum())), random_state=rng)
        for label, size in zip(labels, sizes, strict=True)
    ]
    drawn = pd.concat(parts).sort_index()
    return named(short(drawn, 40) if kind == "short" else drawn)


def corpora(path: str, *, whole: bool, n_words: int | None) -> Iterator[tuple[str, pd.DataFrame]]:
    rows = read(path)
    if whole:
        yield "whole" if n_words is None else f"first {n_words} words", named(short(rows, n_words) if n_words else rows)
        return
    for number, kind in enumerate(KINDS):
        for n_labels in (4, 5, 8, 20):
            if n_labels <= rows["label"].nunique():
                yield kind, draw(rows, kind, n_labels, np.random.default_rng([7, number, n_labels]))


def main(paths: list[str], *, whole: bool, n_words: int | None) -> None:
    found = []
    for path in paths:
        for kind, articles in corpora(path, whole=whole, n_words=n_words):
            true, selection = articles["label"].nunique(), topics.fit_topics(articles).selection
            chosen, other = (selection.loc[selection["choice"] == c, "n_topics"].max() for c in ("chosen", "runner-up"))
            inside = selection.loc[selection["score"].notna(), "n_topics"]
            error, nearer = abs(np.log2(chosen / true)), min(abs(np.log2(k / true)) for k in (chosen, other))
            found.append(
                {"file": Path(path).name, "kind": kind, "n": len(articles), "true": true, "chosen": int(chosen)}
                | {"runner-up": int(other), "low": int(inside.min()), "high": int(inside.max())}
                | {"error": round(error, 3), "nearer": round(nearer, 3)}
                | {"held": bool(inside.min() <= true <= inside.max())}
            )
            print(found[-1], flush=True)
    table = pd.DataFrame(found)
    print(table.groupby("file")[["error", "nearer", "held"]].mean().round(2))
    by_number = table.groupby("true")["error"].mean().round(2).to_dict()
    print(f"mean error {table['error'].mean():.2f}, by number {by_number}; nearer of two {table['nearer'].mean():.2f}")
    print(f"{table['held'].sum()} of {len(table)} ranges hold the true number")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--words", type=int)
    given = parser.parse_args()
    main(given.paths, whole=given.whole, n_words=given.words)
