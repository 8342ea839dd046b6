"""一票否决: the veto items of the standard and the must-have conditions, each with what tells:
checks on the spot, rows of the data table, papers, our own survey, the office's word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from django.utils.translation import gettext as _

from weicheng.standards.models.reader import in_language

if TYPE_CHECKING:
    from weicheng.scoring.facts import Facts
    from weicheng.scoring.figures import Figures
    from weicheng.standards.models import Check

FILE = Path(__file__).parent / "data" / "gates.yaml"
#: Before the keys of must-have conditions, which are not items of the standard.
MUST: Final = "must-"
HELD, BROKEN, UNKNOWN = "held", "broken", "unknown"
#: Papers that are complete.
COMPLETE: Final = 100


@dataclass(frozen=True)
class Gate:
    """A gate and what tells of it. ``either``: one of its figures is enough."""

    key: str
    name_zh: str
    name_en: str
    checks: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    documents: str = ""
    survey: Decimal | None = None
    items: tuple[str, ...] = ()
    either: bool = False

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return in_language(self)

    @property
    def is_must(self) -> bool:
        """Whether it is a must-have condition, of a list that was not confirmed."""
        return self.key.startswith(MUST)

    @property
    def by_word(self) -> bool:
        """Whether only somebody's word can tell."""
        return not (self.indicators or self.survey)


@dataclass(frozen=True)
class GateLine:
    """How a gate stands: held, broken or unknown, a sentence why, and where to fill in what is
    missing (a part of the page of figures; empty: said on the spot)."""

    gate: Gate
    state: str
    failures: int
    words: str
    where: str


@cache
def must_haves() -> tuple[Gate, ...]:
    """The must-have conditions that come with the product."""
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Gate(
            MUST + row["key"], row["name_zh"], row["name_en"], tuple(row.get("checks", ())),
            tuple(row.get("indicators", ())), row.get("documents", ""),
            Decimal(row["survey"]) if "survey" in row else None, tuple(row.get("items", ())),
            bool(row.get("either")),
        )
        for row in raw["list"]
    )  # fmt: skip


def is_gate_check(check: Check) -> bool:
    """Whether one failure of a check breaks a gate."""
    return check.item.veto or any(check.key in gate.checks for gate in must_haves())


def gates_of(facts: Facts) -> list[Gate]:
    """The veto items in force, then the must-have conditions, with the checks that are in force."""
    known = {check.key for check in facts.checks}
    found = [
        Gate(item.key, item.name_zh, item.name_en,
             tuple(check.key for check in facts.checks if check.item_id == item.pk))
        for item in facts.items if item.veto
    ]  # fmt: skip
    return [*found, *(
        Gate(**{**gate.__dict__, "checks": tuple(k for k in gate.checks if k in known)})
        for gate in must_haves()
    )]  # fmt: skip


def gate_lines(facts: Facts, figures: Figures) -> list[GateLine]:
    """How every gate stands by what is known of the region."""
    gates = gates_of(facts)
    looked = _looked(facts, {key for gate in gates for key in gate.checks})
    return [_line(gate, _Known(facts, figures, looked)) for gate in gates]


def chance_of(gate: Gate, chances: Mapping[str, float]) -> float | None:
    """The chance that a gate fails, from those of its checks as if they failed independently; None
    where no check tells."""
    told = [chances[key] for key in gate.checks if key in chances]
    holds = 1.0
    for chance in told:
        holds *= 1 - chance
    return 1 - holds if told else None


def _looked(facts: Facts, keys: set[str]) -> dict[str, tuple[int, int]]:
    """Check -> (sites where it was looked at, sites where it fails, looked at or reported)."""
    of_type: defaultdict[str, list[str]] = defaultdict(list)
    for check in facts.checks:
        if check.key in keys:
            of_type[check.site_type_id].append(check.key)
    found = dict.fromkeys(keys, (0, 0))
    for site, seen in facts.latest().items():
        wanted = of_type.get(facts.places[site].site_type, ())
        for key in wanted:
            fails = key in seen.fails
            if fails or (key not in seen.unseen and key not in seen.not_applicable):
                looks, failures = found[key]
                found[key] = (looks + 1, failures + fails)
    for key in chain.from_iterable(failed & keys for failed in facts.unvisited().values()):
        looks, failures = found[key]
        found[key] = (looks, failures + 1)
    return found


