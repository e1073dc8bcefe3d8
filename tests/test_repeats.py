import numpy as np
import pytest
from scipy import sparse

from analysis import clustering, repeats, topic_quality


def planted(sizes, seed=0, own=20, common=60):
    """Units of 20 words, half of them of their topic's 20, half of the 60 that all topics share."""
    rng = np.random.default_rng(seed)
    n_terms = own * len(sizes) + common
    rows = []
    for topic, size in enumerate(sizes):
        probability = np.zeros(n_terms)
        probability[topic * own : (topic + 1) * own] = 0.5 / own
        probability[own * len(sizes) :] = 0.5 / common
        rows.append(rng.multinomial(20, probability, size=size))
    return sparse.csr_array(np.concatenate(rows))


def fitted(counts, n_topics, seed=0):
    with clustering.one_thread():
        units = clustering.space(counts, n_topics=n_topics)
        _, memberships, found = repeats.cluster(units, n_topics, random_state=seed)
    labels = memberships.argmax(axis=1)
    return labels, topic_quality.stability(labels, found, n_topics)


@pytest.mark.parametrize(
    ("sizes", "least"), [([200, 20, 20, 20], 0.94), ([100, 100, 10, 10], 0.7), ([40, 40, 40], 0.95)]
)
def test_planted_topics_come_back_whatever_their_sizes(sizes, least):
    labels, stability = fitted(planted(sizes), len(sizes))
    assert sorted(np.bincount(labels).tolist(), reverse=True) == sizes
    assert stability.min() > least
    assert stability[: sizes.count(max(sizes))].min() > 0.94


@pytest.mark.parametrize(("n_units", "n_topics"), [(60, 4), (200, 3)])
def test_topics_of_noise_do_not_come_back(n_units, n_topics):
    rng = np.random.default_rng(n_units)
    weights = 1 / np.arange(1, 301)
    counts = sparse.csr_array(rng.multinomial(30, weights / weights.sum(), size=n_units))
    _, stability = fitted(counts, n_topics)
    assert np.nanmax(stability) < 0.35
    assert np.nanmean(stability) < 0.25


def test_groups_are_drawn_whole():
    units = clustering.space(planted([15, 15]), n_topics=2)
    groups = np.arange(30) // 3
    found = repeats.cluster(units, 2, groups=groups, n_repeats=4, n_bases=2)[2]
    drawn = found.drawn.reshape(4, 10, 3)
    assert (drawn.all(axis=2) | ~drawn.any(axis=2)).all()
    assert 0 < drawn.mean() < 1


def test_a_repeat_draws_its_share(monkeypatch):
    # A third of the units, with replacement: 60 (1 - exp(-1/3)) = 17 of them on average, give or take 3.5.
    monkeypatch.setattr(repeats, "LARGEST_SAMPLE", 20)
    units = clustering.space(planted([30, 30]), n_topics=2)
    _, memberships, found = repeats.cluster(units, 2, n_repeats=4, n_bases=2)
    assert 10 < found.drawn.sum(axis=1).mean() < 24
    # As many are enough here: the others are placed.
    assert sorted(np.bincount(memberships.argmax(axis=1)).tolist()) == [30, 30]


def test_with_one_base_it_is_the_repeat_itself():
    units = clustering.space(planted([20, 20]), n_topics=2)
    one = repeats.cluster(units, 2, n_repeats=2, n_bases=1)[2]
    assert one.labels.shape == one.drawn.shape == (2, 40)
    assert np.isfinite(one.gain).all()


def test_another_seed_draws_other_samples():
    units = clustering.space(planted([20, 20]), n_topics=2)
    first, same, other = (repeats.cluster(units, 2, n_repeats=2, n_bases=2, random_state=s)[2] for s in (0, 0, 1))
    np.testing.assert_array_equal(first.drawn, same.drawn)
    assert (first.drawn != other.drawn).any()
    assert (first.drawn[0] != first.drawn[1]).any()


def test_large_corpora_are_repeated_less():
    # 250,000 by units times topics: 4 x 10^4 give 6, but 7 repeats, and 5 partitions at most; 62,500 give 4.
    found = [
        repeats.usual(n, k) for n, k in ((0, 3), (40, 3), (2200, 8), (5000, 8), (6250, 10), (7317, 20), (10**6, 2))
    ]
    assert found == [(10, 5), (10, 5), (10, 5), (7, 5), (7, 4), (7, 3), (7, 3)]


@pytest.mark.parametrize("n_bases", [1, 2])
def test_gain_is_that_of_units_not_drawn(n_bases):
    # Each unit is one token of a word of its own: one topic of n drawn units knows no word of the others. With 1,000
    # pseudo-counts each of these has 1000 / (n + 1000) of its share of the corpus. At the drawn units it would be 1.
    units = clustering.Space(sparse.csr_array(np.eye(30)), np.eye(30), np.ones(30))
    found = repeats.cluster(units, 1, n_repeats=3, n_bases=n_bases)[2]
    np.testing.assert_allclose(found.gain, np.log(1000 / (found.drawn.sum(axis=1) + 1000)))


