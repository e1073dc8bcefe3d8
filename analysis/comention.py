"""Which countries are written about together, more than their own frequency explains."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import incidence, segments
from analysis.association import DEPENDENCE, NULLS, PAIRS, Options, associate, compare
from analysis.graphs import graph, write_graphml
from analysis.periods import changes, over_time
from analysis.specifications import MEASURES, summarise
from analysis.specifications import specify as specifications
from analysis.tone import agreement, measured, tone
from analysis.tone import sentences as tone_sentences

__all__ = [
    "DEPENDENCE",
    "MEASURES",
    "NULLS",
    "PAIRS",
    "agreement",
    "changes",
    "graph",
    "measured",
    "measures",
    "over_time",
    "pairs",
    "robustness",
    "specifications",
    "summarise",
    "tone",
    "tone_sentences",
    "windows",
    "write_graphml",
]


def pairs(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    within: str = "paragraph",
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    null: str = "bicm",
    dependence: str = "none",
    min_units: int = 5,
    min_stories: int = 5,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Count the units of text that name both countries of a pair, beside what their own frequency explains.

    The null model keeps both margins: how many units name a country and how many countries a unit names. A pair is
    tested if each of its countries is named in ``min_units`` units and ``min_stories`` stories; that rule looks at
    the margins only, so it does not favour pairs seen together. By default ``p`` takes the units as independent of
    each other; units of one story are not, and where stories are about few countries each, ``q`` then finds pairs
    where there are none. ``dependence="stories"`` mends that, and asking for ``ci_low`` above 0 too, which comes from
    resampling whole stories, guards it (`tests/benchmarks/calibration.py` measures how often each is wrong).

    Parameters
    ----------
    mentions : DataFrame
        The ledger, from `countries.mentions`; accepted rows of the wanted kinds and roles are counted.
    articles : DataFrame
        ``article_id``, ``text``; ``story_id`` if it is there. Units that name no country are counted from here.
    within : {"article", "paragraph", "sentence"}, default="paragraph"
    kinds : collection of str or None, default=("name", "demonym")
        None takes every kind that stands for a country.
    roles : collection of str, default=("headline", "body")
        Without ``"headline"``, headlines are neither counted nor searched.
    duplicates : {"once", "each"}, default="once"
        Whether near-duplicate articles (one ``story_id``) count once, by the longest of them, or each.
    null : {"bicm", "conditional"}, default="bicm"
        "bicm" keeps the countries of a unit on average (`null_model.fit_bicm`): where units name few countries it
        expects too many pairs, so its ratios are too low and its p too large. "conditional" keeps them exactly
        (`conditional_model.fit_conditional`).
    dependence : {"none", "stories"}, default="none"
        Whether ``p`` takes the units as independent, or the stories only (`dependence.upper_tail`). In the article
        window, near-duplicates counted once, the two are the same.
    min_units, min_stories : int, default=5
    n_draws : int, default=1000
        Bootstrap samples; 0 leaves the intervals NaN.
    level : float in (0, 1), default=0.95
        Of the intervals.
    random_state : int, default=0
        Seed of the bootstrap.

    Returns
    -------
    DataFrame, one row per pair of countries named at all, most frequent pair first, ties by name
        ``country_a`` < ``country_b`` : str, ISO 3166-1 alpha-3
        ``within`` : str, the unit
        ``n_a``, ``n_b``, ``n_both`` : int64, units naming the one, the other, both
        ``expected`` : float64, units naming both under the null model
        ``log2_ratio`` : float64, log2(n_both / expected); -inf where no unit names both
        ``ci_low``, ``ci_high`` : float64, of log2_ratio (`intervals.bootstrap_ratios`); -inf where so many draws lost
            the pair; NaN where not tested or never seen
        ``npmi`` : float64 in [-1, 1], a description: 0 if as often as n_a n_b / N units would name both, -1 never
            together, 1 never apart, NaN where both are in every unit. It knows nothing of how many countries a unit
            names, so it can be above 0 where log2_ratio is below
        ``p`` : float64, that the null model gives ``n_both`` or more (`poisson_binomial.upper_tail`, and never less
            with ``dependence="stories"``); NaN: untested
        ``q`` : float64, `p` after Benjamini and Hochberg [1]_ over all rows, untested pairs counting as p = 1: the
            least false discovery rate at which the pair would be among those found; NaN: untested

    Raises
    ------
    TypeError, ValueError
        If an option is not one of those listed, or the ledger does not belong to the articles; the message names
        the first bad value.

    References
    ----------
    .. [1] Y. Benjamini, Y. Hochberg (1995), Controlling the false discovery rate: a practical and powerful approach to
       multiple testing. Journal of the Royal Statistical Society B 57, 289-300.
    """
    options = Options(null, min_units, min_stories, n_draws, level, random_state, dependence)
    data = incidence.build(mentions, articles, within=within, kinds=kinds, roles=roles, duplicates=duplicates)
    return associate(data, within, options)


