import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.numbering import Numbering

NONE = np.zeros(0, dtype=np.uint64)


def numbers(table, pairs):
    one, two = np.array(pairs, dtype=np.uint64).reshape(-1, 2).T
    return table.find(one, two).tolist()


def put(table, pairs, values):
    one, two = np.array(pairs, dtype=np.uint64).reshape(-1, 2).T
    table.put(one, two, np.array(values, dtype=np.int32))


def test_numbers_are_those_put_in():
    table = Numbering()
    assert numbers(table, [(7, 0)]) == [-1]
    put(table, [(7, 0), (0, 7)], [10, 11])
    assert numbers(table, [(0, 7), (7, 7), (7, 0), (0, 7)]) == [11, -1, 10, 11]
    assert table.find(NONE, NONE).tolist() == []


HALF = st.integers(0, 3) | st.integers(0, 2**64 - 1)


@given(st.lists(st.lists(st.tuples(HALF, HALF), max_size=30), max_size=5))
def test_as_a_dict_does_it(calls):
    table, known = Numbering(), {}
    for pairs in calls:
        assert numbers(table, pairs) == [known.get(p, -1) for p in pairs]
        new = [p for p in dict.fromkeys(pairs) if p not in known]
        put(table, new, range(len(known), len(known) + len(new)))
        known |= {p: k for k, p in enumerate(new, len(known))}
        assert numbers(table, list(known)) == list(known.values())


def test_it_grows_and_pairs_of_one_slot_step_on(monkeypatch):
    """With a hash of 0 for every pair, each is found by stepping on; with the real one, ten thousand are."""
    many = [(k, k * k) for k in range(10_000)]
    table = Numbering()
    for begin in range(0, len(many), 999):
        put(table, many[begin : begin + 999], range(begin, min(begin + 999, len(many))))
    assert numbers(table, many) == list(range(10_000))
    assert numbers(table, [(k, k * k + 1) for k in range(10_000)]) == [-1] * 10_000
    monkeypatch.setattr(Numbering, "_hash", lambda self, one, two: np.zeros(len(one), dtype=np.int64))
    crowded = Numbering()
    put(crowded, many[:50], range(50))
    put(crowded, many[50:80], range(50, 80))
    assert numbers(crowded, many[:81]) == [*range(80), -1]
