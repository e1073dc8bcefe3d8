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
