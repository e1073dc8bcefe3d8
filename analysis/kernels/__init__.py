"""Loops over the bytes of many texts, compiled: words counted, hashed, sampled and compared as they are found.

Each gives what `word_counts`, `languages`, `story_samples` and `overlaps` find without them, in a third of the time or
less; `compiled` says when they are loaded. Texts are given as Arrow holds them: UTF-8, end to end in ``data``, text
``i`` from ``edges[i]`` to ``edges[i + 1]``.
"""

from analysis.kernels.counting import are_english, has_controls, n_words
from analysis.kernels.hashing import covered, may_have_capitals, runs, sample

__all__ = ["are_english", "covered", "has_controls", "may_have_capitals", "n_words", "runs", "sample"]
