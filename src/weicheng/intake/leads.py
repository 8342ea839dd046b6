"""Leads (线索): taken in from messages and chats, then filed or set aside, undoable for 10 s."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from weicheng.intake.models import AsideReason, Lead, LeadPhoto, LeadSource
from weicheng.intake.register import Register
from weicheng.journal.copying import copy_in
from weicheng.journal.ids import uuid7
from weicheng.problems import acts
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import UNDO_SECONDS
from weicheng.problems.texts import vector
from weicheng.problems.words import Source
from weicheng.sheets.placenames import split_place
from weicheng.standards.words import proposer

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.intake.models import Batch
    from weicheng.people.models import User
    from weicheng.places.models import Region, Site
    from weicheng.problems.models import Problem
    from weicheng.sheets.findings import Finding as ChatFinding
    from weicheng.sheets.messages import CitizenMessage
    from weicheng.standards.models import ProblemKind

MOST_AT_ONCE = 200
SOURCE_OF = {
    LeadSource.WECHAT: Source.WECHAT,
    LeadSource.MESSAGE: Source.CITIZEN,
    LeadSource.HOTLINE: Source.HOTLINE,
    LeadSource.CITIZEN: Source.CITIZEN,
    LeadSource.PHONE: Source.CITIZEN,
}


class _Placer:
    """Finds the region and site that a text names, by name alone."""

    def __init__(self, district: Region) -> None:
        self._register = Register(district)
        self.proposer = proposer()
        self._towns = {r.name: r for r in self._register.towns()}
        self._communities = {r.name: r for r in self._register.communities()}

    def place(self, text: str) -> tuple[Region | None, Site | None, str]:
        """(region, site, words of the place) as far as the text tells them."""
        town, community, rest = split_place(
            text[:120], tuple(self._towns), tuple(self._communities)
        )
        site = self._register.site_named(text[:200], None)
        region = self._communities.get(community) or self._towns.get(town)
        if site is not None:
            region = site.region
        return region, site, (site.name if site else rest[:60])


def confidence(score: int) -> int:
    """0 to 95 for a proposal's score (the sum of squared word lengths): 4 → 27, 9 → 50, 25 → 83."""
    return round(95 * (1 - math.exp(-score / 12)))


def _lead(
    *, district: Region, batch: Batch | None, text: str, title: str, placer: _Placer, **more: Any
) -> Lead:
    region, site, place = placer.place(f"{title} {text}")
    key, score, words = next(iter(placer.proposer.propose(f"{title} {text}", 1)), (None, 0, []))
    return Lead(
        id=uuid7(), district=district, batch=batch, title=title[:300], text=text,
        region=region, site=site, place=place[:200],
        proposal_id=key,
        confidence=confidence(score),
        deciding_words=list(words),
        search=vector(title, text, str(more.get("author", ""))),
        **more,
    )  # fmt: skip


def learn_messages(
    messages: Iterable[CitizenMessage],
    *,
    district: Region,
    batch: Batch | None = None,
    source: str = LeadSource.MESSAGE,
    now: datetime | None = None,
) -> tuple[int, int]:
    """Take in messages with their original times; (new, known before)."""
    now = now or timezone.now()
    placer, tz = _Placer(district), timezone.get_default_timezone()
    known = set(Lead.objects.filter(external_source=source).values_list("external_id", flat=True))
    rows, passed = [], 0
    for message in messages:
        if message.external_id and message.external_id in known:
            passed += 1
            continue
        known.add(message.external_id)
        rows.append(
            _lead(
                district=district, batch=batch, text=message.text, title=message.title,
                placer=placer, source=source, external_source=source,
                external_id=message.external_id[:80], author=message.author[:80],
                said_at=message.at.at(tz) if message.at else now, received_at=now,
                doubtful=bool(message.problems),
            )
        )  # fmt: skip
    with transaction.atomic():
        copy_in(rows)
    return len(rows), passed


def learn_chat(
    findings: Sequence[ChatFinding],
    photos: Sequence[Attachment | None],
    *,
    district: Region,
    batch: Batch | None = None,
    now: datetime | None = None,
) -> tuple[list[Lead], int]:
    """Take in findings of a WeChat group with their photos; (new leads, known before)."""
    now = now or timezone.now()
    placer = _Placer(district)
    known = set(
        Lead.objects.filter(external_source=LeadSource.WECHAT).values_list("external_id", flat=True)
    )
    leads: list[Lead] = []
    pictures: list[LeadPhoto] = []
    passed = 0
    for finding in findings:
        own = [a for i in finding.photos if (a := photos[i]) is not None]
        key = _chat_key(finding, own)
        if key in known:
            passed += 1
            continue
        known.add(key)
        lead = _lead(
            district=district, batch=batch, text=finding.text, title="", placer=placer,
            source=LeadSource.WECHAT, external_source=LeadSource.WECHAT, external_id=key,
            author=finding.sender[:80], said_at=finding.at or now, received_at=now,
            doubtful=bool(finding.doubtful),
        )  # fmt: skip
        leads.append(lead)
        pictures += [LeadPhoto(lead=lead, attachment=a, order=n) for n, a in enumerate(own)]
    with transaction.atomic():
        copy_in(leads)
        copy_in(pictures)
    return leads, passed


def _chat_key(finding: ChatFinding, photos: Sequence[Attachment]) -> str:
    """The same message dropped twice has the same key."""
    when = finding.at.isoformat() if finding.at else ""
    said = "|".join((when, finding.sender, finding.text, *(str(a.blob_id) for a in photos)))
    return uuid.uuid5(uuid.NAMESPACE_OID, said).hex


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
) -> Problem:
    """Make a problem of a lead, with its photos and its original time."""
    now = now or timezone.now()
    row = Lead.objects.select_for_update().get(pk=lead.pk)
    if row.state != Lead.State.WAITING:
        done: Problem | None = row.problem
        if row.decision == op_id and done is not None:
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
    _decide(row, Lead.State.FILED, by=by, now=now, decision=op_id, problem=problem)
    return problem


@transaction.atomic
def set_aside(
    *, leads: Iterable[Lead], reason: str, by: User, op_id: uuid.UUID, now: datetime | None = None
) -> int:
    """Set leads aside with a typed reason; returns how many."""
    if reason not in AsideReason.values:
        raise Refused("need_reason")
    ids = [lead.pk for lead in leads]
    waiting = Lead.objects.select_for_update().filter(pk__in=ids, state=Lead.State.WAITING)
    return waiting.update(
        state=Lead.State.ASIDE, aside_reason=reason, decided_by=by,
        decided_at=now or timezone.now(), decision=op_id,
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
    return Lead.objects.filter(pk__in=[r.pk for r in rows]).update(
        state=Lead.State.WAITING, aside_reason="", decided_by=None, decided_at=None,
        decision=None, problem=None,
    )  # fmt: skip


def reopen_lead(*, lead: Lead, by: User) -> None:
    """Bring a lead that was set aside back into the pool."""
    Lead.objects.filter(pk=lead.pk, state=Lead.State.ASIDE).update(
        state=Lead.State.WAITING, aside_reason="", decided_by=None, decided_at=None, decision=None
    )


def _decide(row: Lead, state: str, *, by: User, now: datetime, **more: Any) -> None:
    row.state, row.decided_by, row.decided_at = state, by, now
    for name, value in more.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "decided_by", "decided_at", *more])
