"""Files to articles; what could not be read, to problems."""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis import frames, metadata, readers, roles, stories
from analysis.files import Meter, Problem
from analysis.tables import Options, Record

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
"""The five articles that come with the project."""

LOST = {
    "bad_row": "a row that is damaged: other fields than the header names, no JSON, no text",
    "binary": "NUL bytes: no text",
    "duplicate_id": "an earlier article has the same id",
    "empty": "no character but white space, or no rows",
    "no_main_text": "a web page in which no article was found",
    "no_text_column": "no column has a usual name for the text; name it with columns={'text': ...}",
    "not_an_article": "a README, licence or hidden file, or what a browser saved beside a page",
    "symlink_folder": "a link to a folder; not followed",
    "symlink_outside": "a link out of the corpus; not followed",
    "too_deep": "JSON nested deeper than can be read",
    "too_large": "more than the limits of `tables`, `pages` and `files` allow",
    "truncated_archive": "a damaged or cut off archive or compressed file",
    "undecodable": "bytes or characters that no known encoding explains",
    "unreadable": "the system or the library refused to open or read it",
    "unsafe_path": "a name in an archive that leads out of it",
    "unsafe_xml": "XML that declares entities",
    "unsupported": "a file type that is not read",
}
"""Problems that cost the file or the row they name."""

DOUBTS = {
    "column_missing": "a column named by the caller is not in this table; another was read, or none",
    "control_characters": "holds control characters; kept as they are",
    "date_unclear": "states a date that can be read in more than one way, or in none; none is taken",
    "encoding_guessed": "not UTF-8; the encoding was guessed",
    "formula": "begins as a formula of a spreadsheet; kept as text",
    "language_other": "not in English; counted here, left out of what counts English words and names",
    "mojibake": "characters decoded twice (\u00e2\u20ac\u2122 for \u2019); repaired with repair=True only",
    "no_tokens": "no word in its headline or body: it counts for nothing where words are counted",
    "repaired": "mojibake that was repaired: offsets hold in the article's text, not in the file",
    "summary_only": "the source gives summaries, not the articles",
    "title_apart": "the file states a title that is no part of the text: it is not counted, but with titles='first'",
    "too_short": "no sentence, or a notice in place of an article, such as [Removed]; counted as an article",
    "torn_character": "ends within a character, which was left out",
    "unspaced_script": "written without spaces between words: its characters are counted as words",
}
"""Problems of what was read nevertheless."""

PROBLEMS = {**LOST, **DOUBTS}
"""The fixed vocabulary of ``problems.problem``."""

FEWEST_WORDS = 3
"""Words below which a text that does not end as a sentence is named as too short for an article."""

_NOTICE_WORDS = 25
_NOTICE = re.compile(
    r"\W*(?:(?:content )?(?:removed|deleted|redacted|unavailable|not available)|no content|access denied|40[34]"
    r"|(?:page|article|story) (?:was |is )?(?:not found|removed|deleted|unavailable|not available))\W*"
    r"|\W*this (?:content|article|story|page|video) (?:is|has been|was) (?:not available|no longer available|removed"
    r"|deleted|unavailable|restricted|only available|for subscribers)\b.*"
    r"|\W*(?:subscribe|log in|sign in) to (?:read|continue)\b.*",
    re.IGNORECASE | re.DOTALL,
)

_BATCH = 16 * 2**20
_CONTROL = r"[\x00-\x08\x0e-\x1f\x7f]"
_FORMULA = r"^\s*(?:=|[+@-]\s*[A-Za-z_][\w.]*\s*[(|!])"
_MOJIBAKE = "\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]|[\u00d0\u00d1][\u0080-\u00bf][\u00d0\u00d1]"


@overload
def load_articles(
    path: str | os.PathLike[str] = SEEDS,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    repair: bool = False,
    titles: Literal["apart", "first"] = "apart",
    chunksize: None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]: ...


@overload
def load_articles(
    path: str | os.PathLike[str] = SEEDS,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    repair: bool = False,
    titles: Literal["apart", "first"] = "apart",
    chunksize: int,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]: ...


