"""Atheris on the segmenter: spans are in order, disjoint and trimmed, and arrays find what plain reading finds.

python -m venv /tmp/fuzz; /tmp/fuzz/bin/pip install -r requirements.txt atheris==3.0.0
/tmp/fuzz/bin/python tests/fuzz/fuzz_segments.py -max_total_time=300 -max_len=400
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

SEGMENTERS = ["analysis.roles", "analysis.line_roles", "analysis.layout", "analysis.sentence_ends"]

with atheris.instrument_imports(include=SEGMENTERS):
    from analysis import layout, metadata, roles, sentence_ends

from analysis.flat import flatten  # noqa: E402

PIECES = [
    *"Iran met Cuba|the talks in March|Mr|U.S|e.g|No|Related News:|Read More|Share this|35|É|漢字".split("|"),
    *"Comments are closed|Tehran (IP) -|PARIS —|Iran Press News:|. |? |, |\n\n| Photo: x|he said".split("|"),
    *"By Ann Lee|June 17, 2023|Also read: |© 2023|Print|MOSCOW, July 21. /TASS/.|#30-|END|Tags: a".split("|"),
    *"Saturday, 17 June|3 hours ago|ISLAMABAD: |Tehran, IRNA – |Reuters|said on Friday|(AP Photo/A B)".split("|"),
    *"Correction: |Islamabad, Pakistan – |contributed to this report.|[File: A B/Reuters]|___|SWEDEN - ".split("|"),
    *"“”()’«».!?…  \n\n\n\t\xa0|", "a line to the width of the page\n", "word " * 14, "By ", "A. ", "(", ") -",
]  # fmt: skip


def one(data: bytes) -> None:
    fed = atheris.FuzzedDataProvider(data)
    if fed.ConsumeBool():
        text = "".join(PIECES[fed.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(fed.ConsumeIntInRange(0, 60)))
    else:
        text = fed.ConsumeUnicodeNoSurrogates(400)
    flat = flatten([text])
    found = layout.locate(flat)
    sentences = sentence_ends.locate(flat, found.start, found.end)
    for spans in (found, sentences):
        at = 0
        for start, end in zip(spans.start.tolist(), spans.end.tolist(), strict=True):
            assert at <= start < end <= len(text), (text, start, end)
            assert text[start:end] == text[start:end].strip(), (text, start, end)
            at = end
    plain = [(p.start, p.end, p.role, p.rule) for p in roles.label(text)]
    arrays = zip(
        found.start.tolist(),
        found.end.tolist(),
        [layout.ROLES[r] for r in found.role],
        found.rule.tolist(),
        strict=True,
    )
    assert list(arrays) == plain, (text, plain)
    quick = roles.plain_opening(text)
    assert quick is None or quick == next(metadata._read([text]))[0][:2], (text, quick)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
