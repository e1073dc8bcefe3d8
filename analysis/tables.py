"""Tables to records: JSON, JSON lines, CSV and Parquet; which column holds what."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from functools import partial
from typing import IO, Any, NamedTuple

from analysis import decoding
from analysis.files import Budget, Found, Problem, identify, reason_of

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
        "media", "agency", "journal", "domain", "site",
        "zeitung", "quelle", "fuente", "medio", "fonte",
    ),
    "id": ("articleid", "id", "docid", "documentid", "uid", "uuid", "guid", "identifier", "accessionno", "an"),
    "language": ("language", "lang", "languagecode"),
}  # fmt: skip
"""Names of columns that are known, the best first; case, spaces and punctuation do not matter."""

_SUMMARIES = ("summary", "description", "abstract", "snippet", "lead", "excerpt")
_PLAIN = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"\"?sep=(.)\"?")
_WHITE = b" \t\r\n"


class Record(NamedTuple):
    """What a file or a row says about one article, before anything is inferred."""

    source: str
    article_id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: Any = None
    language: str | None = None


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
    dict, field -> name or None; ``text`` may be a column of summaries, where there is no other
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
        article_id = self.file_id if number is None else f"{self.file_id}#{number}"
        name = columns["text"]
        if name is None:
            shown = ", ".join(names[:12]) or "none"
            yield Problem(source, "no_text_column", f"columns: {shown}; name one with columns={{'text': ...}}")
            return
        if name not in self._told:
            self._told.add(name)
            if is_summary(name) and not self.options.names("text"):
                yield Problem(source, "summary_only", f"no column of texts: {name} is read")
        get = row.get
        given = _string(get(columns["id"]))
        if given:
            bare = number is None or not (self.options.many and given.isdigit())
            article_id = given if bare else f"{self.file_id}:{given}"
        text = _text(get(name))
        if text is None:
            yield Problem(source, "bad_row", f"{name} is no text but {type(get(name)).__name__}", article_id)
        elif len(text) > MOST_TEXT:
            yield Problem(source, "too_large", f"{len(text):,} characters; {MOST_TEXT:,} at most", article_id)
        else:
            yield Record(
                source,
                article_id,
                text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text,
                _string(get(columns["title"])),
                _string(get(columns["outlet"])),
                get(columns["date"]),
                _string(get(columns["language"])),
            )


@dataclass(frozen=True, slots=True)
class Options:
    """How to read: columns by field, the encoding, whether the corpus may hold many files.

    Tables that have the column named for the text are noted in ``fitted`` on the way, others in ``missed``.
    """

    columns: Mapping[str, str | None] | None = None
    encoding: str | None = None
    many: bool = True
    fitted: list[str] = default(default_factory=list, repr=False)
    missed: list[str] = default(default_factory=list, repr=False)

    def names(self, field: str) -> bool:
        """Say whether the caller named the column of a field."""
        return bool(self.columns) and field in self.columns  # type: ignore[operator]


def json_lines(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read one JSON object a line."""
    rows = Rows(found, options)
    empty = True
    with found.open() as stream:
        for number, line, problem in _lines(stream, options.encoding):
            if problem is not None:
                empty = False
                yield rows.problem(number, *problem)
                if problem[0] != "encoding_guessed":
                    continue
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                empty = False
                yield rows.problem(number, *_json_problem(error))
                continue
            empty = False
            if isinstance(row, dict):
                yield from rows.record(row, number)
            else:
                yield rows.problem(number, "bad_row", f"no JSON object but {type(row).__name__}")
    if empty:
        yield Problem(found.source, "empty", "no lines")


