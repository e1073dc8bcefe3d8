"""Rows of tables to records: which column holds what."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, NamedTuple

from analysis import markup
from analysis.files import Found, Problem, identify

MOST_TEXT = 16 * 2**20
"""Bytes that one article, one row or one line may have."""

MOST_DOCUMENT = 128 * 2**20
"""Bytes of a JSON file that is one object: it is parsed whole."""

USUAL_NAMES = {
    "text": (
        "text", "fulltext", "articletext", "articlebody", "bodytext", "maintext", "plaintext", "body", "content",
        "contents", "article", "story", "contentencoded", "volltext", "texto", "texte", "testo", "inhalt", "contenido",
    ),
    "title": (
        "title", "headline", "heading", "head", "articletitle", "hl1", "titel", "titre", "titulo", "t\u00edtulo",
        "titular", "titolo", "schlagzeile",
    ),
    "date": (
        "published", "publishedat", "datepublished", "publicationdate", "publishdate", "pubdate", "publicationdatetime",
        "firstpublished", "webpublicationdate", "date", "datetime", "timestamp", "created", "createdat", "issued",
        "datum", "fecha", "ver\u00f6ffentlicht",
    ),
    "outlet": (
        "outlet", "publication", "publisher", "newspaper", "sourcename", "publicationtitle", "source", "sitename",
        "media", "medianame", "agency", "journal", "domain", "site",
        "zeitung", "quelle", "fuente", "medio", "fonte",
    ),
    "id": ("articleid", "id", "docid", "documentid", "uid", "uuid", "guid", "identifier", "accessionno", "an"),
    "language": ("language", "lang", "languagecode"),
}  # fmt: skip
"""Names of columns that are known, the best first; case, spaces and punctuation do not matter."""

_FACTIVA = {"text": "td", "title": "hd", "date": "pd", "outlet": "sn", "id": "an", "language": "la"}
_SUMMARIES = ("summary", "description", "abstract", "snippet", "lead", "excerpt")
_PLAIN = re.compile(r"[\W_]+")


class Record(NamedTuple):
    """What a file or a row says about one article, before anything is inferred."""

    source: str
    article_id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: Any = None
    language: str | None = None


def no_text_column(source: str, names: Sequence[str]) -> Problem:
    """Say which columns there are, and how to name the one that holds the text."""
    shown = ", ".join(names[:12]) or "none"
    return Problem(
        source, "no_text_column", f"columns: {shown}; name one with columns={{'text': ...}} (--set COLUMNS=)"
    )


def columns_of(names: Iterable[str], wanted: Mapping[str, str | None] | None = None) -> dict[str, str | None]:
    """Find the columns of a table by their usual names.

    Parameters
    ----------
    names : iterable of str
    wanted : mapping, optional
        ``text``, ``title``, ``date``, ``outlet``, ``id`` or ``language`` to the name of its column, None for "there
        is none". What is not named is found.

    Returns
    -------
    dict, field -> name or None; ``text`` may be a column of summaries, where there is no other. ``lead``, where a
    database gives the first paragraphs a column of their own.
    """
    names = list(names)
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_PLAIN.sub("", name.casefold()), name)
    wanted = dict(wanted or {})
    taken = {w for w in wanted.values() if w}
    found: dict[str, str | None] = {}
    for field, usual in USUAL_NAMES.items():
        if field in wanted:
            found[field] = wanted[field] if wanted[field] in names else None
        else:
            found[field] = next((plain[u] for u in usual if u in plain and plain[u] not in taken), None)
        taken.add(found[field] or "")
    if found["text"] is None and "text" not in wanted:
        if {"hd", "td"} <= plain.keys():  # Factiva's codes, which say nothing one by one
            found |= {f: plain.get(code) for f, code in _FACTIVA.items() if f not in wanted}
            return {**found, "lead": plain.get("lp")}
        found["text"] = next((plain[s] for s in _SUMMARIES if s in plain and plain[s] not in taken), None)
    return found


def stated_fields(stated: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """Return what the metadata of one article states: the fields of `Record` but for source, id and text."""
    wanted = {k: v for k, v in (options.columns or {}).items() if v in stated and k != "text"}
    columns = columns_of(stated, wanted)
    fields = {f: _string(stated.get(columns[f] or "")) for f in ("title", "outlet", "language")}
    when = stated.get(columns["date"] or "")
    return {**fields, "published": None if isinstance(when, (list, dict)) else when}


def is_summary(name: str) -> bool:
    """Say whether a column's name promises a summary and not the article."""
    return _PLAIN.sub("", name.casefold()) in _SUMMARIES


