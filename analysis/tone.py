"""Words of cooperation and of conflict in sentences that name two countries: where to read on, not a verdict."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import frames, incidence, segments

LEXICON = Path(__file__).with_name("tone.csv")
"""The words: ``term`` (a form or phrase, lower case), ``tone`` and ``part`` of speech."""

SAMPLE = Path(__file__).with_name("tone_sample.csv")
"""Sentences labelled by hand: ``label``, ``source``, ``text``."""

MEASURED = Path(__file__).with_name("tone_agreement.csv")
"""Agreement measured on labelled sentences that are not shipped; `tests/benchmarks/tone_agreement.py` measures it."""

TONES = ("cooperative", "conflictual", "both", "neither")
"""What a sentence can be."""

NEGATORS = frozenset(
    "no not never neither nor none without cannot hardly lack lacks lacked absence "
    "deny denies denied refuse refuses refused fail fails failed failure unable".split()
)
"""Words that take a tone away from what follows within four words; so does any word that ends in n't."""

ENDINGS = frozenset(
    "end ends ended ending lift lifts lifted lifting ease eases eased easing drop drops dropped halt halts halted "
    "stop stops stopped stopping avoid avoided avoiding resolve resolves resolved resolving settle settles settled "
    "overcome overcame remove removes removed removing neutralize neutralise".split()
)
"""Words that take a tone away from a word of conflict that follows within four words: to lift an embargo is none."""

SPOILERS = frozenset(
    "reject rejects rejected rejecting breach breaches breached violate violates violated violation violations broke "
    "broken break breaks cut cuts severed suspend suspended collapse collapsed stall stalled undermine undermined "
    "withdrew abandoned cancelled canceled".split()
)
"""Words that take a tone away from a word of cooperation within four words before or after: talks that collapsed."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_REACH = 4
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution


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


def classify(texts: pd.Series, *, lexicon: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the words of cooperation and conflict in each text.

    The longest phrase wins; phrases marked ``neither`` hide the words in them ("peace and security"). A word within
    four words after a negator counts as negated; so does a word of conflict after a word of ending, and a word of
    cooperation near a word of breaking off. Negated words give no tone and are not turned into the other.

    Parameters
    ----------
    texts : Series of str
    lexicon : DataFrame, default=`LEXICON`
        ``term``, ``tone`` ("cooperative", "conflictual", "neither").

    Returns
    -------
    DataFrame, one row per text, on its index
        ``tone`` : str, of `TONES`
        ``cooperative``, ``conflictual``, ``negated`` : str, the words found, separated by ", "

    Raises
    ------
    ValueError
        If a tone of the lexicon is none of the three, or a term is empty or occurs twice.
    """
    terms, longest = _terms(_shipped() if lexicon is None else lexicon)
    rows = [_read(text, terms, longest) for text in texts]
    return pd.DataFrame(rows, columns=["tone", "cooperative", "conflictual", "negated"], index=texts.index, dtype="str")


def agreement(sample: pd.DataFrame | None = None, *, lexicon: pd.DataFrame | None = None) -> pd.DataFrame:
    """Compare `classify` with labels given by hand.

    Parameters
    ----------
    sample : DataFrame, default=`SAMPLE`
        ``label`` (of `TONES`) and ``text``.
    lexicon : DataFrame, default=`LEXICON`

    Returns
    -------
    DataFrame, one row per tone, then one named "all"
        ``tone`` : str
        ``n_labelled``, ``n_found``, ``n_agreed`` : int64
        ``precision``, ``recall`` : float64 in [0, 1]; NaN where nothing was found, labelled
        ``agreement`` : float64, on the last row: share of sentences with the same tone
        ``kappa`` : float64, on the last row: the same beyond chance [1]_
        ``kappa_low``, ``kappa_high`` : float64, on the last row: kappa within 1.96 of its standard errors for large
            samples [2]_, cut at -1 and 1. It takes the sentences as independent and the labels as right. NaN where all
            agree, which leaves no spread to measure

    References
    ----------
    .. [1] J. Cohen (1960), A coefficient of agreement for nominal scales. Educational and Psychological Measurement
       20, 37-46.
    .. [2] J. L. Fleiss, J. Cohen, B. S. Everitt (1969), Large sample standard errors of kappa and weighted kappa.
       Psychological Bulletin 72, 323-327.
    """
    sample = pd.read_csv(SAMPLE, dtype="str") if sample is None else sample
    frames.require(sample, ["label", "text"], name="sample")
    wrong = sample.loc[~sample["label"].isin(TONES), "label"]
    if len(wrong):
        raise ValueError(f"sample: label {wrong.iloc[0]!r} is none of {', '.join(TONES)}")
    found = classify(sample["text"], lexicon=lexicon)["tone"]
    same = found == sample["label"]
    rows = []
    for kind in TONES:
        labelled, read = sample["label"] == kind, found == kind
        rows.append([kind, labelled.sum(), read.sum(), (same & read).sum()])
    table = pd.DataFrame(rows, columns=["tone", "n_labelled", "n_found", "n_agreed"])
    n = len(sample)
    table.loc[len(table)] = ["all", n, n, int(same.sum())]
    counts = table[["n_labelled", "n_found", "n_agreed"]].astype("float64")
    kappa, error = _kappa(pd.crosstab(sample["label"], found).reindex(index=TONES, columns=TONES, fill_value=0))
    reach = _Z * error if error > 0 else np.nan
    last = [*[np.nan] * len(TONES)]
    return table.astype({"tone": "str", "n_labelled": "int64", "n_found": "int64", "n_agreed": "int64"}).assign(
        precision=counts["n_agreed"] / counts["n_found"].where(counts["n_found"] > 0),
        recall=counts["n_agreed"] / counts["n_labelled"].where(counts["n_labelled"] > 0),
        agreement=[*last, float(same.mean()) if n else np.nan],
        kappa=[*last, kappa],
        kappa_low=[*last, np.maximum(kappa - reach, -1.0)],
        kappa_high=[*last, np.minimum(kappa + reach, 1.0)],
    )