def json_document(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read a JSON file: a list of objects, one object, or an object that holds a list of articles."""
    with found.open() as stream:
        stream = io.BufferedReader(stream) if not hasattr(stream, "peek") else stream  # type: ignore[type-var]
        head = stream.peek(4096)[:4096]  # type: ignore[attr-defined]
        plain = not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in head and not options.encoding
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip(_WHITE)
        if plain and start.startswith(b"["):
            yield from _json_list(stream, Rows(found, options))
            return
        data = stream.read(MOST_DOCUMENT + 1)
    if len(data) > MOST_DOCUMENT:
        detail = f"one JSON object over {MOST_DOCUMENT:,} bytes; save it as JSON lines (.jsonl)"
        yield Problem(found.source, "too_large", detail)
        return
    decoded = decoding.decode(data, encoding=options.encoding)
    if decoded.problem:
        yield Problem(found.source, decoded.problem, decoded.detail, identify(found.source))
    if decoded.text is None:
        return
    if not decoded.text.strip():
        yield Problem(found.source, "empty", f"{len(data)} bytes", identify(found.source))
        return
    try:
        value = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:
        if _looks_like_lines(decoded.text):
            yield from json_lines(found._replace(open=partial(io.BytesIO, data)), options)
            return
        yield Problem(found.source, *_json_problem(error), identify(found.source))
        return
    rows = Rows(found, options)
    items = value if isinstance(value, list) else _articles_in(value)
    if items is not None:
        yield from _objects(items, rows)
    elif isinstance(value, dict):
        yield from rows.record(value, None)
    else:
        detail = f"no object and no list of objects but {type(value).__name__}"
        yield Problem(found.source, "bad_row", detail, rows.file_id)


def csv_rows(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read a CSV or TSV file with a header; a row that spoils itself costs no other row."""
    rows = Rows(found, options)
    with found.open() as stream:
        lines = _lines(stream, options.encoding)
        first = next((line for line in lines if line[1].strip() or line[2]), None)
        if first is None:
            yield Problem(found.source, "empty", "no lines")
            return
        if first[2] and first[2][0] != "encoding_guessed":
            yield Problem(found.source, *first[2])
            return
        first = first[0], _one_line(first[1]), first[2]
        delimiter = _delimiter(first[1], found.suffix)
        if stated := _SEPARATOR.fullmatch(first[1].rstrip("\r\n")):  # a line for Excel, which hides it
            delimiter = stated[1]
            first = next((line for line in lines if line[1].strip() or line[2]), (0, "", None))
            first = first[0], _one_line(first[1]), first[2]
        header = next(iter(csv.reader([first[1]], delimiter=delimiter)), [])
        header = [h.strip() for h in header]
        columns, doubts = rows.columns(header)
        yield from doubts
        if columns["text"] is None:
            shown = ", ".join(header[:12]) or "none"
            yield Problem(found.source, "no_text_column", f"columns: {shown}; name one with columns={{'text': ...}}")
            return
        if first[2]:
            yield Problem(found.source, *first[2])
        yield from _csv_records(_Lines(lines), header, delimiter, rows)


def parquet_rows(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read a Parquet file, a few rows at a time, text columns as dictionaries: a repeated text is held once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = Rows(found, options)
    with found.open() as stream:
        try:
            if found.path is None or found.compressed:
                data = stream.read(MOST_DOCUMENT + 1)
                if len(data) > MOST_DOCUMENT:
                    yield Problem(found.source, "too_large", f"over {MOST_DOCUMENT:,} bytes inside another file")
                    return
                stream = io.BytesIO(data)
            table = pq.ParquetFile(stream, memory_map=False)
            names = table.schema_arrow.names
            columns, doubts = rows.columns(names)
            yield from doubts
            if columns["text"] is None:
                shown = ", ".join(names[:12]) or "none"
                detail = f"columns: {shown}; name one with columns={{'text': ...}}"
                yield Problem(found.source, "no_text_column", detail)
                return
            wanted = sorted({c for c in columns.values() if c}, key=names.index)
            strings = [n for n in wanted if pa.types.is_string(table.schema_arrow.field(n).type)]
            table = pq.ParquetFile(stream, read_dictionary=strings)
            stream.seek(0, io.SEEK_END)
            budget = Budget(stream.tell())
            number = 0
            for batch in table.iter_batches(batch_size=1024, columns=wanted):
                held = {n: _column(batch.column(n)) for n in wanted}
                for index in range(batch.num_rows):
                    number += 1
                    try:
                        row = {n: values[index].as_py() for n, values in held.items()}
                        budget.spend(sum(len(v) for v in row.values() if isinstance(v, str)))
                    except (ValueError, UnicodeDecodeError) as error:
                        yield rows.problem(number, "undecodable", reason_of(error))
                        continue
                    yield from rows.record(row, number)
            if number == 0:
                yield Problem(found.source, "empty", "no rows")
        except (pa.ArrowException, OSError, ValueError) as error:
            yield Problem(found.source, "unreadable", f"no whole Parquet file: {reason_of(error)[:200]}")


def _column(column: Any) -> Any:
    import pyarrow as pa

    return column if not isinstance(column, pa.ChunkedArray) else column.combine_chunks()


def _lines(stream: IO[bytes], encoding: str | None) -> Iterator[tuple[int, str, tuple[str, str] | None]]:
    """Yield ``(number from 1, line, problem)``; a line that is too long is skipped in bounded memory."""
    stream = io.BufferedReader(stream) if not hasattr(stream, "peek") else stream  # type: ignore[type-var]
    head = stream.peek(4096)[:4096]  # type: ignore[attr-defined]
    wide = next((n for mark, n in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")) if head.startswith(mark)), None)
    encoding = encoding or wide
    if encoding or (b"\r" in head and b"\n" not in head):
        yield from _decoded_lines(stream, encoding or "utf-8-sig")
        return
    if head.startswith(b"\xef\xbb\xbf"):
        stream.read(3)
    guess: str | None = None
    number = 0
    while line := stream.readline(MOST_TEXT + 1):
        number += 1
        if len(line) > MOST_TEXT:
            n_bytes = len(line)
            while line and not line.endswith(b"\n"):
                line = stream.readline(MOST_TEXT)
                n_bytes += len(line)
            yield number, "", ("too_large", f"a line of {n_bytes:,} bytes; {MOST_TEXT:,} at most")
            continue
        try:
            yield number, line.decode("utf-8"), None
        except UnicodeDecodeError:
            decoded = decoding.decode(line, encoding=guess)
            if guess is None and (decoded.problem == "encoding_guessed" or decoded.text is None):
                # One line tells less than those around it.
                sample = line + stream.peek()[:100_000]  # type: ignore[attr-defined]
                guess = decoding.guess_encoding(sample)
                if guess and decoding.decode(line, encoding=guess).text is not None:
                    decoded = decoding.decode(line, encoding=guess)
            if decoded.text is None or decoded.problem == "torn_character":
                yield number, "", ("undecodable", decoded.detail)
            else:
                yield number, decoded.text, ("encoding_guessed", f"read as {guess}" if guess else decoded.detail)


def _decoded_lines(stream: IO[bytes], encoding: str) -> Iterator[tuple[int, str, tuple[str, str] | None]]:
    """Yield lines of an encoding whose line feeds are not single bytes, or of a file that has none."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("strict"), translate=True)
    number, rest, skipping, more = 0, "", False, True
    while more:
        data = stream.read(2**16)
        more = bool(data)
        try:
            rest += decoder.decode(data, final=not more)
        except UnicodeError as error:
            yield number + 1, "", ("undecodable", f"not {encoding}: {reason_of(error)[:120]}; not read on")
            return
        *lines, rest = rest.split("\n")
        if not more and rest:
            lines, rest = [*lines, rest], ""
        for line in lines:
            number += not skipping
            if not skipping:
                yield number, line + "\n", None
            skipping = False
        if len(rest) > MOST_TEXT:
            if not skipping:
                number += 1
                yield number, "", ("too_large", f"a line of more than {MOST_TEXT:,} characters")
            rest, skipping = "", True


class _Lines:
    """Lines for the csv module, which takes as many as a row needs; a bad row gives its later lines back."""

    def __init__(self, lines: Iterator[tuple[int, str, tuple[str, str] | None]]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str, tuple[str, str] | None]] = deque()
        self.taken: list[tuple[int, str, tuple[str, str] | None]] = []
        self.size = 0
        self.returned = 0
        self.read = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.size > MOST_TEXT:
            raise csv.Error(f"a row of more than {MOST_TEXT:,} characters")
        if self._again:
            line = self._again.popleft()
        else:
            line = next(self._lines)
            self.read += len(line[1])
        if line[2] and line[2][0] != "encoding_guessed":
            self.taken.append(line)
            raise csv.Error("a line that cannot be read")
        self.taken.append(line)
        self.size += len(line[1])
        return line[1]

    def begin(self) -> None:
        self.taken.clear()
        self.size = 0

    def give_back(self) -> bool:
        """Give all lines but the first back, unless so much was read again that time would run away."""
        if len(self.taken) < 2 or self.returned > 2 * self.read + MOST_TEXT // 4:
            return False
        again = self.taken[1:]
        self.returned += sum(len(line[1]) for line in again)
        self._again.extendleft(reversed(again))
        return True


def _csv_records(lines: _Lines, header: list[str], delimiter: str, rows: Rows) -> Iterator[Record | Problem]:
    csv.field_size_limit(2 * MOST_TEXT)
    number = 0
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin()
        why = None
        try:
            values = next(reader)
        except StopIteration:
            if number == 0:
                yield Problem(rows.source, "empty", "a header and no rows")
            return
        except csv.Error as error:
            values, why = [], str(error)
        if why is None and not values:
            continue
        number += 1
        where = f"line {lines.taken[0][0]}" if lines.taken else "the last line"
        unread = [problem for _, _, problem in lines.taken if problem and problem[0] != "encoding_guessed"]
        if why is None and len(values) > len(header) and not any(v.strip() for v in values[len(header) :]):
            values = values[: len(header)]
        if why is None and len(values) != len(header):
            why = f"{len(values)} fields instead of {len(header)}"
        if why is None:
            if guessed := next((problem for _, _, problem in lines.taken if problem), None):
                yield rows.problem(number, *guessed)
            yield from rows.record(dict(zip(header, values, strict=True)), number)
            continue
        if len(lines.taken) == 1 and unread:
            yield rows.problem(number, *unread[0])
        else:
            n_lines = len(lines.taken)
            more = "" if n_lines < 2 or lines.give_back() else f", and the {n_lines - 1} lines after it"
            yield rows.problem(number, "bad_row", f"{where}{more}: {why}")
        reader = csv.reader(lines, delimiter=delimiter)


def _one_line(line: str) -> str:
    """Return a header line without returns inside it, which the csv module takes for the end of a row."""
    return line.rstrip("\r\n").lstrip("\r").replace("\r", " ")


def _delimiter(line: str, suffix: str) -> str:
    if suffix in (".tsv", ".tab"):
        return "\t"
    counts = {d: len(next(iter(csv.reader([line], delimiter=d)), [])) for d in (",", ";", "\t", "|")}
    return max(counts, key=lambda d: counts[d])


def _json_list(stream: IO[bytes], rows: Rows) -> Iterator[Record | Problem]:
    """Read a list of objects element by element; after a damaged one, nothing tells where the next begins."""
    decoder = json.JSONDecoder()
    characters = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    text, position, number, more = "", 0, 0, True
    size = 2**18
    begun = False
    while True:
        position = _skip(text, position, "," if begun else "[")
        if position < len(text):
            if not begun:
                begun = True
                continue
            if text[position] == "]":
                if number == 0:
                    yield Problem(rows.source, "empty", "a list without items", rows.file_id)
                return
            error: Exception
            try:
                value, end = decoder.raw_decode(text, position)
                if end < len(text) or not more:
                    number += 1
                    position = end
                    size = 2**18
                    yield from _objects([value], rows, number)
                    continue
                error = ValueError("the file ends within it")
            except (ValueError, RecursionError) as fault:
                error = fault
            held = len(text) - position
            if isinstance(error, RecursionError) or held > MOST_TEXT or not more:
                kind, detail = _json_problem(error)
                if held > MOST_TEXT and not isinstance(error, RecursionError):
                    kind, detail = "too_large", f"no whole item within {MOST_TEXT:,} characters"
                yield rows.problem(number + 1, kind, f"{detail}; not read on")
                return
            if isinstance(error, json.JSONDecodeError) and error.pos < len(text) - 2**16 and not _open(error):
                yield rows.problem(number + 1, "bad_row", f"{error.msg}; not read on")
                return
        elif not more:
            yield rows.problem(number + 1, "bad_row", "the list does not end: the file is cut off")
            return
        data = stream.read(size)
        size = min(size * 2, 2**24)
        more = bool(data)
        chunk = characters.decode(data, not more)
        text, position = text[position:] + chunk, 0


def _open(error: json.JSONDecodeError) -> bool:
    """Say whether more text could mend the error: a string that does not end is reported where it starts."""
    return error.msg.startswith("Unterminated string")


def _skip(text: str, position: int, mark: str) -> int:
    """Move over white space and one ``mark``."""
    while position < len(text) and text[position] in " \t\r\n\ufeff":
        position += 1
    if position < len(text) and text[position] == mark:
        position += 1
        while position < len(text) and text[position] in " \t\r\n":
            position += 1
    return position


def _objects(items: Iterable[Any], rows: Rows, first: int = 1) -> Iterator[Record | Problem]:
    number = first - 1
    for item in items:
        number += 1
        if isinstance(item, dict):
            yield from rows.record(item, number)
        else:
            yield rows.problem(number, "bad_row", f"no JSON object but {type(item).__name__}")
    if number == 0:
        yield Problem(rows.source, "empty", "a list without items", rows.file_id)


def _articles_in(value: Any, depth: int = 0) -> list | None:
    """Return the longest list of objects in a wrapper, as the answers of news services are; None for one article."""
    if not isinstance(value, dict) or depth > 2:
        return None
    text = columns_of(value)["text"]
    if text is not None and isinstance(value[text], str):
        return None
    lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    if lists:
        return max(lists, key=len)
    inner = [_articles_in(v, depth + 1) for v in value.values()]
    return next((i for i in inner if i is not None), None)


def _looks_like_lines(text: str) -> bool:
    first = next((line for line in text.split("\n", 3) if line.strip()), "")
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _json_problem(error: Exception) -> tuple[str, str]:
    if isinstance(error, RecursionError):
        return "too_deep", "JSON nested deeper than can be read"
    return "bad_row", f"no JSON: {reason_of(error)}"[:200]


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
