"""Other processes share the work, and nothing tells from the results that they did."""

import io
import json
import operator
import os
import pickle
import random
import subprocess
import sys
import time

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import batches, corpus, intake, json_files, workers
from analysis.files import Found
from analysis.tables import Block, Options, Record, Rows


def squares(n, items, function=operator.neg):
    with workers.Workers(lambda: n) as others:
        return list(others.map(function, items))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_results_come_in_the_order_of_the_items(n):
    assert squares(n, range(40)) == [-i for i in range(40)]
    assert squares(n, []) == []


def test_processes_start_when_they_are_wanted_and_end_with_the_work():
    wanted = iter([0, 0, 1])
    with workers.Workers(lambda: next(wanted)) as others:
        running = []
        for _ in others.map(operator.neg, range(4)):
            running.append(len(others._processes))
        process = others._processes[0]
        assert process.poll() is None
    assert running == [0, 0, 1, 1]
    assert process.poll() is not None


@pytest.fixture
def ready(monkeypatch):
    """Have the processes ready before the first task: a test is over before they would be."""
    start = workers.Workers._start

    def start_and_wait(self):
        start(self)
        while self._n_ready < self._n:
            time.sleep(0.01)

    monkeypatch.setattr(workers.Workers, "_start", start_and_wait)


def test_other_processes_do_take_tasks(ready):
    with workers.Workers(lambda: 2) as others:
        ids = list(others.map(eval, ["__import__('time').sleep(0.01) or __import__('os').getpid()"] * 30))
    assert len(set(ids)) == 3
    assert os.getpid() in ids


def test_a_block_and_its_frames_are_sent_as_they_lie():
    rows = Rows(Found("a.jsonl", ".jsonl", open), Options())
    lines = [json.dumps({"id": f"a{i}", "text": f"Report {i} said that it was so. " * 40}) for i in range(50)]
    list(json_files.block_lines(lines[0].encode(), 1, rows))  # which column is which
    block = Block(json_files.block_lines, "\n".join(lines[1:]).encode(), 2, rows)
    here = intake.framed(block)
    assert len(here.columns["text"]) == 49
    sent = {}
    for message in ((intake.framed, block), here):
        pipe = io.BytesIO()
        workers._send(pipe, message)
        sent[message is here] = workers._receive(io.BytesIO(pipe.getvalue()))
        with pytest.raises(EOFError):
            workers._receive(io.BytesIO(pipe.getvalue()[:-1]))
    function, item = sent[False]
    for there in (function(item), sent[True]):
        assert there.columns.keys() == here.columns.keys()
        assert all(there.columns[c].equals(here.columns[c]) for c in here.columns)
        assert all((a == b).all() for a, b in zip(there.sample, here.sample, strict=True))
        assert there.taken == here.taken
    assert pickle.loads(pickle.dumps(block, protocol=5)).data == block.data
    assert pickle.loads(pickle.dumps(block, protocol=4)).data == block.data


def test_what_a_task_raises_is_raised_here(ready):
    with workers.Workers(lambda: 2) as others, pytest.raises(ZeroDivisionError):
        list(others.map(eval, ["1 / 0"] * 9))


def test_what_cannot_be_sent_is_done_here(ready):
    assert squares(1, range(9), function=lambda i: i + 1) == list(range(1, 10))


class Heavy:
    def __reduce__(self):
        raise MemoryError

    def __len__(self):
        return 3


def test_what_there_is_no_memory_to_send_is_done_here(ready):
    with workers.Workers(lambda: 1) as others:
        assert list(others.map(len, [Heavy()] * 5)) == [3] * 5


def test_a_process_that_dies_loses_no_task(ready):
    here = os.getpid()
    code = f"__import__('os')._exit(1) if __import__('os').getpid() != {here} else 7"
    with workers.Workers(lambda: 2) as others:
        assert list(others.map(eval, [code] * 30)) == [7] * 30


