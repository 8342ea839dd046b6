"""Recording a look at a site and what was found there; sealed while its plan is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim, refusing_when_busy
from weicheng.inspections.acts.teams import is_own_stop
from weicheng.inspections.hidden_rounds import hidden_round
from weicheng.inspections.models import Found, Guest, Plan, Stop, Visit
from weicheng.inspections.nearby import same_matter
from weicheng.inspections.permissions import may_check_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.sheets import Sheets
from weicheng.inspections.words import SOURCE_OF_PLAN, PlanKind, PlanState, VisitOutcome
from weicheng.journal.ids import derived
from weicheng.people.models import Post
from weicheng.problems import acts as problem_acts
from weicheng.problems.who import Behalf

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.people.models import Person, Unit, User
    from weicheng.places.models import Region, Site
    from weicheng.standards.models import ProblemKind

#: Received so long after it happened, a fact is marked 迟报.
LATE = timedelta(hours=24)


@dataclass(frozen=True)
class Reported:
    """How a fact came to us: device time with its offset (device minus server, seconds), through
    which channel, and on whose behalf (代录) a paper was typed."""

    occurred_at: datetime | None = None
    offset_seconds: int | None = None
    channel: str = "phone"
    for_person: Person | None = None
    now: datetime | None = None

    def moments(self) -> tuple[datetime, datetime]:
        """(when it happened by server time, when it was received). A device from the future
        counts as now."""
        received = self.now or timezone.now()
        told = self.occurred_at or received
        true = told - timedelta(seconds=self.offset_seconds or 0)
        return min(true, received), received


@dataclass(frozen=True)
class Look:
    """What was seen on one site. Checks that are in none of the three lists passed.

    ``photos_listed``: SHA-256 (hex) of every photo the phone holds for this visit, so that the
    server can say how many are still missing. ``plan`` without a stop is a visit beside the route.
    """

    site: Site
    failed: Sequence[str] = ()
    not_applicable: Sequence[str] = ()
    unseen: Sequence[str] = ()
    bands: Mapping[str, float] = field(default_factory=dict)
    stop: Stop | None = None
    plan: Plan | None = None
    closed: bool = False
    note: str = ""
    photos: Sequence[Attachment] = ()
    photos_listed: Sequence[str] = ()

    def body(self) -> dict[str, Any]:
        """What makes a request the same request; photos count by the list of their hashes."""
        return {
            "site": self.site.pk, "failed": sorted(self.failed), "na": sorted(self.not_applicable),
            "unseen": sorted(self.unseen), "bands": dict(self.bands),
            "stop": self.stop.pk if self.stop else None,
            "plan": self.plan.pk if self.plan else None,
            "closed": self.closed, "note": self.note, "listed": sorted(self.photos_listed),
        }  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing found: a kind at a site or a place, with its photos and one position fix."""

    kind: ProblemKind
    site: Site | None = None
    region: Region | None = None
    place: str = ""
    words: str = ""
    severity: str = ""
    check_key: str = ""
    visit: Visit | None = None
    plan: Plan | None = None
    photos: Sequence[Attachment] = ()
    photos_listed: Sequence[str] = ()
    voice: Attachment | None = None
    position: tuple[float, float, float | None] | None = None
    corrected: tuple[float, float] | None = None

    def body(self) -> dict[str, Any]:
        """What makes a request the same request."""
        return {
            "kind": self.kind.pk, "site": self.site.pk if self.site else None,
            "region": self.region.pk if self.region else None, "place": self.place,
            "words": self.words, "severity": self.severity, "check": self.check_key,
            "visit": self.visit.pk if self.visit else None,
            "plan": self.plan.pk if self.plan else None, "listed": sorted(self.photos_listed),
        }  # fmt: skip


def _round_of(by: User, told: Reported, region: Region, site: Site | None) -> Plan | None:
    """The hidden round that a phone's fact without a plan belongs to: it must not give it away.
    Sites that the person may not check in the round are everyday work beside it."""
    person = told.for_person or by.person
    if told.channel != "phone" or person is None:
        return None
    plan = hidden_round(person, region, told.moments()[0])
    return None if site is not None and is_own_stop(plan, site, person) else plan


def outcome_of(look: Look) -> str:
    """The outcome that the answers add up to."""
    if look.closed:
        return VisitOutcome.CLOSED
    return VisitOutcome.FAIL if look.failed else VisitOutcome.PASS


