"""A duty cell cut into words, verbs, labels, brackets and separators, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weicheng.sheets.cells import half_width

from .names import ends_unit, reads_like_unit
from .verbs import LABEL, PERSON_LABEL, TOGETHER, VERB

WORD, VERB_, LABEL_, TOGETHER_, PERSON, BRACKET, LIST, WEAK, STRONG, COLON = (
    "word", "verb", "label", "together", "person", "bracket", "list", "weak", "strong", "colon",
)  # fmt: skip
_NUMBER = re.compile(
    r"(?:^|(?<=[;。\n,、]))\s*(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[.、)](?!\d)|\s)|[-—•·※*]\s*)|[①-⑳]"
)
_MARKS = {"、": LIST, "/": LIST, "|": LIST, ",": WEAK, "\n": WEAK, ";": STRONG, "。": STRONG,
          ":": COLON}  # fmt: skip
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_JOINT = re.compile(r"以及|和|及|与|\s+|(?<=[局委办部会])(?=[区县市][^域])")
_HEAD = re.compile(r"[㐀-鿿]{1,12}?[局委办部会院所站队司心道镇乡]")


@dataclass(frozen=True)
class Token:
    """A piece of the cell: its sort, its words, where it begins and ends."""

    sort: str
    text: str
    start: int
    end: int


def tokens(cell: str) -> list[Token]:
    """The cell in pieces; every character that says something lies in exactly one of them."""
    text = half_width(cell).replace("\r", "\n").replace("\t", " ")
    numbers = {m.start(): m.end() for m in _NUMBER.finditer(text)}
    found: list[Token] = []
    at = start = 0
    while at < len(text):
        if text[at] == "\n" and _inside_name(text[start:at], text[at + 1 :]):
            at += 1
            continue
        token = None if at in numbers else _token(text, at)
        if token is None and at not in numbers and text[at] not in _MARKS:
            at += 1
            continue
        found += _words(text, start, at)
        if at in numbers:
            at = numbers[at]
        elif token is not None:
            found.append(token)
            at = token.end
        else:
            found.append(Token(_MARKS[text[at]], text[at], at, at + 1))
            at += 1
        start = at
    return [*found, *_words(text, start, len(text))]


def _token(text: str, at: int) -> Token | None:
    bracket = _BRACKET.match(text, at)
    if bracket:
        return Token(BRACKET, bracket[1].strip(), at, bracket.end())
    fresh = at == 0 or text[at - 1] in "、/|,\n;。: )"
    for sort, pattern in ((PERSON, PERSON_LABEL), (LABEL_, LABEL), (TOGETHER_, TOGETHER)):
        match = pattern.match(text, at) if fresh or sort == TOGETHER_ else None
        if match:
            words = match["what"] if sort == LABEL_ else match[0]
            return Token(sort, words, at, match.end())
    verb = VERB.match(text, at)
    return Token(VERB_, verb[0], at, verb.end()) if verb else None


def _inside_name(before: str, after: str) -> bool:
    """Whether a line break divides nothing: 区综合行政⏎执法局."""
    head = _HEAD.match(after.lstrip())
    if not head or not 1 < len(before.strip()) <= 10 or ends_unit(before):
        return False
    return not reads_like_unit(before.strip()) and reads_like_unit(before.strip() + head[0])


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    """The words between two marks, cut at 和, 及 and spaces where two units meet there."""
    piece, begin = text[start:end], start
    for joint in _JOINT.finditer(piece):
        before, after = text[begin : start + joint.start()], piece[joint.end() :]
        if ends_unit(before, joint[0]) and (reads_like_unit(after.strip()) or _begins_unit(after)):
            yield from _word(text, begin, start + joint.start())
            yield Token(LIST, joint[0], start + joint.start(), start + joint.end())
            begin = start + joint.end()
    yield from _word(text, begin, end)


def _begins_unit(after: str) -> bool:
    """Whether the words after a joint are at least one more unit: 和住建局和环卫局."""
    head = _JOINT.split(after, maxsplit=1)[0]
    return reads_like_unit(head.strip())


def _word(text: str, start: int, end: int) -> Iterator[Token]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Token(WORD, re.sub(r"\s+", "", text[start:end]), start, end)
