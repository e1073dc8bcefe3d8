import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, sparse, stats
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
    # Design effects: a variance of (3 - 3 * 9/14 ...) below Poisson's counts as 1, and the reference has none: 1 each.
    # z = 3 * 14 / sqrt(3/28 * 14 * 14 * (14 + 14)) = 1.732, t with (28 * 28) / (14^2 / 1 + 14^2 / 2) = 2.667 degrees.
    # By the 10 ways to choose two articles p is no larger.
    assert iran["p"] == pytest.approx(2 * stats.t.sf(np.sqrt(3), 8 / 3))
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


def spread(n_target: list[int], n_reference: list[int], *, size: int = 100, size_reference: int = 0) -> pd.Series:
    """Keyness of "iran" in articles with so many of it among so many tokens."""
    lengths = [size] * len(n_target) + [size_reference or size] * len(n_reference)
    texts = ["iran " * n + "talks " * (m - n) for n, m in zip(n_target + n_reference, lengths, strict=True)]
    counts = tokens.document_terms(articles(*texts))
    target = pd.Series([k < len(n_target) for k in range(len(texts))], index=counts.article_ids)
    return row(terms.keyness(counts, target), "iran")


def test_equal_rates_give_a_ratio_of_exactly_zero():
    # 2 of 1,000 against 20 of 10,000: half an occurrence added to each side would make it .29.
    assert spread([1, 1], [2] * 10, size=500, size_reference=1000)["log2_ratio"] == 0


def test_a_target_without_the_term_has_not_more_of_it():
    # 500 tokens against 5,000, none and one: (0 + 1/11) / 500 against (1 + 10/11) / 5000.
    found = spread([0], [0] * 9 + [1], size=500)
    assert found["log2_ratio"] == pytest.approx(np.log2((1 / 11 / 500) / (21 / 11 / 5000)))
    assert found["log2_ratio"] < 0
    absent = spread([0] * 10, [4] + [0] * 199)
    assert absent["log2_ratio"] < 0
    assert (absent["ci_low"], absent["ci_high"] > 0) == (-np.inf, True)


def test_few_articles_have_a_test_but_no_interval():
    found = spread([9] * 4, [0] * 9)
    assert np.isnan(found["ci_low"])
    assert np.isnan(found["ci_high"])
    assert not np.isnan(found["p"])
    assert spread([9] * 5, [0] * 9)[["ci_low", "ci_high"]].notna().all()
    alone = spread([9], [0] * 9)
    assert np.isnan(alone["p"])
    assert np.isnan(alone["q"])


def test_absence_is_not_certain():
    # The term in no reference article: nothing bounds the ratio above, and below it is known with error.
    found = spread([3] * 10, [0] * 10)
    assert found["ci_high"] == np.inf
    assert 0 < found["ci_low"] < found["log2_ratio"] - 1


def test_the_test_holds_its_level_where_lengths_differ():
    """The same rate in articles of 2,000 tokens and of 300: 5 in 100 may be rejected."""
    rng = np.random.default_rng(0)
    lengths = np.repeat([2000, 300], 40)
    for shape in (None, 1.0):
        rates = 0.0005 * (rng.gamma(shape, 1 / shape, size=(200, 80)) if shape else np.ones((200, 80)))
        n = rng.poisson(rates * lengths)
        filler = lengths - n.sum(axis=0)
        matrix = sparse.csr_array(np.vstack([n, filler]).T)
        names = pd.Index([f"t{i:03}" for i in range(200)] + ["z"], dtype="str")
        counts = tokens.DocumentTerms(
            **{**COUNTS.__dict__, "matrix": matrix, "n_tokens": lengths, "terms": names, "labels": names,
               "article_ids": pd.Index([f"a{i}" for i in range(80)], dtype="str", name="article_id")}
        )  # fmt: skip
        target = pd.Series(lengths > 300, index=counts.article_ids)
        found = terms.keyness(counts, target, n_permutations=499)
        found = found[found["term"] != "z"]
        # Binomial(200, .05) exceeds 18 once in a hundred.
        assert (found["p"] <= 0.05).sum() <= 18
        outside = (found["ci_low"] > 0) | (found["ci_high"] < 0)
        assert not (outside & (found["p"] > 0.06)).any()


def test_a_word_that_one_article_repeats_is_no_finding():
    texts = ["sanctions " * 60 + "talks " * 40] + ["talks " * 100] * 5 + ["talks " * 100] * 6
    counts = tokens.document_terms(articles(*texts))
    target = pd.Series([True] * 6 + [False] * 6, index=counts.article_ids)
    found = row(terms.keyness(counts, target), "sanctions")
    assert found["g2"] > 80
    assert found["p"] > 0.3
    assert found["dp_target"] == pytest.approx(1.0)
    assert found["ci_low"] < 0


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
    one = terms.keyness(counts, target, n_permutations=0).sort_values("term", ignore_index=True)
    two = terms.keyness(counts, ~target, n_permutations=0).sort_values("term", ignore_index=True)
    for column in ("log2_ratio", "g2", "log_odds", "z", "log2_ratio_shrunk"):
        np.testing.assert_allclose(one[column], -two[column], atol=1e-3)
    np.testing.assert_allclose(one["p"], two["p"])
    np.testing.assert_allclose(one["n_target"], two["n_reference"])
