"""Replays what phones send: each act once, in its own transaction, by the doors below."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.db.models import Exists, F, Func, IntegerField, OuterRef
from django.utils import timezone

from weicheng.fieldwork import reading
from weicheng.fieldwork.acts.attaching import attach
from weicheng.fieldwork.acts.doing import Doing, Done
from weicheng.fieldwork.acts.performing import perform
from weicheng.fieldwork.acts.uploading import whole
from weicheng.fieldwork.models import Held, Sent, Upload
from weicheng.fieldwork.permissions import hindrance
from weicheng.fieldwork.reading import Told
from weicheng.fieldwork.refusals import Conflict, Malformed, Wait, sentence
from weicheng.fieldwork.tracing import traces
from weicheng.fieldwork.words import ActType, SentState
from weicheng.inspections.refusals import Refused as CheckRefused
from weicheng.journal.once import ForeignOperation, body_hash
from weicheng.problems.refusals import Refused as ProblemRefused

if TYPE_CHECKING:
    from weicheng.people.models import User

log = logging.getLogger(__name__)
#: Acts that are nothing without their photos: they are carried out when the last one is here.
WHOLE = frozenset({ActType.HAND_IN})


@dataclass(frozen=True)
class Result:
    """What the phone is told of one act; ``state`` "refused" means that it keeps the act.

    ``retry``: it passes by itself. ``conflict``: both values of a field that was changed."""

    op_id: str
    state: str
    received_at: datetime | None = None
    missing: int = 0
    sentence: str = ""
    problem: UUID | None = None
    number: str = ""
    retry: bool = False
    conflict: dict[str, Any] = field(default_factory=dict)


def replay(*, by: User, raw: Any, now: datetime | None = None, hold: str = "") -> Result:
    """Take one act of a phone. Never raises: what goes wrong with one hinders no other.

    ``hold``: a reason for which it waits for the office whatever it is; so does everything of
    who does no field work any more.
    """
    moment = now or timezone.now()
    try:
        told = reading.told(raw)
        with transaction.atomic():
            sent = _once(by, told, moment, hold or hindrance(by))
    except Malformed as wrong:
        retry = wrong.code == "busy"
        return Result(reading.op_id_in(raw), "refused", sentence=wrong.sentence(), retry=retry)
    except Conflict as conflict:
        return _both(reading.op_id_in(raw), conflict)
    except Exception:
        log.exception("an act of a phone failed")
        return Result(reading.op_id_in(raw), "refused", sentence=sentence("busy"), retry=True)
    settled = _settled(sent.op_id, moment) if sent.missing else sent
    if settled is None:  # the act stands; its photos are given to it later
        return changed(result_of(sent), sentence=sentence("busy"), retry=True)
    return result_of(settled)


def _settled(op_id: UUID, now: datetime | None) -> Sent | None:
    """The act after it was given its photos; None where that failed: it is tried again."""
    try:
        return settle(op_id, now=now)
    except Exception:
        log.exception("photos of an act could not be given to it now: %s", op_id)
        return None


def _both(op_id: str, conflict: Conflict) -> Result:
    problem = conflict.problem
    shown = {"server": conflict.server, "yours": conflict.yours, "version": problem.version}
    return Result(
        op_id, "refused", sentence=sentence("moved"), problem=problem.pk, number=problem.number,
        conflict=shown,
    )  # fmt: skip


def _once(by: User, told: Told, now: datetime, hold: str) -> Sent:
    """The receipt of this act: of now, or of the time when it came first."""
    digest = body_hash(told.sort, {k: told.raw[k] for k in ("body", "photos", "occurred_at")})
    try:
        sent, fresh = Sent.objects.get_or_create(
            op_id=told.op_id,
            defaults={
                "user": by, "sort": told.sort, "body_hash": digest, "photos": told.listed,
                "missing": told.listed, "state": SentState.WAITING, "told": told.raw,
                "occurred_at": reading.true_time(told.occurred_at, told.offset_seconds, now),
                "offset_seconds": told.offset_seconds, "received_at": now,
                "visit_op": reading.uuid_in(told.body, "visit_op"),
            },
        )  # fmt: skip
    except DatabaseError as error:
        raise Malformed("busy") from error
    if not fresh:
        if sent.user_id != by.pk:
            raise Malformed("foreign")
        if bytes(sent.body_hash) != digest:
            raise Malformed("other_body")
        return sent
    _begin(sent, told, by, now, hold)
    return sent


def _begin(sent: Sent, told: Told, by: User, now: datetime, hold: str) -> None:
    here = whole(by, told.listed)
    sent.missing = [one for one in told.listed if one not in here]
    if hold:
        put_aside(sent, hold, {}, now)
    elif not (sent.missing and needs_all(told)):
        carry_out(sent, Doing(told, by, now, here=here))
    sent.save()


def needs_all(told: Told) -> bool:
    """Whether the act is nothing without all its photos."""
    if told.sort == ActType.REMARK:
        return not reading.text_in(told.body, "words", 2000)
    return told.sort in WHOLE


def carry_out(sent: Sent, doing: Doing) -> None:
    """Carry the act out and write on its receipt what became of it (not saved)."""
    try:
        done = _through_the_door(doing)
    except Wait as wait:
        put_aside(sent, wait.reason, wait.params, doing.now)
    except (CheckRefused, ProblemRefused) as refused:
        room = "inspections" if isinstance(refused, CheckRefused) else "problems"
        params = {k: str(v) for k, v in refused.params.items()}
        put_aside(sent, f"{room}.{refused.code}", params, doing.now)
    else:
        write_down(sent, done)


def _through_the_door(doing: Doing) -> Done:
    """The act in a transaction of its own; what passes by itself is told to come again."""
    try:
        with transaction.atomic():
            return perform(doing)
    except (ForeignOperation, ObjectDoesNotExist) as foreign:
        raise Malformed("foreign") from foreign
    except (CheckRefused, ProblemRefused) as refused:
        if refused.code in {"other_body", "op_reused"}:
            raise Malformed("other_body") from refused
        if refused.code == "busy":
            raise Malformed("busy") from refused
        raise


def write_down(sent: Sent, done: Done) -> None:
    """What an act became, on its receipt (not saved)."""
    sent.done, sent.problem, sent.operation = True, done.problem, done.operation
    sent.reason, sent.params = done.reason, done.params
    if done.is_remark:
        sent.state = SentState.REMARK
    else:
        sent.state = SentState.WAITING if sent.missing else SentState.RECEIVED
    if not sent.missing:
        sent.told = {}


def put_aside(sent: Sent, reason: str, params: dict[str, Any], now: datetime) -> None:
    """Let the act wait for the office, with all that it said."""
    sent.state, sent.reason, sent.params = SentState.QUARANTINED, reason, params
    region, plan = traces(sent.told.get("body") or {}, sent.user)
    Held.objects.create(
        op_id=sent.op_id, user=sent.user, sort=sent.sort, told=sent.told, photos=sent.photos,
        reason=reason, params=params, region=region, plan=plan, occurred_at=sent.occurred_at,
        offset_seconds=sent.offset_seconds, received_at=now,
    )  # fmt: skip


@transaction.atomic
def settle(op_id: UUID, *, now: datetime | None = None) -> Sent:
    """Give an act the photos that came since; carry it out when it waited for the last one."""
    sent = Sent.objects.select_for_update(of=("self",)).select_related("problem").get(pk=op_id)
    here = whole(sent.user_id, list(sent.missing))
    if not here:
        return sent
    sent.missing = [one for one in sent.missing if one not in here]
    if sent.done:
        attach(sent, here)
        if not sent.missing:
            sent.told = {}
            if sent.state == SentState.WAITING:
                sent.state = SentState.RECEIVED
    elif sent.state == SentState.WAITING and not sent.missing:
        _at_last(sent, now or timezone.now())
    sent.save()
    return sent


def _at_last(sent: Sent, now: datetime) -> None:
    """All its photos are here: the act that waited is carried out."""
    told, user = reading.told(sent.told), sent.user
    if reason := hindrance(user):
        put_aside(sent, reason, {}, now)
        return
    carry_out(sent, Doing(told, user, now, here=whole(user, list(sent.photos))))


def settle_waiting(
    user: Any = None, *, sha256: str = "", ready: bool = False, now: datetime | None = None
) -> int:
    """Settle the acts that miss photos: of one person and photo, or all of them; how many. One that
    fails hinders no other, nor the photo that came for it. ``ready``: only those of which a
    missing photo is here."""
    waiting = Sent.objects.exclude(missing=[])
    if ready:
        here = Upload.objects.filter(user=OuterRef("user"), attachment__isnull=False)
        place = Func(
            OuterRef("missing"), F("sha256"), function="array_position", output_field=IntegerField()
        )
        waiting = waiting.filter(Exists(here.annotate(place=place).filter(place__gt=0)))
    if user is not None:
        waiting = waiting.filter(user=user)
    if sha256:
        waiting = waiting.filter(missing__contains=[sha256])
    found = list(waiting.order_by("received_at").values_list("pk", flat=True))
    for op_id in found:
        _settled(op_id, now)
    return len(found)


def result_of(sent: Sent) -> Result:
    """The answer that a receipt gives, at any time."""
    return Result(
        op_id=str(sent.op_id), state=sent.state, received_at=sent.received_at,
        missing=len(sent.missing), sentence=sentence(sent.reason, sent.params),
        problem=sent.problem_id, number=sent.problem.number if sent.problem else "",
    )  # fmt: skip


def results_of(user: Any, op_ids: list[UUID]) -> list[Result]:
    """The receipts of a person's acts; those that never came are not among them."""
    found = Sent.objects.filter(user=user, pk__in=op_ids).select_related("problem")
    return [result_of(sent) for sent in found]


def missing(op_id: UUID) -> int:
    """How many photos (缺 n 张) of an act have not come yet."""
    sent = Sent.objects.filter(pk=op_id).values_list("missing", flat=True).first()
    return len(sent) if sent else 0
