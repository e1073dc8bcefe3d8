from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis import chances, clustering, refinement, repeats, topic_continuity, topics

WORDS = {"sea": "ship harbour sailor anchor cargo", "farm": "wheat barley tractor cattle plough"}
WORDS["law"] = "court judge verdict appeal lawyer"


def made(n: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    names = list(WORDS) * n
    texts = [" ".join(rng.choice(WORDS[name].split(), 12)) for name in names]
    return pd.DataFrame({"article_id": [f"a{seed}_{i:03d}" for i in range(len(names))], "text": texts})


@pytest.fixture(scope="module")
def earlier() -> topics.TopicModel:
    return topics.fit_topics(made(15), n_topics=3)


@pytest.mark.parametrize(
    ("score", "choice", "expected"),
    [
        ([0.1, 0.2, 0.3, np.nan], ["", "", "chosen", ""], 3),  # three lie in the range
        ([np.nan, np.nan, 0.3, 0.2], ["", "", "chosen", ""], 4),  # three are too few
        ([0.3, np.nan, np.nan, np.nan], ["", "", "", "chosen"], 3),  # more came back than the range holds
    ],
)
def test_the_number_stays_where_it_is_open(earlier, score, choice, expected):
    selection = pd.DataFrame({"n_topics": [2, 3, 4, 5], "score": score, "choice": choice})
    assert topic_continuity.number(selection, earlier) == expected


def test_a_division_goes_on_if_it_is_as_near_as_a_repeat(earlier):
    # Six units of two words, earlier {0, 1, 2} and {3, 4, 5}, now {0, 1, 2, 3} and {4, 5}: 5 of 6 are shared.
    counts = sparse.csr_array(np.array([[3, 0]] * 3 + [[0, 3]] * 3))
    space = clustering.space(counts, n_topics=2)
    units = pd.DataFrame({"article_id": list("abcdef"), "segment": -1}).astype({"article_id": "str"})
    before = units.assign(topic=[0, 0, 0, 1, 1, 1], margin=1.0, weak=False)
    model = replace(earlier, topics=earlier.topics.head(2), assignments=before)
    fresh = refinement.refine(space, np.array([0, 0, 0, 0, 1, 1]), 2, n_rounds=0)
    drawn = np.ones((1, 6), dtype=bool)
    alike = repeats.Repeats(np.array([[0, 0, 0, 0, 1, 1]], dtype=np.int16), drawn, np.zeros(1))
    other = repeats.Repeats(np.array([[0, 0, 1, 1, 1, 1]], dtype=np.int16), drawn, np.zeros(1))
    kept = topic_continuity.division(space, units, model, fresh, alike)
    assert kept is fresh
    kept = topic_continuity.division(space, units, model, fresh, other)  # 4 of 6 are shared: further off
    assert kept[1].argmax(axis=1).tolist() == [0, 0, 0, 1, 1, 1]
    # Another number of topics, or no unit in common: nothing to go on from.
    assert topic_continuity.division(space, units, earlier, fresh, other) is fresh
    strangers = units.assign(article_id=list("uvwxyz")).astype({"article_id": "str"})
    assert topic_continuity.division(space, strangers, model, fresh, other) is fresh


def test_one_article_more_moves_no_other(earlier):
    more = pd.concat([made(15), made(1, seed=1).head(1)], ignore_index=True)
    later = topics.fit_topics(more, previous=earlier)
    assert later.topics["label"].tolist() == earlier.topics["label"].tolist()
    joined = later.assignments.merge(earlier.assignments, on=["article_id", "segment"], validate="one_to_one")
    assert len(joined) == 45
    assert joined["topic_x"].tolist() == joined["topic_y"].tolist()


def test_one_article_more_changes_no_sample():
    some = made(15)
    units = pd.DataFrame({"article_id": some["article_id"], "segment": -1})
    keys = chances.keys(units)
    full = clustering.Space(sparse.csr_array(np.eye(45)), np.eye(45), np.ones(45), keys=keys)
    groups = np.arange(45)
    less = repeats._draw(full.take(np.arange(44)), groups[:44], 1.0, [0, 3, 1])
    assert set(less) == set(repeats._draw(full, groups, 1.0, [0, 3, 1])) - {44}
