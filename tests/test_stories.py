"""Copies, cuts and rewrites share a story; similar reports do not."""

import random
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import corpus, overlaps, shingles, stories, story_samples

_STARTS = "ba de fi go ku la me ni po ru".split()
_ENDS = "bar den fil gor kun las mer nit pol rus sa te vi zo ma".split()
WORDS = [a + b for a in _STARTS for b in _ENDS]


def report(seed, n_paragraphs=6):
    rng = random.Random(seed)
    sentence = lambda: " ".join(rng.choices(WORDS, k=15)).capitalize() + "."  # noqa: E731
    return "\n\n".join(" ".join(sentence() for _ in range(2)) for _ in range(n_paragraphs))


def edited(text, share, seed=0):
    rng = random.Random(seed)
    return "\n\n".join(
        " ".join(rng.choice(WORDS) if rng.random() < share else w for w in p.split()) for p in text.split("\n\n")
    )


def articles_of(**texts):
    return pd.DataFrame({"article_id": list(texts), "text": list(texts.values())}).astype("str")


def ids(**texts):
    return stories.story_ids(articles_of(**texts)).tolist()


def test_copies_of_every_kind():
    text = report(1)
    paragraphs = text.split("\n\n")
    found = ids(
        a=text,
        other=report(2),
        upper=text.upper(),
        cut="\n\n".join(paragraphs[:3]),
        titled="New words for it\n\nMOSCOW (AP) - " + text + "\n\nRead More:\n\nRussia met China\n\nChina met Peru",
        turned="\n\n".join(paragraphs[::-1]),
        rewritten=edited(text, 0.2),
        curly=text.replace(" ", "  ").replace(".", " …"),
    )
    assert found == ["a", "other", "a", "a", "a", "a", "a", "a"]


def test_reports_that_share_their_background_are_two_stories():
    background = report(9, 3)
    assert ids(a=report(1, 4) + "\n\n" + background, b=report(2, 4) + "\n\n" + background) == ["a", "b"]


def test_a_round_up_is_not_each_of_its_reports():
    reports = {f"r{i}": report(i, 3) for i in range(6)}
    found = ids(**reports, whole="\n\n".join(reports.values()))
    assert found == [*reports, "whole"]


def test_short_texts_are_one_story_only_if_their_words_are_the_same():
    assert ids(a="Iran met Cuba.", b="IRAN  met\nCuba!", c="Iran met Peru.", d="Cuba met Iran.", e="", f="?!") == [
        "a", "a", "c", "d", "e", "f",
    ]  # fmt: skip


def test_the_five_articles_are_five_stories():
    articles, _ = corpus.load_articles()
    assert stories.story_ids(articles).tolist() == articles["article_id"].tolist()
    assert stories.pairs(articles).empty


def test_many_copies_of_one_report_are_one_story():
    text = report(3)
    copies = {f"c{i:03d}": edited(text, 0.1, seed=i) for i in range(60)}
    assert set(ids(**copies)) == {"c000"}


def test_pairs_say_what_is_shared():
    text = report(1, 4)
    half = "\n\n".join(text.split("\n\n")[:2])
    table = stories.pairs(articles_of(whole=text, half=half, other=report(2)))
    assert table[["article_a", "article_b"]].values.tolist() == [["whole", "half"]]
    assert table["of_shorter"].tolist() == [1.0]
    # 60 of 120 words; a word at the cut can lie in a shared run by chance only
    assert table["of_longer"].tolist() == [0.5]


@given(st.permutations(range(6)))
def test_stories_do_not_depend_on_the_order(order):
    texts = [report(1), edited(report(1), 0.1), report(2), report(2, 4), report(3), report(3).lower()]
    articles = articles_of(**{f"a{i}": t for i, t in enumerate(texts)})
    mixed = articles.iloc[list(order)]
    found = pd.Series(stories.story_ids(mixed).to_numpy(), index=mixed["article_id"])
    groups = {frozenset(found.index[found == s]) for s in found}
    assert groups == {frozenset({"a0", "a1"}), frozenset({"a2", "a3"}), frozenset({"a4", "a5"})}
    # a story is named after its first article
    assert all(found[s] == s for s in found)


