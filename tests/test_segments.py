"""Articles to paragraphs and sentences."""

import runpy
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import corpus, frames, layout, metadata, page_lines, segments, sentence_ends
from analysis import roles as plain_roles
from analysis.flat import flatten


def articles_of(*texts):
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


def roles(text):
    articles = articles_of(text)
    parts = segments.paragraphs(articles)
    return list(zip(parts["role"], segments.text_of(parts, articles), strict=True))


def sentences(text):
    articles = articles_of(text)
    return segments.text_of(segments.sentences(articles), articles).tolist()


# Read off the files by hand: every segment that is not a body paragraph, by article, with its text.
LABELLED = {
    "000": [
        ("dateline", "Tehran (IP) -"),
        ("boilerplate", "Iran PressIran news:"),
        ("boilerplate", "Read More:"),
        ("boilerplate", "Iran's president appreciates OPEC to stabilize oil market"),
        ("boilerplate", "Iran's approach to maintain security, prosperity in all regions: Pres Raisi"),
    ],
    "001": [("headline", "Iran signed 35 accords with Latin American states, Raisi says")],
    "002": [("dateline", "Tehran (IP) -")],
    "003": [
        ("dateline", "Tehran (IP)-"),
        ("boilerplate", "Iran PressIran News:"),
        ("boilerplate", "Related News:"),
        ("boilerplate", "Iran reacts to US defeat in launching global unrest against Cuba."),
        ("boilerplate", "Read More:"),
        ("boilerplate", "Iran, Cuba must shore up ties to face US sanctions"),
        ("boilerplate", "Cuba confers special award to Iranian scientist"),
    ],
    "004": [
        ("headline", "Iran and Russia strengthen cooperation and seek regional security"),
        ("boilerplate", "| News"),
        ("boilerplate", "Iran urges US to remove obstacles in negotiations in Vienna"),
        ("boilerplate", "Comments are closed."),
    ],
}
BODY_PARAGRAPHS = {"000": 6, "001": 16, "002": 10, "003": 6, "004": 9}


def test_the_five_articles():
    articles, _ = corpus.load_articles()
    parts = segments.paragraphs(articles)
    assert parts.dtypes.astype(str).to_dict() == frames.SCHEMAS["segments"]
    parts["text"] = segments.text_of(parts, articles)
    for article, labelled in LABELLED.items():
        own = parts[parts["article_id"].str.startswith(article)]
        other = own[own["role"] != "body"]
        assert list(zip(other["role"], other["text"], strict=True)) == labelled
        assert (own["role"] == "body").sum() == BODY_PARAGRAPHS[article]


# The same files, every segment to the character: start-end and the first letter of its role (headline, dateline, body,
# page: "p" for boilerplate). Read off the files with their lines numbered by characters.
SPANS = {
    "000": (
        "0-13d 14-292b 294-314p 315-767b 769-991b 993-1339b 1341-1720b 1722-1890b 1893-1903p 1905-1962p 1964-2039p "
    ),
    "001": (
        "0-61h 62-143b 144-366b 367-605b 606-755b 756-1001b 1002-1142b 1143-1436b 1437-1665b 1666-1927b "
        "1928-2091b 2092-2289b 2290-2487b 2488-2725b 2726-3056b 3057-3259b 3260-3442b "
    ),
    "002": (
        "0-13d 14-318b 320-675b 677-1006b 1008-1231b 1233-1649b 1651-2077b 2079-2295b 2297-2608b 2610-2796b 2799-3104b "
    ),
    "003": (
        "0-12d 13-269b 271-291p 292-718b 720-1013b 1015-1028p 1030-1095p 1097-1474b 1476-1650b 1652-1954b "
        "1957-1967p 1969-2019p 2021-2068p "
    ),
    "004": (
        "0-65h 66-72p 75-308b 311-370p 372-616b 618-923b 925-1184b 1186-1407b 1409-1679b 1681-2016b "
        "2018-2327b 2329-2630b 2632-2652p "
    ),
}


def test_the_five_articles_to_the_character():
    articles, _ = corpus.load_articles()
    for article_id, own in segments.paragraphs(articles).groupby("article_id"):
        found = [
            f"{s.start}-{s.end}{'p' if s.role == 'boilerplate' else s.role[0]}" for s in own.itertuples(index=False)
        ]
        assert found == SPANS[article_id[:3]].split()
        assert own["segment"].tolist() == list(range(len(own)))


