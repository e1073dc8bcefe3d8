"""Which country is named where: articles to the mention ledger, and the ledger back to the passages."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis import frames, gazetteer, incidence, ledger
from analysis import lexicon as lexicons
from analysis import segments as parts

KINDS = ("name", "demonym")
"""Kinds that count as naming a country unless asked otherwise."""

_EVIDENCE = {
    "article_id": "str",
    "segment": "int64",
    "sentence": "int64",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "spans": "object",
}


def mentions(
    articles: pd.DataFrame,
    *,
    lexicon: pd.DataFrame | None = None,
    segments: pd.DataFrame | None = None,
    sentences: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find every span of text read as a country or an organisation: the ledger behind every count of countries.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``; ``published`` is used for dated rows of the lexicon if it is there.
    lexicon : DataFrame, optional
        From `lexicon.load`; the shipped one if not given.
    segments, sentences : DataFrame, optional
        From `segments.paragraphs` and `segments.sentences`; computed if not given. Text outside them is not searched.

    Returns
    -------
    DataFrame, one row per span, in the order of ``articles`` and of the text; "Koreas" names two countries and has two
        ``article_id``; ``start``, ``end`` : int64, code points; ``surface`` : the text of the span
        ``country`` : ISO 3166-1 alpha-3 (XKX for Kosovo), NA where the text leaves it open or for an organisation
        ``organisation`` : code, NA for a country
        ``kind`` : {"name", "demonym", "capital", "leader", "institution", "organisation"}
        ``role``, ``segment``, ``sentence`` : of the segment and sentence it stands in
        ``accepted`` : bool; rejected and undecided candidates stay in the ledger
        ``rule`` : why it was accepted or not

    Raises
    ------
    TypeError, ValueError
        If a column is missing, an id occurs twice, a text is no string, or a row of the lexicon is wrong.
    """
    frames.require_articles(articles)
    known = gazetteer.shipped() if lexicon is None else gazetteer.of(lexicon)
    return ledger.build(articles, known, segments, sentences)


def counted(
    mentions: pd.DataFrame,
    *,
    kinds: Collection[str] | None = KINDS,
    roles: Collection[str] = parts.COUNTED_ROLES,
) -> pd.DataFrame:
    """Return the rows of the ledger that count: accepted, with a country, of the kinds and roles asked for.

    Parameters
    ----------
    mentions : DataFrame
        The ledger.
    kinds : collection of str or None, default=("name", "demonym")
        None takes every kind that stands for a country.
    roles : collection of str, default=("headline", "body")
    """
    frames.require(mentions, ["accepted", "country", "kind", "role"], name="mentions")
    kinds = lexicons.KINDS if kinds is None else ((kinds,) if isinstance(kinds, str) else tuple(kinds))
    unknown = sorted(set(kinds) - set(lexicons.KINDS))
    if unknown:
        raise ValueError(f"unknown kind {unknown[0]!r}; kinds are {', '.join(lexicons.KINDS)}")
    keep = mentions["accepted"] & mentions["country"].notna()
    return mentions[keep & mentions["kind"].isin(kinds) & mentions["role"].isin(roles)]


def counts(mentions: pd.DataFrame, articles: pd.DataFrame, *, kinds: Collection[str] | None = KINDS) -> pd.DataFrame:
    """Count the mentions of each country and the articles that name it.

    Parameters
    ----------
    mentions : DataFrame
        The ledger.
    articles : DataFrame
        All articles searched, those that name no country included: the denominator.
    kinds : collection of str or None, default=("name", "demonym")

    Returns
    -------
    DataFrame, one row per country named, most articles first, then most mentions, then code
        ``country``, ``name`` : str
        ``n_mentions``, ``n_articles`` : int64
        ``n_articles_searched`` : int64, the same in every row
        ``share_of_articles``, ``share_of_mentions`` : float64 in [0, 1]
    """
    frames.require(articles, ["article_id"], name="articles")
    rows = counted(mentions, kinds=kinds)
    table = rows.groupby("country").agg(n_mentions=("article_id", "size"), n_articles=("article_id", "nunique"))
    table = table.reset_index().sort_values(
        ["n_articles", "n_mentions", "country"], ascending=[False, False, True], ignore_index=True
    )
    return pd.DataFrame(
        {
            "country": table["country"].astype("str"),
            "name": pd.Series(lexicons.names(table["country"]), dtype="str"),
            "n_mentions": table["n_mentions"].astype("int64"),
            "n_articles": table["n_articles"].astype("int64"),
            "n_articles_searched": pd.Series(len(articles), index=table.index, dtype="int64"),
            "share_of_articles": table["n_articles"] / max(len(articles), 1),
            "share_of_mentions": table["n_mentions"] / max(int(table["n_mentions"].sum()), 1),
        }
    )