_CAPITALS = st.text(st.sampled_from("aZ É\u00c9\u00e9 \u0130\u03a3\u2019\u2014\u00a0\u00ab\u212a\U00010400\ud800"))


@given(st.lists(st.text(max_size=60) | _CAPITALS | _CAPITALS.map(lambda t: f"{'plain words ' * 40}{t}"), max_size=6))
def test_words_are_hashed_as_a_plain_loop_would(texts):
    """Two words have one hash exactly if they are the same word, wherever they stand."""
    hashes, counts = shingles.word_hashes(texts)
    words = []
    for text in texts:
        plain = text.lower().encode("utf-8", "surrogatepass")
        for mark in shingles._SEPARATORS:
            plain = plain.replace(mark, b" ")
        words.append(re.findall(rb"[0-9a-z\x80-\xff]+", plain))
    assert counts.tolist() == [len(w) for w in words]
    words = [w for own in words for w in own]
    assert len(hashes) == len(words)
    by_word = dict(zip(words, hashes.tolist(), strict=True))
    assert [by_word[w] for w in words] == hashes.tolist()
    assert len(set(by_word.values())) == len(by_word)


def test_samples_of_parts_are_the_sample_of_the_whole():
    texts = [report(i) for i in range(7)] + ["", "Iran.", report(1), edited(report(2), 0.1)]
    whole = story_samples.join([story_samples.sample(texts)])
    joined = story_samples.join(
        [story_samples.sample(texts[:3]), story_samples.sample([]), story_samples.sample(texts[3:])]
    )
    assert len(whole.keys)
    for a, b in zip(whole, joined, strict=True):
        np.testing.assert_array_equal(a, b)
    articles = articles_of(**{f"a{i}": t for i, t in enumerate(texts)})
    with pytest.raises(ValueError, match="taken is a sample of 11 articles, not of 8"):
        stories.story_ids(articles.head(8), taken=whole)


@given(st.lists(st.text(st.sampled_from("ab "), max_size=30), max_size=8), st.integers(1, 9))
def test_shared_shingles_are_those_of_a_plain_count(texts, piece):
    sample = story_samples.sample(texts)
    owners = [i for i, n in enumerate(sample.n_sampled.tolist()) for _ in range(n)]
    keys = [h >> 4 << 4 | i for h, i in zip(sample.hashes.tolist(), owners, strict=True)]
    by_hash = [k for k in sorted(keys) if sum(k >> 4 == o >> 4 for o in keys) > 1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story_samples, "_PIECE", piece)
        joined = story_samples.join([sample, story_samples.sample([""] * (8 - len(texts)))])
    assert int(joined.bits) == 4
    assert joined.keys.tolist() == by_hash


def test_texts_are_labelled_alike_many_or_few_at_once(monkeypatch):
    texts = [f"Headline {i}\n\nTEHRAN (IP) - {report(i)}\n\nRead More\n\nAnother report {i}" for i in range(9)] + [""]
    counted = stories.counted_texts(texts)
    body = re.sub(r"\n+", "\n", report(4))
    assert counted[4] == f"{body}\nHeadline 4"
    monkeypatch.setattr(stories, "_LABELLED", 1500)
    assert stories.counted_texts(texts) == counted
    assert stories.counted_texts([]) == []


def test_empty_and_bad_arguments():
    nothing = articles_of()
    assert stories.story_ids(nothing).empty
    assert stories.pairs(nothing).dtypes.astype(str).tolist() == ["str", "str", "float64", "float64"]
    with pytest.raises(ValueError, match=r"least must be in \(0, 1\] and least_of_longer in \[0, 1\], not 0 and 0.2"):
        stories.story_ids(nothing, least=0)


def test_pairs_are_the_same_however_many_parts_they_are_counted_in(monkeypatch):
    texts = [edited(report(i % 5), 0.1, seed=i) for i in range(40)]
    shared = story_samples.join([story_samples.sample(texts)])
    whole = story_samples.candidates(shared)
    assert len(whole) > 40
    for most, piece in ((7, 5), (64, 1000), (1000, 64), (10**9, 3)):
        monkeypatch.setattr(story_samples, "_MOST_PAIRS", most)
        monkeypatch.setattr(story_samples, "_PIECE", piece)
        np.testing.assert_array_equal(story_samples.candidates(shared, n_threads=2), whole)


