"""Made-up news reports in bulk, for benchmarks: English function words around words that do not exist."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

FUNCTION = (
    "the the the the the of of and and to in in a that for on with said as by from has was is its have been at will "
    "their would which he were also after an between more this but".split()
)
COUNTRIES = "Iran Cuba Russia China Brazil Mexico Turkey Egypt India France Nigeria Venezuela".split()
AGENCIES = ["Reuters", "AP", "AFP", "Xinhua", "IRNA"]
PLACES = ["TEHRAN", "HAVANA", "MOSCOW", "BEIJING", "PARIS", "CAIRO"]


def vocabulary(rng: random.Random, n: int = 30_000) -> list[str]:
    syllables = ["".join(p) for p in itertools.product("bdfgklmnprstvz", "aeiou", ["", "n", "r", "s", "t"])]
    return ["".join(rng.choice(syllables) for _ in range(rng.choice([1, 2, 2, 3]))) for _ in range(n)]


class Maker:
    """Makes reports; two of them share no more than chance and the function words bring."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = random.Random(seed)
        self.words = vocabulary(self.rng)
        # Zipf: rank r is drawn with a weight of 1 / (r + 10)
        weights = itertools.accumulate(1 / (r + 10) for r in range(len(self.words)))
        self.weights = list(weights)

    def sentence(self, n: int | None = None) -> str:
        rng = self.rng
        n = n or rng.randint(12, 32)
        content = iter(rng.choices(self.words, cum_weights=self.weights, k=n))
        words = [rng.choice(FUNCTION) if rng.random() < 0.45 else next(content) for _ in range(n)]
        if rng.random() < 0.5:
            words[rng.randrange(n)] = rng.choice(COUNTRIES)
        words[0] = words[0].capitalize()
        return " ".join(words) + "."

    def headline(self) -> str:
        return self.sentence(self.rng.randint(6, 11))[:-1]

    def paragraphs(self, n: int = 8) -> list[str]:
        return [" ".join(self.sentence() for _ in range(self.rng.randint(1, 3))) for _ in range(n)]

    def report(self, n_paragraphs: int = 8) -> str:
        body = self.paragraphs(n_paragraphs)
        body[0] = f"{self.rng.choice(PLACES)}, March 3 ({self.rng.choice(AGENCIES)}) - {body[0]}"
        return "\n\n".join([self.headline(), *body]) + "\n"


def reports(n: int, seed: int = 0) -> Iterator[str]:
    maker = Maker(seed)
    for _ in range(n):
        yield maker.report()


def in_bulk(n: int, seed: int = 0, *, share_copies: float = 0.1) -> Iterator[str]:
    """Yield reports of 400 words on average, 40 to 1,500; a tenth are copies of another with a word in ten changed.

    As quick as a benchmark of a gigabyte needs: words are drawn by numpy.
    """
    import numpy as np

    maker = Maker(seed)
    rng = np.random.default_rng(seed)
    words = np.array([*FUNCTION, *COUNTRIES, *maker.words], dtype=object)
    n_function, n_names = len(FUNCTION), len(FUNCTION) + len(COUNTRIES)
    limits = np.array(maker.weights) / maker.weights[-1]

    def draw(n_words: int) -> np.ndarray:
        kind = rng.random(n_words)
        drawn = n_names + np.searchsorted(limits, rng.random(n_words))
        drawn = np.where(kind < 0.45, rng.integers(0, n_function, n_words), drawn)
        return np.where(kind > 0.98, rng.integers(n_function, n_names, n_words), drawn)

    def written(codes: np.ndarray) -> str:
        parts, at = [], 0
        while at < len(codes):
            paragraph = []
            for _ in range(int(rng.integers(1, 4))):
                end = at + int(rng.integers(12, 33))
                sentence = " ".join(words[codes[at:end]].tolist())
                if sentence:
                    paragraph.append(f"{sentence[0].upper()}{sentence[1:]}.")
                at = end
            parts.append(" ".join(paragraph))
        place, agency = maker.rng.choice(PLACES), maker.rng.choice(AGENCIES)
        return "\n\n".join([maker.headline(), f"{place}, March 3 ({agency}) - {parts[0]}", *parts[1:]]) + "\n"

    earlier: list[np.ndarray] = []
    for i in range(n):
        if earlier and rng.random() < share_copies:
            codes = earlier[int(rng.integers(len(earlier)))].copy()
            changed = rng.random(len(codes)) < 0.1
            codes[changed] = draw(int(changed.sum()))
        else:
            codes = draw(int(np.clip(rng.lognormal(5.8, 0.6), 40, 1500)))
            if i % 20 == 0:
                earlier.append(codes)
        yield written(codes)
