"""Leads (线索) taken in from messages and chats, each with a proposed kind and place."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from weicheng.intake.ledger import is_own_id
from weicheng.intake.models import Lead, LeadPhoto, LeadSource
from weicheng.intake.naming import address_in
from weicheng.intake.register import Register
from weicheng.journal.copying import copy_in
from weicheng.journal.ids import uuid7
from weicheng.problems.texts import vector
from weicheng.sheets.placenames import split_place
from weicheng.triage.proposing import judge

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.intake.models import Batch
    from weicheng.places.models import Region, Site
    from weicheng.sheets.findings import Finding as ChatFinding
    from weicheng.sheets.messages import CitizenMessage
    from weicheng.triage.judging import Judge

SHORT = 40
EVERY = 500
MOST_AGAIN = 20_000
PROPOSED = ("proposal_id", "outside", "confidence", "deciding_words")


class _Placer:
    """Finds the region and site that a text names, by name alone."""

    def __init__(self, district: Region) -> None:
        self._register = Register(district)
        self.judge = judge()
        self._towns = {r.name: r for r in self._register.towns()}
        self._communities = {r.name: r for r in self._register.communities()}
        self._town_names, self._community_names = tuple(self._towns), tuple(self._communities)

    def place(self, text: str) -> tuple[Region | None, Site | None, str]:
        """(region, site, words of the place) as far as the text tells them."""
        town, community, rest = split_place(text[:120], self._town_names, self._community_names)
        site = self._register.site_named(text[:200], None)
        region = self._communities.get(community) or self._towns.get(town)
        if site is not None:
            region = site.region
        words = address_in(rest) or (rest if len(rest) <= SHORT else "")
        return region, site, (site.name if site else words[:60])

    def town_of(self, sender: str) -> Region | None:
        """The town that a sender writes before his name: 石桥张强 → 石桥镇, if only one fits."""
        head = sender[:2]
        found = [r for name, r in self._towns.items() if len(head) > 1 and name.startswith(head)]
        return found[0] if len(found) == 1 else None


def proposed(judge: Judge, title: str, text: str) -> dict[str, Any]:
    """What a lead keeps of the first answer: kind or outside, 0–100, the words."""
    told = next(iter(judge.propose(said(title, text), 1)), None)
    if told is None:
        return {"proposal_id": None, "outside": None, "confidence": 0, "deciding_words": []}
    return {
        "proposal_id": None if told.outside else told.key,
        "outside": told.key if told.outside else None,
        "confidence": round(100 * told.confidence), "deciding_words": list(told.words),
    }  # fmt: skip


def said(title: str, text: str) -> str:
    """What a lead says, its title first."""
    return f"{title} {text}".strip()


def _lead(
    *, district: Region, batch: Batch | None, text: str, title: str, placer: _Placer, **more: Any
) -> Lead:
    region, site, place = placer.place(said(title, text))
    doubts = list(more.pop("doubts", ()))
    if region is None and more["source"] == LeadSource.WECHAT:
        region = placer.town_of(more.get("author", ""))
        doubts += ["region_by_sender"] if region else []
    return Lead(
        id=uuid7(), district=district, batch=batch, title=title[:300], text=text,
        region=region, site=site, place=place[:200], doubts=doubts,
        **proposed(placer.judge, title, text),
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
    progress: Callable[[int], None] | None = None,
) -> tuple[int, int]:
    """Take in messages with their original times; (new, known before)."""
    now = now or timezone.now()
    placer, tz = _Placer(district), timezone.get_default_timezone()
    whose = external_source(source, district)
    known = _known(whose)
    rows, passed = [], 0
    for message in messages:
        key = message_key(message)
        if key in known:
            passed += 1
            continue
        known.add(key)
        rows.append(
            _lead(
                district=district, batch=batch, text=message.text, title=message.title,
                placer=placer, source=source, external_source=whose,
                external_id=key, author=message.author[:80],
                said_at=message.at.at(tz) if message.at else now, received_at=now,
                doubts=message.problems, doubtful=message.at is None,
            )
        )  # fmt: skip
        if progress and len(rows) % EVERY == 0:
            progress(len(rows) + passed)
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
    whose = external_source(LeadSource.WECHAT, district)
    known = dict(Lead.objects.filter(external_source=whose).values_list("external_id", "id"))
    leads: list[Lead] = []
    pictures: list[LeadPhoto] = []
    late: dict[uuid.UUID, list[Attachment]] = {}
    passed = 0
    for finding in findings:
        own = [a for i in finding.photos if (a := photos[i]) is not None]
        key = _chat_key(finding, own)
        if key in known:
            passed += 1
            late.setdefault(known[key], []).extend(own)
            continue
        lead = _lead(
            district=district, batch=batch, text=finding.text, title="", placer=placer,
            source=LeadSource.WECHAT, external_source=whose, external_id=key,
            author=finding.sender[:80], said_at=finding.at or now, received_at=now,
            doubts=finding.doubtful, doubtful=bool(finding.doubtful),
        )  # fmt: skip
        known[key] = lead.id
        leads.append(lead)
        pictures += [LeadPhoto(lead=lead, attachment=a, order=n) for n, a in enumerate(own)]
    with transaction.atomic():
        copy_in(leads)
        copy_in([*pictures, *_late_photos(late)])
    return leads, passed


def _late_photos(late: dict[uuid.UUID, list[Attachment]]) -> list[LeadPhoto]:
    """Photos dropped after their chat was: they join the waiting leads that have none."""
    bare = Lead.objects.filter(pk__in=late, state=Lead.State.WAITING, photos__isnull=True)
    ids = bare.values_list("id", flat=True)
    return [LeadPhoto(lead_id=i, attachment=a, order=n) for i in ids for n, a in enumerate(late[i])]


def propose_again() -> int:
    """Propose anew for the waiting leads, newest first, with what was learnt; how many changed."""
    made, changed = judge(), []
    waiting = Lead.objects.filter(state=Lead.State.WAITING).only("title", "text", *PROPOSED)
    for lead in waiting.order_by("-said_at", "-id")[:MOST_AGAIN].iterator(EVERY):
        new = proposed(made, lead.title, lead.text)
        if any(getattr(lead, name) != value for name, value in new.items()):
            for name, value in new.items():
                setattr(lead, name, value)
            changed.append(lead)
    for start in range(0, len(changed), EVERY):
        _repropose(changed[start : start + EVERY])
    return len(changed)


@transaction.atomic
def _repropose(leads: list[Lead]) -> None:
    """Only those that nobody decided meanwhile."""
    keys = [lead.pk for lead in leads]
    free = Lead.objects.select_for_update(skip_locked=True).filter(
        pk__in=keys, state=Lead.State.WAITING
    )
    held = set(free.values_list("pk", flat=True))
    Lead.objects.bulk_update([lead for lead in leads if lead.pk in held], PROPOSED)


def count_known(messages: Iterable[CitizenMessage], source: str, district: Region) -> int:
    """How many of the messages are in the pool already."""
    known = _known(external_source(source, district))
    return sum(1 for message in messages if message_key(message) in known)


def external_source(source: str, district: Region) -> str:
    """Ids are told apart by where they come from and whose they are."""
    return f"{source}:{district.id.hex}"


def _known(whose: str) -> set[str]:
    return set(Lead.objects.filter(external_source=whose).values_list("external_id", flat=True))


def message_key(message: CitizenMessage) -> str:
    """The message's own id, else one that is equal for an equal message."""
    if is_own_id(message.external_id):
        return message.external_id[:80]
    said = "|".join((message.author, message.at_raw, message.title, message.text))
    return f"#{uuid.uuid5(uuid.NAMESPACE_OID, said).hex}"


def _chat_key(finding: ChatFinding, photos: Sequence[Attachment]) -> str:
    """The same message dropped twice has the same key; a bare photo is known by its content."""
    when = finding.at.isoformat() if finding.at else ""
    shown = [] if finding.text and when else [str(a.blob_id) for a in photos]
    said = "|".join((when, finding.sender, finding.text, *shown))
    return uuid.uuid5(uuid.NAMESPACE_OID, said).hex
