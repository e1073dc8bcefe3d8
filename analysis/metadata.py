"""What an article says about itself: headline, outlet, date; and how each field of it was found."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis import datelines, frames, layout, roles
from analysis.dates import parse_date
from analysis.flat import flatten
from analysis.languages import english, is_english, languages, left_out, stated_language

__all__ = [
    "AGENCIES", "english", "is_apart", "is_english", "languages", "left_out", "opening", "openings",
    "origins", "outlet_of",
    "parse_date", "stated_language", "titles_apart",
]  # fmt: skip

AGENCIES = {
    "AA": "Anadolu Agency",
    "AFP": "Agence France-Presse",
    "AP": "Associated Press",
    "ANI": "Asian News International",
    "APP": "Associated Press of Pakistan",
    "BelTA": "BelTA",
    "BTA": "Bulgarian Telegraph Agency",
    "CNA": "Central News Agency",
    "DPA": "Deutsche Presse-Agentur",
    "EFE": "EFE",
    "FNA": "Fars News Agency",
    "IANS": "Indo-Asian News Service",
    "IP": "Iran Press",
    "IRNA": "Islamic Republic News Agency",
    "ISNA": "Iranian Students' News Agency",
    "KCNA": "Korean Central News Agency",
    "KUNA": "Kuwait News Agency",
    "MNA": "Mehr News Agency",
    "PTI": "Press Trust of India",
    "Reuters": "Reuters",
    "SANA": "Syrian Arab News Agency",
    "Tasnim": "Tasnim News Agency",
    "TASS": "TASS",
    "UPI": "United Press International",
    "WAFA": "WAFA",
    "Xinhua": "Xinhua",
}
"""Outlets named by their usual mark in a dateline."""

_AGENCIES = {mark.casefold(): name for mark, name in AGENCIES.items()}
_DATE = re.compile(roles.DATE, re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_AT_ONCE = 256
_FEW = 64  # texts that are read sooner one by one


def opening(text: str) -> tuple[str | None, str | None, str | None]:
    """Return headline, dateline and the date of a date line above the body, each None where there is none."""
    return openings([text])[0]


def openings(texts: Sequence[str]) -> list[tuple[str | None, str | None, str | None]]:
    """Return the `opening` of each text; what does not open plainly is read many at once."""
    found: list[Any] = [roles.plain_opening(t) for t in texts]
    odd = [i for i, plain in enumerate(found) if plain is None]
    found = [plain and (*plain, _date_of(plain[1])) for plain in found]
    # Paragraphs are lines, unless all lines are short: then the whole text must be seen.
    cut = {i: texts[i].find("\n", 500) for i in odd}
    heads = {i: texts[i][: cut[i]] for i in odd if 0 < cut[i] < 3000}
    heads = {i: f"{h}\n." for i, h in heads.items() if any(len(line) > 100 for line in h.split("\n"))}
    for i, (read, is_over) in zip(heads, _read(list(heads.values())), strict=True):
        found[i] = read if is_over else None
    rest = [i for i in odd if found[i] is None]
    for i, (read, _) in zip(rest, _read([texts[i][: roles.MOST_READ] for i in rest]), strict=True):
        found[i] = read
    return found


def _read(texts: Sequence[str]) -> Iterator[tuple[tuple[str | None, str | None, str | None], bool]]:
    """Yield the `opening` of each text, from the segments with which it opens, and whether it is over."""
    if len(texts) < _FEW:
        yield from (_opening_of(text, roles.label(text)) for text in texts)
        return
    for begin in range(0, len(texts), _AT_ONCE):
        block = texts[begin : begin + _AT_ONCE]
        flat = flatten(block)
        spans = layout.locate(flat)
        bounds = np.searchsorted(spans.article, np.arange(len(block) + 1)).tolist()
        origin = np.repeat(flat.starts, np.diff(bounds))
        starts, ends = ((at - origin).tolist() for at in (spans.start, spans.end))
        named = [layout.ROLES[role] for role in spans.role.tolist()]
        parts = list(map(roles.Part, starts, ends, named, spans.rule.tolist()))
        for text, first, last in zip(block, bounds, bounds[1:], strict=False):
            yield _opening_of(text, parts[first:last])


def _opening_of(text: str, parts: Iterable[roles.Part]) -> tuple[tuple[str | None, str | None, str | None], bool]:
    headline = dateline = date = None
    n_body, is_over = 0, False
    for start, end, role, rule in parts:
        own = text[start:end]
        if role == "headline":
            headline = own
        elif role == "dateline":
            dateline = own
        elif rule == "date line":
            line = roles.DATE_LINE.fullmatch(own)
            if line and not line["label"].lower().startswith(("updated", "last")):
                date = date or own
        elif role == "body":
            n_body += 1
            is_over = dateline is not None or not roles.is_open(len(own.split(None, 31)), roles.is_closed(own), n_body)
            if is_over:
                break
    return (headline, dateline, date or _date_of(dateline)), is_over


@functools.lru_cache(maxsize=4096)  # as in `outlet_of`
def _date_of(dateline: str | None) -> str | None:
    found = _DATE.search(dateline) if dateline and _YEAR.search(dateline) else None
    return found[0] if found else None


_MARKS = re.compile(r"[\W_]+")
SITE_MARK = re.compile(r"\s[|\-\u2013\u2014:\u00b7\u00bb]\s")
"""What stands between a title and the name of a section or site."""

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
    shorter = {_MARKS.sub(" ", title[: m.start()].casefold()).strip() for m in SITE_MARK.finditer(title)}
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


@functools.lru_cache(maxsize=4096)  # agencies file from the same places
def outlet_of(dateline: str | None) -> str | None:
    """Return the outlet that a dateline marks: ``Iran Press`` for ``Tehran (IP) -``."""
    mark = datelines.agency_of(dateline) if dateline else None
    return _AGENCIES.get(mark.casefold(), mark) if mark else None


def origins(articles: pd.DataFrame, *, stated: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say how each article's title, outlet, date and language are known.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``; of ``title``, ``outlet``, ``published`` and ``language`` those that are there.
    stated : DataFrame, optional
        From `stated.fields`: what the rows of tables state.

    Returns
    -------
    DataFrame, one row per article and field
        ``article_id``, ``field`` : str
        ``how`` : {"text", "file", "file or text", "detected", "file or detected", "not stated"}
            ``text``: read off the text by a rule (headline, dateline, date line); ``file``: the file states it in a
            column or in the page's metadata; ``detected``: by `languages`; ``not stated``: there is none. Where both
            would give the value, and it is not known what the file states (``source`` is no plain text, and the article
            is not in ``stated``), it may be either.
    """
    frames.require_articles(articles)
    fields = [f for f in ("title", "outlet", "published", "language") if f in articles.columns]
    told = _told(articles, stated, fields)
    texts = articles["text"].tolist()
    unknown = [i for i in range(len(texts)) if any(told[field][i] is None for field in fields)]
    read: list[tuple] = [(None, None, None)] * len(texts)  # what is known need not be read off the text
    for i, found in zip(unknown, openings([texts[i] for i in unknown]), strict=True):
        read[i] = found
    own: dict[str, Callable[[], list]] = {
        "title": lambda: [h for h, _, _ in read],
        "outlet": lambda: [outlet_of(d) for _, d, _ in read],
        "published": lambda: [parse_date(d)[0] for _, _, d in read],
        "language": lambda: _detected(articles, told["language"]),
    }
    rows = []
    ids = articles["article_id"].tolist()
    sources = articles["source"].tolist() if "source" in articles.columns else [""] * len(articles)
    silent = [not s or re.search(r"\.te?xt(?:\.\w+)?$", s.lower()) is not None for s in sources]
    for field in fields:
        values = articles[field].tolist()
        none = [is_na or v == "und" for is_na, v in zip(articles[field].isna().tolist(), values, strict=True)]
        inferred = "detected" if field == "language" else "text"
        for article_id, is_none, value, mine, is_silent, is_told in zip(
            ids, none, values, own[field](), silent, told[field], strict=True
        ):
            if is_none:
                how = "not stated"
            elif is_told or (is_told is None and value != mine):
                how = "file"
            else:
                how = inferred if is_silent or is_told is not None else f"file or {inferred}"
            rows.append((article_id, field, how))
    table = pd.DataFrame(rows, columns=["article_id", "field", "how"]).astype("str")
    order = {a: i for i, a in enumerate(articles["article_id"])}
    return table.sort_values("article_id", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)


def _detected(articles: pd.DataFrame, told: list[bool | None]) -> list[str]:
    """Detect the languages of articles; where it is known what the file states, it is told without."""
    unknown = [text for text, is_told in zip(articles["text"], told, strict=True) if is_told is None]
    found = iter(languages(unknown))
    return [next(found) if t is None else own for t, own in zip(told, articles["language"], strict=True)]


def _told(articles: pd.DataFrame, stated: pd.DataFrame | None, fields: list[str]) -> dict[str, list[bool | None]]:
    """Say of each article and field whether its file states a value; None where that is not known.

    A language that is no language's name or code is not stated: it was detected.
    """
    if stated is None:
        return {field: [None] * len(articles) for field in fields}
    by_id = stated.set_index("article_id").reindex(articles["article_id"])
    rows = set(stated["article_id"])
    is_row = [article_id in rows for article_id in articles["article_id"].tolist()]
    told: dict[str, list[bool | None]] = {}
    for field in fields:
        usable = (lambda value: stated_language(value) is not None) if field == "language" else bool
        told[field] = [
            (isinstance(v, str) and usable(v)) if row else None
            for v, row in zip(by_id[field].tolist(), is_row, strict=True)
        ]
    return told
