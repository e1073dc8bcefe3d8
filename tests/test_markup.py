"""HTML in the fields of tables is named, and read as text if asked for; what only looks like it stays."""

import json
import time

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import corpus, json_files, lines, markup

CASES = {
    # blocks become paragraphs, inline tags go, references are read
    '<p>France <b>signed</b> a deal with <a href="http://example.com/x">Germany</a>.</p><p>It&rsquo;s good.</p>': (
        "France signed a deal with Germany.\n\nIt\u2019s good.", 8, 1,
    ),
    # a feed that holds its markup escaped: 4 references become the angle brackets of 2 tags
    'Colgate &lt;A HREF="http://x.com/q?t=CL.N target=/s"&gt;CL.N&lt;/A&gt; rose.': ("Colgate CL.N rose.", 2, 4),
    "Germany&#39;s Oil &amp; gas &#x201c;pact&#x201D;\n\nTwo.": ("Germany's Oil & gas \u201cpact\u201d\n\nTwo.", 0, 4),
    # only inline tags: line ends and paragraphs are the text's own
    "One.\n\nTwo <i>x</i>\nthree  four.": ("One.\n\nTwo x\nthree  four.", 2, 0),
    "a<br>\nb<br/><br />c\nd": ("a\n\nb\n\nc\nd", 3, 0),
    # with blocks a line end is white space, a blank line a paragraph
    "<p>wrapped\nline</p>\n\nNext para\nhere, <City>&nbsp;x": ("wrapped line\n\nNext para here, <City> x", 2, 1),
    "<div>a</div><script>if (x < 1) say('<p>')</script><style>p {}</style>b": ("a\n\nb", 2, 0),
    "<script>only()</script>": ("", 1, 0),
    "a <!-- wp:paragraph --> <p class='x' hidden>b</p><o:p></o:p>": ("a\n\nb", 5, 0),
    "<![CDATA[<p>x</p>]]>": ("x", 3, 0),
    '<td title="a > b">x</td><td>y</td>': ("x\n\ny", 4, 0),
    "x&#13;\ny&#13;z": ("x\ny\nz", 0, 2),
    "&lt;City&gt; &amp;copy": ("<City> &copy", 0, 3),
}  # fmt: skip

STAYS = [
    "AT&T", "R&D; more", "x < y and y > z", "<3", "a<b", "<bob@example.org>", "<http://example.org/a>", "<City>, June",
    "<time>", "<a>", "</b>", "<i think so>", "#include <map>", "vector<object> x", "<grin>so</grin>", "&copy 2004",
    "?a=1&copy=2", "&;", "&#;", "&#xZZ;", "&nosuchname;", "<p", "< p >", "<a href=", "M<P 4%>&ET;", "<!-- cut", "&amp",
]  # fmt: skip


@pytest.mark.parametrize("given", CASES)
def test_what_is_read(given):
    text, n_tags, n_references = CASES[given]
    assert markup.plain(given) == (text, n_tags, n_references, True)
    assert markup.plain(text) is None  # read once, it stays


@pytest.mark.parametrize("given", STAYS)
def test_what_only_looks_like_markup_stays(given):
    assert markup.plain(given) is None


def test_markup_below_markup_is_read_once_and_what_is_left_is_told():
    found = markup.plain("&amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt;")  # &lt;b&gt;x&lt;/b&gt;, then <b>x</b>
    assert found == ("<b>x</b>", 0, 8, False)
    assert str(found) == "8 character references, more below them left as they are"
    assert str(markup.plain("<p>a &amp; b")) == "1 tag, 1 character reference"


@given(st.text().filter(lambda t: "<" not in t and "&" not in t))
def test_other_text_is_untouched(text):
    assert markup.plain(text) is None


PIECES = [
    "<",
    ">",
    "&",
    ";",
    "<p>",
    "</p>",
    "<b x='",
    "'",
    '"',
    "<!--",
    "-->",
    "<script>",
    "&lt;",
    "&#",
    "9",
    "=",
    "\n",
]


@given(st.lists(st.sampled_from([*PIECES, "<i>", "</i>", "word ", "<br>", "amp;"]) | st.text(max_size=3)))
def test_reading_never_fails(pieces):
    found = markup.plain("".join(pieces))
    assert found is None or (found.n_tags + found.n_references > 0)


WORDS = st.lists(
    st.sampled_from(["Iran met Cuba.", "AT&amp;T", "x &lt; y", "\n", "\n\n", "<br>", "&eacute;"]), min_size=1
)


