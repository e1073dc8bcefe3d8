"""Copies, cuts and rewrites of one report share a story; similar reports do not."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis import frames, layout
from analysis.flat import flatten

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

_BLOCK = 2**18
_WINDOW = 4
_MOST_PAIRS = 2**22
_PIECE = 2**18
_COMPARED = 1024
Each = Callable[..., Iterable[Any]]
_LABELLED = 256
_WEIGHTS = np.array([0x8CB92BA72F3D8DD7, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], dtype=np.uint64)
_FIRST_AND_LAST = _WEIGHTS[:2].sum()


def story_ids(
    articles: pd.DataFrame,
    *,
    least: float = 0.45,
    least_of_longer: float = 0.2,
    taken: Shared | None = None,
    each: Each = map,
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
    taken : Shared, optional
        From `join`, if the texts were sampled while they were read.
    each : callable, default=map
        What the comparisons are done by, such as `workers.Workers.map`.

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
    taken = join([sample(articles["text"])]) if taken is None else taken
    if len(taken.whole) != len(articles):
        raise ValueError(f"taken is a sample of {len(taken.whole)} articles, not of {len(articles)}")
    for a, b, _, _ in _same(articles["text"], taken, first, least, least_of_longer, each):
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
    taken = join([sample(articles["text"])])
    for a, b, shorter, longer in _same(articles["text"], taken, first, least, least_of_longer, map):
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


def _same(
    texts: pd.Series, shared: Shared, first: np.ndarray, least: float, least_of_longer: float, each: Each
) -> Iterator[tuple]:
    """Yield ``(a, b, share of the shorter, share of the longer)`` for pairs that are one story.

    What was yielded must be joined in ``first`` before the next is asked for.
    """
    for a, b in _repeated(shared.whole):
        yield a, b, 1.0, 1.0
    for found in each(_compared, _tasks(texts, shared, first, (least, least_of_longer))):
        for a, b, of_shorter, of_longer in found:
            if _root(first, a) != _root(first, b):
                yield a, b, of_shorter, of_longer


class _Task(NamedTuple):
    """Pairs to compare: the articles' numbers and texts, the stories known of them; pairs by place in these."""

    numbers: list[int]
    texts: list[str]
    stories: list[int]
    pairs: list[tuple[int, int]]
    least: tuple[float, float]


def _tasks(texts: pd.Series, shared: Shared, first: np.ndarray, least: tuple[float, float]) -> Iterator[_Task]:
    candidates = _candidates(shared)
    held = texts.array  # to take many at once from Arrow's chunks would copy them all
    for begin in range(0, len(candidates), _COMPARED):
        apart = [(a, b) for a, b in candidates[begin : begin + _COMPARED] if _root(first, a) != _root(first, b)]
        numbers = sorted({i for pair in apart for i in pair})
        place = {number: i for i, number in enumerate(numbers)}
        own = [held[i] for i in numbers]
        roots = [_root(first, i) for i in numbers]
        yield _Task(numbers, own, roots, [(place[a], place[b]) for a, b in apart], least)


def _compared(task: _Task) -> list[tuple[int, int, float, float]]:
    """Return those pairs of a task that are one story, unless others of them had joined their articles."""
    least, least_of_longer = task.least
    own = _shingled(task.texts)
    known = {story: i for i, story in enumerate(dict.fromkeys(task.stories))}
    first = np.arange(len(known))
    story = [known[s] for s in task.stories]
    found = []
    for a, b in task.pairs:
        if _root(first, story[a]) == _root(first, story[b]) or min(own[a].n_words, own[b].n_words) < FEWEST_WORDS:
            continue
        short, long = (own[a], own[b]) if own[a].n_words <= own[b].n_words else (own[b], own[a])
        shorter, longer = _covered(short, long), _covered(long, short)
        of_shorter, of_longer = np.count_nonzero(shorter) / len(shorter), np.count_nonzero(longer) / len(longer)
        if of_shorter < least or of_longer < least_of_longer:
            continue
        opens = shorter[:OPENING].mean() >= LEAST_OF_OPENING
        if opens and (longer[:OPENING].mean() >= LEAST_OF_OPENING or of_shorter >= WHOLE):
            _join(first, story[a], story[b])
            found.append((task.numbers[a], task.numbers[b], float(of_shorter), float(of_longer)))
    return found


class _Shingled(NamedTuple):
    """The number of words of an article, its hashed shingles sorted, and the word at which each begins."""

    n_words: int
    shingles: np.ndarray
    places: np.ndarray


