"""Addresses in running text: of the web and of e-mail. What stands in one is no word.

What counts as an address:

- from ``http://``, ``https://``, ``ftp://`` or ``sftp://`` on, or from a ``www.`` that nothing is joined to, as far as
  characters go that an address can hold [1]_, or letters, marks and digits of any script written with spaces; a bracket
  and what it holds belong to it if it closes within the address (``wiki/Georgia_(country)``);
- the name of a computer with a path, ``bbc.co.uk/news``: its last part one of `COUNTRIES` or `GENERIC`, a letter or
  digit behind the slash, nothing before it that would make it part of a file's path; its last part one of `ALSO_WORDS`
  where ``com``, ``co`` or their like stand before it (``abc.com.py/a``) or a digit near in the path (``orf.at/a/12``);
- an e-mail address, ``desk@example.org``, with ``mailto:`` before it and a possessive ``'s`` behind it.

A name alone (``al.com``, ``Booking.com``) is written of as a firm is, and stays the words it is; so does a ``@handle``.

References
----------
.. [1] T. Berners-Lee, R. Fielding, L. Masinter (2005), Uniform Resource Identifier (URI): generic syntax, RFC 3986.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter

import numpy as np

from analysis.characters import DIGIT, HYPHEN, LETTER, LINK, MARK, OTHER, SIGN, STOP, kinds_of
from analysis.flat import MARK as FOLDED_MARK
from analysis.flat import OTHER as FOLDED_OTHER
from analysis.flat import Flat, code_points, flags

GENERIC = ("com", "org", "net", "edu", "gov", "mil", "int", "info", "biz")
"""Last parts of names, besides those of countries, after which a path makes an address without ``www``; in any case."""

COUNTRIES = (
    "ae af ag ai ao aq ar au aw ax az ba bb bd bf bg bh bi bj bm bn bo br bs bt bw bz ca cc cf cg ch ci ck cl cn co "
    "cr cu cv cw cx cy cz de dk dm dz ec ee eg er es eu fi fj fk fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt "
    "gu gw gy hk hm hn hr ht hu ie im io iq ir je jm jo jp ke kh ki kn kp kr kw ky kz lc li lk lr ls lt lu lv ly mc "
    "md mh mk mn mo mp mq mu mv mw mx mz na nc ne nf ng ni nl np nr nu nz om pe pf pg ph pk pl pn pr pt pw qa re ro "
    "rs ru rw sa sb sc sd se sg si sk sl sm sn sr ss sv sx sy sz tc td tf tg th tj tk tl tm tn tr tt tw tz ua ug uk "
    "uy uz va vc ve vg vn vu wf ws ye yt za zm zw"
).split()
"""Last parts of countries' names, in small letters: ISO 3166-1, ``eu`` and ``uk``, less `ALSO_WORDS`."""

ALSO_WORDS = (
    "ad al am as at be by cd cm dj do et fm id il in is it kg km la lb ma me mg ml mm mr ms mt my no pa pm ps py sh "
    "so st to tv us vi"
).split()
"""Those that text writes before a slash for something else: words, units, file endings (``in/out``, ``km/h``)."""

_WORD = rb"A-Za-z0-9\xff"
_HELD = _WORD + rb"._~:/?#@!$&'*+,;=%\-"
_REST = (
    rb"[" + _HELD + rb"]*(?:(?:\([" + _HELD + rb"\[\]]*\)|\[[" + _HELD + rb"()]*\])[" + _HELD + rb"]*)*"
)  # what a bracket holds is looked at once: the next bracket of its kind ends the search
_LABEL = rb"[" + _WORD + rb"](?:[" + _WORD + rb"_-]*[" + _WORD + rb"])?"
_ODD = "|".join(ALSO_WORDS)
_LAST = (
    rf"(?:{'|'.join(COUNTRIES)}|(?i:{'|'.join(GENERIC)})|(?:com|org|net|edu|gov|co|ac)\.(?:{_ODD})"
    rf"|(?:{_ODD})(?=(?::[0-9]{{1,5}})?/[{_WORD.decode()}._~/-]{{0,99}}[0-9]))"
).encode()

