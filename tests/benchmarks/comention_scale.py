"""How the cost of the null model, the tests and the intervals grows with the number of units; peers in the same run.

    python tests/benchmarks/comention_scale.py [largest exponent, default 6] [--peers]

Units are drawn as in news: a few countries each, frequencies falling as 1/rank, 200 countries. With --peers the `bicm`
package (see requirements.txt) fits the same margins and tests the same matrix as far as it can in reasonable time.
"""

import resource
import sys
import time

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import association, conditional_model, null_model
from analysis.incidence import Incidence

N_COUNTRIES = 200


def simulate(n_units: int, rng: np.random.Generator) -> Incidence:
    weight = 1 / np.arange(1, N_COUNTRIES + 1)
    size = np.minimum(rng.geometric(0.55, n_units), 40)
    # A set of countries per unit: the largest of weighted exponential keys (Efraimidis and Spirakis 2006).
    rows, columns = [], []
    for start in range(0, n_units, 20_000):
        now = size[start : start + 20_000]
        keys = rng.exponential(size=(len(now), N_COUNTRIES)) / weight
        order = np.argpartition(keys, 40, axis=1)[:, :40]
        order = np.take_along_axis(order, np.argsort(np.take_along_axis(keys, order, 1), axis=1), 1)
        chosen = np.arange(40) < now[:, None]
        rows.append(np.repeat(np.arange(start, start + len(now)), now))
        columns.append(order[chosen])
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    matrix = sparse.csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(n_units, N_COUNTRIES))
    story = np.arange(n_units) // 20
    units = pd.DataFrame({"article_id": story.astype(str)})
    codes = tuple(f"C{i:03}" for i in range(N_COUNTRIES))
    return Incidence(matrix, codes, units, story, n_units, int(story[-1]) + 1, units[:0])


def timed(call, *arguments, **options):
    start = time.perf_counter()
    result = call(*arguments, **options)
    return time.perf_counter() - start, result


def main(largest: int, peers: bool) -> None:
    rng = np.random.default_rng(0)
    print("units  bicm_s  conditional_s  tests_s  tests_conditional_s  draws1000_s  peak_MB")
    for exponent in range(3, largest + 1):
        data = simulate(10**exponent, rng)
        degrees, n_units = np.unique(np.diff(data.matrix.indptr), return_counts=True)
        named = np.asarray(data.matrix.sum(axis=0)).ravel().astype(int)
        bicm, probability = timed(null_model.fit_bicm, degrees, n_units, named)
        conditional, _ = timed(conditional_model.fit_conditional, degrees, n_units, named)
        tests = [
            timed(association.associate, data, "paragraph", association.Options(null, 5, 5, 0, 0.95, 0))[0]
            for null in association.NULLS
        ]
        draws, _ = timed(association.associate, data, "paragraph", association.Options("bicm", 5, 5, 1000, 0.95, 0))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"1e{exponent}  {bicm:.3f}  {conditional:.2f}  {tests[0]:.2f}  {tests[1]:.2f}",
            f" {draws - tests[0]:.1f}  {peak}",
            flush=True,
        )
        if peers and exponent == 3:
            against_bicm(data, probability, degrees)


def against_bicm(data: Incidence, probability: np.ndarray, degrees: np.ndarray) -> None:
    from bicm import BipartiteGraph

    matrix = data.matrix.toarray()
    graph = BipartiteGraph()
    graph.set_biadjacency_matrix(matrix)
    fit, _ = timed(graph.solve_tool)
    theirs = graph.get_bicm_matrix()
    ours = probability[np.searchsorted(degrees, np.diff(data.matrix.indptr))]
    print(f"      bicm package: fit {fit:.2f} s; largest difference of a probability {np.abs(theirs - ours).max():.1e}")
    seconds, _ = timed(graph.compute_projection, rows=False, approx_method="poibin", progress_bar=False)
    print(f"      bicm package: projection with p-values {seconds:.1f} s")
    ours_p = association.associate(data, "paragraph", association.Options("bicm", 1, 1, 0, 0.95, 0))
    place = {c: i for i, c in enumerate(data.countries)}
    listed = dict(
        zip(zip(ours_p["country_a"].map(place), ours_p["country_b"].map(place), strict=True), ours_p["p"], strict=True)
    )
    their_p = (
        {tuple(sorted((i, j))): p for i, row in (graph.cols_pvals or {}).items() for j, p in dict(row).items()}
        if isinstance(graph.cols_pvals, dict)
        else {}
    )
    differences = [abs(listed[k] - p) for k, p in their_p.items() if k in listed]
    if differences:
        print(f"      p-values: {len(differences)} compared, largest difference {max(differences):.1e}")


if __name__ == "__main__":
    numbers = [a for a in sys.argv[1:] if a.isdigit()]
    main(int(numbers[0]) if numbers else 6, "--peers" in sys.argv)
