import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis import clustering, directions, mixtures, refinement, repeats


def test_entropy_weights_by_hand():
    counts = sparse.csr_array(np.array([[2, 1, 1], [0, 1, 0], [0, 1, 1], [0, 1, 0]]))
    # In one unit only: 1. Evenly over all four: 1 + 4 (1/4 log 1/4) / log 4 = 0. Over two of four: 1 - log 2 / log 4.
    np.testing.assert_allclose(clustering.entropy_weights(counts), [1, 0, 0.5], atol=1e-6)
    weighted = clustering.weigh(counts, np.array([1, 0, 0.5])).toarray()
    np.testing.assert_allclose(weighted[0], [np.log(3), 0, np.log(2) / 2])


def test_evidence_by_hand():
    # Lengths c, 4c, c/4: as it is; a quarter; the square root of 4. No tokens: as it is.
    c = mixtures.EVIDENCE
    weighted = sparse.csr_array(np.array([[c, 0], [c, 3 * c], [c / 4, 0], [0, 0]]))
    np.testing.assert_allclose(mixtures.evidence(weighted), [1, 0.25, 2, 1])


def test_rounding_is_relative_to_the_largest():
    found = directions.round_significant(np.array([123456.789, 0.44, -0.6]), 6)
    assert found.tolist() == [123457.0, 0.0, -1.0]
    assert not np.signbit(directions.round_significant(np.array([1.0, -1e-12]))).any()


def test_signs_are_fixed():
    columns = np.array([[0.1, -0.2], [-0.5, 0.9]])
    np.testing.assert_array_equal(directions.fix_signs(columns), directions.fix_signs(-columns))
    assert directions.fix_signs(columns)[1].tolist() == [0.5, 0.9]


def test_eigenvectors_of_equal_values_by_hand():
    # The plane at right angles to (1, 1, 1): each unit vector is equally near to it, and the first is taken. It casts
    # (2, -1, -1) / 3; what is left of the plane is (0, 1, -1).
    first, second = np.array([2, -1, -1]) / np.sqrt(6), np.array([0, 1, -1]) / np.sqrt(2)
    alone = np.ones(3) / np.sqrt(3)
    for angle in np.linspace(0, 6, 7):
        turned = np.cos(angle) * first + np.sin(angle) * second, np.cos(angle) * second - np.sin(angle) * first
        found = directions.canonical(np.array([2, 2 - 1e-12, 1]), np.stack([*turned, alone], axis=1))
        np.testing.assert_allclose(found, np.stack([first, second, alone], axis=1), atol=1e-9)


def test_eigenvectors_of_other_values_stay():
    vectors = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 5)))[0]
    np.testing.assert_array_equal(directions.canonical(np.array([5.0, 4, 3, 2, 1.99]), vectors), vectors)
    assert directions.canonical(np.zeros(0), np.zeros((3, 0))).shape == (3, 0)


def test_kmeans_finds_directions():
    points = directions.unit_rows(np.array([[1, 0.1], [1, 0.2], [0.1, 1], [0.2, 1]]))
    labels = directions.spherical_kmeans(points, 2)
    assert labels[0] == labels[1] != labels[2] == labels[3]


def test_left_out_words_free_a_unit_from_where_it_was_put():
    # Unit 5 holds words of the first topic and one rare word of its own, and starts in the second.
    rows = [[3, 3, 0, 0, 0], [3, 2, 0, 0, 0], [2, 3, 0, 0, 0], [0, 0, 3, 2, 0], [0, 0, 2, 3, 0], [1, 1, 0, 0, 2]]
    counts = sparse.csr_array(np.array(rows))
    units = clustering.space(counts, n_topics=2)
    _, memberships = refinement.refine(units, np.array([0, 0, 0, 1, 1, 1]), 2, n_rounds=10)
    assert memberships.argmax(axis=1).tolist() == [0, 0, 0, 1, 1, 0]


