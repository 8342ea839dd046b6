"""Who is proposed for a problem: an ordered table of rules, then duties, bureau, town and office.

The first row of the table whose tests all fit wins. What it names is asked for at the place; where
that names nobody, the next in ``CHAIN`` is asked, and the office itself is the last resort, marked.
A proposal is made once per change of facts and kept with the problem; nobody's choice is changed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from weicheng.duties import resolver
from weicheng.duties.book import book as duty_book
from weicheng.people import directory as people
from weicheng.people.directory import directory
from weicheng.people.models import UnitKind
from weicheng.problems.models import RouteRule
from weicheng.problems.parties import Answers, answers
from weicheng.problems.words import FROM_ABOVE, Part

if TYPE_CHECKING:
    from weicheng.duties.resolver import Accountable
    from weicheng.people.models import Unit
    from weicheng.places.models import Site
    from weicheng.problems.models import Problem
    from weicheng.standards.models import ProblemKind

By, Verifier = RouteRule.By, RouteRule.Verifier
#: Whom to ask when what a rule names is nobody.
CHAIN = (By.DUTY, By.BUREAU, By.TERRITORY, By.COMMUNITY)
#: Who may stand beside the lead: a part and who is meant, as kept in ``RouteRule.others_by``.
OPERATORS = "operators"
OTHERS = (By.TERRITORY, By.COMMUNITY, By.BUREAU, By.SPONSOR, OPERATORS)
OFFICE = "office"
MOST_OTHERS = 8


@dataclass(frozen=True)
class Facts:
    """What the rules look at; ``known`` are the three answers where they were looked up already."""

    kind: ProblemKind
    region: UUID
    site: Site | None
    severity: str
    source: str
    day: date
    known: Answers | None = None

    def answers(self) -> Answers:
        """属地, 行业主管, 包保单位."""
        return self.known or answers(kind=self.kind, region=self.region, site=self.site)


@dataclass(frozen=True)
class Proposed:
    """Who is proposed and by what; ``by`` says through which question the lead was found.

    ``person`` is a person's id. ``provisional``: the duty behind it is not settled. ``duty`` is the
    id of the row of the duty table, ``rule_key`` and ``version`` of the row of the rules table.
    """

    lead: Unit | None
    others: tuple[tuple[Unit, str], ...] = ()
    person: UUID | None = None
    verifier: str = ""
    rule_key: str = ""
    rule_name: str = ""
    version: int = 0
    by: str = ""
    asked: str = ""
    duty: UUID | None = None
    provisional: bool = False

    @property
    def title(self) -> str:
        """The row's name in the reader's language, while it keeps the name it won under."""
        if not self.rule_key:
            return otherwise().title
        row = next((r for r in rules() if str(r.pk) == self.rule_key), None)
        return row.title if row is not None and row.name == self.rule_name else self.rule_name

    @property
    def last_resort(self) -> bool:
        """Whether only the office itself was left to name."""
        return self.by == OFFICE

    def same_as(self, other: Proposed) -> bool:
        """Whether it would send the problem to the same hands."""
        return (self.lead, self.others, self.person, self.verifier) == (
            other.lead, other.others, other.person, other.verifier,
        )  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """How one row of the table fared: it won, or the one test at which it lost."""

    rule: RouteRule
    lost: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def won(self) -> bool:
        """Whether this row decides."""
        return not self.lost


# ---------------------------------------------------------------------- the table in memory


_kept: dict[str, tuple[float, int, list[RouteRule]]] = {}


def rules() -> list[RouteRule]:
    """The active rows in their order; from memory, as fresh as the directory."""
    name, stamp = str(connection.settings_dict["NAME"]), people.stamp()
    kept = _kept.get(name)
    if kept and kept[1] == stamp and time.monotonic() - kept[0] < people.FRESH_SECONDS:
        return kept[2]
    rows = RouteRule.objects.filter(active=True).select_related("kind", "region", "lead_unit")
    fresh = list(rows)
    _kept[name] = (time.monotonic(), stamp, fresh)
    return fresh


def forget() -> None:
    """Read the table again at the next look."""
    _kept.clear()


def changed() -> None:
    """The table was changed: this process and, once committed, every other reads it again."""
    forget()
    people.changed()


def otherwise() -> RouteRule:
    """What holds where no row fits, and before the table has any."""
    return RouteRule(
        order=0, name=str(_("其余的")), lead_by=By.DUTY, version=0,
        others_by=[f"{Part.RESPONSIBLE}:{By.TERRITORY}"],
    )  # fmt: skip


# ---------------------------------------------------------------------- the tests


def loses(rule: RouteRule, facts: Facts) -> tuple[str, dict[str, Any]] | None:
    """The first test of a row that these facts fail; None when all fit."""
    kind, site = facts.kind, facts.site
    plain = (
        ("kind", rule.kind_id, kind.pk),
        ("group", rule.group_zh, kind.group_zh),
        ("item", rule.item_key, kind.item_key),
        ("severity", rule.severity, facts.severity),
        ("source", rule.source, facts.source),
        ("site_type", rule.site_type_key, site.site_type_id if site else ""),
    )
    for test, asked, given in plain:
        if asked and asked != given:
            return test, {"asked": asked, "given": given}
    if rule.site_tag and rule.site_tag not in (site.tag if site else ""):
        return "site_tag", {"asked": rule.site_tag, "given": site.tag if site else ""}
    if rule.region_id and rule.region_id not in directory().ancestors(facts.region):
        return "region", {"asked": rule.region_id, "given": facts.region}
    return None


def winner(facts: Facts) -> RouteRule:
    """The first row that fits."""
    return next((rule for rule in rules() if loses(rule, facts) is None), None) or otherwise()


def verdicts(facts: Facts) -> list[Verdict]:
    """Every row: the one that won, and of each other the test at which it lost."""
    found: list[Verdict] = []
    won: RouteRule | None = None
    for rule in rules():
        lost = loses(rule, facts)
        if lost is not None:
            found.append(Verdict(rule, *lost))
        elif won is None:
            won = rule
            found.append(Verdict(rule))
        else:
            found.append(Verdict(rule, "later", {"asked": won.title}))
    return found if won is not None else [*found, Verdict(otherwise())]


# ---------------------------------------------------------------------- the proposal


def route(
    *,
    kind: ProblemKind,
    region: UUID,
    site: Site | None,
    severity: str,
    source: str,
    day: date,
    known: Answers | None = None,
) -> Proposed:
    """Who is proposed for these facts; somebody always is where the district has an office."""
    return proposed(Facts(kind, region, site, severity, source, day, known))


def proposed(facts: Facts) -> Proposed:
    """Who is proposed: by the winning row, at this place, on this day."""
    rule = winner(facts)
    finding = _Finding(facts)
    lead, by = finding.lead(rule)
    duty = finding.accountable if by == By.DUTY else None
    return Proposed(
        lead=lead,
        others=finding.others(rule, lead),
        person=_person(lead, duty, facts.day),
        verifier=rule.verifier or _verifier(facts),
        rule_key=str(rule.pk) if rule.version else "", rule_name=rule.name, version=rule.version,
        by=by, asked=rule.lead_by,
        duty=duty.rule.id if duty is not None and duty.rule is not None else None,
        provisional=duty is not None and duty.provisional,
    )  # fmt: skip


def _verifier(facts: Facts) -> str:
    return str(Verifier.SUPERIOR if facts.source in FROM_ABOVE else Verifier.OFFICE)


def _person(lead: Unit | None, duty: Accountable | None, day: date) -> UUID | None:
    """The person whom the duty names; else the unit's contact, else its head, while in post."""
    if duty is not None and duty.person is not None:
        return duty.person.id
    person = duty_book().voice(lead, None, day)[0] if lead is not None else None
    return person.id if person is not None else None


