"""Files to articles; what could not be read, to problems."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, overload

import pandas as pd

from analysis import batches, compiled, date_order, languages, readers, snapshots, stories, story_samples, workers
from analysis.files import Problem
from analysis.intake import Intake
from analysis.overview import by_language, by_outlet, by_period, fingerprint, outlets, share_intervals, short_ids
from analysis.problems import DOUBTS, LOST, PROBLEMS, files, problem_counts, summary
from analysis.progress import Meter, Progress
from analysis.tables import Options

__all__ = [
    "DOUBTS", "LOST", "PROBLEMS", "SEEDS", "by_language", "by_outlet", "by_period", "files", "fingerprint",
    "load_articles", "outlets", "problem_counts", "share_intervals", "short_ids", "summary",
]  # fmt: skip

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
"""The five articles that come with the project."""


@overload
def load_articles(
    path: str | os.PathLike[str] = SEEDS,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    repair: bool = False,
    markup: bool = False,
    titles: Literal["apart", "first"] = "apart",
    chunksize: None = None,
    jobs: int | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]: ...


@overload
def load_articles(
    path: str | os.PathLike[str] = SEEDS,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    repair: bool = False,
    markup: bool = False,
    titles: Literal["apart", "first"] = "apart",
    chunksize: int,
    jobs: int | None = None,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]: ...


def load_articles(
    path: str | os.PathLike[str] = SEEDS,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    repair: bool = False,
    markup: bool = False,
    titles: Literal["apart", "first"] = "apart",
    chunksize: int | None = None,
    jobs: int | None = None,
) -> Any:
    """Read articles from a folder, subfolders too, from a zip archive or from one file.

    Text, Markdown and HTML files hold one article each; JSON, JSON lines, CSV, TSV, Parquet, RSS, Atom and WARC files
    one a row; each may be compressed with gzip or zstandard. Every file found is read, whole or in part, or named
    in ``problems``; so is every row that was not read.

    Parameters
    ----------
    path : path-like, default=`SEEDS`
    columns : mapping, optional
        ``text``, ``title``, ``date``, ``outlet``, ``id``, ``language`` to the name of the column of a table, or to
        None for "none"; columns not named are found by the names in `tables.USUAL_NAMES`.
    encoding : str, optional
        The encoding of all files, where it is known. By default a byte-order mark decides, then UTF-8, then a guess,
        which ``problems`` names.
    repair : bool, default=False
        Repair mojibake. Else it is named in ``problems`` and left.
    markup : bool, default=False
        Read HTML in the text and title of a table's rows, escaped or not, as `markup.plain` does. Else it is named in
        ``problems`` and left, and its tags count as words. Web pages and feeds are read as HTML in any case.
    titles : {"apart", "first"}, default="apart"
        What becomes of a title that the file states apart from the text, in a column, say. By default it stays out of
        the text, which is what the file gives: nothing counts or searches it, and ``problems`` says so. ``"first"``
        lays it before the text as its first paragraph, its headline; offsets then hold in this text.
    chunksize : int, optional
        Return an iterator over ``(articles, problems)`` with at most so many articles each, for what does not fit into
        memory. Stories, recurring lines and the order of day and month are then those within a chunk.
    jobs : int, optional
        Processes that share the work; the frames are the same with any number. By default one for a small corpus, one
        per processor, four at most, for one that would take longer than `LARGE` seconds.

    Returns
    -------
    articles : DataFrame, one row per article, in the order of the paths and rows
        ``article_id`` : str, the path in the folder without its suffix; of a row, its id column, else ``file#row``,
        counted from 1. An id of digits alone is ``file:id`` where the corpus may hold other files.
        ``title`` : str, as the file states it, else the headline that opens the text, else NA
        ``text`` : str, the decoded text without byte-order mark, line ends as line feeds; nothing else is changed.
        Of a web page, its headline and main text; of Markdown, its plain text.
        ``outlet`` : str, as the file states it, else as the dateline marks it, else NA
        ``published`` : datetime64[ns, UTC], as the file or a date line states it, else NaT
        ``language`` : str, BCP 47, as a column states it, else detected; ``und`` where it cannot be told
        ``story_id`` : str, the first article of the same story, from `stories.story_ids`
        ``n_words`` : int64, words of the whole text, separated by white space
        ``source`` : str, path within the folder or archive, ``#row`` where a file holds many
    problems : DataFrame, one row per thing not read (`LOST`) or read with a doubt (`DOUBTS`)
        ``source``, ``article_id`` (NA if there is none), ``problem`` (a key of `PROBLEMS`), ``detail``

    Raises
    ------
    TypeError
        If ``path`` is no path, or empty, or ``columns`` is no mapping.
    FileNotFoundError
        If ``path`` does not exist.
    PermissionError
        If the folder cannot be listed.
    ValueError
        If nothing could be read; the message says how many files were found, and why each was left. If ``columns``
        names an unknown field, ``titles`` is none of its values, or ``chunksize`` or ``jobs`` is below 1.
    """
    if not isinstance(path, str | os.PathLike) or not os.fspath(path):
        raise TypeError(f"path must name a folder, an archive or a file, not {path!r}")
    if columns is not None and not isinstance(columns, Mapping):
        raise TypeError(f"columns must map fields to names, as {{'text': 'Full text'}}, not {columns!r}")
    root = Path(path).expanduser()
    if not os.path.lexists(root) or not root.exists():
        raise FileNotFoundError(f"no such corpus: {root}")
    unknown = sorted(set(columns or {}) - set(_FIELDS))
    if unknown:
        raise ValueError(f"columns: unknown field {unknown[0]!r}; known are {', '.join(_FIELDS)}")
    if chunksize is not None and chunksize < 1:
        raise ValueError(f"chunksize must be 1 at least, not {chunksize}")
    if titles not in ("apart", "first"):
        raise ValueError(f"titles must be 'apart' or 'first', not {titles!r}")
    given = {"columns": columns, "encoding": encoding, "repair": repair, "markup": markup, "titles": titles}
    if chunksize is None and (snapshot := snapshots.load(root, given)) is not None:
        return snapshot
    many = root.is_dir() or root.suffix.lower() == ".zip"
    options = Options(columns, encoding, many, markup, in_blocks=chunksize is None)
    loaded = _load(root, options, repair, titles, chunksize, None if jobs is None else workers.n_jobs(jobs))
    if chunksize is not None:
        return loaded
    with contextlib.closing(loaded):
        return next(loaded)


_FIELDS = ("text", "title", "date", "outlet", "id", "language")
LARGE = 4.0
"""Seconds that one process would take, about, from which on others are called in, which need one to start."""

VAST = 30.0
"""Seconds that one process would take, about, from which on each loads the compiled `kernels`, which take 130 MB."""


def _load(
    root: Path, options: Options, repair: bool, titles: str, chunksize: int | None, jobs: int | None
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the frames of each chunk, or of all; raise if nothing could be read."""
    meter = Meter()

    def n_others() -> int:
        return (jobs or workers.n_jobs()) - 1 if jobs or meter.seconds >= LARGE else 0

    def is_vast() -> bool:
        return meter.seconds >= VAST

    seen = _Seen(Intake(titles, repair, chunksize or sys.maxsize))
    chunk: list[batches.Framed] = []
    with Progress(meter) as progress, workers.Workers(n_others, prepared=is_vast) as others:
        records = readers.records(root, options, meter, each=others.map)
        for part in seen.intake.parts(progress.watch(records), others.map):
            chunk.append(part)
            seen.part(part)
            if is_vast() and others.are_ready:  # what they have compiled is found here
                compiled.load()
            if part.ends_chunk:
                yield _frames(chunk, others)
        if options.missed and not options.fitted:
            named = options.columns["text"]  # type: ignore[index]
            raise ValueError(f"columns: no table has {named!r} for the text; first {options.missed[0]}")
        if not seen.n_articles:
            raise ValueError(f"no article could be read from {root}: {seen.why()}")
        if chunksize is None and meter.seconds >= LARGE:
            languages.forget_model()  # where room may be short
            seen.intake.ids.clear()
        if any(part.problems or len(part.columns["text"]) for part in chunk):
            yield _frames(chunk, others)


