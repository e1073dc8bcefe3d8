"""Copies, cuts and rewrites of one report share a story; similar reports do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import frames, roles

SHINGLE = 3
"""Words of a shingle: a run of words that two texts can share."""

SAMPLE = 96
"""Shingles of an article that are compared with all others, about."""

LEAST_SHARED = 3
LEAST_SAMPLED = 0.2
"""Sampled shingles that two articles share before they are compared in full: so many, and this share of those that the
shorter has below the longer's limit. Of copies with 30 per cent of the words changed a third is expected."""

OPENING = 100
"""First words of an article's body: two reports of one affair share their background, a copy shares its beginning."""

LEAST_OF_OPENING = 0.25
"""Share of either article's opening that the other has."""

WHOLE = 0.8
"""Share of the shorter article's words from which on it may have been cut out of the middle of the longer."""

FEWEST_WORDS = 16
"""Words below which only the same words in the same order make one story."""

LONGEST = 2**20
"""Characters of an article that are looked at."""

_BLOCK = 2**17
_WINDOW = 4
_MOST_PAIRS = 2**22
_COMPARED = 1024
_WEIGHTS = tuple(np.uint64(w) for w in (0x8CB92BA72F3D8DD7, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F))


def story_ids(
    articles: pd.DataFrame, *, least: float = 0.45, least_of_longer: float = 0.2, taken: Sample | None = None
) -> pd.Series:
    """Give articles that are copies, cuts or rewrites of one report the same story.

    Two articles are one story if the shorter has ``least`` of its words, and the longer ``least_of_longer`` of
    its own, in runs of three words that stand in the other too, and neither's opening is new (see `OPENING`).
    Headline and body count, case and punctuation do not.
    Stories are the connected components of such pairs.

    Which pairs are compared is found by a sample of each article's hashed runs [1]_: the lowest hashes, 96 expected
    an article. Where many articles share a run, each is paired with the next four only, so that the time
    grows with the number of articles, not of pairs.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    least : float in (0, 1], default=0.45
        Share of the shorter article's words.
    least_of_longer : float in [0, 1], default=0.2
        Share of the longer article's words: a round-up is not the story of each report that it holds.
    taken : Sample, optional
        From `sample`, if the texts were sampled while they were read.

    Returns
    -------
    Series of str, on the index of ``articles``
        The ``article_id`` of the story's first article, in the order of ``articles``.

    References
    ----------
    .. [1] A. Z. Broder (1997), On the resemblance and containment of documents.
    """
    frames.require_articles(articles)
    if not 0 < least <= 1 or not 0 <= least_of_longer <= 1:
        raise ValueError(f"least must be in (0, 1] and least_of_longer in [0, 1], not {least} and {least_of_longer}")
    first = np.arange(len(articles))
    taken = sample(articles["text"]) if taken is None else taken
    if len(taken.whole) != len(articles):
        raise ValueError(f"taken is a sample of {len(taken.whole)} articles, not of {len(articles)}")
    for a, b, _, _ in _same(articles["text"], taken, first, least, least_of_longer):
        _join(first, a, b)
    roots = [_root(first, i) for i in range(len(first))]
    ids = articles["article_id"].to_numpy(dtype=object)
    return pd.Series(ids[roots], index=articles.index, dtype="str", name="story_id")


def pairs(articles: pd.DataFrame, *, least: float = 0.45, least_of_longer: float = 0.2) -> pd.DataFrame:
    """Return the pairs of articles that `story_ids` joined, with what they share.

    A pair is left out where others had already joined its articles.

    Parameters
    ----------
    articles, least, least_of_longer
        As in `story_ids`.

    Returns
    -------
    DataFrame, one row per pair, in the order of ``articles``
        ``article_a``, ``article_b`` : str, the earlier article first
        ``of_shorter``, ``of_longer`` : float64 in [0, 1], share of the article's words in shared runs
    """
    frames.require_articles(articles)
    first = np.arange(len(articles))
    rows = []
    for a, b, shorter, longer in _same(articles["text"], sample(articles["text"]), first, least, least_of_longer):
        _join(first, a, b)
        rows.append((min(a, b), max(a, b), shorter, longer))
    rows.sort()
    ids = articles["article_id"].tolist()
    table = {
        "article_a": pd.Series([ids[a] for a, *_ in rows], dtype="str"),
        "article_b": pd.Series([ids[b] for _, b, *_ in rows], dtype="str"),
        "of_shorter": pd.Series([s for *_, s, _ in rows], dtype="float64"),
        "of_longer": pd.Series([s for *_, s in rows], dtype="float64"),
    }
    return pd.DataFrame(table)


