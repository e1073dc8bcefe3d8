"""Copies, cuts and rewrites of one report share a story; similar reports do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import frames, layout, overlaps, story_samples
from analysis.flat import Held, flatten
from analysis.overlaps import Shingled
from analysis.story_samples import Shared

LEAST, LEAST_OF_LONGER = 0.45, 0.2
"""Shares of the shorter and of the longer article's words that two of one story have in common."""

OPENING = 100
"""First words of an article's body: two reports of one affair share their background, a copy shares its beginning."""

LEAST_OF_OPENING = 0.25
"""Share of either article's opening that the other has."""

WHOLE = 0.8
"""Share of the shorter article's words from which on it may have been cut out of the middle of the longer."""

FORM = 200
"""Words below which two reports written to one form, of which only the names differ, could pass for copies."""

NAMES = 0.6
"""Share of a shorter article's names of which its copy has more: reports of one form share their words, not names."""

FEWEST_LOST = 2
"""Names of the shorter that the longer lacks if they are two reports: any edit can change one."""

FEWEST_WORDS = 16
"""Words below which only the same words in the same order make one story."""

_COMPARED = 1024
_LABELLED = 2**21  # characters: arrays of some megabytes
Each = Callable[..., Iterable[Any]]


def story_ids(
    articles: pd.DataFrame,
    *,
    least: float = LEAST,
    least_of_longer: float = LEAST_OF_LONGER,
    taken: Shared | None = None,
    each: Each = map,
) -> pd.Series:
    """Give articles that are copies, cuts or rewrites of one report the same story.

    Two articles are one story if the shorter has ``least`` of its words, and the longer ``least_of_longer`` of
    its own, in runs of three words that stand in the other too, and neither's opening is new (see `OPENING`).
    If the shorter has fewer than 200 words, it must not name others either: reports written to one form, each on
    other countries, share most of their words (see `NAMES`).
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
        From `story_samples.join`, if the texts were sampled while they were read.
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
    first = list(range(len(articles)))
    taken = story_samples.join([story_samples.sample(articles["text"])]) if taken is None else taken
    if len(taken.whole) != len(articles):
        raise ValueError(f"taken is a sample of {len(taken.whole)} articles, not of {len(articles)}")
    for a, b, _, _ in _same(articles["text"], taken, first, least, least_of_longer, each):
        _join(first, a, b)
    roots = [_root(first, i) for i in range(len(first))]
    ids = articles["article_id"].astype("str").array
    return pd.Series(ids.take(np.array(roots, dtype=np.int64)), index=articles.index, name="story_id")


def pairs(articles: pd.DataFrame, *, least: float = LEAST, least_of_longer: float = LEAST_OF_LONGER) -> pd.DataFrame:
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
    first = list(range(len(articles)))
    rows = []
    taken = story_samples.join([story_samples.sample(articles["text"])])
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
    texts: pd.Series, shared: Shared, first: list[int], least: float, least_of_longer: float, each: Each
) -> Iterator[tuple]:
    """Yield ``(a, b, share of the shorter, share of the longer)`` for pairs that are one story.

    What was yielded must be joined in ``first`` before the next is asked for.
    """
    for a, b in story_samples.repeated(shared.whole):
        yield a, b, 1.0, 1.0
    n_threads = 1 if each is map else 2
    for found in each(_compared, _tasks(texts, shared, first, (least, least_of_longer), n_threads)):
        for a, b, of_shorter, of_longer in found:
            if _root(first, a) != _root(first, b):
                yield a, b, of_shorter, of_longer


class _Task(NamedTuple):
    """Pairs to compare: the articles' numbers and texts, the stories known of them; pairs by place in these."""

    numbers: list[int]
    texts: pa.LargeBinaryArray
    stories: list[int]
    pairs: list[tuple[int, int]]
    least: tuple[float, float]


