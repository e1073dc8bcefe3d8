import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import silhouette_samples

from analysis import chances, clustering, directions, mixtures, repeats, topic_number, topic_quality


def criteria(stability, likelihood, information=np.nan):
    frame = pd.DataFrame(
        {"n_topics": np.arange(2, 2 + len(stability)), "stability": stability, "likelihood": likelihood}
    )
    rest = dict.fromkeys(topic_number.CRITERIA[3:], 0.5)
    return frame.assign(n_found=frame["n_topics"], information=information, **rest)


def test_the_number_nearest_to_the_mean_of_two():
    frame = criteria(
        [0.6, 0.9, 0.3, 0.7, 0.3, 0.8, 0.2, 0.7, 0.8], [0, 3, 6, 9, *[12] * 5], [0, 0, 0, 1.5, 1.5, 1.5, 3, 3, 3]
    )
    found = topic_number.choose(frame)
    # Smoothed likelihood: 1.5, 3, 6, 9, 11, then 12; 0.55 of 12 is reached at 5. Information: 0, 0, 0.5, 1, 1.5, 2,
    # 2.5, 3, 3; 0.9 of 3 at 9.
    np.testing.assert_allclose(found["share"], [0.125, 0.25, 0.5, 0.75, 11 / 12, 1, 1, 1, 1], atol=1e-6)
    np.testing.assert_allclose(found["information_share"], np.array([0, 0, 1, 2, 3, 4, 5, 6, 6]) / 6, atol=1e-6)
    # The mean of log2(5) = 2.321928 and log2(9) = 3.169925 is 2.745927. The range is 5 to 9, one more on either side.
    # Off are 4 by 0.745927, 5 by 0.423998, 6 by 0.160964, 7 by 0.061428, 8 by 0.254073, 10 by 0.576002.
    score = [*[np.nan] * 2, 0.254073, 0.576002, 0.839036, 0.938572, 0.745927, 0.576002, 0.423999]
    np.testing.assert_allclose(found["score"], score, atol=2e-6)
    # 10 is the most stable of 4, 5, 9 and 10; 3 is out of the range, and 6 and 8 are neighbours.
    assert found["choice"].tolist() == ["", "", "", "", "", "chosen", "", "", "runner-up"]
    # What is found there counts, four topics that hold a unit; then 3 and 5 are neighbours, at 6 and 7 the same four
    # are found, and 10 is the most stable of those with another number. The range is two more on either side of 4 at
    # least. Where nothing else is found, nothing is the runner-up.
    found = topic_number.choose(frame.assign(n_found=[2, 3, 4, 4, 4, 4, 5, 5, 5]))
    assert found["choice"].tolist() == ["", "", "chosen", "", "", "", "", "", "runner-up"]
    assert set(topic_number.choose(frame.assign(n_found=4))["choice"]) == {"", "chosen"}
    assert found["score"].notna().all()


def test_the_mean_is_geometric_and_an_unknown_stability_is_no_runner_up():
    # The likelihood is the same everywhere: 2. Of the greatest information, smoothed, 6 has a third, 7 two thirds and 8
    # all. 4 is the geometric mean of 2 and 8; the range is 2 to 9, in which 8 is the most stable.
    stability = [np.nan, 0.5, 0.3, 0.5, 0.3, 0.3, 0.4, 0.3, 0.6]
    found = topic_number.choose(criteria(stability, [1.0] * 9, [0.0] * 5 + [9.0] * 4))
    assert found["choice"].tolist() == ["", "", "chosen", "", "", "", "runner-up", "", ""]
    assert found["score"].notna().tolist() == [True] * 8 + [False]


def test_topics_that_all_come_back_are_as_many_as_they_are():
    likelihood = [0.0, 3.0, 6.0, 9.0, 9.0, 9.0]
    # Smoothed: 1.5, 3, 6, 8, 9, 9; 0.55 of 9 is reached at 4. The information is not known. But 6 comes back. The range
    # is from one less than 4 to what there is; 3 is as stable as 4.
    found = topic_number.choose(criteria([0.95, 0.5, 0.5, 0.5, 0.9, 0.89], likelihood))
    assert found["choice"].tolist() == ["", "runner-up", "", "", "chosen", ""]
    assert found["score"].notna().tolist() == [False, *[True] * 5]
    # A smaller number that comes back is no reason to stop there, but it may be the runner-up.
    found = topic_number.choose(criteria([0.95, 0.5, 0.5, 0.5, 0.5, 0.5], likelihood))
    assert found["choice"].tolist() == ["runner-up", "", "chosen", "", "", ""]
    # The range reaches from what the criteria name, 2, to what comes back.
    found = topic_number.choose(criteria([0.6, 0.5, 0.5, 0.5, 0.5, 0.95], [9.0] * 6, [9.0] * 6))
    assert found["score"].notna().all()
    assert found["choice"].tolist() == ["runner-up", "", "", "", "", "chosen"]


