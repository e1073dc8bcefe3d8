"""Words of cooperation and of conflict in sentences that name two countries: where to read on, not a verdict."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

import numpy as np
import pandas as pd

from analysis import incidence, segments
from analysis.tone_agreement import MEASURED, SAMPLE, agreement, measured
from analysis.tone_words import LEXICON, TONES, classify

__all__ = ["LEXICON", "MEASURED", "SAMPLE", "TONES", "agreement", "classify", "measured", "sentences", "tone"]


def tone(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    max_countries: int = 4,
    lexicon: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count, for each pair, the sentences naming both that hold words of cooperation, of conflict, of both, of neither.

    The words are those of a short open list; who does what to whom is not read, nor irony, nor whether the sentence
    reports a deed or a wish. Print `agreement` beside every chart of it.

    Parameters
    ----------
    mentions : DataFrame
        The ledger.
    articles : DataFrame
    kinds, roles, duplicates
        As in `comention.pairs`.
    max_countries : int, default=4
        Sentences that name more are listings: counted, their words not read.
    lexicon : DataFrame, default=`LEXICON`
        ``term`` and ``tone``.

    Returns
    -------
    DataFrame, one row per pair that shares a sentence, most sentences first, ties by name
        ``country_a`` < ``country_b`` : str
        ``n_sentences`` : int64, naming both; the sum of the next five
        ``n_cooperative``, ``n_conflictual``, ``n_both``, ``n_neither``, ``n_listing`` : int64
        ``balance`` : float64 in [-1, 1], (n_cooperative - n_conflictual) / (n_cooperative + n_conflictual + n_both);
            NaN where all three are 0
    """
    found = sentences(
        mentions,
        articles,
        kinds=kinds,
        roles=roles,
        duplicates=duplicates,
        max_countries=max_countries,
        lexicon=lexicon,
    )
    columns = ["country_a", "country_b", "n_sentences", *[f"n_{t}" for t in (*TONES, "listing")]]
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for named, kind in zip(found["countries"], found["tone"], strict=True):
        for pair in combinations(named.split(" "), 2):
            row = counts.setdefault(pair, dict.fromkeys(columns[2:], 0))
            row["n_sentences"] += 1
            row[f"n_{kind}"] += 1
    rows = [{"country_a": a, "country_b": b, **row} for (a, b), row in counts.items()]
    table = pd.DataFrame(rows, columns=columns).astype(
        {"country_a": "str", "country_b": "str", **dict.fromkeys(columns[2:], "int64")}
    )
    spoken = table[["n_cooperative", "n_conflictual", "n_both"]].sum(axis=1)
    table["balance"] = ((table["n_cooperative"] - table["n_conflictual"]) / spoken.where(spoken > 0)).astype("float64")
    return table.sort_values(
        ["n_sentences", "country_a", "country_b"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def sentences(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    max_countries: int = 4,
    lexicon: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the sentences behind `tone`, with the words that decided.

    Parameters
    ----------
    mentions, articles, kinds, roles, duplicates, max_countries, lexicon
        As in `tone`.

    Returns
    -------
    DataFrame, one row per sentence that names two countries or more, in the order of the articles
        ``article_id``; ``sentence`` : int64; ``start``, ``end`` : int64, code points
        ``countries`` : str, codes, sorted, separated by a blank
        ``tone`` : str, of `TONES`, or "listing"
        ``cooperative``, ``conflictual``, ``negated`` : str, the words found, separated by ", "
        ``text`` : str
    """
    if max_countries < 2:
        raise ValueError(f"max_countries must be at least 2, not {max_countries!r}")
    texts = incidence.spans(articles)
    data = incidence.build(
        mentions, articles, within="sentence", kinds=kinds, roles=roles, duplicates=duplicates, texts=texts
    )
    size = np.diff(data.matrix.indptr)
    units = data.units[size > 1]
    matrix = data.matrix[size > 1]
    matrix.sort_indices()
    named = np.split(matrix.indices, matrix.indptr[1:-1])
    codes = [" ".join(data.countries[i] for i in row) for row in named][: len(units)]
    units = units.assign(countries=pd.Series(codes, index=units.index, dtype="str"))
    spans = texts["sentence"].merge(units, on=["article_id", "sentence"], how="inner", validate="one_to_one")
    spans["text"] = segments.text_of(spans, articles)
    read = classify(spans["text"], lexicon=lexicon)
    listing = spans["countries"].str.count(" ") >= max_countries
    spans = spans.assign(**{c: read[c].to_numpy(dtype=object) for c in read.columns})
    spans.loc[listing, "tone"] = "listing"
    columns = ["article_id", "sentence", "start", "end", "countries", *read.columns, "text"]
    return spans[columns].astype(dict.fromkeys(["countries", *read.columns, "text"], "str")).reset_index(drop=True)
