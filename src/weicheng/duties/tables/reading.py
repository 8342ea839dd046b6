"""Reads a duty cell (区城管局负责，区商务局配合): who in which part, and what stayed unread."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from weicheng.sheets.cells import half_width

from .names import COMMUNITY, TOWN, groups_of, reads_like_unit
from .tokens import (
    BRACKET,
    COLON,
    LABEL_,
    LIST,
    PERSON,
    STRONG,
    TOGETHER_,
    VERB_,
    WEAK,
    WORD,
    Token,
    tokens,
)
from .verbs import PERSON_LABEL, SUPERVISE, SUPPORT, part_of, part_of_label

_LEADING = re.compile(r"^(?:并|由|请|要求|其中|同时|另|以及|以|各地由)(?=.{2})")
_OTHERS = re.compile(
    r"等(?:[\d一二三四五六七八九十]+家?个?)?(?:(?:相关|有关|责任|成员|通信|通讯|电信)*"
    r"(?:单位|部门|局|企业|公司|运营商))?$"
)
_BY_DUTY = re.compile(r"按(?:照)?(?:各自)?(?:职责|职能|分工|属地)(?:管理)?(?:分工|范围|原则)?$")
_PART_IN_BRACKETS = re.compile(
    r"(?:牵头|负责|主责|责任|配合|协助|协办|督促|监督|督办|参与)(?:单位|部门)?"
)
_SECTION = re.compile(r"[㐀-鿿]{1,12}(?:股|科|科室|室|处|办)")
_WITHIN = re.compile(
    r"(?P<unit>.{2,12}?(?:局|委|办|中心|大队|街道|镇))(?P<section>[㐀-鿿]{1,8}(?:股|科|科室|股室))"
)
_BY = re.compile(r"(?P<what>.+?)(?:工作)?由(?P<who>.{2,})")
_PLAIN_NAME = re.compile(r"[㐀-鿿]{2,8}")
_IDLE = ".…!?！？“”\"'~"
"""Signs at the end of words that say nothing."""
_PLACES = {"社区", "村", "居委会", "村委会", "村居", "村社区", "社区村"}
_TOWNS = {"街道", "乡镇", "镇街", "镇", "乡", "办事处", "街道办", "街道办事处", "镇街道"}


@dataclass(frozen=True)
class Claim:
    """Somebody in a part: `words` as written, `rules` instead of a unit (各社区 → community).

    `part` is '' where no verb, label or column says it; `said` that a verb or label did;
    `scope` are the words about what for (技术指导), `section` a 股 or 科 in brackets.
    """

    words: str
    part: str = ""
    rules: tuple[str, ...] = ()
    scope: str = ""
    section: str = ""
    said: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Reading:
    """What a cell says, in its order; `unread` are the places whose words were not understood."""

    claims: tuple[Claim, ...] = ()
    unread: tuple[tuple[int, int], ...] = ()
    people: tuple[str, ...] = ()
    others: bool = False


@dataclass
class _State:
    text: str
    known: Callable[[str], bool]
    claims: list[Claim] = field(default_factory=list)
    pending: list[Claim] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    label: str = ""
    together: str = ""
    scope: str = ""
    last: tuple[int, int] = (0, 0)
    after_verb: bool = False
    """Directly behind a verb, or in the words that say what it is about."""
    every: bool = False
    others: bool = False


def read_cell(cell: str, known: Callable[[str], bool] = lambda _name: False) -> Reading:
    """The units of a cell with their parts. `known` says whether a name is some unit's."""
    state = _State(cell, known)
    found = tokens(cell)
    for number, token in enumerate(found):
        _STEPS[token.sort](state, token, found[number + 1 :])
    _flush(state)
    return Reading(
        tuple(state.claims), tuple(_joined(state.unread)), tuple(state.people), state.others
    )


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _word(state: _State, token: Token, rest: list[Token]) -> None:
    text, start = token.text.rstrip(_IDLE), token.start
    if not text:
        return
    if state.after_verb and not _another_list(state, text, rest):
        _about(state, token)
        return
    state.after_verb = False
    lead = _LEADING.match(text)
    if lead:
        text, start = text[lead.end() :], start + lead.end()
    by = _BY.fullmatch(text)
    if by and _is_name(state, by["who"], rest):
        state.scope = by["what"]
        text, start = by["who"], start + by.start("who")
    _name(state, text, start, token, rest)


def _name(state: _State, text: str, start: int, token: Token, rest: list[Token]) -> None:
    end = start + len(text)
    duty = _BY_DUTY.search(text)
    if duty and duty.start():
        text = text[: duty.start()]
    others = _OTHERS.search(text)
    if others and others.start() > 1:
        text, state.others = text[: others.start()], True
    elif others and not others.start():
        state.others = True
        return
    if not _is_name(state, text, rest):
        if rest and rest[0].sort == COLON:
            state.scope = text
        else:
            state.unread.append((token.start, token.end))
            state.last = (len(state.claims), len(state.claims))
        return
    _put(state, text, start, min(end, token.end))


def _put(state: _State, text: str, start: int, end: int) -> None:
    rules = _rules(state, text)
    within = None if rules or state.known(text) else _WITHIN.fullmatch(text)
    text, section = (within["unit"], within["section"]) if within else (text, "")
    said = bool(state.together)
    claim = Claim(text, state.together, rules, state.scope, section, said, start, end)
    state.pending.append(claim)
    state.every = text.startswith("各") or (state.every and bool(rules))


def _rules(state: _State, text: str) -> tuple[str, ...]:
    if state.every and text in _PLACES:
        return (COMMUNITY,)
    if state.every and text in _TOWNS:
        return (TOWN,)
    return () if state.known(text) else groups_of(text)


