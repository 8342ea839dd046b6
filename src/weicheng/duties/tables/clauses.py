"""Finds the clause of the standard that a task's words are about, by the words they share."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: From here on a proposal is taken without asking.
SURE = 0.36
#: Below this nothing is proposed.
LEAST = 0.16
MOST = 3
#: A single pair in a longer task says little: 教育 of 党风廉政教育.
ONE_PAIR = 0.6
_PIECES = re.compile(r"[㐀-鿿]+|[A-Za-z]+")
_COMMON = re.compile(
    r"工作|管理|制度|措施|要求|达到|达标|标准|国家|建立|健全|完善|加强|落实|开展|进行|推进|做好|"
    r"规范|符合|设置|设有|机制|相关|有关|主要|全面|定期|及时|确保|以上|不断|建设"
)
_NAME, _WORDS, _DEMAND, _MORE = 3.0, 2.0, 1.6, 1.0


@dataclass(frozen=True)
class ClauseText:
    """A clause with the words it is known by; `more` are those of its checks."""

    key: str
    name: str
    demand: str = ""
    aspect: str = ""
    words: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A clause that a task may mean, how sure (0 to 1), and the words that decided."""

    key: str
    confidence: float
    words: tuple[str, ...] = ()


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters in a text, words without meaning left out."""
    found: set[str] = set()
    for piece in _PIECES.findall(_COMMON.sub(" ", text)):
        if len(piece) == 1:
            found.add(piece)
        found.update(piece[at : at + 2] for at in range(len(piece) - 1))
    return found


class ClauseFinder:
    """All clauses of an edition, ready to be asked for many tasks."""

    def __init__(self, clauses: Sequence[ClauseText]) -> None:
        self._clauses = list(clauses)
        self._weights: dict[str, dict[str, float]] = {}
        holders: Counter[str] = Counter()
        for clause in clauses:
            weights = _weights(clause)
            self._weights[clause.key] = weights
            holders.update(weights.keys())
        total = max(len(self._clauses), 1)
        self._rare = {pair: math.log(1 + total / n) for pair, n in holders.items()}
        self._unknown = math.log(1 + total)
        self._aspects: dict[str, set[str]] = defaultdict(set)
        for clause in clauses:
            self._aspects[clause.key] = pairs(clause.aspect)

    def propose(self, task: str, aspect: str = "", demand: str = "") -> list[Proposal]:
        """The likeliest clauses, best first; none below LEAST."""
        asked = pairs(task) | pairs(demand)
        if not asked:
            asked = pairs(aspect)
        if not asked:
            return []
        heading = pairs(aspect)
        scored = [self._score(clause, asked, heading) for clause in self._clauses]
        scored = sorted((p for p in scored if p.confidence >= LEAST), key=lambda p: -p.confidence)
        return _divided(scored)[:MOST]

    def _score(self, clause: ClauseText, asked: set[str], heading: set[str]) -> Proposal:
        weights = self._weights[clause.key]
        shared = {pair: weights[pair] * self._rare[pair] for pair in asked if pair in weights}
        most = _NAME * sum(self._rare.get(pair, self._unknown) for pair in asked)
        fit = sum(shared.values()) / most if most else 0.0
        known = sum(self._rare[p] for p in pairs(clause.name)) or 1.0
        named = sum(self._rare[p] for p in pairs(clause.name) & asked) / known
        score = math.sqrt(fit) * 0.7 + named * 0.3
        if len(shared) == 1 and len(asked) > 3:
            score *= ONE_PAIR
        if heading:
            about = self._aspects[clause.key]
            same = len(heading & about) / max(min(len(heading), len(about)), 1)
            score = score * (0.85 + 0.3 * same)
        best = sorted(shared, key=lambda pair: -shared[pair])[:4]
        return Proposal(clause.key, round(min(score, 1.0), 3), tuple(best))


def _weights(clause: ClauseText) -> dict[str, float]:
    weights: dict[str, float] = {}
    for texts, weight in (
        (clause.more, _MORE), ((clause.demand,), _DEMAND), (clause.words, _WORDS),
        ((clause.name,), _NAME),
    ):  # fmt: skip
        for pair in _all_pairs(texts):
            weights[pair] = max(weights.get(pair, 0.0), weight)
    return weights


def _all_pairs(texts: Iterable[str]) -> set[str]:
    return set().union(*(pairs(text) for text in texts))


def _divided(found: list[Proposal]) -> list[Proposal]:
    """The first is less sure when the second is nearly as good."""
    if len(found) < 2:
        return found
    lead = found[0].confidence - found[1].confidence
    factor = min(1.0, 0.75 + 2.5 * lead)
    first = Proposal(found[0].key, round(found[0].confidence * factor, 3), found[0].words)
    return [first, *found[1:]]
