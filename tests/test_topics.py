import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import (
    corpus,
    mixtures,
    repeats,
    strangers,
    tokens,
    topic_model,
    topic_number,
    topic_stems,
    topic_units,
    topics,
)

WORDS = {
    "sea": "ship harbour sailor anchor cargo vessel captain dock tide crew".split(),
    "farm": "wheat barley tractor harvest cattle plough meadow farmer grain barn".split(),
    "law": "court judge verdict appeal lawyer trial jury witness statute clerk".split(),
}


def planted(n: int = 15, seed: int = 0) -> pd.DataFrame:
    """``n`` articles for each of three vocabularies of ten words, 20 words each, shuffled; column ``truth``."""
    rng = np.random.default_rng(seed)
    names = [name for name in WORDS for _ in range(n)]
    texts = [" ".join(rng.choice(WORDS[name], 20)) + "." for name in names]
    order = rng.permutation(len(texts))
    return pd.DataFrame(
        {
            "article_id": [f"a{i:03d}" for i in range(len(texts))],
            "text": [texts[i] for i in order],
            "truth": [names[i] for i in order],
        }
    )


def noise(n: int = 60, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    words = [w for ws in WORDS.values() for w in ws] + [f"{a}{b}x" for a in "bcdfg" for b in "aeiou"]
    return pd.DataFrame(
        {"article_id": [f"n{i:03d}" for i in range(n)], "text": [" ".join(rng.choice(words, 25)) for _ in range(n)]}
    )


@pytest.fixture(scope="module")
def model() -> topics.TopicModel:
    return topics.fit_topics(planted())


def test_planted_topics_are_found_and_stable(model):
    counts = pd.crosstab(planted()["truth"], model.assignments["topic"])
    assert sorted(counts.to_numpy().ravel().tolist()) == [0, 0, 0, 0, 0, 0, 15, 15, 15]
    assert model.topics["stability"].min() > 0.9
    assert not model.assignments["weak"].any()
    assert model.verdict.startswith("A reading aid and not a finding: 45 articles are fewer than 100")
    assert model.reason == "45 articles are at least 30: whole articles are clustered"


def test_labels_are_words_of_the_topic(model):
    for topic, label in zip(model.topics["topic"], model.topics["label"], strict=True):
        truth = planted()["truth"][model.assignments["topic"] == topic].iloc[0]
        assert set(label.split(", ")) <= set(WORDS[truth])


def test_noise_has_no_stable_structure():
    found = topics.fit_topics(noise())
    assert found.topics["stability"].max() < 0.3
    assert found.verdict.startswith("No stable structure: none of ")


def test_frames_have_their_documented_columns(model):
    assert model.topics.dtypes.astype(str).to_dict() == {
        "topic": "int64",
        "label": "str",
        "n_units": "int64",
        "coherence": "float64",
        "exclusivity": "float64",
        "stability": "float64",
    }
    assert model.assignments.dtypes.astype(str).to_dict() == {
        "article_id": "str",
        "segment": "int64",
        "topic": "int64",
        "margin": "float64",
        "weak": "bool",
    }
    assert model.terms.dtypes.astype(str).to_dict() == {
        "topic": "int64",
        "term": "str",
        "weight": "float64",
        "rank": "int64",
    }


def test_topics_are_numbered_by_size():
    articles = pd.concat([planted(8).query("truth != 'law'"), planted(20, seed=1).query("truth == 'law'")])
    articles = articles.assign(article_id=[f"m{i:02d}" for i in range(len(articles))])
    found = topics.fit_topics(articles, n_topics=3)
    assert found.topics["n_units"].tolist() == [20, 8, 8]
    # Of the two of equal size, the one whose first article comes first has the smaller number.
    first = found.assignments.query("topic > 0").drop_duplicates("topic")["topic"].tolist()
    assert first == [1, 2]


def test_the_order_of_the_articles_does_not_matter(model):
    shuffled = planted().sample(frac=1, random_state=3)
    again = topics.fit_topics(shuffled)
    assert_frame_equal(model.topics, again.topics)
    assert_frame_equal(model.selection, again.selection)
    placed = again.assignments.sort_values("article_id", ignore_index=True)
    assert_frame_equal(model.assignments, placed)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_same_bytes_in_another_process(model, threads):
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_topics import planted, digest\n"
        "from analysis import topics\n"
        "print(digest(topics.fit_topics(planted())))"
    )
    env = {**os.environ, "PYTHONHASHSEED": threads, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    root = Path(__file__).parents[1]
    env["PYTHONPATH"] = str(root)
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(model)


def digest(model: topics.TopicModel) -> str:
    frames = [model.topics, model.assignments, model.terms, model.selection, topics.topic_map(model)]
    return str(pd.util.hash_pandas_object(pd.Series([f.to_csv() for f in frames])).sum())


def test_few_articles_are_clustered_by_paragraph():
    articles, _ = corpus.load_articles()
    found = topics.fit_topics(articles, n_topics=3)
    assert found.unit == "paragraph"
    assert found.reason == "5 articles are fewer than 30: paragraphs are clustered"
    assert found.verdict.startswith(("A reading aid and not a finding: 47 paragraphs", "No stable structure: none of "))
    assert len(found.assignments) == 47  # body paragraphs; no dateline, headline or link
    assert (found.assignments["segment"] >= 0).all()
    assert (found.assignments["topic"] >= 0).all()


def test_articles_have_segment_minus_one(model):
    assert (model.assignments["segment"] == -1).all()


def test_articles_of_one_story_are_drawn_together():
    articles = planted(10)
    twins = pd.concat([articles, articles.assign(article_id="t" + articles["article_id"])], ignore_index=True)
    stories = twins.assign(story_id=twins["article_id"].str.removeprefix("t"))
    found = topics.fit_topics(stories, n_topics=3)
    pairs = found.assignments["topic"].to_numpy().reshape(2, -1)
    assert (pairs[0] == pairs[1]).all()


def test_a_unit_without_words_has_no_topic(model):
    articles = pd.concat(
        [planted(), pd.DataFrame({"article_id": ["z1", "z2"], "text": ["", "12 34 5."]})], ignore_index=True
    )
    found = topics.fit_topics(articles, n_topics=3)
    last = found.assignments.tail(2)
    assert last["topic"].tolist() == [-1, -1]
    assert last["margin"].tolist() == [0.0, 0.0]
    assert last["weak"].tolist() == [True, True]
    assert found.topics["n_units"].sum() == 45


@pytest.mark.parametrize("texts", [[], [""], ["", " . "]])
def test_no_text_no_topics(texts):
    articles = pd.DataFrame({"article_id": [str(i) for i in range(len(texts))], "text": pd.Series(texts, dtype="str")})
    articles = articles.astype({"article_id": "str"})
    found = topics.fit_topics(articles, unit="article")
    assert found.topics.empty
    assert found.topics.dtypes.astype(str).tolist() == ["int64", "str", "int64", "float64", "float64", "float64"]
    assert found.assignments["topic"].tolist() == [-1] * len(texts)
    assert found.verdict == "No text, no topics."
    assert topics.topic_map(found).empty
    assert topics.topic_shares(found).empty


def test_one_unit_is_one_topic():
    found = topics.fit_topics(pd.DataFrame({"article_id": ["a"], "text": ["A ship in the harbour."]}))
    assert found.topics[["topic", "n_units"]].to_numpy().tolist() == [[0, 1]]
    assert found.topics["stability"].isna().all()
    assert found.verdict == "One topic: 1 paragraph was too few or too alike to be divided."


def test_one_topic_as_asked_for():
    articles = pd.DataFrame({"article_id": list("ab"), "text": ["A ship.", "A court."]})
    assert topics.fit_topics(articles, n_topics=1).verdict.startswith("One topic, as asked for")


def test_equal_units_are_one_topic():
    articles = pd.DataFrame({"article_id": [f"{i:02d}" for i in range(40)], "text": ["Ship and harbour."] * 40})
    found = topics.fit_topics(articles)
    assert found.topics["n_units"].tolist() == [40]
    # Asked for three, it still finds no way to tell them apart.
    assert topics.fit_topics(articles, n_topics=3).topics["n_units"].sum() == 40


@pytest.mark.parametrize("n", [30, 100, 300])
def test_small_corpora_give_a_result(n):
    rng = np.random.default_rng(n)
    words = np.array([f"{a}{b}{c}" for a in "bcdfg" for b in "aeiou" for c in "lmnrst"])
    articles = pd.DataFrame(
        {
            "article_id": [f"{i:03d}" for i in range(n)],
            "text": [" ".join(words[rng.zipf(1.6, rng.integers(5, 60)) % len(words)]) for _ in range(n)],
        }
    )
    found = topics.fit_topics(articles)
    assert (found.assignments["topic"] >= 0).all()
    assert found.topics["n_units"].sum() == n


def test_errors_name_the_value():
    articles = planted(3)
    with pytest.raises(ValueError, match="not 'sentence'"):
        topics.fit_topics(articles, unit="sentence")
    with pytest.raises(ValueError, match="between 1 and 9, the number of articles with words, not 10"):
        topics.fit_topics(articles, unit="article", n_topics=10)
    with pytest.raises(ValueError, match="not 0"):
        topics.fit_topics(articles, unit="article", n_topics=0)
    with pytest.raises(TypeError, match=r"not 2\.5"):
        topics.fit_topics(articles, unit="article", n_topics=2.5)
    with pytest.raises(ValueError, match=r"shape \(9, n_dims\), one row per unit, not \(8, 2\)"):
        topics.fit_topics(articles, vectors=np.ones((8, 2)))
    with pytest.raises(ValueError, match="row 4 has a value that is not finite"):
        topics.fit_topics(articles, vectors=np.where(np.arange(9)[:, None] == 4, np.nan, 1.0))
    with pytest.raises(TypeError, match=r"rule must be a tokens\.TokenRule, not 'words'"):
        topics.fit_topics(articles, rule="words")
    with pytest.raises(TypeError, match="random_state must be an integer, not 'x'"):
        topics.fit_topics(articles, random_state="x")
    with pytest.raises(ValueError, match="lacks the column text"):
        topics.fit_topics(articles.drop(columns="text"))


def test_the_articles_are_left_as_they_were():
    articles = planted(5)
    before = articles.copy()
    topics.fit_topics(articles, n_topics=2)
    assert_frame_equal(articles, before)


def test_vectors_decide_instead_of_words():
    articles = planted()
    angle = np.where(np.arange(45) < 20, 0.1, 1.4) + np.random.default_rng(0).normal(0, 0.02, 45)
    found = topics.fit_topics(articles, vectors=np.c_[np.cos(angle), np.sin(angle)], n_topics=2)
    assert found.assignments["topic"].tolist() == [1] * 20 + [0] * 25
    new = topics.assign(found, articles.head(1), vectors=np.array([[0.0, 1.0]]))
    assert new["topic"].tolist() == [0]
    with pytest.raises(ValueError, match="give vectors"):
        topics.assign(found, articles)


def test_new_articles_are_placed_and_strangers_named(model):
    new = pd.DataFrame(
        {
            "article_id": ["n1", "n2", "n3"],
            "text": [
                "The captain and the crew of the ship saw the harbour and the dock.",
                "Quantum chromodynamics binds gluons.",
                "Judge, jury and witness; then the verdict and an appeal.",
            ],
        }
    )
    placed = topics.assign(model, new)
    truth = planted()["truth"]
    topic_of = {t: int(model.assignments["topic"][truth == t].iloc[0]) for t in WORDS}
    assert placed["topic"].tolist() == [topic_of["sea"], -1, topic_of["law"]]
    assert placed["fits"].tolist() == [True, False, True]
    assert topics.assign(model, planted())["topic"].tolist() == model.assignments["topic"].tolist()
    assert topics.assign(model, new.head(0)).empty


def test_new_articles_of_the_same_kind_fit_and_those_of_another_do_not():
    articles = planted(80)
    model = topics.fit_topics(articles, n_topics=3)
    same = planted(40, seed=1).assign(article_id=lambda a: "n" + a["article_id"])
    placed = topics.assign(model, same)
    # Limits of 2% and 3%: about 95% of like articles fit.
    assert placed["fits"].mean() > 0.9
    assert len(pd.crosstab(same["truth"], placed["topic"]).stack().loc[lambda n: n > 0]) == 3
    rng = np.random.default_rng(2)
    strange = ["".join(w) for w in rng.choice(list("bcdfgaeiou"), (50, 6))]
    # A third of their words are of a topic, the others of none.
    mixed = [" ".join([*rng.choice(WORDS["law"], 5), *rng.choice(strange, 10)]) for _ in range(20)]
    others = topics.assign(model, pd.DataFrame({"article_id": [f"o{i}" for i in range(20)], "text": mixed}))
    assert not others["fits"].any()
    assert others["known"].max() < 0.5


def test_a_topic_keeps_its_number_and_name(model):
    more = pd.DataFrame({"article_id": [f"b{i}" for i in range(6)], "text": [" ".join(WORDS["law"] * 2)] * 6})
    grown = topics.fit_topics(pd.concat([planted(), more], ignore_index=True), n_topics=3)
    kept = topics.renumber(grown, earlier=model)
    assert kept.assignments["topic"].head(45).tolist() == model.assignments["topic"].tolist()
    assert kept.topics["label"].tolist() == model.topics["label"].tolist()
    assert kept.topics["topic"].tolist() == [0, 1, 2]
    assert sorted(kept.topics["n_units"]) == [15, 15, 21]
    counted = kept.assignments["topic"].value_counts().sort_index().tolist()
    assert counted == kept.topics["n_units"].tolist()


def test_one_article_more_changes_no_name(model):
    new = pd.DataFrame({"article_id": ["b0"], "text": [" ".join(WORDS["farm"])]})
    grown = topics.renumber(topics.fit_topics(pd.concat([planted(), new], ignore_index=True)), earlier=model)
    assert grown.topics["label"].tolist() == model.topics["label"].tolist()
    assert_frame_equal(grown.assignments.head(45), model.assignments, check_exact=False, atol=0.05)


def test_a_topic_keeps_its_name_where_its_number_is_gone(model):
    # Without the topic of number 0 there are two, and the one of number 2 must take another number.
    rest = planted()[model.assignments["topic"].ne(0).to_numpy()]
    found = topics.renumber(topics.fit_topics(rest, n_topics=2), earlier=model)
    assert set(found.topics["label"]) == set(model.topics["label"][1:])
    assert found.topics["label"][1] == model.topics["label"][1]


def test_copies_of_paragraphs_are_drawn_together():
    texts = [f"{a} harbour ship.\n\n{b} court judge.\n\n{c} wheat farm." for a, b, c in ["abc", "def", "ghi"]]
    copy = "The wire adds a line.\n\n" + texts[0].replace("judge", "jury")
    articles = pd.DataFrame(
        {"article_id": list("stuv"), "text": [*texts, copy], "story_id": ["s", "t", "u", "s"]}, dtype="str"
    )
    counted = topic_units.counted(articles, "paragraph")
    group = pd.Series(topic_units.groups(counted, "paragraph"))
    units = counted.units.iloc[counted.filled].reset_index(drop=True)
    together = units.groupby(group.to_numpy())["article_id"].agg("".join)
    assert sorted(together) == ["sv", "sv", "sv", "t", "t", "t", "u", "u", "u", "v"]


def test_a_missing_vector_empties_no_topic():
    for seed in range(12):
        vectors = np.random.default_rng(seed).normal(size=(17, 4))
        vectors[: 1 + seed % 3] = 0.0
        articles = pd.DataFrame({"article_id": [f"a{i:02d}" for i in range(17)], "text": ["Ships sail."] * 17})
        found = topics.fit_topics(articles, vectors=vectors, n_topics=4)
        assert (found.topics["n_units"] > 0).all()
        assert found.topics["n_units"].is_monotonic_decreasing


def test_vectors_are_placed_alike_alone_and_in_company():
    rng = np.random.default_rng(0)
    vectors = np.repeat(np.eye(3, 20), 15, axis=0) + rng.normal(scale=0.3, size=(45, 20))
    found = topics.fit_topics(planted(), vectors=vectors, n_topics=3)
    new, more = planted(5, seed=1), rng.normal(size=(15, 20))
    whole = topics.assign(found, new, vectors=more)
    alone = topics.assign(found, new.iloc[[7]], vectors=more[[7]])
    assert alone["margin"].item() == whole["margin"][7]


def test_a_few_large_and_many_small_topics():
    parts = [planted(n, seed=n).query("truth == @name") for name, n in (("sea", 120), ("farm", 15), ("law", 8))]
    articles = pd.concat(parts, ignore_index=True)
    articles["article_id"] = [f"u{i:03d}" for i in range(len(articles))]
    found = topics.fit_topics(articles, n_topics=3)
    counts = pd.crosstab(articles["truth"], found.assignments["topic"])
    assert sorted(counts.to_numpy().ravel().tolist()) == [0, 0, 0, 0, 0, 0, 8, 15, 120]


def test_rare_words_by_the_hundred_thousand():
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    rare = ["".join(w) for w in rng.choice(letters, (100_000, 7))]
    articles = planted(20)
    articles["text"] = [f"{t} {' '.join(rare[i::60])}" for i, t in enumerate(articles["text"])]
    found = topics.fit_topics(articles, n_topics=3)
    assert sorted(found.topics["n_units"]) == [20, 20, 20]


def test_labels_are_made_of_the_first_terms():
    model = topics.fit_topics(planted(), n_topics=3)
    for topic, label in zip(model.topics["topic"], model.topics["label"], strict=True):
        terms = model.terms[model.terms["topic"] == topic].sort_values("rank")["term"].tolist()
        words = label.replace(",", "").split()
        assert set(words) <= set(terms[: topic_number.N_TOP])
        assert words[0] == terms[0]


def test_putting_topics_in_order_keeps_the_weight_of_their_shares():
    mixture = mixtures.Mixture(np.eye(2), np.array([0.3, 0.7]), np.array([0.5, 0.5]), np.eye(2), share_power=1.0)
    found, memberships, labels = topic_model.by_size(mixture, np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]))
    assert found.share_power == 1.0
    assert found.shares.tolist() == [0.7, 0.3]
    assert labels.tolist() == [1, 0, 0]
    assert memberships.tolist() == [[0, 1], [1, 0], [1, 0]]
    # A tie keeps the topic that it had: the first, which is the second now; no topic is left empty.
    _, memberships, labels = topic_model.by_size(mixture, np.array([[0.5, 0.5], [0.0, 1.0], [0.0, 1.0]]))
    assert labels.tolist() == [1, 0, 0]
    assert memberships.tolist() == [[0.5, 0.5], [1, 0], [1, 0]]


