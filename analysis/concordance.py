"""Every occurrence of a word, phrase or pattern with the words around it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd
import regex as regex_engine

from analysis import frames, reading, segments, wordforms, words
from analysis.segments import COUNTED_ROLES
from analysis.wordforms import DEFAULT, TokenRule

_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.ASCII
_WILD = {"*": ".*", "?": "."}


def concordance(
    articles: pd.DataFrame,
    pattern: str | re.Pattern[str],
    *,
    width: int = 40,
    regex: bool = False,
    sort: str = "text",
    roles: Iterable[str] | None = COUNTED_ROLES,
    rule: TokenRule = DEFAULT,
    timeout: float = 5.0,
) -> pd.DataFrame:
    """List every occurrence of a word, a phrase or a pattern with its left and right context (KWIC).

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    pattern : str or compiled regular expression
        A word, or a phrase within one sentence. Words are compared as terms, as counts are: case does not matter, and
        ``Iran`` finds ``Iran's``. ``*`` stands for any characters of a word and ``?`` for one: ``hegemon*``; a ``*`` by
        itself is any one word. A compiled expression is searched in the text as it is, within paragraphs.
    width : int, default=40
        Code points of context on each side, within the paragraph.
    regex : bool, default=False
        Read ``pattern`` as a regular expression, in the text as it is: ``(?i)`` makes case not matter.
    sort : {"text", "left", "right"}, default="text"
        In the order of the text, or by the words before the hit (the nearest first), or by those after it.
    roles : iterable of str or None, default=("headline", "body")
        Roles of the segments that are searched; None searches them all.
    rule : TokenRule, optional
        The rule of the counts that the concordance is to explain.
    timeout : float, default=5.0
        Seconds that a regular expression may take over all articles.

    Returns
    -------
    DataFrame, one row per occurrence, without overlaps
        ``article_id`` : str; ``segment``, ``sentence`` : int64; ``start``, ``end`` : int64, code points into ``text``
        ``left``, ``hit``, ``right`` : str, exactly as in the text

    Raises
    ------
    ValueError
        If the pattern is empty or no regular expression, ``width`` negative or ``sort`` unknown.
    TimeoutError
        If a regular expression takes longer than ``timeout``: the search is stopped.
    """
    if sort not in ("text", "left", "right"):
        raise ValueError(f"sort must be text, left or right, not {sort!r}")
    if width < 0:
        raise ValueError(f"width must not be negative: {width}")
    frames.require_articles(articles)
    if isinstance(pattern, re.Pattern) or regex:
        hits = _search(articles, pattern, roles, timeout)
    else:
        hits = _match(articles, _word_tests(pattern, rule), roles, rule)
    result = _with_context(hits, articles, width)
    if sort == "text":
        return result
    keys = [_context_words(t, sort) for t in result["left" if sort == "left" else "right"]]
    return result.iloc[sorted(range(len(keys)), key=lambda k: (keys[k], k))].reset_index(drop=True)


def concordances(
    articles: pd.DataFrame,
    patterns: Iterable[str],
    *,
    width: int = 40,
    sort: str = "text",
    roles: Iterable[str] | None = COUNTED_ROLES,
    rule: TokenRule = DEFAULT,
) -> pd.DataFrame:
    """List every occurrence of each of several words, phrases or wildcards.

    Parameters
    ----------
    articles : DataFrame
    patterns : iterable of str
        As `concordance` takes them; one that is given twice counts once.
    width, sort, roles, rule
        As in `concordance`.

    Returns
    -------
    DataFrame, the rows of `concordance`, pattern by pattern in the order given, after a column
        ``pattern`` : str
    """
    wanted = list(dict.fromkeys([patterns] if isinstance(patterns, str) else patterns))
    parts = [concordance(articles, p, width=width, sort=sort, roles=roles, rule=rule).assign(pattern=p) for p in wanted]
    return frames.conform(pd.concat(parts) if parts else [], "concordances")


def is_wild(pattern: str) -> bool:
    """Whether a pattern has a wildcard."""
    return any(c in pattern for c in _WILD)


def word_test(pattern: str, rule: TokenRule) -> Callable[[str, str], bool]:
    """Return whether a token (its surface, its term) is what a word, a term or a wildcard without blanks asks for.

    A word asks for the term that it counts as: ``Iran`` for ``iran``. Several words that are no token of ``rule`` ask
    for nothing.

    Raises
    ------
    ValueError
        If a wildcard has several words.
    """
    if not is_wild(pattern):
        found = wordforms.encode(pattern, rule=rule)
        counted = [found.phrases.get(k) or wordforms.term(s, rule=rule) for k, s in enumerate(found.surfaces)]
        wanted = {pattern, *counted} if len(found.codes) == 1 else {pattern}
        return lambda _, term: term in wanted
    tests = _word_tests(pattern, rule)
    if len(tests) > 1:
        raise ValueError(f"a pattern with a wildcard must be one word: {pattern!r}; concordance takes phrases")
    return tests[0]


def aligned(hits: pd.DataFrame) -> pd.Series:
    """Return each row of a concordance as one line of text, the hits under each other.

    Returns
    -------
    Series of str, on the index of ``hits``; white space, line breaks too, as single blanks
    """
    parts = hits[["left", "hit", "right"]].map(lambda t: re.sub(r"\s+", " ", t))
    before = parts["left"].str.len().max() if len(parts) else 0
    middle = parts["hit"].str.len().max() if len(parts) else 0
    lines = [f"{a:>{before}} {b:<{middle}} {c}".rstrip() for a, b, c in parts.itertuples(index=False)]
    return pd.Series(lines, index=hits.index, dtype="str", name="line")


def _word_tests(pattern: str, rule: TokenRule) -> list[Callable[[str, str], bool]]:
    """One test per word of the pattern, of a token's surface and its term."""
    tests: list[Callable[[str, str], bool]] = []
    for piece in pattern.split() if is_wild(pattern) else [pattern]:
        if is_wild(piece):
            parts = re.split(r"([*?])", _unstemmed(piece, rule))
            expression = re.compile("".join(_WILD.get(p) or re.escape(p) for p in parts), re.DOTALL)
            tests.append(lambda surface, _, e=expression, r=rule: e.fullmatch(_unstemmed(surface, r)) is not None)
            continue
        found = wordforms.encode(piece, rule=rule)
        terms = [found.phrases.get(k) or wordforms.term(s, rule=rule) for k, s in enumerate(found.surfaces)]
        tests += [lambda _, term, t=terms[c]: term == t for c in found.codes.tolist()]
    if not tests:
        detail = "is empty" if not pattern.strip() else f"{pattern!r} holds no word; regex=True searches for characters"
        raise ValueError(f"concordance: the pattern {detail}")
    return tests


