from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy.stats import beta
from statsmodels.stats.proportion import proportion_confint

from analysis import directions, mixtures, strangers, topics

TEXTS = ["The ship left the harbour.", "The ship sank.", "A court sat.", "The court and the ship.", ""]


def model() -> topics.TopicModel:
    """Five articles, the last without a term; three in topic 0, one in topic 1, all by hand."""
    units = pd.DataFrame(
        {
            "article_id": list("abcde"),
            "segment": -1,
            "start": 0,
            "end": [len(t) for t in TEXTS],
            "story_id": list("abcde"),
        }
    ).astype({"article_id": "str", "story_id": "str"})
    placed = units[["article_id", "segment"]].assign(
        topic=[0, 0, 1, 0, -1], margin=[0.9, 0.8, 1.0, 0.1, 0.0], weak=[False, False, False, True, True]
    )
    points = directions.unit_rows(np.array([[1, 0.0], [0.8, 0.6], [0, 1], [0.6, 0.8], [np.nan, np.nan]]))
    return topics.TopicModel(
        topics=pd.DataFrame(
            {
                "topic": [0, 1],
                "label": ["ship", "court"],
                "n_units": [3, 1],
                "coherence": 0.1,
                "exclusivity": 0.9,
                "stability": 0.7,
            }
        ).astype({"label": "str"}),
        assignments=placed,
        terms=pd.DataFrame({"topic": [0], "term": ["ship"], "weight": [0.5], "rank": [1]}),
        selection=pd.DataFrame(),
        units=units,
        unit="article",
        reason="",
        verdict="",
        memberships=np.array([[0.95, 0.05], [0.9, 0.1], [0, 1], [0.55, 0.45], [np.nan, np.nan]]),
        points=points,
        mixture=mixtures.Mixture(
            np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([0.75, 0.25]), np.array([0.5, 0.5]), np.eye(2)
        ),
        entropy=np.ones(2),
        vocabulary=np.array(["court", "ship"]),
        familiar=strangers.Familiar(np.zeros(1), np.zeros((1, 2)), np.zeros((1, 2)), 0.0, 0.0),
        by_points=False,
    )


def articles() -> pd.DataFrame:
    return pd.DataFrame({"article_id": list("abcde"), "text": TEXTS})


def test_shares_by_hand():
    found = topics.topic_shares(model())
    expected = pd.DataFrame(
        {
            "article_id": list("aabbccdd"),
            "topic": [0, 1] * 4,
            "n_units": [1, 0, 1, 0, 0, 1, 1, 0],
            "share": [1.0, 0, 1, 0, 0, 1, 1, 0],
            "probability": [0.95, 0.05, 0.9, 0.1, 0, 1, 0.55, 0.45],
        }
    ).astype({"article_id": "str"})
    assert_frame_equal(found, expected)
    # Two paragraphs of one article: half of them in each topic; probabilities (0.9 + 0) / 2 and (0.1 + 1) / 2.
    placed = model().assignments.assign(article_id=list("abbde")).astype({"article_id": "str"})
    two = topics.topic_shares(replace(model(), assignments=placed))
    assert two.loc[two["article_id"] == "b", ["share", "probability"]].to_numpy().tolist() == [[0.5, 0.45], [0.5, 0.55]]


def test_the_least_sure_articles():
    # The most probable topic has 0.95, 0.9, 1 and 0.55.
    shares = topics.topic_shares(model())
    assert topics.least_sure(shares, n=2)["article_id"].tolist() == list("bbdd")
    assert_frame_equal(topics.least_sure(shares), shares)
    assert topics.least_sure(shares.head(0)).empty
    highest = shares.groupby("article_id")["probability"].max()
    unsure = topics.least_sure(shares, below=highest.max())["article_id"]
    assert set(unsure) == set(highest.index[highest < highest.max()])
    assert topics.least_sure(shares, below=0).empty


def test_rates_by_hand():
    # x holds a, b, c, and e, which has no topic; y holds c. A unit twice in a group counts once.
    groups = pd.DataFrame({"article_id": list("aabcec"), "outlet": list("xxxxxy")})
    found = topics.topic_rates(model(), groups, by="outlet")
    assert found[["outlet", "topic", "n_units", "n_group"]].to_numpy().tolist() == [
        ["x", 0, 2, 3],
        ["x", 1, 1, 3],
        ["y", 0, 0, 1],
        ["y", 1, 1, 1],
    ]
    np.testing.assert_allclose(found["share"], [2 / 3, 1 / 3, 0, 1], atol=1e-6)
    assert found["n_stories"].tolist() == [3, 3, 1, 1]
    # Each article is a story of one unit: the interval of Clopper and Pearson; y is one story, which has none.
    low, high = proportion_confint(found["n_units"][:2], found["n_group"][:2], method="beta")
    np.testing.assert_allclose(found[["ci_low", "ci_high"]][:2], np.c_[low, high], atol=1e-6)
    assert found[["ci_low", "ci_high"]][2:].isna().all(axis=None)


