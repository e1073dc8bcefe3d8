"""Every chart with frames of any kind: none, one row, all alike, unknown, long names, many rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import charts, comention

LONG = "A name that goes on and on until it has sixty characters, so"
ARABIC = "وزارة الخارجية الإيرانية"
CHINESE = "外交部发言人"


class Case(NamedTuple):
    """How many rows a frame has, what its names look like and what its numbers are."""

    n: int = 5
    name: str = "name"
    numbers: str = "any"  # "any", "equal", "unknown", "exact" (intervals without width)
    periods: int = 4
    end: str = ""  # of a name, after its number

    def names(self, n: int | None = None) -> list[str]:
        return [f"{self.name} {i}{self.end}" for i in range(self.n if n is None else n)]

    def floats(self, n: int, low: float, high: float, seed: int = 0) -> np.ndarray:
        if self.numbers == "unknown":
            return np.full(n, np.nan)
        if self.numbers == "equal":
            return np.full(n, (low + high) / 2)
        return np.random.default_rng(seed).uniform(low, high, n)

    def counts(self, n: int, low: int, high: int, seed: int = 0) -> np.ndarray:
        if self.numbers == "equal":
            return np.full(n, (low + high) // 2)
        return np.random.default_rng(seed).integers(low, high, n)

    def interval(self, value: np.ndarray, *, signed: bool = False) -> dict[str, np.ndarray]:
        width = 0 if self.numbers == "exact" else 0.3 if signed else value * 0.3
        return {"ci_low": value - width, "ci_high": value + width}


CASES = {
    "nothing": Case(n=0, periods=0),
    "one row": Case(n=1),
    "two rows": Case(n=2),
    "equal": Case(numbers="equal"),
    "unknown": Case(numbers="unknown"),
    "exact": Case(numbers="exact"),
    "long": Case(name=LONG),
    "middle": Case(name="The ministry of foreign affairs of the", end="th republic of this or that name"),
    "arabic": Case(name=ARABIC),
    "many": Case(n=200),
    "many long": Case(n=200, name=LONG),
    "one period": Case(periods=1),
    "many periods": Case(periods=200),
}


def _figure(width: float = 9, height: float = 5) -> Axes:
    return charts.subplots(width=width, height=height)[1]


def _codes(n: int) -> list[str]:
    return [f"C{i:03}" for i in range(n)]


def _pairs(case: Case) -> pd.DataFrame:
    n_countries = {0: 0, 1: 2, 2: 3}.get(case.n, 6 if case.n < 200 else 21)
    a, b = np.triu_indices(n_countries, 1)
    n = len(a)
    sizes = case.counts(n_countries, 5, 200, 1)
    ratio, codes = case.floats(n, -2, 3, 2), np.array(_codes(n_countries), dtype=object)
    return pd.DataFrame(
        {
            "country_a": codes[a], "country_b": codes[b], "within": "paragraph", "n_a": sizes[a], "n_b": sizes[b],
            "n_both": case.counts(n, 0, 6, 3), "expected": np.full(n, 2.0), "log2_ratio": ratio,
            **case.interval(ratio, signed=True), "npmi": 0.0, "p": case.floats(n, 0, 0.2, 4),
            "q": case.floats(n, 0, 0.2, 4),
        }
    ).astype(comention.PAIRS)  # fmt: skip


def _named(case: Case) -> dict[str, str]:
    return dict(zip(_codes(30), case.names(30), strict=True))


def _windows(case: Case) -> pd.DataFrame:
    pairs = _pairs(case)
    table = pairs[["country_a", "country_b"]].copy()
    for k, within in enumerate(("article", "paragraph", "sentence")):
        table[f"n_both_{within}"] = pairs["n_both"] // (k + 1)
        for column in ("log2_ratio", "ci_low", "ci_high", "p", "q"):
            table[f"{column}_{within}"] = pairs[column]
    return table


def _specifications(case: Case) -> pd.DataFrame:
    rows = []
    for number, within in enumerate(("article", "paragraph")):
        part = _pairs(case)[["country_a", "country_b"]].assign(specification=number, within=within)
        rows.append(part.assign(kinds="names", headline="counted", duplicates="once", measure="count"))
    table = pd.concat(rows, ignore_index=True)
    above = case.counts(len(table), 0, 2, 5).astype(bool)
    return table.assign(top=above, above=above)


def _tone(case: Case) -> pd.DataFrame:
    pairs = _pairs(case)
    parts = {
        f"n_{kind}": case.counts(len(pairs), 0, 9, k) for k, kind in enumerate(("cooperative", "conflictual", "both"))
    }
    table = pairs[["country_a", "country_b"]].assign(**parts)
    return table.assign(n_sentences=table[list(parts)].sum(axis=1) + 1)


def _starts(case: Case) -> pd.DatetimeIndex:
    return pd.date_range("2020-01-01", periods=case.periods, freq="MS")


def _timeline(case: Case) -> pd.DataFrame:
    n = case.periods
    share = case.floats(n, 0, 1, 1)
    units = case.counts(n, 0, 9, 2)
    return pd.DataFrame({
        "period": _starts(case), "n_stories": units, "n_units": units, "n_a": units, "n_b": units, "n_both": units // 2,
        "share": np.where(units > 0, share, np.nan), **case.interval(share),
    })  # fmt: skip


def _frequencies(case: Case) -> pd.DataFrame:
    n = np.sort(case.counts(case.n, 1, 50))[::-1]
    rate = n * 1000.0 if case.numbers != "unknown" else np.full(case.n, np.nan)
    return pd.DataFrame({
        "term": case.names(), "n": n, "df": np.minimum(n, 5), "per_million": rate, **case.interval(rate),
        "dp": case.floats(case.n, 0, 1), "rank": np.arange(case.n) + 1, "label": case.names(),
    })  # fmt: skip


def _by_group(case: Case) -> pd.DataFrame:
    groups = case.names(min(case.n, 4))
    rows = pd.MultiIndex.from_product([groups, case.names()], names=["group", "term"]).to_frame(index=False)
    rate = case.floats(len(rows), 0, 5000, 1)
    return rows.assign(
        n=case.counts(len(rows), 0, 5), df=1, per_million=rate, n_articles=3, n_tokens=900, label=rows["term"],
        **case.interval(rate),
    )  # fmt: skip


def _keyness(case: Case) -> pd.DataFrame:
    ratio = case.floats(case.n, -3, 3, 1)
    return pd.DataFrame({
        "term": case.names(), "label": case.names(), "n_target": case.counts(case.n, 1, 30),
        "n_reference": case.counts(case.n, 1, 30, 2), "log2_ratio": ratio, "log2_ratio_shrunk": ratio / 2,
        "g2": ratio * 4, "q": case.floats(case.n, 0, 0.2, 3), "dp_target": case.floats(case.n, 0, 1, 4),
        "dp_reference": case.floats(case.n, 0, 1, 5),
    })  # fmt: skip


def _trend(case: Case) -> pd.DataFrame:
    starts = _starts(case).tz_localize("UTC")
    rows = pd.MultiIndex.from_product([case.names(min(case.n, 10)), starts], names=["term", "period"])
    table = rows.to_frame(index=False)
    rate = case.floats(len(table), 0, 5000, 1)
    return table.assign(
        n=1, df=1, per_million=rate, **case.interval(rate), n_articles=case.counts(len(table), 0, 5), n_tokens=90
    )


def _positions(case: Case) -> pd.DataFrame:
    rows = pd.DataFrame({"article_id": case.names(), "term": (["iran", "cuba"] * case.n)[: case.n]})
    rows["name"] = rows["term"]
    share = case.floats(case.n, 0, 1)
    return rows.assign(share=share, position=share)


def _topics(case: Case, most: int = 20) -> pd.DataFrame:
    n = min(case.n, most)
    return pd.DataFrame({
        "topic": np.arange(n), "label": case.names(n), "n_units": case.counts(n, 1, 40),
        "stability": case.floats(n, 0, 1, 7),
    })  # fmt: skip


def _topic_terms(case: Case) -> pd.DataFrame:
    topics = _topics(case)["topic"]
    return pd.DataFrame({
        "topic": np.repeat(topics, 8), "term": (case.names(8) * len(topics))[: 8 * len(topics)],
        "weight": case.floats(8 * len(topics), 0, 0.1), "rank": np.tile(np.arange(1, 9), len(topics)),
    })  # fmt: skip


def _shares(case: Case) -> pd.DataFrame:
    topics = _topics(case)["topic"].tolist()
    rows = pd.MultiIndex.from_product([case.names(), topics], names=["article_id", "topic"]).to_frame(index=False)
    share = np.full(len(rows), np.nan if case.numbers == "unknown" else 1 / max(len(topics), 1))
    return rows.assign(n_units=1, share=share, probability=share)


def _rates(case: Case) -> pd.DataFrame:
    topics = _topics(case)["topic"].tolist()
    rows = pd.MultiIndex.from_product([case.names(), topics], names=["name", "topic"]).to_frame(index=False)
    share = case.floats(len(rows), 0, 1)
    return rows.assign(n_group=5, n_units=1, share=share, **case.interval(share))


def _topic_trend(case: Case) -> pd.DataFrame:
    topics = _topics(case)["topic"].tolist()
    rows = pd.MultiIndex.from_product([_starts(case), topics], names=["period", "topic"]).to_frame(index=False)
    share = case.floats(len(rows), 0, 1)
    return rows.assign(share=share, **case.interval(share))


def _map(case: Case) -> pd.DataFrame:
    topics = _topics(case)
    n = len(topics)
    x, y = case.floats(n, -0.5, 0.5, 1), case.floats(n, -0.5, 0.5, 2)
    return topics.assign(x=x, y=y, explained=case.floats(n, 0.4, 0.4), nearest=np.roll(topics["topic"], 1))


def _selection(case: Case) -> pd.DataFrame:
    n = case.n
    score = case.floats(n, 0, 1, 3)
    return pd.DataFrame({
        "n_topics": np.arange(2, n + 2), "n_found": np.arange(2, n + 2),
        "share": case.floats(n, 0, 1), "information_share": case.floats(n, 0, 1, 1),
        "stability": case.floats(n, 0, 1, 2), "score": score,
        "choice": ["chosen" if i == 0 else "" for i in range(n)],
    })  # fmt: skip


def _tree(case: Case) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    n = case.n
    topics = _topics(case)
    units = pd.DataFrame({
        "article_id": case.names(), "segment": -1, "topic": np.arange(n) % max(len(topics), 1), "weak": False,
    })  # fmt: skip
    rows = [{"left": i if i == 1 else n + i - 2, "right": 0 if i == 1 else i, "n_units": i + 1} for i in range(1, n)]
    joins = pd.DataFrame(rows, columns=["left", "right", "n_units"])
    return joins.assign(distance=np.sort(case.floats(len(joins), 0, 1))), units, topics


def _panels(n: int) -> np.ndarray:
    return charts.subplots(max(1, -(-n // 3)), 3, width=10, height=2.6 * max(1, -(-n // 3)))[1]


def _words(case: Case) -> pd.DataFrame:
    rows = pd.MultiIndex.from_product([case.names(), ["headline", "body"]], names=["article", "role"])
    return rows.to_frame(index=False).assign(n_words=case.counts(2 * case.n, 1, 900))


def _groups(case: Case) -> pd.DataFrame:
    words = _words(case).rename(columns={"article": "group"})
    return words.assign(n_articles=9, n_words=words["n_words"].astype(float))


def _supports(case: Case) -> pd.DataFrame:
    share = case.floats(case.n, 0, 1)
    width = 0 if case.numbers == "exact" else 0.1
    return pd.DataFrame(
        {"n_found": np.arange(case.n), "share": share, "low": np.clip(share - width, 0, 1), "high": share + width}
    )


def _countries(case: Case) -> pd.DataFrame:
    return pd.DataFrame({
        "name": case.names(), "n_mentions": case.counts(case.n, 1, 90), "n_articles": case.counts(case.n, 1, 9),
        "n_articles_searched": 9,
    })  # fmt: skip


def _map_of_pairs(case: Case) -> Axes:
    known = ["IRN", "CUB", "RUS", "USA", "FRA", "DEU", "CHN", "IND", "BRA", "ZAF", "JPN", "TUR", "EGY", "VEN", "NIC",
             "GBR", "ESP", "ITA", "MEX", "ARG", "CAN"]  # fmt: skip
    codes = dict(zip(_codes(21), known, strict=True))
    pairs = _pairs(case).replace({"country_a": codes, "country_b": codes})
    names = dict(zip(known, case.names(21), strict=True))
    return charts.pair_map(pairs, focus="IRN", names=names, ax=_figure(10, 4.6))


def _groups_of_terms(case: Case) -> Axes:
    return charts.terms_by_group(_by_group(case), title="t", ax=_figure(8, 1.9 + 0.29 * case.n))


def _followed(case: Case) -> Axes:
    positions = _positions(case)
    articles, terms = case.names(min(case.n, 12)), ["iran", "cuba"] if case.n else []
    ax = _figure(8, 1.2 + 0.24 * 3 * max(1, len(articles)))
    return charts.term_positions(positions, terms=terms, articles=articles, title="t", ax=ax)


def _trends(case: Case) -> np.ndarray:
    axes = charts.subplots(2, 1, width=8, height=5.4, sharex=True)[1]
    return charts.term_trend(_trend(case), title="t", axes=axes)


DRAWN: dict[str, Callable[[Case], Axes | np.ndarray]] = {
    "country_counts": lambda c: charts.country_counts(_countries(c)),
    "country_positions": lambda c: charts.country_positions(_positions(c)),
    "keyness_dispersion": lambda c: charts.keyness_dispersion(_keyness(c), title="t", ax=_figure(9, 6)),
    "pair_map": _map_of_pairs,
    "pair_matrix": lambda c: charts.pair_matrix(_pairs(c), names=_named(c)),
    "pair_network": lambda c: charts.pair_network(_pairs(c), names=_named(c)),
    "pair_survival": lambda c: charts.pair_survival(_specifications(c), names=_named(c)),
    "pair_timeline": lambda c: charts.pair_timeline(_timeline(c), label=f"{c.name} – {c.name}"),
    "pair_tone": lambda c: charts.pair_tone(_tone(c), names=_named(c)),
    "pair_windows": lambda c: charts.pair_windows(_windows(c), names=_named(c)),
    "rank_frequency": lambda c: charts.rank_frequency(_frequencies(c), title="t", ax=_figure(8, 4.8)),
    "share_intervals": lambda c: charts.share_intervals(_supports(c), n_stories=c.n, title="t", ax=_figure()),
    "term_bars": lambda c: charts.term_bars(_frequencies(c), title="t", ax=_figure(8, 1.3 + 0.29 * c.n)),
    "term_positions": _followed,
    "term_trend": _trends,
    "terms_by_group": _groups_of_terms,
    "topic_dendrogram": lambda c: charts.topic_dendrogram(*_tree(c), ax=_figure(8, 1.6 + 0.17 * c.n)),
    "topic_map": lambda c: charts.topic_map(_map(c), ax=_figure(9, max(4.2, 1.4 + 0.24 * min(c.n, 20)))),
    "topic_number": lambda c: charts.topic_number(_selection(c), axes=_panels(7)),
    "topic_rates": lambda c: charts.topic_rates(_rates(c), _topics(c), by="name", axes=_panels(len(_topics(c)))),
    "topic_shares": lambda c: charts.topic_shares(_shares(c), _topics(c), ax=_figure(9, 2.2 + 0.4 * c.n)),
    "topic_terms": lambda c: charts.topic_terms(_topics(c), _topic_terms(c), axes=_panels(len(_topics(c)))),
    "topic_trend": lambda c: charts.topic_trend(_topic_trend(c), _topics(c), axes=_panels(len(_topics(c)))),
    "words_by_role": lambda c: charts.words_by_role(_words(c), title="t", ax=_figure(8, 1.8 + 0.4 * c.n)),
    "words_by_role of groups": lambda c: charts.words_by_role(_groups(c), title="t", ax=_figure(8, 1.8 + 0.4 * c.n)),
}


def figure(name: str, case: str) -> Figure:
    """Draw one chart of one case."""
    found = DRAWN[name](CASES[case])
    return np.ravel(found)[0].figure
