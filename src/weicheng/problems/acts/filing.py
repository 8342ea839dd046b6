"""Filing what was found, correcting it, declining it, voiding it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.journal.ids import uuid7
from weicheng.places.positions import learn_position
from weicheng.problems import clocks, door, life, routing
from weicheng.problems.acts.working import Duty, assign
from weicheng.problems.models import Event, Photo, Problem
from weicheng.problems.numbers import Number, take
from weicheng.problems.parties import Answers, answers, first_parties
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import may_file
from weicheng.problems.who import Acting, Behalf, Who, acting
from weicheng.problems.words import FROM_ABOVE, DeclineReason, Source
from weicheng.standards.models import QuantityUnit

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.places.models import Region, Site
    from weicheng.standards.models import ProblemKind


@dataclass(frozen=True)
class Finding:
    """What somebody found: where, what kind, how much, and the pictures of it.

    ``region`` may be left out when a site is given; ``severity`` and ``quantity_unit`` default to
    the kind's. Positions are WGS84 degrees. ``external`` is (source, id) of the office's own list.
    """

    kind: ProblemKind
    place: str = ""
    region: Region | None = None
    site: Site | None = None
    description: str = ""
    source: str = Source.SELF
    severity: str = ""
    quantity: Decimal | None = None
    quantity_unit: str = ""
    found_at: datetime | None = None
    photos: Sequence[Attachment] = ()
    latitude: float | None = None
    longitude: float | None = None
    external: tuple[str, str] = ("", "")
    finder: Behalf | None = field(default=None)

    def body(self) -> dict[str, Any]:
        """What an equal request repeats."""
        return {
            "kind": self.kind.pk, "place": self.place, "description": self.description,
            "region": self.region.id if self.region else None,
            "site": self.site.id if self.site else None,
            "source": self.source, "severity": self.severity, "quantity": self.quantity,
            "found_at": self.found_at, "external": self.external,
            "photos": photo_hashes(self.photos),
        }  # fmt: skip


def photo_hashes(photos: Sequence[Attachment]) -> list[str]:
    """Photos by content, so that a repeated upload of the same bytes is the same request."""
    return [str(p.blob_id) for p in photos]


def file(*, finding: Finding, number: Number | None = None, **who: Unpack[Who]) -> Problem:
    """File a problem. It gets its number now; a kind marked 直派 goes straight to its unit."""
    with _filing("file", finding, number, who) as step:
        if step.replayed:
            return step.problem
        if finding.kind.direct and finding.finder is None:
            _send_directly(step)
    return step.problem


def _send_directly(step: door.Step) -> None:
    """直派: to whom the rules propose, unless only the office itself is left to name."""
    offer = routing.read(step.problem.proposal)
    if offer is None or offer.lead is None or offer.last_resort:
        return
    timed = clocks.start(step, None)
    more = {
        "person": str(offer.person) if offer.person else None, "verifier": offer.verifier,
        "condition": step.problem.condition, **timed.started(),
    }  # fmt: skip
    assign(
        step, act="dispatch", lead=offer.lead, due_at=timed.due_at, direct=True, data=more,
        duties=[Duty(unit, part) for unit, part in offer.others],
    )  # fmt: skip


def fix_on_spot(*, finding: Finding, after: Sequence[Attachment], **who: Unpack[Who]) -> Problem:
    """即查即改: found and fixed at once. A credit, not a stain; it waits for another's pass."""
    with _filing("fix_on_spot", finding, None, who, photo_hashes(after)) as step:
        if step.replayed:
            return step.problem
        if not after:
            raise Refused("need_photo_after")
        one = step.one
        data = {
            "unit": str(one.unit.id) if one.unit else None,
            "person": str(one.person.id) if one.person else None,
            "day": timezone.localdate(step.now).isoformat(),
        }
        step.record(data, photos=after, stage=Photo.Stage.AFTER)
    return step.problem


def adopt(
    *, finding: Finding, data: dict[str, Any], number: Number | None = None, **who: Unpack[Who]
) -> Problem:
    """File a problem of the office's own ledger with the state that the ledger claims.

    ``data``: status, and where known lead, due_at, dispatched_at, handed_in_at, closed_at (ISO)
    and outcome. Adopted problems are over-sampled for a second look.
    """
    with _filing("file", finding, number, who, data) as step:
        if not step.replayed:
            step.record(data, act="adopt")
            if data.get("lead"):
                step.parties = {**(step.parties or {}), UUID(data["lead"]): "lead"}
    return step.problem


