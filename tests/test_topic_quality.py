import numpy as np
from scipy import sparse

from analysis import mixtures, repeats, topic_quality


def test_npmi_by_hand():
    # Five units; a in 1-3, b in 2-3, c in 4, d in every unit.
    counts = sparse.csr_array(np.array([[2, 0, 0, 1], [1, 1, 0, 1], [1, 4, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1]]))
    # p(a) = 3/5, p(b) = p(a, b) = 2/5: log((2/5) / (3/5 * 2/5)) / -log(2/5) = log(5/3) / log(5/2) = 0.5575
    # a and c never meet: -1. a with d: p = 3/5, independent of d: 0. d with itself is no pair.
    top = [np.array([0, 1]), np.array([0, 2]), np.array([0, 3]), np.array([0, 1, 2]), np.array([3])]
    found = topic_quality.npmi_coherence(counts, top)
    ab = np.log(5 / 3) / np.log(5 / 2)
    # a-b, a-c, b-c: (0.5575 - 1 - 1) / 3
    np.testing.assert_allclose(found, [ab, -1, 0, (ab - 2) / 3, np.nan])


def test_npmi_of_words_that_are_everywhere_is_undefined():
    everywhere = sparse.csr_array([[1, 1, 1], [1, 1, 0], [1, 1, 0]])
    found = topic_quality.npmi_coherence(everywhere, [np.array([0, 1]), np.array([0, 1, 2])])
    # The third word meets each of the others once in three units: ln((1/3) / (1/3)) = 0, twice.
    np.testing.assert_allclose(found, [np.nan, 0.0], atol=1e-12)


def test_exclusivity_by_hand():
    probabilities = np.array([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]])
    # Topic 0: (0.6/0.8 + 0.3/0.6) / 2 = 0.625; topic 1: 0.5/0.6
    found = topic_quality.exclusivity(probabilities, [np.array([0, 1]), np.array([2])])
    np.testing.assert_allclose(found, [0.625, 5 / 6])


def test_frex_by_hand():
    probabilities = np.array([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]])
    # Topic 0: frequencies 0.6, 0.3, 0.1 have ecdf 1, 2/3, 1/3; shares 0.75, 0.5, 1/6 have 1, 2/3, 1/3: the same.
    # Topic 1: frequencies 0.2, 0.3, 0.5: 1/3, 2/3, 1; shares 0.25, 0.5, 5/6: 1/3, 2/3, 1.
    np.testing.assert_allclose(topic_quality.frex(probabilities), [[1, 2 / 3, 1 / 3], [1 / 3, 2 / 3, 1]])
    # A word frequent in both topics and one exclusive to the first; harmonic mean of ranks.
    mixed = np.array([[0.5, 0.1, 0.4], [0.5, 0.0, 0.5]])
    # Frequencies 0.5, 0.1, 0.4: 1, 1/3, 2/3; shares 0.5, 1, 4/9: 2/3, 1, 1/3.
    # 1 / (0.5 / (2/3) + 0.5 / 1) = 0.8; 1 / (0.5 / 1 + 0.5 / (1/3)) = 0.5; 1 / (0.5 / (1/3) + 0.5 / (2/3)) = 4/9
    np.testing.assert_allclose(topic_quality.frex(mixed)[0], [0.8, 0.5, 4 / 9])


def test_match_finds_the_permutation():
    reference = np.array([0, 0, 0, 1, 1, 2])
    partner, jaccard = topic_quality.match(reference, np.array([2, 2, 2, 0, 0, 1]), 3, 3)
    assert partner.tolist() == [2, 0, 1]
    assert jaccard.tolist() == [1.0, 1.0, 1.0]
    # One unit moves from topic 0 to topic 1: 2/3 and 2/3.
    _, jaccard = topic_quality.match(reference, np.array([0, 0, 1, 1, 1, 2]), 3, 3)
    np.testing.assert_allclose(jaccard, [2 / 3, 2 / 3, 1])


def test_match_with_fewer_topics_on_the_other_side():
    partner, jaccard = topic_quality.match(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1]), 3, 2)
    assert partner[0] == 0
    assert sorted(partner[1:].tolist()) == [-1, 1]
    assert jaccard.tolist() == [1.0, 0.5, 0.0]