class Rows:
    """Rows of one file to records, each counted from 1; a row that cannot be used is a problem."""

    def __init__(self, found: Found, options: Options) -> None:
        self.source = found.source
        self.file_id = identify(found.source)
        self.options = options
        self._wanted: dict[str, str | None] | None = None
        self._columns: dict[tuple[str, ...], dict[str, str | None]] = {}
        self._told: set[str] = set()
        self.has_told = False

    @property
    def is_settled(self) -> bool:
        """Whether a row was read: what the columns of others mean follows from their names alone."""
        return self._wanted is not None

    def copy(self) -> Rows:
        """Return the same for a part of the file that another process reads."""
        other = object.__new__(Rows)
        other.__dict__ = {**self.__dict__, **self.__getstate__()}
        return other

    def __getstate__(self) -> dict[str, Any]:
        options = Options(self.options.columns, self.options.encoding, self.options.many, self.options.markup)
        return {**self.__dict__, "options": options, "_columns": {}, "_told": set(self._told), "has_told": False}

    def problem(self, number: int, problem: str, detail: str) -> Problem:
        """Return the problem of a row."""
        return Problem(f"{self.source}#{number}", problem, detail)

    def columns(self, names: Iterable[str]) -> tuple[dict[str, str | None], list[Problem]]:
        """Find the columns of a table or a row, and name those that the caller named and this file does not have.

        Which of them a file has is told by its first row. Where others are found by their usual names, or where the
        corpus may hold other tables, the file is read with a doubt.
        """
        names = list(names)
        doubts = []
        if self._wanted is None:
            self._wanted = wanted = dict(self.options.columns or {})
            shown = ", ".join(names[:12]) or "none"
            for field in [f for f, name in wanted.items() if name and name not in names]:
                if field == "text" and not self.options.many:
                    continue
                name = wanted.pop(field)
                instead = columns_of(names, wanted)[field]
                said = f"no {name!r} for the {field}; columns: {shown}; read is {instead or 'none'}"
                if field == "text":
                    self.options.missed.append(f"{self.source}: columns: {shown}")
                if field != "text" or instead:
                    doubts.append(Problem(self.source, "column_missing", said))
            if wanted.get("text"):
                self.options.fitted.append(self.source)
        return columns_of(names, self._wanted), doubts

    def record(self, row: Mapping[str, Any], number: int | None) -> Iterator[Record | Problem]:
        """Yield the record of a row; ``number`` is None where the file holds one article only."""
        names = tuple(row)
        columns = self._columns.get(names)
        if columns is None:
            if len(self._columns) > 1000:
                self._columns.clear()
            columns, doubts = self.columns(names)
            self._columns[names] = columns
            yield from doubts
        source = self.source if number is None else f"{self.source}#{number}"
        name = columns["text"]
        if name is None:
            yield no_text_column(source, names)
            return
        if name not in self._told:
            self._told.add(name)
            if is_summary(name) and not self.options.names("text"):
                self.has_told = True
                yield Problem(source, "summary_only", f"no column of texts: {name} is read")
        get = row.get
        article_id = _string(get(columns["id"]))
        if not article_id:
            article_id = self.file_id if number is None else f"{self.file_id}#{number}"
        elif number is not None and self.options.many and article_id.isdigit():
            article_id = f"{self.file_id}:{article_id}"
        value = get(name)
        text = value if type(value) is str else _text(value)
        if "lead" in columns and text is not None and (lead := _text(get(columns["lead"]))):
            text = f"{lead}\n\n{text}".strip("\n")
        if text is None:
            yield Problem(source, "bad_row", f"{name} is no text but {type(value).__name__}", article_id)
        elif len(text) > MOST_TEXT:
            yield Problem(source, "too_large", f"{len(text):,} characters; {MOST_TEXT:,} at most", article_id)
        else:
            text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
            title = _string(get(columns["title"]))
            if "<" in text or "&" in text or (title and ("<" in title or "&" in title)):
                plain, plain_title, what = _unmarked(text, title)
                if what:
                    yield Problem(source, "markup_read" if self.options.markup else "markup", what, article_id)
                if self.options.markup:
                    text, title = plain, plain_title
            yield Record(
                source,
                article_id,
                text,
                title,
                _string(get(columns["outlet"])),
                get(columns["date"]),
                _string(get(columns["language"])),
            )


def _unmarked(text: str, title: str | None) -> tuple[str, str | None, str]:
    """Read the HTML in a text and its title; say what it was, if there was any."""
    said = []
    if (found := markup.plain(text)) is not None:
        text = found.text
        said.append(f"in the text {found}")
    if title and (found := markup.plain(title)) is not None:
        title = _string(found.text)
        said.append(f"in the title {found}")
    return text, title, "; ".join(said)


class Block(NamedTuple):
    """A part of a large file, its rows yet to be read by whichever process takes it.

    Attributes
    ----------
    read : callable at the top of a module, gives the records and problems of ``data``, the number of the first row and
        `Rows`
    data : bytes, or the like
    first : int, number of the first row
    rows : Rows
    titles, repair : as in `intake.Intake`
    """

    read: Callable[[Any, int, Rows], Iterator[Record | Problem]]
    data: Any
    first: int
    rows: Rows
    titles: str = "apart"
    repair: bool = False

    def items(self, rows: Rows) -> Iterator[Record | Problem]:
        """Yield the records and problems of the block."""
        return self.read(self.data, self.first, rows)

    def __reduce_ex__(self, protocol: int) -> tuple:  # other processes are sent the data as they lie
        data = pickle.PickleBuffer(self.data) if protocol >= 5 else bytes(self.data)
        return Block, (self.read, data, *self[2:])


BLOCK = 2 * 2**20
"""Bytes of a block, about."""

LARGE = 4 * BLOCK
"""Bytes of a file from which on it is read in blocks."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to read: columns by field, the encoding, whether the corpus may hold many files, whether HTML is read.

    Tables that have the column named for the text are noted in ``fitted`` on the way, others in ``missed``.
    """

    columns: Mapping[str, str | None] | None = None
    encoding: str | None = None
    many: bool = True
    markup: bool = False
    fitted: list[str] = default(default_factory=list, repr=False)
    missed: list[str] = default(default_factory=list, repr=False)
    in_blocks: bool = False

    def names(self, field: str) -> bool:
        """Say whether the caller named the column of a field."""
        return bool(self.columns) and field in self.columns  # type: ignore[operator]


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "\n\n".join(value)
    return None


def _string(value: Any) -> str | None:
    if value is None:
        return None
    if type(value) is str:
        return " ".join(value.split()) or None
    if isinstance(value, dict):
        value = next((value[k] for k in ("name", "title", "domain") if isinstance(value.get(k), str)), None)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or value != value or isinstance(value, (list, dict)):
        return None
    return " ".join(str(value).split()) or None