def _shingled(texts: list[str]) -> list[_Shingled]:
    """Hash articles, many at once: most of the time would go into calls otherwise."""
    own = []
    for block in _blocks(counted_texts(texts)):
        hashes, counts = _word_hashes(block)
        shingles = _shingles(hashes)
        end = 0
        for n in counts.tolist():
            runs = shingles[end : end + max(n - SHINGLE + 1, 0)]
            places = np.argsort(runs)
            own.append(_Shingled(n, runs[places], places))
            end += n
    return own


def counted_texts(texts: Sequence[str]) -> list[str]:
    """Return body and headline of each article, the headline last, without what belongs to the page."""
    counted = []
    for begin in range(0, len(texts), _LABELLED):
        block = texts[begin : begin + _LABELLED]
        flat = flatten(block)
        spans = layout.locate(flat)
        body, headline = (layout.ROLES.index(role) for role in ("body", "headline"))
        kept = np.flatnonzero((spans.role == body) | (spans.role == headline))
        kept = kept[np.lexsort((kept, spans.role[kept] == headline, spans.article[kept]))]
        article = spans.article[kept]
        starts, ends = ((at[kept] - flat.starts[article]).tolist() for at in (spans.start, spans.end))
        bounds = np.searchsorted(article, np.arange(len(block) + 1)).tolist()
        for text, first, last in zip(block, bounds, bounds[1:], strict=False):
            counted.append("\n".join([text[a:b] for a, b in zip(starts[first:last], ends[first:last], strict=True)]))
    return counted


def _covered(article: _Shingled, other: _Shingled) -> np.ndarray:
    """Say of each word of an article whether it lies in a shingle that the other has too."""
    at = np.searchsorted(other.shingles, article.shingles)
    at[at == len(other.shingles)] = 0
    shared = article.places[other.shingles[at] == article.shingles]
    covered = np.zeros(article.n_words, dtype=bool)
    for offset in range(SHINGLE):
        covered[shared + offset] = True
    return covered


class Sample(NamedTuple):
    """Sampled hashes of shingles, article by article; of each how many, a hash of its words, and their number."""

    hashes: np.ndarray
    n_sampled: np.ndarray
    whole: np.ndarray
    n_words: np.ndarray


def sample(texts: Sequence[str] | pd.Series) -> Sample:
    """Sample the hashed shingles of some texts."""
    hashes: list[np.ndarray] = []
    n_sampled: list[np.ndarray] = []
    whole: list[np.ndarray] = []
    n_words: list[np.ndarray] = []
    for block in _blocks(texts):
        words, counts = _word_hashes(block)
        whole.append(_whole(words, counts))
        n_words.append(counts)
        # A shingle is sampled if its hash is below a limit of its text; runs across two texts never are.
        share = np.minimum(SAMPLE / np.maximum(counts - (SHINGLE - 1), 1), 1.0) * (2.0**63 - 2**10)
        limits = np.repeat((share.astype(np.uint64) + np.uint64(1)) * np.uint64(2), counts)
        ends = np.cumsum(counts)
        for last in range(1, SHINGLE):
            limits[ends[counts >= last] - last] = 0
        shingles = _shingles(words)
        kept = np.flatnonzero(shingles < limits[: len(shingles)])
        hashes.append(shingles[kept])
        n_sampled.append(np.diff(np.searchsorted(kept, ends), prepend=0))
    return Sample(
        np.concatenate([np.zeros(0, np.uint64), *hashes]),
        np.concatenate([np.zeros(0, np.int64), *n_sampled]),
        np.concatenate([np.zeros(0, np.uint64), *whole]),
        np.concatenate([np.zeros(0, np.int64), *n_words]),
    )


class Shared(NamedTuple):
    """Of the articles of a corpus: which sampled shingles several share, and what `Sample` holds of each besides.

    ``keys``, sorted, have the hash of a shingle in their upper bits and its article in the lower ``bits``.
    """

    keys: np.ndarray
    bits: np.uint64
    whole: np.ndarray
    n_words: np.ndarray


def join(samples: list[Sample]) -> Shared:
    """Put the samples of consecutive parts of a corpus together; the list is emptied, so that each is held once."""
    whole = np.concatenate([np.zeros(0, np.uint64), *(s.whole for s in samples)])
    n_words = np.concatenate([np.zeros(0, np.int64), *(s.n_words for s in samples)])
    bits = np.uint64(max(len(whole).bit_length(), 1))
    keys = np.empty(sum(len(s.hashes) for s in samples), dtype=np.uint64)
    samples.reverse()
    at = begin = 0
    while samples:
        part = samples.pop()
        own = keys[at : at + len(part.hashes)]
        np.right_shift(part.hashes, bits, out=own)
        own <<= bits
        own |= np.repeat(np.arange(begin, begin + len(part.whole), dtype=np.uint64), part.n_sampled)
        at, begin = at + len(own), begin + len(part.whole)
    keys.sort()  # by hash, then by article
    found = []
    for begin in range(0, len(keys), _PIECE):  # what occurs once is left out
        first = max(begin - 1, 0)
        hashes = keys[first : begin + _PIECE + 1] >> bits
        same = np.concatenate(([False], hashes[1:] == hashes[:-1], [False]))
        shared = (same[1:] | same[:-1])[begin - first :][:_PIECE]
        found.append(keys[begin : begin + _PIECE][shared])
    return Shared(np.concatenate([keys[:0], *found]), bits, whole, n_words)


