"""Copies, cuts and rewrites of one report share a story; similar reports do not."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis import frames, roles

SHINGLE = 3
"""Words of a shingle: a run of words that two texts can share."""

SAMPLE = 64
"""Shingles of an article that are compared with all others, about."""

LEAST_SHARED = 3
"""Sampled shingles that two articles share before they are compared in full."""

FEWEST_WORDS = 16
"""Words below which only the same words in the same order make one story."""

_BLOCK = 2**20
_WINDOW = 4
_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)
_WEIGHTS = tuple(np.uint64(w) for w in (0x8CB92BA72F3D8DD7, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F))


def story_ids(articles: pd.DataFrame, *, least: float = 0.5, least_of_longer: float = 0.2) -> pd.Series:
    """Give articles that are copies, cuts or rewrites of one report the same story.

    Two articles are one story if the shorter has ``least`` of its words, and the longer ``least_of_longer`` of
    its own, in runs of three words that stand in the other too. Headline and body count, case and punctuation do not.
    Stories are the connected components of such pairs.

    Which pairs are compared is found by a sample of each article's hashed runs [1]_: the lowest hashes, 64 expected
    an article. Where many articles share a run, each is paired with the next four only, so that the time
    grows with the number of articles, not of pairs.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    least : float in (0, 1], default=0.5
        Share of the shorter article's words.
    least_of_longer : float in [0, 1], default=0.2
        Share of the longer article's words: a round-up is not the story of each report that it holds.

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
    for a, b, _, _ in _same(articles["text"], first, least, least_of_longer):
        _join(first, a, b)
    roots = [_root(first, i) for i in range(len(first))]
    ids = articles["article_id"].to_numpy(dtype=object)
    return pd.Series(ids[roots], index=articles.index, dtype="str", name="story_id")


def pairs(articles: pd.DataFrame, *, least: float = 0.5, least_of_longer: float = 0.2) -> pd.DataFrame:
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
    for a, b, shorter, longer in _same(articles["text"], first, least, least_of_longer):
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


def _same(texts: pd.Series, first: np.ndarray, least: float, least_of_longer: float) -> Iterator[tuple]:
    """Yield ``(a, b, share of the shorter, share of the longer)`` for pairs that are one story."""
    hashes, owners, whole = _sketches(texts)
    for a, b in _repeated(whole):
        yield a, b, 1.0, 1.0
    candidates = _candidates(hashes, owners)
    own = functools.lru_cache(maxsize=4096)(lambda i: _words_and_shingles(counted_text(texts.iloc[i])))
    for a, b in candidates:
        if _root(first, a) == _root(first, b):
            continue
        (words_a, shingles_a), (words_b, shingles_b) = own(a), own(b)
        if min(words_a, words_b) < FEWEST_WORDS:
            continue
        share_a, share_b = _coverage(shingles_a, shingles_b, words_a), _coverage(shingles_b, shingles_a, words_b)
        shorter, longer = (share_a, share_b) if words_a <= words_b else (share_b, share_a)
        if shorter >= least and longer >= least_of_longer:
            yield a, b, shorter, longer


def counted_text(text: str) -> str:
    """Return headline and body of an article, without datelines and what belongs to the page."""
    return "\n".join(text[p.start : p.end] for p in roles.label(text) if p.role in ("headline", "body"))


def _coverage(shingles: np.ndarray, others: np.ndarray, n_words: int) -> float:
    """Return the share of an article's words that lie in a shingle which the other has too."""
    shared = np.isin(shingles, others)
    covered = np.zeros(n_words, dtype=bool)
    for offset in range(SHINGLE):
        covered[offset : offset + len(shared)] |= shared
    return float(covered.mean())


