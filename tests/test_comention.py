import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import comention, frames

TEXT = "Iran met Cuba. Iran left.\n\nCuba spoke with Iran about peace.\n\nNobody was there."


def ledger(rows):
    """Build a ledger from (article, segment, sentence, country) rows, accepted names in the body."""
    rows = [
        {
            "article_id": i,
            "start": n,
            "end": n + 1,
            "surface": "x",
            "country": c,
            "kind": "name",
            "role": "body",
            "segment": s,
            "sentence": t,
            "accepted": True,
            "rule": "test",
        }
        for n, (i, s, t, c) in enumerate(rows)
    ]
    return frames.conform(rows, "mentions")


def articles(*texts):
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


def test_pairs_counts_units_and_expects_by_the_margins():
    # Paragraphs of a0: {IRN, CUB}, {CUB, IRN}, {}; of a1: {RUS}, {}, {}. Six units searched, three name a country.
    # Degrees of units 2, 2, 1; of countries 2 (IRN), 2 (CUB), 1 (RUS).
    mentions = ledger(
        [
            *[("a0", 0, 0, "IRN"), ("a0", 0, 0, "CUB"), ("a0", 0, 1, "IRN")],
            *[("a0", 1, 2, "CUB"), ("a0", 1, 2, "IRN"), ("a1", 0, 0, "RUS")],
        ]
    )
    found = comention.pairs(mentions, articles(TEXT, TEXT))
    assert found["country_a"].tolist() == ["CUB", "CUB", "IRN"]
    assert found["country_b"].tolist() == ["IRN", "RUS", "RUS"]
    assert found["n_both"].tolist() == [2, 0, 0]
    assert found["n_a"].tolist() == [2, 2, 2]
    assert found["n_b"].tolist() == [2, 1, 1]
    # NPMI of CUB-IRN: log(2 * 6 / (2 * 2)) / -log(2 / 6) = log 3 / log 3 = 1: never apart.
    assert found["npmi"].tolist() == pytest.approx([1, -1, -1])
    assert dict(zip(found.columns, found.dtypes.astype(str), strict=True)) == comention.PAIRS


@pytest.mark.parametrize("within", ["article", "paragraph", "sentence"])
def test_empty_ledger_gives_an_empty_frame_with_the_same_columns(within):
    found = comention.pairs(frames.empty("mentions"), articles(TEXT), within=within)
    assert found.empty
    assert dict(zip(found.columns, found.dtypes.astype(str), strict=True)) == comention.PAIRS


def test_windows_of_an_empty_ledger_have_all_columns():
    found = comention.windows(frames.empty("mentions"), articles(TEXT))
    full = comention.windows(ledger([("a0", 0, 0, "IRN"), ("a0", 0, 0, "CUB")]), articles(TEXT))
    assert found.empty
    assert found.dtypes.to_dict() == full.dtypes.to_dict()


def test_windows_side_by_side():
    mentions = ledger([("a0", 0, 0, "IRN"), ("a0", 0, 1, "CUB"), ("a0", 1, 2, "RUS")])
    found = comention.windows(mentions, articles(TEXT))[
        ["country_a", "country_b", "n_both_article", "n_both_paragraph", "n_both_sentence", "narrowest"]
    ]
    expected = pd.DataFrame(
        [
            ["CUB", "IRN", 1, 1, 0, "paragraph"],
            ["CUB", "RUS", 1, 0, 0, "article"],
            ["IRN", "RUS", 1, 0, 0, "article"],
        ],
        columns=found.columns,
    )
    assert_frame_equal(found, expected)


def test_graph_carries_every_column():
    mentions = ledger([("a0", 0, 0, "IRN"), ("a0", 0, 0, "CUB"), ("a1", 0, 0, "RUS")])
    result = comention.graph(comention.pairs(mentions, articles(TEXT, TEXT)))
    assert sorted(result.nodes(data="n")) == [("CUB", 1), ("IRN", 1), ("RUS", 1)]
    assert list(result.edges) == [("CUB", "IRN")]
    assert set(result.edges["CUB", "IRN"]) == set(comention.PAIRS) - {"country_a", "country_b"}


