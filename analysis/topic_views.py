"""Views of fitted topics: by article, by time, by any grouping; the passages behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import clustered_shares, clustering, directions, frames, period_lengths, segments

if TYPE_CHECKING:
    from analysis.topic_model import TopicModel


def topic_shares(model: TopicModel) -> pd.DataFrame:
    """Share of each article's units in each topic.

    Returns
    -------
    DataFrame, one row per article and topic, in the order of the assignments; topics without units at 0
        ``article_id`` : str
        ``topic`` : int64
        ``n_units`` : int64
        ``share`` : float64 in [0, 1], of the article's units that have a topic
        ``probability`` : float64 in [0, 1], of the topic, mean over those units
    """
    placed = model.assignments[model.assignments["topic"] >= 0]
    ids = pd.Index(placed["article_id"].unique(), name="article_id")
    full = pd.MultiIndex.from_product([ids, model.topics["topic"]], names=["article_id", "topic"])
    n = placed.groupby(["article_id", "topic"]).size().reindex(full, fill_value=0).rename("n_units").reset_index()
    total = n.groupby("article_id")["n_units"].transform("sum")
    rows = pd.DataFrame(model.memberships[placed.index], columns=model.topics["topic"].tolist())
    mean = rows.groupby(placed["article_id"].to_numpy(), sort=False).mean().reindex(ids).to_numpy().ravel()
    shares = n.assign(share=(n["n_units"] / total).round(directions.DIGITS), probability=mean.round(directions.DIGITS))
    return shares.astype({"article_id": "str", "n_units": "int64"})


def least_sure(shares: pd.DataFrame, *, n: int = 30, below: float = np.inf) -> pd.DataFrame:
    """Return the rows of the articles whose most probable topic is least probable, at most ``n`` articles.

    Parameters
    ----------
    shares : DataFrame
        As of `topic_shares`; the order of the articles stays, and ties go to the first of them.
    n : int, default=30
    below : float, optional
        Articles with a topic of that probability or more are left out.
    """
    highest = shares.groupby("article_id", sort=False)["probability"].max().sort_values(kind="stable")
    return shares[shares["article_id"].isin(highest[highest < below].index[:n])].reset_index(drop=True)


def topic_rates(model: TopicModel, groups: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Share of each group's units in each topic, with an interval that draws stories, not units.

    Parameters
    ----------
    model : TopicModel
    groups : DataFrame
        ``article_id`` (and ``segment``, if it is there and the units are paragraphs) and the column ``by``: an outlet,
        a country of the mention ledger. A unit may be in several groups; a unit twice in one group counts once.
    by : str

    Returns
    -------
    DataFrame, one row per group and topic, groups with most units first
        ``by``, ``topic`` int64, ``n_units`` int64, ``n_group`` int64 (units of the group that have a topic),
        ``n_stories`` int64 (their stories), ``share``, ``ci_low``, ``ci_high`` float64 in [0, 1]: the 95% interval of
        `clustered_shares.ends`, the wider the more alike the units of one story are; how alike, is estimated for the
        topic over all stories, and over those of the group: the larger counts. NaN below two stories
    """
    frames.require(groups, ["article_id", by], name="groups")
    keys = ["article_id", "segment"] if model.unit == "paragraph" and "segment" in groups.columns else ["article_id"]
    placed = model.assignments.assign(story_id=model.units["story_id"])
    placed = placed[placed["topic"] >= 0]
    wanted = groups[[*keys, by]].dropna().drop_duplicates()
    joined = placed.merge(wanted, on=keys, validate="many_to_many")
    stories = joined.groupby([by, "story_id"]).size().rename("units").reset_index()
    sizes = stories.assign(squares=stories["units"] ** 2).groupby(by, as_index=False)
    sizes = sizes.agg(n_group=("units", "sum"), n_stories=("units", "size"), squares=("squares", "sum"))
    sizes = sizes.sort_values(["n_group", by], ascending=[False, True])
    frame = sizes.merge(model.topics[["topic"]], how="cross")
    found = joined.groupby([by, "topic"]).size().rename("n_units").reset_index()
    frame = frame.merge(found, on=[by, "topic"], how="left", validate="one_to_one")
    n = frame["n_units"].fillna(0).astype("int64")
    rho = _likeness(placed, joined, by).reindex(pd.MultiIndex.from_frame(frame[[by, "topic"]])).fillna(1.0).to_numpy()
    low, high = clustered_shares.ends(n, frame["n_group"], frame["squares"], frame["n_stories"], rho=rho)
    rates = {"share": n / frame["n_group"], "ci_low": low, "ci_high": high}
    frame = frame.assign(n_units=n, **{name: np.round(value, directions.DIGITS) for name, value in rates.items()})
    counts = ["topic", "n_units", "n_group", "n_stories"]
    return frame[[by, *counts, *rates]].astype(dict.fromkeys(counts, "int64"))


def _likeness(placed: pd.DataFrame, joined: pd.DataFrame, by: str) -> pd.Series:
    """How alike the units of a story are, for each group and topic that occur: over all stories, or the group's own.

    The group's is drawn to that over all stories where the group tells little (`clustered_shares.likeness`), and is
    that where it has no unit of the topic.
    """
    overall = {topic: _alike(hits, units) for topic, hits, units in _by_story(placed)}
    found = {}
    for name, part in joined.groupby(by):
        own = {topic: _alike(hits, units, prior=overall[topic]) for topic, hits, units in _by_story(part)}
        found |= {(name, topic): max(rho, own.get(topic, rho)) for topic, rho in overall.items()}
    index = pd.MultiIndex.from_tuples(found, names=[by, "topic"]) if found else pd.MultiIndex.from_arrays([[], []])
    return pd.Series(list(found.values()), index=index, dtype="float64")


