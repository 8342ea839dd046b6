"""Sending a problem to those who answer, and their work on it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from weicheng.journal.ids import uuid7
from weicheng.people.directory import directory
from weicheng.problems import clocks, door, routing
from weicheng.problems.door import CABLE_KEYS
from weicheng.problems.models import CableLine, Obligation, Parking, Photo, Problem
from weicheng.problems.parties import answers, first_parties, strongest
from weicheng.problems.refusals import Refused
from weicheng.problems.words import LEVEL_ORDER, Level, Measure, Part

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.people.models import Person, Unit
    from weicheng.problems.clocks import Timed
    from weicheng.problems.who import Who

#: One picture check in this many is drawn for a look on the spot; self-typed fixes more often.
SAMPLE_ONE_IN = 10
SAMPLE_TYPED_ONE_IN = 3


@dataclass(frozen=True)
class Duty:
    """What one more unit owes: a part in the fix, or something before or after the closing."""

    unit: Unit
    part: str = Part.RESPONSIBLE
    sort: str = Obligation.Sort.MAIN
    words: str = ""
    key: str = ""
    due_at: datetime | None = None

    def body(self) -> list[Any]:
        """What an equal request repeats."""
        return [self.unit.id, self.part, self.sort, self.words, self.due_at]


def dispatch(
    *,
    problem: Problem,
    lead: Unit | None,
    due_at: datetime | None = None,
    duties: Sequence[Duty] = (),
    requirement: str = "",
    person: Person | None = None,
    verifier: str = "",
    condition: str | None = None,
    limit: datetime | None = None,
    **who: Unpack[Who],
) -> Problem:
    """派单 (or 改派): one lead, any number of other units, each with a due time.

    Without ``due_at`` the rule's; another is kept as typed by the office. ``limit`` is a date set
    from above, which nothing may pass. ``person`` is the named person of the lead.
    """
    body = {
        "lead": lead.id if lead else None, "due_at": due_at, "requirement": requirement,
        "duties": [d.body() for d in duties], "person": person.id if person else None,
        "verifier": verifier, "condition": condition, "limit": limit,
    }  # fmt: skip
    with door.enter("dispatch", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if lead is None:
            raise Refused("need_lead")
        if requirement:
            step.problem.requirement = requirement
        if condition is not None:
            step.problem.condition = condition
        timed = clocks.start(step, due_at, limit)
        send(
            step, lead=lead, duties=duties, timed=timed, person=person, verifier=verifier,
            words=requirement,
        )  # fmt: skip
    return step.problem


def send(
    step: door.Step,
    *,
    lead: Unit,
    duties: Sequence[Duty],
    timed: Timed,
    person: Person | None = None,
    verifier: str = "",
    words: str = "",
    direct: bool = False,
) -> None:
    """Record a dispatch. The named person and the verifier are those proposed, unless chosen."""
    offer = routing.read(step.problem.proposal or {})
    named = person.id if person else None
    if offer is not None and offer.lead == lead:
        named, verifier = named or offer.person, verifier or offer.verifier
    more = {
        "person": str(named) if named else None, "verifier": verifier,
        "condition": step.problem.condition, **timed.started(),
    }  # fmt: skip
    assign(
        step, act="dispatch", lead=lead, duties=duties, due_at=timed.due_at, words=words,
        direct=direct, data=more,
    )  # fmt: skip


def assign(
    step: door.Step,
    *,
    act: str,
    lead: Unit,
    duties: Sequence[Duty],
    due_at: datetime,
    direct: bool = False,
    words: str = "",
    data: dict[str, Any] | None = None,
    handed_in: datetime | None = None,
) -> None:
    """Record who is to fix it, replace earlier fixing duties, and let the new units see it.

    ``handed_in``: it was fixed by then, and the lead's duty is only owed again when sent back.
    """
    problem = step.problem
    all_duties = [Duty(lead, Part.LEAD, due_at=due_at), *duties, *_follow_ups(problem, lead)]
    if not step.is_new:
        end_duties(step)
    fact = {
        "lead": str(lead.id), "due_at": due_at.isoformat(), "direct": direct,
        "duties": [[str(d.unit.id), d.part, d.sort] for d in all_duties], **(data or {}),
    }  # fmt: skip
    step.record(fact, act=act, words=words)
    problem.lead_unit = lead
    rows = [
        Obligation(
            id=uuid7(), problem=problem, unit=d.unit, part=d.part, sort=d.sort, words=d.words,
            key=d.key, due_at=d.due_at or due_at, operation=step.op_id,
        )
        for d in all_duties
    ]  # fmt: skip
    if handed_in is not None:
        rows[0].state, rows[0].done_at = Obligation.State.DONE, handed_in
    known = answers(kind=problem.kind, region=problem.region_id, site=problem.site)
    parties = first_parties(problem.region_id, known, problem.finder_unit)
    others = [] if step.is_new else door.also_see(problem)
    step.parties = strongest([*parties.items(), *((r.unit_id, r.part) for r in rows), *others])
    step.duties += rows


def end_duties(step: door.Step) -> None:
    """Waive the duties of the last dispatch that are still open; lines to be connected stay."""
    step.problem.obligations.filter(state=Obligation.State.OPEN).exclude(key__in=CABLE_KEYS).update(
        state=Obligation.State.WAIVED, ended_operation=step.op_id
    )
    Parking.objects.filter(problem=step.problem, ended_at=None).update(
        ended_at=step.now, ended_operation=step.op_id
    )


def _follow_ups(problem: Problem, lead: Unit) -> list[Duty]:
    """What the kind asks for besides the fix, by the unit that it names.

    The lines of a cable case make their own obligations when they are classified.
    """
    found: list[Duty] = []
    owed = problem.obligations.all() if problem.version else ()
    done = {o.key for o in owed if o.state == Obligation.State.DONE}
    for template in problem.kind.obligations:
        if template["key"] not in CABLE_KEYS | done:
            unit = _asked(template["party"], problem, lead)
            found.append(
                Duty(unit, Part.SUPPORT, template["sort"], template["zh"], template["key"])
            )
    return found


def _asked(party: str, problem: Problem, lead: Unit) -> Unit:
    """The unit that a template's party means here; the lead where there is none."""
    book = directory()
    unit = {
        "bureau": lambda: problem.bureau_unit,
        "town": lambda: problem.territory_unit,
        "police": lambda: book.named(["公安"], problem.region_id),
    }.get(party, lambda: None)()
    return unit or lead


