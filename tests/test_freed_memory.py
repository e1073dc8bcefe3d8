"""Freed memory is kept: what an array needs again is not asked of the system again."""

import subprocess
import sys

import pandas as pd
import pytest

from analysis import freed_memory, topics

FAULTS = """
import resource
import numpy as np
from analysis import freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(50):
        np.ones(500_000), np.ones(500_000)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before = faults()
freed_memory.keep()
faults()
print(before, faults())
"""


def test_a_fit_keeps_freed_memory(monkeypatch):
    asked = []
    monkeypatch.setattr(freed_memory, "keep", lambda: asked.append(True))
    topics.fit_topics(pd.DataFrame({"article_id": ["a"], "text": ["One paragraph.\n\nAnother paragraph of it."]}))
    assert asked


@pytest.mark.skipif("glibc" not in __import__("platform").libc_ver(), reason="glibc keeps freed blocks, others may not")
def test_blocks_of_some_megabytes_are_not_fetched_anew():
    told = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True).stdout
    before, after = map(int, told.split())
    # 50 times two arrays of 4 MB, in pages of 4 KB: some 100,000 before.
    assert after < 2000 < before
