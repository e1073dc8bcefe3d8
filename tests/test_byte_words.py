import numpy as np

from analysis import byte_words


def test_words_by_hand():
    data = np.frombuffer(b"\0it\0\0international\0eighteen" + bytes(8), dtype=np.uint8)
    starts, ends, first, eight = byte_words.words(data)
    assert [bytes(data[a:b]) for a, b in zip(starts, ends, strict=True)] == [b"it", b"international", b"eighteen"]
    assert [int(n).to_bytes(8, "little").rstrip(b"\0") for n in first] == [b"it", b"internat", b"eighteen"]
    # The last eight bytes of the second word.
    assert int(eight[ends[1] - 8]).to_bytes(8, "little") == b"national"


def test_no_words():
    assert [len(part) for part in byte_words.words(np.zeros(9, dtype=np.uint8))] == [0, 0, 0, 2]
