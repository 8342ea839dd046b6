"""What the workbench proposes for a problem: lead, due time, requirement, and likely duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.frame.moments import moment, span_words
from weicheng.people.directory import directory
from weicheng.problems.models import Problem
from weicheng.problems.parties import suggested_due
from weicheng.problems.words import OPEN_STATUSES

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.people.models import Unit

LOOK_BACK = timedelta(days=60)
MOST_DUPLICATES = 3
EVENING = 18


@dataclass(frozen=True)
class Answer:
    """One of the three answers: its part's name and the unit, None when unknown."""

    part: str
    unit: Unit | None


@dataclass(frozen=True)
class Proposal:
    """Who, until when and what; ``dues`` are (ISO time, words), the proposed one first."""

    lead: Unit | None
    responsible: Unit | None
    dues: list[tuple[str, str]]
    requirement: str
    answers: list[Answer]


def unit_of(key: UUID | None) -> Unit | None:
    """A unit from the directory in memory."""
    return directory().units.get(key) if key else None


def proposal(problem: Problem, now: datetime | None = None) -> Proposal:
    """What rule and place suggest; no query beyond the directory."""
    now = now or timezone.now()
    bureau, territory = unit_of(problem.bureau_unit_id), unit_of(problem.territory_unit_id)
    current = unit_of(problem.lead_unit_id)
    lead = current or bureau or territory
    return Proposal(
        lead=lead,
        responsible=territory if lead is not None and lead != territory else None,
        dues=dues(problem, now),
        requirement=problem.requirement or usual_requirement(),
        answers=[
            Answer(gettext("行业主管"), bureau),
            Answer(gettext("属地"), territory),
            Answer(gettext("包保单位"), unit_of(problem.sponsor_unit_id)),
        ],
    )


def usual_requirement() -> str:
    """The sentence that most orders carry."""
    return gettext("整改到位，附整改前后同角度照片，并排查周边同类问题。")


def proposed_due(problem: Problem, now: datetime) -> datetime:
    """The proposed moment, without seconds."""
    return suggested_due(problem.kind, now)


def dues(problem: Problem, now: datetime) -> list[tuple[str, str]]:
    """Moments to choose from; the proposed one stands first."""
    first = proposed_due(problem, now)
    today = timezone.localtime(now).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    others = [today + timedelta(days=days) for days in (0, 1, 2, 3, 5, 7, 15)]
    later = [at for at in others if at > now + timedelta(hours=1) and at != first]
    return [(at.isoformat(), _due_words(at, now)) for at in (first, *later)]


def _due_words(at: datetime, now: datetime) -> str:
    return gettext("%(moment)s，%(span)s") % {
        "moment": moment(at, now), "span": span_words(at - now),
    }  # fmt: skip


def duplicates(user: Any, problem: Problem, now: datetime | None = None) -> list[Problem]:
    """Problems of the same kind at the same site or place, open or closed in the last 60 days."""
    since = (now or timezone.now()) - LOOK_BACK
    where = Q(site_id=problem.site_id) if problem.site_id else Q(place=problem.place)
    where &= Q(status__in=OPEN_STATUSES) | Q(closed_at__gte=since)
    found = Problem.objects.visible_to(user).filter(
        where, kind_id=problem.kind_id, region_id=problem.region_id, voided=False
    )
    found = found.exclude(pk=problem.pk).exclude(outcome__in=("duplicate", "declined"))
    rows = found.select_related("kind").defer("search").order_by("-filed_at")
    return list(rows[:MOST_DUPLICATES])
