"""Files to records, by their format; whatever goes wrong within a file is a problem of that file."""

from __future__ import annotations

import csv
import functools
import itertools
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from analysis import decoding, exports
from analysis.csv_files import csv_rows
from analysis.files import Found, Problem, TooLargeError, find, identify, reason_of
from analysis.json_files import json_document, json_lines
from analysis.parquet_files import parquet_rows
from analysis.progress import Meter
from analysis.tables import MOST_TEXT, Options, Record, stated_fields

Reader = Callable[[Found, Options], Iterator[Record | Problem]]

_ADVICE = {
    ".doc": "save it as text", ".docx": "save it as text", ".odt": "save it as text", ".rtf": "save it as text",
    ".pdf": "save it as text", ".xls": "save the sheet as CSV", ".xlsx": "save the sheet as CSV",
    ".ods": "save the sheet as CSV", ".zip": "an archive within an archive", ".tar": "unpack it first",
    ".7z": "unpack it first", ".rar": "unpack it first", ".bz2": "unpack it first", ".xz": "unpack it first",
}  # fmt: skip


_PAGES = frozenset([".html", ".htm", ".xhtml", ".mhtml", ".mht", ".md", ".markdown"])
_SHARE = 8


def records(
    root: Path, options: Options, meter: Meter | None = None, *, each: Callable[..., Iterable] = map
) -> Iterator[Record | Problem | None]:
    """Yield what the files below ``root`` hold, in the order of their paths; None after each file.

    Web pages and Markdown take long and are read some at a time, by ``each``: `map`, or `workers.Workers.map`.
    """
    for are_pages, run in itertools.groupby(find(root, meter), key=_is_page):
        if not are_pages:
            yield from _in_order(run, options)
            continue
        for items in itertools.chain.from_iterable(each(read_pages, _shares(run, options))):
            yield from items
            yield None


def read_pages(share: tuple[list[tuple[str, str]], Options]) -> list[list[Record | Problem]]:
    """Read some files that hold an article each, given by their paths and sources."""
    files, options = share
    pages = []
    for path, source in files:
        suffix = os.path.splitext(source)[1].lower()
        found = Found(source, suffix, functools.partial(open, path, "rb"), path)
        pages.append(list(_guarded(READERS[suffix], found, options)))
    return pages


def _is_page(found: Found | Problem) -> bool:
    return isinstance(found, Found) and found.path is not None and not found.compressed and found.suffix in _PAGES


def _shares(run: Iterable[Found], options: Options) -> Iterator[tuple[list[tuple[str, str]], Options]]:
    while share := [(str(f.path), f.source) for f in itertools.islice(run, _SHARE)]:
        yield share, options


def _in_order(run: Iterable[Found | Problem], options: Options) -> Iterator[Record | Problem | None]:
    for found in run:
        if isinstance(found, Problem):
            yield found
        elif (reader := READERS.get(found.suffix)) is None:
            advice = _ADVICE.get(found.suffix, f"read are {', '.join(sorted(READERS))}, also as .gz, .zst and in .zip")
            yield Problem(found.source, "unsupported", f"file type {found.suffix or 'without a suffix'}: {advice}")
        elif reader is text_file and found.path is not None and not found.compressed:
            yield from _plain(found.path, found.source, options)
        else:
            yield from _guarded(reader, found, options)
        yield None


def text_file(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read a file of plain text: one article."""
    with found.open() as stream:
        data = stream.read(MOST_TEXT + 1)
    yield from _text(data, found.source, options)


def markdown_file(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read a Markdown file: one article, its plain text and what its front matter states."""
    from analysis import markdown

    with found.open() as stream:
        data = stream.read(markdown.MOST_MARKDOWN + 1)
    if len(data) > markdown.MOST_MARKDOWN:
        detail = f"Markdown of more than {markdown.MOST_MARKDOWN:,} bytes; as .txt it may have {MOST_TEXT:,}"
        yield Problem(found.source, "too_large", detail, identify(found.source))
        return
    for item in _text(data, found.source, options):
        if isinstance(item, Problem) or "\0" in item.text:
            yield item
            continue
        text, metadata = markdown.read(item.text)
        yield item._replace(text=text, **stated_fields(metadata, options))


def _guarded(reader: Reader, found: Found, options: Options) -> Iterator[Record | Problem]:
    try:
        yield from reader(found, options)
    except TooLargeError as error:
        yield Problem(found.source, "too_large", str(error), identify(found.source))
    except (EOFError, zlib.error, zipfile.BadZipFile) as error:
        yield Problem(found.source, "truncated_archive", reason_of(error), identify(found.source))
    except csv.Error as error:
        yield Problem(found.source, "bad_row", f"no table: {reason_of(error)[:200]}", identify(found.source))
    except (OSError, RuntimeError, NotImplementedError, MemoryError, ValueError) as error:
        # zipfile raises RuntimeError and NotImplementedError for what it cannot decrypt or decompress
        problem = "truncated_archive" if found.compressed else "unreadable"
        yield Problem(found.source, problem, reason_of(error)[:200], identify(found.source))


_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def _plain(path: str, source: str, options: Options) -> Iterable[Record | Problem]:
    """Read a text file of the disk by the shortest way: there may be 100,000."""
    try:
        handle = os.open(path, _FLAGS)
        try:
            size = os.fstat(handle).st_size
            data = os.read(handle, size + 1) if size <= MOST_TEXT else b""
            while len(data) < size <= MOST_TEXT and (more := os.read(handle, size + 1 - len(data))):
                data += more
        finally:
            os.close(handle)
    except OSError as error:
        return [Problem(source, "unreadable", reason_of(error), identify(source))]
    if size > MOST_TEXT:
        return [Problem(source, "too_large", f"{size:,} bytes; {MOST_TEXT:,} at most", identify(source))]
    return _text(data, source, options)


def _text(data: bytes, source: str, options: Options) -> Iterator[Record | Problem]:
    article_id = identify(source)
    if len(data) > MOST_TEXT:
        yield Problem(source, "too_large", f"more than {MOST_TEXT:,} bytes", article_id)
        return
    decoded = decoding.decode(data, encoding=options.encoding)
    if decoded.problem:
        yield Problem(source, decoded.problem, decoded.detail, article_id)
    if decoded.text is None:
        return
    if (several := exports.articles(decoded.text, source)) is not None:
        yield from several
    else:
        yield Record(source, article_id, decoded.text)


def _readers() -> dict[str, Reader]:
    def late(name: str) -> Reader:
        def read(found: Found, options: Options) -> Iterator[Record | Problem]:
            from analysis import pages

            return getattr(pages, name)(found, options)

        return read

    return {
        ".txt": text_file, ".text": text_file, ".md": markdown_file, ".markdown": markdown_file,
        ".html": late("html_page"), ".htm": late("html_page"), ".xhtml": late("html_page"),
        ".mhtml": late("mhtml_page"), ".mht": late("mhtml_page"),
        ".xml": late("feed"), ".rss": late("feed"), ".atom": late("feed"), ".rdf": late("feed"),
        ".warc": late("warc_pages"),
        ".json": json_document, ".jsonl": json_lines, ".ndjson": json_lines, ".jl": json_lines,
        ".csv": csv_rows, ".tsv": csv_rows, ".tab": csv_rows,
        ".parquet": parquet_rows, ".pq": parquet_rows,
    }  # fmt: skip


READERS = _readers()
"""File types that are read."""
