"""Addresses hold no words, wherever they stand and whichever way the words are read."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pycountry
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import addresses, characters, countries, flat, languages, reading, terms, tokens, tone, words


def found(text, **options):
    result = words.find(text, **options)
    return [text[a:b] for a, b in zip(result.starts.tolist(), result.ends.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://www.bbc.co.uk:443/news?q=Iran&x=1#top, and", "see and"),
        ("at http://example.com. Then", "at Then"),
        ("HTTP://EXAMPLE.COM/A, Www.Example.org", ""),
        ("Read morehttps://t.co/Ab1 ftp://x.y sftp://x", "Read more"),
        ("(https://x.y/wiki/Georgia_(country)) said [www.x.y]", "said"),
        ("https://x.y/a)next (https://x.y/a(b next", "next b next"),  # a bracket that nothing opened, or closes
        ("<https://x.y/a>then “www.x.y/b” ‘http://x.y/c’ x|http://x.y|y", "then x y"),
        ("http://x.y/a—said http://x.y/a…more http://x.y/a\u00a0b", "said more b"),
        ("http://пример.рф/страница müller.de/ä1 http://xn--e1afmkfd.xn--p1ai/x", ""),
        ("http://x.y/a中文 中http://x.y", "中 文 中"),  # scripts without blanks: letters of theirs end it
        ("bbc.co.uk/news t.co/x1 al.com:8080/~who CNN.com/World EXAMPLE.ORG/A", ""),
        ("nrk.no/a-b/c1.2 orf.at/stories/34 abc.com.py/a bbc.in:80/b3 x.gov.in/a gov.uk/a spiegel.de/a x.eu/b", ""),
        ("Source:bbc.co.uk/news, (nbcnews.to/2E)", "Source"),
        ("mailto:desk@example.org. a.b+c_d@mail.example.co.uk's <X.Y@Z.EDU>, é@x.fr", ""),
        ("http:// and www.", "and www"),
        # no addresses
        ("al.com Booking.com bbc.co.uk U.S. U.S.A e.g. No.5", "al com Booking com bbc co uk U.S U.S.A e.g No 5"),
        ("and/or 3/4 24/7 U.S./China U.S/UK a.m/p.m TCP/IP", "and or 3 4 24 7 U.S China U.S UK a.m p.m TCP IP"),
        ("It ended.The/that vs.US/UK 1.5mb/s 3.5/4 end.News/x", "It ended The that vs US UK 1.5mb s 3.5 4 end News x"),
        ("so Iran.he/she ended.in/out end.of/the 3.km/h 5.mg/ml foo.py/bar node.js/on radio.tv/web x.zz/y fin.et/ou",
         "so Iran he she ended in out end of the 3 km h 5 mg ml foo py bar node js on radio tv web x zz y fin et ou"),
        ("bbc.co.uk/ x www.", "bbc co uk x www"),
        ("/usr/lib/x.so/y ~/x.py/y a@b @who @who.com 5@3.50 x@y.5 wwww.x awww.x",
         "usr lib x so y x py y a b who who com 5 3.50 x y 5 wwww x awww x"),
    ],
)  # fmt: skip
def test_by_hand(text, expected):
    assert found(text) == expected.split()
    assert re.findall(words.pattern(), addresses.without(text)) == expected.split()
    assert len(addresses.without(text)) == len(text)


def test_the_last_parts_of_countries_names_are_those_of_iso_3166():
    """ISO 3166-1 also has eight codes that no computer's name ends in."""
    codes = {country.alpha_2.lower() for country in pycountry.countries} | {"eu", "uk"}
    unused = {"bl", "bq", "bv", "eh", "gb", "mf", "sj", "um"}
    assert sorted([*addresses.COUNTRIES, *addresses.ALSO_WORDS]) == sorted(codes - unused)


