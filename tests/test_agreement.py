import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, mutual_info_score

from analysis import agreement, repeats


def test_beyond_chance_by_hand():
    # Two units in groups of their own, twice: the partitions always agree, by chance too. log 2 - log 2.
    assert agreement.beyond_chance(np.array([0, 1]), np.array([1, 0])) == pytest.approx(0)
    # Four units in pairs. The same pairs: log 2. Of the three ways to pair them, one is the same, log 2, and the other
    # two share nothing: log 2 - log 2 / 3.
    assert agreement.beyond_chance(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1])) == pytest.approx(np.log(2) * 2 / 3)
    assert agreement.beyond_chance(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(-np.log(2) / 3)
    # One group says nothing.
    assert agreement.beyond_chance(np.array([0, 0, 0]), np.array([0, 1, 2])) == pytest.approx(0)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 60), st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6))
def test_agrees_with_sklearn(n, k, other, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.integers(k, size=n), rng.integers(other, size=n)
    second = np.where(rng.random(n) < 0.5, first, second)
    information = mutual_info_score(first, second)
    # Adjusted information is (I - E) / (mean entropy - E): solved for E.
    adjusted = adjusted_mutual_info_score(first, second)
    entropy = (mutual_info_score(first, first) + mutual_info_score(second, second)) / 2
    found = agreement.beyond_chance(first, second)
    if entropy > 0 and abs(1 - adjusted) > 1e-6:
        expected = (information - adjusted * entropy) / (1 - adjusted)
        assert found == pytest.approx(information - expected, abs=1e-6)


def test_only_units_that_neither_saw_count():
    labels = np.array([[0, 0, 1, 1, 0, 1], [0, 0, 1, 1, 1, 0]], dtype=np.int16)
    drawn = np.array([[False] * 4 + [True, False], [False] * 4 + [False, True]])
    # At the first four they agree; at the last two, which one of them saw, they do not.
    assert agreement.reproduced(repeats.Repeats(labels, drawn, np.zeros(2))) == pytest.approx(np.log(2) * 2 / 3)
    assert np.isnan(agreement.reproduced(repeats.Repeats(labels, ~drawn, np.zeros(2))))


def test_labels_given_at_random_share_nothing():
    rng = np.random.default_rng(0)
    found = repeats.Repeats(rng.integers(8, size=(8, 400)).astype(np.int16), rng.random((8, 400)) < 0.63, np.zeros(8))
    assert abs(agreement.reproduced(found)) < 0.03
