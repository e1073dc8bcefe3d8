"""The measure of accuracy, and the accuracy itself."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis import accuracy, corpus, countries, lexicon


def spans(*rows):
    table = pd.DataFrame(rows, columns=["article_id", "start", "end", "kind", "country", "organisation"])
    return table.astype({"start": "int64", "end": "int64", "country": "str", "organisation": "str"})


def test_score_of_a_small_case():
    gold = spans(
        ("a", 0, 4, "name", "IRN", None), ("a", 9, 13, "name", "CUB", None), ("a", 20, 24, "capital", "CUB", None)
    )
    # one right, one with another end, one with another country, one rejected; nothing found of kind capital
    found = spans(
        ("a", 0, 4, "name", "IRN", None), ("a", 9, 12, "name", "CUB", None), ("a", 30, 34, "name", "HTI", None)
    )
    found = pd.concat([found, gold.tail(1)], ignore_index=True).assign(accepted=[True, True, True, False])
    table = accuracy.score(found, gold).set_index("kind")
    assert table.index.tolist() == [*lexicon.KINDS, "all"]
    assert table.loc["name", ["n_gold", "n_found", "n_right"]].tolist() == [2, 3, 1]
    # precision 1/3, recall 1/2, F1 = 2 * 1 / (2 + 3) = 0.4
    assert table.loc["name", ["precision", "recall", "f1"]].tolist() == pytest.approx([1 / 3, 1 / 2, 0.4])
    assert table.loc["all", ["precision", "recall", "f1"]].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert table.loc["capital", ["n_gold", "n_found", "n_right"]].tolist() == [1, 0, 0]
    assert np.isnan(table.loc["capital", "precision"])
    assert table.loc["capital", "recall"] == 0
    assert table.loc["leader", ["precision", "recall", "f1", "f1_low"]].isna().all()


def test_wilson_against_statsmodels():
    k, n = np.array([0, 1, 5, 50, 174]), np.array([1, 3, 5, 99, 174])
    share, low, high = accuracy.wilson(k, n)
    expected = proportion_confint(k, n, alpha=0.05, method="wilson")
    np.testing.assert_allclose(share, k / n)
    np.testing.assert_allclose([low, high], expected, atol=1e-12)
    assert all(np.isnan(x[0]) for x in accuracy.wilson(np.array([0]), np.array([0])))


def test_disagreements():
    articles = pd.DataFrame({"article_id": ["a"], "text": ["Iran met Cuba."]}, dtype="str")
    gold = spans(("a", 0, 4, "name", "IRN", None))
    found = spans(("a", 9, 13, "name", "CUB", None)).assign(accepted=True)
    expected = pd.DataFrame(
        {
            "article_id": ["a", "a"],
            "start": [0, 9],
            "end": [4, 13],
            "kind": ["name", "name"],
            "meaning": ["IRN", "CUB"],
            "error": ["missed", "wrong"],
            "context": ["[Iran] met Cuba.", "Iran met [Cuba]."],
        }
    ).astype(dict.fromkeys(("article_id", "kind", "meaning", "error", "context"), "str"))
    pd.testing.assert_frame_equal(accuracy.disagreements(found, gold, articles), expected, check_dtype=False)
    assert accuracy.disagreements(found.head(0), gold.head(0), articles).empty


def test_the_marks_of_a_sentence(tmp_path):
    file = tmp_path / "s.csv"
    file.write_text(
        "topic,marked\nx,The [Kremlin|RUS|institution] met [NATO|NATO|organisation].\ny,Rain.\n", encoding="utf-8"
    )
    articles, gold = accuracy.load_sentences(file)
    assert articles["text"].tolist() == ["The Kremlin met NATO.", "Rain."]
    assert gold[["article_id", "start", "end", "kind"]].to_numpy().tolist() == [
        ["s0000", 4, 11, "institution"],
        ["s0000", 16, 20, "organisation"],
    ]
    assert gold["country"].tolist()[0] == "RUS"
    assert gold["organisation"].tolist()[1] == "NATO"


def test_every_mention_of_the_five_articles():
    articles, _ = corpus.load_articles()
    gold = accuracy.load_gold()
    texts = articles.set_index("article_id")["text"]
    assert all(texts[r.article_id][r.start : r.end] == r.surface for r in gold.itertuples())
    errors = accuracy.disagreements(countries.mentions(articles), gold, articles)
    assert errors.empty, errors["context"].tolist()
    assert len(gold) == 174


# What is known to be wrong: the forms, and why.
KNOWN = [
    ("The Canadian River flooded [Canadian], Texas.", "an adjective that is a town's name"),
    ("near [Peru].", "nothing but the road's number shows that the town is meant"),
    ("[Lima] Senior played Toledo Central.", "a capital's namesake, named without its state"),
    ("[Lima]'s mayor threw the first pitch.", "a capital's namesake, named without its state"),
    ("at the [Cuba] Farm Supply in Crawford County.", "a shop's name, and too little that is local beside it"),
    ("the pastor said at [Egypt] Baptist Church.", "the article names the country too"),
    ("[Niger] Innis spoke", "a given name before a surname that is in no list"),
    ("Lady Bulldogs beat [Brazil] 3-1", "a school's team, named by its town alone"),
]


def test_labelled_sentences():
    articles, gold = accuracy.load_sentences()
    assert len(articles) >= 250
    errors = accuracy.disagreements(countries.mentions(articles), gold, articles)
    assert len(errors) == len(KNOWN), errors["context"].tolist()
    for context, (known, _) in zip(errors["context"], KNOWN, strict=True):
        assert known in context
