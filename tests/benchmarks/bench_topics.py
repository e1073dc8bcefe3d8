"""Time, memory and agreement of topics with made labels, from 10^3 to 10^5 articles, beside gensim and scikit-learn.

    python tests/benchmarks/bench_topics.py                      # 1,000 and 10,000 made-up articles
    python tests/benchmarks/bench_topics.py 1000 10000 100000
    python tests/benchmarks/bench_topics.py --labelled FILE      # JSON lines with "id", "text" and "label"

Each method runs in a process of its own, which ends at ``--limit`` CPU seconds; peers that are not installed are left
out and named. CPU seconds count all threads. The peers get the document-term matrix without being charged for it; ours
reads the texts, judges the topics and repeats the fit. Each text of the made-up articles is drawn anew, a third of it
from the 400 words of its topic; 20 topics.

Measured on two cores whose speed varied by half while other things ran, one thread, Python 3.11: CPU seconds, peak
memory of one process in MB, NMI with the topic that each text was made from:

| articles | dateline | scikit-learn NMF | scikit-learn LDA | gensim NMF | gensim LDA |
|---|---|---|---|---|---|
| 1,000 | 2.6, 280, 1.00 | 0.6, 221, 1.00 | 4.3, 223, 0.22 | 2.3, 234, 0.82 | 9.7, 229, 0.17 |
| 10,000 | 12.9, 318, 1.00 | 8.2, 254, 1.00 | 55.7, 258, 0.85 | 18.7, 344, 0.98 | 44.7, 276, 0.81 |
| 100,000 | 53.8, 1029, 1.00 | 48.4, 610, 0.99 | not run | not run | not run |
| 1,000,000 | 550, 7950, 1.00 | not run | not run | not run | not run |

CPU time grows with the articles to the power 0.7 from 1,000 to 10,000, where there are fewer repeats (`repeats.usual`),
and 0.6 from there to 100,000: repeats draw 10,000 units at most (`repeats.LARGEST_SAMPLE`) and only place the others.
From there to a million, where most of the time goes into that, it is 1.0. From 1,000 to 10,000 the exponents of the
peers lie between 0.66 and 1.14.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import signal
import time

import numpy as np
import pandas as pd

METHODS = ("dateline", "sklearn NMF", "sklearn LDA", "gensim NMF", "gensim LDA")


def made_up(n: int, n_topics: int = 20, n_words: int = 20_000, seed: int = 0) -> tuple[pd.DataFrame, list[int]]:
    """Articles of 80 words: a Zipf background, and a third of the words from the article's topic."""
    rng = np.random.default_rng(seed)
    words = np.array(
        [f"{a}{b}{c}{d}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdfgklmnprstvz" for d in WORD_ENDS]
    )
    words = rng.permutation(words)[:n_words]
    ranks = 1 / np.arange(1, n_words + 1)
    common = np.cumsum(ranks / ranks.sum())
    own = [rng.permutation(n_words)[:400] for _ in range(n_topics)]
    labels = rng.integers(n_topics, size=n)
    texts = []
    for label in labels:
        background = np.searchsorted(common, rng.random(54)).clip(max=n_words - 1)
        topical = own[label][(rng.random(26) ** 2 * 400).astype(int)]
        texts.append(" ".join(words[np.concatenate([background, topical])]))
    return pd.DataFrame({"article_id": [f"{i:07d}" for i in range(n)], "text": texts}), labels.tolist()


WORD_ENDS = [f"{a}{b}" for a in "aeiou" for b in "bdfgklmnprstvz"]


