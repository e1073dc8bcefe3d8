"""The language of an article: English seen at a glance, whatever is not plainly English asked of a model."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import addresses, byte_words, compiled, flat, frames

SHORTEST = 24
"""Letters below which a text's language is not told."""

LEAST_CONFIDENCE = 0.6
"""Probability below which the language model's best guess is not taken."""

_ENGLISH = frozenset(
    "the and that with from which said has have had their would were this been his they are was will its who about "
    "after over between also more than other when into could these there while".split()
)
_SHARED = frozenset("of to in a for on as by is at an it be he no not or she we i you if so all".split())
_LETTERS = re.compile(r"[^\W\d_]+")
GLANCE, LOOK = 300, 900
"""Characters of a text that are looked at, at its start and in its middle: at first, and where they are in doubt."""

SHORT = 350
"""Half of the characters up to which a text is looked at at its start only."""

TABLE_BITS = 12
_BLOCK = 2**18


def languages(texts: Sequence[str]) -> list[str]:
    """Return the language of each text as BCP 47, ``und`` where it cannot be told.

    English is recognised by its function words; whatever is not plainly English goes to the model of py3langid
    (naive Bayes over byte sequences [1]_), on at most 600 characters.

    Parameters
    ----------
    texts : sequence of str

    References
    ----------
    .. [1] M. Lui and T. Baldwin (2011), Cross-domain feature selection for language identification.
    """
    plain = are_english(texts)
    return ["en" if is_plain else modelled(sample(text)) for text, is_plain in zip(texts, plain, strict=True)]


def are_english(texts: Sequence[str] | pa.LargeStringArray) -> list[bool]:
    """Say of each text whether it is plainly English, by its function words."""
    if kernels := compiled.kernels():
        array = texts if isinstance(texts, pa.Array) else flat.utf8(texts)
        return kernels.are_english(*compiled.utf8_of(array), *function_words()).tolist()
    texts = texts.to_pylist() if isinstance(texts, pa.Array) else texts
    pieces: list[str] = []
    owner: list[int] = []
    for i, text in enumerate(texts):
        for start in _starts(text):
            pieces.append(text[start : start + GLANCE])
            owner.append(i)
    # Where 300 characters do not show English plainly, three times as many may.
    doubtful = [n for n, plain in enumerate(_are_plainly_english(pieces)) if not plain]
    again = []
    for n in doubtful:
        text = texts[owner[n]]
        start = 0 if n == 0 or owner[n - 1] != owner[n] else len(text) // 2
        again.append(text[start : start + LOOK])
    other = {owner[n] for n, plain in zip(doubtful, _are_plainly_english(again), strict=True) if not plain}
    return [i not in other for i in range(len(texts))]


def _starts(text: str) -> tuple[int, ...]:
    """Return where a text is looked at: at its start and, of a longer one, in the middle."""
    half = len(text) // 2
    return (0,) if half <= SHORT else (0, half)


def sample(text: str) -> str:
    """Return what of a text the model is asked about."""
    half = len(text) // 2
    return text[:700] if half <= SHORT else f"{text[:GLANCE]} {text[half : half + GLANCE]}"


def modelled(sample: str) -> str:
    """Return the language of a sample as the model has it, its addresses aside; ``und`` where it cannot be told."""
    sample = addresses.without(sample)
    if sum(map(len, _LETTERS.findall(sample))) < SHORTEST:
        return "und"
    code, confidence = _model().classify(sample)
    return code if confidence >= LEAST_CONFIDENCE and code != "zxx" else "und"


def has_model() -> bool:
    """Say whether the model is loaded, which takes a second and 100 MB."""
    return _model.cache_info().currsize > 0


def _are_plainly_english(pieces: Sequence[str]) -> list[bool]:
    """Say of each piece whether it is `_is_plainly_english`, of many at once."""
    plain: list[bool] = []
    begin = size = 0
    for end, piece in enumerate(pieces, 1):
        size += len(piece)
        if size >= _BLOCK or end == len(pieces):
            plain += _block_is_plain(pieces[begin:end])
            begin, size = end, 0
    return plain


def _is_plainly_english(piece: str) -> bool:
    """Say whether function words that only English has are a tenth of the words, 1 in 14 beside others of it."""
    words = piece.lower().split()
    if len(words) < 20 or "the" not in words:
        return False
    english = len([w for w in words if w in _ENGLISH])
    if english * 10 >= len(words):
        return True
    return english * 14 >= len(words) and (english + sum(map(_SHARED.__contains__, words))) * 3 >= len(words)


def _block_is_plain(pieces: Sequence[str]) -> list[bool]:
    """Count the words of `_is_plainly_english` in arrays: each has eight letters at most, all of them ASCII."""
    encoded = [p.encode("utf-8", "surrogatepass") for p in pieces]
    data = np.frombuffer(b" ".join([b"", *encoded, b" " * 8]).translate(_LOWERED), dtype=np.uint8)
    starts, ends, keys, _ = byte_words.words(data)
    keys[ends - starts > 8] = 0  # none of the words has nine letters
    factor, table, weights = function_words()
    place = (keys * factor) >> np.uint64(64 - TABLE_BITS)
    weight = weights[place] * (table[place] == keys)
    # One sum holds three counts: words that only English has, shared ones, and "the".
    sums = np.zeros(len(starts) + 1, dtype=np.int64)
    np.cumsum(weight, out=sums[1:])
    bounds = np.searchsorted(starts, np.cumsum([len(p) + 1 for p in encoded]), side="right")
    n_words = np.diff(bounds, prepend=0)
    counts = np.diff(sums[bounds], prepend=0)
    english, shared, the = counts & 0xFFFFF, counts >> 20 & 0xFFFFF, counts >> 40
    enough = (english * 10 >= n_words) | ((english * 14 >= n_words) & ((english + shared) * 3 >= n_words))
    plain = (enough & (n_words >= 20) & (the > 0)).tolist()
    for i, piece in enumerate(pieces):
        if not piece.isascii() and _OTHER_SPACE.search(piece):
            plain[i] = _is_plainly_english(piece)
    return plain