def recall(*, problem: Problem, words: str = "", **who: Unpack[Who]) -> Problem:
    """收回: take a dispatched problem back to 待派."""
    with door.enter("recall", problem=problem, body={"words": words}, who=who) as step:
        if not step.replayed:
            end_duties(step)
            step.record({}, words=words)
            step.problem.lead_unit = None
            known = answers(
                kind=step.problem.kind, region=step.problem.region_id, site=step.problem.site
            )
            step.parties = first_parties(step.problem.region_id, known, step.problem.finder_unit)
    return step.problem


def sign(*, problem: Problem, **who: Unpack[Who]) -> Problem:
    """签收: the unit says that it has the matter."""
    with door.enter("sign", problem=problem, body={}, who=who) as step:
        if not step.replayed:
            step.record({})
    return step.problem


@dataclass(frozen=True)
class Fix:
    """The claim that a problem is fixed: measure, pictures, quantity asked once, 举一反三 counts.

    ``swept``: places of the same class looked at elsewhere; ``swept_fixed``: fixed there. May be 0.
    """

    measure: str
    photos: Sequence[Attachment] = ()
    quantity: Decimal | None = None
    swept: int | None = None
    swept_fixed: int | None = None
    words: str = ""

    def body(self) -> dict[str, Any]:
        """What an equal request repeats."""
        return {
            "measure": self.measure, "photos": [str(p.blob_id) for p in self.photos],
            "quantity": self.quantity, "swept": self.swept, "swept_fixed": self.swept_fixed,
            "words": self.words,
        }  # fmt: skip


def hand_in(*, problem: Problem, fix: Fix, **who: Unpack[Who]) -> Problem:
    """交整改. It also settles what the same unit had to do before closing, except lines to be
    connected again."""
    with door.enter("hand_in", problem=problem, body=fix.body(), who=who) as step:
        if step.replayed:
            return step.problem
        row = step.problem
        if fix.measure not in Measure.values:
            raise Refused("need_reason")
        if not fix.photos and "after" in (row.kind.proof or ["after"]):
            raise Refused("need_photo_after")
        _cables_known(row, fix.measure)
        step.record(_claim(step, fix), words=fix.words, photos=fix.photos, stage=Photo.Stage.AFTER)
        if fix.quantity is not None and row.quantity is None:
            row.quantity = fix.quantity
        row.obligations.filter(
            sort__in=[Obligation.Sort.MAIN, Obligation.Sort.HOLDING],
            state=Obligation.State.OPEN, unit=step.one.unit,
        ).exclude(key__in=CABLE_KEYS).update(
            state=Obligation.State.DONE, done_at=step.now, ended_operation=step.op_id
        )  # fmt: skip
    return step.problem