def test_intervals_of_rates_draw_stories():
    # a, b and d are copies: stories {a, b, d} and {c}. Topic 0 holds 3 of 3 units of the one and 0 of 1 of the other:
    # share 3/4, squares (3/4)^2 + (3/4)^2 = 9/8; expected 3/16 (4 - 10/4) = 9/32 for rho = 0; slope
    # 3/16 (6 (1 - 6/4) + 6 * 10/16) = 9/64: rho = 6, cut to 1; so n = 4^2 / (4 + 6) = 1.6 and x = 1.2.
    copies = model().units.assign(story_id=["s", "s", "c", "s", "e"])
    found = topics.topic_rates(replace(model(), units=copies), articles().assign(all="x"), by="all")
    assert found[["n_units", "n_group", "n_stories"]].to_numpy().tolist() == [[3, 4, 2], [1, 4, 2]]
    expected = [beta.ppf(0.025, 1.2, 1.4), beta.ppf(0.975, 2.2, 0.4)]
    np.testing.assert_allclose(found.loc[0, ["ci_low", "ci_high"]].astype(float), expected, atol=1e-6)


def test_a_group_more_alike_than_the_rest_has_a_wider_interval():
    # Articles of four paragraphs: in the 12 of y two are of each topic, in the 8 of x all are of one.
    ids = np.repeat([f"a{i:02d}" for i in range(20)], 4)
    units = pd.DataFrame({"article_id": ids, "segment": np.tile(range(4), 20), "story_id": ids}).astype(
        {"story_id": "str"}
    )
    topic = np.tile([0, 0, 1, 1], 20)
    topic[:32] = np.repeat([0, 1] * 4, 4)
    some = replace(
        model(),
        units=units.assign(start=0, end=1),
        assignments=units[["article_id", "segment"]].assign(topic=topic, margin=1.0, weak=False),
        unit="paragraph",
    )
    groups = units.assign(name=np.repeat(["x", "y"], [32, 48]))
    found = topics.topic_rates(some, groups, by="name").set_index(["name", "topic"])
    width = (found["ci_high"] - found["ci_low"]).round(3)
    assert found["share"].eq(0.5).all()
    # x is known as well as its eight articles know it, or worse.
    low, high = proportion_confint(4, 8, method="beta")
    assert width["x"][0] > 0.8 * (high - low)
    assert width["y"][0] < 0.7 * width["x"][0]


def test_rates_of_no_group():
    found = topics.topic_rates(model(), pd.DataFrame({"article_id": ["z"], "outlet": ["x"]}), by="outlet")
    assert found.empty
    assert list(found.columns) == ["outlet", "topic", "n_units", "n_group", "n_stories", "share", "ci_low", "ci_high"]
    with pytest.raises(ValueError, match="outlet"):
        topics.topic_rates(model(), pd.DataFrame({"article_id": ["a"]}), by="outlet")


