"""What is in a corpus: from whom, when, in which language, and what so many articles can support."""

from __future__ import annotations

import hashlib

import pandas as pd

from analysis import frames, languages


def fingerprint(articles: pd.DataFrame) -> str:
    """Return the SHA-256 of the articles' ids and texts, 64 hex digits; their order does not matter."""
    frames.require_articles(articles)
    digest = hashlib.sha256()
    for article_id, text in sorted(zip(articles["article_id"], articles["text"], strict=True)):
        for part in (article_id, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def short_ids(articles: pd.DataFrame) -> pd.Series:
    """Return the shortest prefix, of three characters at least, that tells the articles apart.

    A prefix that ends within a word goes on to its end, where that is within `LONGEST_SHORT_ID` characters.

    Returns
    -------
    Series of str, indexed by ``article_id``
    """
    frames.require(articles, ["article_id"], name="articles")
    ids = articles["article_id"].tolist()
    longest = max((len(i) for i in ids), default=3)
    length = next((n for n in range(3, longest) if len({i[:n] for i in ids}) == len(set(ids))), longest)
    index = pd.Index(ids, dtype="str", name="article_id")
    return pd.Series(
        [_to_the_end_of_a_word(i, length).rstrip("_-. ") or i for i in ids], index=index, dtype="str", name="short_id"
    )


LONGEST_SHORT_ID = 12
"""Characters of a short name that is made longer than it need be, so as not to end within a word."""


def _to_the_end_of_a_word(article_id: str, length: int) -> str:
    end = length
    while end < len(article_id) and article_id[end - 1].isalnum() and article_id[end].isalnum():
        end += 1
    return article_id[: end if end <= LONGEST_SHORT_ID else length]


def outlets(articles: pd.DataFrame) -> pd.Series:
    """Return each article's outlet, ``"not stated"`` where the text does not tell.

    Returns
    -------
    Series of str, indexed by ``article_id``
    """
    frames.require(articles, ["article_id", "outlet"], name="articles")
    return articles.set_index("article_id")["outlet"].fillna("not stated")


def by_outlet(articles: pd.DataFrame) -> pd.DataFrame:
    """Sum the corpus up by outlet, the most frequent first, ties by name.

    Returns
    -------
    DataFrame, one row per outlet
        ``outlet`` : str, ``not stated`` for articles that do not tell
        ``n_articles``, ``n_stories``, ``n_words`` : int64
        ``first``, ``last`` : datetime64[ns, UTC], NaT where no article has a date
    """
    named = articles.assign(outlet=outlets(articles).to_numpy())
    return (
        named.groupby("outlet", as_index=False)
        .agg(
            n_articles=("article_id", "size"),
            n_stories=("story_id", "nunique"),
            n_words=("n_words", "sum"),
            first=("published", "min"),
            last=("published", "max"),
        )
        .sort_values(["n_articles", "outlet"], ascending=[False, True], ignore_index=True)
    )


def by_language(articles: pd.DataFrame) -> pd.DataFrame:
    """Sum the corpus up by language, the most frequent first, ties by code.

    Returns
    -------
    DataFrame, one row per language
        ``language`` : str, BCP 47, ``und`` where it cannot be told
        ``n_articles``, ``n_stories``, ``n_words`` : int64
        ``english`` : bool, whether `languages.english` keeps it
    """
    frames.require(articles, ["article_id", "language", "story_id", "n_words"], name="articles")
    table = _sums(articles, articles["language"].fillna("und"), "language")
    table["english"] = [languages.is_english(code) for code in table["language"]]
    table["english"] = table["english"].astype(bool)
    return table.sort_values(["n_articles", "language"], ascending=[False, True], ignore_index=True)


def by_period(articles: pd.DataFrame, *, most: int = 15) -> pd.DataFrame:
    """Sum the corpus up by day, month, year or decade, whichever is the finest that has ``most`` periods at most.

    Returns
    -------
    DataFrame, one row per period that has articles, the earliest first
        ``period`` : str, ``2023-06-17``, ``2023-06``, ``2023`` or ``2020s``; last, ``not stated``
        ``n_articles``, ``n_stories``, ``n_words`` : int64
    """
    frames.require(articles, ["article_id", "published", "story_id", "n_words"], name="articles")
    dates = articles["published"].dt
    forms = [
        dates.strftime("%Y-%m-%d"),
        dates.strftime("%Y-%m"),
        dates.strftime("%Y"),
        dates.strftime("%Y").str[:3] + "0s",
    ]
    form = next((f for f in forms if f.nunique() <= most), forms[-1])
    table = _sums(articles, form.fillna("not stated").astype("str"), "period")
    return table.sort_values("period", key=lambda p: p.replace("not stated", "~"), ignore_index=True)


def _sums(articles: pd.DataFrame, key: pd.Series, name: str) -> pd.DataFrame:
    named = articles.assign(**{name: key.to_numpy()}).astype({name: "str"})
    sums = {"n_articles": ("article_id", "size"), "n_stories": ("story_id", "nunique"), "n_words": ("n_words", "sum")}
    return named.groupby(name, as_index=False).agg(**sums).astype(dict.fromkeys(sums, "int64"))


_BANDS = (50, 100, 200, 400, 800, 1600, 3200)
_MOST_OUTLETS = 20


def words_by_group(words: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Average the words of each role over groups of articles: outlets where two or more are known, else lengths.

    Parameters
    ----------
    words : DataFrame
        ``article_id``, ``role``, ``n_words``, from `segments.words_by_role`.
    articles : DataFrame
        ``article_id``, ``outlet``.

    Returns
    -------
    DataFrame, one row per group and role, roles in the order of ``words``
        ``group`` : str, an outlet, the one of most articles first, 20 at most; then the others together, then what is
            not stated. Else a length, ``101 to 200 words``, the longest first
        ``n_articles`` : int64, of the group
        ``role`` : str
        ``n_words`` : float64, mean over the articles of the group
    """
    frames.require(words, ["article_id", "role", "n_words"], name="words")
    named = outlets(articles)
    counts = named[named != "not stated"].value_counts(sort=False)
    if len(counts) > 1:
        ranked = sorted(counts.index, key=lambda o: (-counts[o], o))
        rest = ranked[_MOST_OUTLETS:]
        others = f"{len(rest):,} other outlet{'' if len(rest) == 1 else 's'}"
        group = named.where(~named.isin(rest), others)
        order = [*ranked[:_MOST_OUTLETS], others, "not stated"]
    else:
        lengths = words.groupby("article_id")["n_words"].sum().reindex(named.index)
        edges = [-1, *_BANDS, float("inf")]
        order = [f"{low + 1:,} to {high:,} words" for low, high in zip((0, *_BANDS), _BANDS, strict=False)]
        order = [f"{_BANDS[0]} words or fewer", *order[1:], f"more than {_BANDS[-1]:,} words"]
        group = pd.cut(lengths, edges, labels=order).astype("str")
        order = order[::-1]
    sizes = group.value_counts()
    rank = {g: i for i, g in enumerate(order)}
    roles = {r: i for i, r in enumerate(dict.fromkeys(words["role"]))}
    table = words.assign(group=words["article_id"].map(group))
    table = table.groupby(["group", "role"], as_index=False)["n_words"].sum()
    table["n_articles"] = table["group"].map(sizes).astype("int64")
    table["n_words"] = table["n_words"] / table["n_articles"]
    table = table.sort_values(
        ["group", "role"], key=lambda v: v.map(rank if v.name == "group" else roles), ignore_index=True
    )
    return table[["group", "n_articles", "role", "n_words"]]


def share_intervals(n_articles: int, *, confidence: float = 0.95) -> pd.DataFrame:
    """Say what share of all such coverage may have a property that ``n_found`` of the articles have.

    Where some are copies of others, give the number of stories, of which each counts once.
    Clopper-Pearson interval [1]_, as if they were drawn at random from the coverage meant: it holds the share in at
    least ``confidence`` of the samples, whatever the share is, and is rather too wide than too narrow.

    Parameters
    ----------
    n_articles : int
        Articles, or stories, in the corpus, 1 at least.
    confidence : float, default=0.95

    Returns
    -------
    DataFrame, one row per number of articles: every number up to 10 articles, tenths of the corpus above
        ``n_found`` : int64
        ``share``, ``low``, ``high`` : float64 in [0, 1]

    Raises
    ------
    ValueError
        If ``n_articles`` is below 1.

    References
    ----------
    .. [1] C. J. Clopper and E. S. Pearson (1934), The use of confidence or fiducial limits illustrated in the case of
       the binomial.
    """
    if n_articles < 1:
        raise ValueError(f"n_articles must be 1 at least, not {n_articles}")
    from scipy.stats import binomtest

    found = sorted({round(n_articles * i / 10) for i in range(11)}) if n_articles > 10 else range(n_articles + 1)
    intervals = [binomtest(k, n_articles).proportion_ci(confidence, method="exact") for k in found]
    return pd.DataFrame(
        {
            "n_found": pd.Series(list(found), dtype="int64"),
            "share": [k / n_articles for k in found],
            "low": [float(i.low) for i in intervals],
            "high": [float(i.high) for i in intervals],
        }
    )