def test_errors_name_the_bad_value():
    a = articles(TEXT)
    with pytest.raises(ValueError, match="within must be one of article, paragraph, sentence, not 'page'"):
        comention.pairs(frames.empty("mentions"), a, within="page")
    with pytest.raises(ValueError, match="article_id 'a7' is not in articles"):
        comention.pairs(ledger([("a7", 0, 0, "IRN")]), a)
    with pytest.raises(ValueError, match="segment 9 is no unit"):
        comention.pairs(ledger([("a0", 9, 0, "IRN")]), a)
    with pytest.raises(ValueError, match=r"kinds must be one of .*, not 'nickname'"):
        comention.pairs(frames.empty("mentions"), a, kinds=["nickname"])


def test_arguments_are_not_changed():
    mentions, texts = ledger([("a0", 0, 0, "IRN"), ("a0", 0, 0, "CUB")]), articles(TEXT)
    before = mentions.copy(), texts.copy()
    comention.pairs(mentions, texts)
    comention.windows(mentions, texts)
    assert_frame_equal(mentions, before[0])
    assert_frame_equal(texts, before[1])
    assert np.array_equal(mentions.columns, before[0].columns)


def test_measures_side_by_side_are_those_of_pairs(unit_corpus):
    rng = np.random.default_rng(0)
    codes = ["AAA", "BBB", "CCC", "DDD", "EEE"]
    units = [set(rng.choice(codes, size=rng.integers(0, 4), replace=False).tolist()) for _ in range(80)]
    data = unit_corpus([*units, {"FFF", "AAA"}], stories=[f"s{i // 3}" for i in range(81)])
    found = comention.measures(*data, duplicates="each")
    for null in comention.NULLS:
        for dependence in comention.DEPENDENCE:
            pairs = comention.pairs(*data, duplicates="each", null=null, dependence=dependence, n_draws=0)
            pd.testing.assert_series_equal(found[f"q_{null}_{dependence}"], pairs["q"], check_names=False)
            pd.testing.assert_series_equal(found[f"expected_{null}"], pairs["expected"], check_names=False)
            pd.testing.assert_series_equal(found[f"log2_ratio_{null}"], pairs["log2_ratio"], check_names=False)
    assert found["country_a"].tolist() == pairs["country_a"].tolist()
    # FFF is in one unit, with AAA: one unit of both over all units of AAA.
    last = found[(found["country_a"] == "AAA") & (found["country_b"] == "FFF")].iloc[0]
    assert last["jaccard"] == 1 / sum("AAA" in u for u in [*units, {"AAA"}])
    assert np.isnan(last["q_bicm_none"])


def test_measures_of_an_empty_ledger_have_all_columns():
    empty = comention.measures(frames.empty("mentions"), articles(TEXT))
    full = comention.measures(ledger([("a0", 0, 0, "IRN"), ("a0", 0, 0, "CUB")]), articles(TEXT))
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_two_tellings_that_name_one_country_each_make_no_story_of_the_pair():
    # One story in two tellings: the first names Iran, the second Cuba. Another story names both, in one of its two
    # tellings. So one article names both, and one story.
    told = articles(TEXT, TEXT, TEXT, TEXT).assign(story_id=["s", "s", "t", "t"])
    mentions = ledger([("a0", 0, 0, "IRN"), ("a1", 0, 0, "CUB"), ("a2", 0, 0, "IRN"), ("a2", 0, 0, "CUB")])
    found = comention.windows(mentions, told, n_draws=0)
    assert found[["country_a", "country_b", "n_articles", "n_stories"]].values.tolist() == [["CUB", "IRN", 1, 1]]
