"""Records and blocks on their way into frames: the first of each id is taken, titles that stand apart are counted."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from analysis import batches, framing, metadata
from analysis.files import Problem
from analysis.tables import Block, Record

BATCH = 4 * 2**20
"""Characters that are worked on at a time."""


class Taken(NamedTuple):
    """What a block held that concerns the whole corpus.

    Attributes
    ----------
    ids : dict, the id of each record to its source
    is_final : bool, False where the block must be read again, because an id occurs twice, or because of what was told
    apart : Record or None, the first whose title stands apart, without its text
    n_apart : int
    """

    ids: dict[str, str]
    is_final: bool
    apart: Record | None
    n_apart: int


class Intake:
    """Takes what the files hold, in its order.

    Parameters
    ----------
    titles : {"apart", "first"}
    repair : bool
    chunksize : int
        Articles after which a batch ends a chunk.
    """

    def __init__(self, titles: str, repair: bool, chunksize: int) -> None:
        self.titles, self.repair, self.chunksize = titles, repair, chunksize
        self.n_files = 0
        self.ids: dict[str, str] = {}
        self.n_repeated = self.n_apart = 0
        self.apart: Record | None = None
        self._blocks: deque[Block] = deque()

    def parts(self, items: Iterable[Record | Problem | Block | None], each: Callable) -> Iterator[batches.Framed]:
        """Yield the frames of one batch after another; ``each`` is `map` or the like, None ends a file."""
        for is_pause, run in itertools.groupby(self._tasks(items), key=_is_pause):
            if not is_pause:
                yield from map(self._settled, each(framed, run))

    def take(self, item: Record | Problem, batch: batches.Batch) -> bool:
        """Put a record or a problem into a batch; say whether it is an article."""
        if isinstance(item, Problem):
            batch.problem(item)
            return False
        if (earlier := self.ids.setdefault(item.article_id, item.source)) is not item.source:
            self.n_repeated += 1
            batch.problem(Problem(item.source, "duplicate_id", f"first used by {earlier}", item.article_id))
            return False
        if item.title and metadata.is_apart(item.title, item.text):
            if self.titles == "first" and item.text.strip():
                item = batches.with_title(item)
            elif item.text.strip() and "\0" not in item.text:
                self.apart = self.apart or item
                self.n_apart += 1
        batch.add(item)
        return True

    def _tasks(self, items: Iterable[Record | Problem | Block | None]) -> Iterator[batches.Batch | Block | None]:
        """Yield batches that end where a chunk does, and blocks; None where those before must be settled first."""
        batch = batches.Batch(self.repair)
        in_chunk = 0
        for item in items:
            if isinstance(item, Block):
                if batch.records or batch.problems:
                    yield batch
                    batch = batches.Batch(self.repair)
                self._blocks.append(item)
                yield item._replace(titles=self.titles, repair=self.repair)
                continue
            if self._blocks:
                yield None
            if item is None:
                self.n_files += 1
                if self.apart:
                    batch.problem(_titles_apart(self.apart, self.n_apart))
                self.apart, self.n_apart = None, 0
            elif self.take(item, batch):
                in_chunk += 1
                if batch.n_characters >= BATCH or in_chunk == self.chunksize:
                    batch.ends_chunk = in_chunk == self.chunksize
                    in_chunk %= self.chunksize
                    yield batch
                    batch = batches.Batch(self.repair)
        yield batch

    def _settled(self, part: batches.Framed) -> batches.Framed:
        """Return what became of a batch or block, once it is known that its ids are new."""
        if part.taken is not None:
            block, taken = self._blocks.popleft(), part.taken
            if taken.is_final and self.ids.keys().isdisjoint(taken.ids):
                self.ids.update(taken.ids)
                self.apart = self.apart or taken.apart
                self.n_apart += taken.n_apart
                part = part._replace(taken=None)
            else:
                batch = batches.Batch(self.repair)
                for item in block.items(block.rows):
                    self.take(item, batch)
                part = framing.framed(batch)
        return batches.decided(part)


def framed(task: batches.Batch | Block) -> batches.Framed:
    """Make frames of a batch or a block, in any process."""
    if not isinstance(task, Block):
        return framing.framed(task)
    batch, intake = batches.Batch(task.repair), Intake(task.titles, task.repair, 0)
    rows = task.rows.copy()
    for item in task.items(rows):
        intake.take(item, batch)
    is_final = not intake.n_repeated and not rows.has_told
    apart = intake.apart and intake.apart._replace(text="")
    return framing.framed(batch)._replace(taken=Taken(intake.ids, is_final, apart, intake.n_apart))


def _is_pause(task: Any) -> bool:
    return task is None


def _titles_apart(first: Record, n: int) -> Problem:
    """Return the one doubt of a file about its titles."""
    if n == 1 and "#" not in first.source:
        return Problem(first.source, "title_apart", f"{first.title!r:.80}", first.article_id)
    detail = f"{n:,} title{'' if n == 1 else 's'}, first {first.title!r:.80}"
    return Problem(re.sub(r"#\d+$", "", first.source), "title_apart", detail)