@dataclass(frozen=True)
class _Known:
    facts: Facts
    figures: Figures
    looked: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class _Said:
    """What one source says of a gate."""

    state: str
    words: str = ""
    where: str = ""


def _line(gate: Gate, known: _Known) -> GateLine:
    failures = sum(known.looked[key][1] for key in gate.checks)
    said = [*_checks(gate, known, failures), *_figures(gate, known), *_papers(gate, known)]
    word = known.facts.conditions.get(gate.key)
    broken = [one for one in said if one.state == BROKEN]
    if word is False or any(known.facts.conditions.get(key) is False for key in gate.items):
        broken.append(_Said(BROKEN, _("没有守住")))
    if broken:
        return GateLine(gate, BROKEN, failures, broken[0].words, broken[0].where)
    if word or (said and all(one.state == HELD for one in said)):
        return GateLine(gate, HELD, 0, _("守住了"), "")
    missing = [one for one in said if one.state == UNKNOWN]
    first = missing[0] if missing else _Said(UNKNOWN, _("没有可抽查的内容，还没有人确认"))
    return GateLine(gate, UNKNOWN, 0, first.words, first.where)


def _checks(gate: Gate, known: _Known, failures: int) -> Iterable[_Said]:
    if failures:
        yield _Said(BROKEN, _("检查发现%(n)s处不合格") % {"n": failures})
    elif gate.checks:
        seen = sum(known.looked[key][0] for key in gate.checks)
        yield _Said(HELD) if seen else _Said(UNKNOWN, _("对应的检查项还没有查过"))


def _figures(gate: Gate, known: _Known) -> Sequence[_Said]:
    """Rows of the data table; of ``either`` one that holds is enough. Our own survey tells only
    while no row is stated."""
    rows = {line.row.key: line for line in known.figures.indicators}
    found = [_indicator(rows[key]) for key in gate.indicators if key in rows]
    if gate.survey is not None and all(one.state == UNKNOWN for one in found):
        found.append(_survey(gate.survey, known.figures.satisfaction.percent))
    if gate.either:
        if any(one.state == HELD for one in found):
            return [_Said(HELD)]
        stated = [one for one in found if one.state != UNKNOWN]
        return stated or found[:1]
    return found


def _indicator(line: Any) -> _Said:
    name, where = in_language(line.row), "table-rows"
    if line.judged.state == "met":
        return _Said(HELD)
    if line.judged.state == "unmet":
        return _Said(BROKEN, _("数据指标没有达到：%(name)s") % {"name": name}, where)
    return _Said(UNKNOWN, _("数据指标还没有填，或者还判不了：%(name)s") % {"name": name}, where)


def _survey(least: Decimal, percent: Decimal | None) -> _Said:
    if percent is None:
        return _Said(UNKNOWN, _("还没有自测过满意度"), "survey")
    if percent >= least:
        return _Said(HELD)
    told = {"percent": f"{percent.normalize():f}", "least": least}
    return _Said(BROKEN, _("自测满意度%(percent)s%%，不到%(least)s%%") % told, "survey")


def _papers(gate: Gate, known: _Known) -> Iterable[_Said]:
    line = next((x for x in known.figures.documents if x.item.key == gate.documents), None)
    if line is None:
        return
    if line.stated is None:
        yield _Said(UNKNOWN, _("资料还没有填齐了多少"), "papers")
    elif line.stated.percent < COMPLETE:
        told = {"n": line.stated.percent}
        yield _Said(UNKNOWN, _("资料齐了%(n)s%%，还没有人确认") % told, "papers")
    else:
        yield _Said(HELD)