def run(method: str, articles: pd.DataFrame, labels: list, random_state: int) -> dict:
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    from analysis import tokens, topics

    k = len(set(labels))
    if method == "dateline":
        start = time.process_time()
        found = topics.fit_topics(articles, n_topics=k, random_state=random_state).assignments["topic"]
    else:
        counts = tokens.document_terms(articles, stop_words=tokens.stop_words()).matrix
        counts = counts[:, np.flatnonzero((counts > 0).sum(axis=0) >= 3)]
        start = time.process_time()
        found = peer(method, counts, k, random_state).argmax(axis=1)
    return {
        "method": method,
        "n_articles": len(articles),
        "seed": random_state,
        "nmi": round(normalized_mutual_info_score(labels, found), 3),
        "ari": round(adjusted_rand_score(labels, found), 3),
        "cpu_s": round(time.process_time() - start, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def peer(method: str, counts, k: int, random_state: int) -> np.ndarray:
    if method == "sklearn NMF":
        from sklearn.decomposition import NMF
        from sklearn.feature_extraction.text import TfidfTransformer

        return NMF(k, random_state=random_state, init="nndsvda").fit_transform(TfidfTransformer().fit_transform(counts))
    if method == "sklearn LDA":
        from sklearn.decomposition import LatentDirichletAllocation

        return LatentDirichletAllocation(k, random_state=random_state).fit_transform(counts)
    from gensim.matutils import Sparse2Corpus, corpus2dense
    from gensim.models import LdaModel, Nmf, TfidfModel

    corpus = Sparse2Corpus(counts.T.tocsc())
    names = {i: str(i) for i in range(counts.shape[1])}
    if method == "gensim NMF":
        weighted = list(TfidfModel(corpus)[corpus])
        model = Nmf(weighted, k, id2word=names, passes=5, random_state=random_state)
        return corpus2dense(model[weighted], k).T
    model = LdaModel(corpus, k, id2word=names, passes=5, random_state=random_state)
    return corpus2dense(model.get_document_topics(corpus, minimum_probability=0), k).T


def work(job: tuple, limit: float, answer) -> None:
    """Run one job in a process that ends itself at the limit of CPU time; the answer goes through the pipe."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + limit) + 1, resource.RLIM_INFINITY))
    method, size, labelled, seed = job
    try:
        articles, labels = read(labelled) if labelled else made_up(size)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + limit) + 1, resource.RLIM_INFINITY))
        answer.send(run(method, articles, labels, seed))
    except ImportError as error:
        answer.send({"method": method, "n_articles": size, "seed": seed, "note": f"not installed: {error.name}"})


def in_own_process(job: tuple, limit: float) -> dict:
    """Return what the job found, or that it was cut at the limit."""
    processes = multiprocessing.get_context("spawn")
    answer, sender = processes.Pipe(duplex=False)
    process = processes.Process(target=work, args=(job, limit, sender))
    process.start()
    sender.close()
    try:
        return answer.recv()
    except EOFError:
        process.join()
        cut = process.exitcode == -signal.SIGXCPU
        note = f"cut at {limit:.0f} s of CPU" if cut else f"ended with {process.exitcode}"
        return {"method": job[0], "n_articles": job[1], "seed": job[3], "note": note}
    finally:
        process.join()


def read(path: str) -> tuple[pd.DataFrame, list]:
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    articles = pd.DataFrame({"article_id": [str(r["id"]) for r in rows], "text": [r["text"] for r in rows]})
    return articles, [r["label"] for r in rows]


def growth(rows: list[dict]) -> list[str]:
    """Cost of each method as ratio to ours, and the exponent of CPU time over the number of articles."""
    found = {(r["method"], r["n_articles"]): r["cpu_s"] for r in rows if "cpu_s" in r}
    sizes, lines = sorted({n for _, n in found}), []
    for method in dict.fromkeys(m for m, _ in found):
        cost = [found.get((method, n), np.nan) for n in sizes]
        ratios = [f"{c / found.get(('dateline', n), np.nan):.1f}" for c, n in zip(cost, sizes, strict=True)]
        steps = [f"{x:.2f}" for x in np.diff(np.log(cost)) / np.diff(np.log(sizes))]
        lines.append(f"{method}: times ours {' '.join(ratios)}; exponent from size to size {' '.join(steps)}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--labelled", help="JSON lines with id, text and label")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--methods", nargs="*", default=METHODS)
    parser.add_argument("--limit", type=float, default=240, help="CPU seconds after which a fit is cut")
    options = parser.parse_args()
    sizes = [0] if options.labelled else options.sizes
    rows = []
    for size in sizes:
        for method in options.methods:
            for seed in range(options.seeds):
                rows.append(in_own_process((method, size, options.labelled, seed), options.limit))
                print(json.dumps(rows[-1]), flush=True)
    if options.seeds == 1 and len(sizes) > 1:
        print("\n".join(growth(rows)))


if __name__ == "__main__":
    main()
