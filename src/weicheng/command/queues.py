"""The queues of the workbench: which problems wait for the office, in which order, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.problems import figures, tallies
from weicheng.problems.models import Party, Problem
from weicheng.problems.words import Status

if TYPE_CHECKING:
    from weicheng.problems.models import ProblemQuerySet

WAITING = (Status.NEW, Status.RUN, Status.LONG)


@dataclass(frozen=True)
class Queue:
    """One tab: which statuses it looks through, its order, and what it says when it is empty."""

    key: str
    label: Promise | str
    statuses: tuple[str, ...]
    order: tuple[str, ...]
    sorted_by: Promise | str
    empty: Promise | str


QUEUES: dict[str, Queue] = {
    q.key: q
    for q in (
        Queue(
            "new", _("待派"), ("new",), ("parked", "filed_at", "id"), _("先报的在前，挂账的在后"),
            _("没有待派的问题"),
        ),
        Queue(
            "check", _("待验"), ("check",), ("handed_in_at", "id"), _("先交的在前"),
            _("没有等待验收的整改"),
        ),
        Queue(
            "asking", _("待审"), ("run", "check"), ("changed_at", "id"), _("最久没有进展的在前"),
            _("没有等答复的申请"),
        ),
        Queue(
            "back", _("退回"), ("run",), ("changed_at", "id"), _("退回最久的在前"),
            _("没有退回后还没改好的问题"),
        ),
        Queue(
            "late", _("超期"), ("run", "long"), ("due_at", "id"), _("超期最久的在前"),
            _("没有超期的问题"),
        ),
        Queue(
            "parked", _("挂账"), ("new", "run", "long"), ("filed_at", "id"), _("先报的在前"),
            _("没有挂账的问题"),
        ),
        Queue(
            "long", _("长期"), ("long",), ("filed_at", "id"), _("先报的在前"),
            _("没有长期推进的问题"),
        ),
    )
}  # fmt: skip
FIRST = "new"


def rows(user: Any, key: str, now: datetime | None = None) -> ProblemQuerySet:
    """The problems of a queue that this user may see, with all that a row shows."""
    queue = QUEUES[key]
    party = Party.objects.filter(
        problem=OuterRef("pk"), scope__in=user.scopes(), status__in=queue.statuses
    )
    found = Problem.objects.filter(Exists(party), status__in=queue.statuses, voided=False)
    if key == "late":
        found = found.filter(due_at__lt=now or timezone.now())
    if key == "back":
        found = found.filter(sent_back__gt=0)
    if key == "asking":
        found = found.exclude(asking="")
    if key == "parked":
        found = found.filter(parked=True)
    return found.for_rows().defer("search").prefetch_related("obligations")


def counts(user: Any, now: datetime | None = None) -> dict[str, int]:
    """How many wait in each queue."""
    scopes: list[UUID] = user.scopes()
    if not scopes:
        return {}
    known = _tallied(user, scopes)
    found = {key: known.get(key, 0) for key in ("new", "check", "long")}
    return {**found, **_live(scopes, now or timezone.now())}


def _tallied(user: Any, scopes: list[UUID]) -> dict[str, int]:
    """The tallies, read once a request: the menu and the tabs show the same figures."""
    known: dict[str, int] | None = user.__dict__.get("_tallied")
    if known is None:
        known = user.__dict__["_tallied"] = tallies.counts(scopes)
    return known


def _live(scopes: list[UUID], now: datetime) -> dict[str, int]:
    return figures.counted(
        late=figures.late(scopes, now, figures.RUNNING),
        back=figures.sent_back(scopes),
        parked=figures.parked(scopes),
        asking=figures.asking(scopes),
    )


def waiting(user: Any) -> int | None:
    """What waits for the office: to be sent and to be verified; from the tallies."""
    known = _tallied(user, user.scopes())
    return known.get("new", 0) + known.get("check", 0)
