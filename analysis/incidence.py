"""The mention ledger as a matrix: which unit of text names which country, and how many units were searched."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import frames, lexicon, segments

WINDOWS = ("article", "paragraph", "sentence")
"""Units of text, widest first."""

ROLES = ("headline", "dateline", "body", "boilerplate")
"""Roles that a mention can have."""

_KEYS = {"article": ["article_id"], "paragraph": ["article_id", "segment"], "sentence": ["article_id", "sentence"]}


@dataclass(frozen=True)
class Incidence:
    """Units of text by countries.

    Attributes
    ----------
    matrix : sparse matrix of int8, shape (units that name a country, countries), 1 where the unit names the country
    countries : tuple of str, sorted; the columns
    units : DataFrame, one row per row of the matrix: ``article_id`` and, for narrower windows, ``segment`` or
        ``sentence``
    story : array of int, shape (units that name a country,), the unit's story, counted from 0 over all articles
    n_units : int, units searched, those that name no country included
    n_stories : int, stories searched
    searched : DataFrame, one row per article searched: ``article_id``; ``story``; ``n_units`` : int64
    """

    matrix: sparse.csr_array
    countries: tuple[str, ...]
    units: pd.DataFrame
    story: np.ndarray
    n_units: int
    n_stories: int
    searched: pd.DataFrame


def spans(articles: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the paragraphs and sentences of ``articles``, for callers that look through several windows."""
    paragraphs = segments.paragraphs(articles)
    return {"paragraph": paragraphs, "sentence": segments.sentences(articles, segments=paragraphs)}


def one_a_story(articles: pd.DataFrame) -> list[str]:
    """Return the ids of the articles that count where a story counts once: the longest of each (ties: first id).

    Parameters
    ----------
    articles : DataFrame
        ``article_id``, ``text``; ``story_id`` if it is there: without it, every article is a story of its own.
    """
    return _representatives(articles, _stories(articles))


def build(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    within: str = "paragraph",
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    texts: dict[str, pd.DataFrame] | None = None,
) -> Incidence:
    """Count which unit names which country, out of the whole ledger.

    Parameters
    ----------
    mentions : DataFrame
        The ledger: accepted and rejected rows, all kinds and roles.
    articles : DataFrame
        ``article_id``, ``text``; ``story_id`` if it is there.
    within : {"article", "paragraph", "sentence"}, default="paragraph"
    kinds : collection of str or None, default=("name", "demonym")
        None takes every kind that stands for a country.
    roles : collection of str, default=("headline", "body")
        Paragraphs with another role are neither counted nor searched.
    duplicates : {"once", "each"}, default="once"
        Whether the articles of one story count once, by the longest of them (ties: first ``article_id``), or each.
    texts : dict, optional
        From `spans`, to save reading the articles again.

    Returns
    -------
    Incidence

    Raises
    ------
    TypeError, ValueError
        If an option is not one of those listed, a column is missing, or the ledger and the articles do not belong
        together; the message names the first bad value.
    """
    kinds, roles = _check_options(within, kinds, roles, duplicates)
    frames.require_articles(articles)
    frames.require(mentions, ["country", "kind", "role", "accepted", *_KEYS[within]], name="mentions")
    texts = spans(articles) if texts is None else texts
    stories = _stories(articles)
    kept = set(one_a_story(articles) if duplicates == "once" else articles["article_id"])
    keys = _KEYS[within]
    searched = _searched(texts, within, roles)
    searched = searched[searched["article_id"].isin(kept)]
    counted = _counted(mentions, articles, kinds, roles)
    counted = counted.loc[counted["article_id"].isin(kept), [*keys, "country"]].drop_duplicates()
    known = pd.MultiIndex.from_frame(searched[keys])
    row = known.get_indexer(pd.MultiIndex.from_frame(counted[keys]))
    if (row < 0).any():
        where = counted.iloc[int((row < 0).argmax())]
        raise ValueError(
            f"mentions: {', '.join(f'{k} {where[k]}' for k in keys)} is no unit of these articles with the roles "
            f"{', '.join(roles)}: was the ledger made from other texts?"
        )
    used, row = np.unique(row, return_inverse=True)
    codes, countries = pd.factorize(counted["country"], sort=True)
    ones = np.ones(len(row), dtype=np.int8)
    units = searched.iloc[used].reset_index(drop=True)
    return Incidence(
        matrix=sparse.csr_array((ones, (row, codes)), shape=(len(used), len(countries))),
        countries=tuple(map(str, countries)),
        units=units,
        story=units["article_id"].map(stories).to_numpy(dtype=np.int64),
        n_units=len(searched),
        n_stories=searched["article_id"].map(stories).nunique(),
        searched=_per_article(searched, stories),
    )