def _unstemmed(surface: str, rule: TokenRule) -> str:
    return wordforms.term(surface, rule=TokenRule(cased=rule.cased))


def _match(
    articles: pd.DataFrame, tests: list[Callable], roles: Iterable[str] | None, rule: TokenRule
) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield ``(article_id, segment, sentence, start, end)`` of each run of tokens within a sentence."""
    for spans, encoded, rows in reading.read(articles, "sentence", roles, rule, reading.keep_rows):
        terms = [encoded.phrases.get(k) for k in range(len(encoded.surfaces))]
        terms = [t or n for t, n in zip(terms, wordforms.terms(encoded.surfaces, rule=rule), strict=True)]
        codes, starts, ends = encoded.codes, encoded.starts, encoded.ends
        if not rule.numbers:
            counted = np.array([wordforms.has_letter(s) for s in encoded.surfaces], dtype=bool)[codes]
            codes, starts, ends, rows = codes[counted], starts[counted], ends[counted], rows[counted]
        n = len(codes) - len(tests) + 1
        if n <= 0:
            continue
        fits = rows[:n] == rows[len(tests) - 1 :]
        for k, test in enumerate(tests):
            passes = np.array([test(s, t) for s, t in zip(encoded.surfaces, terms, strict=True)], dtype=bool)
            fits &= passes[codes[k : k + n]]
        beyond = -1
        ids, segment, sentence, shift = (spans[c].tolist() for c in ("article_id", "segment", "sentence", "offset"))
        for first in np.flatnonzero(fits).tolist():
            if first > beyond:
                beyond = first + len(tests) - 1
                row = rows[first]
                yield ids[row], segment[row], sentence[row], starts[first] + shift[row], ends[beyond] + shift[row]


def _search(
    articles: pd.DataFrame, pattern: str | re.Pattern[str], roles: Iterable[str] | None, timeout: float
) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield ``(article_id, segment, sentence, start, end)`` of each match of a regular expression."""
    source, flags = (pattern, 0) if isinstance(pattern, str) else (pattern.pattern, pattern.flags & _FLAGS)
    try:
        compiled = regex_engine.compile(source, flags)
    except regex_engine.error as error:
        raise ValueError(f"concordance: {source!r} is no regular expression: {error}") from None
    parts = segments.paragraphs(articles)
    if roles is not None:
        parts = parts[parts["role"].isin([roles] if isinstance(roles, str) else list(roles))]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    deadline = time.monotonic() + timeout
    found = []
    for article_id, segment, start, end in parts[["article_id", "segment", "start", "end"]].itertuples(index=False):
        try:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for match in compiled.finditer(texts[article_id][start:end], timeout=left):
                if match.end() > match.start():
                    found.append((article_id, segment, start + match.start(), start + match.end()))
        except TimeoutError:
            raise TimeoutError(
                f"concordance: the regular expression {source!r} was stopped after {timeout:g} seconds, in article "
                f"{article_id!r}. A repetition within a repetition, such as (a+)+, is the usual cause; rewrite it, or "
                f"allow more time with timeout="
            ) from None
    hit = articles[articles["article_id"].isin({f[0] for f in found})]
    sentences = dict(iter(segments.sentences(hit).groupby("article_id")))
    for article_id, segment, start, end in found:
        of = sentences[article_id]
        at = int(np.searchsorted(of["start"].to_numpy(), start, side="right")) - 1
        yield article_id, segment, int(of["sentence"].iloc[at]), start, end


def _with_context(hits: Iterable[tuple], articles: pd.DataFrame, width: int) -> pd.DataFrame:
    frame = pd.DataFrame(list(hits), columns=["article_id", "segment", "sentence", "start", "end"])
    if frame.empty:
        return frames.empty("concordance")
    used = articles[articles["article_id"].isin(frame["article_id"])]
    texts = dict(zip(used["article_id"], used["text"], strict=True))
    edges = segments.paragraphs(used).set_index(["article_id", "segment"])[["start", "end"]]
    edges = edges.reindex(pd.MultiIndex.from_frame(frame[["article_id", "segment"]])).to_numpy().tolist()
    parts: dict[str, list[str]] = {"left": [], "hit": [], "right": []}
    for article_id, start, end, (low, high) in zip(
        frame["article_id"], frame["start"], frame["end"], edges, strict=True
    ):
        text = texts[article_id]
        parts["left"].append(text[max(low, start - width) : start])
        parts["hit"].append(text[start:end])
        parts["right"].append(text[end : min(high, end + width)])
    return frames.conform(frame.assign(**parts), "concordance")


def _context_words(text: str, side: str) -> list[str]:
    found = words.find(text)
    terms = [wordforms.term(text[a:b]) for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]
    return terms[::-1] if side == "left" else terms
