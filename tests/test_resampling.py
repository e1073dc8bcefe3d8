import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis import ratios, resampling


def z_by_hand(n: np.ndarray, sizes: np.ndarray, inside: np.ndarray) -> float:
    """The statistic of `ratio_test`, from its formula."""
    effects = []
    for part in (inside, ~inside):
        of, size = n[part], sizes[part]
        variance = ((of - of.sum() / size.sum() * size) ** 2).sum() * len(of) / (len(of) - 1)
        effects.append(max(1.0, variance / of.sum()) if of.sum() else None)
    d_1, d_2 = (e if e is not None else effects[1 - k] for k, e in enumerate(effects))
    n_1, n_2, l_1, l_2 = n[inside].sum(), n[~inside].sum(), sizes[inside].sum(), sizes[~inside].sum()
    return abs(n_1 * l_2 - n_2 * l_1) / np.sqrt((n_1 + n_2) / (l_1 + l_2) * l_1 * l_2 * (d_1 * l_2 + d_2 * l_1))


def ratio_test(n, sizes, n_in, **options):
    options = {"n_permutations": 199, "random_state": 0, "level": 0.95} | options
    return ratios.ratio_test(sparse.csr_array(np.atleast_2d(n).astype(float)), sizes, n_in, **options)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(5, 30)), min_size=4, max_size=8), st.data())
def test_small_groups_are_tested_exactly(pairs, data):
    """Against every way to choose the group, the statistic by its formula."""
    n, sizes = np.array(pairs, dtype=float).T
    n_in = data.draw(st.integers(2, len(n) - 2))
    if not n.sum():
        return
    values = []
    for group in itertools.combinations(range(len(n)), n_in):
        inside = np.zeros(len(n), dtype=bool)
        inside[list(group)] = True
        values.append(z_by_hand(n, sizes, inside))
    share = np.mean(np.array(values) >= values[0] * (1 - 1e-9) - 1e-12)
    p = ratio_test(n, sizes, n_in)[0][0]
    assert p >= share - 1e-12
    assert p == pytest.approx(share) or p > share  # the larger of this and of Student's t


def test_poisson_counts_of_equal_articles_are_tested_as_two_poisson_counts():
    # With counts that vary less than Poisson's z is the score test of two Poisson rates, that of chi-squared.
    n, sizes = np.array([5, 5, 5, 5, 5, 5, 3, 3, 3, 3, 3, 3]), np.full(12, 1000.0)
    p = ratio_test(n, sizes, 6)[0][0]
    z = np.sqrt(stats.chisquare([30, 18]).statistic)
    assert p == pytest.approx(max(2 * stats.t.sf(z, 10), 2 / 924))


def test_a_term_that_all_have_alike_is_no_difference():
    p, low, high = ratio_test(np.ones(40), np.full(40, 50.0), 20)
    assert p.tolist() == [1.0]
    assert low[0] < 1 < high[0]
    assert low[0] == pytest.approx(1 / high[0])


def test_five_articles_cannot_give_a_small_p():
    # Three against two: 10 ways to choose; at least the given one is as extreme.
    assert ratio_test([5, 4, 3, 0, 0], np.full(5, 50.0), 3)[0][0] >= 0.1


def test_the_interval_is_bounded_where_z_meets_the_critical_value():
    n, sizes = np.array([3, 5, 1, 6, 2, 8, 1, 0, 2, 1, 0, 3, 1]), np.linspace(100, 220, 13)
    p, low, high = ratio_test(n, sizes, 6)
    inside = np.arange(13) < 6
    at = []
    for ratio in (low[0], high[0]):  # design effects do not change with the size of a whole group
        at.append(z_by_hand(n, np.where(inside, sizes * ratio, sizes), inside))
    assert at[0] == pytest.approx(at[1])
    assert (low[0] > 1) == (p[0] <= 0.05)


def test_rates_at_none_and_at_all_have_an_interval_with_width():
    # Ten articles of 100 tokens, none with the first term, each with one of the second.
    matrix = sparse.csr_array(np.array([[0, 1]] * 10))
    sizes = np.full(10, 100)
    low, high = resampling.rate_interval(matrix, sizes, n_boot=200, random_state=0, level=0.95)
    # Both times (1.960 / 2.262)^2; none: the exact Poisson bound of a count of 0, -ln(.025) = 3.689, over the tokens.
    shrink = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 9)) ** 2
    assert (low[0], high[0]) == (0, pytest.approx(3.6889 / (1000 * shrink), rel=1e-4))
    assert low[1] == pytest.approx(stats.chi2.ppf(0.025, 20 * shrink) / 2 / (1000 * shrink))
    assert high[1] == pytest.approx(stats.chi2.ppf(0.975, 20 * shrink + 2) / 2 / (1000 * shrink))
    # A term that comes in threes elsewhere may be missing threefold.
    burst = resampling.rate_interval(matrix, sizes, n_boot=9, random_state=0, level=0.95, burst=np.array([3.0, 3.0]))
    assert burst[1][0] == pytest.approx(3 * high[0])


@pytest.mark.parametrize("n_articles", [5, 10])
def test_intervals_of_few_articles_cover(n_articles):
    """Words that come in bursts, in articles of unequal length: a gamma rate for each article."""
    rng = np.random.default_rng(1)
    sizes = rng.integers(200, 800, size=n_articles)
    rate = 0.01
    n = rng.poisson(rate * sizes[:, None] * rng.gamma(1, 1, size=(n_articles, 400)))
    low, high = resampling.rate_interval(sparse.csr_array(n), sizes, n_boot=500, random_state=0, level=0.95)
    assert ((low <= rate) & (rate <= high)).mean() >= 0.93


def test_fewer_articles_have_none():
    matrix, sizes = sparse.csr_array(np.ones((resampling.FEWEST - 1, 2))), np.full(resampling.FEWEST - 1, 9)
    found = resampling.rate_interval(matrix, sizes, n_boot=50, random_state=0, level=0.95)
    assert np.isnan(found).all()


def test_tails_widen_with_few_articles():
    # n = 5: t = 2.7764, times sqrt(5/4) = 3.1041, Phi(-3.1041) = .000954.
    assert resampling.tails(0.95, 5)[0] == pytest.approx(0.000954, abs=1e-6)
    assert resampling.tails(0.95, 100_000) == pytest.approx((0.025, 0.975), abs=1e-5)
    assert resampling.tails(0.95, 1) == (0.0, 1.0)


def test_weights_draw_as_many_as_there_are():
    drawn = resampling.weights(7, 50, np.random.default_rng(0))
    assert drawn.sum(axis=1).tolist() == [7] * 50
    assert abs(drawn.mean() - 1) < 1e-12