def test_pairs_of_one_component_come_together(monkeypatch):
    monkeypatch.setattr(stories, "_COMPARED", 2)
    first = [0, 1, 2, 3, 4, 2, 6]  # 5 has the words of 2
    pairs = np.array([[0, 3], [1, 4], [2, 6], [3, 5], [4, 6]], dtype=np.uint32)
    # 0-3-5=2-6-4-1 is one component; without the fourth pair 0-3 and 1-4-6-2 are two.
    assert stories._by_component(pairs, first).tolist() == pairs.tolist()
    assert stories._by_component(pairs[[0, 1, 2, 4]], first).tolist() == [[0, 3], [1, 4], [2, 6], [4, 6]]
    apart = np.array([[0, 3], [1, 4], [3, 6], [4, 5]], dtype=np.uint32)
    assert stories._by_component(apart, list(range(7))).tolist() == [[0, 3], [3, 6], [1, 4], [4, 5]]


@pytest.mark.parametrize("compared", [1, 3, 7])
def test_stories_are_the_same_however_many_pairs_are_compared_at_once(monkeypatch, compared):
    texts = {f"a{i}": edited(report(i % 7), 0.12, seed=i) for i in range(30)}
    articles = articles_of(**texts, copy=texts["a3"], other=texts["a20"])
    whole, pairs = stories.story_ids(articles), stories.pairs(articles)
    monkeypatch.setattr(stories, "_COMPARED", compared)
    pd.testing.assert_series_equal(stories.story_ids(articles), whole)
    pd.testing.assert_frame_equal(stories.pairs(articles), pairs)
    assert whole.nunique() == 7


def test_a_cut_from_the_middle_is_the_same_story():
    # Ten paragraphs of 30 words; the first hundred are not in the cut, which is of nothing else.
    paragraphs = report(4, 10).split("\n\n")
    middle = paragraphs[4:8]
    assert ids(a="\n\n".join(paragraphs), cut="\n\n".join(middle)) == ["a", "a"]
    # 120 of 180 words are less than `stories.WHOLE`: a report that quotes another and goes on.
    assert ids(a="\n\n".join(paragraphs), cut="\n\n".join([*middle, report(5, 2)])) == ["a", "cut"]


FORM = (
    "{a} and {b} signed an agreement on {topic} in {city} on {day}. Officials of {a} said that it would run for "
    "{n} years and that a joint commission would meet twice a year. Officials of {b} said that the text would go "
    "to parliament before the summer. Trade between the two came to {m} million dollars last year. Both sides "
    "said that they would speak again once the text had been printed."
)


def formed(a, b, city, topic, *, day="Monday", n=5, m=80):
    return FORM.format(a=a, b=b, city=city, topic=topic, day=day, n=n, m=m)


def test_reports_written_to_one_form_about_different_countries_are_different_stories():
    texts = {
        "a": formed("Norway", "Peru", "Oslo", "fisheries"),
        "b": formed("Kenya", "Japan", "Nairobi", "visas", n=12, m=410),
        "c": formed("Chile", "Egypt", "Santiago", "grain", day="Friday", n=3, m=27),
        "d": formed("Ghana", "Poland", "Accra", "mining", n=7, m=66),
        "e": formed("Fiji", "Samoa", "Suva", "air traffic", day="Sunday", n=9, m=12),
    }
    read = overlaps.shingled(list(texts.values()))
    # The share of words alone would make them one: more than two thirds, and all begin alike.
    assert min(np.mean(overlaps.covered(x, y)) for x in read for y in read) > 2 / 3
    assert ids(**texts) == list(texts)
    # Copies of one of them still find it: other words, a cut, another day in another title.
    told = texts["a"].replace("a joint commission", "a common body").replace("the summer", "its holidays")
    titled = "Ministers Put Their Names To Pact\n\n" + texts["a"].replace("Monday", "Tuesday")
    assert ids(**texts, told=told, titled=titled, cut=texts["a"][:290]) == [*texts, "a", "a", "a"]


