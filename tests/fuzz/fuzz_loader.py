"""Random folders into the loader, for as long as you like; what it finds becomes a test in test_hostile.py.

python tests/fuzz/fuzz_loader.py --seconds 300
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import test_hostile  # noqa: E402
from hypothesis import strategies as st  # noqa: E402


class Folders:
    """Gives a new empty folder, as pytest's fixture does."""

    def __init__(self) -> None:
        self.kept: list[tempfile.TemporaryDirectory[str]] = []

    def mktemp(self, name: str) -> Path:
        self.kept = [tempfile.TemporaryDirectory(prefix=name)]
        return Path(self.kept[0].name)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=300)
    end = time.monotonic() + parser.parse_args().seconds
    run = test_hostile.test_whatever_a_folder_holds.hypothesis.inner_test
    folders, n = Folders(), 0
    while time.monotonic() < end:

        @seed(time.time_ns())
        @settings(
            max_examples=200, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(st.tuples(st.sampled_from(test_hostile.SUFFIXES), test_hostile.BYTES), min_size=1, max_size=4))
        def once(contents: list[tuple[str, bytes]]) -> None:
            run(folders, contents)

        once()
        n += 200
    print(f"{n:,} folders, nothing found")


if __name__ == "__main__":
    main()
