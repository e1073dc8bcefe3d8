import numpy as np
import pytest
from scipy import sparse

from analysis import mixtures, strangers


def two_topics() -> mixtures.Mixture:
    terms = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    return mixtures.Mixture(terms, np.array([0.5, 0.5]), np.array([0.4, 0.2, 0.4]), np.eye(2))


def test_typicality_by_hand():
    usual = strangers.Familiar(
        np.log([10, 1000]), np.array([[1.0, 0.5], [3.0, 1.0]]), np.array([[0.8, 0.1], [0.9, 0.1]]), 0.5, -2.0
    )
    # 100 terms lie halfway: likelihood 2 with 0.75 about it, share 0.85 with 0.1. Beyond either end: as there.
    found = usual.typicality(np.array([0.5, 5.0, 0.0]), np.array([0.65, 0.85, 0.6]), np.array([100, 100, 4]))
    # -1.5 / 0.75 - 0.2 / 0.1; 3 / 0.75 counts as 1, and 0; -1 / 0.5 - 0.2 / 0.25, for a term of four is no less
    np.testing.assert_allclose(found, [-4, 1, -2.8])
    # The first is not typical enough, the third too; a share below the least is strange however typical.
    assert usual.holds(np.array([0.5, 5.0, 5.0]), np.array([0.65, 0.85, 0.4]), np.array([100, 100, 10])).tolist() == [
        False,
        True,
        False,
    ]


def test_units_are_judged_in_the_topic_that_they_would_be_placed_in():
    weighted = sparse.csr_array(np.array([[2.0, 0, 0], [0, 0, 1.0]]))
    # The second unit is in topic 0, but would be placed in topic 1: log(0.7 / 0.4).
    found = strangers._as_if_new(two_topics(), weighted, np.array([0, 0]))
    np.testing.assert_allclose(found, np.log([0.7 / 0.4] * 2), atol=1e-6)


def test_the_share_that_would_be_strangers_is_the_one_stated():
    rng = np.random.default_rng(0)
    weighted = sparse.csr_array(rng.poisson(1.0, (2000, 3)).astype(float))
    known, n_terms = rng.uniform(0.6, 1, 2000), rng.integers(5, 200, 2000)
    labels = rng.integers(2, size=2000)
    usual = strangers.familiar(two_topics(), weighted, labels, known, n_terms)
    likelihood = strangers._as_if_new(two_topics(), weighted, labels)
    assert (known < usual.least_known).mean() == pytest.approx(strangers.UNKNOWN, abs=0.001)
    untypical = usual.typicality(likelihood, known, n_terms) < usual.least_typical
    assert untypical.mean() == pytest.approx(strangers.UNTYPICAL, abs=0.001)


def test_long_units_are_held_against_long_ones():
    # Long units know 0.90 to 0.92 of their terms, short ones 0.5 to 1: a long one with 0.7 is strange, a short one not.
    rng = np.random.default_rng(1)
    n_terms = np.repeat([10, 300], 400)
    known = np.concatenate([rng.uniform(0.5, 1, 400), rng.uniform(0.9, 0.92, 400)])
    weighted = sparse.csr_array(rng.poisson(1.0, (800, 3)).astype(float) + 0.01)
    usual = strangers.familiar(two_topics(), weighted, rng.integers(2, size=800), known, n_terms)
    assert usual.holds(np.array([0.2, 0.2]), np.array([0.7, 0.7]), np.array([10, 300])).tolist() == [True, False]


def test_few_units_know_few_words_and_none_make_no_strangers():
    none = strangers.familiar(two_topics(), sparse.csr_array((0, 3)), np.zeros(0, int), np.zeros(0), np.zeros(0, int))
    assert none.holds(np.array([-9.0]), np.array([0.0]), np.array([3])).all()
    weighted = sparse.csr_array(np.ones((20, 3)))
    usual = strangers.familiar(two_topics(), weighted, np.zeros(20, int), np.full(20, 0.9), np.full(20, 3))
    assert usual.least_known == strangers.FEW_KNOW
    # Of the likelihood nothing is missing; half of the terms known is enough, whatever the others know.
    assert usual.holds(np.full(2, usual.likelihood[0, 0]), np.array([0.55, 0.45]), np.array([20, 20])).tolist() == [
        True,
        False,
    ]