def test_stability_by_hand():
    # Two units drawn, one of each topic, tell which is which; outside are the other six, one of them moved.
    labels = np.array([0, 1, 0, 0, 0, 1, 1, 1])
    drawn = np.array([[True, True] + [False] * 6])
    # |A|, |B|, both: (3, 2, 2) and (3, 4, 3).
    bases = repeats.Repeats(np.array([[0, 1, 0, 0, 1, 1, 1, 1]], dtype=np.int16), drawn, np.zeros(1))
    # Topic 0: J = 2 / 3.25, by chance 3 * 2 / 6 = 1 common of 4: (8/13 - 4/17) / (13/17) = 84/169
    # Topic 1: J = 3 / 4.25, by chance 3 * 4 / 6 = 2 common of 5: (12/17 - 8/21) / (13/21) = 116/221
    np.testing.assert_allclose(topic_quality.stability(labels, bases, 2), [84 / 169, 116 / 221])


def test_stability_looks_only_outside_the_sample():
    labels = np.array([0, 0, 1, 1])
    other = np.array([[0, 1, 1, 1]], dtype=np.int16)
    drawn = np.array([[True, False, False, True]])
    # Units 0 and 3 are inside the sample; outside, units 1 and 2: both in cluster 1, matched to topic 1.
    found = topic_quality.stability(labels, repeats.Repeats(other, drawn, np.zeros(1)), 2)
    # Topic 0: nothing common of one: 0, by chance 0. Topic 1: 1 common of 2.25, by chance 1 * 2 / 2 = 1 of 2.25 too.
    np.testing.assert_allclose(found, [0.0, 0.0])
    everything = repeats.Repeats(other, np.array([[True] * 4]), np.zeros(1))
    assert np.isnan(topic_quality.stability(labels, everything, 2)).all()


def test_stability_of_random_labels_is_near_chance():
    rng = np.random.default_rng(0)
    bases = repeats.Repeats(
        rng.integers(5, size=(20, 2000)).astype(np.int16), rng.random((20, 2000)) < 0.63, np.zeros(20)
    )
    assert np.abs(topic_quality.stability(rng.integers(5, size=2000), bases, 5)).max() < 0.05


def test_stability_of_few_random_labels_is_chance_too():
    # Matched at all units, these would lie at 0.12 on average: the match would have seen what it is scored on.
    rng = np.random.default_rng(1)
    values = []
    for _ in range(200):
        bases = repeats.Repeats(rng.integers(5, size=(5, 47)).astype(np.int16), rng.random((5, 47)) < 0.63, np.zeros(5))
        values.append(topic_quality.stability(rng.integers(5, size=47), bases, 5))
    assert abs(np.nanmean(values)) < 0.01


def test_stability_of_what_always_comes_back_is_near_one():
    labels = np.repeat([0, 1, 2], [200, 20, 4])
    drawn = np.random.default_rng(2).random((5, 224)) < 0.63
    renamed = np.array([[2, 0, 1], [0, 1, 2], [1, 2, 0], [2, 1, 0], [0, 2, 1]], dtype=np.int16)[:, labels]
    found = topic_quality.stability(labels, repeats.Repeats(renamed, drawn, np.zeros(5)), 3)
    # All that were left out agree, n of them in five repeats: n / (n + 5 / 4), corrected for chance.
    n = np.bincount(np.tile(labels, 5), ~drawn.ravel())
    by_chance = [(~drawn[:, labels == k]).sum(axis=1) ** 2 / (~drawn).sum(axis=1) for k in range(3)]
    chance = np.array([c.sum() / (2 * m - c.sum() + 1.25) for c, m in zip(by_chance, n, strict=True)])
    np.testing.assert_allclose(found, (n / (n + 1.25) - chance) / (1 - chance))
    assert found[0] > 0.97
    assert found[1] > 0.94
    assert found[2] < 0.9


def test_typical_words_leave_out_what_is_common():
    mixture = mixtures.Mixture(
        np.array([[0.5, 0.4, 0.1], [0.5, 0.1, 0.4]]), np.array([0.5, 0.5]), np.array([0.5, 0.25, 0.25]), np.eye(2)
    )
    found = topic_quality.typical(mixture, np.array([True, True, True]), 5)
    assert [f.tolist() for f in found] == [[1], [2]]
    assert [f.tolist() for f in topic_quality.typical(mixture, np.array([True, False, True]), 5)] == [[], [2]]


