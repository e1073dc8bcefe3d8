"""Does a topic keep its number, its name and its articles when one article is added?

    python tests/benchmarks/topic_addition.py FILE [N ...]      # JSON lines with "text"; N articles, by default 300

To N articles drawn at random another is added, ten times another one, and all are fitted again: without the earlier
model (numbers and names are then matched, `topics.renumber`) and with it (``previous``). Printed are the mean shares of
the articles that keep their topic's number, and of the topics that keep their name.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import pandas as pd

from analysis import topics

TIMES = 10


def kept(earlier: topics.TopicModel, later: topics.TopicModel) -> tuple[float, float]:
    both = earlier.assignments.merge(later.assignments, on=["article_id", "segment"], validate="one_to_one")
    names = earlier.topics.merge(later.topics, on="topic", how="outer", validate="one_to_one")
    return (both["topic_x"] == both["topic_y"]).mean(), (names["label_x"] == names["label_y"]).mean()


def main(path: str, *numbers: str) -> None:
    with open(path, encoding="utf-8") as lines:
        rows = pd.DataFrame([json.loads(line) for line in lines])[["text"]]
    rows = rows[rows["text"].str.split().str.len() >= 20].sample(frac=1, random_state=3)
    rows = rows.assign(article_id=[f"{i:06d}" for i in rows.index]).reset_index(drop=True)
    for n in map(int, numbers or ["300"]):
        earlier, found = topics.fit_topics(rows.head(n)), []
        for added in range(n, min(n + TIMES, len(rows))):
            more = pd.concat([rows.head(n), rows.iloc[[added]]], ignore_index=True)
            matched = topics.renumber(topics.fit_topics(more), earlier=earlier)
            found.append((*kept(earlier, matched), *kept(earlier, topics.fit_topics(more, previous=earlier))))
        units, names, units_with, names_with = np.mean(found, axis=0)
        print(f"{n} articles, {len(earlier.topics)} topics: articles and names that stay", end=" ")
        print(f"{units:.1%}, {names:.1%}; with the earlier model {units_with:.1%}, {names_with:.1%}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