def test_segments_leave_only_white_space_out():
    articles, _ = corpus.load_articles()
    for article_id, own in segments.paragraphs(articles).groupby("article_id"):
        text = articles.set_index("article_id")["text"][article_id]
        ends = [0, *own["end"]]
        starts = [*own["start"], len(text)]
        assert "".join(text[a:b] for a, b in zip(ends, starts, strict=True)).strip() == ""


def test_sentences_of_the_fifth_article():
    articles, _ = corpus.load_articles()
    table = segments.sentences(articles.tail(1))
    assert table.dtypes.astype(str).to_dict() == frames.SCHEMAS["sentences"]
    assert table["sentence"].tolist() == list(range(len(table)))
    texts = segments.text_of(table, articles)
    # the paragraph on the sanctions holds three sentences, the middle one a quotation's beginning
    assert texts[table["segment"] == 9].str[:24].tolist() == [
        "In addition, he agreed w",
        "“We have been countering",
        "And we will never stop t",
    ]


@pytest.mark.parametrize(
    ("opening", "dateline"),
    [
        ("Tehran (IP) - Iran spoke.", "Tehran (IP) -"),
        ("WASHINGTON, March 3 (Reuters) - The talks ended.", "WASHINGTON, March 3 (Reuters) -"),
        ("PARIS — The talks ended.", "PARIS —"),
        ("MOSCOW/KYIV (AP) — The talks ended.", "MOSCOW/KYIV (AP) —"),
        ("Tehran-Havana relations have grown.", None),
        ("(Reuters) - The talks ended.", "(Reuters) -"),
        ("TEHRAN, June 17 (Xinhua) -- The talks ended.", "TEHRAN, June 17 (Xinhua) --"),
        ("MOSCOW, July 21. /TASS/. The talks ended.", "MOSCOW, July 21. /TASS/."),
        ("HAVANA, June 15 (Prensa Latina) The talks ended.", "HAVANA, June 15 (Prensa Latina)"),
        ("Havana, Cuba, 12 May 2024 (Prensa Latina) The talks ended.", "Havana, Cuba, 12 May 2024 (Prensa Latina)"),
        ("CARACAS, Venezuela (AP) — The talks ended.", "CARACAS, Venezuela (AP) —"),
        ("KYIV, Ukraine — The talks ended.", "KYIV, Ukraine —"),
        ("Washington, May 3 (Reuters) - The talks ended.", "Washington, May 3 (Reuters) -"),
        ("Tehran, June 5, IRNA – The talks ended.", "Tehran, June 5, IRNA –"),
        ("BREAKING: The talks ended.", None),
        ("The Islamic Republic of Iran (IRI) is a state.", None),
        ("Iran - and Cuba - met.", None),
        ("A (b) - c.", None),
    ],
)
def test_datelines(opening, dateline):
    labelled = roles(opening)
    assert (labelled[0] == ("dateline", dateline)) if dateline else [r for r, _ in labelled] == ["body"]


SIGNED = "Greece and Turkey signed a pact of friendship in the capital, the ministry said on Monday."


@pytest.mark.parametrize(
    "opening",
    [
        "Athens, 3 May 2024 -",
        "Geneva, June 5, 2023 —",
        "Late Friday, 3 May 2024 -",
        "Press Release, 3 May 2024 –",
        "Brexit, 31 January 2020 –",
        "Hiroshima, 6 August 1945 –",
    ],
)
def test_a_place_in_small_letters_and_a_date_without_an_agency_stay_text(opening):
    # Nothing tells Athens from Brexit, nor the day of the report from the day that it looks back on.
    assert roles(f"{opening} {SIGNED}") == [("body", f"{opening} {SIGNED}")]
    assert metadata.opening(f"{opening} {SIGNED}") == (None, None, None)


def test_the_date_of_a_dateline_is_the_day_of_the_report():
    assert metadata.opening(f"Tehran, June 5, 2024, IRNA – {SIGNED}")[1:] == (
        "Tehran, June 5, 2024, IRNA –",
        "June 5, 2024",
    )


def test_lines_of_a_wrapped_text_are_one_paragraph():
    line = "the delegations of the two countries met for the third time"
    text = f"{line}\n{line}\n{line}\nin March.\n\n{line}\n{line}\nin April."
    assert [t.count("\n") for _, t in roles(text)] == [3, 2]
    # lines that end a sentence each are paragraphs
    assert len(roles("Iran met Cuba.\nRussia met China.\nBoth spoke.\nAll left.")) == 4