def _same(texts: pd.Series, sample: Sample, first: np.ndarray, least: float, least_of_longer: float) -> Iterator[tuple]:
    """Yield ``(a, b, share of the shorter, share of the longer)`` for pairs that are one story."""
    for a, b in _repeated(sample.whole):
        yield a, b, 1.0, 1.0
    candidates = _candidates(sample)
    for begin in range(0, len(candidates), _COMPARED):
        apart = [(a, b) for a, b in candidates[begin : begin + _COMPARED] if _root(first, a) != _root(first, b)]
        own = _shingled(texts, sorted({i for pair in apart for i in pair}))
        for a, b in apart:
            if _root(first, a) == _root(first, b) or min(len(own[a].words), len(own[b].words)) < FEWEST_WORDS:
                continue
            short, long = (own[a], own[b]) if len(own[a].words) <= len(own[b].words) else (own[b], own[a])
            shorter, longer = _covered(short, long), _covered(long, short)
            of_shorter, of_longer = np.count_nonzero(shorter) / len(shorter), np.count_nonzero(longer) / len(longer)
            if of_shorter < least or of_longer < least_of_longer:
                continue
            opens = shorter[:OPENING].mean() >= LEAST_OF_OPENING
            if opens and (longer[:OPENING].mean() >= LEAST_OF_OPENING or of_shorter >= WHOLE):
                yield a, b, float(of_shorter), float(of_longer)


class _Shingled(NamedTuple):
    """The hashed words of an article's headline and body, its shingles in their order, and sorted."""

    words: np.ndarray
    shingles: np.ndarray
    sorted: np.ndarray


def _shingled(texts: pd.Series, numbers: list[int]) -> dict[int, _Shingled]:
    """Hash the articles of these numbers, many at once: most of the time would go into calls otherwise."""
    own: dict[int, _Shingled] = {}
    for begin, block in _blocks([counted_text(texts.iloc[i]) for i in numbers]):
        hashes, owner, counts = _word_hashes(block)
        shingles, _ = _shingles(hashes, owner)
        words = np.split(hashes, np.cumsum(counts)[:-1])
        parts = np.split(shingles, np.cumsum(np.maximum(counts - (SHINGLE - 1), 0))[:-1])
        for i, (w, p) in enumerate(zip(words, parts, strict=True), begin):
            own[numbers[i]] = _Shingled(w, p, np.sort(p))
    return own


def counted_text(text: str) -> str:
    """Return body and headline of an article, the headline last, without what belongs to the page."""
    parts = list(roles.label(text))
    return "\n".join(text[p.start : p.end] for role in ("body", "headline") for p in parts if p.role == role)


def _covered(article: _Shingled, other: _Shingled) -> np.ndarray:
    """Say of each word of an article whether it lies in a shingle that the other has too."""
    at = np.searchsorted(other.sorted, article.shingles)
    at[at == len(other.sorted)] = 0
    shared = other.sorted[at] == article.shingles
    covered = np.zeros(len(article.words), dtype=bool)
    for offset in range(SHINGLE):
        covered[offset : offset + len(shared)] |= shared
    return covered


class Sample(NamedTuple):
    """Sampled hashes of shingles, the articles that have them; of each article a hash of its words and their number."""

    hashes: np.ndarray
    owners: np.ndarray
    whole: np.ndarray
    n_words: np.ndarray


