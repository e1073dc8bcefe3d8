"""Topics of a corpus: the calls. Fit them, place new articles among them, look at them."""

from __future__ import annotations

from analysis.topic_distances import topic_dendrogram, topic_map
from analysis.topic_fit import fit_topics
from analysis.topic_model import STABLE, WEAK_MARGIN, TopicModel
from analysis.topic_placement import assign, renumber
from analysis.topic_units import FEW_ARTICLES, FEW_UNITS
from analysis.topic_views import least_sure, over_time, passages, topic_rates, topic_shares

__all__ = [
    "FEW_ARTICLES",
    "FEW_UNITS",
    "STABLE",
    "WEAK_MARGIN",
    "TopicModel",
    "assign",
    "fit_topics",
    "least_sure",
    "over_time",
    "passages",
    "renumber",
    "topic_dendrogram",
    "topic_map",
    "topic_rates",
    "topic_shares",
]
