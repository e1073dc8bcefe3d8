"""Dates that a file or a date line states; nothing is made up."""

from __future__ import annotations

import datetime as dt
import functools
import re
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import pandas as pd

_PUBLISHED = (1700, 2100)
_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)Z?)?")
_NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{2,4})(?=$|\D)")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})\b")
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\s?([ap])\.?m\b)?", re.IGNORECASE)
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")


def parse_date(value: Any, *, first: Literal["day", "month"] | None = None) -> tuple[pd.Timestamp | None, str | None]:
    """Read a date that a file states; nothing is made up.

    A date needs day, month and year. ``03/04/2023`` tells no date, because either number may be the month;
    ``17/06/2023`` and ``03.04.2023`` do (with full stops the day comes first). A time without a zone is read as UTC.
    Numbers of 9 to 13 digits are seconds or milliseconds since 1970.

    Parameters
    ----------
    value : object
        A string, number, date or time; None or NaN for none.
    first : {"day", "month"}, optional
        What comes first in ``03/04/2023``, where other dates of the same table tell it (see `order_of`).

    Returns
    -------
    (Timestamp in UTC or None, None or why a value that is there gives no date)
    """
    if value is None:
        return None, None
    return _parse_stated(value, first) if type(value) is str else _parse(value, first)


def order_of(value: Any) -> str | None:
    """Return what comes first in a date of three numbers that can be read in one way only: ``day`` of 17/06/2023.

    Returns
    -------
    ``day``, ``month``, or None where the date does not tell
    """
    return _order_of(value) if type(value) is str else None


@functools.lru_cache(maxsize=4096)  # as of `_parse_stated`
def _order_of(value: str) -> str | None:
    match = _NUMERIC.match(value.strip())
    if not match or len(match["a"]) > 2 or len(match["c"]) != 4 or match["mark"] == ".":
        return None
    a, b = int(match["a"]), int(match["b"])
    return "day" if a > 12 >= b else "month" if b > 12 >= a else None


def _parse(value: Any, first: str | None = None) -> tuple[pd.Timestamp | None, str | None]:
    if value is pd.NaT or value != value or (isinstance(value, str) and not value.strip()):
        return None, None
    text = " ".join(str(value).split())[:100]
    try:
        when = _moment(value, text, first)
    except (ValueError, OverflowError, OSError, TypeError):
        when = None
    if when is None:
        if (match := _NUMERIC.fullmatch(text)) and len(match["c"]) == 4 and int(match["a"]) <= 12 >= int(match["b"]):
            return None, f"{text!r}: either number may be the month"
        if match and len(match["a"]) <= 2 and len(match["c"]) == 2:
            return None, f"{text!r}: a year of two digits"
        return None, f"{text!r} is no date, or not one only"
    if not _PUBLISHED[0] <= when.year <= _PUBLISHED[1]:
        return None, f"{text!r}: a year out of range"
    return pd.Timestamp(when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when).tz_convert("UTC"), None


# Papers give many articles the same date.
_parse_stated = functools.lru_cache(maxsize=4096)(_parse)


def _moment(value: Any, text: str, first: str | None = None) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if _ISO.fullmatch(text):
        return dt.datetime.fromisoformat(re.sub(r"(?<=\d)\s?(?:UTC|GMT)$", "+00:00", text))
    if match := _COMPACT.fullmatch(text):
        return dt.datetime(*(int(g) for g in match.groups() if g))
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return dt.datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, dt.UTC)
    if re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d", text):
        return parsedate_to_datetime(text)
    return _written(text, first) or _foreign(text)


def _written(text: str, first: str | None) -> dt.datetime | None:
    found = set()
    for match in _MONTH_FIRST.finditer(text):
        found.add((int(match[3]), _month(match[1]), int(match[2])))
    for match in _DAY_FIRST.finditer(text):
        found.add((int(match[3]), _month(match[2]), int(match[1])))
    if match := _NUMERIC.match(text):
        found.add(_numeric(match, first))
    if len(found) != 1 or None in found or None in (parts := found.pop()):
        return None
    clock = _CLOCK.search(text)
    hour, minute, second = (int(clock[i] or 0) for i in (1, 2, 3)) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + 12 * (clock[4].lower() == "p")
    return dt.datetime(*parts, hour, minute, second)


def _month(name: str) -> int | None:
    month = _MONTHS.get(name[:3].lower())
    full = dt.date(2000, month, 1).strftime("%B").lower() if month else ""
    return month if full.startswith(name.lower()) or name.lower() == "sept" else None


def _numeric(match: re.Match[str], first: str | None) -> tuple[int, int, int] | None:
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return (a, b, c) if len(match["c"]) <= 2 else None
    if len(match["c"]) != 4:
        return None
    if match["mark"] == "." or a > 12 or a == b or (first == "day" and b <= 12):
        return c, b, a
    return (c, a, b) if b > 12 or first == "month" else None


def _foreign(text: str) -> dt.datetime | None:
    """Read a date written out in another language; never a relative one, nor part of one."""
    whole = re.search(r"\d{4}|[٠-٩۰-۹]{4}", text) and re.search(r"\d{1,2}|[٠-٩۰-۹]{1,2}", text)
    if not whole or not re.search(r"[^\W\d_]{3}", text):
        return None
    import dateparser

    return dateparser.parse(
        text, settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "STRICT_PARSING": True}
    )