def sample(texts: Sequence[str] | pd.Series) -> Sample:
    """Sample the hashed shingles of some texts; numpy does the work, so that a thread may."""
    hashes: list[np.ndarray] = []
    owners: list[np.ndarray] = []
    whole: list[np.ndarray] = []
    n_words: list[np.ndarray] = []
    for begin, block in _blocks(texts):
        words, word_owner, counts = _word_hashes(block)
        whole.append(_whole(words, counts))
        n_words.append(counts)
        shingles, owner = _shingles(words, word_owner)
        limit = np.minimum(SAMPLE / np.maximum(counts - (SHINGLE - 1), 1), 1.0) * (2.0**63 - 2**10)
        kept = np.flatnonzero((shingles >> np.uint64(1)) <= limit.astype(np.uint64)[owner])
        hashes.append(shingles[kept])
        owners.append((owner[kept] + begin).astype(np.uint32))
    return Sample(
        np.concatenate([np.zeros(0, np.uint64), *hashes]),
        np.concatenate([np.zeros(0, np.uint32), *owners]),
        np.concatenate([np.zeros(0, np.uint64), *whole]),
        np.concatenate([np.zeros(0, np.int64), *n_words]),
    )


def join(samples: list[Sample]) -> Sample:
    """Put the samples of consecutive parts of a corpus together; the list is emptied, so that each is held once."""
    sizes = [(len(s.hashes), len(s.whole)) for s in samples]
    n_hashes, n_articles = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0, 0)
    joined = Sample(
        np.empty(n_hashes, np.uint64),
        np.empty(n_hashes, np.uint32),
        np.empty(n_articles, np.uint64),
        np.empty(n_articles, np.int64),
    )
    samples.reverse()
    at = begin = 0
    while samples:
        part = samples.pop()
        joined.hashes[at : at + len(part.hashes)] = part.hashes
        joined.owners[at : at + len(part.hashes)] = part.owners + np.uint32(begin)
        joined.whole[begin : begin + len(part.whole)] = part.whole
        joined.n_words[begin : begin + len(part.whole)] = part.n_words
        at, begin = at + len(part.hashes), begin + len(part.whole)
    return joined


def _blocks(texts: Sequence[str] | pd.Series) -> Iterator[tuple[int, list[str]]]:
    """Yield ``(index of the first, texts)`` in blocks that fit into a processor's cache."""
    begin, block, size = 0, [], 0
    for number, whole in enumerate(texts):
        text = whole[:LONGEST]
        block.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield begin, block
            begin, block, size = number + 1, [], 0
    if block:
        yield begin, block


