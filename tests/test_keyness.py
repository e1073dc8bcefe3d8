import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from scipy.special import digamma, polygamma

from analysis import frames, keyness, terms, tokens


def articles(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


TEXTS = (
    "Iran Iran Cuba talks talks the the the sea",
    "Iran Cuba talks the the",
    "Cuba Chad the the sea sea",
    "Chad the the the talks",
    "Chad Peru the",
)
COUNTS = tokens.document_terms(articles(*TEXTS))
TARGET = pd.Series([True, True, False, False, False], index=COUNTS.article_ids)


def row(found: pd.DataFrame, term: str) -> pd.Series:
    return found.set_index("term").loc[term]


def test_keyness_by_hand():
    found = terms.keyness(COUNTS, TARGET)
    assert list(found) == list(frames.SCHEMAS["keyness"])
    iran = row(found, "iran")  # 3 of 14 tokens against 0 of 14
    assert iran[["n_target", "n_reference", "df_target", "df_reference"]].tolist() == [3, 0, 2, 0]
    assert iran["per_million_target"] == pytest.approx(3e6 / 14)
    assert iran["log2_ratio"] == pytest.approx(np.log2(3.5 / 0.5))
    # Rates 2/9, 1/5 against 0, 0, 0: no other of the 10 ways to choose two articles is as far out.
    assert iran["p"] == pytest.approx(0.1)
    # Within the target: shares 9/14 and 5/14, occurrences 2/3 and 1/3: DP = |2/3 - 9/14|, normalised by 1 - 5/14.
    assert iran["dp_target"] == pytest.approx((2 / 3 - 9 / 14) / (9 / 14))
    assert np.isnan(iran["dp_reference"])
    assert found["term"].iloc[0] == "iran"
    assert found["term"].iloc[-1] == "chad"


def test_g2_is_that_of_scipy():
    found = terms.keyness(COUNTS, TARGET)
    for _, term in found.iterrows():
        table = [[term["n_target"], term["n_reference"]], [14 - term["n_target"], 14 - term["n_reference"]]]
        expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        assert abs(term["g2"]) == pytest.approx(expected)
        assert np.sign(term["g2"]) == np.sign(term["n_target"] - term["n_reference"])


def test_g2_of_dunnings_own_table():
    # Dunning (1993), table of bigrams in a corpus of 31,777 words: "the swiss" 110, 2442, 111, 29114 scores 270.72.
    assert keyness.g2(110, 2442, 111, 29114) == pytest.approx(270.72, abs=0.01)


def test_log_odds_are_those_of_the_posterior():
    # With many counts Monroe et al.'s approximation meets the exact posterior: log odds of Beta(a, b) have mean
    # digamma(a) - digamma(b) and variance trigamma(a) + trigamma(b).
    counts = tokens.document_terms(articles("iran " * 300 + "talks " * 700, "iran " * 100 + "talks " * 400))
    target = pd.Series([True, False], index=["a0", "a1"])
    iran = row(terms.keyness(counts, target, prior_tokens=150), "iran")
    prior = 150 * 400 / 1500
    (a1, b1), (a2, b2) = (300 + prior, 700 + 150 - prior), (100 + prior, 400 + 150 - prior)
    mean = digamma(a1) - digamma(b1) - digamma(a2) + digamma(b2)
    variance = sum(polygamma(1, x) for x in (a1, b1, a2, b2))
    assert iran["log_odds"] == pytest.approx(mean, abs=0.004)
    # Their variance leaves out the terms of the other words (their eq. 20), so z is a little larger.
    short = sum(polygamma(1, x) for x in (a1, a2))
    assert iran["z"] == pytest.approx(mean / np.sqrt(short), rel=0.02)
    assert iran["z"] > mean / np.sqrt(variance)


def test_log_odds_by_hand():
    # 3 and 0 of 14, prior of 28 tokens in all: 28 * 3/28 = 3. odds (3+3)/(14+28-6) and (0+3)/(14+28-3).
    iran = row(terms.keyness(COUNTS, TARGET, prior_tokens=28), "iran")
    expected = np.log(6 / 36) - np.log(3 / 39)
    assert iran["log_odds"] == pytest.approx(expected)
    assert iran["z"] == pytest.approx(expected / np.sqrt(1 / 6 + 1 / 3))


def test_q_is_that_of_benjamini_and_hochberg():
    found = terms.keyness(COUNTS, TARGET)
    p = np.sort(found["p"].to_numpy())
    m = len(p)
    adjusted = np.minimum.accumulate((p * m / np.arange(1, m + 1))[::-1])[::-1]
    np.testing.assert_allclose(np.sort(found["q"]), np.minimum(adjusted, 1))


def test_shrinkage_is_that_of_the_most_likely_beta_prior():
    rng = np.random.default_rng(0)
    n = rng.geometric(0.1, size=300)
    n_a = rng.binomial(n, rng.beta(4, 8, size=300))
    ours = keyness._shrunk(n_a, n - n_a, 1000, 2000)

    def loss(weight):
        return -stats.betabinom.logpmf(n_a, n, weight / 3, weight * 2 / 3).sum()

    weight = optimize.minimize_scalar(loss, bounds=(0.1, 1000), method="bounded").x
    assert 6 < weight < 24  # drawn with 12
    share = (n_a + weight / 3) / (n + weight)
    np.testing.assert_allclose(ours, np.log2(share / (1 - share) * 2), atol=1e-3)


def test_shrinkage_draws_small_counts_furthest_and_keeps_their_sign():
    n_a, n_b = np.array([1, 3, 30, 300, 1, 40]), np.array([0, 1, 10, 100, 3, 1])
    shrunk, plain = keyness._shrunk(n_a, n_b, 1000, 1000), np.log2(n_a / np.maximum(n_b, 0.1))
    assert (np.sign(shrunk) == np.sign(plain)).all()
    assert 0 < shrunk[1] < shrunk[2] < shrunk[3] < np.log2(3)


def test_without_any_difference_everything_is_drawn_to_zero():
    even = np.array([10, 20, 30])
    assert keyness._shrunk(even, even, 1000, 1000).tolist() == [0, 0, 0]


def test_intervals_resample_articles_within_the_groups():
    # All resamples of 2 target and 2 reference articles, equally likely; the middle half of them, no widening.
    counts = tokens.document_terms(articles("iran iran cuba", "cuba cuba", "iran cuba cuba", "cuba iran iran iran"))
    target = pd.Series([True, True, False, False], index=counts.article_ids)
    found = row(terms.keyness(counts, target, n_boot=8000, level=0.3), "iran")
    n, size = np.array([2, 0, 1, 3]), np.array([3, 2, 3, 4])
    ratios = []
    for a in ((0, 0), (0, 1), (1, 0), (1, 1)):
        for b in ((2, 2), (2, 3), (3, 2), (3, 3)):
            (x, y), (k, m) = ((n[list(d)].sum() for d in (a, b)), (size[list(d)].sum() for d in (a, b)))
            ratios.append(np.log2((x + 0.5) / k) - np.log2((y + 0.5) / m))
    # Two articles, 30%: t = .5095 with 1 degree of freedom, times sqrt(2) = .7206: Phi(-.7206) = .2356.
    low, high = np.quantile(ratios, [0.2356, 0.7644], method="inverted_cdf")
    assert found["ci_low"] == pytest.approx(low)
    assert found["ci_high"] == pytest.approx(high)


def test_a_word_that_one_article_repeats_is_no_finding():
    texts = ["sanctions " * 60 + "talks " * 40] + ["talks " * 100] * 5 + ["talks " * 100] * 6
    counts = tokens.document_terms(articles(*texts))
    target = pd.Series([True] * 6 + [False] * 6, index=counts.article_ids)
    found = row(terms.keyness(counts, target), "sanctions")
    assert found["g2"] > 80
    assert found["p"] == 1.0
    assert found["dp_target"] == pytest.approx(1.0)
    assert found["ci_low"] < 0.01


def test_articles_not_listed_are_left_out():
    target = pd.Series([True, False], index=["a0", "a4"])
    found = terms.keyness(COUNTS, target)
    alone = terms.keyness(tokens.document_terms(articles(*TEXTS).iloc[[0, 4]]), target)
    pd.testing.assert_frame_equal(found, alone)
    with_na = pd.Series([True, pd.NA, pd.NA, pd.NA, False], index=COUNTS.article_ids, dtype="boolean")
    pd.testing.assert_frame_equal(terms.keyness(COUNTS, with_na), alone)


def test_rare_and_stop_words_are_not_tested():
    found = terms.keyness(COUNTS, TARGET, min_n=3, stop_words=["the"])
    assert sorted(found["term"]) == ["chad", "cuba", "iran", "sea", "talks"]
    every = terms.keyness(COUNTS, TARGET)
    assert row(found, "iran")["per_million_target"] == row(every, "iran")["per_million_target"]
    assert row(found, "iran")["q"] < row(every, "iran")["q"]


def test_articles_of_one_story_count_as_one():
    stories = pd.Series(["s0", "s0", "s1", "s2", "s2"], index=COUNTS.article_ids)
    found = terms.keyness(COUNTS, TARGET, clusters=stories)
    assert found["ci_low"].isna().all()  # one story in the target
    assert row(found, "iran")["df_target"] == 1
    with pytest.raises(ValueError, match="cluster 's' has articles in both groups"):
        terms.keyness(COUNTS, TARGET, clusters=pd.Series("s", index=COUNTS.article_ids))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (pd.Series(False, index=COUNTS.article_ids), "the target group has no article among the 5 counted"),
        (pd.Series(True, index=COUNTS.article_ids), "the reference group has no article among the 5 counted"),
        (pd.Series([True, False], index=["a0", "a0"]), "article 'a0' has two rows in the target"),
    ],
)
def test_groups_without_articles_are_refused(target, message):
    with pytest.raises(ValueError, match=message):
        terms.keyness(COUNTS, target)


def test_a_group_without_tokens_is_refused():
    counts = tokens.document_terms(articles("Iran", "…"))
    with pytest.raises(ValueError, match="the reference group has 1 articles but no token"):
        terms.keyness(counts, pd.Series([True, False], index=["a0", "a1"]))


@given(st.lists(st.lists(st.sampled_from("iran cuba chad".split()), min_size=1, max_size=9), min_size=4, max_size=7))
def test_swapping_the_groups_changes_signs_only(texts):
    counts = tokens.document_terms(articles(*map(" ".join, texts)))
    target = pd.Series([k < 2 for k in range(len(texts))], index=counts.article_ids)
    one = terms.keyness(counts, target, n_boot=0).sort_values("term", ignore_index=True)
    two = terms.keyness(counts, ~target, n_boot=0).sort_values("term", ignore_index=True)
    for column in ("log2_ratio", "g2", "log_odds", "z", "log2_ratio_shrunk"):
        np.testing.assert_allclose(one[column], -two[column], atol=1e-3)
    np.testing.assert_allclose(one["p"], two["p"])
    np.testing.assert_allclose(one["n_target"], two["n_reference"])
