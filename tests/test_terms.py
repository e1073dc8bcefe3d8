import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.feature_extraction.text import TfidfTransformer

from analysis import frames, terms, tokens


def articles(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


def test_frequencies_by_hand():
    # 8 tokens, 6 and 2 an article: shares 3/4 and 1/4.
    # talks: 3 of 4 occurrences in a0, DP = (|3/4 - 3/4| + |1/4 - 1/4|) / 2 = 0.
    # cuba: (3/4 + 3/4) / 2 = 3/4, normalised 3/4 / (1 - 1/4) = 1. sea: (1/4 + 1/4) / 2 = 1/4.
    counts = tokens.document_terms(articles("Talks, talks, talks on the sea.", "Cuba talks."))
    found = terms.frequencies(counts, n_boot=0, stop_words=["on", "the"])
    expected = pd.DataFrame(
        {
            "term": ["talks", "cuba", "sea"],
            "n": [4, 1, 1],
            "df": [2, 1, 1],
            "per_million": [500_000.0, 125_000.0, 125_000.0],
            "ci_low": [np.nan] * 3,
            "ci_high": [np.nan] * 3,
            "dp": [0.0, 0.75, 0.25],
            "dp_norm": [0.0, 1.0, 1 / 3],
            "rank": [1, 2, 2],
            "label": ["talks", "Cuba", "sea"],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_dispersion_of_gries_own_example():
    # Gries (2008, 2020): a corpus of five parts; "a" occurs 1, 2, 3, 4, 5 times in 9, 10, 10, 10, 11 words:
    # DP = (.1133 + .0667 + 0 + .0667 + .1133) / 2 = .18, normalised .18 / (1 - .18) = .2195.
    parts = "b a m n i b e u p|b a s a t b e w q n|b c a g a b e s t a|b a g h a b e a a t|b a h a a b e a x a t"
    found = terms.frequencies(tokens.document_terms(articles(*parts.split("|"))), n_boot=0).set_index("term")
    assert found.loc["a", "dp"] == pytest.approx(0.18)
    assert found.loc["a", "dp_norm"] == pytest.approx(0.18 / 0.82)
    assert found.loc["x", "dp_norm"] == pytest.approx((1 - 11 / 50) / (1 - 9 / 50))


def test_articles_without_tokens_count_for_nothing():
    texts = ("Cuba Iran Iran", "Cuba", "Iran Chad Cuba")
    full = terms.frequencies(tokens.document_terms(articles(*texts, "…", "Comments are closed.")))
    pd.testing.assert_frame_equal(full, terms.frequencies(tokens.document_terms(articles(*texts))))


def test_the_interval_is_that_of_every_resample():
    # Five articles: the 3,125 equally likely resamples, gone through one by one.
    texts = ("Iran Iran Cuba Chad", "Iran Cuba", "Cuba Chad Chad Chad Peru Iran", "Peru Iran Cuba", "Chad Cuba Cuba")
    counts = tokens.document_terms(articles(*texts))
    found = terms.frequencies(counts, n_boot=20_000, level=0.5)
    matrix, sizes = counts.matrix.toarray(), counts.n_tokens
    every = [(matrix[list(d)].sum(axis=0) / sizes[list(d)].sum()) for d in itertools.product(range(5), repeat=5)]
    # Hesterberg's quantile for 5 articles at 50%: t = .74070 with 4 degrees of freedom, times sqrt(5/4): Phi(-.82813).
    low, high = np.quantile(every, [0.20380, 0.79620], axis=0, method="inverted_cdf")
    # The exact Poisson interval, by design effects of n and the quantiles of t and the normal distribution.
    n = matrix.sum(axis=0)
    gaps = matrix - np.outer(sizes, n / sizes.sum())
    effect = np.maximum((gaps**2).sum(axis=0) * 5 / 4 / n, 1) * (0.74070 / 0.67449) ** 2
    low = np.minimum(low, stats.chi2.ppf(0.25, 2 * n / effect) / 2 * effect / sizes.sum()) * 1e6
    high = np.maximum(high, stats.chi2.ppf(0.75, 2 * n / effect + 2) / 2 * effect / sizes.sum()) * 1e6
    order = counts.terms.get_indexer(found["term"])
    np.testing.assert_allclose(found["ci_low"], low[order], rtol=1e-4)
    np.testing.assert_allclose(found["ci_high"], high[order], rtol=1e-4)


def test_the_interval_covers_as_often_as_it_says():
    # 120 corpora of 6 articles of 100 tokens, rates drawn around 0.2: nominal 90%.
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(120):
        n = rng.binomial(100, np.clip(rng.normal(0.2, 0.05, 6), 0, 1))
        texts = [" ".join(["iran"] * k + ["word"] * (100 - k)) for k in n]
        found = terms.frequencies(tokens.document_terms(articles(*texts)), n_boot=300, level=0.9).set_index("term")
        covered.append(found.loc["iran", "ci_low"] <= 200_000 <= found.loc["iran", "ci_high"])
    assert 0.83 <= np.mean(covered) <= 0.97


def test_a_rerun_gives_the_same_interval_and_another_seed_another():
    counts = tokens.document_terms(articles("Iran " * 40 + "Cuba", "Iran Cuba Chad " * 9, "Chad Peru", "Iran", "Peru"))
    first = terms.frequencies(counts)
    pd.testing.assert_frame_equal(first, terms.frequencies(counts))
    assert not first["ci_high"].equals(terms.frequencies(counts, random_state=1, n_boot=50)["ci_high"])


def test_one_article_has_no_interval():
    found = terms.frequencies(tokens.document_terms(articles("Iran Cuba Iran")))
    assert found["ci_low"].isna().all()
    assert found["dp"].tolist() == [0.0, 0.0]
    assert found["dp_norm"].isna().all()


def test_articles_of_one_story_are_resampled_as_one():
    rest = ("Chad Cuba Cuba", "Cuba", "Iran Chad", "Cuba Iran")
    counts = tokens.document_terms(articles("Iran Cuba", "Iran Cuba", *rest))
    stories = pd.Series(["s0", "s0", "s1", "s2", "s3", "s4"], index=counts.article_ids)
    joined = tokens.document_terms(articles("Iran Cuba Iran Cuba", *rest))
    found, as_one = terms.frequencies(counts, clusters=stories), terms.frequencies(joined)
    pd.testing.assert_frame_equal(found[["term", "ci_low", "ci_high"]], as_one[["term", "ci_low", "ci_high"]])
    assert found["ci_low"].notna().all()
    assert found["df"].tolist() == [5, 4, 2]
    of = terms.by_group(counts, pd.Series("x", index=counts.article_ids), clusters=stories)
    pd.testing.assert_frame_equal(of[["term", "ci_low", "ci_high"]], as_one[["term", "ci_low", "ci_high"]])
    assert of["n_articles"].tolist() == [6, 6, 6]
    when = pd.Series(pd.Timestamp("2021-01-01"), index=counts.article_ids)
    over_time = terms.trend(counts, when, terms=as_one["term"], clusters=stories)
    pd.testing.assert_frame_equal(over_time[["term", "ci_low", "ci_high"]], as_one[["term", "ci_low", "ci_high"]])
    assert over_time["n_articles"].tolist() == [6, 6, 6]


def test_groups_of_few_articles_have_no_interval_and_a_lacking_term_has_one():
    texts = ["Iran Iran Cuba"] * 4 + ["Cuba Cuba Chad"] * 5
    counts = tokens.document_terms(articles(*texts))
    found = terms.by_group(counts, pd.Series(["few"] * 4 + ["more"] * 5, index=counts.article_ids))
    found = found.set_index(["group", "term"])
    assert found.loc["few", "ci_low"].isna().all()
    iran = found.loc[("more", "iran")]
    # 15 tokens, and where it occurs it does so twice: 2 * 3.689 / 15, times (t / z)^2 = (2.776 / 1.960)^2: .987.
    assert iran[["n", "ci_low"]].tolist() == [0, 0]
    assert iran["ci_high"] == pytest.approx(2 * 3.68888 / 15 * (2.77645 / 1.95996) ** 2 * 1e6, rel=1e-4)
    chad = found.loc[("more", "chad")]  # once in every article
    assert chad["ci_low"] < 0.6 * chad["per_million"] < 0.6 * chad["ci_high"]


def test_rare_terms_can_be_left_out():
    counts = tokens.document_terms(articles("Iran Iran Cuba", "Chad"))
    found = terms.frequencies(counts, min_n=2)
    assert found["term"].tolist() == ["iran"]
    assert found["per_million"].tolist() == [500_000.0]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n_boot": -1}, ValueError, "n_boot must not be negative: -1"),
        ({"level": 1.0}, ValueError, "level must lie between 0 and 1: 1.0"),
        ({"stop_words": "the"}, TypeError, "not the string 'the'"),
        ({"clusters": pd.Series(["s"], index=["a1"])}, ValueError, "clusters: article 'a0' has none"),
        ({"clusters": pd.Series(["s", "t"], index=["a0", "a0"])}, ValueError, "clusters: article 'a0' has two rows"),
    ],
)
def test_what_frequencies_refuse(options, error, message):
    with pytest.raises(error, match=message):
        terms.frequencies(tokens.document_terms(articles("Iran", "Cuba")), **options)


def test_units_of_an_article_are_added_up():
    text = articles("Iran met Cuba. Iran left.\n\nCuba agreed to it.", "Chad met Iran.")
    by_sentence = terms.frequencies(tokens.document_terms(text, unit="sentence"))
    pd.testing.assert_frame_equal(by_sentence, terms.frequencies(tokens.document_terms(text)))


@given(st.lists(st.lists(st.sampled_from("Iran Cuba Chad talks".split()), max_size=8).map(" ".join), max_size=6))
def test_frequencies_add_up(texts):
    found = terms.frequencies(tokens.document_terms(articles(*texts)), n_boot=20)
    n_tokens = sum(len(t.split()) for t in texts)
    assert found["n"].sum() == n_tokens
    assert found["per_million"].sum() == pytest.approx(1e6 if n_tokens else 0)
    assert (found["df"] <= found["n"]).all()
    assert found["dp"].between(0, 1).all()
    assert (found["dp_norm"].dropna() >= found["dp"][found["dp_norm"].notna()]).all()
    assert found["dp_norm"].dropna().between(0, 1 + 1e-12).all()
    known = found.dropna(subset="ci_low")
    assert (known["ci_low"] <= known["ci_high"]).all()
    assert found["n"].is_monotonic_decreasing


GROUPS = pd.Series(["x", "y", "y", "z"], index=["a0", "a1", "a2", "a3"])


def test_by_group_by_hand():
    counts = tokens.document_terms(articles("Iran Iran Cuba", "Cuba", "Cuba Cuba Iran Chad", "…"))
    found = terms.by_group(counts, GROUPS, n_boot=0)
    assert found[["group", "term", "n", "df", "n_articles", "n_tokens"]].to_numpy().tolist() == [
        ["x", "cuba", 1, 1, 1, 3],
        ["x", "iran", 2, 1, 1, 3],
        ["x", "chad", 0, 0, 1, 3],
        ["y", "cuba", 3, 2, 2, 5],
        ["y", "iran", 1, 1, 2, 5],
        ["y", "chad", 1, 1, 2, 5],
        ["z", "cuba", 0, 0, 1, 0],
        ["z", "iran", 0, 0, 1, 0],
        ["z", "chad", 0, 0, 1, 0],
    ]
    np.testing.assert_allclose(found["per_million"][:6], [1e6 / 3, 2e6 / 3, 0, 6e5, 2e5, 2e5])
    assert found["per_million"][6:].isna().all()


def test_by_group_intervals_are_those_of_the_group_alone():
    texts = ("Iran Iran Cuba", *["Cuba Chad", "Cuba Cuba Iran Chad"] * 3)
    counts = tokens.document_terms(articles(*texts))
    found = terms.by_group(counts, pd.Series(["x"] + ["y"] * 6, index=counts.article_ids))
    alone = terms.frequencies(tokens.document_terms(articles(*texts[1:])))
    assert alone["ci_low"].notna().all()
    ours = found[(found["group"] == "y")].merge(alone, on="term", validate="one_to_one")
    pd.testing.assert_series_equal(ours["ci_low_x"], ours["ci_low_y"], check_names=False)
    assert found.loc[found["group"] == "x", "ci_low"].isna().all()


def test_an_article_without_a_group_is_refused():
    counts = tokens.document_terms(articles("Iran", "Cuba"))
    with pytest.raises(ValueError, match="groups: article 'a1' has none"):
        terms.by_group(counts, pd.Series({"a0": "x"}))


def test_dispersion_of_the_corrections_own_example():
    # Lijffijt and Gries (2012), table 1: three parts alike, 2/3 and 1/3 of the occurrences in two of them:
    # DP = (|1/3 - 2/3| + 0 + |1/3 - 0|) / 2 = 1/3; normalised by 1 - 1/3 it is 1/2. All in one part: 2/3, normalised 1.
    found = terms.frequencies(tokens.document_terms(articles("a a b b", "a c c c", "c c c c")), n_boot=0)
    found = found.set_index("term")
    np.testing.assert_allclose(found.loc["a", ["dp", "dp_norm"]].astype(float), [1 / 3, 1 / 2])
    np.testing.assert_allclose(found.loc["b", ["dp", "dp_norm"]].astype(float), [2 / 3, 1])


def test_shared_vocabulary_by_hand():
    # a3 has no token: it is no article of z. x has one article, which shares nothing with itself.
    counts = tokens.document_terms(articles("Iran Iran Cuba the", "Cuba Chad the", "Cuba Cuba Iran Chad the", "…", "…"))
    groups = pd.Series(["x", "y", "y", "z", "z"], index=counts.article_ids)
    found = terms.shared(counts, groups, stop_words=["the"])
    expected = pd.DataFrame(
        {
            "group": ["y", "y"],
            "term": ["chad", "cuba"],
            "n": [2, 3],
            "df": [2, 2],
            "n_articles": [2, 2],
            "share_of_articles": [1.0, 1.0],
            "n_elsewhere": [0, 1],
            "df_elsewhere": [0, 1],
            "n_articles_elsewhere": [1, 1],
            "label": ["Chad", "Cuba"],
        }
    )
    pd.testing.assert_frame_equal(found, expected)
    assert terms.shared(counts, groups, min_share=0.5)["term"].tolist() == ["chad", "cuba", "the", "iran"]
    with pytest.raises(ValueError, match="min_share must be above 0 and at most 1: 0"):
        terms.shared(counts, groups, min_share=0)
    nothing = tokens.document_terms(articles())
    pd.testing.assert_frame_equal(terms.shared(nothing, groups.head(0)), frames.empty("shared_terms"))


def test_wildcards_count_what_the_concordance_finds():
    text = articles("Sanctions and a sanction.", "SANCTIONED Iran, unsanctioned Cuba", "none")
    found = terms.positions(text, terms=["sanction*", "iran", "sanctions", "iran"])
    assert found[["article_id", "term", "position"]].to_numpy().tolist() == [
        ["a0", "sanction*", 0],
        ["a0", "sanctions", 0],
        ["a0", "sanction*", 3],
        ["a1", "sanction*", 0],
        ["a1", "iran", 1],
    ]
    hits = terms.concordances(text, ["iran", "sanction*", "iran"])
    assert hits["pattern"].tolist() == ["iran"] + ["sanction*"] * 3
    assert sorted(hits["start"]) == sorted(found.loc[found["term"] != "sanctions", "start"])
    counts = tokens.document_terms(text)
    published = pd.Series(pd.to_datetime(["2021-01-01"] * 3, utc=True), index=counts.article_ids)
    assert terms.trend(counts, published, terms=["sanction*", "iran"])["n"].tolist() == [3, 1]
    assert terms.concordances(text, []).columns[0] == "pattern"
    with pytest.raises(ValueError, match="must be one word: 'a b\\*'"):
        terms.positions(text, terms=["a b*"])


def test_tf_idf_by_hand_and_by_scikit_learn():
    counts = tokens.document_terms(articles("Iran Iran Cuba talks", "Cuba talks", "talks"))
    found = terms.tf_idf(counts)
    # iran in a0: tf 2/4, idf ln(3/1); cuba: 1/4, ln(3/2); talks: idf ln(3/3) = 0.
    assert found[["article_id", "term", "n", "df"]].to_numpy().tolist() == [
        ["a0", "iran", 2, 1],
        ["a0", "cuba", 1, 2],
        ["a0", "talks", 1, 3],
        ["a1", "cuba", 1, 2],
        ["a1", "talks", 1, 3],
        ["a2", "talks", 1, 3],
    ]
    np.testing.assert_allclose(found["tf_idf"][:3], [0.5 * np.log(3), 0.25 * np.log(1.5), 0])
    # scikit-learn adds 1 to the idf and takes counts for tf.
    oracle = TfidfTransformer(norm=None, smooth_idf=False).fit_transform(counts.matrix).toarray()
    ours = found.pivot(index="article_id", columns="term", values="idf").fillna(0).to_numpy()
    np.testing.assert_allclose((ours + 1) * counts.matrix.toarray(), oracle)
    assert terms.tf_idf(counts, n_top=1)["term"].tolist() == ["iran", "cuba", "talks"]


def test_tf_idf_counts_a_story_once_and_leaves_stop_words_out():
    """A wire report in three copies and one other article: N = 2 stories, iran in 1, talks in 2."""
    counts = tokens.document_terms(articles("Iran the talks", "Iran the talks", "Iran the talks", "the talks"))
    stories = pd.Series(["s", "s", "s", "t"], index=counts.article_ids)
    found = terms.tf_idf(counts, stop_words=["the"], clusters=stories)
    assert found["term"].tolist() == ["iran", "talks"] * 3 + ["talks"]
    assert found["df"].tolist() == [1, 2] * 3 + [2]
    # the stop word stays among the tokens: tf = 1 / 3
    np.testing.assert_allclose(found["tf_idf"], [np.log(2) / 3, 0] * 3 + [0], atol=1e-15)


def test_shared_vocabulary_counts_a_story_once():
    """Two copies share everything, but are one story; with a second story only what both have is shared."""
    counts = tokens.document_terms(articles("Iran talks", "Iran talks visa", "talks oil", "Peru oil", "Peru"))
    groups = pd.Series(["a", "a", "a", "b", "b"], index=counts.article_ids)
    stories = pd.Series(["s", "s", "t", "u", "u"], index=counts.article_ids)
    assert terms.shared(counts, groups)["term"].tolist() == ["talks", "peru"]
    found = terms.shared(counts, groups, clusters=stories)
    assert found["term"].tolist() == ["talks"]
    columns = ["group", "n", "df", "n_articles", "n_elsewhere", "df_elsewhere", "n_articles_elsewhere"]
    assert found[columns].to_numpy().tolist() == [["a", 3, 2, 2, 0, 0, 1]]
    alone = pd.Series(list("vwxyz"), index=counts.article_ids)
    pd.testing.assert_frame_equal(terms.shared(counts, groups, clusters=alone), terms.shared(counts, groups))


@pytest.mark.parametrize(("period", "every"), [("day", "D"), ("week", "W-MON"), ("year", "YS"), ("auto", "MS")])
def test_trend_takes_the_words_of_over_time(period, every):
    counts = tokens.document_terms(articles("Iran", "Iran"))
    published = pd.Series(pd.to_datetime(["2021-01-04", "2021-02-01"], utc=True), index=counts.article_ids)
    found = terms.trend(counts, published, terms=["iran"], period=period)
    pd.testing.assert_frame_equal(found, terms.trend(counts, published, terms=["iran"], every=every))
    with pytest.raises(ValueError, match="day, week, month, quarter, year, auto, not 'decade'"):
        terms.trend(counts, published, terms=["iran"], period="decade")


def test_trend_shows_gaps_sizes_and_undated_articles():
    texts = ("Iran Cuba", "Iran Iran", "Cuba", "Iran", "Iran Peru Peru Peru", *["Iran"] * 3)
    counts = tokens.document_terms(articles(*texts))
    days = ["2021-01-31", "2021-01-01", "2021-03-15", None, "2021-03-31", *["2021-01-02"] * 3]
    published = pd.to_datetime(pd.Series(days), utc=True)
    published.index = counts.article_ids
    found = terms.trend(counts, published, terms=["iran", "spain"])
    assert found["term"].tolist() == ["iran"] * 4 + ["spain"] * 4
    assert found["period"].dt.strftime("%Y-%m").fillna("undated").tolist()[:4] == [
        "2021-01",
        "2021-02",
        "2021-03",
        "undated",
    ]
    assert found[["n", "df", "n_articles", "n_tokens"]].to_numpy().tolist()[:4] == [
        [6, 5, 5, 7],
        [0, 0, 0, 0],
        [1, 1, 2, 5],
        [1, 1, 1, 1],
    ]
    np.testing.assert_allclose(found["per_million"][:4], [6e6 / 7, np.nan, 200_000, 1e6])
    assert found["ci_low"].notna().tolist() == [True, False, False, False] * 2
    assert found["ci_high"][4] > 0  # spain, in none of five articles
    assert found["n"][4:].sum() == 0


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("D", ["2021-01-30", "2021-01-31", "2021-02-01"]),
        ("W-MON", ["2021-01-25", "2021-02-01"]),
        ("YS", ["2021-01-01"]),
    ],
)
def test_periods_begin_where_they_should(every, expected):
    counts = tokens.document_terms(articles("Iran", "Iran"))
    published = pd.Series(pd.to_datetime(["2021-01-30 23:59", "2021-02-01 00:00"], utc=True), index=["a0", "a1"])
    found = terms.trend(counts, published, terms=["iran"], every=every)
    assert found["period"].dt.strftime("%Y-%m-%d").tolist() == expected
    assert found["n"].sum() == 2


