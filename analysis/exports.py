"""Exports of newspaper databases as plain text: many articles in one file, each below its own head of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis import page_lines
from analysis.files import Problem, identify
from analysis.tables import Record

_NEXIS = re.compile(r"^[ \t\f]*\d{1,6} of \d{1,6} DOCUMENTS?[ \t]*$", re.MULTILINE)
_PROQUEST = re.compile(r"^[ \t\f]*Document \d{1,6} of \d{1,6}[ \t]*$", re.MULTILINE)
_FACTIVA = re.compile(r"^Document [A-Za-z0-9]{18,32}[ \t]*$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\S.*?(?=\s*(?:\n[ \t\f]*\n|\Z))", re.DOTALL)
_LABEL = re.compile(r"([A-Z][A-Z-]{3,30}):(?=\s|$)")
_RIGHTS = re.compile(r"(?:copyright|all rights reserved|©)", re.IGNORECASE)
_DATE = re.compile(page_lines.DATE, re.IGNORECASE)
_TRAILING = frozenset(
    "LOAD-DATE LANGUAGE GRAPHIC PUBLICATION-TYPE DOCUMENT-TYPE SUBJECT ORGANIZATION COMPANY PERSON CITY STATE COUNTRY "
    "GEOGRAPHIC INDUSTRY TICKER NOTES CORRECTION-DATE CORRECTION SERIES JOURNAL-CODE ACC-NO URL TYPE".split()
)
_FIELDS = re.compile(
    r"^(Full text|Title|Publication title|Publication date|Publication year|Language of publication|Language|Abstract"
    r"|Subject|Location|People|Company / organization|Pages|Section|Publisher|Place of publication|Author|Credit"
    r"|Country of publication|ISSN|e-ISSN|Source type|Document type|ProQuest document ID|Document URL|Copyright"
    r"|Last updated|Database|Links|Word count|Publication subject|Dateline|Column|Volume|Issue|First page):[ \t]*",
    re.MULTILINE,
)
_WORDS = re.compile(r"^[\d,.]{1,9} words[ \t]*$", re.MULTILINE)


def articles(text: str, source: str) -> Iterator[Record | Problem] | None:
    """Read an export of Nexis, ProQuest or Factiva; None if the text is none.

    The text of each article is a piece of the file as it stands. What the heads say becomes title, outlet, date and
    language; a document in which no text is found is a problem.

    Parameters
    ----------
    text, source : str
        The file, and its path within the corpus.
    """
    if "ocument " not in text and " DOCUMENT" not in text:
        return None
    for pattern, read in ((_NEXIS, _nexis), (_PROQUEST, _proquest), (_FACTIVA, _factiva)):
        marks = list(pattern.finditer(text))
        if marks and (pattern is not _FACTIVA or _WORDS.search(text, 0, marks[0].start())):
            starts = [m.end() for m in marks]
            if pattern is _FACTIVA:  # its marks end the documents
                pieces = zip([0, *starts], [m.start() for m in marks], strict=False)
            else:
                pieces = zip(starts, [*(m.start() for m in marks[1:]), len(text)], strict=True)
            return _records(text, list(pieces), read, source)
    return None


def _records(text: str, pieces: list, read: object, source: str) -> Iterator[Record | Problem]:
    file_id = identify(source)
    for number, (start, end) in enumerate(pieces, 1):
        found = read(text, start, end)  # type: ignore[operator]
        body = text[found.pop("start") : found.pop("end")].strip("\n\f") if found else ""
        if body.strip():
            yield Record(f"{source}#{number}", f"{file_id}#{number}", body, **found)
        else:
            detail = "a document of a database's export in which no text was found"
            yield Problem(f"{source}#{number}", "bad_row", detail, f"{file_id}#{number}")


def _nexis(text: str, start: int, end: int) -> dict | None:
    """Outlet, date, headline, labelled lines; the body; labelled lines, the copyright."""
    head: dict = {"outlet": None, "published": None, "title": None, "language": None}
    body = None
    for match in _PARAGRAPH.finditer(text, start, end):
        own = " ".join(match[0].split())
        label = _LABEL.match(own)
        if label and label[1] in _TRAILING:
            if label[1] == "LANGUAGE":
                head["language"] = own[label.end() :].strip().title() or None
            if body:
                end = min(end, match.start())
        elif body or end <= match.start():
            if _RIGHTS.match(own):
                end = min(end, match.start())
        elif label:
            if label[1] in ("HEADLINE", "TITLE"):
                head["title"] = own[label.end() :].strip()
        elif _RIGHTS.match(own):
            rest = [line.strip() for line in match[0].split("\n") if not _RIGHTS.match(line.strip())]
            head["outlet"] = head["outlet"] or (rest[-1] if rest else None)
        elif head["published"] is None and (date := _DATE.search(own)):
            head["published"] = date[0]
        elif head["outlet"] is None:
            head["outlet"] = own
        elif head["title"] is None:
            head["title"] = own
        else:
            body = match.start()
    return None if body is None else {**head, "start": body, "end": end}


def _proquest(text: str, start: int, end: int) -> dict | None:
    """Labelled fields, "Full text" among them."""
    fields = {}
    marks = list(_FIELDS.finditer(text, start, end))
    for mark, following in zip(marks, [*(m.start() for m in marks[1:]), end], strict=True):
        fields.setdefault(mark[1], (mark.end(), following))
    if "Full text" not in fields:
        return None
    get = {k: " ".join(text[a:b].split()) or None for k, (a, b) in fields.items() if k != "Full text"}
    body = dict(zip(("start", "end"), fields["Full text"], strict=True))
    return {
        "outlet": get.get("Publication title"), "published": get.get("Publication date"), "title": get.get("Title"),
        "language": get.get("Language of publication") or get.get("Language"), **body,
    }  # fmt: skip


def _factiva(text: str, start: int, end: int) -> dict | None:
    """Headline, byline, number of words, date, time, outlet, code, language, copyright; the body."""
    words = _WORDS.search(text, start, end)
    if not words:
        return None
    title = next((" ".join(m[0].split()) for m in re.finditer(r"^.*\S.*$", text[start : words.start()], re.M)), None)
    head = next(_PARAGRAPH.finditer(text, words.end(), end), None)
    if not head:
        return None
    lines = [line.strip() for line in head[0].split("\n")]
    date = next((line for line in lines if _DATE.fullmatch(line)), None)
    names = [line for line in lines if line != date and not re.fullmatch(r"[\d:.]+(?: [A-Z]{2,4})?", line)]
    body = _PARAGRAPH.search(text, head.end(), end)
    return {
        "outlet": names[0] if names else None, "published": date, "title": title, "language": None,
        "start": body.start() if body else end, "end": end,
    }  # fmt: skip
