import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis import frames, reading, terms
from analysis.tokens import TokenRule


def articles(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


TEXTS = articles("Latin America met Iran. Latin America left Iran. Latin music.", "America met Latin America today.")


def row(found: pd.DataFrame, a: str, b: str) -> pd.Series:
    return found.set_index(["term_a", "term_b"]).loc[(a, b)]


def test_neighbours_by_hand():
    found = terms.collocations(TEXTS, min_n=1)
    assert list(found) == list(frames.SCHEMAS["collocations"])
    # 3 + 3 + 1 + 4 pairs of places; "latin" stands first in 4 of them, "america" second in 3.
    pair = row(found, "latin", "america")
    assert pair[["n_a", "n_b", "n_both", "df"]].tolist() == [4, 3, 3, 2]
    assert pair["expected"] == pytest.approx(12 / 11)
    assert pair["npmi"] == pytest.approx(np.log(3 * 11 / 12) / -np.log(3 / 11))
    # Each occurs 4 times in all, wherever in its sentence.
    assert pair["log_dice"] == pytest.approx(14 + np.log2(6 / 8))
    assert pair["delta_p_b_given_a"] == pytest.approx(3 / 4 - 0 / 7)
    assert pair["delta_p_a_given_b"] == pytest.approx(3 / 3 - 1 / 8)
    assert pair["label"] == "Latin America"
    assert ("iran", "latin") not in set(zip(found["term_a"], found["term_b"], strict=True))  # a full stop between


def test_sentences_by_hand():
    found = terms.collocations(TEXTS, window=None, min_n=1)
    # 4 sentences; america in 3, iran in 2, both in 2; the two Americas of the last sentence count once.
    pair = row(found, "america", "iran")
    assert pair[["n_a", "n_b", "n_both", "df"]].tolist() == [3, 2, 2, 1]
    assert pair["expected"] == pytest.approx(1.5)
    assert pair["delta_p_b_given_a"] == pytest.approx(2 / 3 - 0)
    assert row(found, "america", "latin")[["n_a", "n_b", "n_both", "df"]].tolist() == [3, 4, 3, 2]
    assert np.isnan(row(found, "america", "latin")["delta_p_a_given_b"])  # no sentence without latin
    assert (found["term_a"] < found["term_b"]).all()


def test_g2_is_that_of_scipy():
    found = terms.collocations(TEXTS, window=2, min_n=1)
    total = 3 + 2 + 3 + 2 + 1 + 4 + 3
    for _, pair in found.iterrows():
        both, a, b = pair["n_both"], pair["n_a"], pair["n_b"]
        table = [[both, a - both], [b - both, total - a - b + both]]
        expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        assert abs(pair["g2"]) == pytest.approx(expected)
        assert np.sign(pair["g2"]) == np.sign(both - pair["expected"])


def test_around_a_node():
    found = terms.collocations(TEXTS, node="iran", window=2, min_n=1)
    assert set(zip(found["term_a"], found["term_b"], strict=True)) == {
        ("america", "iran"),
        ("met", "iran"),
        ("left", "iran"),
    }
    every = terms.collocations(TEXTS, window=2, min_n=1)
    assert row(found, "met", "iran").equals(row(every, "met", "iran"))


def test_stop_words_keep_their_places():
    text = articles("Iran and Cuba and Chad.")
    assert terms.collocations(text, min_n=1, stop_words=["and"]).empty
    found = terms.collocations(text, min_n=1, stop_words=["and"], window=2)
    assert found[["term_a", "term_b", "n_both"]].to_numpy().tolist() == [["cuba", "chad", 1], ["iran", "cuba", 1]]


def test_phrases_of_the_rule_are_terms():
    rule = TokenRule(multiword=["Latin America"])
    found = terms.collocations(TEXTS, node="latin america", rule=rule, min_n=1)
    assert set(found["term_a"]) | set(found["term_b"]) == {"latin america", "met", "left", "today"}


def test_numbers_of_the_rule_are_no_tokens():
    found = terms.collocations(articles("Iran signed 35 accords."), rule=TokenRule(numbers=False), min_n=1)
    assert ("signed", "accords") in set(zip(found["term_a"], found["term_b"], strict=True))


WORDS = "Iran Cuba Chad met . left".split()


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=10), max_size=5),
    st.sampled_from([1, 2, 4, None]),
    st.booleans(),
)
def test_pairs_are_those_counted_one_by_one(texts, window, in_chunks):
    sentences = [[s.split() for s in " ".join(t).split(".") if s.split()] for t in texts]
    both, first, second, places, total = Counter(), Counter(), Counter(), {}, 0
    for number, of_article in enumerate(sentences):
        for sentence in of_article:
            folded = [w.lower() for w in sentence]
            if window is None:
                pairs = list(itertools.combinations(sorted(set(folded)), 2))
                first.update(set(folded))
                total += 1
            else:
                pairs = [(a, b) for i, a in enumerate(folded) for b in folded[i + 1 : i + 1 + window]]
                first.update(a for a, _ in pairs)
                second.update(b for _, b in pairs)
                total += len(pairs)
            both.update(pairs)
            for pair in pairs:
                places.setdefault(pair, set()).add(number)
    second = first if window is None else second
    expected = {p: (first[p[0]], second[p[1]], n, len(places[p])) for p, n in both.items()}
    texts = [". ".join(" ".join(s).capitalize() for s in of) + "." for of in sentences]
    before = reading.CHUNK
    reading.CHUNK = 40 if in_chunks else before
    try:
        found = terms.collocations(articles(*texts), window=window, min_n=1)
    finally:
        reading.CHUNK = before
    columns = ["n_a", "n_b", "n_both", "df"]
    ours = found.set_index(["term_a", "term_b"])[columns].apply(tuple, axis=1).to_dict() if len(found) else {}
    assert ours == expected
    assert (found["expected"] * max(total, 1)).tolist() == pytest.approx((found["n_a"] * found["n_b"]).tolist())
    everywhere = found["n_both"] == total
    assert found.loc[~everywhere, "npmi"].between(-1, 1 + 1e-12).all()
    assert found.loc[everywhere, "npmi"].isna().all()
    frequency = Counter(w.lower() for of in sentences for s in of for w in (set(s) if window is None else s))
    dice = [
        2 * n / (frequency[a] + frequency[b]) for a, b, n in found[["term_a", "term_b", "n_both"]].itertuples(False)
    ]
    assert (2.0 ** (found["log_dice"] - 14)).tolist() == pytest.approx(dice)