def test_mixture_and_memberships_are_probabilities():
    rng = np.random.default_rng(0)
    counts = sparse.csr_array(rng.poisson(0.3, (60, 40)))
    units = clustering.space(counts, n_topics=4)
    mixture, memberships, found = repeats.cluster(units, 4, n_repeats=3, n_bases=2)
    np.testing.assert_allclose(mixture.terms.sum(axis=1), 1)
    np.testing.assert_allclose(memberships.sum(axis=1), 1, atol=1e-5)
    assert found.labels.shape == found.drawn.shape == (3, 60)
    assert 0.5 < found.drawn.mean() < 0.75  # 1 - 1/e = 0.632 of the units are drawn


def test_blocks_do_not_change_the_result(monkeypatch):
    rng = np.random.default_rng(0)
    units = clustering.space(sparse.csr_array(rng.poisson(0.3, (60, 40))), n_topics=3)
    labels = rng.integers(3, size=60)
    whole = refinement.refine(units, labels, 3, n_rounds=4)[1]
    monkeypatch.setattr(refinement, "_BLOCK", 7)
    np.testing.assert_array_equal(whole, refinement.refine(units, labels, 3, n_rounds=4)[1])


def test_likelihood_by_hand():
    mixture = mixtures.Mixture(
        np.array([[0.8, 0.2], [0.2, 0.8]]), np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.eye(2)
    )
    weighted = sparse.csr_array(np.array([[3.0, 1.0], [0.0, 0.0]]))
    # (3 log(0.8/0.5) + log(0.2/0.5)) / 4
    expected = (3 * np.log(1.6) + np.log(0.4)) / 4
    np.testing.assert_allclose(mixtures.likelihood(mixture, weighted, np.array([0, 1])), [expected, 0])


def test_likelihood_with_the_unit_left_out_by_hand():
    # Topic 0 is made of 8 weighted tokens, 4 of each term, with 2 pseudo-counts dealt evenly: (4 + 1) / 10 each.
    mixture = mixtures.Mixture(
        np.array([[0.5, 0.5]]), np.ones(1), np.array([0.5, 0.5]), np.eye(1), tokens=np.array([10.0]), pseudo=2.0
    )
    weighted = sparse.csr_array(np.array([[3.0, 0.0], [4.5, 0.0]]))
    # Without the first unit: (5 - 3) / 7 over 0.5. Without the second: 0.5, but not below the pseudo-count 1, / 5.5.
    found = mixtures.likelihood(mixture, weighted, np.array([0, 0]), left_out=True)
    np.testing.assert_allclose(found, [np.log(2 / 7 / 0.5), np.log(1 / 5.5 / 0.5)])


def test_pseudo_counts_never_outweigh_the_mean_topic():
    # 300 terms, but only 6 units of 2 tokens: by term there would be 300 pseudo-counts a topic, by `PRIOR_WEIGHT` 3
    # times the mean topic's tokens.
    counts = np.zeros((6, 300), dtype=int)
    counts[np.arange(6), np.arange(6)] = counts[np.arange(6), np.arange(6) + 50] = 1
    units = clustering.Space(sparse.csr_array(counts.astype(float)), np.eye(6), np.ones(300))
    mixture, _ = refinement.refine(units, np.array([0, 0, 0, 1, 1, 1]), 2, n_rounds=1)
    assert mixture.pseudo == pytest.approx(3 * 12 / 2)
    few, _ = refinement.refine(units, np.array([0, 0, 0, 1, 1, 1]), 2, n_rounds=1, smoothing=0.01)
    assert few.pseudo == pytest.approx(0.01 * 18)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 30), st.integers(1, 12), st.integers(0, 10**6))
