"""The rows of the mention ledger: candidates, the verdicts on them, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis import candidates, disambiguation, discourse, frames, layout, sentence_ends
from analysis import segments as parts
from analysis.flat import Flat, flatten, utf8
from analysis.gazetteer import Gazetteer

_CHUNK = 6_000_000


@dataclass(frozen=True)
class _Where:
    """Segments and sentences of texts laid end to end, each sorted by position."""

    places: candidates.Places
    role: np.ndarray
    segment: np.ndarray
    sentence_start: np.ndarray
    sentence: np.ndarray


def build(
    articles: pd.DataFrame, gazetteer: Gazetteer, segments: pd.DataFrame | None, sentences: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the ledger of articles; time and memory grow with the text."""
    published = _published(articles)
    recurring = frozenset()
    if segments is None and "story_id" in articles.columns:
        recurring = frozenset(parts.recurring_lines(articles)["line"])
    segments = _by_article(segments, articles, "segments")
    sentences = _by_article(sentences, articles, "sentences")
    found = []
    texts = utf8(articles["text"])
    for first, last in _chunks(texts):
        flat = flatten(texts[first:last])
        where = _where(flat, _slice(segments, first, last), _slice(sentences, first, last), recurring)
        dates = None if published is None else published[first:last]
        found.append(_rows(flat, where, gazetteer, articles["article_id"].iloc[first:last], dates))
    found = [rows for rows in found if len(rows)]
    if not found:
        return frames.empty("mentions")
    return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)


def _rows(flat: Flat, where: _Where, g: Gazetteer, ids: pd.Series, published: np.ndarray | None) -> pd.DataFrame:
    c = candidates.find(flat, g, where.places)
    if not len(c):
        return frames.empty("mentions")
    verdicts = discourse.judge(c, g, flat, published)
    country = np.where(verdicts.row < 0, -1, g.country[verdicts.row])
    rules = [*disambiguation.RULES, *g.reasons]
    sentence = np.searchsorted(where.sentence_start, c.start, side="right") - 1
    start, end = c.start - flat.starts[c.article], c.end - flat.starts[c.article]
    return pd.DataFrame(
        {
            "article_id": ids.astype("str").array.take(c.article),
            "start": start,
            "end": end,
            "surface": _surfaces(flat, g, c),
            "country": pd.array(disambiguation.CODES, dtype="str").take(country, allow_fill=True),
            "organisation": g.rows["organisation"].array.take(c.row),
            "kind": g.rows["kind"].array.take(c.row),
            "role": pd.array(parts.ROLES, dtype="str").take(where.role[c.segment]),
            "segment": where.segment[c.segment],
            "sentence": where.sentence[sentence],
            "accepted": verdicts.accepted,
            "rule": pd.array(rules, dtype="str").take(verdicts.rule),
        }
    )


def _surfaces(flat: Flat, g: Gazetteer, c: candidates.Candidates) -> pd.api.extensions.ExtensionArray:
    """Return the text of each span: the form itself, but where folding has changed a character or the text elides."""
    surfaces = g.pattern_texts.take(c.pattern)
    same = g.n_characters[c.pattern] == c.end - c.start
    changed = np.flatnonzero((np.searchsorted(flat.odd, c.start) < np.searchsorted(flat.odd, c.end)) | ~same)
    if len(changed):
        surfaces[changed] = flat.spans(c.start[changed], c.end[changed])
    return surfaces


def _chunks(texts: pa.LargeBinaryArray) -> Iterator[tuple[int, int]]:
    """Yield runs of articles of about `_CHUNK` bytes."""
    ends = pc.binary_length(texts).to_numpy().cumsum()
    first = 0
    while first < len(ends):
        reached = (ends[first - 1] if first else 0) + _CHUNK
        last = max(int(np.searchsorted(ends, reached, side="right")), first + 1)
        yield first, last
        first = last


def _where(
    flat: Flat, segments: pd.DataFrame | None, sentences: pd.DataFrame | None, recurring: frozenset[str]
) -> _Where:
    if segments is None:
        spans = layout.locate(flat, recurring=recurring)
        start, end, role, segment = spans.start, spans.end, spans.role, spans.number
    else:
        start, end, order = _positions(flat, segments)
        role = segments["role"].map({r: i for i, r in enumerate(parts.ROLES)}).to_numpy(dtype=np.int64)[order]
        segment = segments["segment"].to_numpy(dtype=np.int64)[order]
    if sentences is None:
        found = sentence_ends.locate(flat, start, end)
        sentence_start = found.start
        sentence = sentence_ends.count_within(flat.article(found.start))
    else:
        sentence_start, _, order = _positions(flat, sentences)
        sentence = sentences["sentence"].to_numpy(dtype=np.int64)[order]
    counted = np.isin(role, [parts.ROLES.index(r) for r in parts.COUNTED_ROLES])
    headline, dateline = (role == parts.ROLES.index(r) for r in ("headline", "dateline"))
    return _Where(candidates.Places(start, end, counted, headline, dateline), role, segment, sentence_start, sentence)


def _positions(flat: Flat, spans: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    origin = flat.starts[spans["article"].to_numpy()]
    start, end = (origin + spans[c].to_numpy(dtype=np.int64) for c in ("start", "end"))
    order = np.argsort(start, kind="stable")
    return start[order], end[order], order


def _by_article(spans: pd.DataFrame | None, articles: pd.DataFrame, name: str) -> pd.DataFrame | None:
    """Add the number of the article to each span."""
    if spans is None:
        return None
    columns = [c for c in frames.SCHEMAS[name] if c != "rule"]
    frames.require(spans, columns, name=name)
    number = pd.Index(articles["article_id"]).get_indexer(spans["article_id"])
    if (number < 0).any():
        raise ValueError(f"{name}: article_id {spans['article_id'].iloc[int((number < 0).argmax())]!r} is no article's")
    return spans[columns].assign(article=number).sort_values("article", kind="stable", ignore_index=True)


def _slice(spans: pd.DataFrame | None, first: int, last: int) -> pd.DataFrame | None:
    if spans is None:
        return None
    low, high = np.searchsorted(spans["article"].to_numpy(), [first, last])
    return spans.iloc[low:high].assign(article=lambda s: s["article"] - first)


def _published(articles: pd.DataFrame) -> np.ndarray | None:
    if "published" not in articles.columns:
        return None
    dates = pd.to_datetime(articles["published"], utc=True)
    return None if dates.isna().all() else dates.dt.tz_localize(None).to_numpy(dtype="datetime64[ns]")