@transaction.atomic
def record_visit(*, by: User, look: Look, op_id: UUID, reported: Reported | None = None) -> Visit:
    """One look at one site. The same ``op_id`` again answers with the same visit.

    Raises Refused, journal.once.ForeignOperation. A visit is never changed afterwards.
    """
    told = reported or Reported()
    happened, received = told.moments()
    plan = look.plan or (look.stop.plan if look.stop else None)
    if not may_check_in(by, look.site.region, plan):
        raise Refused("other_place", site=look.site.name)
    plan = plan or _round_of(by, told, look.site.region, look.site)
    fresh = claim(
        by=by, act="record_visit", body=look.body(), op_id=op_id, now=received,
        occurred_at=happened, offset_seconds=told.offset_seconds, behalf=told.for_person,
        channel="paper" if told.channel == "paper" else "",
    )  # fmt: skip
    if not fresh:
        return Visit.objects.get(operation=op_id)
    sheets = Sheets(only=look.site.site_type_id)
    sheets.check(look)
    person = told.for_person or by.person
    plan = _standing(plan)
    if person is None or (plan is not None and plan.state == PlanState.DROPPED):
        raise Refused("not_yours")
    if is_own_stop(plan, look.site, person):
        raise Refused("own_stop", site=look.site.name, person=person.name)
    visit = Visit.objects.create(
        site=look.site, site_type=look.site.site_type_id, plan=plan, stop=look.stop,
        inspector=person, unit=unit_of(by, person), outside=is_outside(person, plan),
        channel=told.channel, outcome=outcome_of(look), failed=sorted(look.failed),
        not_applicable=sorted(look.not_applicable), unseen=sorted(look.unseen),
        bands=dict(look.bands), edition=sheets.edition, sheet_version=sheets.version,
        photos_listed=list(look.photos_listed), note=look.note, blind=is_second(look.stop, person),
        sealed=plan is not None and plan.hidden, late=received - happened > LATE,
        occurred_at=happened, received_at=received, offset_seconds=told.offset_seconds,
        operation=op_id,
    )  # fmt: skip
    visit.photos.set(look.photos)
    _start(plan)
    return visit


def _standing(plan: Plan | None) -> Plan | None:
    """The plan as it stands. While it may be sealed its row is held until we have committed, as
    the release holds it: what is recorded beside a release comes before it or finds it done.
    Raises Refused when the release takes long."""
    if plan is None or plan.state == PlanState.RELEASED:
        return plan
    rows = Plan.objects.filter(pk=plan.pk)
    sealing = not plan.open or plan.guests.exists()
    with refusing_when_busy():
        return rows.select_for_update(no_key=True).get() if sealing else rows.get()


def _guest(person: Person, plan: Plan | None) -> Guest | None:
    if plan is None:
        return None
    return Guest.objects.filter(plan=plan, user__person=person).first()


def is_outside(person: Person, plan: Plan | None) -> bool:
    """Whether this person looks as an outside assessor: a guest of the plan who belongs to no unit
    of ours."""
    guest = _guest(person, plan)
    return guest is not None and guest.home_id is None


def unit_of(by: User, person: Person) -> Unit | None:
    """The unit in which the person who looked works."""
    if person.pk == by.person_id:
        return next(iter(by.working_units()), None)
    today = timezone.localdate()
    posts = person.posts.filter(sort=Post.Sort.WORKING).select_related("unit")
    return next((post.unit for post in posts if post.in_force(today)), None)


def is_second(stop: Stop | None, person: Person) -> bool:
    """Whether this person looks at the stop as the second, blind team."""
    second = stop.second_team if stop is not None else None
    return second is not None and second.members.filter(person=person).exists()


def _start(plan: Plan | None) -> None:
    if plan is not None and plan.state == PlanState.LOCKED:
        type(plan).objects.filter(pk=plan.pk, state=PlanState.LOCKED).update(
            state=PlanState.RUNNING
        )


