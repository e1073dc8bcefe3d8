"""Records of a batch to columns of the articles frame: what is dropped, what is doubtful, what is inferred."""

from __future__ import annotations

import operator
import re
from collections.abc import Container
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis import compiled, date_order, languages, metadata, roles, story_samples, word_counts
from analysis.batches import CONTROL, Batch, Framed, Undecided, large_strings, strings
from analysis.dates import order_of
from analysis.files import Problem

FEWEST_WORDS = 3
"""Words below which a text that does not end as a sentence is named as too short for an article."""

_NOTICE_WORDS = 25
# Thai, Lao, Burmese, Khmer, Japanese, Chinese
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NOTICE = re.compile(
    r"\W*(?:(?:content )?(?:removed|deleted|redacted|unavailable|not available)|no content|access denied|40[34]"
    r"|(?:page|article|story) (?:was |is )?(?:not found|removed|deleted|unavailable|not available))\W*"
    r"|\W*this (?:content|article|story|page|video) (?:is|has been|was) (?:not available|no longer available|removed"
    r"|deleted|unavailable|restricted|only available|for subscribers)\b.*"
    r"|\W*(?:subscribe|log in|sign in) to (?:read|continue)\b.*",
    re.IGNORECASE | re.DOTALL,
)

_FORMULA = r"^\s*(?:=|[+@-]\s*[A-Za-z_][\w.]*\s*[(|!])"
_MOJIBAKE = "\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]|[\u00d0\u00d1][\u0080-\u00bf][\u00d0\u00d1]"

FEW_UNDECIDED = 100
"""One text in so many, at most, waits for the process that puts the batches together: others need no model then."""


def framed(batch: Batch) -> Framed:
    """Infer what the records of a batch do not state, drop what is no text, note what is doubtful."""
    work = _Work(batch)
    texts = work.usable()
    columns = work.columns(texts)
    problems = [p for _, p in sorted(work.problems, key=operator.itemgetter(0))]
    own = texts if compiled.kernels() else [r.text for r in work.records]  # strings that are there need not be made
    return Framed(columns, problems, story_samples.sample(own), batch.ends_chunk, work.dates)