def test_more_that_come_back_are_found_where_so_many_are_asked_for():
    # Three topics as plain as can be: 5 are found by chance where 6 are asked for, but 3 where 5 are.
    frame = criteria([0.8, 0.99, 0.99, 0.99, 0.92, 0.99], [5.0, 9.0, 8.0, 7.0, 6.0, 5.0], [0.5, 1, 1, 1, 1, 1])
    found = topic_number.choose(frame.assign(n_found=[2, 3, 3, 3, 5, 3]))
    assert found["choice"].tolist() == ["runner-up", "chosen", "", "", "", ""]
    # Five that are found where five are asked for are five.
    found = topic_number.choose(frame.assign(n_found=[2, 3, 4, 5, 5, 5]))
    assert found["choice"].tolist() == ["", "runner-up", "", "chosen", "", ""]


def test_what_each_criterion_takes_by_itself():
    frame = criteria([0.95, 0.5, 0.5, 0.5, 0.9, 0.89], [0.0, 3.0, 6.0, 9.0, 9.0, 9.0], 0.5).assign(silhouette=np.nan)
    found = topic_number.picks(topic_number.choose(frame))
    # 4 as above; the information is the same everywhere: 2. The mean of 2 and 1 is 1.5; 3 has 1.585, 2 has 1. The
    # greatest: likelihood at 5 (before 6 and 7, its equals), stability at 2, ties at the smallest, unknown none.
    assert found["n_topics"].tolist() == [4, 2, 3, 6, 5, 2, 2, 2, 2, pd.NA, 2]
    assert found["use"].tolist() == [topic_number.USES[i] for i in (0, 0, 1, 2, *[3] * 7)]
    assert topic_number.picks(topic_number.no_selection()).empty


def test_likelihoods_below_zero_are_counted_from_the_smallest():
    found = topic_number.choose(criteria([0.1] * 3, [-1.0, -1.0, -4.0]))
    # Smoothed: -1, -2, -2.5; from -2.5: 1.5, 0.5, 0. 2 alone has enough; the range is two more on the side there is.
    np.testing.assert_allclose(found["share"], [1, 1 / 3, 0], atol=1e-6)
    assert found["choice"].tolist() == ["chosen", "", "runner-up"]


def test_unknown_values_never_win():
    found = topic_number.choose(criteria([np.nan, np.nan], [np.nan, np.nan]))
    assert found["choice"].tolist() == ["chosen", "runner-up"]
    named = topic_number.picks(found)
    assert named.loc[named["use"] == topic_number.USES[0], "n_topics"].isna().all()
    one = topic_number.choose(criteria([0.2], [0.1]))
    assert one["choice"].tolist() == ["chosen"]


values = st.lists(st.one_of(st.just(np.nan), st.floats(-10, 10)), min_size=24, max_size=24)


@given(values, st.integers(1, 8))
def test_one_is_chosen_within_one_range(numbers, n):
    stability, likelihood, information = np.reshape(numbers, (3, 8))[:, :n]
    found = topic_number.choose(criteria(np.clip(stability, -1, 1), likelihood, information))
    assert (found["choice"] == "chosen").sum() == 1
    assert (found["choice"] == "runner-up").sum() == (n > 1)
    inside = np.flatnonzero(found["score"].notna())
    assert inside.tolist() == list(range(inside[0], inside[-1] + 1))
    assert found.loc[found["choice"] != "", "score"].notna().all()
    named = topic_number.picks(found)
    assert named.loc[named["use"] == topic_number.USES[0], "n_topics"].dropna().isin(found["n_topics"][inside]).all()


def test_candidates_by_hand():
    assert topic_number.candidates(1) == []
    assert topic_number.candidates(4) == [2]
    assert topic_number.candidates(47) == [2, 3, 4, 5, 6, 7, 8]
    assert topic_number.candidates(10**6) == [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 29, 35]


def test_a_sample_keeps_groups_whole():
    groups = np.repeat(np.arange(50), 4)
    rows = topic_number.sample(groups, 82, np.random.default_rng(0).random(50))
    assert len(rows) == 80
    assert (np.bincount(groups[rows], minlength=50) % 4 == 0).all()
    assert topic_number.sample(groups, 200, np.zeros(50)).tolist() == list(range(200))


