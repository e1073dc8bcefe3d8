"""Every occurrence of a word or phrase with the words around it."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis import frames, tokens
from analysis.segments import COUNTED_ROLES


def concordance(
    articles: pd.DataFrame,
    pattern: str,
    *,
    width: int = 40,
    roles: Iterable[str] | None = COUNTED_ROLES,
    sort: str = "text",
) -> pd.DataFrame:
    """List every occurrence of a word or phrase with its left and right context (KWIC).

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    pattern : str
        A word or a phrase; case does not matter. ``*`` stands for any characters of a word, ``?`` for one.
    width : int, default=40
        Code points of context on each side, within the paragraph.
    roles : iterable of str or None, default=("headline", "body")
    sort : {"text", "left", "right"}, default="text"
        In the order of the text, by the words before the hit (nearest first), or by the words after it.

    Returns
    -------
    DataFrame, one row per occurrence
        ``article_id`` : str; ``segment``, ``sentence``, ``start``, ``end`` : int64
        ``left``, ``hit``, ``right`` : str
    """
    if sort not in ("text", "left", "right"):
        raise ValueError(f"sort must be text, left or right, not {sort!r}")
    frames.require_articles(articles)
    words = [re.compile(fnmatch.translate(tokens.term(w))) for w in pattern.split()]
    if not words:
        raise ValueError("concordance: the pattern is empty")
    found = tokens.tokens(articles, roles=roles)
    terms = found["term"].to_numpy(dtype=object)
    hits = np.ones(max(len(terms) - len(words) + 1, 0), dtype=bool)
    for k, word in enumerate(words):
        known = {t: word.match(t) is not None for t in set(terms)}
        hits &= np.fromiter((known[t] for t in terms[k : k + len(hits)]), dtype=bool, count=len(hits))
    first = np.flatnonzero(hits)
    last = first + len(words) - 1
    same = found[["article_id", "sentence"]].iloc[first].reset_index(drop=True)
    keep = (same == found[["article_id", "sentence"]].iloc[last].reset_index(drop=True)).all(axis=1).to_numpy()
    first, last = first[keep], last[keep]
    rows = found.iloc[first].reset_index(drop=True)
    rows["end"] = found["end"].to_numpy()[last]
    whole = found.groupby(["article_id", "segment"], sort=False)[["start", "end"]].agg({"start": "min", "end": "max"})
    edges = whole.reindex(pd.MultiIndex.from_frame(rows[["article_id", "segment"]]))
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    lefts, hits_, rights = [], [], []
    for i, a, b, low, high in zip(
        rows["article_id"], rows["start"], rows["end"], edges["start"], edges["end"], strict=True
    ):
        text = texts[i]
        lefts.append(text[max(low, a - width) : a])
        hits_.append(text[a:b])
        rights.append(text[b : min(high + 1, b + width)])
    result = rows[["article_id", "segment", "sentence", "start", "end"]].assign(
        left=pd.Series(lefts, dtype="str"), hit=pd.Series(hits_, dtype="str"), right=pd.Series(rights, dtype="str")
    )
    if sort == "left":
        keys = [t.casefold().split()[::-1] for t in lefts]
    elif sort == "right":
        keys = [t.casefold().split() for t in rights]
    else:
        return result
    return result.iloc[sorted(range(len(keys)), key=lambda k: (keys[k], k))].reset_index(drop=True)
