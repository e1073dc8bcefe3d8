"""What an article says about itself: outlet, date, language; and how each was found."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames, roles

AGENCIES = {
    "AA": "Anadolu Agency",
    "AFP": "Agence France-Presse",
    "AP": "Associated Press",
    "APP": "Associated Press of Pakistan",
    "BTA": "Bulgarian Telegraph Agency",
    "CNA": "Central News Agency",
    "DPA": "Deutsche Presse-Agentur",
    "EFE": "EFE",
    "FNA": "Fars News Agency",
    "IP": "Iran Press",
    "IRNA": "Islamic Republic News Agency",
    "ISNA": "Iranian Students' News Agency",
    "KCNA": "Korean Central News Agency",
    "MNA": "Mehr News Agency",
    "PTI": "Press Trust of India",
    "Reuters": "Reuters",
    "SANA": "Syrian Arab News Agency",
    "TASS": "TASS",
    "UPI": "United Press International",
    "WAFA": "WAFA",
    "Xinhua": "Xinhua",
}
"""Outlets named by their usual mark in a dateline."""

SHORTEST = 24
"""Letters below which a text's language is not told."""

LEAST_CONFIDENCE = 0.6
"""Probability below which the language model's best guess is not taken."""

_AGENCIES = {mark.casefold(): name for mark, name in AGENCIES.items()}
_ENGLISH = frozenset(
    "the and that with from which said has have had their would were this been his they are was will its who about "
    "after over between also more than other when into could these there while".split()
)
_SHARED = frozenset("of to in a for on as by is at an it be he no not or she we i you if so all".split())
_WORDS = re.compile(r"[^\W\d_]+")
_PUBLISHED = (1700, 2100)


def languages(texts: Sequence[str]) -> list[str]:
    """Return the language of each text as BCP 47, ``und`` where it cannot be told.

    English is recognised by its function words; whatever is not plainly English goes to the model of py3langid
    (naive Bayes over byte sequences [1]_), on at most 600 characters.

    Parameters
    ----------
    texts : sequence of str

    References
    ----------
    .. [1] M. Lui and T. Baldwin (2011), Cross-domain feature selection for language identification.
    """
    return [_language(t) for t in texts]


def _language(text: str) -> str:
    half = len(text) // 2
    starts = (0,) if half <= 350 else (0, half)
    # Where 300 characters do not show English plainly, three times as many may.
    if all(_is_plainly_english(text[s : s + 300]) or _is_plainly_english(text[s : s + 900]) for s in starts):
        return "en"
    sample = text[:700] if len(starts) == 1 else f"{text[:300]} {text[half : half + 300]}"
    if sum(map(len, _WORDS.findall(sample))) < SHORTEST:
        return "und"
    code, confidence = _model().classify(sample)
    return code if confidence >= LEAST_CONFIDENCE and code != "zxx" else "und"


def _is_plainly_english(piece: str) -> bool:
    """Say whether function words that only English has are a tenth of the words, 1 in 14 beside others of it."""
    words = piece.lower().split()
    if len(words) < 20 or "the" not in words:
        return False
    english = len([w for w in words if w in _ENGLISH])
    if english * 10 >= len(words):
        return True
    return english * 14 >= len(words) and (english + sum(map(_SHARED.__contains__, words))) * 3 >= len(words)


@functools.cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Dialects and creoles would share the probability of the languages that papers are written in; zxx is no language.
    model.set_languages([code for code in model.labels if len(code) == 2 or code == "zxx"])
    model.nb_ptc = np.ascontiguousarray(
        model.nb_ptc, dtype=np.float32
    )  # three times as fast as its columns in half precision
    return model


_NAMED = {
    "arabic": "ar", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr", "german": "de", "hindi": "hi",
    "italian": "it", "japanese": "ja", "korean": "ko", "persian": "fa", "farsi": "fa", "polish": "pl",
    "portuguese": "pt", "russian": "ru", "spanish": "es", "turkish": "tr", "ukrainian": "uk", "hebrew": "he",
    "eng": "en", "spa": "es", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "rus": "ru", "per": "fa",
    "fas": "fa", "ara": "ar", "por": "pt", "zho": "zh", "chi": "zh", "tur": "tr", "ita": "it", "jpn": "ja",
}  # fmt: skip


def stated_language(value: str | None) -> str | None:
    """Return what a file says as a BCP 47 code: ``English``, ``eng``, ``en_GB`` -> ``en``, ``en``, ``en-GB``."""
    if not value:
        return None
    named = _NAMED.get(value.strip().casefold())
    if named:
        return named
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}))?(?:[-_]\w+)*", value.strip())
    if not match or match[1].lower() in ("und", "nan", "na"):
        return None
    region = f"-{match[2].upper()}" if match[2] and len(match[2]) == 2 else ""
    return _NAMED.get(match[1].lower(), match[1].lower()) + region


