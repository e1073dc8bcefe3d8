import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis import resampling


def rank_sum(table: np.ndarray, inside: np.ndarray) -> np.ndarray:
    return resampling.rank_sum_test(sparse.csr_array(table), inside)


@given(st.lists(st.integers(0, 3), min_size=3, max_size=8), st.data())
def test_small_groups_are_tested_exactly(values, data):
    """Against every way to choose the group, its ranks by scipy."""
    inside = np.array(data.draw(st.permutations([True] + [False] + [data.draw(st.booleans())] * (len(values) - 2))))
    ranks = stats.rankdata(values)
    n_in = int(inside.sum())
    gap = abs(ranks[inside].sum() - n_in * ranks.mean())
    gaps = [abs(ranks[list(c)].sum() - n_in * ranks.mean()) for c in itertools.combinations(range(len(values)), n_in)]
    expected = np.mean([g >= gap - 1e-9 for g in gaps])
    assert rank_sum(np.array(values, dtype=float)[:, None], inside) == pytest.approx([expected])


def test_large_groups_are_tested_as_scipy_does():
    rng = np.random.default_rng(0)
    table = rng.poisson(0.7, size=(40, 60)) / rng.integers(1, 3, size=40)[:, None]
    inside = np.arange(40) < 15
    expected = stats.mannwhitneyu(table[inside], table[~inside], method="asymptotic").pvalue
    np.testing.assert_allclose(rank_sum(table, inside), expected)


def test_a_term_that_all_have_alike_is_no_difference():
    table = np.ones((40, 2)) * [1, 0]
    assert rank_sum(table, np.arange(40) < 20).tolist() == [1.0, 1.0]
    assert rank_sum(table[:5], np.arange(5) < 2).tolist() == [1.0, 1.0]


def test_five_articles_cannot_give_a_small_p():
    # Three against two: 10 ways to choose, two of them the most extreme.
    table = np.array([[5.0], [4.0], [3.0], [0.0], [0.0]])
    assert rank_sum(table, np.array([True, True, True, False, False])) == pytest.approx([0.2])


def test_tails_widen_with_few_articles():
    # n = 5: t = 2.7764, times sqrt(5/4) = 3.1041, Phi(-3.1041) = .000954.
    assert resampling.tails(0.95, 5)[0] == pytest.approx(0.000954, abs=1e-6)
    assert resampling.tails(0.95, 100_000) == pytest.approx((0.025, 0.975), abs=1e-5)
    assert resampling.tails(0.95, 1) == (0.0, 1.0)


def test_weights_draw_as_many_as_there_are():
    drawn = resampling.weights(7, 50, np.random.default_rng(0))
    assert drawn.sum(axis=1).tolist() == [7] * 50
    assert abs(drawn.mean() - 1) < 1e-12
