"""How far a reading has come, and the bar that tells it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TypeVar

Item = TypeVar("Item")

MOST_WEIGHED = 1000
"""Files up to which the progress of a reading is told in bytes; many files are counted."""

_PAGES = frozenset([".html", ".htm", ".xhtml", ".mhtml", ".mht"])
_PACKED = {".gz": 4, ".zst": 4, ".zstd": 4, ".zip": 4, ".parquet": 2, ".pq": 2}
_SECONDS_A_PAGE, _SECONDS_A_FILE, _BYTES_A_SECOND = 0.01, 0.0002, 15e6

PATIENCE = 2.0
"""Seconds in which nothing is shown."""


class Meter:
    """How far the reading has come: in bytes, or in files where they are many and so likely small.

    Attributes
    ----------
    total : int, 0 until it is known
    unit : {"B", "file"}
    seconds : float, how long one process will take, about
    """

    def __init__(self) -> None:
        self.total, self.unit = 0, "B"
        self.seconds = 0.0
        self._done = self._size = 0
        self._stream: IO[bytes] | None = None

    def start(self, paths: Sequence[str]) -> None:
        """Take the files that will be read."""
        self.unit = "B" if len(paths) <= MOST_WEIGHED else "file"
        sizes = list(map(self._size_of, paths))
        self.total = sum(sizes)
        for path, size in zip(paths, sizes, strict=True):
            suffix = os.path.splitext(path)[1].lower()
            if suffix in _PAGES:
                self.seconds += _SECONDS_A_PAGE
            elif self.unit == "B":
                self.seconds += size * _PACKED.get(suffix, 1) / _BYTES_A_SECOND
            else:
                self.seconds += _SECONDS_A_FILE

    def enter(self, path: str) -> None:
        """Begin on a file; whatever was read before is done."""
        self.leave()
        self._size = self._size_of(path)

    def leave(self) -> None:
        """End the file begun."""
        self._done += self._size
        self._size, self._stream = 0, None

    def watch(self, stream: IO[bytes]) -> IO[bytes]:
        """Return the stream of the file begun, after noting it."""
        self._stream = stream
        return stream

    @property
    def position(self) -> int:
        """What is done of ``total``."""
        stream = self._stream
        within = stream.tell() if stream is not None and not stream.closed and self.unit == "B" else 0
        return min(self._done + within, self.total)

    def _size_of(self, path: str) -> int:
        if self.unit == "file":
            return 1
        try:
            return os.stat(path).st_size
        except (OSError, ValueError):
            return 0


def room() -> dict[str, int]:
    """Return the columns and rows that a bar may fill; of a terminal that says it has none, 80 by 24."""
    columns, rows = shutil.get_terminal_size()
    return {"ncols": columns - 1, "nrows": rows}


class Progress:
    """A bar of what was read, with rate and time left; silent for two seconds, and wherever there is no terminal."""

    def __init__(self, meter: Meter) -> None:
        from tqdm import tqdm

        self._meter = meter
        self._n = 0
        self._bar = tqdm(unit_scale=True, disable=None, delay=PATIENCE, leave=False, desc="reading", **room())

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def watch(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items, and move the bar with them."""
        for item in items:
            self.step()
            yield item

    def step(self) -> None:
        """Count a record, a problem or the end of a file; look at the meter now and then."""
        self._n += 1
        if self._n % 64 == 0 and not self._bar.disable:
            self._bar.total, self._bar.unit = self._meter.total, self._meter.unit
            self._bar.update(self._meter.position - self._bar.n)
