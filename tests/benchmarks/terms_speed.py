"""Speed and memory of the document-term matrix and of pairs, beside scikit-learn's CountVectorizer.

    python tests/benchmarks/terms_speed.py texts.jsonl                       # the file as it is
    python tests/benchmarks/terms_speed.py texts.jsonl matrix 10 100 1000    # enlarged, by repeating, to megabytes
    python tests/benchmarks/terms_speed.py texts.jsonl pairs                 # the second half only

The file holds one JSON object a line with a ``text``. CountVectorizer is given the same token rule as a regular
expression (the part of `words.pattern` that matters for Latin script: the whole is several times slower), and the same
work: lower case, counts of the whole text. Ours does the same, and besides leaves out addresses, finds the paragraphs
and leaves out boilerplate where the line says "counted roles". Each measurement runs in a process of its own, the two
sides in turn, five times (once when enlarged); the least time counts, and the median of the peaks of memory, each above
that of the loaded texts. CPU is the time of all cores together: CountVectorizer has one thread, ours as many as there
are cores. When enlarged, bytes per byte is the peak over the size of the texts; a repeated text brings no new words, so
the matrix grows and the vocabulary does not.
"""

import json
import resource
import statistics
import subprocess
import sys
import threading
import time

LETTER = r"[^\W_]"
RULE = (
    rf"{LETTER}+(?:(?:['’‘_·]|(?<![0-9])[-‐‑]|[-‐‑](?![0-9])|(?<=[0-9])[.,](?=[0-9])"
    rf"|(?<!{LETTER}[^\W\d_])(?<=[^\W\d_])\.(?=[^\W\d_](?!{LETTER}))){LETTER}+)*"
)
MATRIX = ["CountVectorizer", "document_terms, whole texts", "document_terms, counted roles"]
PAIRS = ["CountVectorizer, bigrams", "collocations, neighbours", "collocations, within 5", "collocations, sentences"]


def load(path: str, megabytes: float | None) -> list[str]:
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    if megabytes is not None:
        wanted, size, enlarged = megabytes * 1e6, 0, []
        while size < wanted:
            enlarged.append(texts[len(enlarged) % len(texts)])
            size += len(enlarged[-1].encode())
        texts = enlarged
    return texts


def frame_of(texts: list[str]):
    import pandas as pd

    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": texts})


def measure(path: str, megabytes: float | None, what: str) -> None:
    import pandas as pd
    from sklearn.feature_extraction.text import CountVectorizer

    from analysis import terms, tokens

    texts = load(path, megabytes)
    articles = frame_of(texts)
    whole = pd.DataFrame({"article_id": articles["article_id"], "start": 0, "end": list(map(len, texts))})
    stop_words = tokens.stop_words()
    work = {
        "CountVectorizer": lambda: CountVectorizer(token_pattern=RULE).fit_transform(texts).sum(),
        "CountVectorizer, bigrams": lambda: CountVectorizer(token_pattern=RULE, ngram_range=(2, 2)).fit_transform(
            texts
        ),
        "document_terms, whole texts": lambda: tokens.document_terms(articles, units=whole).matrix.sum(),
        "document_terms, counted roles": lambda: tokens.document_terms(articles).matrix.sum(),
        "collocations, neighbours": lambda: terms.collocations(articles),
        "collocations, within 5": lambda: terms.collocations(articles, window=5, stop_words=stop_words),
        "collocations, sentences": lambda: terms.collocations(articles, window=None, stop_words=stop_words),
    }[what]
    small = articles.head(3)
    (
        tokens.document_terms(small),
        terms.collocations(small),
        CountVectorizer().fit_transform(texts[:3]),
    )  # tables, imports
    settle()
    before = rss()
    peak = Peak()
    begin, used = time.perf_counter(), cpu()
    result = work()
    seconds, used = time.perf_counter() - begin, cpu() - used
    found = {"seconds": seconds, "megabytes": (peak.stop() - before) / 1e6, "cpu": used}
    print(json.dumps(found | ({"tokens": int(result)} if what in MATRIX else {})))


