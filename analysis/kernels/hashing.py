"""Compiled: the words of many texts hashed, their runs sampled, and those of two articles compared."""

from __future__ import annotations

import numpy as np
from numba import bool_, int64, types, uint8, uint64

from analysis import byte_words, shingles, story_samples
from analysis.kernels.basics import BYTES, EDGES, FLAGS, KEYS, compiled, eight, find_words, inline, longest_of

_1, _2, _8 = (np.uint64(n) for n in (1, 2, 8))
_W0, _W1, _W2 = shingles.WEIGHTS
_MASKS = byte_words.MASKS
_AFTER_C2, _AFTER_E2_80 = shingles.IS_SEPARATOR
_MOST_PROBES = 64


@inline
def _mix(value):
    """Return a hash as `shingles._mix` does."""
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@inline
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


@inline
def _hash_words(data, begin, size, low, borders, words):
    """Put the hash of each word into ``words``, as `shingles.word_hashes` does; return how many they are."""
    _bare_words(data, begin, size, low)
    n = find_words(low, size, borders)
    for i in range(n):
        start, end = borders[_2 * i], borders[_2 * i + _1]
        length = end - start
        first = eight(low, start) & _MASKS[min(length, _8)]
        last = eight(low, end - _8) if length > _8 else first
        words[i] = _mix(first * _W0 + last * _W1 + length)
    return n


@inline
def _hash_run(words, i):
    """Return the hash of the words from one on, as `shingles.of_runs` does."""
    return _mix(words[i] * _W0 + words[i + _1] * _W1 + words[i + _2] * _W2)


@compiled(types.Tuple((uint64[::1], int64[::1], uint64[::1], int64[::1]))(BYTES, EDGES, KEYS))
def sample(data, edges, places):
    """Return what `story_samples.Sample` holds of some texts; ``places`` are the weights of the places of words."""
    n_texts, longest = len(edges) - 1, longest_of(edges)
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


@compiled(types.Tuple((uint64[::1], int64[::1]))(BYTES, EDGES))
def runs(data, edges):
    """Return the hash of each run of words within a text, text by text, and the words of each text."""
    n_texts, longest = len(edges) - 1, longest_of(edges)
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


@compiled(bool_[::1](BYTES, EDGES, FLAGS))
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


@compiled(bool_[::1](KEYS, KEYS))
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