def _oracle():
    """The rule again as one regular expression over the text itself, searched from left to right."""
    table = characters.classes(wide=True)
    kinds = (characters.MARK, characters.LETTER, characters.DIGIT)
    beyond = np.flatnonzero(np.isin(table, kinds))
    word = "A-Za-z0-9" + words._ranges(beyond[beyond > 127])
    link = "".join(c for c in characters.JOINERS[characters.LINK] if ord(c) > 127)
    held = rf"{word}{link}._~:/?#@!$&'*+,;=%\-"
    rest = rf"[{held}]*(?:(?:\([{held}\[\]]*\)|\[[{held}()]*\])[{held}]*)*"
    label = rf"[{word}](?:[{word}_-]*[{word}])?"
    countries, odd = "|".join(addresses.COUNTRIES), "|".join(addresses.ALSO_WORDS)
    last = (
        rf"(?:{countries}|(?i:com|org|net|edu|gov|mil|int|info|biz)|(?:com|org|net|edu|gov|co|ac)\.(?:{odd})"
        rf"|(?:{odd})(?=(?::[0-9]{{1,5}})?/[{word}._~/\-]{{0,99}}[0-9]))"
    )
    letters = re.sub("0-9", "", word)
    return re.compile(
        rf"(?i:https?|s?ftp)://{rest}"
        rf"|(?<![{word}._+-])(?i:www)\.(?=[{word}]){rest}"
        rf"|(?<![{word}._/\\@~-])(?:{label}\.)+{last}(?::[0-9]{{1,5}})?/(?=[{word}~]){rest}"
        rf"|(?:(?<![{word}])(?i:mailto):)?[{word}._+-]+@(?:{label}\.)+(?:[{letters}]{{2,}}|(?i:xn--)[A-Za-z0-9-]+)"
        rf"(?![{word}_])(?:['{link}][sS](?![{word}]))?"
    )


ORACLE = _oracle()
PIECES = (
    "http:// HTTPS:// ftp:// www. WWW. bbc.co.uk/news t.co/x Desk@example.org mailto: desk@ x.in/ "
    "a.co.in/x a.b x.com al.com U.S. example.com:8080/a?b=c#d пример.рф/п müller.de/ä é e\u0301 中 😀 "
    "’s 's ’ ( ) [ ] < > “ ” , . ; : ? ! / // @ - _ ~ | \\ & % + * # and Iran 5 3.5 xn--p1ai a b "
    "\u00ad \u200b \u2024 \uff0f \u00a0 \0"
).split(" ")
TEXT = st.lists(st.sampled_from([*PIECES, " ", "\n", "\n\n"]), max_size=12).map("".join)


@settings(max_examples=600, deadline=None)
@given(TEXT | st.text(st.sampled_from("aW.w:/@hHtTpPsS(]中é’-_~1 com"), max_size=24))
@example("www.a(www.b")
@example("a@b.co@d.ef/x")
@example("a@b.co-x@d.ef")
@example("x-www.y.co/z")
@example("http://(x(http://[y[www.z")
def test_signs_and_a_search_from_left_to_right_find_the_same(text):
    assert addresses.without(text) == ORACLE.sub(lambda m: " " * len(m[0]), text)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.integers(0, 30), st.integers(0, 30))
def test_what_is_outside_is_as_blank(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    blanked = text[:start] + " " * (end - start) + text[end:]
    assert found(text, outside=[(start, end)]) == found(blanked)


def test_long_addresses_are_read_whole_and_in_time():
    """Hostile texts: what is looked at twice would take hours."""
    text = "http://x.y/" + "a" * 100_000 + " b " + "c" * 100_000 + "@x.org d " + "http://(" * 50_000 + " e"
    assert found(text)[:2] == ["b", "d"]
    assert found(text)[-1] == "e"
    for piece in ("a.", "a@", "www.", "a.co/", "http://[(", "(www.a", "a.co:1/", "mailto:", "+@a", "a@a."):
        found(piece * 50_000)


NAMES = re.compile(r"(?<!\w)(?:Iran|United States|U\.S\.)(?!\w)")
ABOUT_NAMES = [*PIECES, *["Iran", "United States", "U.S.", "/", ",", " "] * 5]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(st.sampled_from(ABOUT_NAMES), max_size=12).map("".join), min_size=1, max_size=3))
@example(["https://x.org/a\u00adIran", "https://x.org/a\U000e0041Iran"])
@example(["www.United States", "https://x.y/United States/Iran b"])
def test_a_name_is_held_where_its_first_or_last_letter_is_no_word(texts):
    """So that a word and a mention agree."""
    joined = flat.flatten(texts)
    spans = [(m.start(), m.end(), n) for n, text in enumerate(texts) for m in NAMES.finditer(text)]
    starts = np.array([joined.starts[n] + a for a, _, n in spans], dtype=np.int64)
    ends = np.array([joined.starts[n] + b for _, b, n in spans], dtype=np.int64)
    blanked = [addresses.without(text) for text in texts]
    expected = [blanked[n][a] == " " or blanked[n][b - 1] == " " for a, b, n in spans]
    assert addresses.hold(joined, starts, ends).tolist() == expected


@pytest.mark.parametrize("piece", ["Iran,", "Iran/", "United States/", "http://x.y/Iran,"])
def test_what_no_blank_parts_is_looked_at_once_whatever_it_names(piece, monkeypatch):
    """Lists and tables without blanks would else take the square of their length."""
    looked = []
    run = addresses._run
    monkeypatch.setattr(addresses, "_run", lambda *given: looked.append(run(*given)) or looked[-1])
    text = piece * 500
    assert len(countries.mentions(pd.DataFrame({"article_id": ["a"], "text": [text]}))) >= 500
    assert 0 < sum(high - low for low, high in looked) <= len(text)