_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)Z?)?")
_NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{2,4})(?=$|\D)")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})\b")
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\s?([ap])\.?m\b)?", re.IGNORECASE)
_DATE = re.compile(roles.DATE, re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")


def parse_date(value: Any) -> tuple[pd.Timestamp | None, str | None]:
    """Read a date that a file states; nothing is made up.

    A date needs day, month and year. ``03/04/2023`` tells no date, because either number may be the month;
    ``17/06/2023`` and ``03.04.2023`` do (with full stops the day comes first). A time without a zone is read as UTC.
    Numbers of 9 to 13 digits are seconds or milliseconds since 1970.

    Parameters
    ----------
    value : object
        A string, number, date or time; None or NaN for none.

    Returns
    -------
    (Timestamp in UTC or None, None or why a value that is there gives no date)
    """
    if value is None:
        return None, None
    return _parse_stated(value) if type(value) is str else _parse(value)


def _parse(value: Any) -> tuple[pd.Timestamp | None, str | None]:
    if value is pd.NaT or value != value or (isinstance(value, str) and not value.strip()):
        return None, None
    text = " ".join(str(value).split())[:100]
    try:
        when = _moment(value, text)
    except (ValueError, OverflowError, OSError, TypeError):
        when = None
    if when is None:
        return None, f"{text!r} is no date, or not one only"
    if not _PUBLISHED[0] <= when.year <= _PUBLISHED[1]:
        return None, f"{text!r}: a year out of range"
    return pd.Timestamp(when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when).tz_convert("UTC"), None


# Papers give many articles the same date.
_parse_stated = functools.lru_cache(maxsize=4096)(_parse)


def _moment(value: Any, text: str) -> dt.datetime | None:
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
    return _written(text) or _foreign(text)


def _written(text: str) -> dt.datetime | None:
    found = set()
    for match in _MONTH_FIRST.finditer(text):
        found.add((int(match[3]), _month(match[1]), int(match[2])))
    for match in _DAY_FIRST.finditer(text):
        found.add((int(match[3]), _month(match[2]), int(match[1])))
    if match := _NUMERIC.match(text):
        found.add(_numeric(match))
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


def _numeric(match: re.Match[str]) -> tuple[int, int, int] | None:
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return (a, b, c) if len(match["c"]) <= 2 else None
    if len(match["c"]) != 4:
        return None
    if match["mark"] == "." or a > 12 or a == b:
        return c, b, a
    return (c, a, b) if b > 12 else None


def _foreign(text: str) -> dt.datetime | None:
    """Read a date written out in another language; never a relative one, nor part of one."""
    whole = re.search(r"\d{4}|[٠-٩۰-۹]{4}", text) and re.search(r"\d{1,2}|[٠-٩۰-۹]{1,2}", text)
    if not whole or not re.search(r"[^\W\d_]{3}", text):
        return None
    import dateparser

    return dateparser.parse(
        text, settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "STRICT_PARSING": True}
    )


def opening(text: str) -> tuple[str | None, str | None, str | None]:
    """Return headline, dateline and the date of a date line above the body, each None where there is none."""
    found = roles.plain_opening(text)
    if found is not None:
        headline, dateline = found
        return headline, dateline, _date_of(dateline)
    # Paragraphs are lines, unless all lines are short: then the whole text must be seen.
    cut = text.find("\n", 500)
    head = text[:cut] if 0 < cut < 3000 else ""
    if head and any(len(line) > 100 for line in head.split("\n")):
        read, complete = _opening(head + "\n.")
        if complete:
            return read
    return _opening(text[:20_000])[0]


def _opening(text: str) -> tuple[tuple[str | None, str | None, str | None], bool]:
    headline = dateline = date = None
    complete = False
    for part in roles.label(text):
        if part.role == "headline":
            headline = text[part.start : part.end]
        elif part.role == "dateline":
            dateline = text[part.start : part.end]
        elif part.rule == "date line":
            line = roles.DATE_LINE.fullmatch(text[part.start : part.end])
            if line and not line["label"].lower().startswith(("updated", "last")):
                date = date or text[part.start : part.end]
        elif part.role == "body":
            complete = True
            break
    return (headline, dateline, date or _date_of(dateline)), complete


def _date_of(dateline: str | None) -> str | None:
    found = _DATE.search(dateline) if dateline and _YEAR.search(dateline) else None
    return found[0] if found else None


_MARKS = re.compile(r"[\W_]+")
_SITE = re.compile(r"\s[|\-\u2013\u2014:\u00b7\u00bb]\s")
_FIRST_LINES = 8