def _sketches(texts: Sequence[str] | pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sampled hashes, the articles that they belong to, and one hash of each article's words."""
    samples: list[np.ndarray] = []
    owners: list[np.ndarray] = []
    whole: list[np.ndarray] = []
    for begin, block in _blocks(texts):
        hashes, word_owner, counts = _word_hashes(block)
        whole.append(_whole(hashes, word_owner, counts))
        shingles, owner = _shingles(hashes, word_owner)
        if not len(shingles):
            continue
        n_shingles = np.maximum(counts - (SHINGLE - 1), 1)
        limit = np.minimum(SAMPLE / n_shingles, 1.0) * float(2**63)
        kept = (shingles >> np.uint64(1)) < limit.astype(np.uint64)[owner]
        samples.append(shingles[kept])
        owners.append((owner[kept] + begin).astype(np.uint32))
    if not samples:
        none = np.zeros(0, np.uint64)
        return none, none.astype(np.uint32), np.concatenate(whole) if whole else none
    return np.concatenate(samples), np.concatenate(owners), np.concatenate(whole)


def _blocks(texts: Sequence[str] | pd.Series) -> Iterator[tuple[int, list[str]]]:
    """Yield ``(index of the first, texts)`` in blocks of about a million characters."""
    begin, block, size = 0, [], 0
    for number, whole in enumerate(texts):
        text = whole[:_BLOCK]
        block.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield begin, block
            begin, block, size = number + 1, [], 0
    if block:
        yield begin, block


def _words_and_shingles(text: str) -> tuple[int, np.ndarray]:
    hashes, owner, _ = _word_hashes([text])
    return len(hashes), _shingles(hashes, owner)[0]


def _word_hashes(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the hash of each word, its text's number, and the words of each text.

    A word is a run of letters and digits. Its hash is the polynomial of its code points, from sums over all
    characters: no loop over words.
    """
    lowered = [t.lower() for t in texts]
    data = "\n".join(lowered).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(data, dtype="<u4")
    letter = np.empty(len(codes) + 2, dtype=bool)
    letter[0] = letter[-1] = False
    np.take(_letters(), np.minimum(codes, 0xFFFF), out=letter[1:-1])
    edges = np.flatnonzero(letter[1:] != letter[:-1])
    starts, ends = edges[::2], edges[1::2]
    powers, inverses = _powers(len(codes))
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * powers[: len(codes)], out=sums[1:])
    hashes = _mix((sums[ends] - sums[starts]) * inverses[starts])
    borders = np.cumsum([len(t) + 1 for t in lowered])
    counts = np.diff(np.searchsorted(starts, borders), prepend=0)
    return hashes, np.repeat(np.arange(len(texts)), counts), counts


def _shingles(hashes: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n = len(hashes) - SHINGLE + 1
    if n < 1:
        return hashes[:0], owner[:0]
    total = sum((hashes[i : i + n] * w for i, w in enumerate(_WEIGHTS)), start=np.zeros(n, np.uint64))
    within = owner[:n] == owner[SHINGLE - 1 :]
    return _mix(total[within]), owner[:n][within]


def _whole(hashes: np.ndarray, owner: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return one hash of all words of each text, in their order; 0 for a text without words."""
    begins = np.cumsum(counts) - counts
    place = np.arange(len(hashes), dtype=np.uint64) - np.repeat(begins, counts).astype(np.uint64)
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(_mix(hashes + place * _BASE), out=sums[1:])
    total = sums[begins + counts] - sums[begins]
    return np.where(counts > 0, _mix(total + counts.astype(np.uint64)), np.uint64(0))


def _repeated(whole: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield each article whose words are those of an earlier one, with the first of them."""
    seen: dict[int, int] = {}
    values, counts = np.unique(whole[whole != 0], return_counts=True)
    repeated = np.isin(whole, values[counts > 1])
    for index in np.flatnonzero(repeated).tolist():
        earlier = seen.setdefault(int(whole[index]), index)
        if earlier != index:
            yield earlier, index


def _candidates(hashes: np.ndarray, owners: np.ndarray) -> list[tuple[int, int]]:
    """Return the pairs of articles that share enough sampled shingles, those that share most first."""
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order].astype(np.uint64)
    packed = []
    for step in range(1, _WINDOW + 1):
        same = (hashes[step:] == hashes[:-step]) & (owners[step:] != owners[:-step])
        packed.append((owners[:-step][same] << np.uint64(32)) | owners[step:][same])
    pairs, shared = np.unique(np.concatenate(packed), return_counts=True)
    pairs, shared = pairs[shared >= LEAST_SHARED], shared[shared >= LEAST_SHARED]
    pairs = pairs[np.argsort(-shared, kind="stable")]
    return list(zip((pairs >> np.uint64(32)).tolist(), (pairs & np.uint64(0xFFFFFFFF)).tolist(), strict=True))


def _mix(values: np.ndarray) -> np.ndarray:
    """Spread the bits of 64-bit integers (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@functools.cache
def _letters() -> np.ndarray:
    """Say of each code point below 65,536 whether it is a letter or digit; those above count as the last one."""
    return np.array([chr(i).isalnum() for i in range(0xFFFF)] + [True], dtype=bool)


_POWERS: list[np.ndarray] = []


def _powers(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the powers of the base and of its inverse modulo 2**64, ``n`` of each at least."""
    if not _POWERS or len(_POWERS[0]) < n:
        size = max(n, 2 * _BLOCK)
        inverse = np.uint64(pow(int(_BASE), -1, 2**64))
        _POWERS[:] = [
            np.cumprod(np.concatenate(([np.uint64(1)], np.full(size - 1, base)))) for base in (_BASE, inverse)
        ]
    return _POWERS[0], _POWERS[1]


def _root(first: np.ndarray, i: int) -> int:
    while first[i] != i:
        first[i] = first[first[i]]
        i = int(first[i])
    return i


def _join(first: np.ndarray, a: int, b: int) -> None:
    a, b = sorted((_root(first, a), _root(first, b)))
    first[b] = a
