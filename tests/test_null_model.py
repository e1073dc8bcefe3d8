import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import hypergeom

from analysis import conditional_model, null_model, poisson_binomial


def margins(matrix):
    degrees, n_units = np.unique(matrix.sum(axis=1), return_counts=True)
    return degrees, n_units, matrix.sum(axis=0)


def curveball(matrix, n_samples, rng):
    """Average co-occurrence over matrices with exactly these margins, by trades between two units.

    G. Strona, D. Nappo, F. Boccacci, S. Fattorini, J. San-Miguel-Ayanz (2014), A fast and unbiased procedure to
    randomize ecological binary matrices with fixed row and column totals. Nature Communications 5, 4114. That all such
    matrices are equally likely: C. J. Carstens (2015), Proof of uniform sampling of binary matrices with fixed row sums
    and column sums for the fast curveball algorithm. Physical Review E 91, 042812.
    """
    rows = [set(np.flatnonzero(r)) for r in matrix]
    total = np.zeros((matrix.shape[1],) * 2)
    for _ in range(n_samples):
        for _ in range(3 * len(rows)):
            i, j = rng.integers(0, len(rows), 2)
            shared = rows[i] & rows[j]
            mine, theirs = sorted(rows[i] - shared), sorted(rows[j] - shared)
            pool = rng.permutation(mine + theirs).tolist()
            if i != j:
                rows[i], rows[j] = shared | set(pool[: len(mine)]), shared | set(pool[len(mine) :])
        now = np.zeros_like(matrix)
        for i, row in enumerate(rows):
            now[i, list(row)] = 1
        total += now.T @ now
    return total / n_samples


def zipf_matrix(n_units, n_countries, rng, *, mean):
    weight = 1 / np.arange(1, n_countries + 1)
    size = np.clip(rng.poisson(mean, n_units), 0, n_countries)
    matrix = np.zeros((n_units, n_countries), dtype=int)
    for row, n in zip(matrix, size, strict=True):
        row[rng.choice(n_countries, size=n, replace=False, p=weight / weight.sum())] = 1
    return matrix


@settings(max_examples=200, deadline=None)
@given(arrays(int, st.tuples(st.integers(1, 12), st.integers(1, 8)), elements=st.integers(0, 1)))
def test_margins_are_reproduced_whatever_the_matrix(matrix):
    degrees, n_units, named = margins(matrix)
    probability = null_model.fit_bicm(degrees, n_units, named)
    single, both = conditional_model.fit_conditional(degrees, n_units, named)
    for p in (probability, single):
        assert ((p >= 0) & (p <= 1)).all()
        np.testing.assert_allclose(n_units @ p, named, atol=1e-6)
        np.testing.assert_allclose(p.sum(axis=1), degrees, atol=1e-6)
    # A unit that names d countries names d of them beside each of its d countries, itself included.
    np.testing.assert_allclose(both.sum(axis=2), single * degrees[:, None], atol=1e-6)
    # The pairs that the conditional model expects are as many as there are: each unit of d has d (d - 1) / 2.
    expected = np.einsum("g,gij->ij", n_units, both)
    np.testing.assert_allclose(np.triu(expected, 1).sum(), np.triu(matrix.T @ matrix, 1).sum(), atol=1e-5)


def test_large_margins_are_reproduced():
    rng = np.random.default_rng(0)
    matrix = zipf_matrix(20_000, 150, rng, mean=3)
    degrees, n_units, named = margins(matrix)
    probability = null_model.fit_bicm(degrees, n_units * 50, named * 50)
    np.testing.assert_allclose(n_units * 50 @ probability, named * 50, atol=1e-6)
    single, _ = conditional_model.fit_conditional(degrees, n_units * 50, named * 50)
    np.testing.assert_allclose(n_units * 50 @ single, named * 50, atol=1e-6)


def test_margins_that_leave_no_choice_are_exact():
    # a: in all three units; b: only in the unit that names both others too. The matrix is [1 1], [1 0], [1 0].
    probability = null_model.fit_bicm(np.array([1, 2]), np.array([2, 1]), np.array([3, 1]))
    np.testing.assert_array_equal(probability, [[1, 0], [1, 1]])
    single, both = conditional_model.fit_conditional(np.array([1, 2]), np.array([2, 1]), np.array([3, 1]))
    np.testing.assert_array_equal(single, [[1, 0], [1, 1]])
    np.testing.assert_array_equal(both, [[[1, 0], [0, 0]], [[1, 1], [1, 1]]])