_OTHER_SPACE = re.compile(r"[^\S\x00-\x7f]")
_LOWERED = bytes(
    0 if chr(i).isspace() and i < 128 else i + 32 if 65 <= i <= 90 else 1 if i == 0 else i for i in range(256)
)


@functools.cache
def function_words() -> tuple[np.uint64, np.ndarray, np.ndarray]:
    """Return a table of the function words without collisions.

    Returns
    -------
    factor : uint64, of the letters of a word, eight at most, the first the lowest byte; the upper `TABLE_BITS` of the
        product are its place
    words : ndarray of uint64, the letters of the word at each place
    weights : ndarray of int64, three counts in one number: words that only English has, shared ones, and "the"
    """
    words = sorted(_ENGLISH | _SHARED)
    keys = np.array([int.from_bytes(w.encode(), "little") for w in words], dtype=np.uint64)
    weights = np.array([(w in _ENGLISH) + ((w in _SHARED) << 20) + ((w == "the") << 40) for w in words], dtype=np.int64)
    factors = (np.uint64(f) for f in range(0x9E3779B97F4A7C15, 2**64, 2**32 + 2))
    for factor in factors:
        places = (keys * factor) >> np.uint64(64 - TABLE_BITS)
        if len(np.unique(places)) == len(words):
            break
    table, weight = np.zeros(1 << TABLE_BITS, np.uint64), np.zeros(1 << TABLE_BITS, np.int64)
    table[places], weight[places] = keys, weights
    return factor, table, weight


def forget_model() -> None:
    """Give back the room that the model takes; it is loaded again when it is needed."""
    _model.cache_clear()


@functools.cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Dialects and creoles would share the probability of the languages that papers are written in; zxx is no language.
    model.set_languages([code for code in model.labels if len(code) == 2 or code == "zxx"])
    model.nb_ptc = np.ascontiguousarray(
        model.nb_ptc, dtype=np.float32
    )  # three times as fast as its columns in half precision
    model._full_model = None  # which no longer serves: 30 MB
    return model


_NAMED = {
    "arabic": "ar", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr", "german": "de", "hindi": "hi",
    "italian": "it", "japanese": "ja", "korean": "ko", "persian": "fa", "farsi": "fa", "polish": "pl",
    "portuguese": "pt", "russian": "ru", "spanish": "es", "turkish": "tr", "ukrainian": "uk", "hebrew": "he",
    "eng": "en", "spa": "es", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "rus": "ru", "per": "fa",
    "fas": "fa", "ara": "ar", "por": "pt", "zho": "zh", "chi": "zh", "tur": "tr", "ita": "it", "jpn": "ja",
}  # fmt: skip


def stated_language(value: str | None) -> str | None:
    """Return what a file says as a BCP 47 code: ``English``, ``eng``, ``en_GB`` -> ``en``, ``en``, ``en-GB``."""
    if not value:
        return None
    named = _NAMED.get(value.strip().casefold())
    if named:
        return named
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}))?(?:[-_]\w+)*", value.strip())
    if not match or match[1].lower() in ("und", "nan", "na"):
        return None
    region = f"-{match[2].upper()}" if match[2] and len(match[2]) == 2 else ""
    return _NAMED.get(match[1].lower(), match[1].lower()) + region


def english(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the articles in English, and those whose language cannot be told.

    Raises
    ------
    ValueError
        If none is left.
    """
    kept = articles[[is_english(code) for code in articles["language"]]]
    if kept.empty and len(articles):
        counts = articles["language"].value_counts()
        raise ValueError(f"no English article: {', '.join(f'{n} {code}' for code, n in counts.items())}")
    return kept.reset_index(drop=True)


def left_out(articles: pd.DataFrame) -> str:
    """Say in one sentence which articles `english` leaves out.

    Parameters
    ----------
    articles : DataFrame
        All articles, ``language`` among its columns.
    """
    frames.require(articles, ["language"], name="articles")
    other = articles["language"][[not is_english(code) for code in articles["language"]]]
    if other.empty:
        return "No article is left out for its language."
    counts = other.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    codes = ", ".join(f"{n:,} {code}" for code, n in counts.items())
    are = "is" if len(other) == 1 else "are"
    of = "the only article" if len(articles) == 1 else f"{len(other):,} of {len(articles):,} articles"
    return f"Left out here: {of}, which {are} not in English ({codes})."


def is_english(code: Iterable[str] | str | None) -> bool:
    """Say whether a language code is English or undetermined."""
    return not isinstance(code, str) or code == "und" or code.split("-")[0] == "en"
