"""Chances: random numbers that hang on what a unit is and not on where it stands, so that one more changes no other."""

from __future__ import annotations

import numpy as np
import pandas as pd

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def keys(units: pd.DataFrame) -> np.ndarray:
    """Return one 64-bit key per unit, made of its ``article_id`` and ``segment`` only; the same on every machine.

    Parameters
    ----------
    units : DataFrame
        ``article_id``, ``segment``.

    Returns
    -------
    ndarray of uint64 of shape (n_units,)
    """
    ids, inverse = np.unique(units["article_id"].to_numpy(dtype=object).astype(str), return_inverse=True)
    hashed = pd.util.hash_array(ids.astype(object), categorize=False)
    segments = units["segment"].to_numpy(dtype=np.int64).astype(np.uint64)
    return _mixed(hashed[inverse] + _mixed(segments))


def of_groups(keys: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return one key per group, the smallest of its units': what a chance hangs on if units are drawn together.

    Parameters
    ----------
    keys : ndarray of uint64 of shape (n_units,)
    groups : ndarray of int of shape (n_units,), numbered from 0 without gaps

    Returns
    -------
    ndarray of uint64 of shape (n_groups,)
    """
    smallest = np.full(int(groups.max(initial=-1)) + 1, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(smallest, groups, keys)
    return smallest


def uniform(keys: np.ndarray, seed: int | list[int]) -> np.ndarray:
    """Return a number per key, as if drawn evenly from between 0 and 1; other seeds give other numbers.

    The key is mixed with each part of the seed by the finaliser of SplitMix64 [1]_.

    Parameters
    ----------
    keys : ndarray of uint64
    seed : int or list of int

    Returns
    -------
    ndarray of float64, same shape, never 0 or 1

    References
    ----------
    .. [1] G. L. Steele, D. Lea and C. H. Flood (2014), Fast splittable pseudorandom number generators.
    """
    return ((sown(keys, seed) >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52  # 53 bits would round up to 1


def sown(keys: np.ndarray, seed: int | list[int]) -> np.ndarray:
    """Return the keys mixed with a seed: ``uniform(sown(keys, [a]), [b])`` is ``uniform(keys, [a, b])``."""
    mixed = keys.astype(np.uint64)
    for part in [seed] if np.isscalar(seed) else seed:
        mixed ^= _mixed(np.array([part], dtype=np.int64).astype(np.uint64))
        mixed = _mixed(mixed)
    return mixed


def _mixed(values: np.ndarray) -> np.ndarray:
    values = values + _GOLDEN
    shifted = np.empty_like(values)
    for shift, factor in ((30, _FIRST), (27, _SECOND)):
        values ^= np.right_shift(values, np.uint64(shift), out=shifted)
        values *= factor
    values ^= np.right_shift(values, np.uint64(31), out=shifted)
    return values
