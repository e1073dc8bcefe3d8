import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import topics

WORDS = {
    "sea": "ship harbour sailor anchor cargo vessel captain dock tide crew".split(),
    "farm": "wheat barley tractor harvest cattle plough meadow farmer grain barn".split(),
    "law": "court judge verdict appeal lawyer trial jury witness statute clerk".split(),
}


def planted(n: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """``n`` articles for each of three vocabularies of ten words, 20 words each."""
    rng = np.random.default_rng(seed)
    names = [name for name in WORDS for _ in range(n)]
    texts = [" ".join(rng.choice(WORDS[name], 20)) + "." for name in names]
    order = rng.permutation(len(texts))
    articles = pd.DataFrame({"article_id": [f"a{i:03d}" for i in range(len(texts))], "text": [texts[i] for i in order]})
    return articles, np.array(names)[order]


@pytest.fixture(scope="module")
def model() -> topics.TopicModel:
    return topics.fit_topics(planted(15)[0])


def test_planted_topics_are_found_and_stable(model):
    truth = planted(15)[1]
    assert list(model.topics["n_units"]) == [15, 15, 15]
    assert pd.crosstab(truth, model.assignments["topic"]).max(axis=0).tolist() == [15, 15, 15]
    assert model.topics["stability"].min() > 0.9
    assert not model.assignments["weak"].any()


def test_frames_have_their_documented_columns(model):
    assert model.topics.dtypes.astype(str).to_dict() == {
        "topic": "int64",
        "label": "str",
        "n_units": "int64",
        "coherence": "float64",
        "exclusivity": "float64",
        "stability": "float64",
    }
    assert model.assignments.dtypes.astype(str).to_dict() == {
        "article_id": "str",
        "segment": "Int64",
        "topic": "int64",
        "margin": "float64",
        "weak": "bool",
    }


def test_the_same_call_gives_the_same_frames(model):
    again = topics.fit_topics(planted(15)[0])
    assert_frame_equal(model.topics, again.topics)
    assert_frame_equal(model.assignments, again.assignments)
    assert_frame_equal(model.selection, again.selection)


def test_unknown_unit_is_named():
    with pytest.raises(ValueError, match="not 'sentence'"):
        topics.fit_topics(planted(3)[0], unit="sentence")
