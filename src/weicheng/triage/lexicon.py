"""What the words alone say: a score for every class of a text, with the words that gave it.

A class is a problem kind of the catalogue or, written ``outside:<category>``, something that is
not the campaign's matter. A word counts the square of its length once; words that must stand
together count one more each. What stands at the head of a long text counts more than the rest;
there alone do words count for standing together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from weicheng.standards.words import BOTH, Proposer

OUTSIDE = "outside:"
HEAD = 60
"""Characters that say what a text is about: a whole line of an inspector, the title of a letter."""
READ = 240
LATER = 0.3
"""How much a word counts that stands only after the head."""
MOST = 40


@dataclass(frozen=True)
class Said:
    """What the words give a class: a score and the words themselves, the first said first."""

    score: float
    words: tuple[str, ...]


class Lexicon:
    """The words of the catalogue and of what lies outside it, made ready once."""

    def __init__(
        self, kinds: Iterable[tuple[str, list[str]]], outside: Iterable[tuple[str, list[str]]]
    ) -> None:
        listed = [*kinds, *((f"{OUTSIDE}{key}", words) for key, words in outside)]
        self.classes = tuple(key for key, _words in listed)
        self._proposer = Proposer.of(listed)

    def said(self, text: str) -> dict[str, Said]:
        """Every class that a word of the text speaks for."""
        scores: dict[str, float] = defaultdict(float)
        words: dict[str, list[str]] = defaultdict(list)
        seen: set[str] = set()
        for part, share in ((text[:HEAD], 1.0), (text[HEAD:READ], LATER)):
            for word, weight, keys in self._proposer.hits(part):
                if word in seen or (share < 1 and BOTH in word):
                    continue
                seen.add(word)
                for key in keys:
                    scores[key] += weight * share
                    words[key].append(word)
        return {key: Said(min(scores[key], MOST), tuple(words[key])) for key in scores}
