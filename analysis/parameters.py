"""What the parameters of the notebooks may be: checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import snowballstemmer

from analysis import comention, incidence, lexicon
from analysis.period_lengths import PERIODS


def check(values: Mapping[str, object], *, known: Collection[str]) -> None:
    """Refuse a parameter that no notebook has, or a value that it cannot take.

    Parameters
    ----------
    values : mapping of str to object
        The name of a parameter to its value.
    known : collection of str
        Names that the notebooks have. What is known but not in `ALLOWED` may be anything.

    Raises
    ------
    ValueError
        With what is allowed.
    """
    for name, value in values.items():
        if name not in known:
            raise ValueError(f"no notebook has a parameter {name!r}; parameters are {', '.join(sorted(known))}")
        if name in ALLOWED:
            allows, what = ALLOWED[name]
            if not allows(value):
                raise ValueError(f"{name} must be {what}, not {value!r}")


def _one_of(*allowed: str) -> tuple[Callable[[object], bool], str]:
    return lambda value: isinstance(value, str) and value in allowed, f"one of {', '.join(allowed)}"


def _stemmer(value: object) -> bool:
    return value is None or value in snowballstemmer.algorithms()


def _some_of(*allowed: str) -> tuple[Callable[[object], bool], str]:
    def allows(value: object) -> bool:
        chosen = [value] if isinstance(value, str) else value
        return isinstance(chosen, list | tuple | set) and bool(chosen) and all(c in allowed for c in chosen)

    return lambda value: value is None or allows(value), f"one or more of {', '.join(allowed)}, or None for all"


def _whole(least: int, *, or_none: bool = False) -> tuple[Callable[[object], bool], str]:
    def allows(value: object) -> bool:
        return (or_none and value is None) or (type(value) is int and value >= least)

    return allows, f"a whole number, {least} at least{', or None' if or_none else ''}"


def _words(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(v, str) and v.strip() for v in value)


def _share(value: object) -> bool:
    return type(value) in (int, float) and 0 < value < 1  # type: ignore[operator]


_LIST = (_words, 'a list of words or expressions, such as ["Latin America"]')

ALLOWED: dict[str, tuple[Callable[[object], bool], str]] = {
    "TITLES": _one_of("apart", "first"),
    "MARKUP": (lambda value: type(value) is bool, "True or False"),
    "PHRASES": _LIST,
    "FRAMING": _LIST,
    "AROUND": _LIST,
    "STEM": (_stemmer, f"one of {', '.join(sorted(snowballstemmer.algorithms()))}, or None"),
    "TOP_TERMS": _whole(1),
    "PERIOD": _one_of("auto", *PERIODS),
    "N_TOPICS": _whole(1, or_none=True),
    "RANDOM_STATE": _whole(0),
    "KINDS": _some_of(*lexicon.KINDS),
    "WITHIN": _one_of(*incidence.WINDOWS),
    "NULL": _one_of(*comention.NULLS),
    "DEPENDENCE": _one_of(*comention.DEPENDENCE),
    "MAX_Q": (_share, "a number between 0 and 1"),
    "TOP_PAIRS": _whole(1),
    "MIN_BOTH": _whole(1),
}
"""Parameter -> whether it may have a value, and what it may have. `corpus.load_articles` checks CORPUS and COLUMNS."""