def measured() -> pd.DataFrame:
    """Return the agreement measured on sentences of others: print it next to every chart of tone.

    The shipped sample, which `agreement` reads by default, is easier: most of it was written for the purpose.

    Returns
    -------
    DataFrame, one row per sample
        ``sample`` : str; ``n_sentences`` : int64; ``agreement``, ``kappa``, ``kappa_low``, ``kappa_high``,
        ``precision_cooperative``, ``precision_conflictual`` : float64, as in `agreement`; ``note`` : str
    """
    return pd.read_csv(MEASURED, dtype={"sample": "str", "note": "str"})


def _kappa(table: pd.DataFrame) -> tuple[float, float]:
    """Return Cohen's kappa of a square table of counts, and its standard error; NaN where undefined."""
    n = table.to_numpy().sum()
    if not n:
        return np.nan, np.nan
    p = table.to_numpy() / n
    rows, columns, agreed = p.sum(axis=1), p.sum(axis=0), np.diag(p)
    by_chance = rows @ columns
    if by_chance >= 1:
        return np.nan, np.nan
    kappa = (agreed.sum() - by_chance) / (1 - by_chance)
    on = (agreed * (1 - (rows + columns) * (1 - kappa)) ** 2).sum()
    off = ((p - np.diag(agreed)) * (columns[:, None] + rows) ** 2).sum() * (1 - kappa) ** 2
    variance = (on + off - (kappa - by_chance * (1 - kappa)) ** 2) / (1 - by_chance) ** 2 / n
    return float(kappa), float(np.sqrt(max(0.0, variance)))


@cache
def _shipped() -> pd.DataFrame:
    return pd.read_csv(LEXICON, dtype="str")


def _terms(lexicon: pd.DataFrame) -> tuple[dict[tuple[str, ...], str], int]:
    frames.require(lexicon, ["term", "tone"], name="lexicon")
    terms: dict[tuple[str, ...], str] = {}
    for row, (term, kind) in enumerate(zip(lexicon["term"], lexicon["tone"], strict=True)):
        words = tuple(_WORD.findall(term.casefold())) if isinstance(term, str) else ()
        if not words:
            raise ValueError(f"lexicon: row {row} has no term")
        if kind not in ("cooperative", "conflictual", "neither"):
            raise ValueError(f"lexicon: tone {kind!r} of {term!r} is none of cooperative, conflictual, neither")
        if words in terms:
            raise ValueError(f"lexicon: {term!r} occurs twice (second time in row {row})")
        terms[words] = kind
    return terms, max(map(len, terms), default=1)


def _read(text: str, terms: dict[tuple[str, ...], str], longest: int) -> list[str]:
    words = [w.casefold().replace("’", "'") for w in _WORD.findall(text)]
    found: dict[str, list[str]] = {"cooperative": [], "conflictual": [], "negated": []}
    at = 0
    while at < len(words):
        size = next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in terms), 0)
        if not size:
            at += 1
            continue
        phrase = tuple(words[at : at + size])
        kind = terms[phrase]
        before = words[max(0, at - _REACH) : at]
        negated = any(w in NEGATORS or w.endswith("n't") for w in before)
        negated |= kind == "conflictual" and any(w in ENDINGS for w in before)
        around = before + words[at + size : at + size + _REACH]
        negated |= kind == "cooperative" and any(w in SPOILERS for w in around)
        if kind != "neither":
            found["negated" if negated else kind].append(" ".join(phrase))
        at += size
    both = bool(found["cooperative"]), bool(found["conflictual"])
    kind = {(True, True): "both", (True, False): "cooperative", (False, True): "conflictual"}.get(both, "neither")
    return [kind, *(", ".join(found[c]) for c in ("cooperative", "conflictual", "negated"))]
