"""Words in bytes: where they stand and what they begin with, many texts at once, without a loop over words."""

from __future__ import annotations

import numpy as np

MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
"""What leaves the first n of eight bytes, by n."""


def words(data: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Find the runs of bytes that are not NUL.

    Parameters
    ----------
    data : ndarray of uint8
        The first byte, and the last eight, are NUL.

    Returns
    -------
    starts, ends : ndarray of int, where each run begins and where it is over
    first : ndarray of uint64, its first eight bytes, NUL beyond its end
    eight : ndarray of uint64, the eight bytes from each place of the data on
    """
    is_word = data != 0
    edges = np.flatnonzero(is_word[1:] != is_word[:-1])
    edges += 1
    starts, ends = edges[::2], edges[1::2]
    eight = np.ndarray(shape=(len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    return starts, ends, eight[starts] & MASKS.take(ends - starts, mode="clip"), eight
