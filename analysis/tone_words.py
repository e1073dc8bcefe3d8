"""The words of cooperation and of conflict: how the tone of a text is read from them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd

from analysis import addresses, frames

LEXICON = Path(__file__).with_name("tone.csv")
"""The words: ``term`` (a form or phrase, lower case), ``tone`` and ``part`` of speech."""

TONES = ("cooperative", "conflictual", "both", "neither")
"""What a sentence can be."""

NEGATORS = frozenset(
    "no not never neither nor none without cannot hardly lack lacks lacked absence "
    "deny denies denied refuse refuses refused fail fails failed failure unable".split()
)
"""Words that take a tone away from what follows within four words; so does any word that ends in n't."""

ENDINGS = frozenset(
    "end ends ended ending lift lifts lifted lifting ease eases eased easing drop drops dropped halt halts halted "
    "stop stops stopped stopping avoid avoided avoiding resolve resolves resolved resolving settle settles settled "
    "overcome overcame remove removes removed removing neutralize neutralise".split()
)
"""Words that take a tone away from a word of conflict that follows within four words: to lift an embargo is none."""

SPOILERS = frozenset(
    "reject rejects rejected rejecting breach breaches breached violate violates violated violation violations broke "
    "broken break breaks cut cuts severed suspend suspended collapse collapsed stall stalled undermine undermined "
    "withdrew abandoned cancelled canceled".split()
)
"""Words that take a tone away from a word of cooperation within four words before or after: talks that collapsed."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_REACH = 4


def classify(texts: pd.Series, *, lexicon: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the words of cooperation and conflict in each text.

    The longest phrase wins; phrases marked ``neither`` hide the words in them ("peace and security"). A word within
    four words after a negator counts as negated; so does a word of conflict after a word of ending, and a word of
    cooperation near a word of breaking off. Negated words give no tone and are not turned into the other. What stands
    in an address of the web or of e-mail is no word.

    Parameters
    ----------
    texts : Series of str
    lexicon : DataFrame, default=`LEXICON`
        ``term``, ``tone`` ("cooperative", "conflictual", "neither").

    Returns
    -------
    DataFrame, one row per text, on its index
        ``tone`` : str, of `TONES`
        ``cooperative``, ``conflictual``, ``negated`` : str, the words found, separated by ", "

    Raises
    ------
    ValueError
        If a tone of the lexicon is none of the three, or a term is empty or occurs twice.
    """
    terms, longest = _terms(_shipped() if lexicon is None else lexicon)
    rows = [_read(text, terms, longest) for text in texts]
    return pd.DataFrame(rows, columns=["tone", "cooperative", "conflictual", "negated"], index=texts.index, dtype="str")


@cache
def _shipped() -> pd.DataFrame:
    return pd.read_csv(LEXICON, dtype="str")


def _terms(lexicon: pd.DataFrame) -> tuple[dict[tuple[str, ...], str], int]:
    frames.require(lexicon, ["term", "tone"], name="lexicon")
    terms: dict[tuple[str, ...], str] = {}
    for row, (term, kind) in enumerate(zip(lexicon["term"], lexicon["tone"], strict=True)):
        words = tuple(_WORD.findall(term.casefold())) if isinstance(term, str) else ()
        if not words:
            raise ValueError(f"lexicon: row {row} has no term")
        if kind not in ("cooperative", "conflictual", "neither"):
            raise ValueError(f"lexicon: tone {kind!r} of {term!r} is none of cooperative, conflictual, neither")
        if words in terms:
            raise ValueError(f"lexicon: {term!r} occurs twice (second time in row {row})")
        terms[words] = kind
    return terms, max(map(len, terms), default=1)


def _read(text: str, terms: dict[tuple[str, ...], str], longest: int) -> list[str]:
    words = [w.casefold().replace("’", "'") for w in _WORD.findall(addresses.without(text))]
    found: dict[str, list[str]] = {"cooperative": [], "conflictual": [], "negated": []}
    at = 0
    while at < len(words):
        size = next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in terms), 0)
        if not size:
            at += 1
            continue
        phrase = tuple(words[at : at + size])
        kind = terms[phrase]
        before = words[max(0, at - _REACH) : at]
        negated = any(w in NEGATORS or w.endswith("n't") for w in before)
        negated |= kind == "conflictual" and any(w in ENDINGS for w in before)
        around = before + words[at + size : at + size + _REACH]
        negated |= kind == "cooperative" and any(w in SPOILERS for w in around)
        if kind != "neither":
            found["negated" if negated else kind].append(" ".join(phrase))
        at += size
    both = bool(found["cooperative"]), bool(found["conflictual"])
    kind = {(True, True): "both", (True, False): "cooperative", (False, True): "conflictual"}.get(both, "neither")
    return [kind, *(", ".join(found[c]) for c in ("cooperative", "conflictual", "negated"))]
