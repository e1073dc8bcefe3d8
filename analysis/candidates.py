"""Spans of text that may name a country, and the words beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from analysis import matching
from analysis.flat import IS_DIGIT, IS_LOWER, IS_UPPER, IS_WORD, Flat
from analysis.gazetteer import KIND, Gazetteer


@dataclass(frozen=True)
class Places:
    """Where segments stand in the flat text, sorted by position.

    Attributes
    ----------
    start, end : int64, positions in the flat text
    counted, headline, dateline : bool, by role
    """

    start: np.ndarray
    end: np.ndarray
    counted: np.ndarray
    headline: np.ndarray
    dateline: np.ndarray


@dataclass(frozen=True)
class Candidates:
    """Spans that may name a country, sorted by position; arrays of the same length.

    Attributes
    ----------
    start, end : int64, positions in the flat text
    article, segment : int64, counted from 0 in the flat text
    pattern : int64, which of the gazetteer's patterns was found
    row, n_rows : int64, the first row of the lexicon with this form, and how many have it
    within : int64, the row of the longer name that holds it, or -1
    joined : bool, a blank is missing before it
    counted, headline : bool, by the role of its segment
    opens : bool, it opens a dateline
    line_start, line_end : int64, the segment that holds it, positions in the flat text
    before, after : uint64, bits of the senses of the words beside it
    near : int64 of shape (n_articles, n_senses), how often words of each sense occur in each article
    """

    start: np.ndarray
    end: np.ndarray
    article: np.ndarray
    segment: np.ndarray
    pattern: np.ndarray
    row: np.ndarray
    n_rows: np.ndarray
    within: np.ndarray
    joined: np.ndarray
    counted: np.ndarray
    headline: np.ndarray
    opens: np.ndarray
    line_start: np.ndarray
    line_end: np.ndarray
    before: np.ndarray
    after: np.ndarray
    near: np.ndarray

    def __len__(self) -> int:
        return len(self.start)


def find(flat: Flat, gazetteer: Gazetteer, places: Places) -> Candidates:
    """Find the candidates of a flat text: whole words, the longest of those that overlap."""
    pattern, start, end = matching.matches(gazetteer.finder, flat.body)
    whole, joined = _boundaries(flat, gazetteer, pattern, start, end)
    pattern, start, end, joined = pattern[whole], start[whole], end[whole], joined[whole]
    near = _nearby(flat, gazetteer, pattern, start)
    segment = np.searchsorted(places.start, start, side="right") - 1
    inside = (segment >= 0) & (gazetteer.first[pattern] >= 0)
    inside[inside] = start[inside] < places.end[segment[inside]]
    pattern, start, end, joined, segment = (a[inside] for a in (pattern, start, end, joined, segment))
    elided = _elided(flat, gazetteer, pattern, start)
    pattern, start, end, joined, segment = (
        np.concatenate((a, b))
        for a, b in zip(
            (pattern, start, end, joined, segment), (*elided[:3], elided[3] < 0, segment[elided[3]]), strict=True
        )
    )
    row = _rows(flat, gazetteer, pattern, start, end)
    other = gazetteer.kind[row] == KIND["other"]
    chosen = matching.longest(start, end)
    kept = chosen[~other[chosen]]
    held, holder = _held(start, end, chosen[other[chosen]], ~other)
    index = np.concatenate((kept, held))
    within = np.concatenate((np.full(len(kept), -1), row[holder]))
    order = np.argsort(start[index], kind="stable")
    index, within = index[order], within[order]
    row, n_rows, index, within = _of_all(gazetteer, row[index], pattern[index], index, within)
    s, e, segment = start[index], end[index], segment[index]
    before, after = _beside(flat, gazetteer, row, s, e)
    return Candidates(
        start=s,
        end=e,
        article=flat.article(s),
        segment=segment,
        pattern=pattern[index],
        row=row,
        n_rows=n_rows,
        within=within,
        joined=joined[index],
        counted=places.counted[segment],
        headline=places.headline[segment],
        opens=places.dateline[segment] & (s == places.start[segment]),
        line_start=places.start[segment],
        line_end=places.end[segment],
        before=before,
        after=after,
        near=near,
    )


def _elided(
    flat: Flat, g: Gazetteer, pattern: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the halves named by one word, the North in "North and South Korea".

    Pattern, start and end of each, and the index of the form that completes it.
    """
    found = []
    for i in np.flatnonzero(g.partner[pattern] >= 0):
        before = _HALF.search(flat.between(start[i] - 20, start[i]))
        whole = g.pattern_texts[g.partner[pattern[i]]]
        if before and before["half"].decode() == whole.split(" ")[0]:
            at = start[i] - len(before[0]) + before.start("half") - before.start()
            found.append((g.partner[pattern[i]], at, at + len(before["half"]), i))
    return tuple(np.array(found, dtype=np.int64).reshape(-1, 4).T)