def test_a_sample_goes_by_the_chance_of_a_group():
    # The first and the third group have the smallest chances, and then the limit is reached.
    groups = np.array([0, 1, 0, 2, 1, 2])
    assert topic_number.sample(groups, 4, np.array([0.1, 0.4, 0.2])).tolist() == [0, 2, 3, 5]
    # What does not fit is passed over; a first group that is larger than all that is asked for is cut.
    assert topic_number.sample(np.array([0, 0, 0, 1, 1, 2]), 3, np.array([0.9, 0.1, 0.5])).tolist() == [3, 4, 5]
    assert topic_number.sample(np.array([0, 0, 0, 1]), 2, np.array([0.1, 0.5])).tolist() == [0, 1]


def test_large_groups_are_no_likelier_in_a_sample():
    groups = np.concatenate([np.arange(2000), np.repeat(np.arange(2000, 2100), 10)])
    units = pd.DataFrame({"article_id": [f"a{i}" for i in range(3000)], "segment": -1})
    keys = chances.of_groups(chances.keys(units), groups)
    rows = [topic_number.sample(groups, 1500, chances.uniform(keys, [seed, 0])) for seed in range(20)]
    large = np.mean([(np.unique(groups[r]) >= 2000).sum() / 100 for r in rows])
    single = np.mean([(np.unique(groups[r]) < 2000).sum() / 2000 for r in rows])
    assert abs(large - 0.5) < 0.05
    assert abs(single - 0.5) < 0.05


def test_silhouette_agrees_with_sklearn_where_clusters_are_points():
    # Where all units of a topic are the same point, distances to centres and to units are the same.
    points = directions.unit_rows(np.array([[1, 0.0], [1, 0], [0, 1], [0, 1], [1, 1]]))
    labels = np.array([0, 0, 1, 1, 2])
    expected = silhouette_samples(points[:4], labels[:4], metric="cosine").mean()
    assert topic_quality.silhouette(points[:4], labels[:4]) == pytest.approx(expected)
    assert np.isnan(topic_quality.silhouette(points, np.zeros(5, dtype=int)))


def test_silhouette_of_units_alone_is_zero():
    points = directions.unit_rows(np.array([[1, 0.0], [1, 0], [0, 1]]))
    assert topic_quality.silhouette(points, np.array([0, 1, 2])) == 0
    # Two units that are one point, 1 each; the third alone: (1 + 1 + 0) / 3.
    assert topic_quality.silhouette(points, np.array([0, 0, 1])) == pytest.approx(2 / 3)


def test_eigengaps_by_hand():
    # Three orthogonal groups of 4, 2 and 1 units: eigenvalues 4, 2, 1; gaps 2/4, 1/2; what follows is not known.
    points = np.repeat(np.eye(3), [4, 2, 1], axis=0)
    np.testing.assert_allclose(topic_quality.eigengaps(points, 4)[1:], [0.5, 0.5, np.nan, np.nan])
    # In five dimensions it is: nothing after the third, so the fall there is whole; none beyond.
    points = np.repeat(np.eye(5)[:3], [4, 2, 1], axis=0)
    np.testing.assert_allclose(topic_quality.eigengaps(points, 6)[1:], [0.5, 0.5, 1, np.nan, np.nan, np.nan])


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


def test_more_of_short_texts_are_looked_at(monkeypatch):
    # Ten terms of units are enough: five units of two terms each, but at least 4 and at most 6.
    monkeypatch.setattr(topic_number, "SAMPLE_TERMS", 10)
    monkeypatch.setattr(topic_number, "SAMPLE", (4, 6))
    looked = []
    monkeypatch.setattr(topic_number, "sample", lambda groups, limit, chance: looked.append(limit) or np.arange(10))
    for n_terms in (1, 2, 5):
        counts = sparse.csr_array(np.tile([1, 0] * n_terms, (20, 1)))
        topic_number.select(clustering.space(counts, n_topics=2), counts, np.arange(20), np.ones(2 * n_terms, bool))
    assert looked == [6, 5, 4]


def test_shares_of_likelihoods_above_zero_are_of_the_greatest():
    # Smoothed: 6, 6, 8, 10, 12, 12; 0.55 of 12 is reached at 4. The range is two on either side of it.
    found = topic_number.choose(criteria([0.5] * 6, [6.0, 6.0, 6.0, 12.0, 12.0, 12.0]))
    np.testing.assert_allclose(found["share"], [0.5, 0.5, 2 / 3, 5 / 6, 1, 1], atol=1e-6)
    assert found["score"].notna().tolist() == [True] * 5 + [False]


