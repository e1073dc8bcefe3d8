"""What a word counts as: from the word as written to its term, and from a list of phrases to single tokens."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis import characters, words

_STRAIGHT = {ord(c): "'" for c in "\u2018\u2019\uff07"} | {ord(c): "-" for c in "\u2010\u2011\u058a"}
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_HYPHENS = re.compile(rf"[\s{re.escape(characters.JOINERS[characters.HYPHEN])}]+")
_SPELLING = "\u200c\u200d"  # zero-width non-joiner and joiner: part of the spelling in Persian and in Indic scripts


@dataclass(frozen=True)
class Phrases:
    """Listed forms, ready to be looked for.

    Attributes
    ----------
    ids : dict of str to int
        A number for each part of a form, folded.
    by_first : dict of int to list of (ids of the parts that follow, gaps between the parts, term), longest first
    """

    ids: dict[str, int]
    by_first: dict[int, list[tuple[tuple[int, ...], tuple[str, ...], str]]]


@functools.lru_cache(maxsize=64)
def compile_phrases(forms: tuple[str, ...], cased: tuple[str, ...]) -> Phrases:
    """Give the parts of the forms numbers; of forms that differ in case or hyphens only, the first names the term."""
    ids: dict[str, int] = {}
    seen: dict[tuple, str] = {}
    for form in forms:
        found = words.find(form, hyphens=False)
        spans = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
        if not spans:
            raise ValueError(f"multiword: the form {form!r} holds no word")
        parts = [_fold(form[a:b], cased) for a, b in spans]
        between = [form[b:a] for (_, b), (a, _) in itertools.pairwise(spans)]
        shown = [" ".join(f"|{gap}|".translate(_STRAIGHT).split()).strip("|") for gap in between]
        name = parts[0] + "".join(gap + part for gap, part in zip(shown, parts[1:], strict=True))
        key = tuple(ids.setdefault(p, len(ids)) for p in parts), tuple(_gap(g) for g in between)
        seen.setdefault(key, name)
    by_first: dict[int, list] = {}
    for (numbers, gaps), name in sorted(seen.items(), key=lambda item: (-len(item[0][0]), item[1])):
        by_first.setdefault(numbers[0], []).append((numbers[1:], gaps, name))
    return Phrases(ids, by_first)


@functools.lru_cache(maxsize=8)
def stemmer(language: str | None) -> Callable[[str], str]:
    """Return the Snowball stemmer of a language; without one, the function that changes nothing."""
    if language is None:
        return str
    import snowballstemmer

    if language not in snowballstemmer.algorithms():
        raise ValueError(
            f"stem: no Snowball stemmer for {language!r}; there are {sorted(snowballstemmer.algorithms())}"
        )
    return snowballstemmer.stemmer(language).stemWord


@dataclass(frozen=True)
class TokenRule:
    """What counts as a token, and as which term: pass the same rule to every function that counts or finds words.

    Attributes
    ----------
    numbers : bool, default=True
        Whether words without a letter (``5``, ``1,500``) are tokens.
    multiword : tuple of str, default=()
        Surface forms, phrases or single words, in any order, each kept as one token wherever it occurs within a
        paragraph: in any case, over any white space, hyphens and blanks alike, the longest first. A listed form is a
        token of its own within a hyphenated word too: with ``Iran`` and ``Cuba`` listed, ``Iran-Cuba`` is two tokens.
    cased : tuple of str, default=("US",)
        Words whose capitals matter: the country is not the pronoun.
    stem : str or None, default=None
        A Snowball language, ``"english"`` for one: words with the same stem are one term. A chart shows the commonest
        surface form (``DocumentTerms.labels``), not the stem.

    Raises
    ------
    TypeError
        If ``multiword`` or ``cased`` is a single string.
    ValueError
        If a form of ``multiword`` holds no word, or Snowball does not know the language.
    """

    numbers: bool = True
    multiword: tuple[str, ...] = ()
    cased: tuple[str, ...] = ("US",)
    stem: str | None = None

    def __post_init__(self):
        for name in ("multiword", "cased"):
            value = getattr(self, name)
            if isinstance(value, str):
                raise TypeError(f"{name} must be a list of forms, not the string {value!r}")
            object.__setattr__(self, name, tuple(sorted(set(value))))
        stemmer(self.stem)
        compile_phrases(self.multiword, self.cased)


DEFAULT = TokenRule()


def term(surface: str, *, rule: TokenRule = DEFAULT) -> str:
    """Return the term that a single word counts as.

    Case folded and composed (Unicode NFC), apostrophes and hyphens straight, without soft hyphens and other invisible
    marks, without a possessive ``'s``; capital initials without their full stops (``U.S`` is ``US``); then the stem, if
    the rule asks for it.
    """
    return stemmer(rule.stem)(_fold(surface, rule.cased))


def terms(surfaces: list[str], *, rule: TokenRule = DEFAULT) -> list[str]:
    """Return the `term` of each of many words."""
    return terms_of(labels(surfaces), rule=rule)


def labels(surfaces: list[str]) -> list[str]:
    """Return tokens as a chart shows them: like their terms, but in their own case and unstemmed."""
    return [s if s.isalpha() and s.isascii() else " ".join(_plain(s).split()) for s in surfaces]


def terms_of(shown: list[str], *, rule: TokenRule = DEFAULT) -> list[str]:
    """Return the `term` of each of many words, given their `labels`."""
    cased = rule.cased
    folded = [s if s in cased or (s.isascii() and s.islower()) else _lower(s) for s in shown]
    return folded if rule.stem is None else [stemmer(rule.stem)(s) for s in folded]


def has_letter(surface: str) -> bool:
    """Whether a token is more than a number."""
    return surface.isalpha() or any(c.isalpha() for c in surface)


@dataclass(frozen=True)
class Encoded:
    """The tokens of a text, each distinct one numbered.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n_tokens,), code points
    codes : ndarray of int64, shape (n_tokens,)
        Place of each token in ``keys``.
    keys : Strings
        The distinct tokens, told apart alike in every text read with the same alphabet.
    alphabet : Alphabet
        What the keys are written in.
    phrases : dict of int to str
        The term of each key that is a listed form.
    """

    starts: np.ndarray
    ends: np.ndarray
    codes: np.ndarray
    keys: words.Strings
    alphabet: words.Alphabet
    phrases: dict[int, str]

    @functools.cached_property
    def surfaces(self) -> list[str]:
        """The distinct tokens as written, in the order of ``keys``."""
        return self.alphabet.strings(self.keys)


def encode(text: str, *, rule: TokenRule = DEFAULT, alphabet: words.Alphabet | None = None) -> Encoded:
    """Find the tokens of a text, numbers included; no token crosses two line breaks."""
    if not rule.multiword:
        return number(words.find(text), alphabet)
    known = compile_phrases(rule.multiword, rule.cased)
    parts = words.find(text, hyphens=False)
    alphabet = words.Alphabet() if alphabet is None else alphabet
    codes, keys = alphabet.number(parts.points, parts.starts, parts.ends)
    ids = np.array([known.ids.get(_fold(s, rule.cased), -1) for s in alphabet.strings(keys)], dtype=np.int64)[codes]
    linked = np.zeros(len(ids), dtype=bool)  # whether a part belongs to the token of the part before it
    linked[np.searchsorted(parts.starts, parts.hyphens)] = True
    firsts, hits = [], []
    for first, last, phrase in _matches(text, parts, ids, linked, known):
        linked[first] = False
        linked[first + 1 : last + 1] = True
        if last + 1 < len(linked):
            linked[last + 1] = False
        if last > first:
            firsts.append(first)
            hits.append(phrase)
    begins = np.flatnonzero(~linked)
    stops = np.append(begins[1:], len(linked))[: len(begins)] - 1
    starts, ends = parts.starts[begins], parts.ends[stops]
    codes, keys = alphabet.number(parts.points, starts, ends)
    places = codes[np.searchsorted(begins, firsts)] if firsts else ()
    phrases = dict(zip(map(int, places), hits, strict=True))
    return Encoded(starts, ends, codes, keys, alphabet, phrases)


def number(found: words.Words, alphabet: words.Alphabet | None = None) -> Encoded:
    """Give a number to each distinct word of a text: its tokens, if no phrases are listed."""
    alphabet = words.Alphabet() if alphabet is None else alphabet
    codes, keys = alphabet.number(found.points, found.starts, found.ends)
    return Encoded(found.starts, found.ends, codes, keys, alphabet, {})


def _matches(
    text: str, parts: words.Words, ids: np.ndarray, linked: np.ndarray, known: Phrases
) -> Iterator[tuple[int, int, str]]:
    """Yield ``(first part, last part, term)`` of each listed form found, from left to right, the longest first."""
    able = np.zeros(len(known.ids) + 1, dtype=bool)
    alone = np.zeros(len(known.ids) + 1, dtype=bool)
    for first, forms in known.by_first.items():
        able[first] = True
        alone[first] = not forms[0][0]
    # A listed single word changes something only within a hyphenated word.
    within = linked | np.append(linked[1:], False)
    candidates = np.flatnonzero(able[ids] & (within | ~alone[ids]))
    beyond = -1
    starts, ends = parts.starts, parts.ends
    for i in candidates.tolist():
        if i <= beyond:
            continue
        for rest, gaps, name in known.by_first[ids[i]]:
            last = i + len(rest)
            if last >= len(ids) or tuple(ids[i + 1 : last + 1].tolist()) != rest:
                continue
            if all(_fits(text[ends[k] : starts[k + 1]], gap) for k, gap in zip(range(i, last), gaps, strict=True)):
                yield i, last, name
                beyond = last
                break


def _gap(between: str) -> str:
    return _HYPHENS.sub(" ", between)


def _fits(between: str, gap: str) -> bool:
    if between == gap:
        return True
    if between.count("\n") > 1:
        return False
    between = _gap(between)
    return between == gap or between == gap.replace(".", "")


def _plain(surface: str) -> str:
    word = surface
    if not word.isascii():
        word = word.translate(_STRAIGHT)
        word = "".join(c for c in word if c in _SPELLING or unicodedata.category(c) != "Cf")
        word = unicodedata.normalize("NFC", word)
    if word.endswith(("'s", "'S")):
        word = word[:-2]
    if "." in word and _INITIALS.fullmatch(word) and word.isupper():
        word = word.replace(".", "")
    return word


def _fold(surface: str, cased: tuple[str, ...]) -> str:
    word = surface if surface.isascii() and surface.isalpha() else _plain(surface)
    return word if word in cased else _lower(word)


def _lower(word: str) -> str:
    return word.lower() if word.isascii() else unicodedata.normalize("NFC", word.casefold())
