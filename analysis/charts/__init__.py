"""One function per chart, Axes in and Axes out, and the one style they share.

A chart function counts nothing, saves nothing and sets no size; every number it draws is in the frame it is given.
"""

from analysis.charts.comention import pair_matrix, pair_windows
from analysis.charts.corpus import share_intervals, words_by_role
from analysis.charts.countries import country_counts, country_positions
from analysis.charts.keyness import keyness_dispersion
from analysis.charts.network import pair_map, pair_network
from analysis.charts.style import ACCENT, GREY, MUTED, PALETTE, headline, subplots, use_style
from analysis.charts.survival import pair_survival
from analysis.charts.terms import rank_frequency, term_bars, term_positions, term_trend, terms_by_group
from analysis.charts.timeline import pair_timeline
from analysis.charts.tone import pair_tone
from analysis.charts.topic_distances import topic_dendrogram, topic_map
from analysis.charts.topic_groups import topic_rates, topic_trend
from analysis.charts.topic_numbers import topic_number
from analysis.charts.topics import topic_shares, topic_terms

__all__ = [
    "ACCENT",
    "GREY",
    "MUTED",
    "PALETTE",
    "country_counts",
    "country_positions",
    "headline",
    "keyness_dispersion",
    "pair_map",
    "pair_matrix",
    "pair_network",
    "pair_survival",
    "pair_timeline",
    "pair_tone",
    "pair_windows",
    "rank_frequency",
    "share_intervals",
    "subplots",
    "term_bars",
    "term_positions",
    "term_trend",
    "terms_by_group",
    "topic_dendrogram",
    "topic_map",
    "topic_number",
    "topic_rates",
    "topic_shares",
    "topic_terms",
    "topic_trend",
    "use_style",
    "words_by_role",
]