@transaction.atomic
def record_finding(
    *, by: User, finding: Finding, op_id: UUID, reported: Reported | None = None
) -> Found:
    """One thing found. Open findings become problems at once; sealed ones, and those of people
    from elsewhere, at the release.

    Raises Refused, problems.refusals.Refused, journal.once.ForeignOperation.
    """
    told = reported or Reported()
    happened, received = told.moments()
    plan = finding.plan or (finding.visit.plan if finding.visit else None)
    region = _allowed(by, finding, plan)
    fresh = claim(
        by=by, act="record_finding", body=finding.body(), op_id=op_id, now=received,
        occurred_at=happened, offset_seconds=told.offset_seconds, behalf=told.for_person,
        channel="paper" if told.channel == "paper" else "",
    )  # fmt: skip
    if not fresh:
        return Found.objects.get(operation=op_id)
    person = told.for_person or by.person
    if person is None:
        raise Refused("not_yours")
    plan = _standing(plan or _round_of(by, told, region, finding.site))
    sealed = _is_sealed(by, person, plan)
    found = Found.objects.create(
        visit=finding.visit, site=finding.site, region=region, plan=plan, kind=finding.kind,
        check_key=finding.check_key, severity=finding.severity, place=finding.place,
        words=finding.words, voice=finding.voice, photos_listed=list(finding.photos_listed),
        **_position(finding), inspector=person, by=by, on_paper=told.channel == "paper",
        sealed=sealed, late=received - happened > LATE, occurred_at=happened,
        received_at=received, offset_seconds=told.offset_seconds, operation=op_id,
    )  # fmt: skip
    found.photos.set(finding.photos)
    if not found.sealed:
        file_found(found, photos=finding.photos, now=received)
    _start(plan)
    return found


def _position(finding: Finding) -> dict[str, float | None]:
    """The columns of the fix at the shutter and of the place set right by hand beside it."""
    at, hand = finding.position or (None, None, None), finding.corrected or (None, None)
    return {
        "latitude": at[0], "longitude": at[1], "accuracy_m": at[2],
        "corrected_latitude": hand[0], "corrected_longitude": hand[1],
    }  # fmt: skip


def _is_sealed(by: User, person: Person, plan: Plan | None) -> bool:
    """Whether a finding waits for the release: on a hidden plan, and a guest's, who may not file
    problems. After the release the office files what a guest still had. Raises Refused."""
    if plan is None or _guest(person, plan) is None:
        return plan is not None and plan.hidden
    if plan.state != PlanState.RELEASED:
        return True
    if by.person_id == person.pk:
        raise Refused("guest_too_late")
    return False


def _allowed(by: User, finding: Finding, plan: Plan | None) -> Region:
    """The region of a finding, when this person may report there. Raises Refused."""
    region = finding.region or (finding.site.region if finding.site else None)
    if region is None or not (finding.site or finding.place.strip()):
        raise Refused("need_place")
    if not may_check_in(by, region, plan):
        raise Refused("other_place", site=finding.place or region.name)
    return region


def file_found(
    found: Found,
    *,
    photos: Sequence[Attachment] | None = None,
    now: datetime | None = None,
    by: User | None = None,
) -> Found:
    """Make a problem of a finding, once; a like one near by (30 m, same kind, 2 h) is proposed for
    merging, never merged by itself. ``photos``: all of them, when the caller has them; ``by``:
    who files it for the inspector, when that is not the inspector's own account (a release)."""
    if found.problem_id is not None:
        return found
    where = _place_of(found)
    found.near = same_matter(found, where)
    kind = PlanKind(found.plan.kind) if found.plan else PlanKind.DAILY
    behalf, by = None, by or found.by
    if by.person_id != found.inspector_id:
        behalf = Behalf(person=found.inspector, channel="paper")
    found.problem = problem_acts.file(
        finding=problem_acts.Finding(
            kind=found.kind, region=found.region, site=found.site, place=found.place,
            description=found.words, source=SOURCE_OF_PLAN[kind], severity=found.severity,
            found_at=found.occurred_at, latitude=where[0], longitude=where[1],
            photos=list(photos if photos is not None else found.photos.all()),
        ),
        by=by, op_id=derived(found.operation, "problem"), on_behalf_of=behalf, now=now,
        occurred_at=found.occurred_at, device_offset_seconds=found.offset_seconds,
    )  # fmt: skip
    found.sealed = False
    found.save(update_fields=["problem", "near", "sealed"])
    return found


def _place_of(found: Found) -> tuple[float | None, float | None]:
    if found.corrected_latitude is not None:
        return found.corrected_latitude, found.corrected_longitude
    return found.latitude, found.longitude