def _claim(step: door.Step, fix: Fix) -> dict[str, Any]:
    """Who claims the fix, with what, and how it will be verified."""
    one, typed = step.one, step.one.behalf is not None
    return {
        "unit": str(one.unit.id) if one.unit else None,
        "person": str(one.person.id) if one.person else None,
        "day": timezone.localdate(step.now).isoformat(),
        "measure": fix.measure, "swept": fix.swept, "swept_fixed": fix.swept_fixed,
        "quantity": str(fix.quantity) if fix.quantity is not None else None,
        "typed": typed,
        "level": _level(step.problem, len(step.problem.fixes), typed=typed),
        **clocks.handed_in(step),
    }  # fmt: skip


def _level(problem: Problem, turn: int, *, typed: bool) -> str:
    """The level of verification: a sample of picture checks, unforeseeable, goes to the spot."""
    level = Level(problem.level)
    if LEVEL_ORDER[level] > 0:
        return level
    text = f"sample:{problem.id}:{turn}".encode()
    draw = int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), text, hashlib.sha256)[:4])
    one_in = SAMPLE_TYPED_ONE_IN if typed else SAMPLE_ONE_IN
    return Level.ONSITE if draw % one_in == 0 else level


def _cables_known(problem: Problem, measure: str) -> None:
    """Cables are taken down only after each line was classified and signed."""
    needs = any(t["key"] in CABLE_KEYS for t in problem.kind.obligations)
    if needs and measure == Measure.REMOVE:
        lines = CableLine.objects.filter(problem=problem)
        if not lines or any(x.state == CableLine.State.UNKNOWN for x in lines):
            raise Refused("lines_unclassified")


def withdraw(*, problem: Problem, **who: Unpack[Who]) -> Problem:
    """撤回: the unit takes its hand-in back before anybody verified it."""
    with door.enter("withdraw", problem=problem, body={}, who=who) as step:
        if not step.replayed:
            step.record({})
            reopen_duties(step)
    return step.problem


def reopen_duties(step: door.Step) -> None:
    """The fix is owed again by the units that owed it; by the lead of now, not an earlier one."""
    fixed = step.problem.obligations.filter(sort=Obligation.Sort.MAIN, state=Obligation.State.DONE)
    earlier = Q(part=Part.LEAD) & ~Q(unit=step.problem.lead_unit_id)
    fixed.exclude(earlier).update(state=Obligation.State.OPEN, done_at=None)


def end_fixing(step: door.Step, *, fixed: bool) -> None:
    """Nobody owes the fix of a closed problem; without a fix, nothing follows it either."""
    sorts = [Obligation.Sort.MAIN] if fixed else [Obligation.Sort.MAIN, Obligation.Sort.AFTER]
    state = Obligation.State.DONE if fixed else Obligation.State.WAIVED
    step.problem.obligations.filter(sort__in=sorts, state=Obligation.State.OPEN).update(
        state=state, done_at=step.now if fixed else None, ended_operation=step.op_id
    )


def settle(
    *,
    problem: Problem,
    obligation: Obligation,
    photos: Sequence[Attachment] = (),
    words: str = "",
    **who: Unpack[Who],
) -> Problem:
    """办结一项: a line is live again, the numbers went to the police."""
    body = {"obligation": obligation.id, "photos": [str(p.blob_id) for p in photos], "words": words}
    with door.enter("settle", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        row = Obligation.objects.select_for_update().get(pk=obligation.pk, problem=step.problem)
        if row.state != Obligation.State.OPEN:
            raise Refused("already_settled")
        if step.one.unit is None or row.unit_id != step.one.unit.id:
            raise Refused("not_yours")
        row.state, row.done_at = Obligation.State.DONE, step.occurred_at
        row.proof, row.ended_operation = (photos[0] if photos else None), step.op_id
        row.save()
        step.record({"obligation": str(row.id)}, words=words, photos=photos)
    return step.problem


def remark(
    *, problem: Problem, words: str, photos: Sequence[Attachment] = (), **who: Unpack[Who]
) -> Problem:
    """附言: words and pictures that change no state."""
    body = {"words": words, "photos": [str(p.blob_id) for p in photos]}
    with door.enter("remark", problem=problem, body=body, who=who) as step:
        if not step.replayed:
            if not words.strip() and not photos:
                raise Refused("need_words")
            step.record({}, words=words, photos=photos)
    return step.problem
