import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis import clustered_shares


def bounds(stories, group=None):
    hits, units = np.array(stories).T
    rho = clustered_shares.likeness(hits, units, np.zeros(len(hits), int) if group is None else np.array(group))
    return clustered_shares.interval(hits, units, rho=rho)


def test_likeness_by_hand():
    # Two stories of 2 units, 2 and 0 of which count: share 1/2, squares of y - m/2: 1 + 1 = 2.
    # Expected 1/4 (4 - 8/4) = 1/2 for rho = 0; each rho adds 1/4 (2 * 2 * (1 - 4/4) + 4 * 8/16) = 1/2: rho = 3,
    # cut to 1.
    assert clustered_shares.likeness([2, 0], [2, 2], [0, 0]) == 1
    # Three stories of 4, 2 of each: no square at all, rho cut to 0; known from min(3 - 1, 3, 3) = 2: (0 + 1) / 3.
    assert clustered_shares.likeness([2, 2, 2], [4, 4, 4], [0, 0, 0]) == pytest.approx(1 / 3)
    # 3, 1 and 2 of 4: squares 2; 1/4 (12 - 48/12) = 2 for rho = 0, so rho = 0.
    assert clustered_shares.likeness([3, 1, 2], [4, 4, 4], [0, 0, 0]) == pytest.approx(1 / 3)
    # 4, 0 and 2: squares 8; slope 1/4 (36 (1 - 8/12) + 36 * 48/144) = 6: rho = (8 - 2) / 6 = 1.
    assert clustered_shares.likeness([4, 0, 2], [4, 4, 4], [0, 0, 0]) == 1
    # Both groups together: squares 2 + 0, expected 2 + 2, rho 0, known from 2 + 2 stories.
    assert clustered_shares.likeness([3, 1, 2, 2, 2, 2], [4] * 6, [0, 0, 0, 1, 1, 1]) == pytest.approx(1 / 5)


def test_stories_of_one_unit_tell_nothing():
    # As above, 2 of 4 three times, with stories of one unit: they add to no square that could tell, and to no number
    # that knows; so one story of 2 units among many single ones is all alike.
    assert clustered_shares.likeness([2, 1, 0, 1, 0], [2, 1, 1, 1, 1], [0] * 5) == 1
    assert clustered_shares.likeness([2, 1, 0, 1, 0], [2, 1, 1, 1, 1], [0] * 5, prior=0.3) == pytest.approx(0.3)


def test_copies_among_single_stories_are_covered():
    # Copies are all alike: 60 single stories and 3 of 15 copies, share 1/2. Taken as well known, they were covered in
    # 87 of 100.
    rng, held = np.random.default_rng(0), 0
    units = np.array([1] * 60 + [15] * 3)
    for _ in range(300):
        low, high = bounds(list(zip(units * (rng.random(63) < 0.5), units, strict=True)))
        held += low <= 0.5 <= high
    assert held >= 285


def test_nothing_known_is_all_alike():
    assert clustered_shares.likeness([0, 0], [50, 50], [0, 0]) == 1
    assert clustered_shares.likeness([3], [9], [0]) == 1
    assert clustered_shares.likeness([], [], []) == 1


def test_independent_units_have_the_interval_of_clopper_and_pearson():
    # One unit a story: nothing to be alike to.
    stories = [(1, 1)] * 8 + [(0, 1)] * 32
    assert bounds(stories) == pytest.approx(proportion_confint(8, 40, method="beta"))
    hits, units = np.array([2, 6]), np.array([10, 30])
    assert clustered_shares.interval(hits, units, rho=0) == pytest.approx(proportion_confint(8, 40, method="beta"))
    # All alike, 10 stories of 5: ten units.
    found = clustered_shares.interval([5] * 3 + [0] * 7, [5] * 10, rho=1)
    assert found == pytest.approx(proportion_confint(3, 10, method="beta"))


def test_ends_and_too_few():
    assert bounds([(0, 9), (0, 9), (0, 9)])[0] == 0
    assert bounds([(9, 9), (9, 9), (9, 9)])[1] == 1
    assert np.isnan(bounds([(3, 9)])).all()


@pytest.mark.parametrize(
    ("stories", "changed"),
    [
        ([(10, 20)] * 5, [(11, 20)] + [(10, 20)] * 4),
        ([(1, 20)] * 10, [(2, 20)] + [(1, 20)] * 9),
        ([(100, 200)] * 3, [(101, 200)] + [(100, 200)] * 2),
    ],
)
def test_one_unit_more_moves_the_interval_little(stories, changed):
    assert bounds(stories) == pytest.approx(bounds(changed), abs=0.05)


def test_one_unit_among_none_does_not_make_the_share_certain():
    # One of 100 units, in one of two stories: nobody knows yet how alike the units of a story are.
    assert bounds([(0, 50), (0, 50)])[1] > 0.5
    assert bounds([(0, 50), (1, 50)])[1] > 0.5


@pytest.mark.parametrize(
    ("share", "rho", "n_stories", "equal"),
    [(0.2, 0.1, 2, True), (0.2, 0.1, 5, False), (0.05, 0.2, 10, True), (0.5, 0.6, 5, True), (0.05, 0.2, 40, False)],
)
def test_coverage(share, rho, n_stories, equal):
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        units = np.full(n_stories, 20) if equal else rng.geometric(1 / 20, n_stories)
        hits = rng.binomial(units, rng.beta(share / rho - share, (1 - share) / rho - 1 + share, n_stories))
        low, high = bounds(np.column_stack([hits, units]))
        held += low <= share <= high
    # Of 400 at 95 per cent, fewer than 369 would happen once in 150.
    assert held >= 369


@given(st.lists(st.integers(1, 30).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))), min_size=2))
def test_interval_holds_the_share_and_is_never_a_point(stories):
    hits, units = np.array(stories).sum(axis=0)
    low, high = bounds(stories)
    assert 0 <= low <= hits / units + 1e-12
    assert hits / units - 1e-12 <= high <= 1
    assert high > low
