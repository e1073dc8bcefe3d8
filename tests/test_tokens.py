import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from analysis import frames, reading, segments, terms, tokens
from analysis.tokens import TokenRule


def articles(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


def test_tokens_lie_where_they_say():
    texts = articles("He said: Iran's anti-imperialism cost $5 billion. It grew.")
    found = tokens.tokens(texts)
    text = texts["text"][0]
    assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == found["token"].tolist()
    assert found["term"].tolist() == "he said iran anti-imperialism cost 5 billion it grew".split()
    assert found["sentence"].tolist() == [0] * 7 + [1] * 2


def test_document_terms_by_hand():
    counts = tokens.document_terms(articles("The Talks, the talks.", "Cuba's talks."))
    assert counts.terms.tolist() == ["cuba", "talks", "the"]
    assert counts.matrix.toarray().tolist() == [[0, 2, 2], [1, 1, 0]]
    assert counts.matrix.dtype == np.int64
    assert counts.article_ids.tolist() == ["a0", "a1"]
    assert counts.n_tokens.tolist() == [4, 2]


def test_an_article_of_stop_words_keeps_its_row_and_its_size():
    counts = tokens.document_terms(articles("It is.", "Cuba is."), stop_words=["it", "is"])
    assert counts.terms.tolist() == ["cuba"]
    assert counts.matrix.toarray().tolist() == [[0], [1]]
    assert counts.n_tokens.tolist() == [2, 2]


def test_no_articles_give_an_empty_matrix():
    counts = tokens.document_terms(articles())
    assert counts.matrix.shape == (0, 0)
    assert counts.matrix.dtype == np.int64
    assert len(tokens.tokens(articles())) == 0


def test_a_string_of_stop_words_is_refused():
    with pytest.raises(TypeError, match="iterable of words, not the string 'the'"):
        tokens.document_terms(articles("The."), stop_words="the")


def test_names_of_the_lexicon_and_of_the_user_are_single_terms():
    phrases = tokens.lexicon_phrases()
    assert {"United States", "Non-Aligned Movement"} <= set(phrases)
    assert not {"Iran", "Cuba"} & set(phrases)
    rule = TokenRule(multiword=[*phrases, "framing words"])
    text = articles("The United States and the Non Aligned Movement met; the framing words of the united  states.")
    counts = tokens.document_terms(text, rule=rule)
    found = dict(zip(counts.terms, counts.matrix.toarray()[0].tolist(), strict=True))
    assert found["united states"] == 2
    assert found["non-aligned movement"] == found["framing words"] == 1
    assert "united" not in found
    with pytest.raises(ValueError, match="no row of kind 'planet'"):
        tokens.lexicon_phrases(kinds=["planet"])


def test_stems_show_the_commonest_form():
    counts = tokens.document_terms(articles("A policy of policies, policies."), rule=TokenRule(stem="english"))
    assert counts.terms.tolist() == ["a", "of", "polici"]
    assert counts.labels.tolist() == ["A", "of", "policies"]


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="article, paragraph or sentence, not 'line'"):
        tokens.document_terms(articles("The."), unit="line")


def test_stop_words_are_terms():
    words = tokens.stop_words()
    assert {"the", "of", "won't"} <= words
    assert {tokens.term(w) for w in words} == words
    assert not words & {"said", "new", "US"}
    assert {"ani", "the"} <= tokens.stop_words(rule=TokenRule(stem="english"))


def test_labels_are_the_commonest_forms():
    counts = tokens.document_terms(articles("IRAN and Iran's talks. Iran’s Talks. Maduro’s"))
    assert dict(zip(counts.terms, counts.labels, strict=True)) == {
        "and": "and",
        "iran": "Iran",
        "maduro": "Maduro",
        "talks": "Talks",  # once each: the first by code point
    }


def test_roles_choose_what_is_counted():
    text = "Tehran (IP) - Iran signed an accord with Cuba on Friday.\n\nCuba agreed to it.\n\nRead More:\n\nOther news"
    assert "news" not in tokens.document_terms(articles(text)).terms
    assert tokens.document_terms(articles(text), roles=["dateline"]).terms.tolist() == ["ip", "tehran"]
    assert tokens.document_terms(articles(text), roles=None).n_tokens.tolist() == [18]


