"""Compiled: the words of many texts counted as white space separates them, and those that only English has."""

from __future__ import annotations

import numpy as np
from numba import bool_, int64, uint8, uint64

from analysis import byte_words, languages, word_counts
from analysis.kernels.basics import BYTES, EDGES, KEYS, compiled, eight, find_words, inline, is_space, longest_of

_1, _2, _8, _300, _900 = (np.uint64(n) for n in (1, 2, 8, languages.GLANCE, languages.LOOK))
_MOST_BYTES = np.uint64(4 * languages.LOOK)
_MASKS = byte_words.MASKS
_LAST_OF_SPACES = np.isin(np.arange(256), word_counts.LAST_OF_SPACES)


@inline
def _split_words(data, begin, size, low):
    """Copy a text with small letters for capitals of ASCII, NUL for white space, another sign for NUL."""
    highest = uint8(0)
    for i in range(size):
        byte = data[begin + i]
        small = byte | uint8(32) if (byte >= uint8(65)) & (byte <= uint8(90)) else byte
        low[i] = uint8(0) if is_space(byte) else max(small, uint8(1))
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


@compiled(bool_(BYTES))
def has_controls(data):
    """Say whether any byte is a control character of `batches.CONTROL`."""
    n = 0
    for byte in data:
        is_white = (byte >= uint8(9)) & (byte <= uint8(13))
        n += ((byte < uint8(32)) & (not is_white)) | (byte == uint8(127))
    return n > 0


@compiled(int64[::1](BYTES, EDGES))
def n_words(data, edges):
    """Count the words of each text, separated by white space, as ``str.split`` does."""
    n_texts, longest = len(edges) - 1, longest_of(edges)
    found = np.zeros(n_texts, np.int64)
    low, borders = np.empty(longest + 8, np.uint8), np.empty(longest + 2, np.uint64)
    for i in range(n_texts):
        begin, end = np.uint64(edges[i]), np.uint64(edges[i + 1])
        n, was_space, highest = 0, True, uint8(0)
        for at in range(begin, end):
            is_blank = is_space(data[at])
            n += was_space & (not is_blank)
            was_space = is_blank
            highest = max(highest, data[at])
        if highest >= uint8(0xC2):
            _split_words(data, begin, end - begin, low)
            n = int64(find_words(low, end - begin, borders))
        found[i] = n
    return found


@inline
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


@inline
def _is_plain(data, begin, end, low, borders, factor, table, weights):
    """Say whether `languages._is_plainly_english` of a piece of text, of `languages.LOOK` characters at most."""
    end = min(end, begin + _MOST_BYTES)
    _split_words(data, begin, end - begin, low)
    n = int64(find_words(low, end - begin, borders))
    total = int64(0)
    for i in range(n):
        start, stop = borders[2 * i], borders[2 * i + 1]
        if stop - start <= _8:
            key = eight(low, start) & _MASKS[stop - start]
            place = (key * factor) >> np.uint64(64 - languages.TABLE_BITS)
            total += weights[place] if table[place] == key else 0
    english, shared, the = total & 0xFFFFF, total >> 20 & 0xFFFFF, total >> 40
    enough = english * 10 >= n or (english * 14 >= n and (english + shared) * 3 >= n)
    return enough and n >= 20 and the > 0


@compiled(bool_[::1](BYTES, EDGES, uint64, KEYS, EDGES))
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