def test_log_dice_is_14_for_words_never_apart_and_counts_the_ends_of_sentences():
    never = terms.collocations(articles("Kilo lima x y z. " * 10), window=5)
    assert row(never, "kilo", "lima")["log_dice"] == pytest.approx(14)
    # Rychly: kilo 50 times, 40 of them before a full stop, 10 before lima: 14 + log2(2 * 10 / 60).
    ends = terms.collocations(articles("Kilo lima. " * 10 + "We saw kilo. " * 40))
    assert row(ends, "kilo", "lima")["log_dice"] == pytest.approx(14 + np.log2(20 / 60))


def test_a_pair_in_every_unit_has_no_npmi():
    assert np.isnan(row(terms.collocations(articles("Kilo lima. " * 3)), "kilo", "lima")["npmi"])
    assert np.isnan(row(terms.collocations(articles("Kilo lima. " * 3), window=None), "kilo", "lima")["npmi"])


def test_what_collocations_refuse():
    with pytest.raises(ValueError, match="window must be at least 1, or None for the sentence: 0"):
        terms.collocations(TEXTS, window=0)
    with pytest.raises(TypeError, match="not the string 'the'"):
        terms.collocations(TEXTS, stop_words="the")


@pytest.mark.parametrize("window", [1, 3, None])
@pytest.mark.parametrize("texts", [(), ("…",), ("Iran",), ("Iran. Cuba.",)])
def test_without_pairs_the_frame_is_empty(texts, window):
    found = terms.collocations(articles(*texts), window=window, min_n=1)
    pd.testing.assert_frame_equal(found, frames.empty("collocations"))
