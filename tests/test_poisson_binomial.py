from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from analysis import poisson_binomial

getcontext().prec = 45


def by_recursion(probabilities, n_units, at_least):
    """Convolve the units one by one in 45 digits."""
    mass = [Decimal(1)]
    for q, m in zip(probabilities, n_units, strict=True):
        q = Decimal(float(q))
        for _ in range(m):
            mass = [a * (1 - q) + b * q for a, b in zip([*mass, Decimal(0)], [Decimal(0), *mass], strict=True)]
    return sum(mass[at_least:], Decimal(0))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 12)), min_size=1, max_size=5),
    st.integers(0, 12),
    st.integers(1, 8),
)
def test_tail_by_recursion(groups, at_least, power):
    q = np.array([[g[0] ** power for g in groups]])
    q[q < 1e-30] = 0
    m = np.array([g[1] for g in groups])
    found = poisson_binomial.upper_tail(q, m, np.array([at_least]))[0]
    oracle = float(by_recursion(q[0], m, at_least))
    assert found == pytest.approx(oracle, rel=1e-10, abs=1e-14 if oracle > 1e-3 else 1e-300)


@pytest.mark.parametrize(
    ("n", "q", "k"),
    [(10**6, 0.01, 10_500), (10**6, 0.01, 9_800), (10**6, 1e-5, 60), (10**6, 0.9, 901_500), (1000, 0.5, 900)],
)
def test_tail_of_many_equal_units_is_binomial(n, q, k):
    found = poisson_binomial.upper_tail(np.array([[q]]), np.array([n]), np.array([k]))[0]
    assert found == pytest.approx(binom.sf(k - 1, n, q), rel=1e-11)


def test_ends_of_the_range():
    # Two sure units, one impossible, one of one half: X is 2 or 3.
    q, m = np.array([[1.0, 0.0, 0.5]]).repeat(6, axis=0), np.array([2, 1, 1])
    found = poisson_binomial.upper_tail(q, m, np.array([0, 1, 2, 3, 4, 5]))
    np.testing.assert_array_equal(found, [1, 1, 1, 0.5, 0, 0])
    assert poisson_binomial.upper_tail(np.zeros((0, 3)), m, np.array([], dtype=int)).shape == (0,)


def test_probabilities_are_checked():
    with pytest.raises(ValueError, match="a probability lies outside"):
        poisson_binomial.upper_tail(np.array([[1.5]]), np.array([1]), np.array([1]))