def test_a_subheading_stays_and_a_link_line_goes():
    text = "Iran met Cuba.\n\nEconomic ties\n\nThey spoke.\n\nRussia urges Iran to return to the talks\n\nThey left."
    assert [r for r, _ in roles(text)] == ["body", "body", "body", "boilerplate", "body"]


def test_a_line_that_the_next_goes_on_with_is_no_link():
    """Paragraphs wrapped to a width over 100, which are not seen to be wrapped."""
    broken = (
        "Police say the attempted murder charge is in connection with the stabbing of the visitor's\nmother, who lived."
    )
    assert [r for r, _ in roles(f"{'Iran met Cuba. ' * 8}\n{broken}\nThey left.")] == ["body"] * 4
    link = "Russia urges Iran to return to the talks"
    assert [r for r, _ in roles(f"{'Iran met Cuba. ' * 8}\n{link}\nThey left.")] == ["body", "boilerplate", "body"]


def test_a_list_of_links_ends_where_prose_begins():
    prose = "The talks went on " + "and on " * 20 + "until they ended."
    text = f"Iran met Cuba.\n\nRelated News:\n\nRussia met China\n\nChina met Peru\n\n{prose}"
    assert [r for r, _ in roles(text)] == ["body", "boilerplate", "boilerplate", "boilerplate", "body"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran met Cuba. Both spoke! Why? 35 left.", ["Iran met Cuba.", "Both spoke!", "Why?", "35 left."]),
        ("Mr. Raisi met Dr. J. K. Smith.", ["Mr. Raisi met Dr. J. K. Smith."]),
        (
            "The U.S. Senate met. In the U.S. The talks ended.",
            ["The U.S. Senate met.", "In the U.S.", "The talks ended."],
        ),
        ("He said “yes.” Then he left.", ["He said “yes.”", "Then he left."]),
        ("It rose 3.5 per cent. No. 5 fell.", ["It rose 3.5 per cent.", "No. 5 fell."]),
        ("ends without a stop", ["ends without a stop"]),
        ("He waited… Then he left.", ["He waited…", "Then he left."]),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


BODY = (
    "The presidents of the two countries met in Havana on Friday and signed four agreements on trade, mining, medicine "
    "and the sea, their offices said."
)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("By Maria Lopez", "byline"),
        ("By JOHN SMITH and Ana de la Cruz, Associated Press", "byline"),
        ("Written by: Political Desk", "byline"),
        ("June 17, 2023", "date line"),
        ("Published: Sat, 17 June 2023 14:05 GMT", "date line"),
        ("2023-06-17 08:30", "date line"),
        ("Share this article", "page furniture"),
        ("Subscribe to our newsletter and never miss a story.", "page furniture"),
        ("Photo: Presidency of the Republic", "page furniture"),
        ("(Reporting by A. Writer; Editing by B. Editor)"[1:-1], "page furniture"),
        ("Tags: Iran, Cuba, trade", "page furniture"),
        ("© 2023 The Daily. All rights reserved.", "closing line"),
        ("Copyright 2023 The Daily", "closing line"),
        ("Facebook | Twitter | WhatsApp", "button"),
        ("Advertisement", "button"),
        ("3 min read", "button"),
        ("Also read: Russia urges Iran to return to the talks", "link line with its heading"),
        ("READ MORE | What the agreement says", "link line with its heading"),
        ("Recommended Stories", "list heading"),
        ("(Reporting by Ann Lee in Tehran; editing by Bob Roy)", "page furniture"),
        ("(Additional reporting by Ann Lee; Editing by Bob Roy.)", "page furniture"),
        ("[Writing by Ann Lee]", "page furniture"),
    ],
)
def test_lines_that_belong_to_the_page(line, rule):
    articles = articles_of(f"Presidents sign four agreements\n\n{line}\n\n{BODY}\n\n{BODY}")
    table = segments.paragraphs(articles)
    assert table[["role", "rule"]].values.tolist()[1] == ["boilerplate", rule]
    assert table["role"].tolist() == ["headline", "boilerplate", "body", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the talks had ended.",
        "Share prices fell in Tehran.",
        "Published reports said on June 17, 2023 that the talks had failed.",
        "Reporters were not let in.",
        "(Reporting by journalists is restricted in the region.)",
        "Home prices rose by a tenth.",
        "Comments by the minister were not available.",
        "Credit lines worth a billion dollars were opened.",
        "Photographs of the meeting were shown on television.",
        "Read more slowly, the minister told them.",
        "Related talks will be held in Moscow.",
    ],
)
def test_lines_that_only_look_so(line):
    table = segments.paragraphs(articles_of(f"Presidents sign four agreements\n\n{BODY}\n\n{line}\n\n{BODY}"))
    assert table["role"].tolist() == ["headline", "body", "body", "body"]