class _Work:
    """The records of a batch and their problems, fewer and more on the way."""

    def __init__(self, batch: Batch) -> None:
        self.repair = batch.repair
        self.records = batch.records
        self.at = batch.at
        self.problems: list[tuple[int, Problem | Undecided]] = list(batch.problems)
        self.dates = date_order.SlashedDates(set(), [])

    def _note(self, index: int, problem: str, detail: str) -> None:
        record = self.records[index]
        self.problems.append((self.at[index], Problem(record.source, problem, detail, record.article_id)))

    def usable(self) -> pa.Array:
        """Drop what is no text, note what is doubtful; return the texts that are left."""
        lost: set[int] = set()
        for i, record in enumerate(self.records):
            if not record.text or record.text.isspace():
                n = len(record.text)
                self._note(i, "empty", f"{n} character{'' if n == 1 else 's'}, white space only" if n else "no text")
                lost.add(i)
        try:
            texts = large_strings([r.text for r in self.records])
        except UnicodeEncodeError:
            for i, record in enumerate(self.records):
                surrogate = re.search("[\ud800-\udfff]", record.text)
                if surrogate and i not in lost:
                    detail = f"a lone surrogate at character {surrogate.start()}: half of a character"
                    self._note(i, "undecodable", detail)
                    lost.add(i)
            texts = self._texts(lost)
        if len(texts):
            texts = self._doubts(texts, lost)
        if lost:
            kept = [i for i in range(len(self.records)) if i not in lost]
            self.records = [self.records[i] for i in kept]
            self.at = [self.at[i] for i in kept]
            texts = pc.take(texts, pa.array(kept, pa.int64()), memory_pool=pa.system_memory_pool())
        return texts

    def _texts(self, lost: Container[int]) -> pa.Array:
        return large_strings(["" if i in lost else r.text for i, r in enumerate(self.records)])

    def _doubts(self, texts: pa.Array, lost: set[int]) -> pa.Array:
        for i in _matches(texts, CONTROL) if _have_controls(texts) else ():
            text = self.records[i].text
            if i in lost:
                continue
            if "\0" in text:
                self._note(i, "binary", f"a NUL character at character {text.index(chr(0))}")
                lost.add(i)
            else:
                found = re.findall(CONTROL, text)
                kinds = ", ".join(f"U+{ord(c):04X}" for c in sorted(set(found))[:5])
                self._note(i, "control_characters", f"{len(found)} of them: {kinds}")
        for i in _matches(texts, _FORMULA):
            self._note(i, "formula", "the text begins as a formula")
        for field, name in (("id", "article_id"), ("title", "title"), ("outlet", "outlet")):
            for i, value in enumerate(map(operator.attrgetter(name), self.records)):
                if value and value[0] in "=+@-" and re.match(_FORMULA, value):
                    self._note(i, "formula", f"the {field} begins as a formula")
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
            self._note(i, "repaired" if self.repair else "mojibake", detail)
            if self.repair:
                self.records[i] = record._replace(text=fixed)
        return self._texts(lost) if self.repair else texts

    def columns(self, texts: pa.Array) -> dict[str, pa.Array]:
        """Return the columns of the articles frame but for the stories."""
        titles = [r.title for r in self.records]
        outlets = [r.outlet for r in self.records]
        dates: list[int | None] = [None] * len(titles)
        undated = {i for i, r in enumerate(self.records) if _is_empty(r.published)}
        for i, record in enumerate(self.records):
            if i not in undated:
                dates[i] = self._date(i, record.published)
        lacking = [i for i, (t, o, d) in enumerate(zip(titles, outlets, dates, strict=True)) if not (t and o and d)]
        read = metadata.openings([self.records[i].text for i in lacking])
        for i, (headline, dateline, date) in zip(lacking, read, strict=True):
            titles[i] = titles[i] or headline
            outlets[i] = outlets[i] or metadata.outlet_of(dateline)
            if date and i in undated:
                dates[i] = self._date(i, date, "a date line of the text: ")
        codes = self._languages(texts)
        n_words = word_counts.n_words(texts)
        for i in np.flatnonzero(n_words <= _NOTICE_WORDS).tolist():
            own, n = self.records[i].text.strip(), int(n_words[i])
            short = n < FEWEST_WORDS and not roles.is_closed(own) and not (len(own) > 20 and _UNSPACED.search(own))
            if short or _NOTICE.fullmatch(own):
                self._note(i, "too_short", f"{n} word{'' if n == 1 else 's'}: {own!r:.60}")
        return {
            "article_id": strings([r.article_id for r in self.records]),
            "title": strings(titles),
            "text": texts,
            "outlet": strings(outlets),
            "published": pa.array(dates, pa.timestamp("ns")),
            "language": strings(codes),
            "n_words": pa.array(n_words),
            "source": strings([r.source for r in self.records]),
        }

    def _date(self, index: int, value: Any, where: str = "") -> int | None:
        """Return nanoseconds since 1970, None for what is no date, which is noted."""
        published, why = metadata.parse_date(value)
        if not where and (order := order_of(value)):
            self.dates.orders.add((date_order.file_of(self.records[index].source), order))
        if why:
            self._note(index, "date_unclear", f"{where}{why}")
            if not where and "either number" in why and "#" in self.records[index].source:
                self.dates.unclear.append((index, self.records[index].source, value))
        return None if published is None else published.value

    def _languages(self, texts: pa.Array) -> list[str | None]:
        stated = [languages.stated_language(r.language) if r.language else None for r in self.records]
        unknown = [i for i, code in enumerate(stated) if code is None]
        own = [self.records[i].text for i in unknown]
        plain = languages.are_english(texts if compiled.kernels() and len(own) == len(texts) else own)
        codes: list[str | None] = list(stated)
        undecided = []
        for i, is_plain in zip(unknown, plain, strict=True):
            if is_plain:
                codes[i] = "en"
            else:
                undecided.append(i)
        wait = len(undecided) * FEW_UNDECIDED <= len(codes) and not languages.has_model()
        for i in undecided:
            record = self.records[i]
            case = Undecided(i, languages.sample(record.text), record.language, record.source, record.article_id)
            if wait:
                self.problems.append((self.at[i], case))
            else:
                codes[i] = case.code()
        for i, code in enumerate(codes):
            if code != "en" and code is not None and not languages.is_english(code):
                self._note(i, "language_other", code)
        return codes


def _is_empty(value: Any) -> bool:
    """Say whether a row states nothing: a cell of a table may be there and empty."""
    return value is None or (type(value) is str and (not value or value.isspace()))


_MARKS = ("\u00c3", "\u00e2\u20ac", "\u00c2", "\u00d0", "\u00d1")


def _have_controls(texts: pa.Array) -> bool:
    """Say whether one of the texts may have a control character: whether any byte of them all is one."""
    codes, _ = compiled.utf8_of(texts)
    if kernels := compiled.kernels():
        return kernels.has_controls(codes)
    pieces = (codes[i : i + 2**18] for i in range(0, len(codes), 2**18))
    return any(((p < 9) | (p - np.uint8(14) < 18) | (p == 127)).any() for p in pieces)


def _matches(texts: pa.Array, pattern: str) -> list[int]:
    """Return the numbers of the texts that match, in time that grows with their length only."""
    return np.flatnonzero(pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)).tolist()
