"""Parquet to records, a few rows at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from analysis.files import Budget, Found, Problem, reason_of
from analysis.tables import BLOCK, LARGE, MOST_DOCUMENT, Block, Options, Record, Rows, no_text_column


def parquet_rows(found: Found, options: Options) -> Iterator[Record | Problem | Block]:
    """Read a Parquet file, a few rows at a time, text columns as dictionaries: a repeated text is held once."""
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
                yield no_text_column(found.source, names)
                return
            wanted = sorted({c for c in columns.values() if c}, key=names.index)
            strings = [n for n in wanted if pa.types.is_string(table.schema_arrow.field(n).type)]
            table = pq.ParquetFile(stream, read_dictionary=strings)
            stream.seek(0, io.SEEK_END)
            budget = Budget(stream.tell())
            number = 0
            in_blocks = options.in_blocks and found.size >= LARGE
            block = _Held(rows)
            for batch in map(_compact, table.iter_batches(batch_size=1024, columns=wanted)):
                in_blocks = in_blocks and _spent(batch, budget)
                if in_blocks:
                    yield from block.add(batch, number + 1)
                else:
                    yield from block.leave()
                    yield from _rows(batch, number + 1, rows, budget)
                number += batch.num_rows
            yield from block.leave()
            if number == 0:
                yield Problem(found.source, "empty", "no rows")
        except (pa.ArrowException, OSError, ValueError) as error:
            yield Problem(found.source, "unreadable", f"no whole Parquet file: {reason_of(error)[:200]}")


def _rows(batch: pa.RecordBatch, first: int, rows: Rows, budget: Budget | None = None) -> Iterator[Record | Problem]:
    names = batch.schema.names
    held = [_values(column) for column in batch.columns]
    for index in range(batch.num_rows):
        try:
            row = {n: values[index] for n, values in zip(names, held, strict=True)}
            row = {n: v.as_py() if isinstance(v, pa.Scalar) else v for n, v in row.items()}
            if budget is not None:
                budget.spend(sum(len(v) for v in row.values() if isinstance(v, str)))
        except (ValueError, UnicodeDecodeError) as error:
            yield rows.problem(first + index, "undecodable", reason_of(error))
            continue
        yield from rows.record(row, first + index)


class _Held:
    """Rows held until they are enough for a block."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._first, self._size = rows, 0, 0
        self._batches: list[pa.RecordBatch] = []

    def add(self, batch: pa.RecordBatch, first: int) -> Iterator[Block]:
        """Take some rows; yield a block where they are enough."""
        self._first = self._first if self._batches else first
        self._batches.append(batch)
        self._size += batch.get_total_buffer_size()
        if self._size >= BLOCK:
            yield from self.leave()

    def leave(self) -> Iterator[Block]:
        """Yield the rows held as a block."""
        if not self._batches:
            return
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self._batches[0].schema) as writer:
            for batch in self._batches:
                writer.write_batch(batch)
        self._batches, self._size = [], 0
        yield Block(block_rows, sink.getvalue(), self._first, self._rows)


def _compact(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows with those entries only of their dictionaries that they have: others are those of earlier rows."""
    columns = []
    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and len(column.dictionary) > len(column):
            indices = column.indices
            own = indices.unique().drop_null().sort()
            numbers = pc.index_in(indices, own)
            column = pa.DictionaryArray.from_arrays(numbers, column.dictionary.take(own))
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def block_rows(data: Any, first: int, rows: Rows) -> Iterator[Record | Problem]:
    """Read the rows of a block."""
    with pa.ipc.open_stream(data) as batches:
        for batch in batches:
            yield from _rows(batch, first, rows)
            first += batch.num_rows


def _spent(batch: pa.RecordBatch, budget: Budget) -> bool:
    """Take the characters of some rows from the budget; say whether there are so many left."""
    n = 0
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            n += pc.sum(pc.utf8_length(column.dictionary).take(column.indices)).as_py() or 0
        elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            n += pc.sum(pc.utf8_length(column)).as_py() or 0
    if n > budget.left:
        return False
    budget.spend(n)
    return True


def _values(column: Any) -> Sequence[Any]:
    """Return the values of a column, a repeated string held once; or the column itself where one cannot be read."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    try:
        if not pa.types.is_dictionary(column.type):
            return column.to_pylist()
        own = [*column.dictionary.to_pylist(), None]
        return [own[i] for i in column.indices.fill_null(len(own) - 1).to_pylist()]
    except (ValueError, UnicodeDecodeError):
        return column