def test_topics_take_the_rule_of_tokens_that_counts_take():
    texts = ["The United States and Cuba met. " * 2, "Cuba and the United States traded. " * 2, "Rain fell. " * 3] * 10
    articles = pd.DataFrame({"article_id": [f"{i:02}" for i in range(30)], "text": texts}, dtype="str")
    rule = tokens.TokenRule(multiword=["United States"])
    model = topics.fit_topics(articles, n_topics=2, rule=rule)
    vocabulary = set(model.vocabulary[~topic_stems.are_stems(model.vocabulary)])
    assert "united states" in vocabulary
    assert not {"united", "states"} & vocabulary
    assert vocabulary <= set(tokens.document_terms(articles, rule=rule).terms)
    assert {"united", "states"} <= set(topics.fit_topics(articles, n_topics=2).vocabulary)
    placed = topics.assign(model, articles.head(1))
    assert placed["known"].tolist() == [1.0]


def mixed(length: int = 4) -> pd.DataFrame:
    """Three articles of ``length`` words of each vocabulary, and one each of ``3 * length`` words of one."""
    every = [" ".join(w for words in WORDS.values() for w in words[i : i + length]) for i in range(3)]
    pure = [" ".join((words * 2)[: 3 * length]) for words in WORDS.values()]
    return pd.DataFrame({"article_id": [f"x{i}" for i in range(6)], "text": every + pure})


