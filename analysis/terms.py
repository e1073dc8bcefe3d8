"""Everything about the terms of a corpus, in one place: the calls that notebooks use, each from the module it is in."""

from analysis.collocations import collocations
from analysis.concordance import aligned, concordance, concordances
from analysis.frequencies import by_group, followed, frequencies, gathered, known_within
from analysis.keyness import keyness
from analysis.positions import positions
from analysis.specificity import shared, shared_counts, tf_idf
from analysis.trends import trend

__all__ = [
    "aligned",
    "by_group",
    "collocations",
    "concordance",
    "concordances",
    "followed",
    "frequencies",
    "gathered",
    "keyness",
    "known_within",
    "positions",
    "shared",
    "shared_counts",
    "tf_idf",
    "trend",
]