def test_any_counts_give_a_partition(n_units, n_terms, seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(0.7, (n_units, n_terms))
    counts[:, 0] += 1
    n_topics = int(rng.integers(1, n_units + 1))
    units = clustering.space(sparse.csr_array(counts), n_topics=n_topics)
    _, memberships, _ = repeats.cluster(units, n_topics, n_repeats=2, n_bases=2)
    assert memberships.shape == (n_units, n_topics)
    assert np.isfinite(memberships).all()


@pytest.mark.parametrize("seed", range(3))
def test_topics_do_not_depend_on_the_names_of_terms(seed):
    rng = np.random.default_rng(seed)
    blocks = sparse.block_diag([rng.poisson(1.5, (20, 8)) for _ in range(3)]).toarray()
    labels = repeats.cluster(clustering.space(sparse.csr_array(blocks), n_topics=3), 3, n_repeats=3, n_bases=2)[
        1
    ].argmax(axis=1)
    swapped = blocks[:, rng.permutation(24)]
    other = repeats.cluster(clustering.space(sparse.csr_array(swapped), n_topics=3), 3, n_repeats=3, n_bases=2)[
        1
    ].argmax(axis=1)
    assert len(set(zip(labels, other, strict=True))) == 3


def test_held_out_gain_by_hand():
    # Two topics of equal share, two terms of 50 each; the topics hold (40, 10) and (10, 40).
    weighted = sparse.csr_array(np.array([[40.0, 10.0], [10.0, 40.0]]))
    units = clustering.Space(weighted, np.eye(2), np.ones(2))
    found = mixtures.held_out_gain(units, np.eye(2), sparse.csr_array(np.array([[2.0, 0.0]])))
    # Smoothed by 1,000 * 0.5: 540 / 1050 and 510 / 1050, over 0.5; mean of the squares.
    assert found == pytest.approx(np.log(((1080 / 1050) ** 2 + (1020 / 1050) ** 2) / 2))


def test_concentration_by_hand():
    # Cosines with the nearer centre 0.6 and 1, mean 0.8, in three dimensions: 0.8 (3 - 0.64) / (1 - 0.64). The third
    # centre would be nearest to the first point, but is not there.
    points = np.array([[0.6, 0.0, 0.8], [0.0, 1.0, 0.0]])
    found = mixtures.concentration(points, np.eye(3), np.array([True, True, False]))
    assert found == pytest.approx(0.8 * 2.36 / 0.36)
    assert mixtures.concentration(points[:0], np.eye(3), np.array([True] * 3)) == 0


def test_pseudo_counts_are_dealt_as_the_corpus_uses_words():
    # Totals 6, 1, 1, so 3 pseudo-counts (one per term) are 9/4, 3/8, 3/8; each topic is one unit of 4 tokens.
    counts = sparse.csr_array(np.array([[3.0, 1.0, 0.0], [3.0, 0.0, 1.0]]))
    units = clustering.Space(counts, np.eye(2), np.ones(3))
    mixture, _ = refinement.refine(units, np.array([0, 1]), 2, n_rounds=0)
    np.testing.assert_allclose(mixture.background, [6 / 8, 1 / 8, 1 / 8])
    np.testing.assert_allclose(mixture.terms, [[21 / 28, 11 / 56, 3 / 56], [21 / 28, 3 / 56, 11 / 56]])


@pytest.mark.parametrize("power", [0.0, 1.0])
def test_a_round_of_refinement_as_plain_loops_do_it(power):
    # Lengths from 3 to 60, so that both sides of `mixtures.evidence` occur.
    rng = np.random.default_rng(0)
    weights = rng.poisson(1.0, (9, 5)) * np.array([1, 1, 1, 1, 1, 1, 1, 8, 12])[:, None] + np.eye(9, 5)
    labels = np.array([0, 0, 1, 1, 2, 2, 0, 1, 2])
    units = clustering.Space(sparse.csr_array(weights), np.eye(9), np.ones(5))
    _, found = refinement.refine(units, labels, 3, n_rounds=1, share_power=power)
    lengths = weights.sum(axis=1)
    worth = [30 / n if n > 30 else (30 / n) ** 0.5 for n in lengths]
    trained = np.array([[w * min(a, 1) for w in row] for row, a in zip(weights, worth, strict=True)])
    corpus = trained.sum(axis=0) / trained.sum()
    for i in range(9):
        scores = []
        for k in range(3):
            mass = trained[labels == k].sum(axis=0) + 5 * corpus
            total = mass.sum()
            if labels[i] == k:  # three quarters of its own words are taken out, and from the sum too
                mass, total = mass - 0.75 * trained[i], total - 0.75 * trained[i].sum()
            fit = sum(weights[i, v] * np.log(mass[v] / total / corpus[v]) for v in range(5))
            scores.append(np.exp(worth[i] * fit) * (((labels == k).sum() + 1) / 12) ** power)
        np.testing.assert_allclose(found[i], np.array(scores) / sum(scores), atol=2e-6)
