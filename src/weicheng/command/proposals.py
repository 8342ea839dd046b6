"""What the workbench proposes for a problem: who, until when, what; and what may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.frame.moments import moment, span_words
from weicheng.people.directory import directory
from weicheng.people.models import Person
from weicheng.problems import deadlines, due_words, duplicates, route_words, routing
from weicheng.problems.models import Obligation, Problem, RouteRule
from weicheng.problems.words import Part

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.people.models import Unit

EVENING = 18


@dataclass(frozen=True)
class Answer:
    """One of the three answers: its part's name and the unit, None when unknown."""

    part: str
    unit: Unit | None


@dataclass(frozen=True)
class Other:
    """A unit beside the lead: as a form's value, and in words."""

    unit: Unit
    part: str

    @property
    def value(self) -> str:
        """Part and unit."""
        return f"{self.part}:{self.unit.pk}"

    @property
    def words(self) -> str:
        """The unit and what it does."""
        part = route_words.PARTS.get(self.part, "")
        return gettext("%(unit)s（%(part)s）") % {"unit": self.unit, "part": part}


@dataclass(frozen=True)
class Proposal:
    """Who, until when and what; ``dues`` are (ISO time, words), the proposed one first.

    ``offer`` is what the rules said; ``now_says`` what they would say now, where that differs.
    """

    lead: Unit | None
    others: list[Other]
    person: Person | None
    verifier: str
    dues: list[tuple[str, str]]
    due_why: due_words.Why
    requirement: str
    answers: list[Answer]
    offer: routing.Proposed
    now_says: routing.Proposed | None
    trial: str

    @property
    def found_by(self) -> str:
        """How the proposed lead was found."""
        return route_words.found_by(self.offer)

    @property
    def verifier_words(self) -> str:
        """Who verifies, in words."""
        known = self.verifier in RouteRule.Verifier.values
        return str(RouteRule.Verifier(self.verifier).label) if known else ""


def unit_of(key: UUID | None) -> Unit | None:
    """A unit from the directory in memory."""
    return directory().units.get(key) if key else None


def proposal(problem: Problem, now: datetime | None = None) -> Proposal:
    """What was proposed when the facts were last changed; who leads already is not replaced."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    offer = routing.of_problem(problem, day)
    current = unit_of(problem.lead_unit_id)
    others = _present(problem) if current is not None else [Other(*o) for o in offer.others]
    key = problem.person_id if current is not None else offer.person
    due = deadlines.propose_for(problem, now)
    row = deadlines.rule_row(due.clock)
    return Proposal(
        lead=current or offer.lead,
        others=others,
        person=Person.objects.filter(pk=key, active=True).first() if key else None,
        verifier=problem.verifier or offer.verifier,
        dues=_dues(problem, due.at, now),
        due_why=due_words.why(due.clock, due.due, row, problem.kind),
        requirement=problem.requirement or usual_requirement(),
        answers=[
            Answer(gettext("行业主管"), unit_of(problem.bureau_unit_id)),
            Answer(gettext("属地"), unit_of(problem.territory_unit_id)),
            Answer(gettext("包保单位"), unit_of(problem.sponsor_unit_id)),
        ],
        offer=offer,
        now_says=_other_now(problem, offer, day) if current is None else None,
        trial=trial_of(problem),
    )


def _present(problem: Problem) -> list[Other]:
    """Who stands beside the lead already."""
    rows = [
        o for o in problem.obligations.all()
        if o.state == Obligation.State.OPEN and o.sort == Obligation.Sort.MAIN
        and o.part in {Part.RESPONSIBLE, Part.SUPPORT} and o.unit_id != problem.lead_unit_id
    ]  # fmt: skip
    pairs = [(unit_of(o.unit_id), str(o.part)) for o in rows]
    return [Other(unit, part) for unit, part in pairs if unit is not None]


def _other_now(problem: Problem, offer: routing.Proposed, day: Any) -> routing.Proposed | None:
    """What duties and rules say today, where they changed since."""
    today = routing.of_problem(problem, day, anew=True)
    return None if today.same_as(offer) else today


def trial_of(problem: Problem) -> str:
    """The page that tries the rules on this problem's facts."""
    facts = {
        "kind": problem.kind_id, "region": problem.region_id, "site": problem.site_id or "",
        "severity": problem.severity, "source": problem.source,
    }  # fmt: skip
    return f"{reverse('problems:routes')}?{urlencode(facts)}#trial"


def usual_requirement() -> str:
    """The sentence that most orders carry."""
    return gettext("整改到位，附整改前后同角度照片，并排查周边同类问题。")


def _dues(problem: Problem, proposed: datetime, now: datetime) -> list[tuple[str, str]]:
    """Moments to choose from; first the one that holds, else the proposed one."""
    held = problem.due_at if problem.lead_unit_id else None
    first = [at for at in (held, proposed) if at is not None and at > now]
    today = timezone.localtime(now).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    others = [today + timedelta(days=days) for days in (0, 1, 2, 3, 5, 7, 15)]
    later = [at for at in others if at > now + timedelta(hours=1)]
    found = dict.fromkeys([*first, *later])
    return [(at.isoformat(), _due_words(at, now)) for at in found]


def _due_words(at: datetime, now: datetime) -> str:
    return gettext("%(moment)s，%(span)s") % {
        "moment": moment(at, now), "span": span_words(at - now),
    }  # fmt: skip


def alike(user: Any, problem: Problem, now: datetime | None = None) -> list[duplicates.Candidate]:
    """What may be the same matter as this one, the likeliest first."""
    matter = duplicates.of_problem(problem)
    return duplicates.candidates(matter, user, now or timezone.now())