def _by_story(placed: pd.DataFrame) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Each topic that occurs, with its units and all units of each story."""
    stories = pd.crosstab(placed["story_id"], placed["topic"])
    units = stories.sum(axis=1).to_numpy()
    for topic, hits in stories.items():
        yield topic, hits.to_numpy(), units


def _alike(hits: np.ndarray, units: np.ndarray, *, prior: float = 1.0) -> float:
    return clustered_shares.likeness(hits, units, np.zeros(len(units), dtype=np.int64), prior=prior)


def over_time(
    model: TopicModel, articles: pd.DataFrame, *, period: str = "auto", frequency: str | None = None
) -> pd.DataFrame:
    """Share of each period's units in each topic; articles without a date are left out.

    Parameters
    ----------
    model : TopicModel
    articles : DataFrame
        ``article_id``, ``published``.
    period : {"auto", "day", "week", "month", "quarter", "year"}, default="auto"
        A week starts on Monday; "auto" suits the number of dated articles and their span, see `period_lengths.length`.
    frequency : str, optional
        The same as a pandas offset alias: a value of `period_lengths.STARTS`, "MS" for months.

    Returns
    -------
    DataFrame, as of `topic_rates`, ``period`` (datetime64, its start) the group, in the order of time
    """
    frames.require(articles, ["article_id", "published"], name="articles")
    names = {start: name for name, start in period_lengths.STARTS.items()}
    if frequency is not None and frequency not in names:
        raise ValueError(f"frequency must be one of {', '.join(names)}, not {frequency!r}")
    period = period_lengths.length(articles["published"], period if frequency is None else names[frequency])
    dated = articles[["article_id", "published"]].dropna()
    times = pd.to_datetime(dated["published"], utc=True).dt.tz_localize(None)
    starts = times.dt.to_period(period_lengths.PERIODS[period]).dt.start_time
    rates = topic_rates(model, dated.assign(period=starts), by="period")
    return rates.sort_values(["period", "topic"], ignore_index=True)


def passages(
    model: TopicModel, articles: pd.DataFrame, *, n: int = 3, which: str = "central", n_characters: int = 300
) -> pd.DataFrame:
    """Quote the units that are most central to each topic, or those on its border.

    Parameters
    ----------
    model : TopicModel
    articles : DataFrame
        ``article_id``, ``text``: those of the fit; an error without one of them.
    n : int, default=3
        Units per topic.
    which : {"central", "borderline"}, default="central"
        Largest cosine with the topic's mean direction, or smallest margin.
    n_characters : int, default=300
        Characters of each unit that are quoted at most: whole sentences as far as one fits, else whole words.

    Returns
    -------
    DataFrame
        ``topic``, ``article_id``, ``segment``, ``start``, ``end`` (of the quotation), ``margin``, ``centrality``,
        ``passage`` : the text from ``start`` to ``end``, and "…" where the unit goes on
    """
    if which not in ("central", "borderline"):
        raise ValueError(f"which must be 'central' or 'borderline', not {which!r}")
    missing = ~model.units["article_id"].isin(articles["article_id"])
    if missing.any():
        first = model.units.loc[missing, "article_id"].iloc[0]
        raise ValueError(
            f"articles must be those of the fit; {first!r} and {missing.sum() - 1} more units are not there"
        )
    units = model.units.assign(topic=model.assignments["topic"], margin=model.assignments["margin"], centrality=np.nan)
    placed = np.flatnonzero(units["topic"].to_numpy() >= 0)
    with clustering.one_thread():
        own = model.mixture.centres[units["topic"].to_numpy()[placed]]
        cosine = np.einsum("ij,ij->i", model.points[placed], own)
    units.loc[placed, "centrality"] = np.round(cosine, directions.DIGITS)
    keys = {"central": ["centrality", False], "borderline": ["margin", True]}[which]
    units = units.iloc[placed].sort_values(
        ["topic", keys[0], "article_id", "segment"], ascending=[True, keys[1], True, True]
    )
    units = units.groupby("topic", sort=False).head(n).reset_index(drop=True)
    ends = _ends(units, articles, n_characters)
    goes_on = ends < units["end"].to_numpy()
    units["end"] = ends
    columns = ["topic", "article_id", "segment", "start", "end", "margin", "centrality"]
    passage = segments.text_of(units, articles)
    return units[columns].assign(passage=passage.where(~goes_on, passage + " …"))


def _ends(units: pd.DataFrame, articles: pd.DataFrame, n_characters: int) -> np.ndarray:
    """Where a quotation of at most so many characters ends: after the last sentence, or the last word, that fits."""
    ends = units["end"].to_numpy().copy()
    limits = units["start"].to_numpy() + n_characters
    long = np.flatnonzero(ends > limits)
    texts = articles.set_index("article_id")["text"]
    cut = units.iloc[long]
    sentences = segments.sentences(articles[articles["article_id"].isin(cut["article_id"])])
    stops = sentences.groupby("article_id")["end"].agg(np.array)
    for row, article_id, start in zip(long, cut["article_id"], cut["start"], strict=True):
        fitting = stops[article_id][(stops[article_id] > start) & (stops[article_id] <= limits[row])]
        blank = re.search(r"\s+\S*$", texts[article_id][start : limits[row] + 1])
        ends[row] = fitting.max() if len(fitting) else start + blank.start() if blank else limits[row]
    return ends
