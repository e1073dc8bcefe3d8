"""The words right before and after a form, and the senses they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick_rs
import numpy as np

from analysis import matching
from analysis.flat import EM_DASH, EN_DASH, IS_WORD, Flat, flags

WINDOW = 28
"""How many characters before and after a form are looked at."""

_LENGTHS = (8, 7, 6, 5, 4, 3, 2, 1)
_AFTER, _BEFORE = b"\1", b"\2"
_OPENS_WORD = flags(0, *(ord(c) for c in ' "([/'), EN_DASH, EM_DASH)


@dataclass(frozen=True)
class Context:
    """Words to look for beside a form.

    Attributes
    ----------
    finder : the automaton over the words, anchored with a byte where the form is
    bits : uint64 array over its patterns, the senses of each
    checks : bool array over its patterns, whether a letter beyond the match disqualifies it
    before, after : the words of either side, for a first look at the characters nearest to the form
    """

    finder: ahocorasick_rs.BytesAhoCorasick
    bits: np.ndarray
    checks: np.ndarray
    before: matching.Affixes
    after: matching.Affixes

    def senses(self, flat: Flat, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the bits of the senses of the words before and after each span, uint64.

        Of spans that have a chance, the characters beside them are copied into a row each, with an anchor byte where
        the span is, so that one pass finds the words that touch it and no others.
        """
        before = np.flatnonzero(self.before.may_hold(flat.words(start - 8)))
        after = np.flatnonzero(self.after.may_hold(flat.words(end)))
        rows = np.zeros((len(before) + len(after), WINDOW + 1), dtype=np.uint8)
        rows[: len(before), :WINDOW] = flat.windows(start[before] - WINDOW, WINDOW)
        rows[: len(before), WINDOW] = _BEFORE[0]
        rows[len(before) :, 0] = _AFTER[0]
        rows[len(before) :, 1:] = flat.windows(end[after], WINDOW)
        pattern, s, e = matching.matches(self.finder, rows.tobytes())
        row = s // (WINDOW + 1)
        is_after = row >= len(before)
        beyond = np.concatenate(([0], rows.ravel(), [0]))[np.where(is_after, e + 1, s)]
        beyond[np.where(is_after, e, s) % (WINDOW + 1) == 0] = 0
        joined = ~is_after & ~_OPENS_WORD[beyond]
        sound = ~(self.checks[pattern] & IS_WORD[beyond]) & ~joined
        bits = np.zeros(len(rows), dtype=np.uint64)
        np.bitwise_or.at(bits, row[sound], self.bits[pattern[sound]])
        found = np.zeros((2, len(start)), dtype=np.uint64)
        found[0, before], found[1, after] = bits[: len(before)], bits[len(before) :]
        return found[0], found[1]


def build(words: Iterable[tuple[str, bytes, int]]) -> Context:
    """Build the context from words: their side (``"before"`` or ``"after"``), folded form and the number of a sense.

    Raises
    ------
    ValueError
        If a word is empty or too long, or a sense is numbered above 63.
    """
    bits: dict[bytes, int] = {}
    sides: dict[str, list[bytes]] = {"before": [], "after": []}
    for side, word, sense in words:
        if not 1 <= len(word) < WINDOW:
            raise ValueError(f"{word.decode()!r}: words of context have 1 to {WINDOW - 1} characters")
        if sense > 63:
            raise ValueError(f"{word.decode()!r}: more than 64 senses of words before and after")
        sides[side].append(word)
        anchored = word + _BEFORE if side == "before" else _AFTER + word
        bits[anchored] = bits.get(anchored, 0) | 1 << sense
    checks = [IS_WORD[p[0]] if p.endswith(_BEFORE) else IS_WORD[p[-1]] for p in bits]
    return Context(
        matching.automaton(list(bits)),
        np.array(list(bits.values()), dtype=np.uint64),
        np.array(checks, dtype=bool),
        matching.Affixes(sides["before"], at_end=True, lengths=_LENGTHS),
        matching.Affixes(sides["after"], lengths=_LENGTHS),
    )
