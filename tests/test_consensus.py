import numpy as np
import pytest

from analysis import consensus


def same_groups(a, b):
    n = len(set(zip(a, b, strict=True)))
    return n == len(set(a)) == len(set(b))


def halves(n_bases=12, seed=0):
    """Forty, five and five units; each partition halves the forty at random, and puts five with one of the halves."""
    rng = np.random.default_rng(seed)
    truth = np.repeat([0, 1, 2], [40, 5, 5])
    rows = []
    for base in range(n_bases):
        labels = np.where(truth == 0, rng.integers(2, size=50), 2)
        labels[truth == 1 + base % 2] = 1
        rows.append(labels)
    return truth, np.array(rows)


def test_effective_number_by_hand():
    assert consensus.effective_number(np.array([0, 1, 2, 3])) == pytest.approx(4)
    # Shares 1/2, 1/4, 1/4: exp(log 2 / 2 + 2 log 4 / 4) = 2 ** 1.5
    assert consensus.effective_number(np.array([5, 5, 0, 9])) == pytest.approx(2**1.5)
    assert consensus.effective_number(np.zeros(3, dtype=int)) == 1


@pytest.mark.parametrize("make", [consensus.of_like_size, consensus.as_they_come])
def test_equal_partitions_are_what_they_agree_on(make):
    labels = np.array([0, 0, 1, 1, 2, 2, 2])
    other = np.array([2, 2, 0, 0, 1, 1, 1])
    assert same_groups(labels, make(np.stack([labels, other, labels]), 3))


def test_a_large_group_that_is_halved_at_random_is_one():
    truth, partitions = halves()
    # Two of the forty are together in half of the partitions; five with any of the forty in a quarter.
    assert same_groups(truth, consensus.as_they_come(partitions, 3))


def test_average_linkage_by_hand(monkeypatch):
    # Four parts of 6, 3, 2 and 1 units in ten partitions. Together: a and b in 6, c with d in 4, c with a in 3.
    monkeypatch.setattr(consensus, "PARTS", 4)
    part = np.repeat([0, 1, 2, 3], [6, 3, 2, 1])
    rows = [[0, 0, 2, 2]] * 4 + [[0, 0, 0, 1]] * 2 + [[0, 1, 2, 3]] * 3 + [[0, 1, 0, 3]]
    partitions = np.array(rows)[:, part]
    # First a and b (0.6). They are with c in (0.3 * 6 + 0.2 * 3) / 9 = 0.267; c and d are at 0.4.
    assert same_groups(np.array([0, 0, 1, 2])[part], consensus.as_they_come(partitions, 3))
    assert same_groups(np.array([0, 0, 1, 1])[part], consensus.as_they_come(partitions, 2))


@pytest.mark.parametrize(("sizes", "uneven"), [([28, 1, 1], True), ([20, 5, 5], True), ([18, 7, 5], False)])
def test_the_rule_by_hand(monkeypatch, sizes, uneven):
    # Effective numbers: 1.33 for 28, 1, 1; 2.38 for 20, 5, 5; 2.57 for 18, 7, 5; 3 for 10, 10, 10. With a limit of
    # 0.8 * 3 = 2.4 the first two differ much in size and the last does not.
    come, like = np.repeat([0, 1, 2], sizes), np.repeat([0, 1, 2], 10)
    monkeypatch.setattr(consensus, "UNEVEN", 0.8)
    monkeypatch.setattr(consensus, "as_they_come", lambda *_, **__: come)
    monkeypatch.setattr(consensus, "of_like_size", lambda *_, **__: like)
    labels, found = consensus.agreed(np.zeros((2, 30), dtype=int), 3)
    assert found == uneven
    assert labels.tolist() == (come if uneven else like).tolist()


def test_groups_of_like_size_stay():
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 20)
    # One unit in ten is anywhere.
    partitions = np.array([np.where(rng.random(60) < 0.1, rng.integers(3, size=60), truth) for _ in range(8)])
    labels, uneven = consensus.agreed(partitions, 3)
    assert not uneven
    assert same_groups(truth, labels)


def test_votes_are_the_shares_of_the_topics_in_the_groups():
    # The first partition puts units 0, 1, 2 together, of topics 0, 0, 1, and leaves unit 3 alone; the second all four.
    labels = np.array([0, 0, 1, 1])
    partitions = np.array([[2, 2, 2, 0], [1, 1, 1, 1]], dtype=np.int16)
    first = np.array([[2 / 3, 1 / 3, 0]] * 3 + [[0, 1, 0]])
    np.testing.assert_allclose(consensus.votes(labels, partitions, 3), (first + np.array([0.5, 0.5, 0])) / 2)
    assert consensus.votes(labels[:0], partitions[:, :0], 3).shape == (0, 3)


def test_the_order_of_the_partitions_does_not_matter():
    _, partitions = halves()
    assert same_groups(consensus.agreed(partitions, 3)[0], consensus.agreed(partitions[::-1], 3)[0])


def test_as_many_groups_as_units():
    labels, uneven = consensus.agreed(np.array([[0, 1, 2], [0, 1, 2]]), 3)
    assert sorted(labels) == [0, 1, 2]
    assert not uneven
    assert consensus.agreed(np.zeros((2, 4), dtype=int), 1)[0].tolist() == [0, 0, 0, 0]


def test_a_seed_is_one_flat_list():
    # numpy 2.5 refuses nested ones; earlier numpy flattened them, so that the topics stay the same.
    assert consensus._seed(3, 10) == [3, 10]
    assert consensus._seed([0, 8, 1], 10) == [0, 8, 1, 10]
    assert all(type(n) is int for n in consensus._seed([0, 8, 1], 10))


@pytest.mark.parametrize("n_bases", [2, 40])
def test_coordinates_are_singular_vectors_whether_units_or_groups_are_fewer(n_bases):
    rng = np.random.default_rng(3)
    truth = np.repeat([0, 1, 2], [20, 12, 8])
    partitions = np.where(rng.random((n_bases, 40)) < 0.8, truth, rng.integers(3, size=(n_bases, 40)))
    incidence = consensus._incidence(partitions)  # 40 units by 6 groups, or by 120
    dense = incidence.toarray()
    left, values, _ = np.linalg.svd(dense / np.sqrt(np.maximum(dense.sum(axis=0), 1)), full_matrices=False)
    expected = left[:, :3] * values[:3]
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    found = consensus._coordinates(incidence, 3)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-4)  # signs are free
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=1e-4)


def test_coordinates_do_not_hang_on_how_eigenvectors_of_equal_values_come(monkeypatch):
    # Two partitions that agree on three groups: the eigenvalue is 2 three times, and any turn of its vectors as good.
    partitions = np.tile(np.repeat([0, 1, 2], [5, 3, 4]), (2, 1))
    eigh, found = np.linalg.eigh, []
    for angle in (0.0, 0.4, 2.0):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

        def turned(matrix, turn=turn):
            values, vectors = eigh(matrix)
            vectors[:, -2:] = vectors[:, -2:] @ turn
            vectors[:, -3:-1] = vectors[:, -3:-1] @ turn
            return values, vectors

        monkeypatch.setattr(np.linalg, "eigh", turned)
        found.append(consensus._coordinates(consensus._incidence(partitions), 2))
    np.testing.assert_allclose(found[1], found[0], atol=1e-6)
    np.testing.assert_allclose(found[2], found[0], atol=1e-6)