def test_a_form_of_which_one_side_never_changes_is_told_apart_too():
    greeting = (
        "The president of Iran has congratulated {b} on its national day. In a message to his counterpart on {day}, "
        "the Iranian president said that relations between Tehran and {city} had grown in recent years and that they "
        "would expand in all fields. He wished the people of {b} prosperity and success."
    )
    texts = {
        city: greeting.format(b=b, city=city, day=day)
        for b, city, day in [("Oman", "Muscat", "Monday"), ("Cuba", "Havana", "Monday"), ("Mali", "Bamako", "Sunday")]
    }
    # Of iran, iranian, tehran, and the other two, the next has three: not more than .6.
    assert ids(**texts) == list(texts)


def test_one_other_name_is_an_edit_and_two_are_another_report():
    text = formed("Norway", "Peru", "Oslo", "fisheries")
    assert ids(a=text, b=text.replace("Peru", "Lima")) == ["a", "a"]
    # Of norway, peru, oslo, 5, 80 a report on two others keeps two at most.
    assert ids(a=text, b=formed("Kenya", "Japan", "Oslo", "fisheries")) == ["a", "b"]


def test_long_reports_are_told_apart_by_their_words_alone():
    background = " ".join(report(7).split())
    texts = [
        formed(a, b, c, "grain") + " " + background for a, b, c in (("Fiji", "Oman", "Suva"), ("Mali", "Cuba", "Riga"))
    ]
    assert overlaps.shingled(texts)[0].n_words > stories.FORM
    assert ids(a=texts[0], b=texts[1]) == ["a", "a"]


def test_names_are_capitals_within_sentences():
    (read,) = overlaps.shingled(
        [
            "Officials of Norway, Peru and New Zealand met on Monday 4 May. Talks in “Oslo” cost $2.5m, I heard.\n"
            "“We will,” Gahr said. “We must.” Nobody spoke.\n"
            "Ministers Resume Their Talks With Chile\nIn Cuba the U.S. envoy saw Étienne and the ЕС delegation."
        ]
    )
    # After an opening quotation mark no word is known to be inside a sentence, nor after one that closes it; the third
    # line is a title.
    named = {("norway",), ("peru",), ("new", "zealand"), ("gahr",), ("cuba",), ("étienne",), ("ес",)}
    assert read.names == named
    # A name is there if one of its words is.
    assert overlaps.shingled(["Zealand, Norway and a 2.5m bill"])[0].lacks(named) == 5
    assert {"officials", "oslo", "chile", "и"} - read.words == {"и"}


@given(st.permutations(range(4)))
def test_stories_of_one_form_do_not_depend_on_the_order(order):
    texts = [formed("Norway", "Peru", "Oslo", "fisheries"), formed("Kenya", "Japan", "Rabat", "visas")]
    texts += [texts[0].replace("in Oslo", "here"), texts[1].replace("in Rabat", "there today")]
    mixed = articles_of(**{f"a{i}": texts[i] for i in order})
    found = dict(zip(mixed["article_id"], stories.story_ids(mixed), strict=True))
    assert found["a0"] == found["a2"] != found["a1"] == found["a3"]


def test_a_name_spelt_otherwise_makes_no_other_story():
    report = (
        "Officials of Iran and Qatar signed a plan in Doha after three days of talks on gas, ports and transit. The "
        "guests were received by Sheikh Mohammed, who said that work on the pipeline would begin before the summer. "
        "The two sides form a committee of experts that meets every month and reports to both governments on costs."
    )
    other = report.replace("Sheikh Mohammed", "Shaikh Muhammad")
    edited = other.replace("three days", "long days").replace("every month", "each week")
    assert ids(a=report, b=other, c=edited) == ["a", "a", "a"]
    # Each name of a text is among its own words, whatever capitals become in lower case.
    turkish = "Bakanlar dün İstanbul kentinde İran ve İsrail ile Ankara, İzmir ve Bakü için konuştu."
    (read,) = overlaps.shingled([turkish])
    assert len(read.names) == 6
    assert read.lacks(read.names) == 0