def test_known_words_of_all_topics_at_once_fit_none(model):
    placed = topics.assign(model, mixed())
    assert placed["known"].tolist() == [1.0] * 6
    assert placed["fits"].tolist() == [False] * 3 + [True] * 3


def test_strangers_are_told_by_all_of_their_different_terms(model):
    # Units of four terms know half of them, units of eight all but one tenth; the likelihood may be any.
    usual = strangers.Familiar(np.log([4, 8]), np.array([[0, 1e9]] * 2), np.array([[0.5, 0], [0.9, 0]]), 0.5, -3.0)
    texts = [
        "ship crew newa newb",
        "ship crew tide dock newa newb newc newd",
        "ship crew tide dock cargo newa newb newc",
    ]
    articles = pd.DataFrame({"article_id": list("abc"), "text": texts})
    placed = topics.assign(replace(model, familiar=usual), articles)
    assert placed["known"].tolist() == [0.5, 0.5, 0.625]
    # In terms: 0; (0.5 - 0.9) * 8 = -3.2; (0.625 - 0.9) * 8 = -2.2.
    assert placed["fits"].tolist() == [True, False, True]
    assert topics.assign(replace(model, familiar=replace(usual, least_known=0.51)), articles)["fits"].tolist() == [
        False,
        False,
        True,
    ]


