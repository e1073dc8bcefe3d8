"""What could not be read, or was read with a doubt: the vocabulary, and how much of it there is."""

from __future__ import annotations

import re

import pandas as pd

from analysis import frames

LOST = {
    "bad_row": "a row that is damaged: other fields than the header names, no JSON, no text",
    "binary": "NUL bytes: no text",
    "duplicate_id": "an earlier article has the same id",
    "empty": "no character but white space, or no rows",
    "no_main_text": "a web page in which no article was found",
    "no_text_column": "no column has a usual name for the text; name it with columns={'text': ...}",
    "not_an_article": "a README, licence or hidden file, or what a browser saved beside a page",
    "symlink_folder": "a link to a folder; not followed",
    "symlink_outside": "a link out of the corpus; not followed",
    "too_deep": "JSON nested deeper than can be read",
    "too_large": "more than the limits of `tables`, `pages` and `files` allow",
    "truncated_archive": "a damaged or cut off archive or compressed file",
    "undecodable": "bytes or characters that no known encoding explains",
    "unreadable": "the system or the library refused to open or read it",
    "unsafe_path": "a name in an archive that leads out of it",
    "unsafe_xml": "XML that declares entities",
    "unsupported": "a file type that is not read",
}
"""Problems that cost the file or the row they name."""

DOUBTS = {
    "column_missing": "a column named by the caller is not in this table; another was read, or none",
    "control_characters": "holds control characters; kept as they are",
    "date_order": "dates such as 03/04/2024, read as the other dates of the same table are: day or month first",
    "date_unclear": "states a date that can be read in more than one way, or in none; none is taken",
    "encoding_guessed": "not UTF-8; the encoding was guessed",
    "formula": "begins as a formula of a spreadsheet; kept as text",
    "language_other": "not in English; counted here, left out of what counts English words and names",
    "markup": "HTML in a row's text or title: its tags count as words; read with MARKUP = True in a notebook, "
    "--set MARKUP=True in the command, markup=True in code",
    "markup_read": "HTML in a row's text or title was read: offsets hold in the article's text, not in the file",
    "mojibake": "characters decoded twice (\u00e2\u20ac\u2122 for \u2019); repaired with repair=True only",
    "no_tokens": "no word in its headline or body: it counts for nothing where words are counted",
    "repaired": "mojibake that was repaired: offsets hold in the article's text, not in the file",
    "summary_only": "the source gives summaries, not the articles",
    "title_apart": "the file states a title that is no part of the text: it is not counted, but with titles='first'",
    "too_short": "no sentence, or a notice in place of an article, such as [Removed]; counted as an article",
    "torn_character": "ends within a character, which was left out",
    "unspaced_script": "written without spaces between words: its characters are counted as words",
}
"""Problems of what was read nevertheless."""

PROBLEMS = {**LOST, **DOUBTS}
"""The fixed vocabulary of ``problems.problem``."""


def files(articles: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """Account for every file found: read whole, read in part, or not read.

    Returns
    -------
    DataFrame, one row per file, in the order of their paths
        ``file`` : str, path within the corpus
        ``n_articles`` : int64, articles read from it
        ``n_lost``, ``n_doubts`` : int64, rows of ``problems`` of either kind
    """
    frames.require(articles, ["source"], name="articles")
    frames.require(problems, ["source", "problem"], name="problems")
    lost = problems["problem"].isin(list(LOST))
    counted = {
        "n_articles": articles["source"],
        "n_lost": problems["source"][lost],
        "n_doubts": problems["source"][~lost],
    }
    columns = {k: _file(v).value_counts() for k, v in counted.items()}
    table = pd.DataFrame(columns).fillna(0).astype("int64").sort_index()
    return table.rename_axis("file").reset_index().astype({"file": "str"})


def problem_counts(problems: pd.DataFrame, *, articles: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the problems by kind, what was lost first, the most frequent first, ties by name.

    Parameters
    ----------
    problems : DataFrame
        From `corpus.load_articles`.
    articles : DataFrame, optional
        The articles read, for ``n_articles``: one problem may stand for all articles of a file.

    Returns
    -------
    DataFrame, one row per kind that occurs
        ``problem``, ``meaning`` : str
        ``lost`` : bool, whether it cost the file or row
        ``n`` : int64, files and rows that have it
        ``n_articles`` : Int64, articles read with this doubt; NA where nothing was read, or without ``articles``
        ``example`` : str, the first source that has it
    """
    frames.require(problems, ["source", "problem"], name="problems")
    table = problems.groupby("problem", as_index=False).agg(n=("source", "size"), example=("source", "first"))
    table["lost"] = table["problem"].isin(list(LOST)).astype(bool)
    table["meaning"] = table["problem"].map(PROBLEMS).astype("str")
    concerned = {} if articles is None else _concerned(problems, articles)
    table["n_articles"] = pd.array([concerned.get(p) for p in table["problem"]], dtype="Int64")
    most = table["n_articles"].fillna(table["n"]).astype("int64")
    table = table.assign(most=most).sort_values(
        ["lost", "most", "problem"], ascending=[False, False, True], ignore_index=True
    )
    columns = ["problem", "lost", "n", "n_articles", "example", "meaning"]
    return table[columns].astype({"n": "int64"})


_SAID = re.compile(r"([\d,]+) (?:title|date)s?, first ")


def _concerned(problems: pd.DataFrame, articles: pd.DataFrame) -> dict[str, int]:
    """Count the articles of each kind of doubt: the one named; of a whole file, those that it says, or all read."""
    frames.require(problems, ["source", "article_id", "problem", "detail"], name="problems")
    frames.require(articles, ["article_id", "source"], name="articles")
    doubts = problems[~problems["problem"].isin(list(LOST))]
    of_file = articles["article_id"].groupby(_file(articles["source"])).agg(list)
    found: dict[str, int] = {}
    for problem, rows in doubts.groupby("problem"):
        of_article = rows["article_id"].notna()
        whole = rows[~of_article]
        said = [_SAID.match(d) if isinstance(d, str) else None for d in whole["detail"]]
        ids = set(rows["article_id"][of_article])
        for file, m in zip(_file(whole["source"]), said, strict=True):
            if m is None:
                ids.update(of_file.get(file, []))
        found[str(problem)] = len(ids) + sum(int(m[1].replace(",", "")) for m in said if m)
    return found


def _file(sources: pd.Series) -> pd.Series:
    return sources.str.replace(r"#\d+$", "", regex=True)


def summary(articles: pd.DataFrame, problems: pd.DataFrame) -> str:
    """Say in one line how many articles were read from how many files, and what was not read or read with a doubt.

    Parameters
    ----------
    articles, problems : DataFrame
        From `load_articles`.
    """
    found = files(articles, problems)
    counts = problem_counts(problems, articles=articles)
    read = f"{len(articles):,} article{'' if len(articles) == 1 else 's'} read from {len(found):,} files"
    parts = [read if len(found) != 1 else read[:-1]]
    for lost, what, column in ((True, "not read", "n"), (False, "articles read with a doubt", "n_articles")):
        kinds = counts[counts["lost"] == lost]
        if len(kinds):
            parts.append(
                f"{what}: {', '.join(f'{n:,} {p}' for n, p in zip(kinds[column], kinds['problem'], strict=True))}"
            )
    return "; ".join(parts)