def measures(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    within: str = "paragraph",
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    min_units: int = 5,
    min_stories: int = 5,
) -> pd.DataFrame:
    """Put the null models and their tests side by side, to see whether what is found depends on which is believed.

    Parameters
    ----------
    mentions, articles, within, kinds, roles, duplicates, min_units, min_stories
        As in `pairs`.

    Returns
    -------
    DataFrame, one row per pair of countries named at all, most frequent pair first, ties by name
        ``country_a``, ``country_b`` : str
        ``n_both`` : int64
        ``expected_N``, ``log2_ratio_N`` : float64, for the null model N in bicm, conditional, as in `pairs`
        ``q_N_D`` : float64, as in `pairs`, for each null model and D, the dependence, in none, stories
        ``npmi``, ``jaccard`` : float64, descriptions that test nothing; Jaccard's index is the units naming both over
            the units naming either, in [0, 1]
    """
    data = incidence.build(mentions, articles, within=within, kinds=kinds, roles=roles, duplicates=duplicates)
    return compare(data, min_units=min_units, min_stories=min_stories)


def windows(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    kinds: Collection[str] | None = ("name", "demonym"),
    roles: Collection[str] = segments.COUNTED_ROLES,
    duplicates: str = "once",
    null: str = "bicm",
    dependence: str = "none",
    min_units: int = 5,
    min_stories: int = 5,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Put the pairs of the three windows side by side: what is left of a pair as the window narrows.

    Parameters
    ----------
    mentions, articles, kinds, roles, duplicates, null, dependence, min_units, min_stories, n_draws, level, random_state
        As in `pairs`.

    Returns
    -------
    DataFrame, one row per pair seen in some article, most frequent in articles first, then paragraphs, sentences, name
        ``country_a``, ``country_b`` : str
        ``n_articles``, ``n_stories`` : int64, articles that name both, and stories that have such an article:
            two tellings that name one country each do not make one
        ``n_both_W``, ``expected_W``, ``log2_ratio_W``, ``ci_low_W``, ``ci_high_W``, ``npmi_W``, ``q_W`` : for W in
            article, paragraph, sentence, as in `pairs`
        ``narrowest`` : str, the narrowest window in which some unit names both
    """
    options = Options(null, min_units, min_stories, n_draws, level, random_state, dependence)
    texts = incidence.spans(articles)
    keys = ["country_a", "country_b"]
    wide = _articles_and_stories(mentions, articles, kinds, roles, texts)
    for window in incidence.WINDOWS:
        data = incidence.build(
            mentions, articles, within=window, kinds=kinds, roles=roles, duplicates=duplicates, texts=texts
        )
        columns = ["n_both", "expected", "log2_ratio", "ci_low", "ci_high", "npmi", "q"]
        part = associate(data, window, options)[[*keys, *columns]].rename(columns={c: f"{c}_{window}" for c in columns})
        wide = wide.merge(part, on=keys, how="inner", validate="one_to_one")
    counts = [f"n_both_{w}" for w in incidence.WINDOWS]
    wide = wide[(wide[counts] > 0).any(axis=1)]
    wide = wide.sort_values([*counts, *keys], ascending=[False] * 3 + [True] * 2).reset_index(drop=True)
    seen = wide[counts].to_numpy() > 0
    narrowest = np.array(incidence.WINDOWS)[seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)]
    return wide.assign(narrowest=pd.Series(narrowest, index=wide.index, dtype="str"))


def robustness(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    windows: Sequence[str] = incidence.WINDOWS,
    kinds: Mapping[str, Collection[str]] | None = None,
    headline: Sequence[str] = ("with", "without"),
    duplicates: Sequence[str] = ("once", "each"),
    measures: Sequence[str] = MEASURES,
    top: int = 10,
    min_both: int = 2,
) -> pd.DataFrame:
    """Rank the pairs under every reasonable way of counting, and give the share in which each stands out.

    Parameters
    ----------
    mentions, articles, windows, kinds, headline, duplicates, measures, top, min_both
        As in `specifications`, which returns the rankings themselves.

    Returns
    -------
    DataFrame, one row per pair seen in any specification
        As documented by `summarise`.
    """
    found = specifications(
        mentions,
        articles,
        windows=windows,
        kinds=kinds,
        headline=headline,
        duplicates=duplicates,
        measures=measures,
        top=top,
        min_both=min_both,
    )
    return summarise(found)


def _articles_and_stories(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    kinds: Collection[str],
    roles: Collection[str],
    texts: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Count, for every pair of countries named at all, the articles that name both and the stories they tell."""
    each = incidence.build(
        mentions, articles, within="article", kinds=kinds, roles=roles, duplicates="each", texts=texts
    )
    a, b = np.triu_indices(len(each.countries), k=1)
    rows = np.arange(len(each.story))
    shape = (each.story.max(initial=-1) + 1, len(rows))
    of_story = sparse.csc_array((np.ones(len(rows), dtype=np.int64), (each.story, rows)), shape=shape)
    named = each.matrix.astype(np.int64)
    in_articles, in_stories = (named.T @ named).toarray(), np.zeros((len(each.countries),) * 2, dtype=np.int64)
    columns = named.tocsc()
    for i in range(len(each.countries)):
        with_it = columns.indices[columns.indptr[i] : columns.indptr[i + 1]]
        in_stories[i] = (of_story[:, with_it] @ named[with_it] > 0).sum(axis=0)
    both = in_articles[a, b], in_stories[a, b]
    names = np.array(each.countries, dtype=object)
    table = {"country_a": names[a], "country_b": names[b], "n_articles": both[0], "n_stories": both[1]}
    return pd.DataFrame(table, index=range(len(a))).astype(
        {"country_a": "str", "country_b": "str", "n_articles": "int64", "n_stories": "int64"}
    )