def test_likelihood_of_a_new_article_as_plain_loops_do_it(model):
    text = "ship ship ship crew crew tide judge neverseen"
    found = topics.assign(model, pd.DataFrame({"article_id": ["x"], "text": [text]})).iloc[0]
    place = {term: i for i, term in enumerate(model.vocabulary)}
    weight = {
        t: np.log(1 + n) * model.entropy[place[t]] for t, n in [("ship", 3), ("crew", 2), ("tide", 1), ("judge", 1)]
    }
    ratio = {
        t: np.log(model.mixture.terms[found["topic"], place[t]] / model.mixture.background[place[t]]) for t in weight
    }
    assert found["likelihood"] == pytest.approx(
        sum(weight[t] * ratio[t] for t in weight) / sum(weight.values()), abs=1e-6
    )
    assert found["known"] == 0.8


def test_share_of_terms_known_to_the_other_units():
    # Ship is in three articles, crew and dock in two, wheat in one. Of few articles, two others must hold a term.
    texts = ["ship ship crew", "ship crew", "ship dock", "dock wheat"]
    articles = pd.DataFrame({"article_id": list("abcd"), "text": texts}, dtype="str")
    counted = topic_units.counted(articles, "article")
    assert counted.known.tolist() == [0.5, 0.5, 0.5, 0.0]