def test_equal_margins_give_equal_probabilities():
    # Each of 4 units names 2 of 4 countries, each country is named twice: nothing tells them apart, so 2 / 4 each.
    probability = null_model.fit_bicm(np.array([2]), np.array([4]), np.array([2, 2, 2, 2]))
    np.testing.assert_allclose(probability, 0.5)
    # Given two of four, both of a pair: 1 of the 6 sets.
    both = conditional_model.fit_conditional(np.array([2]), np.array([4]), np.array([2, 2, 2, 2]))[1][0]
    np.testing.assert_allclose(both[~np.eye(4, dtype=bool)], 1 / 6)


def test_impossible_margins_are_refused():
    # Two units that name one country each cannot name one country three times.
    for fit in (null_model.fit_bicm, conditional_model.fit_conditional):
        with pytest.raises(ValueError, match="no matrix of units and countries has these margins: 2 units name 2"):
            fit(np.array([1]), np.array([2]), np.array([3]))


def test_empty_margins():
    none = np.array([], dtype=int)
    assert null_model.fit_bicm(none, none, none).shape == (0, 0)
    assert conditional_model.fit_conditional(none, none, none)[1].shape == (0, 0, 0)


def test_conditional_model_by_counting_all_sets():
    # Probabilities of sets of d countries are proportional to the product of their weights: enumerate them.
    weight = np.array([0.1, 3.0, 1.0, 7.0, 0.01, 1.0])
    for d in (1, 2, 3, 5):
        found, log_sum = conditional_model._inclusion(np.log(weight), d)
        oracle = np.zeros((6, 6))
        for chosen in itertools.combinations(range(6), d):
            oracle[np.ix_(chosen, chosen)] += weight[list(chosen)].prod()
        total = oracle.trace() / d
        np.testing.assert_allclose(found, oracle / total, atol=1e-13)
        assert log_sum == pytest.approx(np.log(total))


def test_against_margin_preserving_swaps():
    """Where units name many countries both models agree with curveball; where they name few, only the conditional."""
    rng = np.random.default_rng(1)
    pair = np.triu_indices(12, 1)
    for mean, bicm_is_off_by in ((6, (0.9, 1.2)), (1.2, (1.5, 2.6))):
        matrix = zipf_matrix(120, 12, rng, mean=mean)
        swapped = curveball(matrix, 200, rng)[pair]
        degrees, n_units, named = margins(matrix)
        probability = null_model.fit_bicm(degrees, n_units, named)
        bicm = (probability.T * n_units @ probability)[pair]
        conditional = np.einsum("g,gij->ij", n_units, conditional_model.fit_conditional(degrees, n_units, named)[1])[
            pair
        ]
        frequent = swapped > 3
        np.testing.assert_allclose(conditional[frequent], swapped[frequent], rtol=0.12)
        low, high = bicm_is_off_by
        assert low < np.median(bicm[frequent] / swapped[frequent]) < high


def test_against_the_hypergeometric_where_all_units_name_equally_many():
    # 400 units name 5 of 40 countries each; then a unit names i with probability n_i / 400, the same for all.
    rng = np.random.default_rng(2)
    matrix = np.zeros((400, 40), dtype=int)
    for row in matrix:
        row[rng.choice(40, size=5, replace=False)] = 1
    degrees, n_units, named = margins(matrix)
    probability = null_model.fit_bicm(degrees, n_units, named)
    a, b = np.triu_indices(40, 1)
    both = (probability[:, a] * probability[:, b]).T
    np.testing.assert_allclose(both @ n_units, named[a] * named[b] / 400, atol=1e-9)
    seen = (matrix.T @ matrix)[a, b]
    ours = poisson_binomial.upper_tail(both, n_units, seen)
    theirs = hypergeom.sf(seen - 1, 400, named[a], named[b])
    # The hypergeometric fixes the countries' margin exactly, so its tail is a little thinner.
    assert np.corrcoef(np.log(ours), np.log(theirs))[0, 1] > 0.995
    small = theirs < 0.2
    assert small.sum() > 30
    assert (ours[small] >= theirs[small]).all()
    assert (ours[small] < 2 * theirs[small] + 0.02).all()
