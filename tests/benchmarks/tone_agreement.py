"""Agreement of the tone word list with labels given by hand to sentences that are not shipped.

    python tests/benchmarks/tone_agreement.py FOLDER

FOLDER holds the files named in tone_labels.csv. The 120 sentences of speeches were labelled before the word list was
written and seen when it was revised once; the 100 sentences of news were labelled after that,
and measured twice: before ten ambiguous words were dropped (agreement 0.66, kappa 0.38, precision of "cooperative"
0.40) and after. The words were chosen without reading those sentences, though knowing what their articles are about.
"""

import json
import sys
from pathlib import Path

import pandas as pd

from analysis import tone


def main(folder: Path) -> None:
    labels = pd.read_csv(Path(__file__).with_name("tone_labels.csv"), dtype={"article_id": "str"})
    for file, part in labels.groupby("file", sort=True):
        with (folder / file).open(encoding="utf-8") as lines:
            texts = {str(row["id"]): row["text"] for row in map(json.loads, lines)}
        spans = zip(part["article_id"], part["start"], part["end"], strict=True)
        sample = part.assign(text=[texts[i][a:b] for i, a, b in spans])
        print(f"{file}: {len(part)} sentences")
        print(tone.agreement(sample).round(2).to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