class _filing:
    """The door for a problem that does not exist yet."""

    def __init__(
        self, act: str, finding: Finding, number: Number | None, who: Who, extra: Any = None
    ) -> None:
        self.act, self.finding, self.number, self.who, self.extra = act, finding, number, who, extra
        self.now = who.get("now") or timezone.now()

    def __enter__(self) -> door.Step:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        try:
            self.step = self._begin()
        except BaseException as error:
            self._atomic.__exit__(type(error), error, error.__traceback__)
            raise
        return self.step

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is not None:
            self._atomic.__exit__(kind, error, trace)
            return
        try:
            if not self.step.replayed:
                door.finish(self.step)
        except BaseException as failed:
            self._atomic.__exit__(type(failed), failed, failed.__traceback__)
            raise
        self._atomic.__exit__(None, None, None)

    def _begin(self) -> door.Step:
        finding, who = self.finding, self.who
        region = region_of(finding)
        body = {**finding.body(), "extra": self.extra}
        fresh = door.claim(self.act, body=body, who=who, now=self.now)
        behalf = who.get("on_behalf_of") or finding.finder
        one = acting(who["by"], behalf, timezone.localdate(self.now))
        if not fresh:
            event = (
                Event.objects.select_related("problem__kind", "problem__region")
                .filter(operation_id=who["op_id"])
                .order_by("seq")[0]
            )
            return _step(self, one, event.problem, replayed=True)
        _complete(finding)
        refused = may_file(one, list(region.ancestors))
        if refused is not None:
            raise refused
        known = answers(kind=finding.kind, region=region.id, site=finding.site)
        problem = new_problem(finding, one, now=self.now, number=self.number, known=known)
        step = _step(self, one, problem, replayed=False)
        step.is_new = True
        step.parties = first_parties(region.id, known, problem.finder_unit)
        step.record(first_fact(problem), act="file", photos=finding.photos, stage="before")
        _learn_position(finding)
        return step


def _step(self: _filing, one: Acting, problem: Problem, *, replayed: bool) -> door.Step:
    return door.Step(
        act=self.act,
        op_id=self.who["op_id"],
        one=one,
        problem=problem,
        now=self.now,
        occurred_at=self.who.get("occurred_at") or self.finding.found_at or self.now,
        state=life.State(),
        replayed=replayed,
    )


def region_of(finding: Finding) -> Region:
    """The smallest known region of a finding."""
    region = finding.region or (finding.site.region if finding.site else None)
    if region is None:
        raise Refused("need_place")
    return region


def position_of(finding: Finding) -> tuple[float | None, float | None]:
    """Where it is: as said, as the first located photo says, else as the site lies."""
    if finding.latitude is not None:
        return finding.latitude, finding.longitude
    at = next((p for p in finding.photos if p.latitude is not None), None)
    if at is not None:
        return at.latitude, at.longitude
    site = finding.site
    return (site.latitude, site.longitude) if site is not None else (None, None)


def _learn_position(finding: Finding) -> None:
    """A site without a position learns it from the first located photo taken there."""
    site = finding.site
    if site is None or site.latitude is not None:
        return
    at = next((p for p in finding.photos if p.latitude is not None), None)
    if at is not None and at.latitude is not None and at.longitude is not None:
        learn_position(site, at.latitude, at.longitude)


def _complete(finding: Finding) -> None:
    if not (finding.place or finding.site):
        raise Refused("need_place")


def new_problem(
    finding: Finding,
    one: Acting,
    *,
    now: datetime,
    number: Number | None,
    known: Answers,
    offer: dict[str, Any] | None = None,
) -> Problem:
    """The row of a found problem (not saved), numbered, with its three answers and its proposal."""
    kind, site, region = finding.kind, finding.site, region_of(finding)
    severity = finding.severity or kind.severity
    offer = offer or offer_for(finding, known, now)
    position = position_of(finding)
    problem = Problem(
        id=uuid7(),
        kind=kind, region=region, site=site,
        place=finding.place or (site.name if site else region.name),
        description=finding.description,
        source=finding.source,
        severity=severity,
        level=kind.verification_for(severity, from_above=finding.source in FROM_ABOVE),
        quantity=finding.quantity,
        quantity_unit=finding.quantity_unit or str(QuantityUnit(kind.unit).label),
        latitude=position[0], longitude=position[1],
        finder=one.person, finder_unit=one.unit,
        external_source=finding.external[0], external_id=finding.external[1],
        found_at=finding.found_at or now, filed_at=now,
        territory_unit=known.territory or known.community,
        bureau_unit=known.bureau, sponsor_unit=known.sponsor, proposal=offer,
    )  # fmt: skip
    number = number or take(region.id, timezone.localdate(now))
    problem.number, problem.number_region_id = number.text, number.region
    problem.number_day, problem.number_seq = number.day, number.seq
    return problem


