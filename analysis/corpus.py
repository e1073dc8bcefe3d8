"""Files to articles; what could not be read, to problems."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pandas as pd

from analysis import frames, segments

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
"""The five articles that come with the project."""

PROBLEMS = {
    "binary": "the file holds NUL bytes: no text",
    "duplicate_id": "another file gave the same article id and was read first",
    "empty": "no character but white space",
    "not_an_article": "a README, licence or hidden file beside the articles",
    "not_utf8": "bytes that are not UTF-8; the detail says where",
    "unreadable": "the system refused to open or read the file",
    "unsupported": "a file type that is not read; only .txt is",
}
"""The fixed vocabulary of ``problems.problem``."""

AGENCIES = {
    "AFP": "Agence France-Presse",
    "AP": "Associated Press",
    "IP": "Iran Press",
    "Reuters": "Reuters",
    "Xinhua": "Xinhua",
}
"""Outlets named by their usual mark in a dateline."""

_NOT_ARTICLES = re.compile(r"(?:\..*|(?:readme|licen[cs]e|copying)(?:\..*)?)", re.IGNORECASE)
_AGENCY = re.compile(r"\(([^()]{1,30})\)")


def load_articles(path: str | os.PathLike[str] = SEEDS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a folder of .txt files (UTF-8), one article each, subfolders too, in the order of their paths.

    Every file found is either an article or a row of ``problems``.

    Parameters
    ----------
    path : path-like, default=`SEEDS`
        A folder, or one .txt file.

    Returns
    -------
    articles : DataFrame, one row per article
        ``article_id`` : str, the path within the folder without its suffix
        ``title`` : str, the headline, NA where the text has none
        ``text`` : str, the decoded file without byte-order mark, line ends as line feeds; nothing else is changed
        ``outlet`` : str, as the dateline states it, NA where it does not
        ``published`` : datetime64[ns, UTC], NaT: a text file does not state it
        ``language`` : str, BCP 47, ``und`` (undetermined)
        ``story_id`` : str, the first article whose counted text is the same but for white space and case
        ``n_words`` : int64, words of the whole text, separated by white space
        ``source`` : str, path within the folder
    problems : DataFrame, one row per thing not read
        ``source``, ``article_id`` (NA if the file gave none), ``problem`` (a key of `PROBLEMS`), ``detail``

    Raises
    ------
    FileNotFoundError
        If ``path`` does not exist.
    PermissionError
        If the folder cannot be listed.
    ValueError
        If nothing could be read; the message says how many files were found, and why each was left.
    """
    root = Path(path).expanduser()
    if not root.exists():
        raise FileNotFoundError(f"no such corpus: {root}")
    files = _files(root)
    rows: list[dict] = []
    problems: list[dict] = []
    first: dict[str, str] = {}
    for file in files:
        source = file.relative_to(root).as_posix() if file != root else file.name
        article_id, text, problem = _read(file, source)
        if problem is None and article_id in first:
            problem = ("duplicate_id", f"first used by {first[article_id]}")
        if problem is not None:
            problems.append({"source": source, "article_id": article_id, "problem": problem[0], "detail": problem[1]})
            continue
        first[article_id] = source
        rows.append({"article_id": article_id, "text": text, "source": source})
    if not rows:
        raise ValueError(f"no article could be read from {root}: {_reasons(problems)}")
    return _describe(pd.DataFrame(rows, dtype="str")), frames.conform(problems, "problems")


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

    Returns
    -------
    Series of str, indexed by ``article_id``
    """
    frames.require(articles, ["article_id"], name="articles")
    ids = articles["article_id"].tolist()
    longest = max((len(i) for i in ids), default=3)
    length = next((n for n in range(3, longest) if len({i[:n] for i in ids}) == len(set(ids))), longest)
    index = pd.Index(ids, dtype="str", name="article_id")
    return pd.Series([i[:length].rstrip("_-. ") or i for i in ids], index=index, dtype="str", name="short_id")


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


def share_intervals(n_articles: int, *, confidence: float = 0.95) -> pd.DataFrame:
    """Say what share of all such coverage may have a property that ``n_found`` of the articles have.

    Wilson score interval [1]_, as if the articles were drawn at random from the coverage meant.

    Parameters
    ----------
    n_articles : int
        Articles in the corpus, 1 at least.
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
    .. [1] E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if n_articles < 1:
        raise ValueError(f"n_articles must be 1 at least, not {n_articles}")
    from scipy.stats import binomtest

    found = sorted({round(n_articles * i / 10) for i in range(11)}) if n_articles > 10 else range(n_articles + 1)
    intervals = [binomtest(k, n_articles).proportion_ci(confidence, method="wilson") for k in found]
    return pd.DataFrame(
        {
            "n_found": pd.Series(list(found), dtype="int64"),
            "share": [k / n_articles for k in found],
            "low": [float(i.low) for i in intervals],
            "high": [float(i.high) for i in intervals],
        }
    )


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    found: list[Path] = []

    def fail(error: OSError) -> None:
        raise error

    for folder, folders, names in os.walk(root, onerror=fail):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        found += [Path(folder, name) for name in names]
    return sorted(found, key=lambda f: f.relative_to(root).as_posix())


