import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.metrics import silhouette_samples

from analysis import clustering, directions, topic_number


def criteria(stability, information, likelihood=None):
    n = len(stability)
    frame = pd.DataFrame({"n_topics": np.arange(2, 2 + n), "information": information})
    frame = frame.assign(likelihood=[1.0] * n if likelihood is None else likelihood, stability=stability)
    return frame.assign(n_found=frame["n_topics"], **dict.fromkeys(topic_number.CRITERIA[3:], 0.5))


# With a likelihood that is the same for all, the score is the mean of the information and 1.
INFORMATION = [0.5, 0.62, 0.76, 0.9, 1.0, 0.9]


def test_the_score_by_hand():
    found = topic_number.choose(criteria([0.5] * 4, [-0.5, 1.0, 2.0, 1.0], [0.0, 3.0, 6.0, 6.0]))
    # Smoothed likelihood: 1.5, 3, 5, 6; shares of 6: 0.25, 0.5, 5/6, 1. Information: 0, 0.5, 1, 0.5. Sums: 0.25, 1,
    # 11/6 and 1.5, as shares of the greatest.
    np.testing.assert_allclose(found["score"], [1.5 / 11, 6 / 11, 1, 9 / 11], atol=1e-6)
    assert found["choice"].tolist() == ["", "", "chosen", "runner-up"]


def test_the_smallest_number_with_enough():
    found = topic_number.choose(criteria([0.5] * 6, INFORMATION))
    np.testing.assert_allclose(found["score"], [0.75, 0.81, 0.88, 0.95, 1, 0.95])
    # 87%: k = 4. 80%: k = 3, log2(4/3) = 0.42 away; 94%: k = 5, 0.32 away.
    assert found["choice"].tolist() == ["", "runner-up", "chosen", "", "", ""]


def test_the_next_number_is_the_runner_up_where_all_shares_give_the_same():
    found = topic_number.choose(criteria([0.5] * 4, [0.1, 1.0, 0.2, 0.1]))
    assert found["choice"].tolist() == ["", "chosen", "runner-up", ""]
    last = topic_number.choose(criteria([0.5] * 2, [0.1, 1.0]))
    assert last["choice"].tolist() == ["runner-up", "chosen"]


def test_topics_that_all_come_back_are_as_many_as_they_are():
    found = topic_number.choose(criteria([0.95, 0.5, 0.5, 0.5, 0.5, 0.9], INFORMATION))
    # k = 7 comes back; 3, which 80% would give, is farther off than 5, which 94% would.
    assert found["choice"].tolist() == ["", "runner-up", "", "", "", "chosen"]
    # A smaller number that comes back is no reason to stop there.
    found = topic_number.choose(criteria([0.95, 0.5, 0.5, 0.5, 0.5, 0.5], INFORMATION))
    assert found["choice"].tolist() == ["", "runner-up", "chosen", "", "", ""]


def test_what_each_criterion_takes_by_itself():
    frame = criteria([0.95, 0.5, 0.5, 0.5, 0.9, 0.89], INFORMATION).assign(silhouette=np.nan)
    found = topic_number.picks(topic_number.choose(frame))
    # 87%, 80%, 94% of the score as above; 6 comes back; the greatest of each: information at 6, ties at the smallest,
    # stability at 2, unknown none.
    assert found["n_topics"].tolist() == [4, 3, 5, 6, 6, 2, 2, 2, 2, pd.NA, 2]
    assert (found["use"] == "shown only").sum() == 7
    assert topic_number.picks(topic_number.no_selection()).empty


def test_likelihoods_below_zero_are_counted_from_the_smallest():
    found = topic_number.choose(criteria([0.1] * 3, [-1.0, -1.0, -1.0], [-1.0, -1.0, -4.0]))
    # Smoothed: -1, -2, -2.5; from -2.5: 1.5, 0.5, 0, as shares 1, 1/3, 0. No information anywhere: 1 for all.
    np.testing.assert_allclose(found["score"], [1, 2 / 3, 1 / 2], atol=1e-6)
    assert found["choice"].tolist() == ["chosen", "runner-up", ""]


def test_unknown_values_never_win():
    found = topic_number.choose(criteria([np.nan, np.nan], [np.nan, np.nan], [np.nan, np.nan]))
    assert sorted(found["choice"]) == ["chosen", "runner-up"]
    one = topic_number.choose(criteria([0.2], [0.1]))
    assert one["choice"].tolist() == ["chosen"]
    known = topic_number.choose(criteria([0.2] * 3, [np.nan, 0.3, 0.5]))
    assert known["choice"].tolist()[2] == "chosen"


def test_candidates_by_hand():
    assert topic_number.candidates(1) == []
    assert topic_number.candidates(4) == [2]
    assert topic_number.candidates(47) == [2, 3, 4, 5, 6, 7, 8]
    assert topic_number.candidates(10**6) == [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 29, 35]


def test_a_sample_keeps_groups_whole():
    groups = np.repeat(np.arange(50), 4)
    rows = topic_number.sample(groups, 80, np.random.default_rng(0))
    assert len(rows) == 80
    assert (np.bincount(groups[rows], minlength=50) % 4 == 0).all()
    assert topic_number.sample(groups, 200, np.random.default_rng(0)).tolist() == list(range(200))


def test_silhouette_agrees_with_sklearn_where_clusters_are_points():
    # Where all units of a topic are the same point, distances to centres and to units are the same.
    points = directions.unit_rows(np.array([[1, 0.0], [1, 0], [0, 1], [0, 1], [1, 1]]))
    labels = np.array([0, 0, 1, 1, 2])
    expected = silhouette_samples(points[:4], labels[:4], metric="cosine").mean()
    assert topic_number.silhouette(points[:4], labels[:4]) == pytest.approx(expected)
    assert np.isnan(topic_number.silhouette(points, np.zeros(5, dtype=int)))


def test_silhouette_of_units_alone_is_zero():
    points = directions.unit_rows(np.array([[1, 0.0], [1, 0], [0, 1]]))
    assert topic_number.silhouette(points, np.array([0, 1, 2])) == 0
    # Two units that are one point, 1 each; the third alone: (1 + 1 + 0) / 3.
    assert topic_number.silhouette(points, np.array([0, 0, 1])) == pytest.approx(2 / 3)


def test_eigengaps_by_hand():
    # Three orthogonal groups of 4, 2 and 1 units: eigenvalues 4, 2, 1; gaps 2/4, 1/2, and none after the last.
    points = np.repeat(np.eye(3), [4, 2, 1], axis=0)
    np.testing.assert_allclose(topic_number.eigengaps(points, 4)[1:], [0.5, 0.5, np.nan, np.nan])


@pytest.mark.parametrize("k", [2, 4, 7])
def test_a_planted_number_is_found(k):
    rng = np.random.default_rng(k)
    blocks = [rng.poisson(1.5, (25, 12)) for _ in range(k)]
    counts = sparse.csr_array(sparse.block_diag(blocks).toarray())
    with clustering.one_thread():
        units = clustering.space(counts, n_topics=12)
        found = topic_number.select(units, counts, np.arange(25 * k), np.ones(12 * k, dtype=bool))
    chosen = found.loc[found["choice"] == "chosen", "n_topics"].item()
    assert abs(np.log2(chosen / k)) <= 0.01