def offer_for(finding: Finding, known: Answers, now: datetime) -> dict[str, Any]:
    """Who is proposed for a find, as it is kept with the problem."""
    facts = routing.Facts(
        kind=finding.kind, region=region_of(finding).id, site=finding.site,
        severity=finding.severity or finding.kind.severity, source=finding.source,
        day=timezone.localdate(now), known=known,
    )  # fmt: skip
    return routing.kept(routing.proposed(facts))


def first_fact(problem: Problem) -> dict[str, Any]:
    """The data of the first event of a problem."""
    return {
        "kind": problem.kind_id,
        "region": str(problem.region_id),
        "site": str(problem.site_id) if problem.site_id else None,
        "severity": problem.severity,
        "level": problem.level,
        "source": problem.source,
        "number": problem.number,
    }


@dataclass(frozen=True)
class Correction:
    """What is corrected of a filed problem; empty fields stay as they are."""

    kind: ProblemKind | None = None
    region: Region | None = None
    site: Site | None = None
    place: str = ""
    description: str = ""
    severity: str = ""
    requirement: str = ""

    def changes(self) -> dict[str, Any]:
        """The changes of state, as an event holds them."""
        found: dict[str, Any] = {}
        if self.kind is not None:
            found["kind"] = self.kind.pk
        where = self.region or (self.site.region if self.site else None)
        if where is not None:
            found["region"] = str(where.id)
            found["site"] = str(self.site.id) if self.site else None
        if self.severity:
            found["severity"] = self.severity
        return found

    def words(self) -> dict[str, str]:
        """The corrected words by column."""
        given = {
            "place": self.place, "description": self.description, "requirement": self.requirement,
        }  # fmt: skip
        return {name: text for name, text in given.items() if text}


def amend(*, problem: Problem, correction: Correction, **who: Unpack[Who]) -> Problem:
    """Correct what was filed: kind, place, severity, words. The number stays."""
    changes, words = correction.changes(), correction.words()
    with door.enter("amend", problem=problem, body={"changes": changes, **words}, who=who) as step:
        if step.replayed:
            return step.problem
        row = step.problem
        for name, text in words.items():
            setattr(row, name, text)
        row.kind = correction.kind or row.kind
        level = row.kind.verification_for(
            correction.severity or row.severity, from_above=row.source in FROM_ABOVE
        )
        said = " ".join(words.values())
        step.record({"changes": {**changes, "level": level}}, words=said)
        _answer_again(step, correction.site if "site" in changes else row.site)
        row.search = door.search_vector(row)
    return step.problem


def _answer_again(step: door.Step, site: Site | None) -> None:
    """The three answers and the proposal anew for the corrected kind, place and severity.

    Whoever leads it already goes on leading it.
    """
    row, region = step.problem, UUID(step.state.region)
    known = answers(kind=row.kind, region=region, site=site)
    facts = routing.Facts(
        row.kind, region, site, step.state.severity, row.source, timezone.localdate(step.now), known
    )
    row.proposal = routing.kept(routing.proposed(facts))
    row.territory_unit = known.territory or known.community
    row.bureau_unit, row.sponsor_unit = known.bureau, known.sponsor
    parties = first_parties(region, known, row.finder_unit)
    step.parties = door.parties_with_obligations(row, parties)


def decline(*, problem: Problem, reason: str, words: str = "", **who: Unpack[Who]) -> Problem:
    """不予受理, with a typed reason."""
    body = {"reason": reason, "words": words}
    with door.enter("decline", problem=problem, body=body, who=who) as step:
        if not step.replayed:
            if reason not in DeclineReason.values:
                raise Refused("need_reason")
            person = str(step.one.person.id) if step.one.person else None
            step.record({"reason": reason, "by_person": person}, words=words)
    return step.problem


def void(*, problem: Problem, words: str, **who: Unpack[Who]) -> Problem:
    """作废: out of every list and count; the number is kept."""
    with door.enter("void", problem=problem, body={"words": words}, who=who) as step:
        if not step.replayed:
            if not words.strip():
                raise Refused("need_words")
            step.record({}, words=words)
    return step.problem