def _word_hashes(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the hash of each word, its text's number, and the words of each text.

    A word is a run of ASCII letters and digits and of whatever is not ASCII, but for the usual quotes, dashes and
    spaces; it is hashed by its first and last eight bytes in UTF-8 and its length, without a loop over words.
    """
    encoded = [_plain_bytes(t) for t in texts]
    data = np.frombuffer(b" ".join([b"", *encoded, bytes(8)]), dtype=np.uint8)
    is_word = np.take(_IS_WORD, data)
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    lengths = ends - starts
    eight = np.ndarray(shape=(len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    mask = _MASKS[np.minimum(lengths, 8)]
    last = eight[np.maximum(ends - 8, starts)] & mask
    hashes = _mix((eight[starts] & mask) * _WEIGHTS[0] + last * _WEIGHTS[1] + lengths.astype(np.uint64))
    borders = np.cumsum([len(t) + 1 for t in encoded])
    counts = np.diff(np.searchsorted(starts, borders, side="right"), prepend=0)
    return hashes, np.repeat(np.arange(len(texts)), counts), counts


def _plain_bytes(text: str) -> bytes:
    data = text.lower().encode("utf-8", "surrogatepass")
    if not text.isascii():
        for mark in _SEPARATORS:
            data = data.replace(mark, b" ")
    return data


_SEPARATORS = [c.encode() for c in "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\u00ab\u00bb\u00b7\u2022\u00a9"]
_IS_WORD = np.array([(chr(i).isalnum() and i < 128) or i >= 128 for i in range(256)])
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)


def _shingles(hashes: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n = len(hashes) - SHINGLE + 1
    if n < 1:
        return hashes[:0], owner[:0]
    total = sum((hashes[i : i + n] * w for i, w in enumerate(_WEIGHTS)), start=np.zeros(n, np.uint64))
    within = owner[:n] == owner[SHINGLE - 1 :]
    return _mix(total[within]), owner[:n][within]


def _whole(hashes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return one hash of all words of each text, in their order; 0 for a text without words."""
    begins = np.cumsum(counts) - counts
    place = np.arange(len(hashes), dtype=np.uint64) - np.repeat(begins, counts).astype(np.uint64)
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(_mix(hashes + place * _WEIGHTS[2]), out=sums[1:])
    total = sums[begins + counts] - sums[begins]
    return np.where(counts > 0, _mix(total + counts.astype(np.uint64)) | np.uint64(1), np.uint64(0))


def _repeated(whole: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield each article whose words are those of an earlier one, with the first of them."""
    seen: dict[int, int] = {}
    values, counts = np.unique(whole[whole != 0], return_counts=True)
    repeated = np.isin(whole, values[counts > 1])
    for index in np.flatnonzero(repeated).tolist():
        earlier = seen.setdefault(int(whole[index]), index)
        if earlier != index:
            yield earlier, index


def _candidates(sample: Sample) -> list[tuple[int, int]]:
    """Return the pairs of articles that share enough sampled shingles, in their order."""
    bits = np.uint64(max(len(sample.whole).bit_length(), 1))
    keys = _shared_keys(sample, bits)
    # Where much is shared, the pairs are counted in parts, those of some articles at a time.
    n_parts = 1 + _WINDOW * len(keys) // max(_MOST_PAIRS, len(keys))
    found = [_counted(keys, bits, part, n_parts) for part in range(n_parts)]
    pairs, shared = (np.concatenate(columns) for columns in zip(*found, strict=True))
    a, b = (pairs >> bits).astype(np.int64), (pairs & np.uint64((1 << int(bits)) - 1)).astype(np.int64)
    n_shingles = np.maximum(sample.n_words - (SHINGLE - 1), 1)
    shorter, longer = np.minimum(n_shingles[a], n_shingles[b]), np.maximum(n_shingles[a], n_shingles[b])
    likely = np.flatnonzero(shared >= LEAST_SAMPLED * shorter * np.minimum(SAMPLE / longer, 1.0))
    likely = likely[np.argsort(pairs[likely], kind="stable")]
    return list(zip(a[likely].tolist(), b[likely].tolist(), strict=True))


def _shared_keys(sample: Sample, bits: np.uint64) -> np.ndarray:
    """Return hash and article of each shingle that occurs twice or more, packed and sorted; by ranges of the hash."""
    n_ranges = 1 + len(sample.hashes) // _MOST_PAIRS
    edges = [(i << 64) // n_ranges >> int(bits) << int(bits) for i in range(1, n_ranges)]
    found = []
    for low, high in zip([0, *edges], [*edges, None], strict=True):
        within = sample.hashes >= np.uint64(low)
        if high is not None:
            within &= sample.hashes < np.uint64(high)
        keys = ((sample.hashes[within] >> bits) << bits) | sample.owners[within]
        keys.sort()  # by hash, then by article
        same = np.concatenate(([False], (keys[1:] ^ keys[:-1]) >> bits == 0, [False]))
        found.append(keys[(same[1:] | same[:-1])[: len(keys)]])
    return np.concatenate(found)


def _counted(keys: np.ndarray, bits: np.uint64, part: int, n_parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of neighbours that share at least `LEAST_SHARED` shingles, and how many, for a part of them."""
    owner = np.uint64((1 << int(bits)) - 1)
    packed = []
    for begin in range(0, len(keys), _MOST_PAIRS):
        piece = keys[begin : begin + _MOST_PAIRS + _WINDOW]
        for step in range(1, _WINDOW + 1):
            first, second = piece[:-step][:_MOST_PAIRS], piece[step:][:_MOST_PAIRS]
            differ = first ^ second
            shared = (differ >> bits == 0) & (differ != 0)
            if n_parts > 1:
                shared &= (first & owner) % np.uint64(n_parts) == part
            packed.append(((first[shared] & owner) << bits) | (second[shared] & owner))
    pairs, n_shared = np.unique(np.concatenate([np.zeros(0, np.uint64), *packed]), return_counts=True)
    return pairs[n_shared >= LEAST_SHARED], n_shared[n_shared >= LEAST_SHARED]


def _mix(values: np.ndarray) -> np.ndarray:
    """Spread the bits of 64-bit integers (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _root(first: np.ndarray, i: int) -> int:
    while first[i] != i:
        first[i] = first[first[i]]
        i = int(first[i])
    return i


def _join(first: np.ndarray, a: int, b: int) -> None:
    a, b = sorted((_root(first, a), _root(first, b)))
    first[b] = a
