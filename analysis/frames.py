"""The frames that the modules pass to each other: their columns and dtypes, in one place."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

UTC = "datetime64[ns, UTC]"

SCHEMAS: dict[str, dict[str, str]] = {
    "articles": {
        "article_id": "str",
        "title": "str",
        "text": "str",
        "outlet": "str",
        "published": UTC,
        "language": "str",
        "story_id": "str",
        "n_words": "int64",
        "source": "str",
    },
    "problems": {"source": "str", "article_id": "str", "problem": "str", "detail": "str"},
    "segments": {
        "article_id": "str",
        "segment": "int64",
        "start": "int64",
        "end": "int64",
        "role": "str",
        "rule": "str",
    },
    "sentences": {
        "article_id": "str",
        "segment": "int64",
        "sentence": "int64",
        "start": "int64",
        "end": "int64",
    },
    "units": {"article_id": "str", "segment": "int64", "start": "int64", "end": "int64"},
    "tokens": {
        "article_id": "str",
        "segment": "int64",
        "sentence": "int64",
        "start": "int64",
        "end": "int64",
        "token": "str",
        "term": "str",
    },
    "frequencies": {
        "term": "str",
        "n": "int64",
        "df": "int64",
        "per_million": "float64",
        "ci_low": "float64",
        "ci_high": "float64",
        "dp": "float64",
        "dp_norm": "float64",
        "rank": "int64",
        "label": "str",
    },
    "terms_by_group": {
        "group": "str",
        "term": "str",
        "n": "int64",
        "df": "int64",
        "per_million": "float64",
        "n_articles": "int64",
        "n_tokens": "int64",
        "label": "str",
        "ci_low": "float64",
        "ci_high": "float64",
    },
    "tf_idf": {
        "article_id": "str",
        "term": "str",
        "n": "int64",
        "df": "int64",
        "tf": "float64",
        "idf": "float64",
        "tf_idf": "float64",
        "label": "str",
    },
    "term_trend": {
        "term": "str",
        "period": UTC,
        "n": "int64",
        "df": "int64",
        "per_million": "float64",
        "ci_low": "float64",
        "ci_high": "float64",
        "n_articles": "int64",
        "n_tokens": "int64",
    },
    "shared_terms": {
        "group": "str",
        "term": "str",
        "n": "int64",
        "df": "int64",
        "n_articles": "int64",
        "share_of_articles": "float64",
        "n_elsewhere": "int64",
        "df_elsewhere": "int64",
        "n_articles_elsewhere": "int64",
        "label": "str",
    },
    "term_positions": {
        "article_id": "str",
        "term": "str",
        "position": "int64",
        "n_tokens": "int64",
        "share": "float64",
        "start": "int64",
        "end": "int64",
    },
    "keyness": {
        "term": "str",
        "n_target": "int64",
        "n_reference": "int64",
        "df_target": "int64",
        "df_reference": "int64",
        "per_million_target": "float64",
        "per_million_reference": "float64",
        "log2_ratio": "float64",
        "ci_low": "float64",
        "ci_high": "float64",
        "log2_ratio_shrunk": "float64",
        "g2": "float64",
        "log_odds": "float64",
        "z": "float64",
        "p": "float64",
        "q": "float64",
        "dp_target": "float64",
        "dp_reference": "float64",
        "label": "str",
    },
    "collocations": {
        "term_a": "str",
        "term_b": "str",
        "n_a": "int64",
        "n_b": "int64",
        "n_both": "int64",
        "df": "int64",
        "expected": "float64",
        "npmi": "float64",
        "g2": "float64",
        "log_dice": "float64",
        "delta_p_b_given_a": "float64",
        "delta_p_a_given_b": "float64",
        "label": "str",
    },
    "concordance": {
        "article_id": "str",
        "segment": "int64",
        "sentence": "int64",
        "start": "int64",
        "end": "int64",
        "left": "str",
        "hit": "str",
        "right": "str",
    },
    "concordances": {
        "pattern": "str",
        "article_id": "str",
        "segment": "int64",
        "sentence": "int64",
        "start": "int64",
        "end": "int64",
        "left": "str",
        "hit": "str",
        "right": "str",
    },
    "mentions": {
        "article_id": "str",
        "start": "int64",
        "end": "int64",
        "surface": "str",
        "country": "str",
        "organisation": "str",
        "kind": "str",
        "role": "str",
        "segment": "int64",
        "sentence": "int64",
        "accepted": "bool",
        "rule": "str",
    },
}


def empty(name: str) -> pd.DataFrame:
    """Return the frame ``name`` without rows, its columns and dtypes as documented.

    Parameters
    ----------
    name : str
        A key of `SCHEMAS`.
    """
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in SCHEMAS[name].items()})


def conform(rows: object, name: str) -> pd.DataFrame:
    """Build the frame ``name`` from records or columns, with its documented columns and dtypes.

    Parameters
    ----------
    rows : list of dict, dict of arrays, or DataFrame
    name : str
        A key of `SCHEMAS`.
    """
    frame = pd.DataFrame(rows, columns=list(SCHEMAS[name]))
    if frame.empty:
        return empty(name)
    return frame.astype(SCHEMAS[name]).reset_index(drop=True)


def require(frame: pd.DataFrame, columns: Iterable[str], *, name: str) -> None:
    """Raise unless ``frame`` is a DataFrame that has ``columns``.

    Raises
    ------
    TypeError
        If ``frame`` is not a DataFrame.
    ValueError
        If a column is missing; the message lists which, and which are there.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{name} must be a pandas DataFrame, not {type(frame).__name__}")
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise ValueError(
            f"{name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
            f"it has {', '.join(map(str, frame.columns)) or 'none'}"
        )


def require_articles(articles: pd.DataFrame) -> None:
    """Raise unless ``articles`` has string ids, unique, and string texts.

    Raises
    ------
    TypeError, ValueError
        Naming the first bad row: a missing column, a missing or repeated ``article_id``, a ``text`` that is
        no string.
    """
    require(articles, ["article_id", "text"], name="articles")
    ids = articles["article_id"]
    if ids.isna().any():
        row = int(ids.isna().to_numpy().argmax())
        raise ValueError(f"articles: row {row} has no article_id")
    repeated = ids.duplicated()
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        raise ValueError(f"articles: article_id {ids.iloc[row]!r} occurs twice (second time in row {row})")
    texts = articles["text"]
    if isinstance(texts.dtype, pd.StringDtype):  # holds strings and missing values only: no copy of every text
        is_text = texts.notna().to_numpy(dtype=bool)
    else:
        is_text = texts.map(lambda t: isinstance(t, str)).to_numpy(dtype=bool)
    if not is_text.all():
        row = int((~is_text).argmax())
        raise ValueError(
            f"articles: the text of row {row} (article_id {ids.iloc[row]!r}) is no string: "
            f"{articles['text'].iloc[row]!r}"
        )
