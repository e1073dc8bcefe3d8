import re
import unicodedata

import numpy as np
import pytest
import unicode_segmentation_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import addresses, characters, words

# Any character at all; st.characters() would write a cache into the working directory.
ANY = st.integers(0, 0x10FFFF).filter(lambda p: not 0xD800 <= p <= 0xDFFF).map(chr)
HARD = "aB1 .,'’-_:·\u0301\u200c\u200d\u200bе中กิあアש״'־ا\u0640é²Ⅳ😀々𝒜\U00020000٣٫\n"


def found(text: str, **options: bool) -> list[str]:
    result = words.find(text, **options)
    return [text[a:b] for a, b in zip(result.starts.tolist(), result.ends.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anti-imperialism, 20-year", ["anti-imperialism", "20-year"]),
        ("1989-1999 and 1990/91", ["1989", "1999", "and", "1990", "91"]),
        ("- a -b c- d--e", ["a", "b", "c", "d", "e"]),
        ("Iran’s don't 1990's countries' 'quoted'", ["Iran’s", "don't", "1990's", "countries", "quoted"]),
        ("the U.S.A. and U.S.-led e.g. this", ["the", "U.S.A", "and", "U.S", "led", "e.g", "this"]),
        ("It ended.The J.K.Rowling 3.5 1,500.25 a,b", "It ended The J.K Rowling 3.5 1,500.25 a b".split()),
        ("noon:12:30 snake_case _mark_", ["noon", "12", "30", "snake_case", "mark"]),
        ("$5 38% #tag @who a@b €1", ["5", "38", "tag", "who", "a", "b", "1"]),
        ("می‌خواهد ايران", ["می‌خواهد", "ايران"]),
        ("Россия и co‑operation", ["Россия", "и", "co‑operation"]),
        ("中国和G20 ไทย アメリカ", ["中", "国", "和", "G20", "ไ", "ท", "ย", "アメリカ"]),
        ("e\u0301te\u0301 \u0301x so\u00adft", ["e\u0301te\u0301", "x", "so\u00adft"]),
        ("🇮🇷 😀 ½ … —", []),
        ("", []),
    ],
)
def test_words_by_hand(text, expected):
    assert found(text) == expected


def test_hyphens_can_part():
    assert found("Iran-Cuba, 20-year U.S-led x-a.b", hyphens=False) == "Iran Cuba 20 year U.S led x a.b".split()


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from(HARD), max_size=20) | st.text(ANY, max_size=20))
def test_the_vectors_and_the_regular_expression_agree(text):
    assert found(text) == re.findall(words.pattern(), addresses.without(text))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from(HARD), max_size=12), max_size=6))
def test_a_blank_line_parts_texts(texts):
    assert found("\n\n".join(texts)) == [w for t in texts for w in found(t)]


def test_letters_marks_and_digits_break_as_unicode_says():
    """Against another implementation of UAX 29, every character that makes words, in four surroundings."""
    table = characters.classes(wide=True)
    makes_words = (characters.MARK, characters.LETTER, characters.DIGIT, characters.UNSPACED)
    points = [c for c in map(chr, range(0x20000)) if table[ord(c)] in makes_words]
    points = [c for c in points if not ("\u3400" < c < "\ud7a3" and ord(c) % 29)]  # Han and Hangul: one in 29
    # Left out: katakana (apart from Latin letters in UAX 29, not here), tags, Arabic number signs.
    points = [c for c in points if "KATA" not in unicodedata.name(c, "") and c not in "〱〲〳〴〵𑂽𑃍\U0001aff0"]
    assert len(points) > 15_000
    for form in ("a{}b", "1{}2", "{}", "中{}文"):
        text = "\n".join(form.format(c) for c in points)
        ours = set(zip(*(edges.tolist() for edges in spans(text)), strict=True))
        theirs, place = set(), 0
        for piece in unicode_segmentation_rs.split_word_bounds(text):
            if any(table[ord(c)] in makes_words[1:] for c in piece):
                theirs.add((place, place + len(piece)))
            place += len(piece)
        differing = sorted({text[a:b] for a, b in ours ^ theirs})
        assert [f"{c} {[hex(ord(x)) for x in c]}" for c in differing] == [], form


def spans(text: str):
    result = words.find(text)
    return result.starts, result.ends


LONG = st.text(st.sampled_from("ab\0é中\U00020000"), min_size=1, max_size=18)


@given(st.lists(st.lists(st.text(ANY, min_size=1, max_size=6) | LONG, max_size=20), max_size=3))
def test_numbering_keeps_every_string(texts):
    assert_numbered(texts)


def test_more_letters_than_an_alphabet_holds():
    """Two hundred letters of a script, and words that differ in the last of them only."""
    letters = [chr(0x4E00 + k) for k in range(200)]
    words_of = [*letters, *(f"word{c}" for c in letters), *(f"nine letters{c}" for c in letters), "x" * 16, "x" * 17]
    assert_numbered([words_of, words_of[::-1], ["plain", "words"]])


def assert_numbered(texts):
    alphabet, names = words.Alphabet(), {}
    for strings in texts:
        points = words.code_points("-".join(strings))
        ends = np.cumsum([len(s) + 1 for s in strings], dtype=np.int64) - 1
        codes, keys = alphabet.number(points, ends - np.array([len(s) for s in strings], dtype=np.int64), ends)
        distinct = alphabet.strings(keys)
        assert [distinct[c] for c in codes] == strings
        assert len(set(distinct)) == len(distinct)
        written = [tuple(p) for p in keys.pairs.tolist()] + keys.others
        names |= dict(zip(written, distinct, strict=True))
    assert len(set(names.values())) == len(names)
