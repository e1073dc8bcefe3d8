import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.stats import poisson

from analysis import association, comention, dependence
from analysis.incidence import Incidence


def incidence_of(units, stories, n_countries):
    """Build an incidence matrix from sets of column numbers, one a unit, and the number of each unit's story."""
    rows = np.repeat(np.arange(len(units)), [len(u) for u in units])
    columns = [c for u in units for c in sorted(u)]
    matrix = sparse.csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(len(units), n_countries))
    codes = tuple(f"C{i:02}" for i in range(n_countries))
    return Incidence(
        matrix, codes, pd.DataFrame(), np.array(stories), len(units), max(stories) + 1, pd.DataFrame({"story": []})
    )


def test_six_units_of_one_story_are_worth_one():
    # 100 stories; the first has 6 units that name 0 and 1, the others one unit each that names 2 alone. A unit of two
    # names both with probability 1/1000, so E = 0.006 in the first story and 0 elsewhere.
    data = incidence_of([{0, 1}] * 6 + [{2}] * 99, [0] * 6 + list(range(1, 100)), 3)
    joint = np.array([[0.0, 0.001]])
    effect, expected = dependence.design_effect(data, np.array([0]), np.array([1]), joint, np.array([6]))
    # All units that could name both do so in the one story that has any: O = r E in each, no variance at all.
    assert (effect[0], expected[0]) == pytest.approx((1e-6, 0.006))
    # Give the others a unit of two as well: E is 0.001 in each, r = 6 / 0.105, so O - r E is 6 - 6 * 6 / 105 in the
    # first and -6 / 105 in the others: (100 / 99) * (5.657^2 + 99 * 0.0571^2) / 6.
    data = incidence_of([{0, 1}] * 6 + [{0, 2}] * 99, [0] * 6 + list(range(1, 100)), 3)
    joint = np.array([[0.001]])
    effect, expected = dependence.design_effect(data, np.array([0]), np.array([1]), joint, np.array([6]))
    by_hand = 100 / 99 * ((6 - 36 / 105) ** 2 + 99 * (6 / 105) ** 2) / 6
    assert (effect[0], expected[0]) == pytest.approx((by_hand, 0.105))
    p = dependence.upper_tail(data, np.array([0]), np.array([1]), joint, np.array([6]), np.array([1e-12]))
    # About one event where 0.105 / 5.44 are expected: 1 - exp(-0.019) were it exactly one.
    assert p[0] == pytest.approx(1 - np.exp(-0.105 / 5.44), rel=0.4)
    assert p[0] > 0.01


def test_effect_by_a_plain_loop_and_tail_by_poisson():
    rng = np.random.default_rng(0)
    units = [set(rng.choice(6, size=rng.integers(1, 5), replace=False).tolist()) for _ in range(200)]
    stories = np.sort(rng.integers(0, 40, 200))
    stories[:40] = np.arange(40)
    data = incidence_of(units, stories.tolist(), 6)
    sizes = np.array([len(u) for u in units])
    joint = rng.uniform(0.02, 0.2, (15, len(np.unique(sizes))))
    a, b = np.triu_indices(6, 1)
    n_both = np.array([sum({i, j} <= u for u in units) for i, j in zip(a, b, strict=True)])
    effect, expected = dependence.design_effect(data, a, b, joint, n_both)
    for pair, (i, j) in enumerate(zip(a, b, strict=True)):
        seen, wanted = np.zeros(40), np.zeros(40)
        for unit, story in zip(units, stories, strict=True):
            seen[story] += {i, j} <= unit
            wanted[story] += joint[pair, len(unit) - 1]
        ratio = seen.sum() / wanted.sum()
        assert expected[pair] == pytest.approx(wanted.sum())
        assert effect[pair] == pytest.approx(40 / 39 * ((seen - ratio * wanted) ** 2).sum() / seen.sum())
    p = dependence.upper_tail(data, a, b, joint, n_both, np.zeros(15))
    # The gamma function meets Poisson's tail at whole numbers, and lies between them elsewhere.
    worth, mean = n_both / effect, expected / effect
    assert (p <= poisson.sf(np.floor(worth) - 1, mean)).all()
    assert (p >= poisson.sf(np.ceil(worth) - 1, mean)).all()


def test_one_unit_a_story_changes_nothing_and_p_never_falls():
    rng = np.random.default_rng(1)
    units = [set(rng.choice(8, size=rng.integers(1, 4), replace=False).tolist()) for _ in range(150)]
    options = {"null": "conditional", "min_units": 1, "min_stories": 1, "n_draws": 0, "level": 0.95, "random_state": 0}
    found = {}
    for name, stories in (("each", list(range(150))), ("ten", [i // 10 for i in range(150)])):
        data = incidence_of(units, stories, 8)
        for way in association.DEPENDENCE:
            made = association.Options(**options, dependence=way)
            found[name, way] = association.associate(data, "paragraph", made)["p"]
    pd.testing.assert_series_equal(found["each", "none"], found["each", "stories"])
    pd.testing.assert_series_equal(found["each", "none"], found["ten", "none"])
    assert (found["ten", "stories"] >= found["ten", "none"]).all()
    assert (found["ten", "stories"] > found["ten", "none"]).any()


def test_stories_about_few_countries_do_not_make_pairs():
    """A story of 30 units prefers about two of 30 countries, by chance: no pair is real."""
    rng = np.random.default_rng(2)
    false = dict.fromkeys(association.DEPENDENCE, 0)
    for _ in range(3):
        units, stories = [], []
        for story in range(120):
            weight = rng.gamma(0.05, 20, 30) + 1e-6
            sizes = rng.poisson(0.9, 30).clip(0, 8)
            units += [set(rng.choice(30, size=n, replace=False, p=weight / weight.sum()).tolist()) for n in sizes if n]
            stories += [story] * int((sizes > 0).sum())
        data = incidence_of(units, stories, 30)
        for way in association.DEPENDENCE:
            options = association.Options("conditional", 5, 5, 0, 0.95, 0, way)
            false[way] += int((association.associate(data, "paragraph", options)["q"] <= 0.05).sum())
    assert false["none"] > 10
    assert false["stories"] == 0


def test_no_pair_and_a_wrong_option(unit_corpus):
    assert comention.pairs(*unit_corpus([{"AAA"}] * 6), dependence="stories").empty
    with pytest.raises(ValueError, match="dependence must be one of none, stories, not 'articles'"):
        comention.pairs(*unit_corpus([{"AAA"}]), dependence="articles")
