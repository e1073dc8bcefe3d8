"""Loops over the bytes of many texts, compiled: words counted, hashed, sampled and compared as they are found.

Each gives what `word_counts`, `languages`, `story_samples` and `overlaps` find without them, in a third of the time or
less; `compiled` says when they are loaded. Texts are given as Arrow holds them: UTF-8, end to end in ``data``,
text ``i`` from ``edges[i]`` to ``edges[i + 1]``.
"""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
from numba import bool_, int64, types, uint8, uint64

from analysis import byte_words, languages, shingles, story_samples

_BYTES, _EDGES, _KEYS, _FLAGS = (types.Array(t, 1, "C", readonly=True) for t in (uint8, int64, uint64, bool_))
_1, _2, _3, _8, _300, _900 = (np.uint64(n) for n in (1, 2, 3, 8, languages.GLANCE, languages.LOOK))
_W0, _W1, _W2 = shingles.WEIGHTS  # all unsigned: with signed integers they would become floats
_MASKS = byte_words.MASKS
_AFTER_C2, _AFTER_E2_80 = shingles.IS_SEPARATOR
_LAST_OF_SPACES = np.isin(np.arange(256), [*range(0x80, 0x8B), 0xA8, 0xA9, 0xAF])
_MOST_PROBES = 64


def _compiled(signature: object) -> Callable:
    """Compile, or load what was compiled before; where no folder can keep it, compile for this process."""

    def compiled(function: Callable) -> Callable:
        try:
            return numba.njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:
            return numba.njit(signature, nogil=True)(function)

    return compiled


_inline = numba.njit


@_inline
def _mix(value):
    """Return a hash as `shingles.mix` does."""
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@_inline
def _eight(data, at):
    """Return eight bytes, the first the lowest."""
    value = np.uint64(data[at])
    value |= np.uint64(data[at + _1]) << _8
    value |= np.uint64(data[at + _2]) << np.uint64(16)
    value |= np.uint64(data[at + _3]) << np.uint64(24)
    value |= np.uint64(data[at + np.uint64(4)]) << np.uint64(32)
    value |= np.uint64(data[at + np.uint64(5)]) << np.uint64(40)
    value |= np.uint64(data[at + np.uint64(6)]) << np.uint64(48)
    return value | np.uint64(data[at + np.uint64(7)]) << np.uint64(56)


@_inline
def _is_space(byte):
    is_control = ((byte >= uint8(9)) & (byte <= uint8(13))) | ((byte >= uint8(28)) & (byte <= uint8(31)))
    return is_control | (byte == uint8(32))


@_inline
def _bare_words(data, begin, size, low):
    """Copy a text in small letters, NUL for what is in no word of `shingles`."""
    highest = uint8(0)
    for i in range(size):
        byte = data[begin + i]
        small = byte | uint8(32)
        is_letter = (small >= uint8(97)) & (small <= uint8(122))
        is_digit = (byte >= uint8(48)) & (byte <= uint8(57))
        other = byte if is_digit else (byte if byte >= uint8(128) else uint8(0))  # one by one, or it is not vectorised
        low[i] = small if is_letter else other
        highest = max(highest, byte)
    for i in range(size, size + _8):
        low[i] = 0
    if highest >= uint8(0xC2):
        for i in range(size):
            byte = low[i]
            if byte == uint8(0xC2) and _AFTER_C2[low[i + _1]]:
                low[i] = low[i + _1] = 0
            elif byte == uint8(0xE2) and low[i + _1] == uint8(0x80) and _AFTER_E2_80[low[i + _2]]:
                low[i] = low[i + _1] = low[i + _2] = 0


@_inline
def _split_words(data, begin, size, low):
    """Copy a text with small letters for capitals of ASCII, NUL for white space, another sign for NUL."""
    highest = uint8(0)
    for i in range(size):
        byte = data[begin + i]
        small = byte | uint8(32) if (byte >= uint8(65)) & (byte <= uint8(90)) else byte
        low[i] = uint8(0) if _is_space(byte) else max(small, uint8(1))
        highest = max(highest, byte)
    for i in range(size, size + _8):
        low[i] = 0
    if highest >= uint8(0xC2):
        for i in range(size):
            byte, second, third = low[i], low[i + _1], low[i + _2]
            if byte == uint8(0xC2) and (second == uint8(0x85) or second == uint8(0xA0)):
                low[i] = low[i + _1] = 0
            elif (
                (byte == uint8(0xE2) and second == uint8(0x80) and _LAST_OF_SPACES[third])
                or (byte == uint8(0xE2) and second == uint8(0x81) and third == uint8(0x9F))
                or (byte == uint8(0xE1) and second == uint8(0x9A) and third == uint8(0x80))
                or (byte == uint8(0xE3) and second == uint8(0x80) and third == uint8(0x80))
            ):
                low[i] = low[i + _1] = low[i + _2] = 0