def test_what_comes_after_the_end():
    text = f"Presidents meet\n\n{BODY}\n\nComments are closed.\n\nRussia urges Iran to return\n\nAbout us"
    assert [r for r, _ in roles(text)] == ["headline", "body", "boilerplate", "boilerplate", "boilerplate"]


def test_a_headline_below_what_the_page_puts_above_it_and_repeated():
    text = f"Advertisement\n\nPresidents sign four agreements\n\nPresidents sign four agreements\n\n{BODY}\n\n{BODY}"
    assert [r for r, _ in roles(text)] == ["boilerplate", "headline", "boilerplate", "body", "body"]


def test_lines_that_recur_across_the_corpus():
    made = [
        f"Headline number {w} of them\n\nThe Daily Observer\n\nReport {w} says this.\n\nVisit our shop"
        for w in "abcdef"
    ]
    articles = articles_of(*made).assign(story_id=lambda a: a["article_id"])
    lines = segments.recurring_lines(articles)
    expected = pd.DataFrame({"line": ["The Daily Observer", "Visit our shop"], "n_stories": [6, 6]})
    pd.testing.assert_frame_equal(lines, expected.astype({"line": "str"}))
    table = segments.paragraphs(articles)
    assert (table["rule"] == "recurs across the corpus").sum() == 12
    # four stories are too few; copies of one story are one story
    assert segments.recurring_lines(articles.head(4)).empty
    assert segments.recurring_lines(articles.assign(story_id="a0")).empty
    # a part is labelled as the whole is, if it is given the lines of the whole
    part = segments.paragraphs(articles.tail(1), recurring=lines)
    pd.testing.assert_frame_equal(part, table[table["article_id"] == "a5"].reset_index(drop=True))


def test_a_sentence_never_recurs_and_nothing_does_where_stories_are_not_told():
    articles = articles_of(*["Iran met Cuba.\n\nThe Daily Observer"] * 40)
    assert segments.recurring_lines(articles).empty
    articles["story_id"] = articles["article_id"]
    assert segments.recurring_lines(articles)["line"].tolist() == ["The Daily Observer"]


def test_words_by_role():
    articles = articles_of("Iran and Cuba meet\n\nTehran (IP) - They met today.\n\nComments are closed.")
    expected = pd.DataFrame(
        {"article_id": ["a0"] * 4, "role": list(segments.ROLES), "n_words": [4, 3, 3, 3]},
    ).astype({"article_id": "str", "role": "str"})
    pd.testing.assert_frame_equal(segments.words_by_role(articles), expected)


def test_empty_frames_keep_their_columns():
    nothing = articles_of().astype("str")
    pd.testing.assert_frame_equal(segments.paragraphs(nothing), frames.empty("segments"))
    pd.testing.assert_frame_equal(segments.sentences(nothing), frames.empty("sentences"))
    pd.testing.assert_frame_equal(segments.paragraphs(articles_of(" \n ")), frames.empty("segments"))
    assert segments.words_by_role(nothing).empty


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        (pd.DataFrame({"article_id": ["a"]}), "articles lacks the column text; it has article_id"),
        (articles_of("x", None), "the text of row 1 .article_id 'a1'. is no string: "),
        (pd.DataFrame({"article_id": ["a", "a"], "text": ["x", "y"]}), "'a' occurs twice .second time in row 1."),
        (pd.DataFrame({"article_id": ["a", None], "text": ["x", "y"]}), "row 1 has no article_id"),
    ],
)
def test_bad_articles(articles, message):
    with pytest.raises(ValueError, match=message):
        segments.paragraphs(articles)


