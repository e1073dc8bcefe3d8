"""Where in its article each occurrence of a term falls."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis import frames, tokens
from analysis.concordance import word_test
from analysis.segments import COUNTED_ROLES
from analysis.wordforms import DEFAULT, TokenRule


def positions(
    articles: pd.DataFrame,
    *,
    terms: Iterable[str],
    roles: Iterable[str] | None = COUNTED_ROLES,
    rule: TokenRule = DEFAULT,
) -> pd.DataFrame:
    """Find where in its article each occurrence of some terms falls.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    terms : iterable of str
        Words in any case, terms as in ``DocumentTerms.terms``, or words with a wildcard: ``sanction*``. A token that
        fits several has a row for each. Several words are found only where ``rule`` lists them as one.
    roles : iterable of str or None, default=("headline", "body")
    rule : TokenRule, optional

    Returns
    -------
    DataFrame, one row per occurrence, in the order of the articles and of the text
        ``article_id`` : str; ``term`` : str, as given
        ``position`` : int64, tokens of the article before it
        ``n_tokens`` : int64, tokens of the article
        ``share`` : float64 in [0, 1), ``position / n_tokens``
        ``start``, ``end`` : int64, code points into ``text``
    """
    frame = tokens.tokens(articles, roles=roles, rule=rule)
    wanted = list(dict.fromkeys([terms] if isinstance(terms, str) else terms))
    frame["position"] = frame.groupby("article_id").cumcount()
    frame["n_tokens"] = frame.groupby("article_id")["start"].transform("size")
    frame["share"] = frame["position"] / frame["n_tokens"]
    forms = frame[["token", "term"]].drop_duplicates()
    parts = []
    for pattern in wanted:
        test = word_test(pattern, rule)
        fits = forms[np.array([test(token, term) for token, term in forms.itertuples(index=False)], dtype=bool)]
        parts.append(frame.merge(fits, on=["token", "term"], how="inner", validate="many_to_one").assign(term=pattern))
    found = pd.concat(parts) if parts else frame.head(0)
    order = pd.Index(articles["article_id"]).get_indexer(found["article_id"])
    found = found.assign(order=order).sort_values(["order", "start"], kind="stable")
    return frames.conform(found, "term_positions")