def is_apart(title: str | None, text: str) -> bool:
    """Say whether a title is missing from the opening of its text, where counts would find it.

    It is there if one of the first eight lines with words begins as it does, or if it begins as such a line and goes
    on with the name of a section or site; case and punctuation do not matter.

    Parameters
    ----------
    title : str or None
    text : str
    """
    if not isinstance(title, str) or (text.startswith(title) and not text[len(title) : len(title) + 1].isalnum()):
        return False
    if not (bare := _MARKS.sub(" ", title.casefold()).strip()):
        return False
    shorter = {_MARKS.sub(" ", title[: m.start()].casefold()).strip() for m in _SITE.finditer(title)}
    seen = 0
    for line in text[:20_000].split("\n"):
        own = _MARKS.sub(" ", line[: len(title) + 200].casefold()).strip()
        if not own:
            continue
        if f"{own} ".startswith(f"{bare} ") or (own in shorter and own.count(" ") >= 2):
            return False
        seen += 1
        if seen == _FIRST_LINES:
            break
    return True


def titles_apart(articles: pd.DataFrame) -> pd.Series:
    """Say of each article whether its title is missing from the opening of its text (see `is_apart`).

    Returns
    -------
    Series of bool, on the index of ``articles``
    """
    frames.require(articles, ["title", "text"], name="articles")
    pairs = zip(articles["title"], articles["text"], strict=True)
    return pd.Series([is_apart(t, x) for t, x in pairs], index=articles.index, dtype=bool, name="apart")


def outlet_of(dateline: str | None) -> str | None:
    """Return the outlet that a dateline marks: ``Iran Press`` for ``Tehran (IP) -``."""
    mark = roles.agency_of(dateline) if dateline else None
    return _AGENCIES.get(mark.casefold(), mark) if mark else None


def origins(articles: pd.DataFrame) -> pd.DataFrame:
    """Say how each article's title, outlet, date and language are known.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``; of ``title``, ``outlet``, ``published`` and ``language`` those that are there.

    Returns
    -------
    DataFrame, one row per article and field
        ``article_id``, ``field`` : str
        ``how`` : {"text", "file", "file or text", "detected", "file or detected", "not stated"}
            ``text``: read off the text by a rule (headline, dateline, date line); ``file``: the file states it in a
            column or in the page's metadata; ``detected``: by `languages`; ``not stated``: there is none. Where both
            would give the value, and ``source`` is no plain text, which states nothing, it may be either.
    """
    frames.require_articles(articles)
    fields = [f for f in ("title", "outlet", "published", "language") if f in articles.columns]
    read = [opening(t) for t in articles["text"]]
    own: dict[str, Callable[[], list]] = {
        "title": lambda: [h for h, _, _ in read],
        "outlet": lambda: [outlet_of(d) for _, d, _ in read],
        "published": lambda: [parse_date(d)[0] for _, _, d in read],
        "language": lambda: languages(articles["text"].tolist()),
    }
    rows = []
    sources = articles["source"] if "source" in articles.columns else [""] * len(articles)
    silent = [not s or re.search(r"\.te?xt(?:\.\w+)?$", s.lower()) is not None for s in sources]
    for field in fields:
        values = zip(articles["article_id"], articles[field], own[field](), silent, strict=True)
        for article_id, value, mine, is_silent in values:
            if pd.isna(value) or value == "und":
                how = "not stated"
            elif value != mine:
                how = "file"
            else:
                how = ("" if is_silent else "file or ") + ("detected" if field == "language" else "text")
            rows.append((article_id, field, how))
    table = pd.DataFrame(rows, columns=["article_id", "field", "how"]).astype("str")
    order = {a: i for i, a in enumerate(articles["article_id"])}
    return table.sort_values("article_id", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)


def english(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the articles in English, and those whose language cannot be told.

    Raises
    ------
    ValueError
        If none is left.
    """
    kept = articles[[is_english(code) for code in articles["language"]]]
    if kept.empty and len(articles):
        counts = articles["language"].value_counts()
        raise ValueError(f"no English article: {', '.join(f'{n} {code}' for code, n in counts.items())}")
    return kept.reset_index(drop=True)


def left_out(articles: pd.DataFrame) -> str:
    """Say in one sentence which articles `english` leaves out.

    Parameters
    ----------
    articles : DataFrame
        All articles, ``language`` among its columns.
    """
    frames.require(articles, ["language"], name="articles")
    other = articles["language"][[not is_english(code) for code in articles["language"]]]
    if other.empty:
        return "No article is left out for its language."
    counts = other.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    codes = ", ".join(f"{n:,} {code}" for code, n in counts.items())
    are = "is" if len(other) == 1 else "are"
    return f"Left out here: {len(other):,} of {len(articles):,} articles, which {are} not in English ({codes})."


def is_english(code: Iterable[str] | str | None) -> bool:
    """Say whether a language code is English or undetermined."""
    return not isinstance(code, str) or code == "und" or code.split("-")[0] == "en"