@given(st.lists(st.text(st.sampled_from('Aa.!? \n\t"”(-—|: U.S.\xa0é漢'), max_size=120), max_size=3))
def test_spans_are_ordered_disjoint_and_trimmed(texts):
    articles = articles_of(*texts).astype("str")
    parts = segments.paragraphs(articles)
    for spans in (parts, segments.sentences(articles, segments=parts)):
        text = segments.text_of(spans, articles)
        assert (text == text.str.strip()).all()
        assert (text != "").all()
        for _, own in spans.groupby("article_id"):
            assert (own["start"].iloc[1:].to_numpy() >= own["end"].iloc[:-1].to_numpy()).all()
    words = segments.words_by_role(articles, segments=parts).groupby("article_id")["n_words"].sum()
    # a segment that ends within a word would make two of one: only the tags of headline and opening may
    assert (words.reindex(articles["article_id"], fill_value=0).to_numpy() >= [len(t.split()) for t in texts]).all()


PLAIN = runpy.run_path(str(Path(__file__).with_name("plain_segments.py")))

PIECES = [
    *"Iran met Cuba|the talks in March|Mr|U.S|e.g|No|J|approx|Related News:|Read More|Share this|35|é|É|漢字".split(
        "|"
    ),
    *"Comments are closed|Tehran (IP) -|PARIS —|Iran Press News:|. |? |, |\n\n| Photo: x|he said".split("|"),
    *"By Ann Lee|June 17, 2023|at 5 p.m.|Also read: |© 2023|Print|link copied!|MOSCOW, July 21. /TASS/.|#30-|END".split(
        "|"
    ),
    *"Published: |Saturday, |Our standards: |Tags: a|We use cookies|Reporting by A|» more: ".split("|"),
    *"“”()’«».....!?…   \n\n\t\xa0\0|",
    "a line to the width of the page\n",
    "word " * 14,
]
PROSE = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def test_arrays_find_what_reading_finds():
    check_against_plain(corpus.load_articles()[0]["text"].tolist())
    blanks, quotes, stops = " " * 60, "”" * 30, "." * 30
    check_against_plain(["J\n\nJ\n"])  # found by fuzzing: nothing stands before the first letter of all
    check_against_plain(
        ["U.S\n\nA. B contributed to this report.? \n\nIran met Cuba", "A\n\nB contributed to this story.]\n\nC"]
    )
    check_against_plain([f"{blanks}A.{blanks}B.{quotes} C.", "", f"{stops} D." + " “" * 30 + "E."])


@given(st.lists(PROSE, min_size=1, max_size=4))
def test_arrays_find_what_reading_finds_in_any_text(texts):
    check_against_plain(texts)


PATTERNS = [page_lines._LIST_HEADING, page_lines._LIST_LINE, page_lines._NOTICE, page_lines._END, page_lines._BUTTON]
PATTERNS += [page_lines.DATE_LINE, page_lines._BYLINE, page_lines._PART_OF_DATE, page_lines._AGENCY_LINE]
PATTERNS += [page_lines._CODE, page_lines._CAPTION, page_lines._CONTRIBUTED]
LINES = st.one_of([st.from_regex(p, fullmatch=True) for p in PATTERNS]).map(lambda t: " ".join(t.split()))


@given(LINES)
def test_no_line_of_a_page_is_missed_by_its_beginning(line):
    rule = page_lines.is_list_heading(line) or page_lines.rule_of(line, plain_roles.is_closed(line), True)
    assert page_lines.may_be(line) or not rule
    check_against_plain([f"Presidents meet\n\n{line}\n\n{BODY}\n\n{line}\n\n{BODY}"])


def check_against_plain(texts):
    flat = flatten(texts)
    spans = layout.locate(flat)
    offset = flat.starts[spans.article]
    found = zip(
        spans.article.tolist(),
        (spans.start - offset).tolist(),
        (spans.end - offset).tolist(),
        [layout.ROLES[r] for r in spans.role],
        spans.rule.tolist(),
        strict=True,
    )
    expected = [(i, *row) for i, text in enumerate(texts) for row in plain_roles.label(text)]
    assert list(found) == expected
    sentences = sentence_ends.locate(flat, spans.start, spans.end)
    offset = flat.starts[spans.article[sentences.segment]]
    found = zip(
        sentences.segment.tolist(), (sentences.start - offset).tolist(), (sentences.end - offset).tolist(), strict=True
    )
    assert list(found) == [
        (number, *span)
        for number, (i, start, end, _, _) in enumerate(expected)
        for span in PLAIN["sentences"](texts[i], start, end)
    ]
