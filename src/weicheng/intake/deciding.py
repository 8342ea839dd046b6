"""What the office does with a lead: file it, set it aside, undo within ten seconds, regroup it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from weicheng.intake.models import AsideReason, Lead, LeadPhoto, LeadSource
from weicheng.journal import outbox
from weicheng.problems import acts, duplicates
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import UNDO_SECONDS
from weicheng.problems.texts import vector
from weicheng.problems.words import Source

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region, Site
    from weicheng.problems.models import Problem
    from weicheng.standards.models import ProblemKind

SOURCE_OF = {
    LeadSource.WECHAT: Source.WECHAT,
    LeadSource.MESSAGE: Source.CITIZEN,
    LeadSource.HOTLINE: Source.HOTLINE,
    LeadSource.CITIZEN: Source.CITIZEN,
    LeadSource.PHONE: Source.CITIZEN,
}
MOST_PHOTOS = 9
TOPIC = "lead"


@transaction.atomic
def file_lead(
    *,
    lead: Lead,
    kind: ProblemKind,
    by: User,
    op_id: uuid.UUID,
    place: str = "",
    region: Region | None = None,
    site: Site | None = None,
    description: str = "",
    now: datetime | None = None,
    decision: uuid.UUID | None = None,
) -> Problem:
    """Make a problem of a lead, with its photos and its original time.

    ``decision`` joins several filings to one that is undone as a whole; else ``op_id`` is it.
    """
    now = now or timezone.now()
    row = Lead.objects.select_for_update().get(pk=lead.pk)
    if row.state != Lead.State.WAITING:
        done: Problem | None = row.problem
        if row.decision == (decision or op_id) and done is not None:
            return done
        raise Refused("already_settled")
    site = site or (row.site if region is None else None)
    where = region or (site.region if site else None) or row.region or row.district
    finding = acts.Finding(
        kind=kind, site=site, region=where, place=(place or row.place or where.name)[:200],
        description=description or "\n".join(t for t in (row.title, row.text) if t),
        source=SOURCE_OF[LeadSource(row.source)], found_at=min(row.said_at, now),
        photos=[p.attachment for p in row.photos.select_related("attachment__blob")][:9],
    )  # fmt: skip
    problem = acts.file(finding=finding, by=by, op_id=op_id, now=now)
    _decide(row, Lead.State.FILED, by=by, now=now, decision=decision or op_id, problem=problem)
    _tell([row.pk], now)
    return problem


def alike(lead: Lead, kind: ProblemKind, by: User, now: datetime) -> list[duplicates.Candidate]:
    """Problems that a lead may be about already, if it is of this kind."""
    at = next((p.attachment for p in lead.photos.all() if p.attachment.latitude is not None), None)
    matter = duplicates.Matter(
        kind=kind, region=lead.region_id or lead.district_id, site=lead.site_id,
        place=lead.place, words=f"{lead.title}\n{lead.text}", at=lead.said_at,
        latitude=at.latitude if at else None, longitude=at.longitude if at else None,
    )  # fmt: skip
    return duplicates.candidates(matter, by, now)


@transaction.atomic
def set_aside(
    *, leads: Iterable[Lead], reason: str, by: User, op_id: uuid.UUID, now: datetime | None = None
) -> int:
    """Set leads aside with a typed reason; returns how many."""
    if reason not in AsideReason.values:
        raise Refused("need_reason")
    ids, now = [lead.pk for lead in leads], now or timezone.now()
    waiting = Lead.objects.select_for_update().filter(pk__in=ids, state=Lead.State.WAITING)
    _tell(ids, now)
    return waiting.update(
        state=Lead.State.ASIDE, aside_reason=reason, decided_by=by, decided_at=now, decision=op_id,
    )  # fmt: skip


@transaction.atomic
def undo_decision(
    *, decision: uuid.UUID, by: User, op_id: uuid.UUID, now: datetime | None = None
) -> int:
    """Take back what one decision did within ten seconds; a problem it filed is voided."""
    now = now or timezone.now()
    rows = list(
        Lead.objects.select_for_update(of=("self",))
        .filter(decision=decision, decided_by=by)
        .select_related("problem")
    )
    if not rows:
        raise Refused("undo_not_this")
    if any(now - r.decided_at > timedelta(seconds=UNDO_SECONDS) for r in rows if r.decided_at):
        raise Refused("undo_too_late")
    for row in rows:
        if row.problem is not None:
            acts.void(
                problem=row.problem, words="撤销立案", by=by, now=now,
                op_id=uuid.uuid5(op_id, str(row.pk)),
            )  # fmt: skip
    _tell([r.pk for r in rows], now)
    return Lead.objects.filter(pk__in=[r.pk for r in rows]).update(
        state=Lead.State.WAITING, aside_reason="", decided_by=None, decided_at=None,
        decision=None, problem=None,
    )  # fmt: skip


@transaction.atomic
def reopen_lead(*, lead: Lead, by: User) -> None:
    """Bring a lead that was set aside back into the pool."""
    _tell([lead.pk], timezone.now())
    Lead.objects.filter(pk=lead.pk, state=Lead.State.ASIDE).update(
        state=Lead.State.WAITING, aside_reason="", decided_by=None, decided_at=None, decision=None
    )


def _tell(leads: list[uuid.UUID], now: datetime) -> None:
    """Leave word that leads were decided, or are open again; learning hears of it later."""
    payload = {"leads": [str(key) for key in leads]}
    outbox.publish(topic=TOPIC, payload=payload, operation=None, now=now)


def _decide(row: Lead, state: str, *, by: User, now: datetime, **more: Any) -> None:
    row.state, row.decided_by, row.decided_at = state, by, now
    for name, value in more.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "decided_by", "decided_at", *more])


@transaction.atomic
def move_photos(*, photos: Iterable[LeadPhoto], to: Lead) -> int:
    """Give photos to another waiting lead, after its own; returns how many moved."""
    rows = [p for p in photos if p.lead_id != to.pk]
    _lock_waiting([to, *(p.lead for p in rows)])
    order = to.photos.aggregate(last=Max("order"))["last"]
    for n, photo in enumerate(rows, start=-1 if order is None else order):
        photo.lead, photo.order = to, n + 1
        photo.save(update_fields=["lead", "order"])
    return len(rows)


@transaction.atomic
def split(*, lead: Lead, photos: Iterable[LeadPhoto], text: str = "") -> Lead:
    """Make a lead of its own out of some photos; it keeps time, sender and, if no words are given,
    the text."""
    row = _lock_waiting([lead])[0]
    text = text.strip() or row.text
    new = Lead.objects.create(
        district=row.district, batch=row.batch, source=row.source, author=row.author,
        title=row.title, text=text, said_at=row.said_at, received_at=row.received_at,
        region=row.region, site=row.site, place=row.place, proposal=row.proposal,
        outside=row.outside, confidence=row.confidence, deciding_words=row.deciding_words,
        doubts=row.doubts, doubtful=row.doubtful, search=vector(row.title, text, row.author),
    )  # fmt: skip
    move_photos(photos=photos, to=new)
    return new


@transaction.atomic
def merge(
    *, lead: Lead, into: Lead, by: User, op_id: uuid.UUID, now: datetime | None = None
) -> Lead:
    """Join a lead to another: its words and photos go there, itself is set aside as merged."""
    if lead.pk == into.pk:
        raise Refused("duplicate_of")
    one, other = _lock_waiting([lead, into])
    move_photos(photos=list(one.photos.select_related("lead")), to=other)
    other.text = "\n".join(dict.fromkeys(t for t in (other.text, one.text) if t))
    other.doubts = [d for d in other.doubts if d not in {"no_text", "no_photo"}]
    other.doubtful = bool(other.doubts)
    if other.proposal_id is None and one.proposal_id is not None:
        other.proposal, other.confidence, other.outside = one.proposal, one.confidence, None
        other.deciding_words = one.deciding_words
    other.region, other.site = other.region or one.region, other.site or one.site
    other.place = other.place or one.place
    other.search = vector(other.title, other.text, other.author)
    other.save()
    _decide(
        one, Lead.State.ASIDE, by=by, now=now or timezone.now(), decision=op_id,
        aside_reason=AsideReason.MERGED,
    )  # fmt: skip
    return other


def _lock_waiting(leads: Iterable[Lead]) -> list[Lead]:
    """The same leads, locked; refused when one of them is settled already."""
    wanted = list(dict.fromkeys(lead.pk for lead in leads))
    found = {row.pk: row for row in Lead.objects.select_for_update().filter(pk__in=sorted(wanted))}
    rows = [found[pk] for pk in wanted]
    if any(row.state != Lead.State.WAITING for row in rows):
        raise Refused("already_settled")
    return rows
