"""Sentences that name a country beside look-alikes that do not: each rule both ways."""

import pandas as pd
import pytest

from analysis import capitals, countries


def read(text: str) -> pd.DataFrame:
    return countries.mentions(pd.DataFrame({"article_id": ["a"], "text": [text]}, dtype="str"))


def counted(text: str) -> list[str]:
    """Return the countries counted, in the order of the text, as often as they are named."""
    return countries.counted(read(text))["country"].tolist()


def rule_of(text: str, surface: str) -> str:
    return read(text).query("surface == @surface")["rule"].iloc[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # an adjective that opens a sentence, a quotation or a title
        ("The Australian government raised tariffs.", ["AUS"]),
        ('"The Australian army is ready," he said.', ["AUS"]),
        ("“The Australian dollar fell.”", ["AUS"]),
        ("He spoke. The Australian people voted.", ["AUS"]),
        ("The Australian Prime Minister flew to Fiji.", ["AUS", "FJI"]),
        ("THE AUSTRALIAN GOVERNMENT RAISED TARIFFS", ["AUS"]),
        ("Why The Australian Dollar Fell", ["AUS"]),
        ("The Australian won her second title.", ["AUS"]),
        # the newspaper
        ("The Australian reported that China would sign.", ["CHN"]),
        ("The Australian newspaper said that China was angry.", ["CHN"]),
        ("Officials told The Australian that China would sign.", ["CHN"]),
        ("The deal, The Australian reported, was off.", []),
        ("In an interview with The Australian, Wong criticised China.", ["CHN"]),
        ("The Australian Financial Review praised Fiji.", ["FJI"]),
        ("The Irish Times and The Japan Times reported from Fiji.", ["FJI"]),
    ],
)
def test_a_newspaper_named_after_the_people(text, expected):
    assert counted(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"US Open to Talks With Iran", True),
        (b"China Hits Back at US Steel Tariffs", True),
        (b"IRAN AND CUBA MEET", True),
        (b"U.S. Open to Talks With Iran, Pompeo Says", True),
        (b"US steel tariffs anger China", False),
        (b"Nippon Steel bought U.S. Steel.", False),
        (b"US Steel", False),  # two words do not tell
        (b"", False),
    ],
)
def test_title_case(line, expected):
    assert capitals.is_title_case(line) == expected
