"""Markdown to plain text: the marks go, what they mark stays."""

import pytest

from analysis import corpus, markdown

PAGE = """---
title: "Talks: the third day"
outlet: Daily
date: 2023-06-17
tags: [Libya]
---
# Talks, *the* third day

![Map of Libya](map.png)

Ministers of [Iran](https://iran.example/x "Peru") and **Cuba**
met, they said.

> "We are
> here", he said.

---

| Country | Votes |
|---------|------:|
| Mali    | 1     |

- one item
- two &amp; more

First line  
second line<br>third<!-- Chad -->

<div>Block <p>of HTML</p></div>

Note[^1] and <https://link.example>, 3 < 5, a*b, snake_case.

[^1]: At the foot.

[unused]: https://x.example
"""  # noqa: W291


def test_a_page():
    text, stated = markdown.read(PAGE)
    assert text.split("\n\n") == [
        "Talks, the third day",
        "Ministers of Iran and Cuba met, they said.",
        '"We are here", he said.',
        "Country | Votes",
        "Mali | 1",
        "one item",
        "two & more",
        "First line\nsecond line\nthird",
        "Block",
        "of HTML",
        "Note and , 3 < 5, a*b, snake_case.",
        "At the foot.",
    ]
    assert stated["title"] == "Talks: the third day"


@pytest.mark.parametrize(
    ("text", "stated", "rest"),
    [
        ("---\ntitle: Talks: day 3\nsite: 'X'\n---\nBody.", {"title": "Talks: day 3", "site": "X"}, "\nBody."),
        ('+++\ntitle = "A"\n+++\nBody.', {"title": "A"}, "\nBody."),
        ("---\n---\nBody.", {}, "\nBody."),
        ("---\nProse: it is.\nMore prose between rules.\n---\n", {}, None),
        ("---\ntitle: never closed\n", {}, None),
        ("---\n- a\n- list\n---\n", {}, None),
        ("----\ntitle: A\n---\n", {}, None),
        ("+++\nno toml\n+++\n", {}, None),
        ("", {}, None),
        ("---", {}, None),
    ],
)
def test_front_matter(text, stated, rest):
    assert markdown.front_matter(text) == (stated, text if rest is None else rest)


def test_markdown_in_a_corpus(tmp_path):
    (tmp_path / "a.md").write_text(PAGE)
    (tmp_path / "b.md").write_text("---\ntitle: Apart\nlang: en\ndate: 03/04/2023\n---\nIran met Cuba.")
    (tmp_path / "c.md").write_text("![Only a picture](x.png)")
    (tmp_path / "d.md").write_bytes(b"x" * (markdown.MOST_MARKDOWN + 1))
    (tmp_path / "e.markdown").write_text(
        "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\ntitle: *b\n---\nPeru met Chile."
    )
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["a", "b", "e"]
    assert articles["title"].isna().tolist() == [False, False, True]
    assert articles["title"].tolist()[:2] == ["Talks: the third day", "Apart"]
    assert articles["outlet"].iloc[0] == "Daily"
    assert str(articles["published"].iloc[0].date()) == "2023-06-17"
    assert articles["language"].iloc[1] == "en"
    assert problems[["source", "problem"]].values.tolist() == [
        ["b.md", "date_unclear"],
        ["b.md", "title_apart"],
        ["c.md", "empty"],
        ["d.md", "too_large"],
    ]
