"""Numbers for pairs of integers met again and again: a hash table that looks up a whole array at once."""

from __future__ import annotations

import numpy as np

_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


class Numbering:
    """A number for each pair of 64-bit integers put in.

    An open hash table with linear probing, at most half full: the slot of a pair is the first one from its hash on that
    holds it, or that is empty [1]_. All pairs of a call step on together.

    References
    ----------
    .. [1] D. E. Knuth (1998), The Art of Computer Programming, vol. 3, second edition, section 6.4, algorithm L.
    """

    def __init__(self):
        self._n = 0
        self._one, self._two = np.zeros((2, 1024), dtype=np.uint64)
        self._numbers = np.zeros(1024, dtype=np.int32)
        self._slots = np.full(2048, -1, dtype=np.int32)

    def find(self, one: np.ndarray, two: np.ndarray) -> np.ndarray:
        """Return the number of each pair, int32, -1 for one that was not put in; the halves are arrays of uint64."""
        result = np.full(len(one), -1, dtype=np.int32)
        slot, rows = self._hash(one, two), None
        while len(slot):
            held = self._slots.take(slot)
            empty = held < 0
            held[empty] = 0
            same = self._one.take(held) == one
            same &= self._two.take(held) == two
            same &= ~empty
            if rows is None:
                np.copyto(result, self._numbers.take(held), where=same)
            else:
                result[rows[same]] = self._numbers[held[same]]
            on = np.flatnonzero(~(same | empty))
            rows = on if rows is None else rows[on]
            slot, one, two = self._next(slot[on]), one[on], two[on]
        return result

    def put(self, one: np.ndarray, two: np.ndarray, numbers: np.ndarray) -> None:
        """Give pairs, distinct and new, their numbers."""
        n = self._n + len(one)
        if n > len(self._one):
            more = (1 << (n - 1).bit_length()) - len(self._one)
            self._one, self._two, self._numbers = (
                np.append(x, np.zeros(more, dtype=x.dtype)) for x in (self._one, self._two, self._numbers)
            )
            self._slots = np.full(2 * len(self._one), -1, dtype=np.int32)
            self._place(0, self._n)
        for held, new in ((self._one, one), (self._two, two), (self._numbers, numbers)):
            held[self._n : n] = new
        self._place(self._n, n)
        self._n = n

    def _place(self, first: int, end: int) -> None:
        slot = self._hash(self._one[first:end], self._two[first:end])
        rows = np.arange(first, end, dtype=np.int32)
        while len(rows):
            free = self._slots[slot] < 0
            self._slots[slot[free]] = rows[free]
            on = self._slots[slot] != rows
            rows, slot = rows[on], self._next(slot[on])

    def _next(self, slot: np.ndarray) -> np.ndarray:
        return (slot + 1) & (len(self._slots) - 1)

    def _hash(self, one: np.ndarray, two: np.ndarray) -> np.ndarray:
        mixed = one * _MIX[0]
        mixed += two * _MIX[1]
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX[0]
        return (mixed >> np.uint64(65 - len(self._slots).bit_length())).astype(np.int64)