_SCHEME = re.compile(rb"(?:https?|s?ftp)\Z", re.IGNORECASE)
_BEHIND_SCHEME = re.compile(rb"://" + _REST)
_WWW = re.compile(rb"(?<![" + _WORD + rb"._+-])www\.(?=[" + _WORD + rb"])" + _REST, re.IGNORECASE)
_PATH = re.compile(
    rb"(?<!["
    + _WORD
    + rb"._/\\@~-])(?:"
    + _LABEL
    + rb"\.)+"
    + _LAST
    + rb"(?::[0-9]{1,5})?/(?=["
    + _WORD
    + rb"~])"
    + _REST
)
_MAIL = re.compile(
    rb"[" + _WORD + rb"._+-]+@(?:" + _LABEL + rb"\.)+(?:[A-Za-z\xff]{2,}|(?i:xn--)[A-Za-z0-9-]+)(?![" + _WORD + rb"_])"
    rb"(?:'[sS](?![" + _WORD + rb"]))?"
)
_OF_NAME = (bytes(range(48, 58)) + bytes(range(65, 91)) + bytes(range(97, 123))) + b"\xff._-"
_PORT = re.compile(rb":[0-9]{1,5}\Z")
_MAY_HOLD = re.compile(r"[/@]|[wW]\.")
_BEFORE = flags(*b"@/.-_=?&#%+:~;,!$*'()[]", FOLDED_OTHER, FOLDED_MARK)  # before a name in an address
_BEHIND = flags(*b".-_+")  # behind one that opens it
_MAILTO = re.compile(rb"(?<![" + _WORD + rb"])mailto:\Z", re.IGNORECASE)


