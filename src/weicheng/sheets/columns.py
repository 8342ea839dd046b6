"""Which column is which field, by the names above it and a vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from .vocabulary import VOCABULARIES, Vocabulary, plain

LONGEST = 40
"""A longer text is no column name."""
_SURE = 0.55
_GENERIC = ("姓名", "名称", "单位", "领导", "内容", "情况", "时间", "日期", "全称", "名字")
_PHONE_WORDS = ("电话", "手机", "联系方式", "号码")


def assign(
    labels: list[list[str]], vocabulary: Vocabulary, known: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, float]]:
    """Field → column and field → confidence; each column at most one field, the surest first."""
    offers: list[tuple[float, int, str]] = []
    seen = set[str]()
    previous = ""
    for column, parts in enumerate(labels):
        joined = plain(" ".join(parts))
        if joined in known:
            offers += [(2.0, -column, known[joined])] if known[joined] else []
            previous = known[joined]
            continue
        ranked = _ranked(tuple(parts), vocabulary.kind)
        linked = _linked(parts, previous, vocabulary)
        if linked and ranked:
            ranked = ((linked, 1.0), *((name, sure * 0.9) for name, sure in ranked))
        if joined in seen and not linked:
            ranked = tuple((name, sure * 0.9) for name, sure in ranked)
        seen.add(joined)
        offers += [(sure, -column, name) for name, sure in ranked]
        previous = ranked[0][0] if ranked else previous
    columns, confidence, taken = dict[str, int](), dict[str, float](), set[int]()
    for sure, negative, name in sorted(offers, reverse=True):
        if name not in columns and -negative not in taken:
            columns[name], confidence[name] = -negative, round(min(sure, 1.0), 3)
            taken.add(-negative)
    return columns, confidence


def _linked(parts: list[str], previous: str, vocabulary: Vocabulary) -> str:
    """'电话' after the leader is the leader's; '职务' after him likewise."""
    label = plain(parts[-1]) if parts else ""
    if label in ("职务", "职位") and f"{previous}_title" in vocabulary.words:
        return f"{previous}_title"
    if any(word in label for word in _PHONE_WORDS) and len(label) <= 4:
        return f"{previous}_phone" if f"{previous}_phone" in vocabulary.words else ""
    return ""


@lru_cache(maxsize=4096)
def _ranked(parts: tuple[str, ...], kind: str) -> tuple[tuple[str, float], ...]:
    """Fields a column's names may mean, the surest first, those of _SURE and more."""
    vocabulary = next(v for v in VOCABULARIES if v.kind == kind)
    names = [plain(part) for part in parts if len(part) <= LONGEST]
    if not names:
        return ()
    tried = [("".join(names), 1.0), (names[-1], 0.96)]
    if len(names) > 1 and names[-1] in _GENERIC:
        tried = [("".join(names), 1.0), (names[-2], 0.98)]
    elif len(names) > 1:
        tried.append((names[0], 0.6))
    scores: dict[str, float] = {}
    for label, weight in tried:
        for name, words in vocabulary.words.items():
            fit = max((_fit(label, word) for word in _plain_words(words)), default=0.0)
            if fit < 1 and name in vocabulary.exact_only:
                continue
            scores[name] = max(scores.get(name, 0.0), fit * weight)
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    return tuple((name, score) for name, score in ranked if score >= _SURE)


@lru_cache(maxsize=512)
def _plain_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(word) for word in words)


def _fit(label: str, word: str) -> float:
    if label == word:
        return 1.0
    if len(word) >= 2 and word in label:
        return 0.5 + 0.4 * len(word) / len(label) + (0.03 if label.endswith(word) else 0)
    if len(label) >= 2 and label in word:
        return 0.3 + 0.45 * len(label) / len(word)
    return 0.0
