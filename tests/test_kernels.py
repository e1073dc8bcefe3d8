"""Compiled loops give what is found without them, to the bit."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import (
    batches,
    compiled,
    corpus,
    kernels,
    languages,
    overlaps,
    shingles,
    stories,
    story_samples,
    word_counts,
)
from analysis.kernels import basics

ROOT = Path(__file__).parents[1]
WORDS = (
    "The the THAT Said said have of in to a Iran talks trade ministers agreed Élysée \u0130zmir \u03a3\u039f\u03a3 "
    "e\u0301 \u212aing straße international-level 2023 don’t “quoted” —dash— \u00a0 « » · © … naïve 東京 \U0001f600 "
    "\U00010400 \x1c \x85 \u1680 \u2009 \u2028 \u205f \u3000 \u200b \0 _ @ eighteen ninelette\u00a9s"
).split(" ")
TEXT = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join) | st.text(max_size=40)
TEXTS = st.lists(TEXT | st.just("the cat said that " * 60) | st.just("").map(lambda _: "\ud800 lone"), max_size=6)


@pytest.fixture
def with_kernels(monkeypatch):
    """Let the kernels be loaded, as they are where there is much text."""
    monkeypatch.setattr(compiled, "_loaded", [kernels])


def both(function):
    """Return what a function gives without the kernels and with them."""
    found = []
    for loaded in (None, kernels):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "_loaded", [loaded])
            found.append(function())
    return found


def assert_same(function):
    for one, other in zip(*both(function), strict=True):
        np.testing.assert_array_equal(other, one)
        assert other.dtype == one.dtype


@given(TEXTS)
@example([])
@example([""])
@example(["Iran met"])
@example(["Iran met Cuba.", "", "É" * 3])
def test_samples_and_runs(texts):
    assert_same(lambda: story_samples.sample(texts))
    assert_same(lambda: shingles.runs(texts))


@pytest.mark.parametrize("longest", [1, 7, 40, 10**6])
def test_long_texts_are_cut_alike(monkeypatch, longest):
    monkeypatch.setattr(shingles, "LONGEST", longest)
    texts = ["Élan in Iran, talks in Cuba " * 3, "plain words of a long text " * 20, "İİ ΣΟΣ", ""]
    assert_same(lambda: story_samples.sample(texts))
    assert_same(lambda: shingles.runs(texts))


def test_a_sample_of_a_slice_is_that_of_its_texts():
    whole = pa.array(["Iran met Cuba and Peru.", "The talks went on.", "É said so again."], pa.large_string())
    for loaded in both(lambda: story_samples.sample(whole.slice(1))):
        for one, other in zip(loaded, story_samples.sample(["The talks went on.", "É said so again."]), strict=True):
            np.testing.assert_array_equal(one, other)


@given(TEXTS)
def test_words_are_counted_as_split_does(texts):
    texts = [t.replace("\ud800", "") for t in texts]
    for found in both(lambda: word_counts.n_words(pa.array(texts, pa.large_string()))):
        assert found.tolist() == [len(t.split()) for t in texts]


def test_words_of_more_than_one_piece():
    texts = ["the talks\u2009went on " * n for n in (0, 1, 30_000, 3, 0, 9_000)] + ["’" * 5]
    for found in both(lambda: word_counts.n_words(pa.array(texts, pa.large_string()))):
        assert found.tolist() == [len(t.split()) for t in texts]


@given(TEXT | st.characters(max_codepoint=255).map("plain words {}".format))
def test_control_characters_are_seen(text):
    found = kernels.has_controls(np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8))
    assert found == (re.search(batches.CONTROL, text) is not None)


ENGLISH = st.lists(st.sampled_from("the The of said Iran to talks trade \u2009 who é".split(" ")), max_size=400)


@given(st.lists(TEXT | ENGLISH.map(" ".join) | ENGLISH.map("\n".join), max_size=4))
def test_english_is_seen_alike(texts):
    one, other = both(lambda: languages.are_english(texts))
    assert one == other


def test_english_where_a_longer_look_decides():
    names = " ".join(f"Aa{i}" for i in range(60))  # 300 characters without a function word
    plain = " the talks that they said were held" * 60
    texts = [names + plain, plain * 2 + names * 3, names * 20, (names + plain).replace("a", "é"), plain]
    one, other = both(lambda: languages.are_english(texts))
    assert one == other
    assert one[0]
    assert not one[2]


HASHES = st.lists(st.sampled_from([0, 1, 2, 2**60, 2**60 + 1, 2**63, 2**64 - 1]), min_size=1, max_size=9)


@given(HASHES, HASHES)
def test_covered_words_are_those_of_a_plain_loop(own, other):
    one, two = (overlaps.Shingled(len(h) + 2, np.array(h, np.uint64)) for h in (own, other))
    expected = [any(own[i] in other for i in range(max(w - 2, 0), min(w + 1, len(own)))) for w in range(len(own) + 2)]
    for found in both(lambda: overlaps.covered(one, two)):
        assert found.tolist() == expected


@pytest.mark.parametrize("n_words", [0, 1, 2])
def test_articles_without_shingles_cover_nothing(n_words):
    nothing, some = (overlaps.Shingled(n, np.arange(max(n - 2, 0), dtype=np.uint64)) for n in (n_words, 9))
    for found in both(lambda: [overlaps.covered(nothing, some), overlaps.covered(some, nothing)]):
        assert [f.tolist() for f in found] == [[False] * n_words, [False] * 9]


def test_hashes_that_begin_alike_are_compared_by_sorting(with_kernels):
    rng = np.random.default_rng(0)
    own, other = (np.unique(rng.integers(2**40, size=3000, dtype=np.uint64)) for _ in range(2))
    own = np.concatenate([own, other[::3]])
    assert not len(kernels.covered(own, other))  # all in the first slots of the table
    shared = np.isin(own, other)
    found = overlaps.covered(overlaps.Shingled(len(own) + 2, own), overlaps.Shingled(len(other) + 2, other))
    expected = np.zeros(len(own) + 2, dtype=bool)
    for offset in range(3):
        expected[offset : offset + len(own)] |= shared
    np.testing.assert_array_equal(found, expected)


def test_the_frames_are_the_same(tmp_path):
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(WORDS, size=n)) for n in (5, 60, 200, 900, 0, 30)]
    texts += [texts[2], texts[3][:2000], f"New title\n\nTEHRAN (IP) - {texts[3]}", "\x07 control", "a\0b", "=SUM(A1)"]
    rows = {"text": texts, "title": [f"T {i}" for i in range(12)], "language": [None, "fr"] * 6}
    pd.DataFrame(rows).to_json(tmp_path / "rows.jsonl", orient="records", lines=True)
    (articles, problems), (again, problems_again) = both(lambda: corpus.load_articles(tmp_path / "rows.jsonl"))
    pd.testing.assert_frame_equal(again, articles)
    pd.testing.assert_frame_equal(problems_again, problems)
    assert articles["story_id"].nunique() < len(articles) > 8
    pd.testing.assert_series_equal(*both(lambda: stories.story_ids(articles)))


def test_without_numba_all_is_found_all_the_same(monkeypatch):
    monkeypatch.setattr(compiled, "_loaded", [])
    assert compiled.kernels() is None
    monkeypatch.setitem(sys.modules, "analysis.kernels", None)  # as if it could not be imported
    monkeypatch.delattr("analysis.kernels")
    compiled.load()
    assert compiled._loaded == [None]
    assert compiled.kernels() is None


def test_without_a_folder_to_keep_them_there_are_no_kernels(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    before = basics.numba.config.CACHE_LOCATOR_CLASSES
    monkeypatch.setattr(basics.numba.config, "CACHE_DIR", str(tmp_path / "file" / "in a file"))
    with pytest.raises(RuntimeError, match="cannot cache"):
        basics.compiled("f8(f8)")(_double)
    assert before == basics.numba.config.CACHE_LOCATOR_CLASSES


def test_what_is_compiled_is_kept_by_all_that_it_is_made_of(monkeypatch, tmp_path):
    monkeypatch.setattr(basics.numba.config, "CACHE_DIR", str(tmp_path))
    folder = basics.folder()
    assert basics.compiled("f8(f8)")(_double)(2.0) == 4.0
    assert list(folder.rglob("*.nbi"))
    changed = tmp_path / "story_samples.py"
    changed.write_text("SAMPLE = 192")
    monkeypatch.setattr(basics, "_BEHIND", [changed])
    assert basics.folder() != folder


_LOAD = """
import warnings
import pyarrow as pa
from analysis import compiled
warnings.simplefilter("error")
compiled.load()
texts = pa.array(["The ministers of Iran and Cuba met."], pa.large_string())
print(compiled.kernels().n_words(*compiled.utf8_of(texts)))
"""


def _loaded_in_a_process(folder):
    env = {**os.environ, "NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", _LOAD], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_was_kept_and_cannot_be_read_is_compiled_anew(tmp_path):
    kept = shutil.copytree(basics.folder(), tmp_path / basics.folder().name)
    index, code = sorted(kept.rglob("*.nbi")), sorted(kept.rglob("*.nbc"))
    index[-1].write_bytes(index[-1].read_bytes()[:100])
    code[0].write_bytes(b"")
    assert _loaded_in_a_process(tmp_path) == "[7]\n"
    assert sorted(kept.rglob("*.nbi")) == index
    assert min(file.stat().st_size for file in [*index, *code]) > 100
    assert _loaded_in_a_process(tmp_path) == "[7]\n"


def test_loops_that_cannot_be_compiled_anew_are_told_of(monkeypatch, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "cut.nbi").touch()
    tries = []

    def fails():
        tries.append((tmp_path / "kept").exists())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compiled, "_loaded", [])
    monkeypatch.setattr(compiled, "_imported", fails)
    monkeypatch.setattr(basics, "folder", lambda: tmp_path / "kept")
    with pytest.warns(RuntimeWarning, match=r"no compiled loops \(OSError: .*No space left.* more slowly"):
        compiled.load()
    assert tries == [True, False]
    assert compiled.kernels() is None
    compiled.load()  # once is enough
    assert len(tries) == 2


def test_where_there_is_no_folder_for_them_nothing_is_told(monkeypatch, tmp_path):
    def fails():
        raise RuntimeError("cannot cache function")

    monkeypatch.setattr(compiled, "_loaded", [])
    monkeypatch.setattr(compiled, "_imported", fails)
    monkeypatch.setattr(basics, "folder", lambda: tmp_path / "nowhere")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiled.load()
    assert compiled._loaded == [None]


def _double(x):
    return x + x