_HALF = re.compile(
    rb"(?<![\w.-])(?P<half>North|South|East|West|NORTH|SOUTH|EAST|WEST)"
    rb"(?: (?:and|or|to|AND|OR|&)(?: the)? |(?<!the North)(?<!the South), |[-/])$"
)


def _of_all(
    g: Gazetteer, row: np.ndarray, pattern: np.ndarray, index: np.ndarray, within: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Repeat the forms that name several countries at once, the two Koreas, for each of them."""
    n_rows = g.n_rows[pattern]
    several = g.requiring("both")[row]
    times = np.where(several, n_rows, 1)
    place = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    row, n_rows = np.repeat(row, times) + place, np.repeat(np.where(several, 1, n_rows), times)
    return row, n_rows, np.repeat(index, times), np.repeat(within, times)


def _rows(flat: Flat, g: Gazetteer, pattern: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the first row of each form; where an accent decides between two (Réunion, a reunion), the one meant."""
    row = g.first[pattern]
    twins = np.flatnonzero(g.accented[row] >= 0)
    accented = [not text.isascii() for text in flat.spans(start[twins], end[twins])]
    twins = twins[np.array(accented, dtype=bool)]
    row[twins] = g.accented[row[twins]]
    return row


def _boundaries(
    flat: Flat, g: Gazetteer, pattern: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which matches are whole words, and which of those lack a blank before them."""
    left, right, beyond = flat.at(start - 1), flat.codes[end], flat.codes[end + 1]
    open_right = ~(g.checks_right[pattern] & IS_WORD[right])
    open_right &= ~((right == ord(".")) & (IS_LOWER[beyond] | IS_DIGIT[beyond]) & g.checks_right[pattern])
    open_left = ~(g.checks_left[pattern] & IS_WORD[left])
    joined = open_right & ~open_left & IS_LOWER[left] & (end - start >= 4) & IS_UPPER[flat.codes[start]]
    joined &= g.first[pattern] >= 0
    for i in np.flatnonzero(joined):
        joined[i] = _lost_blank(flat.between(start[i] - 24, start[i]))
    return open_right & (open_left | joined), joined & ~open_left


def _lost_blank(before: bytes) -> bool:
    """Whether the letters before a form are a word of their own: "PressIran", not "McChad" or "PetroChina"."""
    word = before[len(before.rstrip(b"abcdefghijklmnopqrstuvwxyz")) :]
    head = before[: len(before) - len(word)]
    if head and IS_UPPER[head[-1]]:
        word, head = head[-1:] + word, head[:-1]
    free = not head or head[-1:] in b" \0\"'(,.;:-"
    return free and len(word) >= 4 and word not in _PARTS_OF_BRANDS


_PARTS_OF_BRANDS = frozenset(
    b"Petro Euro Inter Visit Luft Insta Team Aero Agro Auto Bank Cine Data Digi Electro Globo Info Inno Invest Medi "
    b"Micro Mini Multi Nano Neuro Nord Omni Play Power Smart Star Super Tech Tele Trans Travel United Veri Vita "
    b"Wiki".split()
)


def _nearby(flat: Flat, g: Gazetteer, pattern: np.ndarray, start: np.ndarray) -> np.ndarray:
    """How often words of each sense occur in each article, int64 of shape (n_articles, n_senses)."""
    shape = (len(flat.starts), len(g.senses))
    counts = np.zeros(shape[0] * shape[1], dtype=np.int64)
    for sense in g.sense.T:
        found = sense[pattern] >= 0
        key = flat.article(start[found]) * shape[1] + sense[pattern[found]]
        counts += np.bincount(key, minlength=len(counts))
    return counts.reshape(shape)


def _beside(
    flat: Flat, g: Gazetteer, row: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the bits of the senses of the words before and after each span."""
    before, after = g.beside.senses(flat, start, end)
    some = np.flatnonzero(g.needs_common[row])
    more_before, more_after = g.beside_common.senses(flat, start[some], end[some])
    before[some] |= more_before
    after[some] |= more_after
    return before, after


def _held(start: np.ndarray, end: np.ndarray, outer: np.ndarray, allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Candidates inside the longer names ``outer``, the longest of those that overlap, and the name that holds each."""
    if not len(outer):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    at = np.searchsorted(start[outer], start, side="right") - 1
    index = np.flatnonzero(allowed & (at >= 0) & (end <= end[outer[np.maximum(at, 0)]]))
    index = index[matching.longest(start[index], end[index])]
    return index, outer[at[index]]