def settle() -> None:
    """Hand back what loading no longer needs, or the work would use it unseen."""
    import ctypes
    import gc

    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)


def rss() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Peak:
    """The largest memory of the process, looked at a hundred times a second."""

    def __init__(self):
        self.most, self._on = rss(), True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        while self._on:
            self.most = max(self.most, rss())
            time.sleep(0.01)

    def stop(self) -> int:
        self._on = False
        self._thread.join()
        return max(self.most, rss())


def identical(path: str) -> None:
    """Compare every cell with CountVectorizer's, addresses aside: its surface forms, by the term each counts as."""
    import pandas as pd
    from scipy import sparse
    from sklearn.feature_extraction.text import CountVectorizer

    from analysis import addresses, tokens

    articles = frame_of(load(path, None))
    whole = pd.DataFrame({"article_id": articles["article_id"], "start": 0, "end": articles["text"].str.len()})
    ours = tokens.document_terms(articles, units=whole)
    oracle = CountVectorizer(token_pattern=RULE, lowercase=False)
    table = oracle.fit_transform(articles["text"].map(addresses.without))
    columns = ours.terms.get_indexer([tokens.term(s) for s in oracle.get_feature_names_out()])
    assert (columns >= 0).all(), "a term that ours lacks"
    adder = sparse.csr_array(
        ([1] * len(columns), (range(len(columns)), columns)), shape=(len(columns), len(ours.terms))
    )
    differing = (sparse.csr_array(table) @ adder != ours.matrix).nnz
    print(f"{ours.matrix.shape[0]} articles, {ours.matrix.shape[1]} terms, {ours.matrix.sum()} tokens: ", end="")
    print("counts identical" if not differing else f"{differing} cells DIFFER")


def main(path: str, sizes: list[float], groups: list[list[str]]) -> None:
    identical(path)
    for size in sizes or [None]:
        texts = load(path, size)
        n, n_texts = sum(len(t.encode()) for t in texts) / 1e6, len(texts)
        del texts
        print(f"{n:.1f} MB, {n_texts} articles" + (", enlarged by repeating" if size else ""))
        for group in groups:
            runs: dict[str, list[dict]] = {what: [] for what in group}
            for _ in range(1 if size else 5):
                for what in group:
                    command = [sys.executable, __file__, "--measure", path, str(size or ""), what]
                    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                    runs[what].append(json.loads(found))
            report(runs, n, enlarged=size is not None)


def report(runs: dict[str, list[dict]], n: float, *, enlarged: bool) -> None:
    least = {what: {k: min(r[k] for r in found) for k in ("seconds", "cpu")} for what, found in runs.items()}
    peaks = {what: statistics.median(r["megabytes"] for r in found) for what, found in runs.items()}
    first = next(iter(runs))
    for what, found in least.items():
        n_tokens = runs[what][0].get("tokens")
        print(
            f"  {what:32} {found['seconds']:8.2f} s {n / found['seconds']:7.1f} MB/s "
            f"{least[first]['seconds'] / found['seconds']:5.1f} x   CPU {least[first]['cpu'] / found['cpu']:5.1f} x   "
            f"peak {peaks[what]:6.0f} MB {peaks[what] / peaks[first]:5.2f} x"
            + (f"   {peaks[what] / n:.2f} bytes per byte" if enlarged else "")
            + (f"   {n_tokens} tokens" if n_tokens is not None else ""),
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(sys.argv[2], float(sys.argv[3]) if sys.argv[3] else None, sys.argv[4])
    else:
        only = {"matrix": [MATRIX], "pairs": [PAIRS]}.get(sys.argv[2] if len(sys.argv) > 2 else "")
        main(sys.argv[1], [float(s) for s in sys.argv[3 if only else 2 :]], only or [MATRIX, PAIRS])
