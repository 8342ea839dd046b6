"""The office decides what was held: it is replayed as the act of who sent it, or dropped."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from weicheng.fieldwork import reading
from weicheng.fieldwork.acts.doing import Doing
from weicheng.fieldwork.acts.performing import perform
from weicheng.fieldwork.acts.replaying import needs_all, write_down
from weicheng.fieldwork.acts.uploading import whole
from weicheng.fieldwork.models import Held, Sent
from weicheng.fieldwork.refusals import Conflict, Malformed, NotReleased, Wait
from weicheng.fieldwork.words import HeldEnd, SentState
from weicheng.inspections.refusals import Refused as CheckRefused
from weicheng.people.roles import Role
from weicheng.problems.refusals import Refused as ProblemRefused

if TYPE_CHECKING:
    from weicheng.people.models import User


@transaction.atomic
def release(*, held: Held, by: User, now: datetime | None = None) -> Held:
    """放行: carry the act out as that person's, typed by the office (代录); once.

    Raises NotReleased with the sentence of what stands against it; it then goes on waiting."""
    moment = now or timezone.now()
    row = _open(held, by)
    told, person = reading.told(row.told), row.user.person
    if person is None:
        raise NotReleased("no_person")
    here = whole(row.user_id, list(row.photos))
    missing = [one for one in row.photos if one not in here]
    if missing and needs_all(told):
        raise NotReleased("photos_missing", n=len(missing))
    try:
        with transaction.atomic():
            done = perform(Doing(told, by, moment, for_person=person, here=here))
    except (Wait, Malformed) as wait:
        raise NotReleased(getattr(wait, "reason", "") or wait.args[0], **wait.params) from wait
    except Conflict as conflict:
        raise NotReleased("moved") from conflict
    except CheckRefused as refused:
        raise NotReleased(f"inspections.{refused.code}", **_said(refused)) from refused
    except ProblemRefused as refused:
        raise NotReleased(f"problems.{refused.code}", **_said(refused)) from refused
    sent = Sent.objects.select_for_update().get(pk=row.op_id)
    sent.missing = missing
    write_down(sent, done)
    sent.save()
    row.problem = done.problem
    return _end(row, HeldEnd.RELEASED, by, moment)


def _said(refused: CheckRefused | ProblemRefused) -> dict[str, str]:
    return {name: str(value) for name, value in refused.params.items()}


@transaction.atomic
def drop(*, held: Held, by: User, words: str, now: datetime | None = None) -> Held:
    """作废 with a reason: it counts for nothing, and all that it said stays to be read."""
    row = _open(held, by)
    if not words.strip():
        raise NotReleased("need_drop_reason")
    row.words = words.strip()[:200]
    Sent.objects.filter(pk=row.op_id).update(
        state=SentState.QUARANTINED, reason="dropped", params={"words": row.words}
    )
    return _end(row, HeldEnd.DROPPED, by, now or timezone.now())


def _open(held: Held, by: User) -> Held:
    if by.role != Role.OFFICE or not by.is_active:
        raise NotReleased("problems.not_yours")
    row = (
        Held.objects.select_for_update(of=("self",)).select_related("user__person").get(pk=held.pk)
    )
    if row.ended:
        raise NotReleased("ended_already")
    return row


def _end(row: Held, how: str, by: User, now: datetime) -> Held:
    row.ended, row.ended_by, row.ended_at = how, by, now
    row.save()
    return row
