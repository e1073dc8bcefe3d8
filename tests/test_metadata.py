"""Outlets, dates and languages: stated, inferred, or honestly missing."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import corpus, dates, metadata


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-06-17", "2023-06-17 00:00"),
        ("2023-06-17T10:20:00Z", "2023-06-17 10:20"),
        ("2023-06-17 10:20:00+03:30", "2023-06-17 06:50"),
        ("2023-06-17T10:20:00.123456+00:00", "2023-06-17 10:20"),
        ("2023-06-17 10:20:00 UTC", "2023-06-17 10:20"),
        ("20230617", "2023-06-17 00:00"),
        (20230617, "2023-06-17 00:00"),
        ("20230617T102000Z", "2023-06-17 10:20"),
        ("Sat, 17 Jun 2023 10:20:00 +0200", "2023-06-17 08:20"),
        ("June 17, 2023", "2023-06-17 00:00"),
        ("Saturday, June 17th 2023, 10:20 PM", "2023-06-17 22:20"),
        ("17 June 2023 at 12:05 a.m.", "2023-06-17 00:05"),
        ("17-Jun-2023", "2023-06-17 00:00"),
        ("Sept. 1, 2023", "2023-09-01 00:00"),
        ("17/06/2023", "2023-06-17 00:00"),
        ("06/17/2023", "2023-06-17 00:00"),
        ("06/06/2023", "2023-06-06 00:00"),
        ("03.04.2023", "2023-04-03 00:00"),
        ("2023/06/17", "2023-06-17 00:00"),
        (1686997200, "2023-06-17 10:20"),
        (1686997200000, "2023-06-17 10:20"),
        ("17 de junio de 2023", "2023-06-17 00:00"),
        ("17 июня 2023", "2023-06-17 00:00"),
        (dt.date(2023, 6, 17), "2023-06-17 00:00"),
        (dt.datetime(2023, 6, 17, 10, 20), "2023-06-17 10:20"),
        (pd.Timestamp("2023-06-17 10:20", tz="Asia/Tehran"), "2023-06-17 06:50"),
    ],
)
def test_dates(value, expected):
    when, why = metadata.parse_date(value)
    assert (when.strftime("%Y-%m-%d %H:%M"), str(when.tz), why) == (expected, "UTC", None)


@pytest.mark.parametrize(
    "value",
    [
        "03/04/2023",
        "Saturday",
        "yesterday",
        "June 17",
        "June 2023",
        "2023",
        "31 June 2023",
        "2023-02-30",
        "soon",
        "0001-01-01",
        "June 17, 2023 or June 18, 2023",
        "1402/03/27",
        "17 Foo 2023",
        "12",
        float("inf"),
        "9" * 50,
        "3 days ago",
        "Friday 12:30",
    ],
)
def test_what_is_no_date(value):
    when, why = metadata.parse_date(value)
    assert when is None
    assert repr(str(value)[:10])[:-1] in why or "year out of range" in why


def test_why_a_date_is_none():
    assert metadata.parse_date("09/08/2023")[1] == "'09/08/2023': either number may be the month"
    assert metadata.parse_date("31/06/2023")[1] == "'31/06/2023' is no date, or not one only"
    assert metadata.parse_date("9/8/23")[1] == "'9/8/23': a year of two digits"


@pytest.mark.parametrize(
    ("value", "first"),
    [("17/06/2023", "day"), ("06-17-2023 10:20", "month"), ("03/04/2023", None), ("03.17.2023", None), (17, None),
     ("2023-06-17", None), ("17/06/23", None), ("31/31/2023", None), ("", None)],
)  # fmt: skip
def test_what_comes_first_in_a_date(value, first):
    assert dates.order_of(value) == first


def test_a_date_whose_order_is_known():
    read = [str(metadata.parse_date("03/04/2023", first=first)[0])[:10] for first in (None, "day", "month")]
    assert read == ["None", "2023-04-03", "2023-03-04"]
    # what can be read in one way only is read in that way
    assert str(metadata.parse_date("17/06/2023", first="month")[0])[:10] == "2023-06-17"
    assert str(metadata.parse_date("06/17/2023", first="day")[0])[:10] == "2023-06-17"


SLASHED = "id,date,text\n" + "".join(
    f"{i},{{}},Report {w} on the talks.\n" for i, w in enumerate(["one", "two", "three"])
)


@pytest.mark.parametrize(
    ("dates_", "expected", "kinds"),
    [
        (["03/04/2024", "17/06/2024", "5/6/2024"], ["2024-04-03", "2024-06-17", "2024-06-05"], ["date_order"]),
        (["03/04/2024", "06/17/2024", "5/6/2024"], ["2024-03-04", "2024-06-17", "2024-05-06"], ["date_order"]),
        (["03/04/2024", "06/17/2024", "17/6/2024"], ["", "2024-06-17", "2024-06-17"], ["date_unclear"]),
        (["03/04/2024", "04/04/2024", "2024-06-17"], ["", "2024-04-04", "2024-06-17"], ["date_unclear"]),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_other_dates_of_a_table_tell_the_order(tmp_path, dates_, expected, kinds, jobs):
    (tmp_path / "a.csv").write_text(SLASHED.format(*dates_))
    (tmp_path / "b.csv").write_text("date,text\n07/08/2024,Another table tells nothing of this one.\n")
    articles, problems = corpus.load_articles(tmp_path, jobs=jobs)
    assert articles["published"].dt.strftime("%F").fillna("").tolist() == [*expected, ""]
    assert problems["problem"].tolist() == [*kinds, "date_unclear"]
    if kinds == ["date_order"]:
        order = "day" if dates_[1].startswith("17") else "month"
        said = f"2 dates, first '03/04/2024', are read {order} first, as the other dates of the table are"
        assert problems.iloc[0].tolist()[:4:3] == ["a.csv", said]


@pytest.mark.parametrize("value", [None, float("nan"), pd.NaT, "", "  ", np.nan])
def test_no_date_is_no_problem(value):
    assert metadata.parse_date(value) == (None, None)


TEXTS = {
    "en": "The president of Iran met the foreign minister of Cuba on Tuesday and said that talks would go on.",
    "es": "El presidente de Irán se reunió el martes con el canciller de Cuba para hablar de la cooperación.",
    "fr": "Le président iranien a rencontré mardi le ministre cubain des Affaires étrangères pour en parler.",
    "de": "Der iranische Präsident hat am Dienstag den kubanischen Außenminister getroffen, um zu sprechen.",
    "pt": "O presidente do Irã reuniu-se na terça-feira com o chanceler de Cuba para falar sobre a cooperação.",
    "it": "Il presidente iraniano ha incontrato martedì il ministro degli Esteri cubano per parlarne a lungo.",
    "nl": "De president van Iran heeft dinsdag de Cubaanse minister van Buitenlandse Zaken ontmoet in Havana.",
    "ru": "Президент Ирана встретился во вторник с министром иностранных дел Кубы, чтобы обсудить сотрудничество.",
    "fa": "رئیس جمهور ایران روز سه‌شنبه با وزیر امور خارجه کوبا دیدار کرد و درباره همکاری‌های دو کشور گفت‌وگو کرد.",
    "ar": "التقى الرئيس الإيراني يوم الثلاثاء وزير الخارجية الكوبي لبحث التعاون الاقتصادي بين البلدين في هافانا.",
    "zh": "伊朗总统周二会见了古巴外交部长，双方就两国经济合作和贸易关系交换了意见，并签署了多项合作协议和备忘录。",
    "tr": "İran cumhurbaşkanı salı günü Küba dışişleri bakanıyla bir araya gelerek iş birliğini görüştü.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_languages(code):
    assert metadata.languages([TEXTS[code], " ".join([TEXTS[code]] * 8)]) == [code, code]


def test_a_text_that_turns_from_english_is_not_called_english_at_a_glance():
    text = TEXTS["en"] * 4 + TEXTS["fa"] * 40
    assert metadata.languages([text]) == ["fa"]


@pytest.mark.parametrize("text", ["", "Iran", "Tehran, 17 June", "12 34 56 78 90 12 34", "Cuba! Iran? Peru.", "— … —"])
def test_short_texts_are_undetermined(text):
    assert metadata.languages([text]) == ["und"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("English", "en"),
        ("eng", "en"),
        ("en_GB", "en-GB"),
        ("pt-br", "pt-BR"),
        ("Farsi", "fa"),
        ("?", None),
        (None, None),
        ("und", None),
    ],
)
def test_stated_languages(value, code):
    assert metadata.stated_language(value) == code


@pytest.mark.parametrize(
    ("dateline", "outlet"),
    [
        ("Tehran (IP) -", "Iran Press"),
        ("WASHINGTON, March 3 (Reuters) -", "Reuters"),
        ("PARIS —", None),
        ("(NEW YORK) —", None),
        ("(CAIRO) —", None),
        ("(REUTERS) -", "Reuters"),
        ("(CNN) —", "CNN"),
        ("New Delhi [India], October 4 (ANI):", "Asian News International"),
        ("Damascus, SANA-", "Syrian Arab News Agency"),
        (None, None),
        ("MOSCOW, July 21. /TASS/.", "TASS"),
        ("HAVANA, June 15 (Prensa Latina)", "Prensa Latina"),
        ("TEHRAN (MNA) –", "Mehr News Agency"),
    ],
)
def test_outlets(dateline, outlet):
    assert metadata.outlet_of(dateline) == outlet


BODY = "The presidents of the two countries met in Havana on Friday and signed four agreements on trade."


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (["June 17, 2023"], "2023-06-17"),
        (["Published: 17 June 2023 | 10:20"], "2023-06-17"),
        (["Updated June 18, 2023", "June 17, 2023"], "2023-06-17"),
        (["Last updated: June 18, 2023"], None),
        (["Saturday"], None),
        (["June 17"], None),
        (["03/04/2023"], None),
        ([], None),
    ],
)
def test_a_date_line_above_the_body(tmp_path, lines, date):
    (tmp_path / "a.txt").write_text(
        "\n\n".join(["Presidents sign agreements", *lines, BODY, "Since June 1, 2020, much changed."])
    )
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["published"].dt.strftime("%F").fillna("none").tolist() == [date or "none"]
    assert problems["problem"].tolist() == (["date_unclear"] if lines == ["03/04/2023"] else [])
    assert articles["title"].tolist() == ["Presidents sign agreements"]


def test_a_dateline_with_its_year():
    assert metadata.opening(f"MOSCOW, July 21, 2023 (AFP) - {BODY}") == (
        None,
        "MOSCOW, July 21, 2023 (AFP) -",
        "July 21, 2023",
    )


def test_origins():
    articles = pd.DataFrame(
        {
            "article_id": ["b", "a"],
            "text": [f"Presidents meet\n\nMOSCOW (AFP) - {BODY}", BODY],
            "title": ["Presidents meet", "A title from the table"],
            "outlet": ["Agence France-Presse", None],
            "published": [pd.NaT, pd.Timestamp("2023-06-17", tz="UTC")],
            "language": ["en", "en-GB"],
        }
    )
    table = metadata.origins(articles)
    assert table["article_id"].tolist() == ["b"] * 4 + ["a"] * 4
    assert table["how"].tolist() == ["text", "text", "not stated", "detected", "file", "not stated", "file", "file"]
    # a table may state what its text shows too; a text file states nothing
    either = metadata.origins(articles.assign(source=["t.jsonl#1", "t.jsonl#2"]))["how"].tolist()
    assert either[:4] == ["file or text", "file or text", "not stated", "file or detected"]
    assert metadata.origins(articles.assign(source=["b.txt", "a.txt.gz"]))["how"].tolist() == table["how"].tolist()


def test_english_leaves_other_languages_out():
    articles = pd.DataFrame({"article_id": ["a", "b", "c", "d"], "language": ["en-GB", "fa", "und", "en"]})
    assert metadata.english(articles)["article_id"].tolist() == ["a", "c", "d"]
    with pytest.raises(ValueError, match="no English article: 1 fa"):
        metadata.english(articles.iloc[[1]])
    assert metadata.english(articles.iloc[:0]).empty


HEADS = [
    *"Presidents sign four agreements|By Maria Lopez|June 17, 2023|MOSCOW, July 21, 2023 (AFP) - ".split("|"),
    *"Tehran (IP) - |Related News:|Print|Pact | World|Iran met Cuba.|© 2023|All rights reserved|PARIS — ".split("|"),
    *"Read more: Russia urges Iran|word |\n|\n\n| |.|Monday's talks".split("|"),
    BODY, BODY * 4, "word " * 40, "a line that is wrapped to a width and is broken off\n",
]  # fmt: skip


def _plainly(text):
    """The opening read from the parts one by one."""
    headline = dateline = date = None
    n_body = 0
    for part in metadata.roles.label(text[:20_000]):
        own = text[part.start : part.end]
        if part.role == "body":  # a standfirst may stand before the dateline
            n_body += 1
            if dateline or n_body == 3 or (len(own.split()) > 30 and own.rstrip("\"'”’»)]")[-1:] in ".!?…"):
                break
        if part.rule == "date line" and not own.lower().startswith(("updated", "last")):
            date = date or own
        headline = own if part.role == "headline" else headline
        dateline = own if part.role == "dateline" else dateline
    return headline, dateline, date or metadata._date_of(dateline)


@given(st.lists(st.lists(st.sampled_from(HEADS), max_size=12).map("".join), max_size=5))
def test_openings_are_those_of_each_text(texts):
    expected = [_plainly(t) for t in texts]
    assert metadata.openings(texts) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metadata, "_FEW", 0)
        assert metadata.openings(texts) == expected


@given(st.lists(st.sampled_from(HEADS), max_size=12).map("".join))
def test_an_opening_is_the_same_read_quickly_or_whole(text):
    whole = _plainly(text)
    assert metadata.opening(text) == whole
    plain = metadata.roles.plain_opening(text)
    assert plain is None or plain == whole[:2]


def test_a_dateline_alone_on_its_line_is_not_the_whole_opening():
    """Found by fuzzing: the next line may have a dateline of its own."""
    text = f"{'word ' * 24}\nPARIS —\nMOSCOW (AFP) - {BODY}"
    assert metadata.roles.plain_opening(text) is None
    assert metadata.opening(text)[1] == "MOSCOW (AFP) -"


@pytest.mark.parametrize("start", [f"Iran met Cuba. {BODY}", f"Presidents sign\n\nMOSCOW (AFP) - {BODY}", BODY])
def test_plain_articles_are_read_quickly(start):
    text = f"{start} {BODY}\n\n{BODY}".lstrip()
    assert metadata.roles.plain_opening(text) == _plainly(text)[:2]


@pytest.mark.parametrize("end", ["", "\n", f"\n\nMOSCOW (AFP) - {BODY}"])
@pytest.mark.parametrize("start", ["", "MOSCOW (AFP) - ", "Presidents sign\n\n", "Iran met Cuba.\nPARIS — "])
def test_an_opening_that_ends_in_one_long_paragraph_is_read_quickly(start, end):
    paragraph = " ".join([BODY] * (3_000 // len(BODY) + 1))  # further than lines are looked for one by one
    text = f"{start}{paragraph}{end}"
    assert metadata.roles.plain_opening(text) == _plainly(text)[:2]
    unclosed = f"{start}{paragraph} and{end}"
    assert metadata.opening(unclosed) == _plainly(unclosed)


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        (["en", "und", "en-GB"], "No article is left out for its language."),
        (["en", "fa"], "Left out here: 1 of 2 articles, which is not in English (1 fa)."),
        (["fa", "es", "en", "es"], "Left out here: 3 of 4 articles, which are not in English (2 es, 1 fa)."),
        (["fa"], "Left out here: the only article, which is not in English (1 fa)."),
        ([], "No article is left out for its language."),
    ],
)
def test_what_english_leaves_out_is_said(codes, sentence):
    articles = pd.DataFrame({"article_id": list("abcd")[: len(codes)], "language": codes})
    assert metadata.left_out(articles) == sentence


def test_an_empty_cell_leaves_the_date_to_the_text(tmp_path):
    text = "Talks resume\n\n5 March 2024\n\nThe ministers met in the capital on Friday and signed an agreement on {}."
    rows = pd.DataFrame({"text": [text.format(w) for w in ("grain", "fish", "visas")], "date": ["", " ", "2023-01-02"]})
    rows.to_csv(tmp_path / "rows.csv", index=False)
    rows.to_json(tmp_path / "other.jsonl", orient="records", lines=True)
    articles, problems = corpus.load_articles(tmp_path)
    days = articles["published"].dt.strftime("%Y-%m-%d").tolist()
    assert days == ["2024-03-05", "2024-03-05", "2023-01-02"] * 2  # other.jsonl, rows.csv
    assert problems.empty