def _blocks(texts: Sequence[str] | pd.Series) -> Iterator[list[str]]:
    """Yield texts in blocks that fit into a processor's cache."""
    block, size = [], 0
    for whole in texts:
        text = whole[:LONGEST]
        block.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _word_hashes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the hash of each word, and the words of each text.

    A word is a run of ASCII letters and digits and of whatever is not ASCII, but for the usual quotes, dashes and
    spaces; it is hashed by its first and last eight bytes in UTF-8 and its length, without a loop over words.
    """
    data, borders = _word_bytes(texts)
    is_word = data != 0
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    lengths = ends - starts
    eight = np.ndarray(shape=(len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    first = eight[starts] & _MASKS.take(lengths, mode="clip")
    # first * w0 + last * w1 + length; of most words, the first eight bytes are the last
    hashes = first * _FIRST_AND_LAST
    hashes += lengths.view(np.uint64)
    long = np.flatnonzero(lengths > 8)
    hashes[long] += (eight[ends[long] - 8] - first[long]) * _WEIGHTS[1]
    return _mix(hashes), np.diff(np.searchsorted(starts, borders, side="right"), prepend=0)


def _word_bytes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the texts in lower case and UTF-8, a NUL for what is in no word; where each text ends."""
    encoded = [t.encode("utf-8", "surrogatepass") for t in texts]
    data = _joined(encoded)
    if not all(map(str.isascii, texts)):
        leads = np.flatnonzero(data >= 0xC2)
        # Python lowers what is not ASCII ten times as slowly: only texts that hold such capitals are worth it.
        if len(leads) * 20 > len(data):
            capitals = range(len(texts))
        else:
            borders = np.cumsum([len(t) + 1 for t in encoded])
            found = leads[_may_be_capital(data, leads)]
            capitals = np.unique(np.searchsorted(borders, found, side="right")).tolist()
        if capitals:
            for i in capitals:
                encoded[i] = texts[i].lower().encode("utf-8", "surrogatepass")
            data = _joined(encoded)
            leads = np.flatnonzero(data >= 0xC2)
        second, third = data[leads + 1], data[leads + 2]
        two = leads[(data[leads] == 0xC2) & _IS_SEPARATOR[0][second]]
        three = leads[(data[leads] == 0xE2) & (second == 0x80) & _IS_SEPARATOR[1][third]]
        data = data.copy()
        for at in (two, two + 1, three, three + 1, three + 2):
            data[at] = 0
    return data, np.cumsum([len(t) + 1 for t in encoded])


def _joined(encoded: list[bytes]) -> np.ndarray:
    return np.frombuffer(b" ".join([b"", *encoded, bytes(8)]).translate(_WORD_BYTES), dtype=np.uint8)


def _may_be_capital(data: np.ndarray, leads: np.ndarray) -> np.ndarray:
    """Say which of the characters that begin at ``leads`` may have another lower case; all beyond the basic plane."""
    first, second, third = (data[leads + i].astype(np.uint16) for i in range(3))
    of_two = (first & 0x1F) << 6 | second & 0x3F
    of_three = (first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
    return (first >= 0xF0) | _has_lower()[np.where(first < 0xE0, of_two, of_three)]


@functools.cache
def _has_lower() -> np.ndarray:
    return np.array([chr(i).lower() != chr(i) for i in range(2**16)])


_SEPARATORS = [c.encode() for c in "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\u00ab\u00bb\u00b7\u2022\u00a9"]
_IS_SEPARATOR = [np.isin(np.arange(256), [c[-1] for c in _SEPARATORS if len(c) == n]) for n in (2, 3)]
_WORD_BYTES = bytes((ord(chr(i).lower()) if chr(i).isalnum() else 0) if i < 128 else i for i in range(256))
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)


def _shingles(hashes: np.ndarray) -> np.ndarray:
    """Return the hash of each run of words, those across the border of two texts too."""
    n = max(len(hashes) - SHINGLE + 1, 0)
    total = hashes[:n] * _WEIGHTS[0]
    for i in range(1, SHINGLE):
        total += hashes[i : i + n] * _WEIGHTS[i]
    return _mix(total)