def test_positions_by_hand():
    found = terms.positions(articles("Iran met Cuba. Then Iran left.", "Chad"), terms=["iran", "left"])
    expected = pd.DataFrame(
        {
            "article_id": ["a0"] * 3,
            "term": ["iran", "iran", "left"],
            "position": [0, 4, 5],
            "n_tokens": [6] * 3,
            "share": [0, 4 / 6, 5 / 6],
            "start": [0, 20, 25],
            "end": [4, 24, 29],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_empty_articles_give_empty_frames():
    for texts in ((), ("…",)):
        counts = tokens.document_terms(articles(*texts))
        ids = counts.article_ids
        pd.testing.assert_frame_equal(terms.frequencies(counts), frames.empty("frequencies"))
        pd.testing.assert_frame_equal(terms.by_group(counts, pd.Series("x", index=ids)), frames.empty("terms_by_group"))
        pd.testing.assert_frame_equal(terms.tf_idf(counts), frames.empty("tf_idf"))
        pd.testing.assert_frame_equal(terms.positions(articles(*texts), terms=["x"]), frames.empty("term_positions"))
    no_dates = pd.Series(pd.to_datetime([], utc=True), index=pd.Index([], dtype="str"))
    none = tokens.document_terms(articles())
    pd.testing.assert_frame_equal(terms.trend(none, no_dates, terms=["x"]), frames.empty("term_trend"))


def test_terms_to_follow_are_the_corpus_own_where_none_of_those_wanted_occurs():
    counts = tokens.document_terms(articles("Rain, rain and rain. Mud.", "The river and the mud.", "Mud, river."))
    assert terms.followed(counts, ["sanction*", "riv*", "riv*"]) == ["riv*"]
    # mud in 3 articles, river in 2, rain in 1.
    assert terms.followed(counts, ["sanction*"], n_terms=3, stop_words=["and", "the"]) == ["mud", "river", "rain"]
    assert terms.followed(tokens.document_terms(articles()), ["sanction*"]) == []


def test_words_to_follow_may_be_written_in_any_case():
    texts = articles("Iran met the US in New York. US talks.", "They told us.", "New roads of York.")
    rule = tokens.TokenRule(multiword=["New York"])
    counts = tokens.document_terms(texts, rule=rule)
    wanted = ["IRAN", "Iran’s", "US", "us", "New York", "new  york", "Trade deal", "TALK*"]
    # "new york" twice: two blanks are no other name. A "trade deal" is two tokens, so never one.
    assert terms.followed(counts, wanted) == ["IRAN", "Iran’s", "US", "us", "New York", "new  york", "TALK*"]
    published = pd.Series(pd.to_datetime(["2021-01-01"] * 3, utc=True), index=counts.article_ids)
    assert terms.trend(counts, published, terms=wanted)["n"].tolist() == [1, 1, 2, 1, 1, 1, 0, 1]
    places = terms.positions(texts, terms=wanted, rule=rule)
    assert places.groupby("term").size().reindex(wanted, fill_value=0).tolist() == [1, 1, 2, 1, 1, 1, 0, 1]
    stemmed = tokens.document_terms(texts, rule=tokens.TokenRule(stem="english"))
    # Roads are "road", and a stem stands for itself.
    assert terms.trend(stemmed, published, terms=["Roads", "road"])["n"].tolist() == [1, 1]


def test_known_within():
    rates = pd.DataFrame({"per_million": [10.0, 10, 10, 10], "ci_low": [0.0, 5, 8, 1], "ci_high": [99.0, 40, 15, 12]})
    # The first reaches 0. The others: max(4, 2) = 4, max(1.5, 1.25) = 1.5, max(1.2, 10) = 10; their median is 4.
    assert terms.known_within(rates) == 4
    assert np.isnan(terms.known_within(rates.head(1)))


def test_gathered_joins_the_smallest_groups():
    groups = pd.Series(list("aaabbcdd"), index=[f"a{i}" for i in range(8)])
    # by size a 3, b 2, d 2, c 1: two stay, ties by name, two are joined
    assert terms.gathered(groups, n_most=3).tolist() == ["a"] * 3 + ["b"] * 2 + ["other (2 groups)"] * 3
    pd.testing.assert_series_equal(terms.gathered(groups, n_most=4), groups)
    with pytest.raises(ValueError, match="at least 2, not 1"):
        terms.gathered(groups, n_most=1)


def test_what_groups_share_is_counted_by_story():
    # Side one has the stories s (two copies) and t, side two s again and u, side three only v.
    groups = pd.Series(["one", "one", "one", "two", "two", "three"], index=list("abcdef"))
    clusters = pd.Series(["s", "s", "t", "s", "u", "v"], index=list("abcdef"))
    found = pd.DataFrame(
        {"group": ["one", "one", "two"], "df_elsewhere": [0, 2, 1], "label": ["Cuba", "talks", "talks"]}
    )
    expected = pd.DataFrame(
        {
            "group": ["one", "three", "two"],
            "n": [2, 1, 2],
            "n_shared": pd.array([2, None, 1], dtype="Int64"),
            "n_only_here": pd.array([1, None, 0], dtype="Int64"),
            "only_here": ["Cuba", "", ""],
        }
    ).astype({"group": "str", "only_here": "str"})
    pd.testing.assert_frame_equal(terms.shared_counts(found, groups, clusters=clusters), expected)
    assert terms.shared_counts(found, groups)["n"].tolist() == [3, 1, 2]
    assert terms.shared_counts(found.head(0), groups)["n_shared"].tolist() == [0, pd.NA, 0]