def test_articles_of_one_story_are_one_group(monkeypatch):
    articles = planted(4).assign(story_id=[*"stsu", None, *"tvwwxyz"])
    counted = topic_units.counted(articles, "article")
    group = topic_units.groups(counted, "article").tolist()
    assert group == [0, 1, 0, 2, 3, 1, 4, 5, 5, 6, 7, 8]
    # The fit, and the choice of a number of topics, draw by them.
    seen = []
    cluster, select = repeats.cluster, topic_number.select

    def clustered(units, n_topics, *, groups, **given):
        seen.append(groups.tolist())
        return cluster(units, n_topics, groups=groups, **given)

    def selected(units, counts, groups, labelling, **given):
        seen.append(groups.tolist())
        return select(units, counts, groups, labelling, **given)

    monkeypatch.setattr(repeats, "cluster", clustered)
    monkeypatch.setattr(topic_number, "select", selected)
    topics.fit_topics(articles, unit="article")
    # Once to choose, once at two topics (the only number tried of 12), once to fit.
    assert seen == [group] * 3


def test_an_earlier_topic_far_from_all_lends_no_name(model):
    # Earlier topics: units 0-3, 4-7, 8-13. Topic 0 holds 4 and 5, 2 of 4: a Jaccard index of just `STABLE`. Topic 1
    # holds 0-3 and 11-13: 4/7. Topic 2 holds 6-10, with three of eight in common with earlier topic 2: 3/8.
    units = pd.DataFrame({"article_id": [f"u{i:02d}" for i in range(20)], "segment": -1}).astype({"article_id": "str"})
    rest = units.assign(margin=1.0, weak=False)
    before = rest.assign(topic=[0] * 4 + [1] * 4 + [2] * 6 + [-1] * 6)
    now = rest.assign(topic=[1] * 4 + [0] * 2 + [2] * 5 + [1] * 3 + [-1] * 6)
    earlier = replace(model, assignments=before, topics=model.topics.assign(label=["x", "y", "z"]))
    kept = topics.renumber(replace(model, assignments=now), earlier=earlier)
    assert kept.topics["label"].tolist() == ["x", "y", model.topics["label"][2]]
    assert kept.assignments["topic"].tolist() == [0] * 4 + [1] * 2 + [2] * 5 + [0] * 3 + [-1] * 6


def test_all_of_a_renumbered_model_goes_with_its_topics(model):
    # Topic 0 was 1 earlier, 1 was 2 and 2 was 0: a permutation that is not its own inverse.
    was = (model.assignments["topic"] + 1) % 3
    names = model.topics.assign(label=["z", "x", "y"])
    some = replace(model, topics=model.topics.assign(label=["a", "b", "c"]))
    kept = topics.renumber(some, earlier=replace(model, assignments=model.assignments.assign(topic=was), topics=names))
    assert kept.assignments["topic"].tolist() == was.tolist()
    assert kept.topics["label"].tolist() == ["z", "x", "y"]
    assert kept.topics["topic"].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(kept.memberships.argmax(axis=1), was)
    for name in ("terms", "shares", "centres", "tokens"):
        np.testing.assert_array_equal(getattr(kept.mixture, name), getattr(model.mixture, name)[[2, 0, 1]])
    terms = model.terms.assign(topic=(model.terms["topic"] + 1) % 3).sort_values(["topic", "rank"], ignore_index=True)
    assert_frame_equal(kept.terms, terms)
    assert topics.assign(kept, planted())["topic"].tolist() == was.tolist()