def load_articles(
    path: str | os.PathLike[str] = SEEDS,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    repair: bool = False,
    titles: Literal["apart", "first"] = "apart",
    chunksize: int | None = None,
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
    titles : {"apart", "first"}, default="apart"
        What becomes of a title that the file states apart from the text, in a column, say. By default it stays out of
        the text, which is what the file gives: nothing counts or searches it, and ``problems`` says so. ``"first"``
        lays it before the text as its first paragraph, its headline; offsets then hold in this text.
    chunksize : int, optional
        Return an iterator over ``(articles, problems)`` with at most so many articles each, for what does not fit into
        memory. Stories and recurring lines are then those within a chunk.

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
    FileNotFoundError
        If ``path`` does not exist.
    PermissionError
        If the folder cannot be listed.
    ValueError
        If nothing could be read; the message says how many files were found, and why each was left. If ``columns``
        names an unknown field, ``titles`` is none of its values, or ``chunksize`` is below 1.
    """
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
    options = Options(columns, encoding, many=root.is_dir() or root.suffix.lower() == ".zip")
    if chunksize is not None:
        return _with_stories(_batches(root, options, repair, titles, chunksize))
    parts = []
    samples: list[stories.Sample] = []
    running: deque[Future[stories.Sample]] = deque()
    with ThreadPoolExecutor(1) as helper:
        for articles, problems, texts in _batches(root, options, repair, titles, None):
            parts.append((articles, problems))
            running.append(helper.submit(stories.sample, texts))
            if len(running) > 1:
                samples.append(running.popleft().result())
        samples += [r.result() for r in running]
        running.clear()
        taken = stories.join(samples)
    articles = pd.concat([a for a, _ in parts], ignore_index=True)
    problems = pd.concat([p for _, p in parts], ignore_index=True)
    articles["story_id"] = stories.story_ids(articles, taken=taken)
    return articles, problems


_FIELDS = ("text", "title", "date", "outlet", "id", "language")


def _with_stories(
    batches: Iterator[tuple[pd.DataFrame, pd.DataFrame, list[str]]],
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    for articles, problems, texts in batches:
        yield articles.assign(story_id=stories.story_ids(articles, taken=stories.sample(texts))), problems


def _batches(
    root: Path, options: Options, repair: bool, titles: str, chunksize: int | None
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, list[str]]]:
    """Yield frames and texts of about 16 MB of text, or of ``chunksize`` articles; raise if nothing could be read."""
    batch = _Batch(repair)
    first: dict[str, str] = {}
    reasons: dict[str, int] = {}
    n_files = n_articles = 0
    apart: list[Record] = []  # the first of a file
    n_apart = 0
    meter = Meter()
    with _Progress(meter) as progress:
        for item in readers.records(root, options, meter):
            progress.step()
            if item is None:
                n_files += 1
                if apart:
                    batch.problem(_titles_apart(apart[0], n_apart))
                    apart, n_apart = [], 0
            elif isinstance(item, Problem):
                batch.problem(item)
                reasons[item.problem] = reasons.get(item.problem, 0) + 1
            elif (earlier := first.setdefault(item.article_id, item.source)) is not item.source:
                batch.problem(Problem(item.source, "duplicate_id", f"first used by {earlier}", item.article_id))
                reasons["duplicate_id"] = reasons.get("duplicate_id", 0) + 1
            else:
                if item.title and metadata.is_apart(item.title, item.text):
                    if titles == "first" and item.text.strip():
                        laid = re.sub(_CONTROL, "", item.title.encode("utf-8", "replace").decode())
                        item = item._replace(text=f"{laid}\n\n{item.text}")
                    elif item.text.strip() and "\0" not in item.text:
                        apart = apart or [item]
                        n_apart += 1
                batch.add(item)
                full = batch.size >= _BATCH if chunksize is None else len(batch.records) >= chunksize
                if full:
                    frame, problems = batch.frames()
                    n_articles += len(frame)
                    yield frame, problems, [r.text for r in batch.records]
                    batch = _Batch(repair)
    frame, problems = batch.frames()
    if options.missed and not options.fitted:
        raise ValueError(f"columns: no table has {options.columns['text']!r} for the text; first {options.missed[0]}")  # type: ignore[index]
    if not n_articles and frame.empty:
        for problem in problems["problem"]:
            reasons.setdefault(problem, 0)
        left = problems["problem"].value_counts().to_dict() if len(problems) else {}
        why = ", ".join(f"{max(left.get(p, 0), n)} {p}" for p, n in sorted(reasons.items()))
        shown = f"{n_files} file{'' if n_files == 1 else 's'} found, {why}" if n_files else "the folder holds no files"
        if len(problems):
            first_problem = problems.iloc[int(problems["problem"].isin(list(LOST)).to_numpy().argmax())]
            shown += f"; first {first_problem['source']}: {first_problem['detail']}"
        raise ValueError(f"no article could be read from {root}: {shown}")
    if len(frame) or len(problems) or not n_articles:
        yield frame, problems, [r.text for r in batch.records]


def _titles_apart(first: Record, n: int) -> Problem:
    """Return the one doubt of a file about its titles."""
    if n == 1 and "#" not in first.source:
        return Problem(first.source, "title_apart", f"{first.title!r:.80}", first.article_id)
    detail = f"{n:,} title{'' if n == 1 else 's'}, first {first.title!r:.80}"
    return Problem(re.sub(r"#\d+$", "", first.source), "title_apart", detail)


class _Batch:
    """Records on their way into frames, and the problems between them, in the order in which they were met."""

    def __init__(self, repair: bool) -> None:
        self.repair = repair
        self.records: list[Record] = []
        self.at: list[int] = []
        self.problems: list[tuple[int, Problem]] = []
        self.size = 0

    def add(self, record: Record) -> None:
        self.at.append(len(self.records) + len(self.problems))
        self.records.append(record)
        self.size += len(record.text)

    def problem(self, problem: Problem) -> None:
        self.problems.append((len(self.records) + len(self.problems), problem))

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        texts = self._usable()
        articles = self._articles(texts)
        rows = [p for _, p in sorted(self.problems, key=lambda p: p[0])]
        columns = {c: [getattr(p, c) for p in rows] for c in frames.SCHEMAS["problems"]}
        return articles, frames.conform(columns, "problems")

    def _drop(self, index: int, problem: str, detail: str) -> None:
        record = self.records[index]
        self.problems.append((self.at[index], Problem(record.source, problem, detail, record.article_id)))

    _doubt = _drop

    def _usable(self) -> pa.Array:
        """Drop what is no text, note what is doubtful; return the texts that are left."""
        lost: set[int] = set()
        for i, record in enumerate(self.records):
            if not record.text or record.text.isspace():
                n = len(record.text)
                self._drop(i, "empty", f"{n} character{'' if n == 1 else 's'}, white space only" if n else "no text")
                lost.add(i)
        try:
            texts = pa.array([r.text for r in self.records], pa.large_string())
        except UnicodeEncodeError:
            for i, record in enumerate(self.records):
                surrogate = re.search("[\ud800-\udfff]", record.text)
                if surrogate and i not in lost:
                    detail = f"a lone surrogate at character {surrogate.start()}: half of a character"
                    self._drop(i, "undecodable", detail)
                    lost.add(i)
            texts = pa.array(["" if i in lost else r.text for i, r in enumerate(self.records)], pa.large_string())
        if lost or len(texts):
            texts = self._doubts(texts, lost)
        if lost:
            kept = [i for i in range(len(self.records)) if i not in lost]
            self.records = [self.records[i] for i in kept]
            self.at = [self.at[i] for i in kept]
            texts = texts.take(pa.array(kept, pa.int64()))
        return texts

    def _doubts(self, texts: pa.Array, lost: set[int]) -> pa.Array:
        for i in _matches(texts, _CONTROL) if _has_controls(texts) else ():
            text = self.records[i].text
            if i in lost:
                continue
            if "\0" in text:
                self._drop(i, "binary", f"a NUL character at character {text.index(chr(0))}")
                lost.add(i)
            else:
                found = re.findall(_CONTROL, text)
                kinds = ", ".join(f"U+{ord(c):04X}" for c in sorted(set(found))[:5])
                self._doubt(i, "control_characters", f"{len(found)} of them: {kinds}")
        for i in _matches(texts, _FORMULA):
            self._doubt(i, "formula", "the text begins as a formula")
        for i, record in enumerate(self.records):
            for field, value in (("id", record.article_id), ("title", record.title), ("outlet", record.outlet)):
                if value and value[0] in "=+@-" and re.match(_FORMULA, value):
                    self._doubt(i, "formula", f"the {field} begins as a formula")
        foreign = ((i, r.text) for i, r in enumerate(self.records) if not r.text.isascii())
        suspects = [i for i, t in foreign if any(m in t for m in _MARKS) and re.search(_MOJIBAKE, t)]
        if not suspects:
            return texts
        import ftfy

        for i in suspects:
            record = self.records[i]
            fixed = ftfy.fix_encoding(record.text)
            if fixed == record.text or i in lost:
                continue
            where = next((n for n, (a, b) in enumerate(zip(record.text, fixed, strict=False)) if a != b), 0)
            detail = f"from character {where}: {record.text[where : where + 12]!r}"
            self._doubt(i, "repaired" if self.repair else "mojibake", detail)
            if self.repair:
                self.records[i] = record._replace(text=fixed)
        return pa.array([r.text for r in self.records], pa.large_string()) if self.repair else texts

    def _articles(self, texts: pa.Array) -> pd.DataFrame:
        records = self.records
        if not records:
            return frames.empty("articles")
        titles, outlets, dates, codes = [], [], [], []
        unknown: list[int] = []
        for i, record in enumerate(records):
            title, outlet, published = record.title, record.outlet, None
            if record.published is not None:
                published, why = metadata.parse_date(record.published)
                if why:
                    self._doubt(i, "date_unclear", why)
            if title is None or outlet is None or published is None:
                headline, dateline, date = metadata.opening(record.text)
                title = title or headline
                outlet = outlet or metadata.outlet_of(dateline)
                if published is None and date and record.published is None:
                    published, why = metadata.parse_date(date)
                    if why:
                        self._doubt(i, "date_unclear", f"a date line of the text: {why}")
            titles.append(title)
            outlets.append(outlet)
            dates.append(published)
            codes.append(metadata.stated_language(record.language))
            if codes[-1] is None:
                unknown.append(i)
        for i, code in zip(unknown, metadata.languages([records[i].text for i in unknown]), strict=True):
            weak = metadata.stated_language((records[i].language or "").removeprefix("?")) if code == "und" else None
            codes[i] = weak or code
        for i, code in enumerate(codes):
            if not metadata.is_english(code):
                self._doubt(i, "language_other", code)
        n_words = _n_words(texts)
        for i in np.flatnonzero(n_words <= _NOTICE_WORDS).tolist():
            own, n = records[i].text.strip(), int(n_words[i])
            if (n < FEWEST_WORDS and not roles.is_closed(own)) or _NOTICE.fullmatch(own):
                self._doubt(i, "too_short", f"{n} word{'' if n == 1 else 's'}: {own!r:.60}")
        ids = _strings([r.article_id for r in records])
        return pd.DataFrame(
            {
                "article_id": ids,
                "title": _strings(titles),
                "text": pd.Series(_STRING.__from_arrow__(texts)),
                "outlet": _strings(outlets),
                "published": pd.Series(pd.to_datetime(pd.Series(dates, dtype="object"), utc=True)).astype(frames.UTC),
                "language": _strings(codes),
                "story_id": ids,
                "n_words": n_words,
                "source": _strings([r.source for r in records]),
            }
        )


_STRING = pd.StringDtype(na_value=np.nan)


def _strings(values: list[str | None]) -> pd.Series:
    return pd.Series([None if v is None else v.encode("utf-8", "replace").decode() for v in values], dtype="str")


_IS_CONTROL = np.array([bool(re.fullmatch(_CONTROL, chr(i))) for i in range(128)] + [False] * 128)
_MARKS = ("\u00c3", "\u00e2\u20ac", "\u00c2", "\u00d0", "\u00d1")


def _n_words(texts: pa.Array) -> np.ndarray:
    """Count the words of each text as ``str.split`` does, from the bytes of all."""
    n_words = np.zeros(len(texts), dtype=np.int64)
    if not len(texts):
        return n_words
    ends = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    codes = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, np.uint8)
    special: list[int] = []
    begin = 0
    while begin < len(texts):  # in pieces of about a quarter of a megabyte, which stay in the processor's cache
        end = max(int(np.searchsorted(ends, ends[begin] + 2**18, side="right")) - 1, begin + 1)
        piece, first = codes[ends[begin] : ends[end]], ends[begin:end] - ends[begin]
        is_black = (piece - np.uint8(9) > 4) & (piece - np.uint8(28) > 4)
        opens = is_black.copy()
        opens[1:] &= ~is_black[:-1]
        starts = first[first < len(piece)]
        opens[starts] = is_black[starts]
        at = np.flatnonzero(opens)
        n_words[begin:end] = np.diff(np.append(np.searchsorted(at, first), len(at)))
        beyond = np.flatnonzero(piece >= 0xC2)
        if len(beyond):
            spaces = beyond[_is_space(piece, beyond)]
            special += np.unique(np.searchsorted(first, spaces, side="right") - 1 + begin).tolist()
        begin = end
    for i in special:
        n_words[i] = len(texts[i].as_py().split())
    return n_words


def _is_space(codes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Say which of the characters of two bytes or three that begin at ``at`` may be white space beyond ASCII."""
    lead, next_ = codes[at], codes[np.minimum(at + 1, len(codes) - 1)]
    return ((lead == 0xC2) & ((next_ == 0x85) | (next_ == 0xA0))) | (
        (lead == 0xE1) & (next_ == 0x9A)
        | (lead == 0xE3) & (next_ == 0x80)
        | (lead == 0xE2) & (next_ == 0x81)
        | (lead == 0xE2) & (next_ == 0x80) & np.isin(codes[np.minimum(at + 2, len(codes) - 1)], _LAST_OF_SPACES)
    )


_LAST_OF_SPACES = np.array([*range(0x80, 0x8B), 0xA8, 0xA9, 0xAF], dtype=np.uint8)


def _has_controls(texts: pa.Array) -> bool:
    data = texts.buffers()[2]
    codes = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, np.uint8)
    return any(_IS_CONTROL[codes[i : i + 2**20]].any() for i in range(0, len(codes), 2**20))


