import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.metrics import silhouette_samples

from analysis import clustering, directions, topic_number


def criteria(stability, likelihood):
    frame = pd.DataFrame(
        {"n_topics": np.arange(2, 2 + len(stability)), "stability": stability, "likelihood": likelihood}
    )
    return frame.assign(n_found=frame["n_topics"], **dict.fromkeys(topic_number.CRITERIA[2:], 0.5))


def test_both_criteria_agree():
    found = topic_number.choose(criteria([0.6, 0.9, 0.3, 0.25, 0.25], [0.5, 2.0, 0.6, 0.2, 0.1]))
    # (s - 0.25) log k: 0.243, 0.714, 0.069, 0, 0; smoothed: 0.478, 0.342, 0.261, 0.023, 0: k = 2
    # likelihood smoothed: 1.25, 1.033, 0.933, 0.3, 0.15; nearly best from 1.1875: k = 2
    assert found["choice"].tolist() == ["chosen", "runner-up", "", "", ""]
    # 1 - log2(k / 2)^2: 1, 1 - 0.585^2, 1 - 1, 1 - 1.322^2, 1 - 1.585^2
    np.testing.assert_allclose(found["score"], [1, 0.657810, 0, -0.747467, -1.512144], atol=2e-4)


def test_the_choice_lies_between_criteria_that_differ():
    stability = [0.5] + [0.9] * 2 + [0.25] * 12
    likelihood = [*np.linspace(0.1, 1.0, 12), 0.98, 0.5, 0.1]
    found = topic_number.choose(criteria(stability, likelihood))
    chosen = found.loc[found["choice"] == "chosen", "n_topics"].item()
    second = found.loc[found["choice"] == "runner-up", "n_topics"].item()
    # Stability, smoothed, is largest at 3 or 4; the likelihood keeps 95% of its best, smoothed, up to 13 or 14.
    assert 4 < chosen < 13
    assert second in (3, 4, 13, 14)


def test_unknown_values_never_win():
    found = topic_number.choose(criteria([np.nan, np.nan], [np.nan, np.nan]))
    assert sorted(found["choice"]) == ["chosen", "runner-up"]
    one = topic_number.choose(criteria([0.2], [0.1]))
    assert one["choice"].tolist() == ["chosen"]


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
