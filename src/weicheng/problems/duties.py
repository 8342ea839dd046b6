"""What units owe, by the time that is left: 超期, 今天, 三天内, 以后; and what waits for others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.frame.paging import ROWS, Page, asked, page_of
from weicheng.people.directory import directory
from weicheng.people.models import Unit
from weicheng.problems.models import Obligation, Problem

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

WAITING_ROWS = 20
GROUPS: dict[str, Promise] = {
    "late": _("超期"), "today": _("今天"), "soon": _("三天内"), "later": _("以后"),
}  # fmt: skip


@dataclass
class Group:
    """Rows of one stretch of time."""

    key: str
    name: str | Promise
    rows: list[Obligation] = field(default_factory=list)


@dataclass(frozen=True)
class Duties:
    """One page of what is owed, grouped, and the first rows that wait for somebody else."""

    groups: list[Group]
    page: Page[Obligation]
    waiting: list[Problem]

    def is_empty(self) -> bool:
        """Whether nothing is owed at all."""
        return not self.groups and not self.page.before


def units_of(user: Any) -> list[Unit]:
    """The units whose duties are this user's: his own and those below them; from memory."""
    own = {u.id for u in user.working_units()}
    below = [u for u in directory().units.values() if u.parent_id in own and u.id not in own]
    return [*user.working_units(), *below]


def owed_by(
    units: Iterable[Unit], user: Any, *, query: Mapping[str, str], now: datetime | None = None
) -> Duties:
    """What these units owe, most urgent first, 50 rows a page; only what the reader may see."""
    now, ids = now or timezone.now(), [u.id for u in units]
    visible = Problem.objects.in_scopes(user.scopes()).filter(voided=False)
    rows = (
        Obligation.objects.filter(_nearest(ids, user.scopes(), query))
        .select_related(
            "unit__head", "problem__kind", "problem__region", "problem__site",
            "problem__lead_unit", "problem__before_photo__blob",
        )
        .defer("problem__search", "problem__fixes")
    )  # fmt: skip
    page = page_of(rows, order=ORDER, query=query)
    return Duties(_grouped(page.rows, now), page, _waiting(ids, visible))


ORDER = ("due_at", "id")
_OWED = """
(SELECT o.id, o.due_at FROM problems_obligation o JOIN problems_problem p ON p.id = o.problem_id
 WHERE o.unit_id = %s AND o.state = 'open' AND o.due_at IS NOT NULL AND NOT p.voided
   AND NOT (o.sort = 'main' AND p.status IN ('check', 'done', 'new'))
   AND NOT (o.sort = 'main' AND o.part = 'support' AND coalesce(p.lead_unit_id = ANY(%s), false))
   AND EXISTS (SELECT 1 FROM problems_party t
               WHERE t.problem_id = p.id AND t.scope = ANY(%s::uuid[]))
   {key} ORDER BY o.due_at {way}, o.id {way} LIMIT {most})
"""


def _nearest(ids: list[UUID], scopes: list[UUID], query: Mapping[str, str]) -> RawSQL:
    """What is owed on one page: one ordered index walk for each unit, so that a unit's long past
    and its many open duties cost nothing."""
    key, back = asked(query, ORDER)
    way, most = "DESC" if back else "ASC", ROWS + 1
    beyond = f"AND (o.due_at, o.id) {'<' if back else '>'} (%s, %s)" if key else ""
    branch = _OWED.format(key=beyond, way=way, most=most)
    values = [v for unit in ids for v in (unit, ids, scopes, *(key or ()))]
    union = " UNION ALL ".join(branch for _unit in ids) or "SELECT NULL::uuid, NULL WHERE false"
    chosen = f"SELECT id FROM ({union}) AS u ORDER BY due_at {way}, id {way} LIMIT {most}"  # noqa: S608
    sql = f"problems_obligation.id = ANY(ARRAY({chosen}))"
    return RawSQL(sql, values, BooleanField())  # noqa: S611


def sponsored(units: Iterable[Unit], user: Any, now: datetime | None = None) -> list[Problem]:
    """Open problems at the places these units sponsor: they walk, persuade and press."""
    ids = [u.id for u in units]
    found = Problem.objects.visible_to(user).filter(sponsor_unit__in=ids, voided=False)
    rows = found.exclude(status="done").for_rows().defer("search", "fixes")
    return list(rows.order_by("due_at", "id")[:50])


def _grouped(rows: list[Obligation], now: datetime) -> list[Group]:
    groups = {key: Group(key, name) for key, name in GROUPS.items()}
    for row in rows:
        groups[_group(row.due_at, now)].rows.append(row)
    return [g for g in groups.values() if g.rows]


def _group(due: datetime | None, now: datetime) -> str:
    if due is None or due < now:
        return "late"
    days = timezone.localdate(due) - timezone.localdate(now)
    if days <= timedelta(0):
        return "today"
    return "soon" if days <= timedelta(days=3) else "later"


def _waiting(ids: list[UUID], visible: QuerySet[Problem]) -> list[Problem]:
    """Handed in and not yet verified."""
    found = visible.filter(lead_unit__in=ids, status="check")
    rows = found.select_related("kind", "region").defer("search", "fixes")
    return list(rows.order_by("handed_in_at", "id")[: WAITING_ROWS + 1])