def _tasks(
    texts: pd.Series, shared: Shared, first: list[int], least: tuple[float, float], n_threads: int = 1
) -> Iterator[_Task]:
    candidates = _by_component(story_samples.candidates(shared, n_threads=n_threads), first)
    held = Held(texts)
    for begin in range(0, len(candidates), _COMPARED):
        some = candidates[begin : begin + _COMPARED].tolist()
        apart = [(a, b) for a, b in some if _root(first, a) != _root(first, b)]
        numbers = sorted({i for pair in apart for i in pair})
        place = {number: i for i, number in enumerate(numbers)}
        roots = [_root(first, i) for i in numbers]
        yield _Task(numbers, held.take(numbers), roots, [(place[a], place[b]) for a, b in apart], least)


def _by_component(pairs: np.ndarray, first: list[int]) -> np.ndarray:
    """Return pairs in an order that has all those of one component together: each article is taken up once then."""
    if len(pairs) <= _COMPARED:
        return pairs
    from scipy import sparse

    story = np.array([_root(first, i) for i in range(len(first))])
    a, b = story[pairs[:, 0]], story[pairs[:, 1]]
    graph = sparse.coo_array((np.ones(len(pairs), dtype=bool), (a, b)), shape=(len(first), len(first)))
    _, component = sparse.csgraph.connected_components(graph, directed=False)
    return pairs[np.argsort(component[a], kind="stable")]


def _compared(task: _Task) -> list[tuple[int, int, float, float]]:
    """Return those pairs of a task that are one story, unless others of them had joined their articles."""
    least, least_of_longer = task.least
    own = overlaps.shingled(counted_texts([t.decode("utf-8", "surrogatepass") for t in task.texts.to_pylist()]))
    known = {story: i for i, story in enumerate(dict.fromkeys(task.stories))}
    first = list(range(len(known)))
    story = [known[s] for s in task.stories]
    found = []
    for a, b in task.pairs:
        if _root(first, story[a]) == _root(first, story[b]):
            continue
        if common := in_common(own[a], own[b], least=least, least_of_longer=least_of_longer):
            _join(first, story[a], story[b])
            found.append((task.numbers[a], task.numbers[b], *common))
    return found


def in_common(
    a: Shingled, b: Shingled, *, least: float = LEAST, least_of_longer: float = LEAST_OF_LONGER
) -> tuple[float, float] | None:
    """Return the shares of words that two articles have in common, of the shorter first; None for two stories.

    That they have the same words in the same order, which makes one story of texts of a few words too, is not asked.
    """
    short, long = (a, b) if a.n_words <= b.n_words else (b, a)
    if short.n_words < FEWEST_WORDS:
        return None
    shorter = overlaps.covered(short, long)
    of_shorter = np.count_nonzero(shorter) / len(shorter)
    if of_shorter < least:
        return None
    longer = overlaps.covered(long, short)
    of_longer = np.count_nonzero(longer) / len(longer)
    if of_longer < least_of_longer or not _opens(shorter) or not (of_shorter >= WHOLE or _opens(longer)):
        return None
    if short.n_words < FORM and _names_others(short, long):
        return None
    return of_shorter, of_longer


def _names_others(short: Shingled, long: Shingled) -> bool:
    """Say whether the shorter of two articles names others than the longer: one form, two reports."""
    either = [(short, long), (long, short)] if short.n_words == long.n_words else [(short, long)]
    lost = [(other.lacks(one.names), len(one.names)) for one, other in either]
    return all(n >= FEWEST_LOST and n_names - n <= round(NAMES * n_names, 9) for n, n_names in lost)


def _opens(covered: np.ndarray) -> bool:
    """Say whether enough of an article's opening is covered."""
    opening = covered[:OPENING]
    return bool(np.count_nonzero(opening) >= LEAST_OF_OPENING * len(opening))


def counted_texts(texts: Sequence[str]) -> list[str]:
    """Return body and headline of each article, the headline last, without what belongs to the page."""
    counted = []
    for block in _labelled(texts):
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


def _labelled(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield texts in blocks of so many characters: short ones many at once, long ones few."""
    begin = size = 0
    for end, text in enumerate(texts, 1):
        size += len(text)
        if size >= _LABELLED or end == len(texts):
            yield texts[begin:end]
            begin, size = end, 0


def _root(first: list[int], i: int) -> int:
    while first[i] != i:
        first[i] = first[first[i]]
        i = first[i]
    return i


def _join(first: list[int], a: int, b: int) -> None:
    a, b = sorted((_root(first, a), _root(first, b)))
    first[b] = a