@given(st.lists(st.tuples(st.sampled_from(["p", "b", "div", "li"]), WORDS.map(" ".join)), min_size=1))
def test_what_was_read_stays_as_it_is(parts):
    found = markup.plain("".join(f"<{name}>{text}</{name}>" for name, text in parts))
    assert found.is_whole
    assert markup.plain(found.text) is None


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "&",
        "<a ",
        "<p>",
        "<p ",
        "<a b='",
        '<a b="',
        "<!--",
        "<script",
        "<script>",
        "<b>",
        "&#",
        "<a x=y ",
        "<p>\n ",
        " ",
    ],
)
def test_time_grows_with_the_length_only(piece):
    text = f"<i>x</i>{piece * (400_000 // len(piece))}"
    start = time.process_time()
    markup.plain(text)
    assert time.process_time() - start < 3.0


ROWS = [
    {"id": "a", "title": "Oil &amp; <b>gas</b>", "text": "<p>Iran met Cuba in Havana.</p><p>They signed.</p>"},
    {"id": "b", "title": "AT&T met <City>", "text": "Iran met Cuba in Havana on <Friday> & signed."},
    {"id": "c", "title": "<p></p>", "text": "<script>x()</script>"},
    {"id": "d", "title": "&quot;Yes&quot;", "text": "Cuba met Iran in Tehran on Monday."},
]


def write(folder, kind):
    path = folder / f"t.{kind}"
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif kind == "json":
        path.write_text(json.dumps(ROWS))
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(r) + "\n" for r in ROWS))
    else:
        pd.DataFrame(ROWS).to_csv(path, index=False, sep="\t" if kind == "tsv" else ",")
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "jsonl", "parquet"])
def test_rows_of_tables(tmp_path, kind):
    path = write(tmp_path, kind)
    articles, problems = corpus.load_articles(path, markup=True)
    source = f"t.{kind}"
    expected = pd.DataFrame(
        [
            ["a", "Oil & gas", "Iran met Cuba in Havana.\n\nThey signed.", 7, f"{source}#1"],
            ["b", "AT&T met <City>", "Iran met Cuba in Havana on <Friday> & signed.", 9, f"{source}#2"],
            ["d", '"Yes"', "Cuba met Iran in Tehran on Monday.", 7, f"{source}#4"],
        ],
        columns=["article_id", "title", "text", "n_words", "source"],
    )
    columns = list(expected.columns)
    assert_frame_equal(articles[columns], expected.astype({c: "str" for c in columns if c != "n_words"}))
    told = [
        [f"{source}#1", "a", "markup_read", "in the text 4 tags; in the title 2 tags, 1 character reference"],
        [f"{source}#3", "c", "markup_read", "in the text 1 tag; in the title 2 tags"],
        [f"{source}#3", "c", "empty", "no text"],
        [f"{source}#4", "d", "markup_read", "in the title 2 character references"],
        [source, None, "title_apart", "3 titles, first 'Oil & gas'"],
    ]
    assert_frame_equal(problems, pd.DataFrame(told, columns=list(problems.columns), dtype="str"))


def test_rows_stay_as_they_are_and_are_named_unless_asked(tmp_path):
    articles, problems = corpus.load_articles(write(tmp_path, "jsonl"))
    assert articles["text"].tolist() == [row["text"] for row in ROWS]
    assert articles["title"].tolist() == [row["title"] for row in ROWS]
    named = problems.loc[problems["problem"] == "markup", ["article_id", "detail"]]
    assert named.to_numpy().tolist() == [
        ["a", "in the text 4 tags; in the title 2 tags, 1 character reference"],
        ["c", "in the text 1 tag; in the title 2 tags"],
        ["d", "in the title 2 character references"],
    ]


def test_files_of_text_stay(tmp_path):
    (tmp_path / "a.txt").write_text("<p>Iran &amp; Cuba met in Havana.</p>")
    articles, problems = corpus.load_articles(tmp_path, markup=True)
    assert articles["text"].tolist() == ["<p>Iran &amp; Cuba met in Havana.</p>"]
    assert problems.empty


def test_what_was_loaded_loads_the_same(tmp_path):
    articles, _ = corpus.load_articles(write(tmp_path, "jsonl"), markup=True)
    articles[["article_id", "title", "text"]].to_json(tmp_path / "u.jsonl", orient="records", lines=True)
    again, problems = corpus.load_articles(tmp_path / "u.jsonl", markup=True)
    same = ["article_id", "title", "text", "outlet", "published", "language", "story_id", "n_words"]
    assert_frame_equal(again[same], articles[same])
    assert problems["problem"].tolist() == ["title_apart"]


def test_other_processes_read_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(json_files, "LARGE", 2**12)
    monkeypatch.setattr(lines, "BLOCK", 2**12)
    path = tmp_path / "t.jsonl"
    rows = [{**ROWS[i % 4], "id": f"r{i}"} for i in range(400)]
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    one, two = (corpus.load_articles(path, markup=True, jobs=n) for n in (1, 2))
    for a, b in zip(one, two, strict=True):
        assert_frame_equal(a, b)
    assert (one[1]["problem"] == "markup_read").sum() == 300