def test_time_by_hand():
    dated = articles().assign(
        published=pd.to_datetime(["2024-02-29", "2024-01-01", "2024-02-01", None, "2024-01-31"], utc=True)
    )
    found = topics.over_time(model(), dated, period="month")
    # January: b (e has no topic). February: a and c. d has no date.
    assert found["period"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01"] * 2 + ["2024-02-01"] * 2
    assert found["n_units"].tolist() == [1, 0, 1, 1]
    assert found["n_group"].tolist() == [1, 1, 2, 2]
    years = topics.over_time(model(), dated, frequency="YS")
    assert years["n_units"].tolist() == [2, 1]
    assert_frame_equal(years, topics.over_time(model(), dated, period="year"))
    # No length has five articles a period: the longest that makes two, months here, and years for five of them.
    assert_frame_equal(topics.over_time(model(), dated), topics.over_time(model(), dated, period="month"))
    longer = dated.assign(published=pd.to_datetime(["2024-02-29", "2020-03-01", "2024-02-01", None, None], utc=True))
    assert_frame_equal(topics.over_time(model(), longer), topics.over_time(model(), longer, frequency="YS"))
    assert topics.over_time(model(), dated.assign(published=pd.NaT)).empty
    with pytest.raises(ValueError, match="period must be one of day, week, month, quarter, year, auto, not 'decade'"):
        topics.over_time(model(), dated, period="decade")
    with pytest.raises(ValueError, match="frequency must be one of D, W-MON, MS, QS, YS, not 'decade'"):
        topics.over_time(model(), dated, frequency="decade")


def test_dendrogram_by_hand():
    # Cosines: a-b 0.8, a-c 0, a-d 0.6, b-c 0.6, b-d 0.96, c-d 0.8. b and d join at 0.04. Then {b, d} is 0.3 from a,
    # by (0.2 + 0.4) / 2, and 0.3 from c, by (0.4 + 0.2) / 2; at last c joins by (0.4 + 0.2 + 1) / 3 = 0.5333.
    found = topics.topic_dendrogram(model())
    assert found["left"].tolist() == [1, 0, 2]
    assert found["right"].tolist() == [3, 5, 6]
    np.testing.assert_allclose(found["distance"], [0.04, 0.3, 1.6 / 3], atol=1e-6)
    assert found["n_units"].tolist() == [2, 3, 4]


def test_passages_by_hand():
    found = topics.passages(model(), articles(), n=2, n_characters=8)
    # Centre of topic 0 is (1, 0): cosines 1, 0.8 and, for d, 0.6; of topic 1 it is (0, 1).
    assert found[["topic", "article_id", "start", "end"]].to_numpy().tolist() == [
        [0, "a", 0, 8],
        [0, "b", 0, 8],
        [1, "c", 0, 7],
    ]
    assert found["passage"].tolist() == ["The ship …", "The ship …", "A court …"]
    np.testing.assert_allclose(found["centrality"], [1, 0.8, 1])
    border = topics.passages(model(), articles(), n=1, which="borderline")
    assert border["article_id"].tolist() == ["d", "c"]
    assert border["passage"].tolist() == [TEXTS[3], TEXTS[2]]
    with pytest.raises(ValueError, match="not 'middle'"):
        topics.passages(model(), articles(), which="middle")


@pytest.mark.parametrize(
    ("n_characters", "quoted"),
    [
        (200, "Ships left. Mr. Cole stayed in the harbour."),  # all of it: nothing to cut
        (43, "Ships left. Mr. Cole stayed in the harbour."),
        (42, "Ships left. …"),  # the second sentence does not fit; "Mr." ends none
        (11, "Ships left. …"),
        (10, "Ships …"),
        (3, "Shi …"),  # not even a word fits
    ],
)
def test_passages_are_cut_at_sentences_or_words(n_characters, quoted):
    text = "Ships left. Mr. Cole stayed in the harbour."
    one = pd.DataFrame({"article_id": ["a", "b", "c", "d", "e"], "text": [text, *TEXTS[1:]]})
    some = model()
    units = some.units.assign(end=[len(t) for t in one["text"]])
    found = topics.passages(replace(some, units=units), one, n=1, n_characters=n_characters).iloc[0]
    assert (found["article_id"], found["start"], found["passage"]) == ("a", 0, quoted)
    assert text[: found["end"]] == quoted.removesuffix(" …")


def test_weeks_start_on_monday():
    dated = articles().assign(
        published=pd.to_datetime(["2024-03-04", "2024-03-10", "2024-03-11"] + [None] * 2, utc=True)
    )
    found = topics.over_time(model(), dated, frequency="W-MON")
    # Monday 4 to Sunday 10 March: a and b; c on Monday 11.
    assert found["period"].dt.strftime("%d").tolist() == ["04", "04", "11", "11"]
    assert found["n_group"].tolist() == [2, 2, 1, 1]


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_map_keeps_distances(n):
    rng = np.random.default_rng(n)
    terms = rng.dirichlet(np.ones(30), size=n)
    some = model()
    frame = pd.DataFrame(
        {"topic": np.arange(n), "label": [f"l{i}" for i in range(n)], "n_units": 1, "stability": 0.5}
    ).astype({"label": "str"})
    mixture = mixtures.Mixture(terms, np.full(n, 1 / n), terms.mean(axis=0), np.eye(n))
    found = topics.topic_map(replace(some, topics=frame, mixture=mixture))
    assert len(found) == n
    xy = found[["x", "y"]].to_numpy()
    distance = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    hellinger = np.sqrt(np.clip(1 - np.sqrt(terms) @ np.sqrt(terms).T, 0, None))
    if n <= 3:  # three points lie in a plane: nothing is lost
        np.testing.assert_allclose(distance, hellinger, atol=1e-4)
    else:  # classical scaling never draws points farther apart than they are
        assert (distance <= hellinger + 1e-4).all()
        assert 0 < found["explained"].iloc[0] < 1


def test_map_names_the_nearest_by_all_axes():
    # Hellinger distances: 0 and 1 share half of their words (square 1 - (1/2 + 0) = 1/2), 2 shares none with either.
    terms = np.array([[0.5, 0.5, 0, 0], [0.5, 0, 0.5, 0], [0, 0, 0, 1.0]])
    frame = pd.DataFrame({"topic": range(3), "label": list("abc"), "n_units": 1, "stability": 0.5})
    mixture = mixtures.Mixture(terms, np.full(3, 1 / 3), terms.mean(axis=0), np.eye(3))
    found = topics.topic_map(replace(model(), topics=frame, mixture=mixture))
    assert found["nearest"].tolist() == [1, 0, 0]
    np.testing.assert_allclose(found["nearest_distance"], [0.5**0.5, 0.5**0.5, 1], atol=1e-6)
    np.testing.assert_allclose(found["farthest_distance"], [1, 1, 1], atol=1e-6)
    one = replace(mixture, terms=terms[:1], shares=np.ones(1), centres=np.eye(1))
    alone = topics.topic_map(replace(model(), topics=frame[:1], mixture=one)).iloc[0]
    assert alone["nearest"] == -1
    assert np.isnan(alone["nearest_distance"])


def test_passages_need_the_articles_of_the_fit():
    with pytest.raises(ValueError, match="'a' and 3 more units are not there"):
        topics.passages(model(), articles().iloc[4:])


def mapped(terms: np.ndarray) -> pd.DataFrame:
    n = len(terms)
    frame = pd.DataFrame({"topic": range(n), "label": list("abcdefgh"[:n]), "n_units": 1, "stability": 0.5})
    mixture = mixtures.Mixture(terms, np.full(n, 1 / n), terms.mean(axis=0), np.eye(n))
    return topics.topic_map(replace(model(), topics=frame, mixture=mixture))


def test_what_the_plane_of_a_map_shows():
    # Topics without a word in common, all at distance 1: n of them span n - 1 axes, each as long as the others.
    assert mapped(np.eye(4))["explained"].tolist() == [round(2 / 3, 6)] * 4
    assert mapped(np.eye(6))["explained"].tolist() == [0.4] * 6
    # Three lie in a plane, two on a line.
    assert mapped(np.eye(3))["explained"].tolist() == [1.0] * 3
    assert mapped(np.eye(2))["explained"].tolist() == [1.0] * 2


def test_map_does_not_hang_on_how_the_axes_of_equal_length_come(monkeypatch):
    # Four topics at equal distances: all three axes are equally long, and any turn of them is as true as another.
    eigh, found = np.linalg.eigh, []
    for angle in (0.0, 0.3, 1.1):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

        def turned(matrix, turn=turn):
            values, vectors = eigh(matrix)
            vectors[:, -3:-1] = vectors[:, -3:-1] @ turn
            vectors[:, -2:] = vectors[:, -2:] @ turn
            return values, vectors

        monkeypatch.setattr(np.linalg, "eigh", turned)
        found.append(mapped(np.eye(4))[["x", "y"]].to_numpy())
    np.testing.assert_allclose(found[1], found[0], atol=1e-6)
    np.testing.assert_allclose(found[2], found[0], atol=1e-6)


def test_map_names_the_nearest_where_the_plane_misleads():
    # Five topics of four words each, of which two share 0 to 3: squares of the distances 1, 3/4, 1/2, 1/4. The axes are
    # of different lengths (0.56, 0.41 and 0.27), so that there is one plane only; in it, topic 1 lies nearest to 2.
    words = ["acde", "abcd", "adgh", "cehi", "bfhj"]
    terms = np.array([[0.25 * (letter in own) for letter in "abcdefghij"] for own in words])
    found = mapped(terms)
    xy = found[["x", "y"]].to_numpy()
    plane = np.linalg.norm(xy[:, None] - xy[None], axis=2) + 9 * np.eye(5)
    assert plane[1].argmin() == 2
    assert plane[1, 0] > plane[1, 2] + 0.1
    # Topic 1 shares three words with 0; 2 and 3 two with 0 (2 as many with 1: the first of equals counts); 4 has one
    # word of 1, of 2 and of 3, and none of 0.
    assert found["nearest"].tolist() == [1, 0, 0, 0, 1]
    np.testing.assert_allclose(found["nearest_distance"], np.sqrt([1 / 4, 1 / 4, 1 / 2, 1 / 2, 3 / 4]), atol=1e-6)
    np.testing.assert_allclose(found["farthest_distance"], np.sqrt([1, 3 / 4, 3 / 4, 3 / 4, 1]), atol=1e-6)


def test_units_without_a_topic_shift_no_other():
    # The unit without a term comes first instead of last: all is as it was, with numbers one higher in the tree.
    some, order = model(), [4, 0, 1, 2, 3]
    moved = replace(
        some,
        assignments=some.assignments.iloc[order].reset_index(drop=True),
        units=some.units.iloc[order].reset_index(drop=True),
        memberships=some.memberships[order],
        points=some.points[order],
    )
    assert_frame_equal(topics.topic_shares(moved), topics.topic_shares(some))
    for which in ("central", "borderline"):
        assert_frame_equal(
            topics.passages(moved, articles(), which=which), topics.passages(some, articles(), which=which)
        )
    tree = topics.topic_dendrogram(moved)
    assert tree["left"].tolist() == [2, 1, 3]
    assert tree["right"].tolist() == [4, 5, 6]


def test_how_alike_units_are_in_all_stories_and_in_a_group():
    # Stories a to f of four paragraphs, of which 2, 2, 2, 0, 0 and 4 are of topic 0: share 5/12, squares
    # 3 / 9 + 2 * 25 / 9 + 49 / 9 = 34/3; expected 35/144 (24 - 96/24) = 175/36 for rho = 0, slope
    # 35/144 (72 (1 - 8/24) + 72 * 96/576) = 175/12: rho = 233/525, known from min(6 - 1, 4, 5) stories.
    ids = np.repeat(list("abcdef"), 4)
    units = pd.DataFrame({"article_id": ids, "segment": np.tile(range(4), 6), "start": 0, "end": 1, "story_id": ids})
    topic = np.concatenate([[0] * n + [1] * (4 - n) for n in (2, 2, 2, 0, 0, 4)])
    placed = units[["article_id", "segment"]].assign(topic=topic, margin=1.0, weak=False)
    some = replace(model(), units=units, assignments=placed, unit="paragraph")
    groups = pd.DataFrame({"article_id": list("abcdeef"), "name": list("yyyxxzz")})
    found = topics.topic_rates(some, groups, by="name").set_index(["name", "topic"])
    rho = (4 * 233 / 525 + 1) / 5
    # Those of y are less alike, of squares 0; those of z are all alike, which one story tells: drawn to rho by one. In
    # x all are of topic 1, which tells nothing.
    for name, hits, n_stories, own in [("x", 0, 2, rho), ("y", 6, 3, rho), ("z", 4, 2, (1 + rho) / 2)]:
        n = 4 * n_stories / (1 + 3 * own)
        x = n * hits / (4 * n_stories)
        low = beta.ppf(0.025, x, n - x + 1) if hits else 0.0
        expected = [low, beta.ppf(0.975, x + 1, n - x)]
        np.testing.assert_allclose(found.loc[(name, 0), ["ci_low", "ci_high"]].astype(float), expected, atol=1e-6)
        # Topic 1 is the rest.
        others = 1 - found.loc[(name, 1), ["ci_high", "ci_low"]].astype(float)
        np.testing.assert_allclose(others, expected, atol=2e-6)


def test_rates_of_paragraphs_by_hand():
    # Paragraphs 0 and 1 of a and 0 of b, in topics 0, 1, 1; x holds the first of a and b, y all of a.
    units = pd.DataFrame(
        {"article_id": list("aab"), "segment": [0, 1, 0], "start": 0, "end": 1, "story_id": list("aab")}
    )
    placed = units[["article_id", "segment"]].assign(topic=[0, 1, 1], margin=1.0, weak=False)
    some = replace(model(), units=units, assignments=placed, unit="paragraph")
    groups = pd.DataFrame({"article_id": list("abaa"), "segment": [0, 0, 0, 1], "name": list("xxyy")})
    found = topics.topic_rates(some, groups, by="name")
    assert found[["name", "topic", "n_units", "n_group", "n_stories"]].to_numpy().tolist() == [
        ["x", 0, 1, 2, 2],
        ["x", 1, 1, 2, 2],
        ["y", 0, 1, 2, 1],
        ["y", 1, 1, 2, 1],
    ]
    # Where groups are of articles, their paragraphs are all there.
    whole = topics.topic_rates(some, groups.head(2)[["article_id", "name"]], by="name")
    assert whole["n_units"].tolist() == [1, 2]