def test_coherence_agrees_with_gensim():
    """The values are those of gensim 4.4.0, with numpy 2.4.6 and scipy 1.17.1.

    They come back with ::

        from gensim.corpora import Dictionary
        from gensim.models import CoherenceModel

        texts = [t.split() for t in TEXTS]
        model = CoherenceModel(
            topics=TOPICS, texts=texts, dictionary=Dictionary(texts), coherence="c_npmi", window_size=10, processes=1
        )
        model.get_coherence_per_topic()

    No text is longer than the window, so that a window is a text; and every pair of words meets: gensim gives pairs
    that never do a probability of 1e-12 instead of the limit, -1.
    """
    words = sorted({w for t in TEXTS for w in t.split()})
    counts = sparse.csr_array(np.array([[t.split().count(w) for w in words] for t in TEXTS]))
    found = topic_quality.npmi_coherence(counts, [np.array([words.index(w) for w in t]) for t in TOPICS])
    np.testing.assert_allclose(found, [0.172007454, 0.356204707, -0.301029996, 0.212050856], atol=1e-8)


TEXTS = [
    "ship harbour crew",
    "ship harbour captain",
    "ship crew captain tide",
    "harbour tide ship",
    "judge court verdict",
    "court jury verdict",
    "judge jury court ship",
    "verdict appeal court",
    "crew captain judge",
    "tide harbour appeal",
]
TOPICS = [
    ["ship", "harbour", "crew", "captain"],
    ["judge", "court", "verdict", "jury"],
    ["ship", "court"],
    ["tide", "appeal", "harbour"],
]


def test_frex_weighs_exclusivity():
    # Ranks of frequency 1, 1/3, 2/3 and of exclusivity 2/3, 1, 1/3, as above.
    mixed = np.array([[0.5, 0.1, 0.4], [0.5, 0.0, 0.5]])
    np.testing.assert_allclose(topic_quality.frex(mixed, weight=1.0)[0], [2 / 3, 1, 1 / 3])
    np.testing.assert_allclose(topic_quality.frex(mixed, weight=0.0)[0], [1, 1 / 3, 2 / 3])
    # 1 / (0.25 / (2/3) + 0.75 / 1), 1 / (0.25 / 1 + 0.75 / (1/3)), 1 / (0.25 / (1/3) + 0.75 / (2/3))
    np.testing.assert_allclose(topic_quality.frex(mixed, weight=0.25)[0], [8 / 9, 0.4, 8 / 15])


def test_a_topic_without_units_has_no_jaccard_index():
    partner, jaccard = topic_quality.match(np.array([0, 0, 2]), np.array([1, 1, 0]), 3, 2)
    assert partner.tolist() == [1, -1, 0]
    np.testing.assert_array_equal(jaccard, [1, np.nan, 1])


def test_stability_of_a_topic_that_a_repeat_lacks():
    # Drawn are two units of topic 0, two of 1 and one of 2; the repeat has two clusters, and the second is most like
    # topic 1 (2/3, and 1/3 for topic 2). Outside are a unit of topic 0, one of 1 and two of 2, the last three in it.
    labels = np.array([0, 0, 1, 1, 2, 0, 1, 2, 2])
    other = np.array([[0, 0, 1, 1, 1, 0, 1, 1, 1]], dtype=np.int16)
    found = topic_quality.stability(
        labels, repeats.Repeats(other, np.array([[True] * 5 + [False] * 4]), np.zeros(1)), 3
    )
    # Topic 0: 1 of 1.25, by chance 1/4 of 2: (4/5 - 1/8) / (7/8). Topic 1: 1 of 3.25, by chance 3/4 of 3.5:
    # (4/13 - 3/14) / (11/14). Topic 2 has no partner: 0.
    np.testing.assert_allclose(found, [27 / 35, 17 / 143, 0])


def test_a_word_is_typical_by_its_part_of_the_divergence():
    # 0.6 ln(0.6 / 0.4) = 0.24 before 0.02 ln(0.02 / 0.01) = 0.01, though the second is twice as frequent here as there.
    mixture = mixtures.Mixture(np.array([[0.6, 0.02, 0.38]]), np.ones(1), np.array([0.4, 0.01, 0.59]), np.eye(1))
    assert [f.tolist() for f in topic_quality.typical(mixture, np.array([True] * 3), 5)] == [[0, 1]]
    assert [f.tolist() for f in topic_quality.typical(mixture, np.array([True] * 3), 1)] == [[0]]