class _Finding:
    """The questions a rule may ask about one place, each answered at most once."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.known = facts, facts.answers()
        self._duty: Accountable | None = None

    @property
    def accountable(self) -> Accountable:
        """What the table of duties answers."""
        if self._duty is None:
            facts = self.facts
            self._duty = resolver.accountable(
                kind=facts.kind, region=facts.region, site=facts.site, day=facts.day
            )
        return self._duty

    def lead(self, rule: RouteRule) -> tuple[Unit | None, str]:
        """The lead and the question that found it."""
        for by in dict.fromkeys((rule.lead_by, *CHAIN)):
            unit = self.unit(by, rule)
            if unit is not None and unit.active:
                return unit, str(by)
        return self._office(), OFFICE

    def unit(self, by: str, rule: RouteRule) -> Unit | None:
        """The one unit that a word means here."""
        known = self.known
        if by == By.DUTY:  # the bureau of a site stands behind the kind's own bureau
            row = self.accountable.rule
            return None if row is not None and row.sort == "party" else self.accountable.lead
        if by == By.UNIT:
            return directory().units.get(rule.lead_unit_id) if rule.lead_unit_id else None
        return {
            By.BUREAU: known.bureau, By.TERRITORY: known.territory or known.community,
            By.COMMUNITY: known.community, By.SPONSOR: known.sponsor,
        }.get(By(by))  # fmt: skip

    def others(self, rule: RouteRule, lead: Unit | None) -> tuple[tuple[Unit, str], ...]:
        """Who stands beside the lead: by the duties, then as the row says; nobody twice.

        A 包保单位 sees the problem anyway; it is given work only where the row says so.
        """
        found: dict[UUID, tuple[Unit, str]] = {}
        pairs: list[tuple[Unit, str]] = []
        if rule.lead_by == By.DUTY:
            duty = self.accountable
            pairs += [(u, str(Part.RESPONSIBLE)) for u in duty.responsible]
            pairs += [(u, str(Part.SUPPORT)) for u in duty.support if u != self.known.sponsor]
        for text in rule.others_by:
            part, who = str(text).split(":", 1)
            pairs += [(unit, part) for unit in self._meant(who, rule)]
        for unit, part in pairs:
            if unit.active and unit != lead:
                found.setdefault(unit.id, (unit, part))
        return tuple(found.values())[:MOST_OTHERS]

    def _meant(self, who: str, rule: RouteRule) -> list[Unit]:
        if who == OPERATORS:
            chain = {None, *directory().ancestors(self.facts.region)}
            return [
                u for u in directory().units.values()
                if u.kind == UnitKind.OPERATOR and u.region_id in chain
            ]  # fmt: skip
        unit = self.unit(who, rule)
        return [unit] if unit is not None else []

    def _office(self) -> Unit | None:
        """The nearest office of the campaign above the place."""
        book = directory()
        offices = {u.region_id: u for u in book.units.values() if u.kind == UnitKind.OFFICE}
        return next((offices[i] for i in book.ancestors(self.facts.region) if i in offices), None)


# ---------------------------------------------------------------------- kept with the problem


def facts_of(problem: Problem, day: date) -> Facts:
    """What the rules look at of a problem that exists."""
    return Facts(
        problem.kind, problem.region_id, problem.site, problem.severity, problem.source, day
    )


def kept(proposal: Proposed) -> dict[str, Any]:
    """A proposal as it is kept: ids, the row with its version, and the mark 暂定."""
    return {
        "lead": str(proposal.lead.id) if proposal.lead else None,
        "others": [[str(unit.id), part] for unit, part in proposal.others],
        "person": str(proposal.person) if proposal.person else None,
        "verifier": proposal.verifier,
        "rule": proposal.rule_key, "name": proposal.rule_name, "v": proposal.version,
        "by": proposal.by, "asked": proposal.asked,
        "duty": str(proposal.duty) if proposal.duty else None,
        "provisional": proposal.provisional,
    }  # fmt: skip


def read(data: dict[str, Any]) -> Proposed | None:
    """A kept proposal; None when there is none or its lead answers for nothing any more."""
    book = directory()
    lead = book.units.get(_id(data.get("lead")) or UUID(int=0))
    if lead is None or not lead.active:
        return None
    others = [(book.units.get(UUID(i)), str(part)) for i, part in data.get("others", [])]
    return Proposed(
        lead=lead,
        others=tuple((unit, part) for unit, part in others if unit is not None and unit.active),
        person=_id(data.get("person")), verifier=data.get("verifier", ""),
        rule_key=data.get("rule", ""), rule_name=data.get("name", ""), version=data.get("v", 0),
        by=data.get("by", ""), asked=data.get("asked", ""), duty=_id(data.get("duty")),
        provisional=bool(data.get("provisional")),
    )  # fmt: skip


def _id(text: Any) -> UUID | None:
    return UUID(str(text)) if text else None


def of_problem(problem: Problem, day: date, *, anew: bool = False) -> Proposed:
    """The proposal kept with a problem; made now where it has none, or where one asks ``anew``."""
    known = None if anew else read(problem.proposal or {})
    return known or proposed(facts_of(problem, day))