def test_an_unknown_likelihood_counts_as_the_smallest():
    # -3, -3, -1 smoothed: -3, -7/3, -2; from -3: 0, 2/3, 1.
    found = topic_number.choose(criteria([0.5] * 3, [np.nan, -3.0, -1.0]))
    np.testing.assert_allclose(found["share"], [0, 2 / 3, 1], atol=1e-6)


def test_a_range_of_the_last_number_alone():
    # Smoothed: 0, 1/3, 1. There is no next number; 3 is a neighbour.
    found = topic_number.choose(criteria([0.9, 0.1, 0.1], [-1.0, 1.0, 1.0]).assign(n_found=[2, 3, 4]))
    np.testing.assert_allclose(found["share"], [0, 1 / 3, 1], atol=1e-6)
    assert found["choice"].tolist() == ["runner-up", "", "chosen"]


def test_what_is_found_goes_to_the_number_nearest_in_proportion():
    # Nine topics are found with ten tried: 10 / 9 is less than 9 / 8.
    frame = pd.DataFrame({"n_topics": [8, 10], "n_found": [8, 9], "share": [0.5, 1.0], "information_share": [0.5, 1.0]})
    frame = frame.assign(**dict.fromkeys(topic_number.CRITERIA, 0.5))
    assert topic_number.picks(frame).set_index("use").loc[topic_number.USES[1], "n_topics"] == 10


def test_means_over_topics_count_units():
    # (3 * 1 + 1 * 0) / 4; what is unknown and what has no unit is left out.
    assert topic_number._over_topics(np.array([1.0, 0.0, np.nan, 5.0]), np.array([3, 1, 4, 0])) == 0.75
    assert np.isnan(topic_number._over_topics(np.array([np.nan, 5.0]), np.array([4, 0])))


def test_criteria_are_those_of_the_sample(monkeypatch):
    rng = np.random.default_rng(3)
    counts = sparse.csr_array(sparse.block_diag([rng.poisson(1.0, (20, 6)) for _ in range(2)]).toarray())
    units = clustering.space(counts, n_topics=4, keys=np.arange(40, dtype=np.uint64))
    fits = []

    def spied(part, k, **given):
        fits.append((part, given["groups"], *cluster(part, k, **given)))
        return fits[-1][2:]

    cluster = topic_number.repeats.cluster
    monkeypatch.setattr(topic_number, "SAMPLE", (20, 20))
    monkeypatch.setattr(topic_number.repeats, "cluster", spied)
    pairs, every = np.arange(40) // 2, np.ones(12, dtype=bool)
    found = topic_number.select(units, counts, pairs, every, random_state=1)
    chance = chances.uniform(np.arange(0, 40, 2, dtype=np.uint64), [1, 0])
    rows = np.flatnonzero(np.isin(pairs, np.argsort(chance)[:10]))
    assert found["n_topics"].tolist() == [2, 3, 4]
    for row, (part, groups, mixture, memberships, repeated) in zip(found.itertuples(), fits, strict=True):
        assert part.keys.tolist() == rows.tolist()
        assert groups.tolist() == np.repeat(np.arange(10), 2).tolist()
        labels = memberships.argmax(axis=1)
        top = topic_quality.typical(mixture, every, topic_number.N_TOP)
        for name, values in {
            "coherence": topic_quality.npmi_coherence(counts[rows], top),
            "exclusivity": topic_quality.exclusivity(mixture.terms, top),
            "stability": topic_quality.stability(labels, repeated, row.n_topics),
        }.items():
            # Each unit has the value of its topic.
            assert getattr(row, name) == pytest.approx(np.nanmean(values[labels]), abs=1e-6)
        assert row.likelihood == pytest.approx(sum(repeated.gain) / 5, abs=1e-6)
        assert row.n_found == len(set(labels.tolist()))


def test_a_topic_of_one_unit_is_found(monkeypatch):
    units = clustering.space(sparse.csr_array(np.eye(10, dtype=int) + 1), n_topics=2)
    labels = np.array([0] * 9 + [1])
    mixture = mixtures.Mixture(np.full((2, 10), 0.1), np.full(2, 0.5), np.full(10, 0.1), units.points[:2])
    repeated = repeats.Repeats(labels[None].astype(np.int16), np.arange(10)[None] % 2 == 0, np.array([1.0]))
    monkeypatch.setattr(topic_number.repeats, "cluster", lambda *_, **__: (mixture, np.eye(2)[labels], repeated))
    counts = sparse.csr_array(np.eye(10, dtype=int))
    found = topic_number.select(units, counts, np.arange(10), np.ones(10, dtype=bool))
    assert found["n_found"].tolist() == [2]
