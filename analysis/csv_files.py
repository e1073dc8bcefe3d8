"""CSV and TSV to records; a row that spoils itself costs no other row."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator

from analysis.files import Found, Problem
from analysis.lines import lines_of
from analysis.tables import MOST_TEXT, Options, Record, Rows, no_text_column

_SEPARATOR = re.compile(r"\"?sep=(.)\"?")


def csv_rows(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read a CSV or TSV file with a header; a row that spoils itself costs no other row."""
    rows = Rows(found, options)
    with found.open() as stream:
        lines = lines_of(stream, options.encoding)
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
            yield no_text_column(found.source, header)
            return
        if first[2]:
            yield Problem(found.source, *first[2])
        yield from _csv_records(_Lines(lines), header, delimiter, rows)


class _Lines:
    """Lines for the csv module, which takes as many as a row needs; a bad row gives its later lines back."""

    def __init__(self, lines: Iterator[tuple[int, str, tuple[str, str] | None]]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str, tuple[str, str] | None]] = deque()
        self.taken: list[tuple[int, str, tuple[str, str] | None]] = []
        self.size = 0
        self.returned = 0
        self.read = 0
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.size > MOST_TEXT:
            raise csv.Error(f"a row of more than {MOST_TEXT:,} characters")
        if self._again:
            line = self._again.popleft()
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                self.ended = True
                raise
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
        self.ended = False

    def is_open(self) -> bool:
        """Say whether the file ended within a quoted field: a quote that nobody closed swallows all rows after it."""
        return self.ended and len(self.taken) > 1 and sum(line[1].count('"') for line in self.taken) % 2 == 1

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
        if why is None and (lines.is_open() or _is_run_on([line[1] for line in lines.taken], delimiter, len(header))):
            why = "a quote that is not closed"
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


def _is_run_on(lines: list[str], delimiter: str, n_fields: int) -> bool:
    """Say whether an open quote ran on to the next: the last line is a whole row by itself, and quotes do not fit."""
    last = lines[-1]
    if len(lines) < 2 or not (last.startswith('"') or f'{delimiter}"' in last):
        return False
    try:
        if len(next(csv.reader([last], delimiter=delimiter, strict=True))) != n_fields:
            return False
    except (csv.Error, StopIteration):
        return False
    try:
        next(csv.reader(lines, delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return True
    return False


def _one_line(line: str) -> str:
    """Return a header line without returns inside it, which the csv module takes for the end of a row."""
    return line.rstrip("\r\n").lstrip("\r").replace("\r", " ")


def _delimiter(line: str, suffix: str) -> str:
    if suffix in (".tsv", ".tab"):
        return "\t"
    counts = {d: len(next(iter(csv.reader([line], delimiter=d)), [])) for d in (",", ";", "\t", "|")}
    return max(counts, key=lambda d: counts[d])