def test_units_of_one_article():
    text = articles("Cuba signed an accord. Iran agreed.\n\nBoth sides left.")
    paragraphs = tokens.document_terms(text, unit="paragraph")
    sentences = tokens.document_terms(text, unit="sentence")
    assert paragraphs.units[["segment", "start", "end"]].to_numpy().tolist() == [[0, 0, 35], [1, 37, 53]]
    assert paragraphs.n_tokens.tolist() == [6, 3]
    assert sentences.n_tokens.tolist() == [4, 2, 3]
    assert sentences.article_ids.tolist() == ["a0"] * 3
    assert sentences.terms.tolist() == paragraphs.terms.tolist()
    given_units = tokens.document_terms(text, units=paragraphs.units)
    assert (given_units.matrix != paragraphs.matrix).nnz == 0
    pd.testing.assert_frame_equal(given_units.units, paragraphs.units)


def test_units_may_overlap_and_come_in_any_order():
    text = articles("Cuba Iran", "Chad")
    units = pd.DataFrame({"article_id": ["a1", "a0", "a0"], "start": [0, 5, 0], "end": [4, 9, 9]})
    counts = tokens.document_terms(text, units=units)
    assert counts.terms.tolist() == ["chad", "cuba", "iran"]
    assert counts.matrix.toarray().tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 1]]
    found = tokens.tokens(text, units=units)
    assert found[["article_id", "segment", "start", "end", "term"]].to_numpy().tolist() == [
        ["a1", -1, 0, 4, "chad"],
        ["a0", -1, 5, 9, "iran"],
        ["a0", -1, 0, 4, "cuba"],
        ["a0", -1, 5, 9, "iran"],
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("b", 0, 1), "units: no article 'b'"),
        (("a0", 0, 5), "row 0 spans 0 to 5, but the text of article 'a0' has 4 code points"),
        (("a0", 3, 2), "row 0 spans 3 to 2"),
        (("a0", -1, 2), "row 0 spans -1 to 2"),
    ],
)
def test_units_outside_the_articles_are_refused(row, message):
    units = pd.DataFrame([row], columns=["article_id", "start", "end"])
    with pytest.raises(ValueError, match=message):
        tokens.document_terms(articles("Cuba"), units=units)


def test_numbers_can_be_left_out_of_tokens_and_of_their_number():
    text = articles("In 2020 Iran had 1,500 reactors in 20-year use.")
    counts = tokens.document_terms(text, rule=TokenRule(numbers=False))
    assert counts.terms.tolist() == ["20-year", "had", "in", "iran", "reactors", "use"]
    assert counts.n_tokens.tolist() == [7]
    assert len(tokens.tokens(text, rule=TokenRule(numbers=False))) == 7


def test_an_article_without_counted_text_keeps_its_row():
    counts = tokens.document_terms(articles("Comments are closed.", "…", "Cuba"))
    assert counts.matrix.toarray().tolist() == [[0], [0], [1]]
    assert counts.n_tokens.tolist() == [0, 0, 1]


def test_empty_frames_keep_their_columns():
    pd.testing.assert_frame_equal(tokens.tokens(articles()), frames.empty("tokens"))
    pd.testing.assert_frame_equal(tokens.tokens(articles("…")), frames.empty("tokens"))
    pd.testing.assert_frame_equal(tokens.problems(articles()), frames.empty("problems"))
    assert list(tokens.document_terms(articles("…"), unit="sentence").units) == [
        "article_id",
        "segment",
        "start",
        "end",
    ]


def test_problems_name_what_cannot_be_counted():
    found = tokens.problems(
        articles("Cuba agreed.", "…", "中国和伊朗签署协议", "The word 中 is one of ten or so here.")
    )
    assert found[["article_id", "problem", "detail"]].to_numpy().tolist() == [
        ["a1", "no_tokens", "no word in the roles body, headline"],
        ["a2", "unspaced_script", "9 of 9 tokens are single characters of a script written without spaces"],
        ["a3", "unspaced_script", "1 of 10 tokens are single characters of a script written without spaces"],
    ]


WORDS = [
    "Iran",
    "iran’s",
    "Cuba",
    "US",
    "us",
    "the",
    "talks",
    "Talks",
    "5",
    "co-operation",
    "مذاکره",
    "中国",
    "\n",
    "\n\n",
    ". ",
]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=6)


