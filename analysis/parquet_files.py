"""Parquet to records, a few rows at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.files import Budget, Found, Problem, reason_of
from analysis.tables import MOST_DOCUMENT, Options, Record, Rows


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
                held = [_values(batch.column(n)) for n in wanted]
                for index in range(batch.num_rows):
                    number += 1
                    try:
                        row = {n: values[index] for n, values in zip(wanted, held, strict=True)}
                        row = {n: v.as_py() if isinstance(v, pa.Scalar) else v for n, v in row.items()}
                        budget.spend(sum(len(v) for v in row.values() if isinstance(v, str)))
                    except (ValueError, UnicodeDecodeError) as error:
                        yield rows.problem(number, "undecodable", reason_of(error))
                        continue
                    yield from rows.record(row, number)
            if number == 0:
                yield Problem(found.source, "empty", "no rows")
        except (pa.ArrowException, OSError, ValueError) as error:
            yield Problem(found.source, "unreadable", f"no whole Parquet file: {reason_of(error)[:200]}")


def _values(column: Any) -> Sequence[Any]:
    """Return the values of a column, a repeated string held once; or the column itself where one cannot be read."""
    import pyarrow as pa

    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    try:
        if not pa.types.is_dictionary(column.type):
            return column.to_pylist()
        own = [*column.dictionary.to_pylist(), None]
        return [own[i] for i in column.indices.fill_null(len(own) - 1).to_pylist()]
    except (ValueError, UnicodeDecodeError):
        return column