def _check_options(
    within: str, kinds: Collection[str] | None, roles: Collection[str], duplicates: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    _one_of(within, WINDOWS, "within")
    _one_of(duplicates, ("once", "each"), "duplicates")
    checked = []
    for name, values, allowed in (
        ("kinds", lexicon.KINDS if kinds is None else kinds, lexicon.KINDS),
        ("roles", roles, ROLES),
    ):
        chosen = (values,) if isinstance(values, str) else tuple(values)
        if not chosen:
            raise ValueError(f"{name} is empty; choose from {', '.join(allowed)}")
        for value in chosen:
            _one_of(value, allowed, name)
        checked.append(chosen)
    return checked[0], checked[1]


def _one_of(value: object, allowed: Sequence[str], name: str) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _stories(articles: pd.DataFrame) -> pd.Series:
    """Each article's story as a number, indexed by ``article_id``; an article without a story is one of its own."""
    story = articles["article_id"].astype("str")
    if "story_id" in articles.columns:
        named = articles["story_id"].notna()
        story = ("story " + articles["story_id"].astype("str")).where(named, "article " + story)
    return pd.Series(pd.factorize(story)[0], index=pd.Index(articles["article_id"]))


def _representatives(articles: pd.DataFrame, stories: pd.Series) -> list[str]:
    order = pd.DataFrame({"article_id": articles["article_id"], "n": -articles["text"].str.len()})
    order = order.assign(story=order["article_id"].map(stories)).sort_values(["n", "article_id"])
    return order.drop_duplicates("story")["article_id"].tolist()


def _per_article(searched: pd.DataFrame, stories: pd.Series) -> pd.DataFrame:
    sizes = searched.groupby("article_id", sort=False).size()
    return pd.DataFrame(
        {"article_id": sizes.index.astype("str"), "story": stories.loc[sizes.index].to_numpy(), "n_units": sizes.array}
    )


def _searched(texts: dict[str, pd.DataFrame], within: str, roles: Collection[str]) -> pd.DataFrame:
    paragraphs = texts["paragraph"]
    counted = paragraphs.loc[paragraphs["role"].isin(list(roles)), ["article_id", "segment"]]
    if within == "paragraph":
        return counted
    if within == "article":
        return counted[["article_id"]].drop_duplicates()
    pairs = pd.MultiIndex.from_frame(texts["sentence"][["article_id", "segment"]])
    inside = pairs.isin(pd.MultiIndex.from_frame(counted))
    return texts["sentence"].loc[inside, ["article_id", "sentence"]]


def _counted(
    mentions: pd.DataFrame, articles: pd.DataFrame, kinds: Collection[str], roles: Collection[str]
) -> pd.DataFrame:
    unknown = ~mentions["article_id"].isin(articles["article_id"])
    if unknown.any():
        raise ValueError(f"mentions: article_id {mentions['article_id'][unknown].iloc[0]!r} is not in articles")
    accepted = mentions["accepted"]
    if accepted.isna().any():
        raise ValueError(f"mentions: row {int(accepted.isna().to_numpy().argmax())} has no value in accepted")
    keep = accepted.astype(bool) & mentions["country"].notna()
    keep &= mentions["kind"].isin(list(kinds)) & mentions["role"].isin(list(roles))
    return mentions[keep]
