"""How right the mention ledger is: its spans against spans labelled by reading."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import frames, lexicon

_LABELLED = Path(__file__).resolve().parent.parent / "tests" / "accuracy"

SEEDS_GOLD = _LABELLED / "seeds.csv"
"""Every mention in the five seed articles, annotated by reading them."""

SENTENCES = _LABELLED / "sentences.csv"
"""Sentences of our own with their mentions marked, one pair at least for each ambiguous name, in either direction."""

_MARK = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)\|([a-z]+)\]")
_KEY = ["article_id", "start", "end", "kind", "meaning"]
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution


def load_gold(path: str | os.PathLike[str] = SEEDS_GOLD) -> pd.DataFrame:
    """Read labelled spans.

    Returns
    -------
    DataFrame, one row per mention
        ``article_id``, ``surface``, ``kind``, ``country``, ``organisation`` : str
        ``start``, ``end`` : int64, code points
    """
    gold = pd.read_csv(path, dtype="str")
    frames.require(gold, ["article_id", "start", "end", "kind", "country", "organisation"], name="gold")
    return gold.astype({"start": "int64", "end": "int64"})


def load_sentences(path: str | os.PathLike[str] = SENTENCES) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read sentences whose mentions are marked as ``[surface|code|kind]``.

    Returns
    -------
    articles : DataFrame, one row per line of the file
        ``article_id``, ``topic``, ``text`` : str, the text without its marks
    gold : DataFrame, as from `load_gold`
    """
    lines = pd.read_csv(path, dtype="str", keep_default_na=False)
    texts, rows = [], []
    for number, marked in enumerate(lines["marked"]):
        text, last = "", 0
        for mark in _MARK.finditer(marked):
            text += marked[last : mark.start()]
            is_organisation = mark[3] == "organisation"
            rows.append(
                {
                    "article_id": f"s{number:04}",
                    "start": len(text),
                    "end": len(text) + len(mark[1]),
                    "surface": mark[1],
                    "kind": mark[3],
                    "country": None if is_organisation else mark[2],
                    "organisation": mark[2] if is_organisation else None,
                }
            )
            text, last = text + mark[1], mark.end()
        texts.append(text + marked[last:])
    ids = [f"s{number:04}" for number in range(len(lines))]
    articles = pd.DataFrame({"article_id": ids, "topic": lines["topic"], "text": texts}, dtype="str")
    columns = ["article_id", "start", "end", "surface", "kind", "country", "organisation"]
    gold = pd.DataFrame(rows, columns=columns).astype({c: "str" for c in columns if c not in ("start", "end")})
    return articles, gold.astype({"start": "int64", "end": "int64"})


def score(mentions: pd.DataFrame, gold: pd.DataFrame) -> pd.DataFrame:
    """Measure precision, recall and F1 of the accepted mentions, by kind and over all kinds.

    A mention is right if a labelled one has the same start, end, kind and country or organisation.

    Parameters
    ----------
    mentions : DataFrame
        The ledger over the articles that were labelled, every role.
    gold : DataFrame
        From `load_gold` or `load_sentences`.

    Returns
    -------
    DataFrame, one row per kind in the order of `lexicon.KINDS`, then ``all``
        ``kind`` : str
        ``n_gold``, ``n_found``, ``n_right`` : int64, mentions labelled, accepted, and both
        ``precision``, ``recall``, ``f1`` : float64 in [0, 1], NaN where there is nothing to divide by
        ``precision_low``, ``precision_high``, ``recall_low``, ``recall_high``, ``f1_low``, ``f1_high`` : float64,
        intervals of 95 per cent: Wilson's score interval [1]_ for precision and recall. F1 is 2j / (1 + j), where j is
        the share of right mentions among all that were labelled or accepted; its interval is Wilson's for j, so
        transformed. They take the mentions as independent; those of one article are not, so where a few articles hold
        them all the intervals are too narrow for what the next article would give.

    References
    ----------
    .. [1] E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
       Journal of the American Statistical Association 22, 209-212.
    """
    columns = ["article_id", "start", "end", "kind", "country", "organisation"]
    frames.require(mentions, [*columns, "accepted"], name="mentions")
    frames.require(gold, columns, name="gold")
    found = _keys(mentions[mentions["accepted"]])
    wanted = _keys(gold)
    right = found.merge(wanted, on=_KEY, how="inner", validate="one_to_one")
    sizes = [t["kind"].value_counts().reindex(lexicon.KINDS, fill_value=0) for t in (wanted, found, right)]
    table = pd.concat(sizes, axis=1, keys=["n_gold", "n_found", "n_right"])
    table.loc["all"] = table.sum()
    table = table.astype("int64").rename_axis("kind").reset_index().astype({"kind": "str"})
    n_gold, n_found, n_right = (table[c].to_numpy() for c in ("n_gold", "n_found", "n_right"))
    union = n_gold + n_found - n_right
    for name, total in (("precision", n_found), ("recall", n_gold)):
        share, low, high = wilson(n_right, total)
        table[name], table[f"{name}_low"], table[f"{name}_high"] = share, low, high
    for name, j in zip(("f1", "f1_low", "f1_high"), wilson(n_right, union), strict=True):
        table[name] = 2 * j / (1 + j)
    return table


def wilson(successes: np.ndarray, trials: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the share of successes and the ends of Wilson's score interval of 95 per cent; NaN without trials.

    The interval is ``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`` (Wilson 1927), z the normal quantile of 0.975.
    """
    k, n = (np.asarray(a, dtype=np.float64) for a in (successes, trials))
    n = np.where(n > 0, n, np.nan)
    p = k / n
    middle = p + _Z**2 / (2 * n)
    spread = _Z * np.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return p, np.clip((middle - spread) / scale, 0, 1), np.clip((middle + spread) / scale, 0, 1)


def disagreements(mentions: pd.DataFrame, gold: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return the mentions that were missed or are wrong, with the text around them.

    Returns
    -------
    DataFrame, one row per disagreement, by article and position
        ``article_id``, ``start``, ``end``, ``kind``; ``meaning`` : the country's or organisation's code
        ``error`` : {"missed", "wrong"}
        ``context`` : str, the span in brackets and up to 40 characters on either side
    """
    frames.require_articles(articles)
    both = _keys(gold).merge(
        _keys(mentions[mentions["accepted"]]), on=_KEY, how="outer", indicator="error", validate="one_to_one"
    )
    rows = both[both["error"] != "both"].sort_values(["article_id", "start", "end", "error"], ignore_index=True)
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    spans = zip(rows["article_id"], rows["start"], rows["end"], strict=True)
    context = [f"{texts[i][max(a - 40, 0) : a]}[{texts[i][a:b]}]{texts[i][b : b + 40]}" for i, a, b in spans]
    error = rows["error"].astype("str").map({"left_only": "missed", "right_only": "wrong"})
    return rows.assign(error=error.astype("str"), context=pd.Series(context, dtype="str"))


def _keys(rows: pd.DataFrame) -> pd.DataFrame:
    meaning = rows["country"].astype("str").fillna(rows["organisation"].astype("str"))
    return rows.assign(meaning=meaning)[_KEY].drop_duplicates().reset_index(drop=True)
