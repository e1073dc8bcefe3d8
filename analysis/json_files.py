"""JSON and JSON lines to records."""

from __future__ import annotations

import codecs
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO, Any

from analysis import decoding
from analysis.files import Found, Problem, identify, reason_of
from analysis.lines import is_plain, lines_of, n_signs, whole_lines
from analysis.tables import LARGE, MOST_DOCUMENT, MOST_TEXT, Block, Options, Record, Rows, columns_of

MOST_NESTED = 900
"""Levels of JSON lines, at most."""

_WHITE = b" \t\r\n"
_BRACKETS = b"[{"


def json_lines(found: Found, options: Options) -> Iterator[Record | Problem | Block]:
    """Read one JSON object a line."""
    rows = Rows(found, options)
    is_large = options.in_blocks and found.size >= LARGE
    empty, n_in_blocks = True, 0
    with found.open() as stream:
        is_large = is_large and is_plain(stream.peek(4096)[:4096], options.encoding)  # type: ignore[attr-defined]
        for number, line, problem in lines_of(stream, options.encoding):
            number += n_in_blocks
            if problem is not None:
                empty = False
                yield rows.problem(number, *problem)
                if problem[0] != "encoding_guessed":
                    continue
            if not line.strip():
                continue
            empty = False
            yield from _line(line, number, rows, may_be_deep=True)
            if is_large and rows.is_settled:
                is_large = False
                for data in whole_lines(stream):
                    yield Block(block_lines, data, number + n_in_blocks + 1, rows)
                    n_in_blocks += n_signs(data, b"\n")
    if empty:
        yield Problem(found.source, "empty", "no lines")


def block_lines(data: bytes | memoryview, first: int, rows: Rows) -> Iterator[Record | Problem]:
    """Read the lines of a block, which is UTF-8."""
    *lines, last = str(data, "utf-8").split("\n")
    may_be_deep = n_signs(data, _BRACKETS) - len(lines) > MOST_NESTED
    for number, line in enumerate(lines, first):
        if line and not line.isspace():
            yield from _line(line, number, rows, may_be_deep=may_be_deep, end="\n")
    if last and not last.isspace():
        yield from _line(last, first + len(lines), rows, may_be_deep=may_be_deep)


_scan = json.JSONDecoder().scan_once  # without the search for white space around each line


def _line(line: str, number: int, rows: Rows, *, may_be_deep: bool, end: str = "") -> Iterable[Record | Problem]:
    try:
        row, at = _scan(line, 0)
        row = row if at == len(line) or line[at:].isspace() else json.loads(line)
    except (ValueError, RecursionError, StopIteration):
        try:
            row = json.loads(line + end)
        except (ValueError, RecursionError) as error:
            return [rows.problem(number, *_json_problem(error))]
    if may_be_deep and _is_deep(line):
        return [rows.problem(number, *_json_problem(RecursionError()))]
    if isinstance(row, dict):
        return rows.record(row, number)
    return [rows.problem(number, "bad_row", f"no JSON object but {type(row).__name__}")]


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


def _is_deep(line: str) -> bool:
    """Say whether JSON is nested too deep; the parser's own limit depends on who calls it."""
    if line.count("[") + line.count("{") <= MOST_NESTED:
        return False
    steps = (1 if sign in "[{" else -1 for sign in re.findall(r"[][{}]", _STRING.sub("", line)))
    return max(itertools.accumulate(steps), default=0) > MOST_NESTED


_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def _json_problem(error: Exception) -> tuple[str, str]:
    if isinstance(error, RecursionError):
        return "too_deep", "JSON nested deeper than can be read"
    return "bad_row", f"no JSON: {reason_of(error)}"[:200]