def as_dict(counts: tokens.DocumentTerms) -> dict[tuple[str, str], int]:
    table = counts.matrix.tocoo()
    ids, terms = counts.article_ids[table.row], counts.terms[table.col]
    return dict(zip(zip(ids, terms, strict=True), table.data.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.data())
def test_counts_add_up_over_any_partition_and_in_any_order(texts, data):
    frame = articles(*texts)
    whole = as_dict(tokens.document_terms(frame))
    order = data.draw(st.permutations(range(len(texts))))
    cut = data.draw(st.integers(0, len(texts)))
    shuffled = frame.iloc[order]
    parts = [as_dict(tokens.document_terms(part)) for part in (shuffled.iloc[:cut], shuffled.iloc[cut:])]
    assert {**parts[0], **parts[1]} == whole
    assert len(parts[0]) + len(parts[1]) == len(whole)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from([TokenRule(), TokenRule(multiword=["Iran talks", "Cuba"], stem="english")]))
def test_counts_add_up_over_texts_laid_end_to_end(texts, rule):
    apart = tokens.document_terms(articles(*texts), roles=None, rule=rule)
    joined = tokens.document_terms(articles("\n\n".join(texts)), roles=None, rule=rule)
    assert joined.terms.equals(apart.terms)
    assert joined.matrix.sum(axis=0).tolist() == apart.matrix.sum(axis=0).tolist()
    assert joined.n_tokens.sum() == apart.n_tokens.sum()


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_tokens_and_counts_agree(texts):
    frame = articles(*texts)
    listed = tokens.tokens(frame).groupby(["article_id", "term"]).size().to_dict()
    assert as_dict(tokens.document_terms(frame)) == listed
    by_paragraph = tokens.document_terms(frame, unit="paragraph")
    assert by_paragraph.n_tokens.sum() == tokens.document_terms(frame).n_tokens.sum() == sum(listed.values())


def test_many_chunks_on_threads_count_as_one(monkeypatch):
    frame = articles(*(f"Iran and Cuba{k % 7} met {k} times.\n\nTalks {k % 3}." for k in range(60)))
    whole, listed = tokens.document_terms(frame), tokens.tokens(frame)
    monkeypatch.setattr(reading, "CHUNK", 90)
    again = tokens.document_terms(frame)
    assert (again.matrix != whole.matrix).nnz == 0
    assert again.terms.equals(whole.terms)
    assert again.labels.equals(whole.labels)
    pd.testing.assert_frame_equal(again.units, whole.units)
    pd.testing.assert_frame_equal(tokens.tokens(frame), listed)


def test_the_matrix_is_that_of_count_vectorizer():
    frame = articles("Iran signed 35 accords, the US none. It lets us talk.", "Cuba and Iran's co-operation", "")
    counts = tokens.document_terms(frame)
    oracle = CountVectorizer(analyzer=lambda text: tokens.tokens(articles(text))["term"].tolist())
    table = oracle.fit_transform(frame["text"])
    assert counts.terms.tolist() == oracle.get_feature_names_out().tolist()
    assert counts.matrix.toarray().tolist() == table.toarray().tolist()
    assert counts.matrix.has_sorted_indices


def test_segments_given_as_units_are_read_as_they_are():
    frame = articles("Comments are closed.")
    assert tokens.tokens(frame, units=segments.paragraphs(frame))["term"].tolist() == ["comments", "are", "closed"]


def test_lines_of_the_pages_are_left_out_alike_however_the_text_is_read(monkeypatch):
    """A line that stands in six stories belongs to the pages: no count has it, even where articles are read singly."""
    texts = articles(*(f"Talks of day {i}\n\nFollow Zeitung today\n\nTalks {i} went on." for i in range(6)))
    texts["story_id"] = texts["article_id"]
    for chunk in (reading.CHUNK, 1):
        monkeypatch.setattr(reading, "CHUNK", chunk)
        rules = TokenRule(), TokenRule(multiword=["went on"])
        for rule in rules:
            for unit in ("article", "paragraph", "sentence"):
                assert "zeitung" not in tokens.document_terms(texts, unit=unit, rule=rule).terms
        assert "zeitung" not in set(tokens.tokens(texts)["term"])
        assert not len(terms.concordance(texts, "Zeitung"))
        assert not len(terms.concordance(texts, "Zeitung", regex=True))
        assert "zeitung" not in set(terms.collocations(texts)["term_a"])
    assert "zeitung" in tokens.document_terms(texts, roles=None).terms
    assert "zeitung" in tokens.document_terms(texts.drop(columns="story_id")).terms
