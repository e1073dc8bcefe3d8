import itertools

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import comention, frames, specifications

UNITS = [{"AAA", "BBB"}, {"AAA", "BBB"}, {"AAA", "BBB"}, {"AAA", "CCC"}, {"AAA", "CCC"}, {"BBB", "DDD"}, {"AAA"}, set()]


def test_ranks_by_count_by_hand(unit_corpus):
    found = comention.specifications(*unit_corpus(UNITS), windows=["article"], kinds={"names": ["name"]},
                                     headline=["with"], duplicates=["once"], measures=["count"], top=1)  # fmt: skip
    # Units naming both: AB 3, AC 2, BD 1. BD is below two units and has no rank; AB is the top 1.
    # BD: two countries of 4 and 1 units, expected less than 1, so it is above expectation all the same.
    wanted = pd.DataFrame(
        {
            "specification": 0, "within": "article", "kinds": "names", "headline": "with", "duplicates": "once",
            "measure": "count", "country_a": ["AAA", "AAA", "BBB"], "country_b": ["BBB", "CCC", "DDD"],
            "n_both": [3, 2, 1], "value": [3.0, 2.0, 1.0], "above": found["above"], "rank": [1.0, 2.0, None],
            "top": [True, False, False],
        }
    ).astype(specifications.COLUMNS)  # fmt: skip
    assert_frame_equal(found, wanted)


def test_every_pair_has_a_row_in_every_specification(unit_corpus):
    mentions, articles = unit_corpus(UNITS)
    mentions.loc[mentions["country"] == "DDD", "kind"] = "capital"
    found = comention.specifications(mentions, articles, windows=["article", "sentence"])
    n = 2 * 4 * 2 * 2 * 5
    assert found["specification"].nunique() == n
    assert len(found) == n * 3
    seen = found[(found["country_b"] == "DDD")].groupby("kinds")["n_both"].max().to_dict()
    assert seen == {"names": 0, "names, demonyms": 0, "names, demonyms, capitals": 1, "all kinds": 1}


def test_robustness_is_the_share_of_specifications(unit_corpus):
    mentions, articles = unit_corpus(UNITS)
    mentions.loc[mentions["country"] == "DDD", "kind"] = "capital"
    found = comention.robustness(mentions, articles, measures=["count", "jaccard"], top=1, windows=["sentence"])
    table = found.set_index(["country_a", "country_b"])
    # AB is first by count (3, 2, at most 1) and by Jaccard (3/7, 2/6): in all 32 specifications. Neither reranks.
    assert table.loc[("AAA", "BBB"), ["n_specifications", "share_seen", "share_top"]].tolist() == [32, 1, 1]
    # BD is seen where capitals count: in half of the sets of kinds.
    assert table.loc[("BBB", "DDD"), ["n_specifications", "share_seen", "share_top"]].tolist() == [32, 0.5, 0]
    assert found["country_b"].tolist()[0] == "BBB"


def test_as_often_as_expected_is_not_above(unit_corpus):
    # All units name the same countries: the ratio is 0, whatever the null model.
    found = comention.specifications(*unit_corpus([{"AAA", "BBB", "CCC"}] * 5), windows=["article"])
    assert not found["above"].any()
    # Never apart, and in every unit: NPMI 1 by convention, which is no more than chance gives.
    assert found.loc[found["measure"] == "npmi", "value"].isna().all()


def test_ties_share_their_mean_rank(unit_corpus):
    units = [{"AAA", "BBB"}] * 2 + [{"CCC", "DDD"}] * 2
    choices = {"windows": ["article"], "kinds": {"n": ["name"]}, "headline": ["with"], "duplicates": ["once"]}
    for top, n_top in ((1, 0), (2, 2)):
        found = comention.specifications(*unit_corpus(units), **choices, measures=["count"], top=top)
        assert found["rank"].tolist() == [1.5, 1.5]
        assert found["top"].sum() == n_top


def test_an_empty_ledger_and_wrong_choices(unit_corpus):
    _, articles = unit_corpus(UNITS)
    assert comention.robustness(frames.empty("mentions"), articles, windows=["sentence"]).empty
    for name, value in itertools.chain([("measures", ["beauty"]), ("windows", []), ("headline", ["off"])]):
        with pytest.raises(ValueError, match=f"{name} must be of"):
            comention.specifications(frames.empty("mentions"), articles, **{name: value})
