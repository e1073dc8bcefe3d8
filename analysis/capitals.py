"""Where a capital letter says little: lines in title case, and words that open a sentence."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np

from analysis.flat import IS_UPPER, Flat, flags

FUNCTION_WORDS = Path(__file__).with_name("stop_words.csv")
"""English function words, one row a word with its word class; the list that `tokens.stop_words` reads."""

LONGEST_TITLE = 40
"""Words above which a line is no title, however many of them have a capital."""

_WORD = re.compile(rb"[A-Za-z\x80\x81][A-Za-z\x80\x81'.]*")
_PARTICLES = frozenset(b"al bin da de del di el en la le ul van von vs".split())
_FULL_STOP = re.compile(rb"[a-z]{2}\.[\"')]*\s*$")
_ENDS = flags(0, *b".!?:;\"'")


@cache
def function_words() -> frozenset[bytes]:
    """Return the English function words, in small letters."""
    with FUNCTION_WORDS.open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"].lower().encode() for row in csv.DictReader(file))


def is_title_case(line: bytes) -> bool:
    """Say whether a line is in title case, or in capitals: all its words have one, but function words.

    Parameters
    ----------
    line : bytes
        Folded text, of which three words or more with a capital are needed to tell.
    """
    words = [word.rstrip(b".'") for word in _WORD.findall(line)]
    if not 3 <= len(words) <= LONGEST_TITLE or _FULL_STOP.search(line):
        return False
    small = {word for word in words if not _is_capital(word)}
    return len([word for word in words if word not in small]) >= 3 and small <= function_words() | _PARTICLES


def titled(flat: Flat, start: np.ndarray, end: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Whether, of the lines asked about, each is in title case; each line is read once."""
    found, known = np.zeros(len(start), dtype=bool), {}
    for i in np.flatnonzero(where).tolist():
        line = int(start[i])
        if line not in known:
            known[line] = end[i] - start[i] <= _LONGEST and is_title_case(flat.between(line, int(end[i])))
        found[i] = known[line]
    return found


_LONGEST = 400


def opens_sentence(flat: Flat, position: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Whether the words at some positions open a sentence or a quotation, or the line that begins at ``line``."""
    nearest, second = flat.at(position - 1), flat.at(position - 2)
    blank = nearest == ord(" ")
    return (position <= line) | (_ENDS[nearest] & ~blank) | (blank & _ENDS[second])


def is_no_name(word: bytes) -> bool:
    """Say whether a word that opens a sentence is no given name: a function word, a participle or an adverb.

    It is told by its form. Names of such a form (Sterling, Mohammed, Kelly) are in the cues and are looked for first.
    """
    small = word.lower()
    return small in function_words() or (len(small) > 5 and small.endswith((b"ing", b"ed", b"ly")))


def _is_capital(word: bytes) -> bool:
    return bool(IS_UPPER[word[:2][-1]] or IS_UPPER[word[0]])  # eBay too