def without(text: str) -> str:
    """Return a text of the same length with blanks for its addresses."""
    pieces, at = [], 0
    for start, end in _in_text(text):
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def hold(flat: Flat, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Say of each span of a text, one without the signs of addresses, whether it begins or ends in one; bool."""
    near = np.flatnonzero(_BEFORE[flat.at(start - 1)] | _BEHIND[flat.at(end)] & (flat.at(end + 1) > ord(" ")))
    edges = np.concatenate((start[near], end[near] - 1))
    within = np.zeros(len(edges), dtype=bool)
    low = high = 0
    spans: list[tuple[int, int]] = []
    for i in np.argsort(edges, kind="stable").tolist():
        place = int(edges[i])
        if place >= high:  # each run is read once
            low, high = _run(flat, place)
            is_one = _MAY_HOLD.search(str(flat.between(low, high), "latin-1"))
            spans = _in_text(flat.spans(np.array([low]), np.array([high]))[0]) if is_one else []
        number = bisect_right(spans, place - low, key=itemgetter(0)) - 1
        within[i] = number >= 0 and place - low < spans[number][1]
    held = np.zeros(len(start), dtype=bool)
    held[near] = within[: len(near)] | within[len(near) :]
    return held


def _in_text(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each address of a text."""
    if not _MAY_HOLD.search(text):
        return []
    points = code_points(text)
    kinds = kinds_of(points)
    return find(points, kinds, np.flatnonzero(kinds >= HYPHEN))


def _run(flat: Flat, place: int) -> tuple[int, int]:
    """Return where the characters about a place, itself no blank, start and end that no blank parts."""
    width = 64
    while True:
        before, after = flat.between(place - width, place), flat.between(place, place + width)
        opens = max(before.rfind(b" "), before.rfind(b"\0"))
        closes = [n for n in (after.find(b" "), after.find(b"\0")) if n >= 0]
        if (opens >= 0 or width > place) and (closes or width > flat.size - place):
            return place - len(before) + opens + 1, place + min(closes, default=len(after))
        width *= 4


def find(
    points: np.ndarray, kinds: np.ndarray, signs: np.ndarray, outside: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Return the start and end of each address, in order and without overlaps.

    Parameters
    ----------
    points : ndarray of uint8, uint16 or uint32, shape (n_characters,)
        The text as code points.
    kinds : ndarray of uint8, shape (n_characters,)
        The class of each, as `characters.kinds_of` gives it; `OTHER` for those outside.
    signs : ndarray of int64
        Places of all characters that may join, or stand in an address; none outside.
    outside : sequence of (start, end)
        Spans that are read as if they were blank.
    """
    kind = kinds[signs]
    stops, others = signs[kind == STOP], signs[kind == SIGN]
    others = others[(others > 0) & (others < len(points) - 1)]
    is_at, before, after = points[others] == ord("@"), points[others - 1], points[others + 1]
    last = np.append(stops, 0)[np.searchsorted(stops, others) - 1]  # full stop before; the longest end is .info:12345/
    of_path = (others - last < 14) & (kinds[last + 1] == LETTER) & (kinds[others - 1] <= DIGIT)
    of_path &= (kinds[others + 1] != OTHER) | (after == ord("~"))
    of_mail = (kinds[others + 1] != OTHER) & ((kinds[others - 1] != OTHER) | (before == ord("+")))
    may_be = np.where(is_at, of_mail, of_path | (before == ord(":")) & (after == ord("/")))
    www = stops[stops > 2]
    for back in (1, 2, 3):
        www = www[(points[www - back] | 32) == ord("w")]
    about = np.sort(np.concatenate((www, others[may_be])))
    return _find(_bytes_of(points, kinds, outside), about.tolist()) if len(about) else []


def _bytes_of(points: np.ndarray, kinds: np.ndarray, outside: Sequence[tuple[int, int]]) -> bytes:
    """Return a byte for each character: of what is not ASCII, one for all that makes words, a blank for the others."""
    written = points.astype(np.uint8)
    odd = np.flatnonzero(points > 127)
    of_kind = np.full(SIGN + 1, ord(" "), dtype=np.uint8)
    of_kind[[MARK, LETTER, DIGIT]] = 0xFF
    of_kind[LINK] = ord("'")
    written[odd] = of_kind[kinds[odd]]
    for start, end in outside:
        written[start:end] = ord(" ")
    return written.tobytes()


def _find(text: bytes, signs: Iterable[int]) -> list[tuple[int, int]]:
    """Return the addresses about the signs ``/``, ``@`` and ``.`` at some places, ascending; each address has one."""
    found: list[tuple[int, int]] = []
    beyond = 0
    for sign in signs:
        if sign < beyond:
            continue
        match, start = _about(text, sign, beyond)
        if match is not None and start >= beyond:
            beyond = match.end()
            found.append((start, beyond))
    return found


def _about(text: bytes, sign: int, beyond: int) -> tuple[re.Match[bytes] | None, int]:
    """Return the match of an address about a sign, and where the address starts."""
    kind = text[sign]
    if kind == ord("."):
        return _WWW.match(text, sign - 3), sign - 3
    if kind == ord("@"):
        start = max(_start_of(text, sign, b"+"), beyond)
        match = _MAIL.match(text, start)
        before = _MAILTO.search(text, max(start - 8, 0), start) if match else None
        return match, before.start() if before else start
    if text[sign - 1] == ord(":"):
        scheme = _SCHEME.search(text, max(sign - 6, 0), sign - 1)
        return (_BEHIND_SCHEME.match(text, sign - 1), scheme.start()) if scheme else (None, sign)
    port = _PORT.search(text, max(sign - 6, 0), sign)
    start = _start_of(text, port.start() if port else sign)
    return _PATH.match(text, start), start


def _start_of(text: bytes, end: int, more: bytes = b"") -> int:
    """Return where the run of characters of a name starts that reaches to a place."""
    width = 32
    while True:
        low = max(end - width, 0)
        own = len(text[low:end].rstrip(_OF_NAME + more))
        if own or not low:
            return low + own
        width *= 4