def _is_name(state: _State, text: str, rest: list[Token]) -> bool:
    if state.every and text in _PLACES | _TOWNS:
        return True
    if state.known(text) or reads_like_unit(text) or _WITHIN.fullmatch(text):
        return True
    return bool(_PLAIN_NAME.fullmatch(text)) and _in_a_list(state, rest)


def _in_a_list(state: _State, rest: list[Token]) -> bool:
    """Whether an unusual name stands among units: 联通、某某、移动公司负责."""
    if rest and rest[0].sort == LIST and len(rest) > 1 and rest[1].sort == WORD:
        return state.known(rest[1].text) or reads_like_unit(rest[1].text)
    near = bool(state.pending) and state.text[state.pending[-1].end :].startswith(("、", "/"))
    return near and not (rest and rest[0].sort == COLON)


def _another_list(state: _State, text: str, rest: list[Token]) -> bool:
    """After a verb: whether here the next units begin (A牵头B配合), not what the verb is about."""
    bare = _LEADING.sub("", text)
    if not (state.known(bare) or reads_like_unit(bare) or _BY.fullmatch(bare)):
        return False
    if state.last[1] == 0:
        return True
    for token in rest:
        if token.sort == VERB_:
            return True
        if token.sort in (STRONG, WEAK):
            return False
    return False


def _about(state: _State, token: Token, joint: str = "、") -> None:
    """The words say what the last units do."""
    for number in range(*state.last):
        claim = state.claims[number]
        scope = f"{claim.scope}{joint}{token.text}" if claim.scope else token.text
        state.claims[number] = replace(claim, scope=scope[:60])
    if state.last[0] == state.last[1]:
        state.unread.append((token.start, token.end))


def _verb(state: _State, token: Token, rest: list[Token]) -> None:
    if not state.pending:
        if state.after_verb and state.last[1]:
            _about(state, token, joint="")
        elif not state.claims:
            state.unread.append((token.start, token.end))
        state.after_verb = True
        return
    part = part_of(token.text)
    if part in (SUPPORT, SUPERVISE) and not state.claims and not state.label:
        _first_alone(state)
    first = len(state.claims)
    for claim in state.pending:
        state.claims.append(replace(claim, part=claim.part or part, said=True))
    state.last = (first, len(state.claims))
    _clear(state)
    state.after_verb = True


def _first_alone(state: _State) -> None:
    """区城管局，区住建局配合: the unit before the first comma is not the one that helps."""
    for number, claim in enumerate(state.pending[1:], 1):
        between = half_width(state.text[state.pending[number - 1].end : claim.start])
        if "," in between or "\n" in between:
            state.claims, state.pending = state.pending[:number], state.pending[number:]
            return


def _clear(state: _State) -> None:
    state.pending, state.scope, state.together, state.every = [], "", "", False


def _flush(state: _State) -> None:
    """What no verb follows: in the part of its label, else in none yet."""
    first = len(state.claims)
    for claim in state.pending:
        part = claim.part or state.label
        state.claims.append(replace(claim, part=part, said=bool(part)))
    if state.pending:
        state.last = (first, len(state.claims))
    _clear(state)


def _label(state: _State, token: Token, rest: list[Token]) -> None:
    _flush(state)
    state.label = part_of_label(token.text)
    state.after_verb = False


def _together(state: _State, token: Token, rest: list[Token]) -> None:
    state.together = SUPPORT
    state.after_verb = False


def _person(state: _State, token: Token, rest: list[Token]) -> None:
    state.people.append(token.text)


def _bracket(state: _State, token: Token, rest: list[Token]) -> None:
    inner, owner = token.text, state.pending or state.claims
    if not inner or inner.isdigit():
        return
    if PERSON_LABEL.fullmatch(inner):
        state.people.append(inner)
        return
    if not owner:
        _word(state, Token(WORD, inner, token.start + 1, token.end - 1), rest)
        return
    owner[-1] = _with_bracket(state, owner[-1], token)


def _with_bracket(state: _State, claim: Claim, token: Token) -> Claim:
    """The claim that the bracket stands behind: its part, section, second name or scope."""
    inner = token.text
    if _PART_IN_BRACKETS.fullmatch(inner):
        return replace(claim, part=part_of(inner), said=True)
    if state.after_verb or not state.pending:
        return replace(claim, scope=f"{claim.scope}（{inner}）" if claim.scope else inner)
    words = f"{claim.words}（{inner}）"
    if rules := groups_of(f"{claim.words}{inner}"):
        return replace(claim, words=words, rules=rules, end=token.end)
    if _SECTION.fullmatch(inner) and not state.known(inner) and inner[-1] in "股科室":
        return replace(claim, section=inner, end=token.end)
    if reads_like_unit(inner):
        return replace(claim, words=words, end=token.end)
    return replace(claim, scope=inner)


def _list(state: _State, token: Token, rest: list[Token]) -> None:
    return


def _weak(state: _State, token: Token, rest: list[Token]) -> None:
    """A comma: what comes is no more about the verb; units without a verb may still get one."""
    state.after_verb = False
    state.together = ""


def _strong(state: _State, token: Token, rest: list[Token]) -> None:
    _flush(state)
    state.after_verb = False


def _colon(state: _State, token: Token, rest: list[Token]) -> None:
    return


_STEPS: dict[str, Callable[[_State, Token, list[Token]], None]] = {
    WORD: _word, VERB_: _verb, LABEL_: _label, TOGETHER_: _together, PERSON: _person,
    BRACKET: _bracket, LIST: _list, WEAK: _weak, STRONG: _strong, COLON: _colon,
}  # fmt: skip