def _read(file: Path, source: str) -> tuple[str | None, str | None, tuple[str, str] | None]:
    """Return ``(article_id, text, None)`` or ``(article_id or None, None, (problem, detail))``."""
    if _NOT_ARTICLES.fullmatch(file.name):
        return None, None, ("not_an_article", PROBLEMS["not_an_article"])
    if file.suffix.lower() != ".txt":
        return None, None, ("unsupported", f"file type {file.suffix or 'without a suffix'}; only .txt is read")
    article_id = source[: -len(file.suffix)]
    try:
        data = file.read_bytes()
    except OSError as error:
        return article_id, None, ("unreadable", error.strerror or type(error).__name__)
    if b"\0" in data:
        return article_id, None, ("binary", f"a NUL byte at offset {data.index(0)}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return article_id, None, ("not_utf8", f"byte 0x{data[error.start]:02x} at offset {error.start}")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return article_id, None, ("empty", f"{len(data)} bytes")
    return article_id, text, None


def _describe(articles: pd.DataFrame) -> pd.DataFrame:
    """Add what the texts themselves state: title, outlet, stories, length."""
    parts = segments.paragraphs(articles)
    parts["text"] = segments.text_of(parts, articles)
    titles = parts[parts["role"] == "headline"].drop_duplicates("article_id").set_index("article_id")["text"]
    datelines = parts[parts["role"] == "dateline"].drop_duplicates("article_id").set_index("article_id")["text"]
    marks = datelines.map(lambda d: m[1] if (m := _AGENCY.search(d)) else None)
    counted = parts[parts["role"].isin(segments.COUNTED_ROLES)].groupby("article_id")["text"].agg(" ".join)
    keys = articles["article_id"].map(counted.map(lambda t: " ".join(t.casefold().split())))
    keys = keys.fillna(articles["article_id"])
    return frames.conform(
        articles.assign(
            title=articles["article_id"].map(titles),
            outlet=articles["article_id"].map(marks.map(lambda m: AGENCIES.get(m, m), na_action="ignore")),
            published=pd.Series(pd.NaT, index=articles.index, dtype=frames.UTC),
            language="und",
            story_id=articles.groupby(keys)["article_id"].transform("first"),
            n_words=articles["text"].map(lambda t: len(t.split())),
        ),
        "articles",
    )


def _reasons(problems: list[dict]) -> str:
    if not problems:
        return "the folder holds no files"
    counts = pd.Series([p["problem"] for p in problems]).value_counts().sort_index()
    return f"{len(problems)} files found, {', '.join(f'{n} {problem}' for problem, n in counts.items())}"
