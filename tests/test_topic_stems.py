import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis import clustering, mixtures, tokens, topic_stems, topic_units, topics

ARTICLES = pd.DataFrame(
    {
        "article_id": ["a", "b", "c", "d"],
        "text": [
            "The minister met miners.",
            "Ministers met the mine.",
            "Rain fell on the minister.",
            "The rains fell.",
        ],
    },
    dtype="str",
)


def test_stems_are_counted_beside_the_words():
    counts = sparse.csr_array(np.array([[1, 0, 2], [0, 3, 0]]))
    both, vocabulary = topic_stems.beside(counts, np.array(["minister", "ministers", "rain"], dtype=object))
    assert vocabulary.tolist() == ["minister", "ministers", "rain", "minist*", "rain*"]
    # The stem "minist" is the sum of both words of each unit: 1 + 0 and 0 + 3.
    assert both.toarray().tolist() == [[1, 0, 2, 1, 2], [0, 3, 0, 3, 0]]
    assert topic_stems.are_stems(vocabulary).tolist() == [False, False, False, True, True]


def test_no_words_no_stems():
    both, vocabulary = topic_stems.beside(sparse.csr_array((2, 0), dtype=np.int64), np.array([], dtype=object))
    assert both.shape == (2, 0)
    assert vocabulary.tolist() == []
    assert topic_stems.are_stems(vocabulary).tolist() == []


@pytest.mark.parametrize(("mean", "wanted"), [(topic_stems.SHORT - 1, True), (topic_stems.SHORT, False)])
def test_texts_are_short_by_their_mean(mean, wanted):
    counts = sparse.csr_array(np.array([[2 * mean - 1, 0], [0, 1]]))  # two units of the mean length
    assert topic_stems.wanted(ARTICLES.head(2), counts, tokens.DEFAULT) == wanted


@pytest.mark.parametrize(
    ("languages", "wanted"), [(["en", "en-GB", "fr"], True), (["fr", "fr", "en"], False), ([None, None, "fr"], True)]
)
def test_stems_are_english(languages, wanted):
    articles = ARTICLES.head(3).assign(language=languages)
    assert topic_stems.wanted(articles, sparse.csr_array(np.ones((3, 5))), tokens.DEFAULT) == wanted


def test_terms_that_are_stems_already_have_none_beside_them():
    rule = tokens.TokenRule(stem="english")
    assert not topic_stems.wanted(ARTICLES, sparse.csr_array(np.ones((4, 5))), rule)
    assert not topic_stems.are_stems(topic_units.counted(ARTICLES, "article", rule).vocabulary).any()
    assert not topic_stems.wanted(ARTICLES, sparse.csr_array((0, 5)), tokens.DEFAULT)


def test_stems_cluster_and_words_describe():
    counted = topic_units.counted(ARTICLES, "article")
    words, stems = counted.vocabulary[: counted.n_words], counted.vocabulary[counted.n_words :]
    assert not topic_stems.are_stems(words).any()
    # In two of the four units at least: "minist" in three, "rain" in two; "mine" and "miner" have stems of their own.
    assert stems.tolist() == ["fell*", "met*", "minist*", "rain*", "the*"]
    assert words.tolist() == ["fell", "met", "minister", "the"]
    assert counted.labelling.shape == (counted.n_words,)
    assert counted.counts[:, [list(counted.vocabulary).index("minist*")]].toarray().ravel().tolist() == [1, 1, 1, 0]


def test_a_model_of_short_texts_shows_words_and_places_its_own():
    texts = {"rain": "rain rains raining flood floods cloud", "trade": "tariff tariffs trade trading deal deals"}
    rng = np.random.default_rng(0)
    rows = [(k, " ".join(rng.choice(words.split(), 8))) for k, words in texts.items() for _ in range(60)]
    articles = pd.DataFrame({"article_id": [f"{i:03}" for i in range(120)], "text": [t for _, t in rows]}, dtype="str")
    model = topics.fit_topics(articles, n_topics=2)
    assert topic_stems.are_stems(model.vocabulary).any()
    assert not model.terms["term"].str.endswith("*").any()
    # All words of a topic are among its terms here: their probabilities sum to 1 less what smoothing gives the others.
    assert model.terms.groupby("topic")["weight"].sum().between(0.8, 1.0).all()
    placed = topics.assign(model, articles)
    assert placed["topic"].tolist() == model.assignments["topic"].tolist()
    assert (placed["known"] == 1).all()
    new = pd.DataFrame({"article_id": ["x"], "text": ["He trades, and floods."]}, dtype="str")
    assert topics.assign(model, new)["topic"].item() in (0, 1)


def test_units_of_rare_words_keep_them():
    words = "talk talks deal deals trade trades visit visits ally allies".split()
    articles = pd.DataFrame(
        {"article_id": [f"{i:02}" for i in range(30)], "text": [words[i % 10] for i in range(10)] * 3}, dtype="str"
    )
    alone = articles.head(10)  # each word in one unit only, each stem in two
    counted = topic_units.counted(alone, "article")
    assert counted.n_words == 10
    assert (np.diff(counted.counts[:, : counted.n_words].indptr) == 1).all()
    model = topics.fit_topics(alone, unit="article")
    assert len(model.assignments) == 10
    assert (topics.fit_topics(articles, n_topics=2, unit="article").topics["label"] != "no typical word").all()


def test_what_is_shown_of_topics_is_of_words():
    terms = np.array([[0.3, 0.1, 0.6], [0.25, 0.25, 0.5]])
    mixture = mixtures.Mixture(terms, np.full(2, 0.5), np.array([0.2, 0.2, 0.6]), np.zeros((2, 1)))
    shown = topic_stems.of_words(mixture, np.array(["a", "b", "a*"], dtype=object))
    np.testing.assert_allclose(shown.terms, [[0.75, 0.25], [0.5, 0.5]])
    np.testing.assert_allclose(shown.background, [0.5, 0.5])
    assert topic_stems.of_words(mixture, np.array(["a", "b", "c"], dtype=object)) is mixture


def test_a_word_and_its_stem_weigh_as_much_as_the_word():
    counted = topic_units.counted(ARTICLES, "article")
    words = clustering.space(counted.counts[:, : counted.n_words], n_topics=2)
    both = clustering.space(counted.counts, n_topics=2, twice=True)
    np.testing.assert_allclose(both.weighted[:, : counted.n_words].toarray(), words.weighted.toarray() / 2)