def _whole(hashes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return one hash of all words of each text, in their order; 0 for a text without words."""
    places = _places(int(counts.max(initial=0)))
    weighed = np.concatenate([places[:0], *(places[:n] for n in counts.tolist())])
    weighed *= hashes
    total = np.zeros(len(counts), dtype=np.uint64)
    begins = np.cumsum(counts) - counts
    total[counts > 0] = np.add.reduceat(weighed, begins[counts > 0]) if len(hashes) else 0
    return np.where(counts > 0, _mix(total + counts.astype(np.uint64)) | np.uint64(1), np.uint64(0))


@functools.lru_cache(maxsize=2)
def _weights_of_places(n: int) -> np.ndarray:
    return _mix(np.arange(n, dtype=np.uint64) * _WEIGHTS[2]) | np.uint64(1)


def _places(n: int) -> np.ndarray:
    """Return a random weight for each place of a word in a text, ``n`` at least."""
    return _weights_of_places(1 << max(n - 1, 2**12 - 1).bit_length())


def _repeated(whole: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield each article whose words are those of an earlier one, with the first of them."""
    seen: dict[int, int] = {}
    values, counts = np.unique(whole[whole != 0], return_counts=True)
    repeated = np.isin(whole, values[counts > 1])
    for index in np.flatnonzero(repeated).tolist():
        earlier = seen.setdefault(int(whole[index]), index)
        if earlier != index:
            yield earlier, index


def _candidates(shared: Shared) -> list[tuple[int, int]]:
    """Return the pairs of articles that share enough sampled shingles, in their order."""
    pairs, n_shared = _counted(shared.keys, shared.bits)
    a, b = (pairs >> shared.bits).astype(np.int64), (pairs & _owner_of(shared.bits)).astype(np.int64)
    n_shingles = np.maximum(shared.n_words - (SHINGLE - 1), 1)
    shorter, longer = np.minimum(n_shingles[a], n_shingles[b]), np.maximum(n_shingles[a], n_shingles[b])
    likely = np.flatnonzero(n_shared >= LEAST_SAMPLED * shorter * np.minimum(SAMPLE / longer, 1.0))
    likely = likely[np.argsort(pairs[likely], kind="stable")]
    return list(zip(a[likely].tolist(), b[likely].tolist(), strict=True))


def _owner_of(bits: np.uint64) -> np.uint64:
    return np.uint64((1 << int(bits)) - 1)


def _counted(keys: np.ndarray, bits: np.uint64) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of neighbours that share at least `LEAST_SHARED` shingles, and how many.

    Where much is shared they are counted in parts, the pairs of some articles at a time, as sorting takes room.
    """
    n_parts = min(1 + _WINDOW * len(keys) // _MOST_PAIRS, 1 << int(bits))
    borders = np.array([((i << int(bits)) // n_parts) << int(bits) for i in range(1, n_parts)], dtype=np.uint64)
    packed: list[list[np.ndarray]] = [[] for _ in range(n_parts)]
    for begin in range(0, len(keys), _PIECE):
        piece = keys[begin : begin + _PIECE + _WINDOW]
        hashes, owners = piece >> bits, piece & _owner_of(bits)
        found = []
        for step in range(1, _WINDOW + 1):
            at = np.flatnonzero(hashes[:-step][:_PIECE] == hashes[step:][:_PIECE])
            first, second = owners[at], owners[at + step]
            found.append(((first << bits) | second)[first != second])
        pairs = np.concatenate(found)
        if n_parts > 1:
            pairs.sort()
        for own, part in zip(packed, np.split(pairs, np.searchsorted(pairs, borders)), strict=True):
            own.append(part)
    kept, counts = [], []
    for own in packed:
        pairs = np.concatenate([np.zeros(0, np.uint64), *own])
        own.clear()
        pairs.sort()
        ends = np.flatnonzero(np.concatenate((pairs[1:] != pairs[:-1], [True]))[: len(pairs)]) + 1
        n_shared = np.diff(ends, prepend=0)
        often = n_shared >= LEAST_SHARED
        kept.append(pairs[ends[often] - 1])
        counts.append(n_shared[often])
    return np.concatenate(kept), np.concatenate(counts)


def _mix(values: np.ndarray) -> np.ndarray:
    """Spread the bits of 64-bit integers (the finaliser of SplitMix64), in place."""
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _root(first: np.ndarray, i: int) -> int:
    while first[i] != i:
        first[i] = first[first[i]]
        i = int(first[i])
    return i


def _join(first: np.ndarray, a: int, b: int) -> None:
    a, b = sorted((_root(first, a), _root(first, b)))
    first[b] = a