@_inline
def _find_words(low, size, borders):
    """Put where each run of bytes begins and where it is over into ``borders``; return how many they are."""
    n, was_word = np.uint64(0), False
    for i in range(size + _1):
        is_word = low[i] != 0
        borders[n] = i
        n += np.uint64(is_word != was_word)
        was_word = is_word
    return n >> _1


@_inline
def _hash_words(data, begin, size, low, borders, words):
    """Put the hash of each word into ``words``, as `shingles.word_hashes` does; return how many they are."""
    _bare_words(data, begin, size, low)
    n = _find_words(low, size, borders)
    for i in range(n):
        start, end = borders[_2 * i], borders[_2 * i + _1]
        length = end - start
        first = _eight(low, start) & _MASKS[min(length, _8)]
        last = _eight(low, end - _8) if length > _8 else first
        words[i] = _mix(first * _W0 + last * _W1 + length)
    return n


@_inline
def _hash_run(words, i):
    """Return the hash of the words from one on, as `shingles.of_runs` does."""
    return _mix(words[i] * _W0 + words[i + _1] * _W1 + words[i + _2] * _W2)


@_inline
def _longest(edges):
    longest = 0
    for i in range(len(edges) - 1):
        longest = max(longest, edges[i + 1] - edges[i])
    return longest