def evidence(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    a: str,
    b: str | None = None,
    *,
    within: str = "sentence",
    kinds: Collection[str] | None = KINDS,
    roles: Collection[str] = parts.COUNTED_ROLES,
    duplicates: str | None = None,
) -> pd.DataFrame:
    """Return the passages that name both countries, or one country: what stands behind a count.

    Parameters
    ----------
    mentions : DataFrame
        The ledger.
    articles : DataFrame
    a, b : str
        ISO 3166-1 alpha-3 codes; without ``b``, the passages that name ``a``.
    within : {"sentence", "paragraph", "article"}, default="sentence"
    kinds, roles : collection of str
        As in `counted`.
    duplicates : {"once", "each"} or None, default=None
        Whether near-duplicate articles (one ``story_id``) are searched once, by the longest of them, or each. None is
        what the counts do, so that there are as many passages as were counted: "once" for two countries
        (`comention.pairs`, `comention.tone`), "each" for one (`counts`).

    Returns
    -------
    DataFrame, one row per passage, in the order of the ledger
        ``article_id``; ``segment``, ``sentence`` : int64, of the first mention in the passage
        ``start``, ``end`` : int64, the passage, code points into the article
        ``text`` : the passage
        ``spans`` : list of (start, end, country) of the mentions in it, counted from the start of ``text``

    Raises
    ------
    ValueError
        If a code is unknown, ``a`` equals ``b``, or ``within`` or ``duplicates`` is none of those listed.
    """
    frames.require_articles(articles)
    wanted = [a] if b is None else [a, b]
    for code in wanted:
        if code not in lexicons.codes():
            raise ValueError(f"{code!r} is no ISO 3166-1 alpha-3 code of a country{lexicons.hint(code)}")
    if a == b:
        raise ValueError(f"the two countries are the same: {a}")
    units = {"sentence": ["sentence"], "paragraph": ["segment"], "article": []}
    if within not in units:
        raise ValueError(f"within is {within!r}; it must be sentence, paragraph or article")
    if duplicates not in (None, "once", "each"):
        raise ValueError(f"duplicates is {duplicates!r}; it must be once or each, or None for what the counts do")
    once = b is not None if duplicates is None else duplicates == "once"
    searched = incidence.one_a_story(articles) if once else articles["article_id"]
    rows = counted(mentions, kinds=kinds, roles=roles)
    rows = rows[rows["country"].isin(wanted) & rows["article_id"].isin(searched)]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    bounds = _bounds(rows, articles, within)
    found = []
    for key, group in rows.groupby(["article_id", *units[within]], sort=False):
        if group["country"].nunique() < len(wanted):
            continue
        start, end = bounds[key if within != "article" else key[0]]
        spans = zip(group["start"], group["end"], group["country"], strict=True)
        found.append(
            {
                "article_id": key[0],
                "segment": group["segment"].iloc[0],
                "sentence": group["sentence"].iloc[0],
                "start": start,
                "end": end,
                "text": texts[key[0]][start:end],
                "spans": [(int(s - start), int(e - start), c) for s, e, c in spans],
            }
        )
    return pd.DataFrame(found, columns=list(_EVIDENCE)).astype(_EVIDENCE)


def evidence_of(
    pairs: pd.DataFrame,
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    within: str = "sentence",
    kinds: Collection[str] | None = KINDS,
    roles: Collection[str] = parts.COUNTED_ROLES,
    duplicates: str | None = None,
) -> pd.DataFrame:
    """Return the passages behind each of some pairs, in their order; no pair, no passage.

    Parameters
    ----------
    pairs : DataFrame
        ``country_a``, ``country_b``: rows of `comention.pairs`.
    mentions, articles, within, kinds, roles, duplicates
        As in `evidence`.

    Returns
    -------
    DataFrame
        As `evidence`, with ``country_a`` and ``country_b`` in front.
    """
    frames.require(pairs, ["country_a", "country_b"], name="pairs")
    found = [
        evidence(mentions, articles, a, b, within=within, kinds=kinds, roles=roles, duplicates=duplicates).assign(
            country_a=a, country_b=b
        )
        for a, b in zip(pairs["country_a"], pairs["country_b"], strict=True)
    ]
    columns = ["country_a", "country_b", *_EVIDENCE]
    table = pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
    return table.astype({"country_a": "str", "country_b": "str", **_EVIDENCE})


def positions(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    kinds: Collection[str] | None = KINDS,
    roles: Collection[str] = parts.COUNTED_ROLES,
) -> pd.DataFrame:
    """Return where in its article each counted mention stands.

    Returns
    -------
    DataFrame, one row per mention, in the order of the ledger
        ``article_id``, ``country``, ``name``, ``kind`` : str
        ``position`` : float64 in [0, 1), the share of the article's code points before the mention
    """
    frames.require_articles(articles)
    rows = counted(mentions, kinds=kinds, roles=roles)
    lengths = pd.Series(articles["text"].map(len).to_numpy(), index=articles["article_id"].to_numpy())
    rows = rows[rows["article_id"].isin(articles["article_id"])].reset_index(drop=True)
    return pd.DataFrame(
        {
            "article_id": rows["article_id"].astype("str"),
            "country": rows["country"].astype("str"),
            "name": pd.Series(lexicons.names(rows["country"]), dtype="str"),
            "kind": rows["kind"].astype("str"),
            "position": rows["start"] / rows["article_id"].map(lengths).astype("float64"),
        }
    )


def _bounds(rows: pd.DataFrame, articles: pd.DataFrame, within: str) -> dict:
    """Spans of the passages, by their key."""
    needed = articles[articles["article_id"].isin(rows["article_id"])]
    if within == "article":
        return {i: (0, len(t)) for i, t in zip(needed["article_id"], needed["text"], strict=True)}
    if within == "paragraph":
        spans, unit = parts.paragraphs(needed), "segment"
    else:
        spans, unit = parts.sentences(needed), "sentence"
    keys = zip(spans["article_id"], spans[unit], strict=True)
    return dict(zip(keys, zip(spans["start"].tolist(), spans["end"].tolist(), strict=True), strict=True))