def _frames(parts: list[batches.Framed], others: workers.Workers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the frames of some batches, which are emptied: what is in them is held once."""
    articles, problems = batches.articles_of(parts), batches.problems_of(parts)
    problems = date_order.settle(articles, problems, [(len(p.columns["text"]), p.dates) for p in parts])
    samples = [p.sample for p in parts]
    parts.clear()
    articles["story_id"] = stories.story_ids(articles, taken=story_samples.join(samples), each=others.map)
    return articles, problems


class _Seen:
    """What was found so far, for the message that nothing could be read."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.n_articles = 0
        self.kinds: Counter[str] = Counter()
        self.first: Problem | None = None

    def part(self, part: batches.Framed) -> None:
        """Count the articles and problems of a batch."""
        self.n_articles += len(part.columns["text"])
        self.kinds.update(p.problem for p in part.problems)
        for problem in part.problems:
            if self.first is None or (self.first.problem not in LOST and problem.problem in LOST):
                self.first = problem

    def why(self) -> str:
        """Say how many files were found, and what kept them from being read."""
        n_files = self.intake.n_files
        if not n_files:
            return "the folder holds no files"
        kinds = ", ".join(f"{n} {problem}" for problem, n in sorted(self.kinds.items()))
        first = f"; first {self.first.source}: {self.first.detail}" if self.first else ""
        return f"{n_files} file{'' if n_files == 1 else 's'} found, {kinds}{first}"
