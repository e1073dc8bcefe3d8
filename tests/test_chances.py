import numpy as np
import pandas as pd
from scipy import stats

from analysis import chances

UNITS = pd.DataFrame({"article_id": ["b", "a", "a", "c"], "segment": [-1, 0, 1, -1]})


def test_the_finaliser_is_that_of_splitmix64():
    # The first three numbers of SplitMix64 from the state 0, whose state grows by the golden ratio each time.
    golden = 0x9E3779B97F4A7C15
    states = np.array([0, golden, 2 * golden % 2**64], dtype=np.uint64)
    assert [hex(v) for v in chances._mixed(states)] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4", "0x6c45d188009454f"]


def test_a_unit_keeps_its_key_wherever_it_stands():
    keys = chances.keys(UNITS)
    assert keys.dtype == np.uint64
    assert len(set(keys.tolist())) == 4
    order = [3, 1, 0, 2]
    assert chances.keys(UNITS.iloc[order]).tolist() == keys[order].tolist()
    assert chances.keys(UNITS.head(2)).tolist() == keys[:2].tolist()
    assert chances.keys(UNITS.head(0)).tolist() == []


def test_chances_are_even_and_independent():
    keys = np.arange(20_000, dtype=np.uint64)
    first, second = chances.uniform(keys, [0, 1]), chances.uniform(keys, [0, 2])
    assert 0 < first.min() < first.max() < 1
    assert stats.kstest(first, "uniform").pvalue > 0.01
    assert stats.kstest(second, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 0.03
    assert chances.uniform(keys, [0, 1]).tolist() == first.tolist()
    assert chances.uniform(keys, 7).tolist() == chances.uniform(keys, [7]).tolist()
    assert chances.uniform(keys, [1, 0]).tolist() != first.tolist()
