"""The structure of articles as papers and agencies lay them out, against roles written down before."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import segments

ROLES = {"H": "headline", "D": "dateline", "B": "body", "P": "boilerplate"}
PROSE = (
    "The two sides have met four times since the spring, and each time they parted without a date for the next round "
    "of their talks, an official who knows them said.",
    "He said that he expected more of the next one, because both had asked for it.",
)


def cases():
    """Yield the name, place and lines of each case of structures.txt."""
    blocks = Path(__file__).with_name("structures.txt").read_text(encoding="utf-8").split("\n\n")
    for block in blocks:
        first, *lines = [line for line in block.splitlines() if not line.startswith("#")] or [""]
        where, _, name = first.partition(" ")
        if lines:
            yield pytest.param(where, [(line[0], line[2:]) for line in lines], id=f"{where} {name}")


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(("where", "lines"), list(cases()))
def test_structure(where, lines, between):
    prose = [("B", p) for p in PROSE]
    lines = [*lines, *prose] if where == "open" else [("H", "Ministers end talks on border"), *prose, *lines]
    text = ""
    for i, (_, line) in enumerate(lines):
        goes_on = i and (lines[i - 1][0] == "D" or lines[i - 1][1].endswith(" news:"))
        text += ("" if not i else " " if goes_on else between) + line
    articles = pd.DataFrame({"article_id": ["a"], "text": [text]})
    table = segments.paragraphs(articles)
    found = list(zip(table["role"], segments.text_of(table, articles), strict=True))
    assert found == [(ROLES[role], line) for role, line in lines]


@pytest.mark.parametrize("ruler", ["=-=-=-=", "-*----", "~_~_~"])
def test_ruler_of_several_signs(ruler):
    text = "\n".join(["Ministers end talks on border", *PROSE, ruler, *PROSE])  # after the opening, as before it
    table = segments.paragraphs(pd.DataFrame({"article_id": ["a", "b"], "text": [text, f"{ruler}\n{PROSE[0]}"]}))
    assert table.loc[table["rule"] == "ruler", ["article_id", "segment"]].to_numpy().tolist() == [["a", 3], ["b", 0]]
