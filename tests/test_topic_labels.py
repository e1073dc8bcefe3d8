import numpy as np
import pandas as pd
import pytest

from analysis import mixtures, topic_labels, topics

TEXTS = [
    "The Prime Minister met the prime minister of Peru.",
    "A Prime Minister spoke of trade. Trade grows.",
    "Prime Minister and trade, trade-war.",
    "The court sat. A minister of the court.",
]


def read(texts=TEXTS, topic=(0, 0, 0, 1)):
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": texts})
    units = articles[["article_id"]].assign(topic=list(topic), segment=-1, start=0, end=[len(t) for t in texts])
    return articles, units


def test_phrases_by_hand():
    # In topic 0 "prime minister" stands 4 times in 3 units, three of them written "Prime Minister": all of the 4
    # occurrences of either word. "trade war" stands once, and trade 4 times. In topic 1 "minister" has no neighbour.
    found = topic_labels.phrases(*read(), [["prime", "minister", "trade"], ["court", "minister"]])
    assert found == [{"prime": "Prime Minister", "minister": "Prime Minister"}, {}]


def test_a_word_that_mostly_stands_elsewhere_stays():
    texts = ["Latin America grows.", "Latin America sings.", "America votes. America waits. America, America and all."]
    found = topic_labels.phrases(*read(texts, (0, 0, 0)), [["latin", "america"]])
    # Latin: 2 of 2; America: 2 of 6.
    assert found == [{"latin": "Latin America"}]


def test_a_phrase_stands_on_its_own():
    # "global" stands only before "arrogant", which stands elsewhere twice as often: 2 of 2, and 2 of 6.
    texts = [
        "The global arrogant powers.",
        "A global arrogant.",
        "The arrogant and the arrogant, arrogant or arrogant.",
    ]
    assert topic_labels.phrases(*read(texts, (0, 0, 0)), [["global"]]) == [{}]
    # "Deputy Prime" is always a piece of "Deputy Prime Minister", "Prime Minister" of it only in 2 of 4 places.
    texts = ["Deputy Prime Minister Ann.", "A Deputy Prime Minister.", "The Prime Minister.", "Prime Minister Bo."]
    found = topic_labels.phrases(*read(texts, (0, 0, 0, 0)), [["deputy", "prime", "minister"]])
    assert found == [{"deputy": "Deputy Prime Minister", "prime": "Prime Minister", "minister": "Prime Minister"}]
    words, surfaces = ["deputy", "prime", "minister"], ["Deputy", "Prime", "Minister"]
    assert topic_labels.label(words, surfaces, found[0]) == "Deputy Prime Minister"
    # A phrase of four words is one; of five, none.
    text = "One " + "green apple tree farm."
    assert topic_labels.phrases(*read([text] * 3, (0, 0, 0)), [["apple"]]) == [{"apple": "green apple tree farm"}]
    text = "One big green apple tree farm."
    assert topic_labels.phrases(*read([text] * 3, (0, 0, 0)), [["apple"]]) == [{}]
    for text in ("newly built", "bold arrogant"):
        assert topic_labels.phrases(*read([text] * 3, (0, 0, 0)), [text.split()]) == [{}]


@pytest.mark.parametrize("text", ["Prime, minister", "prime of minister", "prime. Minister", "prime  minister"])
def test_what_is_no_phrase(text):
    found = topic_labels.phrases(*read([text] * 3, (0, 0, 0)), [["prime", "minister"]])
    assert found == [{}]


def test_many_units_need_the_phrase_in_three():
    texts = ["Black sheep graze.", "A black sheep."] + ["The wool is sold."] * 18
    assert topic_labels.phrases(*read(texts, [0] * 20), [["black"]]) == [{}]
    assert topic_labels.phrases(*read(texts[:19], [0] * 19), [["black"]]) == [{"black": "Black sheep"}]


def test_no_units_no_phrases():
    articles, units = read()
    assert topic_labels.phrases(articles, units.head(0), [["prime"], []]) == [{}, {}]


def test_label_by_hand():
    words, surfaces = ["prime", "minister", "trade", "court", "peru"], ["prime", "minister", "trade", "court", "Peru"]
    phrase = {"prime": "Prime Minister", "minister": "Prime Minister"}
    assert topic_labels.label(words, surfaces, phrase) == "Prime Minister, trade, court"
    assert topic_labels.label(words, surfaces, {}) == "prime, minister, trade"
    assert topic_labels.label(words[:1], surfaces[:1], {}) == "prime"
    assert topic_labels.label([], [], {}) == "no typical word"


def test_words_that_may_label():
    found = topic_labels.may_label(np.array(["ship", "the", "us", "US", "it's", "seven", "by"]))
    assert found.tolist() == [True, False, False, True, False, False, False]


def test_candidates_put_the_exclusive_first():
    terms = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    mixture = mixtures.Mixture(terms, np.array([0.5, 0.5]), np.array([0.3, 0.2, 0.5]), np.eye(2))
    found = topic_labels.candidates(mixture, np.ones(3, dtype=bool), 5)
    # Topic 0 is typical in the first two. Shares 0.83, 0.75: ranks 1 and 2/3; frequencies: ranks 1 and 2/3.
    assert [f.tolist() for f in found] == [[0, 1], [2]]


def test_a_topic_is_called_by_its_phrase():
    sea = [f"The cargo ship left harbour {w} with a cargo ship at anchor." for w in ("north", "south", "east", "west")]
    law = [
        f"The supreme court judge read the {w} verdict in the supreme court." for w in ("new", "old", "last", "first")
    ]
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(8)], "text": sea + law})
    found = topics.fit_topics(articles, n_topics=2, unit="article")
    labels = ", ".join(found.topics["label"])
    assert "cargo ship" in labels
    assert "supreme court" in labels
    # The terms stay single words.
    assert not found.terms["term"].str.contains(" ").any()
