"""The mention ledger: spans, rules, counts and evidence."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import comention, corpus, countries, disambiguation, flat, frames, lexicon, matching, segments


def articles_of(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)}, dtype="str")


def read(*texts: str) -> pd.DataFrame:
    return countries.mentions(articles_of(*texts))


def named(text: str) -> list[tuple[str, str]]:
    rows = read(text)
    rows = rows[rows["accepted"] & rows["country"].notna()]
    return list(zip(rows["surface"], rows["country"], strict=True))


def rules(text: str) -> list[tuple[str, str]]:
    rows = read(text)
    return list(zip(rows["surface"], rows["rule"], strict=True))


def test_the_ledger_of_one_sentence():
    # 0         1         2         3
    # 0123456789012345678901234567890123456
    # Iran and Latin American states met.
    found = read("Iran and Latin American states met.")
    expected = frames.conform(
        {
            "article_id": ["a0", "a0"],
            "start": [0, 15],
            "end": [4, 23],
            "surface": ["Iran", "American"],
            "country": ["IRN", "USA"],
            "organisation": [None, None],
            "kind": ["name", "demonym"],
            "role": ["body", "body"],
            "segment": [0, 0],
            "sentence": [0, 0],
            "accepted": [True, False],
            "rule": ["lexicon", "in a longer name: part of the Americas"],
        },
        "mentions",
    )
    pd.testing.assert_frame_equal(found, expected)


def test_the_longest_name_wins():
    assert named("The Islamic Republic of Iran, South Sudan and Papua New Guinea.") == [
        ("Islamic Republic of Iran", "IRN"),
        ("South Sudan", "SSD"),
        ("Papua New Guinea", "PNG"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The United\nStates and the United\u00a0States’ ally.",
            [("United\nStates", "USA"), ("United\xa0States", "USA")],
        ),
        ("Iran’s and Cuba's and Iran'", [("Iran’s"[:4], "IRN"), ("Cuba", "CUB"), ("Iran", "IRN")]),
        ("Iran-Cuba, Iran/Cuba, Iran–Cuba", [("Iran", "IRN"), ("Cuba", "CUB")] * 3),
        (
            "US-led, anti-American, “Iran”, (Cuba)",
            [("US", "USA"), ("American", "USA"), ("Iran", "IRN"), ("Cuba", "CUB")],
        ),
        ("Sino-Indian", [("Sino", "CHN"), ("Indian", "IND")]),
        (
            "Côte d’Ivoire, Cote d'Ivoire, México",
            [("Côte d’Ivoire", "CIV"), ("Cote d'Ivoire", "CIV"), ("México", "MEX")],
        ),
        ("Iranistan, Cubana, Irans, eIran, Iran2, iran", []),
        ("iran.ir, Iran.com, @Iran, Iran@home.org, _Iran", []),
        ("#Iran", [("Iran", "IRN")]),
        (
            "http://x.org/Iran/Cuba?a=Peru#Chile, www.x.org/Iran-Cuba (bbc.co.uk/Iran) Iran-news.co.uk/x Iran+x@x.org",
            [],
        ),
        ("http://x.org/(Iran Iran/https://x.org Iran,www.x.org", [("Iran", "IRN")] * 3),
        (f"http://x.org/{'é/' * 200}Iran x/Iran{'-x' * 200} http://x.org/Iran{'/x' * 200}", [("Iran", "IRN")]),
        ("IRAN AND CUBA", [("IRAN", "IRN"), ("CUBA", "CUB")]),
        ("😀Iran😀 Iran", [("Iran", "IRN"), ("Iran", "IRN")]),
        ("Iran\u0301", []),
    ],
)
def test_spans(text, expected):
    assert named(text) == expected


def test_a_missing_blank():
    assert rules("Iran PressIran news.") == [("Iran", "lexicon"), ("Iran", "blank missing before it")]
    for word in ("PetroChina", "McChad", "@VisitBritain", "VietNamese", "LeIran"):
        assert read(word)["accepted"].sum() == 0, word


CASES = [
    ("Sino-Indian trade.", "Sino", "combining form"),
    ("John Franco pitched.", "Franco", "no country follows the hyphen"),
    ("Russian-American talks.", "American", "between two countries"),
    ("Iranian Americans.", "Iranian", "people by descent"),
    ("Russia and Georgia signed.", "Georgia", "settled by its context"),
    ("The SCO met.", "SCO", "settled by its context"),
    ("SCO met.", "SCO", "undecided: the country is not named otherwise"),
    ("Kinshasa in Congo.", "Congo", "settled by the article"),
    ("Korean tea.", "Korean", "undecided between countries"),
    ("Hamilton won.", "Hamilton", "undecided: the country is not named otherwise"),
    ("Georgia is cold.", "Georgia", "undecided: place or country"),
    ("COME WITH US", "US", "undecided: pronoun or country"),
    ("US Steel Tariffs Hit Iran", "US", "undecided: longer name or country"),
    ("Shaquille Jordan scored.", "Jordan", "undecided: person or country"),
    ("TELL US MORE", "US", "a pronoun"),
    ("See https://example.org/wiki/Iran.", "Iran", "part of an address"),
    ("England won.", "England", "a part of the country"),
    ("The USSR fell.", "USSR", "a former state"),
    ("Mr. Chad left.", "Chad", "a person's name"),
    ("Michael Jordan left. Jordan ran.", "Jordan", "a person named in the article"),
    ("A fire in Lebanon, Pa., spread.", "Lebanon", "a town, its state after it"),
    ("The city of Turkey pays.", "Turkey", "a town of the same name"),
    ("Peru, Ind., pays. Peru waits.", "Peru", "a town named in the article"),
    ("Atlanta, Georgia, pays.", "Georgia", "the state or province of the same name"),
    ("It is on Peru Street.", "Peru", "a street, building or landmark"),
    ("Lake Peru shrinks.", "Peru", "a river, lake or stretch of land"),
    ("The Qatar Tribune said.", "Qatar", "an outlet's name"),
    ("FK Kabul won.", "Kabul", "a sports club's name"),
    ("HMS Jamaica sank.", "Jamaica", "a ship's name"),
    ("Air India landed.", "India", "a company's name"),
    ("Japan Airlines landed.", "Japan", "a company's name"),
    ("Take US 31 north.", "US", "a road's number"),
    ("The tribe spoke. Indians marched.", "Indians", "native people"),
    ("Notre Dame lost. The Irish wept.", "Irish", "the name of something else"),
    ("She speaks Spanish.", "Spanish", "a language"),
    ("Spanish is spoken here.", "Spanish", "a language"),
    ("Polish the silver.", "Polish", "a verb"),
    ("The Persian Gulf.", "Persian", "in a longer name: a sea or gulf"),
]


@pytest.mark.parametrize(("text", "surface", "rule"), CASES)
def test_each_rule(text, surface, rule):
    last = read(text).query("surface == @surface").iloc[-1]
    assert last["rule"] == rule
    assert last["accepted"] == (rule in disambiguation.ACCEPTING)


def test_every_rule_has_a_case():
    tested = {rule for _, _, rule in CASES} | {"lexicon", "blank missing before it"}
    # what depends on the article's date is tested with the lexicon
    assert set(disambiguation.RULES) - tested == {disambiguation.OUT_OF_OFFICE}


def test_ambiguity_is_stated_and_settled_by_the_article():
    bare = read("Korean officers met Congolese ones.")
    assert bare["country"].isna().all()
    assert not bare["accepted"].any()
    assert named("South Korea drilled. Korean officers watched.") == [("South Korea", "KOR"), ("Korean", "KOR")]
    both = read("North Korea and South Korea drilled. Korean officers watched.").iloc[-1]
    assert (both["surface"], both["rule"]) == ("Korean", "undecided between countries")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the capital tells that the country is meant, in spite of the person
        ("Michael Jordan came to Amman. Jordan was pleased.", [("Amman", "JOR"), ("Jordan", "JOR")]),
        # a degree's sign before the letter: no initial
        ("It was 2 °C. Kenya and Cuba met.", [("Kenya", "KEN"), ("Cuba", "CUB")]),
        # a postal code must be a word of its own
        ("Lebanon, PAST its prime, waits.", [("Lebanon", "LBN")]),
        ("Lebanon, PA, waits.", []),
        # a university that bears a person's name tells of no person
        (
            "He spoke at George Washington University. Moscow and Washington talked.",
            [("Moscow", "RUS"), ("Washington", "USA")],
        ),
    ],
)
def test_what_tells_readings_apart(text, expected):
    assert named(text) == expected


def test_organisations_are_no_countries():
    found = read("NATO and the EU met ALBA.")
    assert found["organisation"].tolist() == ["NATO", "EU", "ALBA"]
    assert found["country"].isna().all()
    assert found["accepted"].all()


def test_roles_segments_and_sentences():
    text = "Iran meets Cuba\n\nTehran (IP) - Iran spoke. Cuba replied.\n\nComments are closed in Iran."
    rows = read(text)[["surface", "role", "segment", "sentence"]]
    # segment 0 the headline, 1 the dateline, 2 the body of two sentences, 3 the page furniture
    assert rows.to_numpy().tolist() == [
        ["Iran", "headline", 0, 0],
        ["Cuba", "headline", 0, 0],
        ["Tehran", "dateline", 1, 1],
        ["Iran", "body", 2, 2],
        ["Cuba", "body", 2, 3],
        ["Iran", "boilerplate", 3, 4],
    ]


def test_an_outlets_own_tag_keeps_its_role_instead():
    # in the tag the outlet's name carries the role; in running text it is an outlet's name
    tag = read("Iran and Cuba meet\n\nIran Press News: Iran Press said so.\n\nThey left.")
    assert tag[tag["role"] == "boilerplate"]["accepted"].tolist() == [True]
    assert tag[tag["role"] == "body"]["rule"].tolist() == ["in a longer name: an outlet's name"]


def test_no_articles_give_an_empty_ledger():
    for articles in (articles_of(), articles_of("", " "), articles_of("Nobody spoke.")):
        pd.testing.assert_frame_equal(countries.mentions(articles.astype("str")), frames.empty("mentions"))


def test_the_ledger_has_its_documented_columns_and_dtypes():
    articles, _ = corpus.load_articles()
    for found in (read("Iran"), countries.mentions(articles), read("nothing")):
        assert found.dtypes.astype(str).to_dict() == frames.SCHEMAS["mentions"]


def test_given_segments_and_sentences_are_used():
    articles, _ = corpus.load_articles()
    parts = segments.paragraphs(articles)
    sentences = segments.sentences(articles, segments=parts)
    expected = countries.mentions(articles)
    shuffled = parts.sample(frac=1, random_state=0)
    for p, s in ((parts, sentences), (parts, None), (shuffled, sentences.sample(frac=1, random_state=0))):
        pd.testing.assert_frame_equal(countries.mentions(articles, segments=p, sentences=s), expected)
    # text outside the segments is not searched
    body = parts[parts["role"] == "body"]
    assert set(countries.mentions(articles, segments=body)["role"]) == {"body"}
    with pytest.raises(ValueError, match="segments: article_id '000_52c242eebb87d741' is no article's"):
        countries.mentions(articles.tail(2), segments=parts)
    with pytest.raises(ValueError, match="segments lacks the column role"):
        countries.mentions(articles, segments=parts.drop(columns="role"))


@pytest.mark.parametrize(
    ("articles", "error", "message"),
    [
        (pd.DataFrame({"article_id": ["a"]}), ValueError, "articles lacks the column text"),
        (pd.DataFrame({"article_id": ["a", "b"], "text": ["x", None]}), ValueError, "text of row 1 .article_id 'b'."),
        (pd.DataFrame({"article_id": ["a", "a"], "text": ["x", "y"]}), ValueError, "'a' occurs twice"),
        ("Iran", TypeError, "articles must be a pandas DataFrame, not str"),
    ],
)
def test_bad_articles(articles, error, message):
    with pytest.raises(error, match=message):
        countries.mentions(articles)


def test_a_bad_lexicon():
    with pytest.raises(TypeError, match="lexicon must be a pandas DataFrame, not str"):
        countries.mentions(articles_of("Iran"), lexicon="lexicon.csv")
    with pytest.raises(ValueError, match=r"row 0 \('X'\): unknown kind 'nick'"):
        countries.mentions(
            articles_of("Iran"), lexicon=pd.DataFrame({"surface": ["X"], "country": ["CUB"], "kind": ["nick"]})
        )


def test_hostile_text():
    line = "x" * 5_000_000 + " Iran " + "y" * 5_000_000
    assert read(line)["start"].tolist() == [5_000_001]
    assert read("Iran\0Cuba\0\0Iran")["start"].tolist() == [0, 5, 11]
    assert read(" " * 200_000 + "Iran" + "." * 100_000 + "\n" * 100_000)["start"].tolist() == [200_000]
    assert len(read("Iran " * 50_000)) == 50_000
    # a lone surrogate, which only a column of objects can hold
    odd = pd.DataFrame({"article_id": ["a"], "text": pd.Series(["\ud800Iran \udfff Cuba"], dtype="object")})
    assert countries.mentions(odd)["surface"].tolist() == ["Iran", "Cuba"]


def test_counts_and_evidence():
    articles = articles_of("Iran met Cuba. Iran left.", "Cuba spoke.", "Rain.")
    ledger = countries.mentions(articles)
    # Iran: 2 mentions in 1 article of 3; Cuba: 2 in 2
    expected = pd.DataFrame(
        {
            "country": ["CUB", "IRN"],
            "name": ["Cuba", "Iran"],
            "n_mentions": [2, 2],
            "n_articles": [2, 1],
            "n_articles_searched": [3, 3],
            "share_of_articles": [2 / 3, 1 / 3],
            "share_of_mentions": [0.5, 0.5],
        }
    ).astype({"country": "str", "name": "str"})
    pd.testing.assert_frame_equal(countries.counts(ledger, articles), expected)
    found = countries.evidence(ledger, articles, "IRN", "CUB")
    expected = pd.DataFrame(
        {
            "article_id": ["a0"],
            "segment": [0],
            "sentence": [0],
            "start": [0],
            "end": [14],
            "text": ["Iran met Cuba."],
            "spans": [[(0, 4, "IRN"), (9, 13, "CUB")]],
        }
    ).astype({"article_id": "str", "text": "str"})
    pd.testing.assert_frame_equal(found, expected)
    one = countries.evidence(ledger, articles, "CUB")
    assert one["text"].tolist() == ["Iran met Cuba.", "Cuba spoke."]
    whole = countries.evidence(ledger, articles, "IRN", "CUB", within="article")
    assert whole["text"].tolist() == ["Iran met Cuba. Iran left."]
    assert len(whole["spans"][0]) == 3


def test_every_span_of_the_evidence_is_the_countrys():
    articles, _ = corpus.load_articles()
    ledger = countries.mentions(articles)
    for within in ("sentence", "paragraph", "article"):
        for row in countries.evidence(ledger, articles, "IRN", "CUB", within=within, kinds=None).itertuples():
            text = articles.set_index("article_id")["text"][row.article_id]
            assert text[row.start : row.end] == row.text
            assert {c for _, _, c in row.spans} == {"IRN", "CUB"}
            surfaces = set(ledger["surface"])
            assert all(row.text[a:b] in surfaces for a, b, _ in row.spans)


def test_counting_leaves_out_what_does_not_count():
    articles = articles_of(
        "Iran and Cuba meet\n\nTehran (IP) - NATO met Raisi and the Iranian guard in Hamilton.\n\nIt ended."
    )
    ledger = countries.mentions(articles)
    assert countries.counted(ledger)["surface"].tolist() == ["Iran", "Cuba", "Iranian"]
    assert countries.counted(ledger, kinds=None)["surface"].tolist() == ["Iran", "Cuba", "Raisi", "Iranian"]
    assert countries.counted(ledger, kinds="capital", roles=segments.ROLES)["surface"].tolist() == ["Tehran"]
    with pytest.raises(ValueError, match="unknown kind 'nick'; kinds are name, demonym"):
        countries.counted(ledger, kinds=("name", "nick"))
    nothing = countries.counts(ledger.head(0), articles)
    assert nothing.empty
    assert nothing.dtypes.equals(countries.counts(ledger, articles).dtypes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"a": "IR"}, "'IR' is no ISO 3166-1 alpha-3 code of a country$"),
        ({"a": "iran"}, "'iran' is no ISO 3166-1 alpha-3 code of a country; did you mean IRN.$"),
        ({"a": "IRN", "b": "IRN"}, "the two countries are the same: IRN"),
        ({"a": "IRN", "within": "page"}, "within is 'page'; it must be sentence, paragraph or article"),
    ],
)
def test_evidence_names_what_is_wrong(arguments, message):
    articles = articles_of("Iran")
    with pytest.raises(ValueError, match=message):
        countries.evidence(countries.mentions(articles), articles, **arguments)


def test_evidence_of_nothing_is_empty():
    articles = articles_of("Iran")
    found = countries.evidence(countries.mentions(articles), articles, "CUB")
    assert found.empty
    assert found.dtypes.astype(str)["spans"] == "object"


def test_positions():
    articles = articles_of("Iran, Cuba")
    found = countries.positions(countries.mentions(articles), articles)
    # Cuba begins after 6 of 10 characters
    assert found[["name", "position"]].to_numpy().tolist() == [["Iran", 0.0], ["Cuba", 0.6]]


WORDS = (
    "Iran Iranian Cuba Havana US U.S. Georgia Jordan Chad Latin American Americans South Korea Korean Congo New Mexico "
    "Mexico City Michael Mr. Smith Lebanon Pa. Texas Persian Gulf Sino Franco German French speaks Spanish Press "
    "Réunion Reunion Male Malé Raisi NATO ALBA the The and in said Atlanta Armenia Washington Kremlin Côte d’Ivoire "
    "d'Ivoire CHINA IRAN TELL WITH 41 Street Lake USS Times Indian tribe Native Polish Guinea Bissau Republic of "
    "United States North Koreas Open Steel Australian Neither Niger state Nigeria Air Court Georgian homes New Egypt"
).split()
GAPS = [*"   -/(", ". ", ", ", "\n", "\n\n", "", "’s ", ") ", "\u00a0", "\0", " — ", "é", "😀", "\u0301"]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=14).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_spans_are_their_surfaces_and_never_overlap(texts):
    found = read(*texts)
    for article, rows in found.groupby("article_id"):
        text = texts[int(article[1:])]
        assert [text[a:b] for a, b in zip(rows["start"], rows["end"], strict=True)] == rows["surface"].tolist()
        assert not rows.duplicated(["start", "country"]).any()
        spans = rows.drop_duplicates(["start", "end"])  # Koreas names two countries
        assert (spans["start"].to_numpy()[1:] >= spans["end"].to_numpy()[:-1]).all()
    assert set(found["kind"]) <= set(lexicon.KINDS)
    accepted = found[found["accepted"]]
    assert (accepted["country"].notna() ^ accepted["organisation"].notna()).all()
    assert accepted["rule"].isin(disambiguation.ACCEPTING).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_articles_do_not_depend_on_each_other(texts, random):
    articles = articles_of(*texts)
    together = countries.mentions(articles)
    alone = [countries.mentions(articles.iloc[[i]]) for i in range(len(texts))]
    pd.testing.assert_frame_equal(pd.concat(alone, ignore_index=True), together)
    order = random.sample(range(len(texts)), len(texts))
    shuffled = countries.mentions(articles.iloc[order])
    expected = pd.concat([alone[i] for i in order], ignore_index=True)
    pd.testing.assert_frame_equal(shuffled, expected)


def test_chunks_change_nothing(monkeypatch):
    articles, _ = corpus.load_articles()
    whole = countries.mentions(articles)
    monkeypatch.setattr("analysis.ledger._CHUNK", 1)
    pd.testing.assert_frame_equal(countries.mentions(articles), whole)


@given(st.lists(st.integers(0, 0x10FFFF)))
def test_folding_keeps_the_length(points):
    text = "".join(map(chr, points))
    assert len(flat.fold(text)) == len(text)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), max_size=12))
def test_longest_spans(spans):
    starts = pd.array([s for s, _ in spans], dtype="int64").to_numpy()
    ends = starts + pd.array([n for _, n in spans], dtype="int64").to_numpy()
    # the oracle: from left to right, the longest first, the first written among equals
    chosen, last = [], -1
    for i in sorted(range(len(spans)), key=lambda i: (starts[i], -ends[i], i)):
        if starts[i] >= last:
            chosen.append(i)
            last = ends[i]
    assert matching.longest(starts, ends).tolist() == chosen


@pytest.mark.parametrize("within", ["sentence", "paragraph", "article"])
def test_there_are_as_many_passages_as_were_counted(within):
    # Two tellings of one story (the longer counts for a pair) and a story of its own.
    text = "Iran met Cuba. Cuba thanked Iran.\n\nCuba and Iran signed."
    articles = pd.DataFrame(
        {"article_id": ["a", "b", "c"], "text": [text, f"{text} Rain fell.", text], "story_id": ["s", "s", "t"]}
    )
    ledger = countries.mentions(articles)
    n_both = int(comention.pairs(ledger, articles, within=within)["n_both"].iloc[0])
    found = countries.evidence(ledger, articles, "IRN", "CUB", within=within)
    assert len(found) == n_both == {"sentence": 6, "paragraph": 4, "article": 2}[within]
    assert set(found["article_id"]) == {"b", "c"}
    of = countries.evidence_of(pd.DataFrame({"country_a": ["CUB"], "country_b": ["IRN"]}), ledger, articles)
    assert len(of) == 6
    every = countries.evidence(ledger, articles, "IRN", "CUB", within=within, duplicates="each")
    assert len(every) == n_both * 3 // 2
    named = countries.counts(ledger, articles).set_index("country").loc["IRN", "n_articles"]
    assert len(countries.evidence(ledger, articles, "IRN", within="article")) == named == 3
    with pytest.raises(ValueError, match="duplicates is 'twice'"):
        countries.evidence(ledger, articles, "IRN", duplicates="twice")
