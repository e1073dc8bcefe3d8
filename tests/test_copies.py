"""The largest stories are shown with what makes them one."""

import itertools
import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import copies, overlaps, stories

WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("ana", "eno", "iru", "ola", "umi", "esta", "orin", "alto")]


def words(seed, n=60):
    return " ".join(random.Random(seed).choices(WORDS, k=n)) + "."


def corpus_of(texts, **columns):
    articles = pd.DataFrame({"article_id": [f"{chr(97 + i)}.txt" for i in range(len(texts))], "text": texts, **columns})
    articles["story_id"] = stories.story_ids(articles)
    return articles


def test_copies_share_all_and_a_chain_shares_links_only():
    # b repeats a. d shares its first half with c, its second half with e; c and e share nothing, d joins them.
    c, e = words(2, 30), words(3, 30)
    texts = [words(1), words(1).upper(), words(5), f"{c} {words(6, 30)}", f"{c} {e}", f"{e} {words(7, 30)}"]
    articles = corpus_of(texts, outlet=["A", "B", None, "A", "A", None], title=["On a", None, None, " ", None, None])
    assert articles["story_id"].tolist() == ["a.txt", "a.txt", "c.txt", "d.txt", "d.txt", "d.txt"]
    chain = " ".join(c.split()[:12]) + " …"
    expected = pd.DataFrame(
        {
            "story": ["d.txt", "a.txt"],
            "n_articles": [3, 2],
            "n_outlets": [1, 2],
            "begins": [chain, "On a"],
            "alike": [2 / 3, 1.0],  # c-d and d-e of three pairs
            "shared": [c.rstrip("."), " ".join(words(1).split()[:30]) + " …"],
            "n_shared": [30, 60],
        }
    ).astype({"story": "str", "begins": "str", "shared": "str", "n_articles": "int64", "n_outlets": "int64"})
    found = copies.largest(articles)
    found["shared"] = found["shared"].str.rstrip(".")
    pd.testing.assert_frame_equal(found, expected)
    assert copies.largest(articles, n_stories=1)["story"].tolist() == ["d.txt"]


def test_nothing_in_common_with_half_is_no_passage():
    # Each shares a sentence of its own with the next one only: of three others none has what the first has, but one.
    parts = [words(i, 30) for i in range(5)]
    articles = corpus_of([f"{a} {b}" for a, b in itertools.pairwise(parts)])
    assert articles["story_id"].nunique() == 1
    found = copies.largest(articles).iloc[0]
    assert (found["n_articles"], found["alike"], found["shared"], found["n_shared"]) == (4, 0.5, "", 0)  # 3 of 6 pairs


def test_of_many_articles_some_are_compared():
    articles = corpus_of([words(1)] * 26, outlet=["A"] * 26)
    found = copies.largest(articles, most=5)
    assert found[["n_articles", "alike", "n_shared"]].values.tolist() == [[26, 1.0, 60]]
    short = corpus_of(["Talks went on."] * 2)
    assert copies.largest(short)[["alike", "shared", "n_shared"]].values.tolist() == [[1.0, "Talks went on", 3]]


def test_no_copies_no_rows():
    for texts in ([], ["Iran met Cuba."], [words(1), words(2)]):
        articles = corpus_of(texts).astype({"article_id": "str", "text": "str", "story_id": "str"})
        found = copies.largest(articles)
        assert found.empty
        assert list(found.columns)[:3] == ["story", "n_articles", "n_outlets"]


@pytest.mark.parametrize("seed", range(40))
def test_two_articles_are_alike_where_they_are_one_story(seed):
    chance = random.Random(seed)
    own = words(seed, chance.choice([10, 15, 16, 40, 130, 300])).split()
    at = chance.randrange(len(own))
    cut = own[at:] if chance.random() < 0.5 else own[:at]
    mixed = cut + words(seed + 1000, chance.choice([0, 8, 60, 200])).split()
    if chance.random() < 0.3:
        mixed = mixed[::-1] if chance.random() < 0.3 else mixed[len(cut) :] + cut
    texts = [" ".join(own), " ".join(mixed) or "Iran"]
    articles = pd.DataFrame({"article_id": ["a", "b"], "text": texts})
    one = stories.story_ids(articles).nunique() == 1
    assert copies._are_alike(texts, overlaps.shingled(stories.counted_texts(texts))) == [one]


@given(
    st.text()
    | st.lists(st.sampled_from("Iran’s «Été» can’t 35,000 · İzmir — naïve 東京\x1c x\u00a0y".split(" "))).map(" ".join)
)
def test_words_stand_where_they_are_hashed(text):
    assert len(copies._WORD.findall(text)) == overlaps.shingled([text])[0].n_words