@_compiled(types.Tuple((uint64[::1], int64[::1], uint64[::1], int64[::1]))(_BYTES, _EDGES, _KEYS))
def sample(data, edges, places):
    """Return what `story_samples.Sample` holds of some texts; ``places`` are the weights of the places of words."""
    n_texts, longest = len(edges) - 1, _longest(edges)
    low, borders = np.empty(longest + 8, np.uint8), np.empty(longest + 2, np.uint64)
    words = np.empty(longest // 2 + 1, np.uint64)
    n_sampled, whole, n_words = np.empty(n_texts, np.int64), np.empty(n_texts, np.uint64), np.empty(n_texts, np.int64)
    hashes = np.empty((edges[n_texts] - edges[0]) // 2 + 1, np.uint64)  # room that is taken only where it is used
    end = np.uint64(0)
    for i in range(n_texts):
        n = _hash_words(data, np.uint64(edges[i]), np.uint64(edges[i + 1] - edges[i]), low, borders, words)
        total = n
        for j in range(n):
            total += words[j] * places[j]
        whole[i] = _mix(total) | _1 if n else np.uint64(0)
        n_words[i] = n
        begin = end
        if n > _2:
            share = min(story_samples.SAMPLE / float(n - _2), 1.0) * story_samples.ALL
            limit = (np.uint64(share) + _1) * _2
            for j in range(n - _2):
                run = _hash_run(words, j)
                hashes[end] = run
                end += np.uint64(run < limit)
        n_sampled[i] = end - begin
    return hashes[:end].copy(), n_sampled, whole, n_words


@_compiled(types.Tuple((uint64[::1], int64[::1]))(_BYTES, _EDGES))
def runs(data, edges):
    """Return the hash of each run of words within a text, text by text, and the words of each text."""
    n_texts, longest = len(edges) - 1, _longest(edges)
    low, borders = np.empty(longest + 8, np.uint8), np.empty(longest + 2, np.uint64)
    words = np.empty(longest // 2 + 1, np.uint64)
    n_words = np.empty(n_texts, np.int64)
    hashes = np.empty((edges[n_texts] - edges[0]) // 2 + 1, np.uint64)
    end = np.uint64(0)
    for i in range(n_texts):
        n = _hash_words(data, np.uint64(edges[i]), np.uint64(edges[i + 1] - edges[i]), low, borders, words)
        n_words[i] = n
        for j in range(max(n, _2) - _2):
            hashes[end] = _hash_run(words, j)
            end += _1
    return hashes[:end], n_words


@_compiled(bool_[::1](_BYTES, _EDGES, _FLAGS))
def may_have_capitals(data, edges, has_lower):
    """Say of each text whether it may hold capitals beyond ASCII: ``has_lower`` tells them in the basic plane."""
    n_texts = len(edges) - 1
    found = np.zeros(n_texts, np.bool_)
    for i in range(n_texts):
        begin, end = np.uint64(edges[i]), np.uint64(edges[i + 1])
        highest = uint8(0)
        for at in range(begin, end):
            highest = max(highest, data[at])
        if highest < uint8(0xC2):
            continue
        for at in range(begin, end):
            lead = np.uint64(data[at])
            if lead < np.uint64(0xC2):
                continue
            second = np.uint64(data[at + _1] & uint8(0x3F))
            if lead < np.uint64(0xE0):
                is_capital = has_lower[(lead & np.uint64(0x1F)) << np.uint64(6) | second]
            elif lead < np.uint64(0xF0):
                upper = (lead & np.uint64(0x0F)) << np.uint64(12) | second << np.uint64(6)
                is_capital = has_lower[upper | np.uint64(data[at + _2] & uint8(0x3F))]
            else:
                is_capital = True
            if is_capital:
                found[i] = True
                break
    return found


@_compiled(bool_(_BYTES))
def has_controls(data):
    """Say whether any byte is a control character of `batches.CONTROL`."""
    n = 0
    for byte in data:
        is_white = (byte >= uint8(9)) & (byte <= uint8(13))
        n += ((byte < uint8(32)) & (not is_white)) | (byte == uint8(127))
    return n > 0


@_compiled(int64[::1](_BYTES, _EDGES))
def n_words(data, edges):
    """Count the words of each text, separated by white space, as ``str.split`` does."""
    n_texts, longest = len(edges) - 1, _longest(edges)
    found = np.zeros(n_texts, np.int64)
    low, borders = np.empty(longest + 8, np.uint8), np.empty(longest + 2, np.uint64)
    for i in range(n_texts):
        begin, end = np.uint64(edges[i]), np.uint64(edges[i + 1])
        n, was_space, highest = 0, True, uint8(0)
        for at in range(begin, end):
            is_space = _is_space(data[at])
            n += was_space & (not is_space)
            was_space = is_space
            highest = max(highest, data[at])
        if highest >= uint8(0xC2):
            _split_words(data, begin, end - begin, low)
            n = int64(_find_words(low, end - begin, borders))
        found[i] = n
    return found


@_inline
def _after(data, at, end, n, is_ascii):
    """Return where a text has ``n`` more characters behind it, its end at most."""
    if is_ascii:
        return min(at + n, end)
    while at < end:
        if data[at] & uint8(0xC0) != uint8(0x80):
            if n == 0:
                return at
            n -= _1
        at += _1
    return end


@_inline
def _is_plain(data, begin, end, low, borders, factor, table, weights):
    """Say whether `languages._is_plainly_english` of a piece of text."""
    _split_words(data, begin, end - begin, low)
    n = int64(_find_words(low, end - begin, borders))
    total = int64(0)
    for i in range(n):
        start, stop = borders[2 * i], borders[2 * i + 1]
        if stop - start <= _8:
            key = _eight(low, start) & _MASKS[stop - start]
            place = (key * factor) >> np.uint64(64 - languages.TABLE_BITS)
            total += weights[place] if table[place] == key else 0
    english, shared, the = total & 0xFFFFF, total >> 20 & 0xFFFFF, total >> 40
    enough = english * 10 >= n or (english * 14 >= n and (english + shared) * 3 >= n)
    return enough and n >= 20 and the > 0


@_compiled(bool_[::1](_BYTES, _EDGES, uint64, _KEYS, _EDGES))
def are_english(data, edges, factor, table, weights):
    """Say of each text what `languages.are_english` does, with its table of function words."""
    n_texts = len(edges) - 1
    low, borders = np.empty(4 * languages.LOOK + 8, np.uint8), np.empty(4 * languages.LOOK + 2, np.uint64)
    found = np.zeros(n_texts, np.bool_)
    for i in range(n_texts):
        begin, end = np.uint64(edges[i]), np.uint64(edges[i + 1])
        n, highest = end - begin, uint8(0)
        for at in range(begin, end):
            highest = max(highest, data[at])
        if highest >= uint8(0x80):
            for at in range(begin, end):
                n -= np.uint64(data[at] & uint8(0xC0) == uint8(0x80))
        half, is_ascii = n >> _1, n == end - begin
        plain = True
        for second in range(2):
            if second and half <= np.uint64(languages.SHORT):
                break
            start = _after(data, begin, end, half, is_ascii) if second else begin
            stop = _after(data, start, end, _300, is_ascii)
            plain = _is_plain(data, start, stop, low, borders, factor, table, weights)
            if not plain:
                stop = _after(data, stop, end, _900 - _300, is_ascii)
                plain = _is_plain(data, start, stop, low, borders, factor, table, weights)
            if not plain:
                break
        found[i] = plain
    return found


@_compiled(bool_[::1](_KEYS, _KEYS))
def covered(own, other):
    """Return what `overlaps.covered` does of the shingles of two articles; nothing where too many begin alike."""
    bits = np.uint64(4)
    while (1 << bits) < 8 * len(other):
        bits += _1
    table, last, shift = np.zeros(1 << bits, np.uint64), (_1 << bits) - _1, np.uint64(64) - bits
    has_zero = False
    for key in other:
        has_zero |= key == 0
        at, n = key >> shift, 0
        while table[at] != key and table[at] != 0:
            at, n = (at + _1) & last, n + 1
            if n == _MOST_PROBES:
                return np.zeros(0, np.bool_)
        table[at] = key
    found = np.zeros(len(own) + shingles.SHINGLE - 1, np.bool_)
    for i in range(len(own)):
        key = own[i]
        at, n = key >> shift, 0
        while table[at] != key and table[at] != 0 and n < _MOST_PROBES:
            at, n = (at + _1) & last, n + 1
        if table[at] == key if key else has_zero:
            for word in range(i, i + shingles.SHINGLE):
                found[word] = True
    return found