def _matches(texts: pa.Array, pattern: str) -> list[int]:
    """Return the numbers of the texts that match, in time that grows with their length only."""
    return np.flatnonzero(pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)).tolist()


class _Progress:
    """A bar of what was read, with rate and time left; silent for two seconds, and wherever there is no terminal."""

    def __init__(self, meter: Meter) -> None:
        from tqdm import tqdm

        self._meter = meter
        self._n = 0
        self._bar = tqdm(unit_scale=True, disable=None, delay=_PATIENCE, leave=False, desc="reading")

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def step(self) -> None:
        """Count a record, a problem or the end of a file; look at the meter now and then."""
        self._n += 1
        if self._n % 64 == 0 and not self._bar.disable:
            self._bar.total, self._bar.unit = self._meter.total, self._meter.unit
            self._bar.update(self._meter.position - self._bar.n)


_PATIENCE = 2.0


def files(articles: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """Account for every file found: read whole, read in part, or not read.

    Returns
    -------
    DataFrame, one row per file, in the order of their paths
        ``file`` : str, path within the corpus
        ``n_articles`` : int64, articles read from it
        ``n_lost``, ``n_doubts`` : int64, rows of ``problems`` of either kind
    """
    frames.require(articles, ["source"], name="articles")
    frames.require(problems, ["source", "problem"], name="problems")
    lost = problems["problem"].isin(list(LOST))
    counted = {
        "n_articles": articles["source"],
        "n_lost": problems["source"][lost],
        "n_doubts": problems["source"][~lost],
    }
    columns = {k: v.str.replace(r"#\d+$", "", regex=True).value_counts() for k, v in counted.items()}
    table = pd.DataFrame(columns).fillna(0).astype("int64").sort_index()
    return table.rename_axis("file").reset_index().astype({"file": "str"})


def problem_counts(problems: pd.DataFrame) -> pd.DataFrame:
    """Count the problems by kind, what was lost first, the most frequent first, ties by name.

    Returns
    -------
    DataFrame, one row per kind that occurs
        ``problem``, ``meaning`` : str
        ``lost`` : bool, whether it cost the file or row
        ``n`` : int64
        ``example`` : str, the first source that has it
    """
    frames.require(problems, ["source", "problem"], name="problems")
    table = problems.groupby("problem", as_index=False).agg(n=("source", "size"), example=("source", "first"))
    table["lost"] = table["problem"].isin(list(LOST)).astype(bool)
    table["meaning"] = table["problem"].map(PROBLEMS).astype("str")
    table = table.sort_values(["lost", "n", "problem"], ascending=[False, False, True], ignore_index=True)
    return table[["problem", "lost", "n", "example", "meaning"]].astype({"n": "int64"})


def summary(articles: pd.DataFrame, problems: pd.DataFrame) -> str:
    """Say in one line how many articles were read from how many files, and what was not read or read with a doubt.

    Parameters
    ----------
    articles, problems : DataFrame
        From `load_articles`.
    """
    found = files(articles, problems)
    counts = problem_counts(problems)
    read = f"{len(articles):,} article{'' if len(articles) == 1 else 's'} read from {len(found):,} files"
    parts = [read if len(found) != 1 else read[:-1]]
    for lost, what in ((True, "not read"), (False, "read with a doubt")):
        kinds = counts[counts["lost"] == lost]
        if len(kinds):
            parts.append(
                f"{what}: {', '.join(f'{n:,} {p}' for n, p in zip(kinds['n'], kinds['problem'], strict=True))}"
            )
    return "; ".join(parts)


def fingerprint(articles: pd.DataFrame) -> str:
    """Return the SHA-256 of the articles' ids and texts, 64 hex digits; their order does not matter."""
    frames.require_articles(articles)
    digest = hashlib.sha256()
    for article_id, text in sorted(zip(articles["article_id"], articles["text"], strict=True)):
        for part in (article_id, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def short_ids(articles: pd.DataFrame) -> pd.Series:
    """Return the shortest prefix, of three characters at least, that tells the articles apart.

    Returns
    -------
    Series of str, indexed by ``article_id``
    """
    frames.require(articles, ["article_id"], name="articles")
    ids = articles["article_id"].tolist()
    longest = max((len(i) for i in ids), default=3)
    length = next((n for n in range(3, longest) if len({i[:n] for i in ids}) == len(set(ids))), longest)
    index = pd.Index(ids, dtype="str", name="article_id")
    return pd.Series([i[:length].rstrip("_-. ") or i for i in ids], index=index, dtype="str", name="short_id")


def outlets(articles: pd.DataFrame) -> pd.Series:
    """Return each article's outlet, ``"not stated"`` where the text does not tell.

    Returns
    -------
    Series of str, indexed by ``article_id``
    """
    frames.require(articles, ["article_id", "outlet"], name="articles")
    return articles.set_index("article_id")["outlet"].fillna("not stated")


def by_outlet(articles: pd.DataFrame) -> pd.DataFrame:
    """Sum the corpus up by outlet, the most frequent first, ties by name.

    Returns
    -------
    DataFrame, one row per outlet
        ``outlet`` : str, ``not stated`` for articles that do not tell
        ``n_articles``, ``n_stories``, ``n_words`` : int64
        ``first``, ``last`` : datetime64[ns, UTC], NaT where no article has a date
    """
    named = articles.assign(outlet=outlets(articles).to_numpy())
    return (
        named.groupby("outlet", as_index=False)
        .agg(
            n_articles=("article_id", "size"),
            n_stories=("story_id", "nunique"),
            n_words=("n_words", "sum"),
            first=("published", "min"),
            last=("published", "max"),
        )
        .sort_values(["n_articles", "outlet"], ascending=[False, True], ignore_index=True)
    )


def by_language(articles: pd.DataFrame) -> pd.DataFrame:
    """Sum the corpus up by language, the most frequent first, ties by code.

    Returns
    -------
    DataFrame, one row per language
        ``language`` : str, BCP 47, ``und`` where it cannot be told
        ``n_articles``, ``n_stories``, ``n_words`` : int64
        ``english`` : bool, whether `metadata.english` keeps it
    """
    frames.require(articles, ["article_id", "language", "story_id", "n_words"], name="articles")
    table = _sums(articles, articles["language"].fillna("und"), "language")
    table["english"] = [metadata.is_english(code) for code in table["language"]]
    table["english"] = table["english"].astype(bool)
    return table.sort_values(["n_articles", "language"], ascending=[False, True], ignore_index=True)


def by_period(articles: pd.DataFrame, *, most: int = 15) -> pd.DataFrame:
    """Sum the corpus up by day, month, year or decade, whichever is the finest that has ``most`` periods at most.

    Returns
    -------
    DataFrame, one row per period that has articles, the earliest first
        ``period`` : str, ``2023-06-17``, ``2023-06``, ``2023`` or ``2020s``; last, ``not stated``
        ``n_articles``, ``n_stories``, ``n_words`` : int64
    """
    frames.require(articles, ["article_id", "published", "story_id", "n_words"], name="articles")
    dates = articles["published"].dt
    forms = [
        dates.strftime("%Y-%m-%d"),
        dates.strftime("%Y-%m"),
        dates.strftime("%Y"),
        dates.strftime("%Y").str[:3] + "0s",
    ]
    form = next((f for f in forms if f.nunique() <= most), forms[-1])
    table = _sums(articles, form.fillna("not stated").astype("str"), "period")
    return table.sort_values("period", key=lambda p: p.replace("not stated", "~"), ignore_index=True)


def _sums(articles: pd.DataFrame, key: pd.Series, name: str) -> pd.DataFrame:
    named = articles.assign(**{name: key.to_numpy()}).astype({name: "str"})
    sums = {"n_articles": ("article_id", "size"), "n_stories": ("story_id", "nunique"), "n_words": ("n_words", "sum")}
    return named.groupby(name, as_index=False).agg(**sums).astype(dict.fromkeys(sums, "int64"))


def share_intervals(n_articles: int, *, confidence: float = 0.95) -> pd.DataFrame:
    """Say what share of all such coverage may have a property that ``n_found`` of the articles have.

    Where some are copies of others, give the number of stories, of which each counts once.
    Clopper-Pearson interval [1]_, as if they were drawn at random from the coverage meant: it holds the share in at
    least ``confidence`` of the samples, whatever the share is, and is rather too wide than too narrow.

    Parameters
    ----------
    n_articles : int
        Articles, or stories, in the corpus, 1 at least.
    confidence : float, default=0.95

    Returns
    -------
    DataFrame, one row per number of articles: every number up to 10 articles, tenths of the corpus above
        ``n_found`` : int64
        ``share``, ``low``, ``high`` : float64 in [0, 1]

    Raises
    ------
    ValueError
        If ``n_articles`` is below 1.

    References
    ----------
    .. [1] C. J. Clopper and E. S. Pearson (1934), The use of confidence or fiducial limits illustrated in the case of
       the binomial.
    """
    if n_articles < 1:
        raise ValueError(f"n_articles must be 1 at least, not {n_articles}")
    from scipy.stats import binomtest

    found = sorted({round(n_articles * i / 10) for i in range(11)}) if n_articles > 10 else range(n_articles + 1)
    intervals = [binomtest(k, n_articles).proportion_ci(confidence, method="exact") for k in found]
    return pd.DataFrame(
        {
            "n_found": pd.Series(list(found), dtype="int64"),
            "share": [k / n_articles for k in found],
            "low": [float(i.low) for i in intervals],
            "high": [float(i.high) for i in intervals],
        }
    )
