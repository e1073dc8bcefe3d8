"""Read a corpus of news about how countries deal with each other.

Import the modules, not names from here: ``from analysis import corpus, terms``.
"""

__version__ = "0.1.0"
