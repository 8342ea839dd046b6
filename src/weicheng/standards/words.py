"""Proposes a problem kind from a text by the catalogue's search words; simple and deterministic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max, Sum

from .models import ProblemKind

Proposal = tuple[str, int, list[str]]
Hit = tuple[str, int, list[str]]
BOTH = "+"  # "公厕+异味" asks for both words, in any order
HEAD = 2  # words are looked up by their first characters


@dataclass
class Proposer:
    """The search words of a catalogue, made ready once; good for any number of texts."""

    heads: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    kinds: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    pairs: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    order: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Iterable[tuple[str, list[str]]]) -> Proposer:
        """Made from (kind key, search words) in the catalogue's order."""
        made = cls()
        simple: set[str] = set()
        for place, (key, words) in enumerate(catalogue):
            made.order[key] = place
            for word in dict.fromkeys(words):
                parts = tuple(part for part in word.split(BOTH) if part)
                if len(parts) > 1:
                    made.pairs[parts].append(key)
                elif parts:
                    made.kinds[parts[0]].append(key)
                    simple.add(parts[0])
        for word in sorted(simple, key=lambda word: (-len(word), word)):
            made.heads[word[:HEAD]].append(word)
        for parts, keys in made.pairs.items():
            weight = sum(len(part) ** 2 + 1 for part in parts)
            made.asked[parts[0]].append((BOTH.join(parts), weight, keys))
        return made

    def found(self, text: str) -> list[str]:
        """The words that stand in the text; a longer word hides the shorter ones inside it."""
        hits: list[str] = []
        heads, free = self.heads, 0
        likely = [n for n in range(len(text)) if text[n : n + HEAD] in heads or text[n] in heads]
        for place in likely:
            if place >= free and (word := self._at(text, place)):
                hits.append(word)
                free = place + len(word)
        return hits

    def _at(self, text: str, place: int) -> str:
        heads = (text[place : place + HEAD], text[place : place + 1])
        for head in heads:
            for word in self.heads.get(head, ()):
                if text.startswith(word, place):
                    return word
        return ""

    def hits(self, text: str) -> list[Hit]:
        """(word, weight, kinds it speaks for) for each word in the text, once.

        A word weighs the square of its length, so long words beat many short ones; words that
        must stand together weigh one more each.
        """
        found = [
            (word, len(word) ** 2, self.kinds[word]) for word in dict.fromkeys(self.found(text))
        ]
        for first, others in self.asked.items():
            if first in text:
                found += [hit for hit in others if all(part in text for part in hit[0].split(BOTH))]
        return found

    def propose(self, text: str, limit: int = 3) -> list[Proposal]:
        """The likeliest kinds: (kind key, score, words), best first, at most `limit`."""
        scores: dict[str, int] = defaultdict(int)
        said: dict[str, list[str]] = defaultdict(list)
        for word, weight, keys in self.hits(text):
            for key in keys:
                scores[key] += weight
                said[key].append(word)
        best = sorted(scores, key=lambda key: (-scores[key], self.order[key]))
        return [(key, scores[key], said[key]) for key in best[:limit]]


def catalogue_stamp() -> tuple[object, ...]:
    """Changes whenever a kind was added or edited."""
    active = ProblemKind.objects.filter(active=True)
    found = active.aggregate(n=Count("key"), versions=Sum("version"), last=Max("order"))
    return tuple(found.values())
