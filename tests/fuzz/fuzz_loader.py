"""Random folders into the loader, for as long as you like; what it finds becomes a test.

python tests/fuzz/fuzz_loader.py --seconds 300
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import test_hostile  # noqa: E402
import test_round_trips  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

CONTENTS = st.lists(st.tuples(st.sampled_from(test_hostile.SUFFIXES), test_hostile.BYTES), min_size=1, max_size=4)
TABLES = st.lists(st.tuples(st.sampled_from(list(test_round_trips.TABLES)), test_round_trips.ROWS), max_size=3)


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
    fed = {
        test_hostile.test_whatever_a_folder_holds: {"contents": CONTENTS},
        test_hostile.test_every_file_of_an_archive_is_read_or_named: {"members": test_hostile.ZIPS},
        test_round_trips.test_what_was_written_comes_back: {
            "tables": TABLES,
            "files": st.lists(test_round_trips.CLEAN, max_size=3),
        },
    }
    fed[test_round_trips.test_any_number_of_jobs] = {"tables": TABLES}
    folders, n = Folders(), 0
    while time.monotonic() < end:
        for test, strategies in fed.items():
            run = test.hypothesis.inner_test

            @seed(time.time_ns())
            @settings(
                max_examples=4 if "jobs" in test.__name__ else 100,
                deadline=None,
                database=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            )
            @given(**strategies)
            def once(**drawn: object) -> None:
                run(folders, **drawn)  # noqa: B023

            once()
            n += 100
    sys.stdout.write(f"{n:,} folders, nothing found\n")


if __name__ == "__main__":
    os.environ.pop("DATELINE_SNAPSHOT", None)
    main()