SENTENCES = [
    "Iran and Cuba met (https://example.com/Iran?x=Peru!y).",
    "See www.example.org. Talks went on at bbc.co.uk/news?a=b. Who said?",
    "Write to desk@example.org!",
    "https://example.com/a?B.C!D",
    "Ministers of the U.S. and the U.K. met at 5.30 p.m.",
    "Le Monde (http://пример.рф/п) “www.example.org” 中文 said é.",
]
ARTICLES = st.lists(st.lists(st.sampled_from(SENTENCES) | TEXT, min_size=1, max_size=5), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(ARTICLES, st.sampled_from([" ", "\n\n"]), st.sampled_from([1, 40, 220_000]))
def test_every_way_to_read_words_gives_the_same(pieces, gap, chunk):
    texts = [gap.join(p).replace("\0", " ") for p in pieces]
    articles = pd.DataFrame({"article_id": [str(i) for i in range(len(texts))], "text": texts})
    phrases = tokens.TokenRule(multiword=("nowhere to be found",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK", chunk)
        whole = tokens.document_terms(articles)
        listed = tokens.tokens(articles)
        by_sentence = tokens.document_terms(articles, unit="sentence")
        with_phrases = tokens.document_terms(articles, rule=phrases)
        units = pd.DataFrame({"article_id": articles["article_id"], "start": 0, "end": articles["text"].str.len()})
        everything = tokens.document_terms(articles, units=units)
    n = {t: int(c) for t, c in zip(whole.terms, whole.matrix.sum(axis=0), strict=True)}
    assert listed["term"].value_counts().to_dict() == n
    for other in (by_sentence, with_phrases):
        assert {t: int(c) for t, c in zip(other.terms, other.matrix.sum(axis=0), strict=True)} == n
    without = ORACLE.sub(lambda m: " " * len(m[0]), "\n\n".join(texts))
    assert int(everything.n_tokens.sum()) == len(re.findall(words.pattern(), without))
    text_of = dict(zip(articles["article_id"], texts, strict=True))
    for row in listed.itertuples(index=False):
        assert text_of[row.article_id][row.start : row.end] == row.token


def test_counts_and_neighbours_pass_over_an_address():
    """As they do over a bracket or a comma: what is no token has no place."""
    articles = pd.DataFrame({"article_id": ["a"], "text": ["Ministers met https://example.com/x today."]})
    counts = tokens.document_terms(articles)
    assert list(counts.terms) == ["met", "ministers", "today"]
    assert counts.n_tokens.tolist() == [3]
    pairs = terms.collocations(articles, min_n=1)
    assert set(zip(pairs["term_a"], pairs["term_b"], strict=True)) == {("ministers", "met"), ("met", "today")}
    assert terms.concordance(articles, "met today")["hit"].tolist() == ["met https://example.com/x today"]
    with pytest.raises(ValueError, match="holds no word"):
        terms.concordance(articles, "https://example.com/x")


@pytest.mark.parametrize(
    "text", ["Talks went on.in/Iran they met", "It is the end.of/Iran", "Trade ended.to/from/Iran it fell"]
)
def test_two_words_with_a_slash_hide_no_country(text):
    found = countries.mentions(pd.DataFrame({"article_id": ["a"], "text": [text]}))
    assert found[["surface", "accepted"]].values.tolist() == [["Iran", True]]


def test_an_article_of_addresses_alone_has_no_tokens():
    articles = pd.DataFrame({"article_id": ["a"], "text": ["https://example.com/news www.example.org"]})
    assert tokens.problems(articles)["problem"].tolist() == ["no_tokens"]


def test_an_address_has_no_language_and_no_tone():
    about = (
        "Le ministre a dit que les discussions étaient bonnes et que la délégation reviendrait à Paris au printemps. "
    )
    english = "https://example.org/the-minister-said-that-the-talks-were-good-and-that-they-would-go-on-with-them/" * 3
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        model = languages._model()
        spied = SimpleNamespace(classify=lambda sample: asked.append(sample) or model.classify(sample))
        patch.setattr(languages, "_model", lambda: spied)
        assert languages.modelled(about + english) == "fr"
    assert [sample.split() for sample in asked] == [about.split()]
    assert languages.modelled(english) == "und"
    read = tone.classify(pd.Series(["Iran, Cuba: https://example.com/war/attack", "Iran and Cuba at war"]))
    assert read["tone"].tolist() == ["neither", "conflictual"]
