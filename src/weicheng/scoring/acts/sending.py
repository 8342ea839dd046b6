"""One key: the chosen problems sent to those proposed for them, the weak sites into a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from weicheng.inspections.acts.special import plan_special
from weicheng.journal.models import Operation
from weicheng.people.models import Person
from weicheng.places.models import Site
from weicheng.problems import acts as problem_acts
from weicheng.problems import routing
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused as ProblemRefused
from weicheng.problems.words import Status
from weicheng.scoring.permissions import may_write_values
from weicheng.scoring.refusals import Refused

if TYPE_CHECKING:
    from weicheng.inspections.models import Plan
    from weicheng.people.models import User
    from weicheng.places.models import Region


#: Problems sent, and sites planned, by one key.
MOST: Final = 400


@dataclass
class Sent:
    """How many were sent, and why others were not: sentence -> number; ``rest`` wait for another
    turn."""

    done: int = 0
    left: dict[str, int] = field(default_factory=dict)
    rest: int = 0

    def words(self) -> str:
        """The note after it."""
        said = [_("已按建议派出%(n)s件") % {"n": self.done}]
        said += [_("%(n)s件没有派：%(why)s") % {"n": n, "why": why} for why, n in self.left.items()]
        if self.rest:
            said.append(_("还有%(n)s件这一次没有轮到，请再点一次") % {"n": self.rest})
        return _("。").join(said)


def dispatch_chosen(*, by: User, region: Region, problems: Sequence[UUID], op_id: UUID) -> Sent:
    """Send each undispatched problem as the rules propose, until the time that its rule grants.

    Operation ids follow from ``op_id``: a repeat repeats nothing and gives the same answer. At
    most ``MOST`` at a time. Raises Refused.
    """
    if not may_write_values(by, region):
        raise Refused("not_yours")
    wanted, rest = problems[:MOST], problems[MOST:]
    day, sent = timezone.localdate(), Sent(rest=len(rest))
    found = Problem.objects.visible_to(by).filter(pk__in=list(wanted))
    rows = list(found.select_related("kind", "site").defer("search").order_by("filed_at", "id"))
    own = {uuid5(op_id, str(key)) for key in wanted}
    done = set(Operation.objects.filter(pk__in=own, actor=by.pk).values_list("pk", flat=True))
    for row in rows:
        operation = uuid5(op_id, str(row.pk))
        why = "" if operation in done else _send(by, row, day, operation)
        if why:
            sent.left[why] = sent.left.get(why, 0) + 1
        else:
            sent.done += 1
    return sent


def _send(by: User, row: Problem, day: date, op_id: UUID) -> str:
    """Send one; the sentence that says why not, else nothing."""
    offer = routing.of_problem(row, day)
    if row.status != Status.NEW:
        return _("已经派过了")
    if offer.last_resort:
        return _("没有找到责任单位，请打开单独派")
    person = Person.objects.filter(pk=offer.person).first() if offer.person else None
    usual = _("整改到位，附整改前后同角度照片，并排查周边同类问题。")
    try:
        problem_acts.dispatch(
            problem=row, lead=offer.lead, person=person, verifier=offer.verifier,
            duties=[problem_acts.Duty(unit, part) for unit, part in offer.others],
            requirement=row.requirement or usual, by=by, op_id=op_id,
        )  # fmt: skip
    except ProblemRefused as refused:
        return refused.sentence().rstrip("。.")
    return ""


def plan_sites(
    *, by: User, region: Region, sites: Sequence[UUID], title: str, starts_on: date,
    ends_on: date, basis: str, op_id: UUID,
) -> Plan:  # fmt: skip
    """A special check (专项督查) of weak sites. Raises Refused, inspections' Refused."""
    if not may_write_values(by, region):
        raise Refused("not_yours")
    if len(sites) > MOST:
        raise Refused("too_many_sites", most=MOST)
    rows: Any = Site.objects.visible_to(by).filter(pk__in=list(sites), active=True)
    found = list(rows.select_related("region").order_by("pinyin", "id"))
    if not found:
        raise Refused("no_sites")
    return plan_special(
        by=by, region=region, title=title, starts_on=starts_on, ends_on=ends_on, sites=found,
        basis=basis, op_id=op_id,
    )  # fmt: skip
