import pytest

from analysis import wordforms
from analysis.wordforms import TokenRule


def terms_of(text: str, rule: TokenRule = wordforms.DEFAULT) -> list[str]:
    found = wordforms.encode(text, rule=rule)
    names = [found.phrases.get(k) or wordforms.term(s, rule=rule) for k, s in enumerate(found.surfaces)]
    return [names[c] for c in found.codes]


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Iran's", "iran"),
        ("Iran’s", "iran"),
        ("IRAN'S", "iran"),
        ("1990's", "1990"),
        ("don’t", "don't"),
        ("co‑operation", "co-operation"),
        ("US", "US"),
        ("us", "us"),
        ("Us", "us"),
        ("U.S", "US"),
        ("US's", "US"),
        ("U.N", "un"),
        ("e.g", "e.g"),
        ("3.5", "3.5"),
        ("Straße", "strasse"),
        ("E\u0301lys\u00e9e", "élysée"),
        ("co\u00adoperation", "cooperation"),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("می‌خواهد\u200f", "می‌خواهد"),
        ("ΟΔΟΣ", "οδοσ"),
    ],
)
def test_the_term_of_a_word(surface, expected):
    assert wordforms.term(surface) == expected
    assert wordforms.terms([surface]) == [expected]


@pytest.mark.parametrize(
    ("surface", "expected"),
    [("Iran's", "Iran"), ("Latin\n America", "Latin America"), ("U.S", "US"), ("Élysée’s", "Élysée")],
)
def test_the_label_of_a_word(surface, expected):
    assert wordforms.labels([surface]) == [expected]


@pytest.mark.parametrize(
    ("surface", "expected"), [("5", False), ("1,500.2", False), ("18th", True), ("٣", False), ("中", True)]
)
def test_numbers_hold_no_letter(surface, expected):
    assert wordforms.has_letter(surface) is expected


def test_the_longest_phrase_is_one_token():
    rule = TokenRule(multiword=["United States", "United States of America", "latin america", "Latin America"])
    assert terms_of("The United States of America, the UNITED  STATES' and Latin\nAmerica's.", rule) == [
        "the",
        "united states of america",
        "the",
        "united states",
        "and",
        "latin america",
    ]


def test_phrases_do_not_cross_sentences_or_paragraphs():
    rule = TokenRule(multiword=["Latin America"])
    assert terms_of("Latin. America, Latin\n\nAmerica; Latin, America", rule) == ["latin", "america"] * 3


def test_hyphens_and_blanks_are_alike_in_phrases():
    rule = TokenRule(multiword=["Non-Aligned Movement", "Guinea-Bissau"])
    expected = ["non-aligned movement", "guinea-bissau", "guinea-bissau"]
    assert terms_of("Non Aligned Movement Guinea Bissau guinea‑bissau", rule) == expected


def test_the_gaps_of_a_phrase_hold_what_the_list_holds():
    rule = TokenRule(multiword=["St. Lucia", "Washington, D.C."])
    assert terms_of("St. Lucia St Lucia Washington, D.C. Washington D.C.", rule) == [
        "st. lucia",
        "st. lucia",
        "washington, dc",
        "washington",
        "dc",
    ]


def test_a_listed_word_comes_out_of_a_hyphenated_one():
    text = "Iran-Cuba ties, anti-Iran, US-Iran-Cuba-led, well-being"
    assert terms_of(text) == ["iran-cuba", "ties", "anti-iran", "us-iran-cuba-led", "well-being"]
    rule = TokenRule(multiword=["Iran", "Cuba", "US"])
    assert terms_of(text, rule) == ["iran", "cuba", "ties", "anti", "iran", "US", "iran", "cuba", "led", "well-being"]


def test_offsets_of_phrases():
    text = "In Latin  America now"
    found = wordforms.encode(text, rule=TokenRule(multiword=["Latin America"]))
    assert [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)] == ["In", "Latin  America", "now"]


def test_cased_words_keep_apart():
    assert terms_of("WHO asks who", TokenRule(cased=["WHO"])) == ["WHO", "asks", "who"]


def test_stems():
    rule = TokenRule(stem="english")
    assert terms_of("Sanctions, sanction's; sanctioned US us", rule) == ["sanction", "sanction", "sanction", "US", "us"]


def test_a_rule_forgets_order_and_duplicates_of_its_lists():
    assert TokenRule(multiword=["b", "a", "b"]) == TokenRule(multiword=("a", "b"))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"multiword": "Iran"}, TypeError, "multiword must be a list of forms, not the string 'Iran'"),
        ({"cased": "US"}, TypeError, "cased must be a list of forms, not the string 'US'"),
        ({"multiword": ["Iran", "…"]}, ValueError, "the form '…' holds no word"),
        ({"stem": "klingon"}, ValueError, "no Snowball stemmer for 'klingon'"),
    ],
)
def test_what_a_rule_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        TokenRule(**arguments)