def test_without_other_processes_the_work_is_done_all_the_same(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert squares(3, range(9)) == [-i for i in range(9)]


@pytest.mark.skipif(sys.platform == "win32", reason="no fcntl")
def test_a_pipe_that_cannot_be_widened_will_do(monkeypatch):
    import fcntl

    def refused(*_):
        raise PermissionError

    monkeypatch.setattr(fcntl, "fcntl", refused)
    process = workers._process()
    try:
        assert workers._receive(process.stdout) == "ready"
    finally:
        process.kill()
        process.communicate()


def test_a_caller_that_stops_early_leaves_no_process():
    with workers.Workers(lambda: 1) as others:
        assert next(others.map(operator.neg, iter(range(100)))) == 0
        process = others._processes[0]
    assert process.poll() is not None


def test_the_number_of_jobs():
    assert 1 <= workers.n_jobs() <= workers.MOST_JOBS
    assert workers.n_jobs(9) == 9
    with pytest.raises(ValueError, match="jobs must be 1 at least, not 0"):
        workers.n_jobs(0)
    with pytest.raises(ValueError, match="jobs must be 1 at least, not -1"):
        corpus.load_articles(jobs=-1)


def messy_folder(folder):
    """Tables with bad rows, copies, pages, texts and files that are none, so that every kind of task occurs."""
    rng = random.Random(0)
    words = "Iran Cuba talks the of and minister said trade border agreement between will president".split()
    rows = []
    for i in range(300):
        text = " ".join(rng.choices(words, k=60)).capitalize() + "."
        row = {"id": f"a{i % 290}", "title": f"Title {i}", "date": f"2023-0{1 + i % 9}-17", "text": text}
        if i % 7 == 0 and i:
            row["text"] = rows[i - 7 if i > 7 else 1]["text"]
        if i % 31 == 0:
            row.update(text=["", "  ", "a\0b", "\ud800", "=SUM(A1)", "Caf\u00c3\u00a9 talks went on."][i % 6])
        if i % 41 == 0:
            row["date"] = "03/04/2023"
        rows.append(row)
    lines = [json.dumps(r) for r in rows]
    lines[5:5] = ["{", "[1]", ""]
    (folder / "t.jsonl").write_text("\n".join(lines))
    for i in range(20):
        body = "".join(f"<p>{' '.join(rng.choices(words, k=40))}.</p>" for _ in range(4))
        (folder / f"p{i:02}.html").write_text(f"<html><body><article><h1>Talks {i} go on</h1>{body}</article></body>")
        (folder / f"n{i:02}.md").write_text(f"# Talks {i}\n\nBy *A* B\n\nIran met Cuba {i} times.\n")
        (folder / f"x{i:02}.txt").write_bytes(
            b"Iran met Cuba.\xff" if i % 5 == 0 else f"Iran met Cuba {i} times.".encode()
        )
    (folder / "p03.xls").write_bytes(b"")
    return folder


@pytest.mark.parametrize("options", [{}, {"titles": "first", "repair": True, "chunksize": 37}])
def test_the_frames_are_the_same_with_any_number_of_jobs(tmp_path, monkeypatch, ready, options):
    folder = messy_folder(tmp_path)
    monkeypatch.setattr(intake, "BATCH", 3000)

    def load(jobs):
        found = corpus.load_articles(folder, jobs=jobs, **options)
        return list(found) if "chunksize" in options else [found]

    alone = load(1)
    assert sum(len(a) for a, _ in alone) > 300
    assert pd.concat([p for _, p in alone])["problem"].nunique() > 7
    shared = load(2)
    assert len(shared) == len(alone)
    for (articles, problems), (own, doubts) in zip(alone, shared, strict=True):
        assert_frame_equal(articles, own)
        assert_frame_equal(problems, doubts)


def test_a_script_needs_no_guard(tmp_path):
    """A library that starts its processes by importing the caller's script would start it again and again."""
    script = tmp_path / "script.py"
    script.write_text("from analysis import corpus\nprint(len(corpus.load_articles(jobs=2)[0]))\n")
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("5\n", "")


def test_a_batch_is_sent_whole():
    import pickle

    batch = batches.Batch(repair=True)
    batch.add(Record("a.txt", "a", "Iran met Cuba.", None, "IP", 3, "en"))
    batch.ends_chunk = True
    for own in (batch, batches.Batch(repair=False)):
        sent = pickle.loads(pickle.dumps(own))
        assert sent.__dict__ == own.__dict__
        assert all(isinstance(r, Record) for r in sent.records)