@pytest.mark.parametrize(
    ("sizes", "uneven", "clear"),
    [
        ((70, 30), True, False),
        ((75, 25), True, True),
        ((65, 35), False, False),
        ((55, 45), False, True),
        ((69, 30), False, True),
        ((84, 15), True, False),
        ((80, 9), True, True),
    ],
)
def test_groups_that_differ_in_size_are_taken_as_they_come(sizes, uneven, clear):
    # The effective number of 50 and 50 is 2; of 55 and 45 1.99, 65 and 35 1.91, 70 and 30 1.84, 75 and 25 1.75. The
    # ratio must be below 0.95, so 1.9 of 2, and is clear from 0.915 and 0.985 on, 1.83 and 1.97. Below 100 units it
    # must be below 0.77, so 1.54, and is clear from 1.47 and 1.61 on: 69 and 30 have 1.85, 84 and 15 1.53, 80 and 9
    # 1.39.
    like, come = np.arange(sum(sizes)) % 2, np.repeat([0, 1], sizes)
    found = [{False: (like, np.nan), True: (come, np.nan)}] * 2
    assert repeats._uneven(found, True) is uneven
    assert repeats._uneven(found, False) is (uneven if clear else None)


def test_flat_is_the_effective_number_of_the_groups_as_a_share_of_the_topics():
    # Two partitions of one repeat, two groups of four units and one group of all: (2 + 1) / 2, of three topics a half.
    partitions = np.array([[[0, 0, 0, 0, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1]]], dtype=np.int16)
    assert repeats._flat(partitions, 3) == 0.5


def test_groups_of_like_size_are_not_made_in_both_ways(monkeypatch):
    monkeypatch.setattr(repeats, "_uneven", lambda *_: pytest.fail("base partitions are of like size"))
    units = clustering.space(planted([30, 30]), n_topics=2)
    _, memberships, _ = repeats.cluster(units, 2, n_repeats=2, n_bases=2)
    assert sorted(np.bincount(memberships.argmax(axis=1)).tolist()) == [30, 30]


@pytest.mark.parametrize("flat", [1.0, 0.8])
def test_the_partitions_vote(monkeypatch, flat):
    # What `_agree` gives at the last, and a vote that is another: a quarter of it is taken, and described.
    units = clustering.space(planted([60, 6, 6]), n_topics=3)
    told = np.eye(3)[np.arange(72) % 3]
    monkeypatch.setattr(repeats, "_flat", lambda *_: flat)
    monkeypatch.setattr(repeats, "VOTE", 0.25)
    monkeypatch.setattr(repeats, "_uneven", lambda *_: True)
    monkeypatch.setattr(repeats.consensus, "votes", lambda labels, partitions, n_topics: told)
    agree, last = repeats._agree, []

    def noted(units, partitions, n_topics, uneven, use, random_state):
        last.append((agree(units, partitions, n_topics, uneven, use, random_state), len(partitions)))
        return last[-1][0]

    monkeypatch.setattr(repeats, "_agree", noted)
    mixture, memberships, _ = repeats.cluster(units, 3, n_repeats=2, n_bases=2)
    (before, alone), n_partitions = last[-1]
    assert n_partitions == 2 * (2 + 1)
    np.testing.assert_allclose(memberships, told / 4 + alone * 3 / 4)
    np.testing.assert_allclose(mixture.shares, (memberships.sum(axis=0) + 1) / (72 + 3))
    np.testing.assert_allclose(mixture.terms.sum(axis=1), 1)
    assert (mixture.share_power, mixture.pseudo) == (before.share_power, before.pseudo)


@pytest.mark.parametrize(("clear", "n_tried"), [(True, 2), (False, 4)])
def test_one_shape_is_taken_for_all(monkeypatch, clear, n_tried):
    taken = []
    refine = repeats.refine

    def noted(units, labels, n_topics, *, n_rounds, **settings):
        taken.append((n_rounds, "smoothing" in settings))
        return refine(units, labels, n_topics, n_rounds=n_rounds, **settings)

    monkeypatch.setattr(repeats, "refine", noted)
    units = clustering.space(planted([60, 6, 6]), n_topics=3)
    for chosen in (True, False):
        taken.clear()
        monkeypatch.setattr(repeats, "_uneven", lambda _, last, chosen=chosen: chosen if clear or last else None)
        monkeypatch.setattr(repeats, "_flat", lambda *_: 0.8)
        repeats.cluster(units, 3, n_repeats=6, n_bases=2)
        rounds = repeats.ROUNDS
        # Some repeats in both ways, the rest and the last in the way chosen.
        both, one = [(rounds["repeat"], False), (rounds["repeat"], True)], [(rounds["repeat"], chosen)]
        bases, last = [(rounds["base"], False)] * 12, [(rounds["last"], chosen)]
        assert taken == bases + both * n_tried + one * (6 - n_tried) + last


@pytest.mark.parametrize(("sizes", "last"), [((50, 50), 0.5), ((50, 49), 0.75)])
def test_few_units_are_judged_without_most_of_their_words_to_the_last(monkeypatch, sizes, last):
    refine, left_out = repeats.refine, []

    def noted(*units, n_rounds, **settings):
        left_out.append((n_rounds, settings.get("left_out", "as it is by default")))
        return refine(*units, n_rounds=n_rounds, **settings)

    monkeypatch.setattr(repeats, "refine", noted)
    repeats.cluster(clustering.space(planted(sizes), n_topics=2), 2, n_repeats=1, n_bases=2)
    rounds = repeats.ROUNDS
    base = (rounds["base"], "as it is by default")
    assert left_out == [base, base, (rounds["repeat"], 0.75), (rounds["last"], last)]
