"""The one door through which every act on a problem goes: lock, ask the rules, append, project."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from weicheng.journal import once, outbox
from weicheng.journal.together import Together
from weicheng.people.directory import directory
from weicheng.problems import life, tallies
from weicheng.problems.catalogue import kinds
from weicheng.problems.models import Event, Obligation, Photo, Problem, Remark, Voice
from weicheng.problems.parties import BY_REGION, admit, relations_of, strongest
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import refusal
from weicheng.problems.texts import fingerprint, vector
from weicheng.problems.who import Acting, acting
from weicheng.problems.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from weicheng.evidence.models import Attachment
    from weicheng.problems.who import Who

MAX_PHOTOS = 9
#: Obligations of cable cases, made line by line by ``classify_line``.
CABLE_KEYS = frozenset({"lines_judged", "live_lines_on"})


@dataclass
class Step:
    """One act in the making. ``record`` appends its events; the door writes them on leaving."""

    act: str
    op_id: UUID
    one: Acting
    problem: Problem
    now: datetime
    occurred_at: datetime
    state: life.State
    replayed: bool = False
    is_new: bool = False
    events: list[Event] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    parties: dict[UUID, str] | None = None
    before: life.State = field(default_factory=life.State)
    duties: list[Obligation] = field(default_factory=list)
    was: dict[str, Any] = field(default_factory=dict)
    beside: Step | None = None

    def record(
        self,
        data: dict[str, Any],
        *,
        act: str | None = None,
        words: str = "",
        photos: Sequence[Attachment] = (),
        stage: str = Photo.Stage.OTHER,
    ) -> Event:
        """Append one event and move the state on; words and photos are kept beside it."""
        act = act or self.act
        if len(photos) > MAX_PHOTOS:
            raise Refused("too_many_photos")
        if words:
            data = {**data, "words": fingerprint(words)}
        event = Event(
            problem=self.problem,
            seq=self.problem.version + len(self.events) + 1,
            operation_id=self.op_id,
            act=act,
            person=self.one.person.id if self.one.person else None,
            unit=self.one.unit.id if self.one.unit else None,
            occurred_at=self.occurred_at,
            recorded_at=self.now,
            data=data,
        )
        self.events.append(event)
        self.state = life.evolve(self.state, act, data, self.now)
        if words:
            self.remarks.append(Remark(event=event, text=words))
        for attachment in photos:
            self.photos.append(
                Photo(problem=self.problem, event=event, attachment=attachment, stage=stage)
            )
            self._show(attachment, stage)
        return event

    def _show(self, attachment: Attachment, stage: str) -> None:
        if stage == Photo.Stage.BEFORE and self.problem.before_photo_id is None:
            self.problem.before_photo = attachment
        if stage == Photo.Stage.AFTER:
            self.problem.after_photo = attachment


#: State fields and the columns that show them.
COLUMNS = {
    "kind": "kind_id", "region": "region_id", "site": "site_id",
    "lead_unit": "lead_unit_id", "closed_by": "closed_by_id", "person": "person_id",
    "settler_unit": "settler_unit_id", "merged_into": "merged_into_id",
}  # fmt: skip
IDS = frozenset(
    {"region", "site", "lead_unit", "closed_by", "person", "settler_unit", "merged_into"}
)


def project(problem: Problem, state: life.State) -> None:
    """Write a state into the row's columns (not saved)."""
    for name in life.State.__dataclass_fields__:
        value = getattr(state, name)
        if name in IDS and value is not None:
            value = UUID(value)
        if name == "fixes":
            value = list(value)
        setattr(problem, COLUMNS.get(name, name), value)


def state_of(problem: Problem) -> life.State:
    """The state that the row's columns show."""
    values: dict[str, Any] = {}
    for name in life.State.__dataclass_fields__:
        value = getattr(problem, COLUMNS.get(name, name))
        if name in IDS and value is not None:
            value = str(value)
        values[name] = tuple(value) if name == "fixes" else value
    return life.State(**values)


@contextmanager
def enter(
    act: str, *, problem: Problem, body: dict[str, Any], who: Who, beside: UUID | None = None
) -> Iterator[Step]:
    """An act on a problem that exists. The body of the ``with`` records; leaving it writes.

    ``beside``: another problem that the act touches too; both are locked in the order of ids.
    """
    now = who.get("now") or timezone.now()
    with once.refusing_when_busy(Refused), transaction.atomic():
        one = acting(who["by"], who.get("on_behalf_of"), timezone.localdate(now))
        fresh = claim(act, body={**body, "problem": problem.id}, who=who, now=now)
        rows = {i: _locked(i) for i in sorted({problem.id, *([beside] if beside else [])})}

        def step_on(row: Problem) -> Step:
            found = Step(
                act=act, op_id=who["op_id"], one=one, problem=row, now=now,
                occurred_at=who.get("occurred_at") or now, state=state_of(row),
                replayed=not fresh, was=dict(row.__dict__),
            )  # fmt: skip
            found.before = found.state
            return found

        step = step_on(rows[problem.id])
        if beside is not None:
            step.beside = step_on(rows[beside])
        if fresh:
            refused = refusal(act, one, step.problem, now=now)
            if refused is not None:
                raise refused
        yield step
        if fresh:
            finish(step)
            if step.beside is not None:
                finish(step.beside)


def claim(act: str, *, body: dict[str, Any], who: Who, now: datetime) -> bool:
    """Whether this op_id is new; an op_id of somebody else does not exist for the asker."""
    behalf = who.get("on_behalf_of")
    try:
        return once.begin(
            op_id=who["op_id"],
            actor=who["by"].id,
            act=act,
            body=body,
            behalf_person=behalf.person.id if behalf and behalf.person else None,
            behalf_unit=behalf.unit.id if behalf and behalf.unit else None,
            channel=behalf.channel if behalf else "",
            occurred_at=who.get("occurred_at") or now,
            recorded_at=now,
            device_offset_seconds=who.get("device_offset_seconds"),
        )
    except once.OtherBody as error:
        raise Refused("op_reused") from error
    except once.ForeignOperation as error:
        raise ObjectDoesNotExist from error


def _locked(problem: UUID) -> Problem:
    """The row under lock, with what the rules ask of it taken from memory where it is there."""
    row = Problem.objects.select_for_update().defer("search").get(pk=problem)
    book, kind = directory(), kinds().get(row.kind_id)
    if kind is not None:
        row.kind = kind
    if row.region_id in book.regions:
        row.region = book.regions[row.region_id]
    for name in ("lead_unit", "territory_unit", "bureau_unit", "finder_unit", "settler_unit"):
        unit = book.units.get(getattr(row, f"{name}_id"))
        if unit is not None:
            setattr(row, name, unit)
    prefetch_related_objects([row], "obligations")
    return row


def finish(step: Step) -> None:
    """Write the events and their projection, move the lists and the tallies, leave the news."""
    problem = step.problem
    if not step.events:
        return
    project(problem, step.state)
    problem.version += len(step.events)
    problem.changed_at = step.now
    writes = Together()
    if step.is_new:
        problem.search = search_vector(problem)
        writes.insert([problem])
    else:
        writes.update(problem, step.was)
    for rows in (step.events, step.remarks, step.photos, step.duties):
        writes.insert(rows)
    was, due = step.before.due_at, step.state.due_at
    if not step.is_new and was is not None and due is not None and was != due:
        writes.add(_DUE, [due, problem.id, was])
    if step.before.asking and not step.state.asking:
        writes.add(_DROP, [step.now, step.op_id, problem.id])
    _move(step, writes)
    writes.send()
    problem._state.adding = False
    outbox.publish(
        topic="problem",
        payload={"problem": str(problem.id), "acts": [e.act for e in step.events]},
        operation=step.op_id,
        now=step.now,
    )


#: The fix is owed when the problem is due, by all that owed it by then.
_DUE = (
    "UPDATE problems_obligation SET due_at = %s "
    "WHERE problem_id = %s AND due_at = %s AND sort = 'main' AND state <> 'waived'"
)
#: A request that nobody answered ends with what it was about; an answered one waits no longer.
_DROP = (
    "UPDATE problems_request SET state = 'dropped', decided_at = %s, ended_operation = %s "
    "WHERE problem_id = %s AND state = 'waiting'"
)


def search_vector(problem: Problem) -> str:
    """What a problem is found by, as a tsvector literal."""
    return vector(problem.number, problem.place, problem.description, problem.kind.name_zh)


def _shown(state: life.State) -> str:
    return "void" if state.voided else state.status


def _move(step: Step, writes: Together) -> None:
    """Bring the readers' lists and tallies in line with the new state."""
    old, new = _shown(step.before), _shown(step.state)
    moved = not step.is_new and old != new
    if step.parties is not None:
        held = {} if step.is_new else relations_of(step.problem.id)
        _admit(step, writes, held, new)
        changes = Counter({(scope, old): -1 for scope in held})
        for scope in step.parties:
            changes[scope, new] += 1
        tallies.move(changes, writes)
    elif moved:
        tallies.shift(step.problem.id, old, new, writes)
    if moved or (not step.is_new and step.before.due_at != step.state.due_at):
        writes.add(_RESTAMP, [new, step.state.due_at, step.problem.id])


_RESTAMP = "UPDATE problems_party SET status = %s, due_at = %s WHERE problem_id = %s"
_DISMISS = "DELETE FROM problems_party WHERE problem_id = %s AND scope = ANY(%s::uuid[])"


def _admit(step: Step, writes: Together, held: dict[UUID, str], status: str) -> None:
    parties, problem = step.parties or {}, step.problem
    gone = list(set(held) - set(parties))
    if gone:
        writes.add(_DISMISS, [problem.id, gone])
    if parties != held:
        admit(
            problem.id, parties, status=status, due_at=step.state.due_at,
            created_at=problem.filed_at, writes=writes,
        )  # fmt: skip


def parties_with_obligations(problem: Problem, base: dict[UUID, str]) -> dict[UUID, str]:
    """Those who see a problem: by place and kind, who owes something on it, and who spoke of it."""
    owed = Obligation.objects.filter(problem=problem).exclude(state=Obligation.State.WAIVED)
    return strongest([*base.items(), *owed.values_list("unit_id", "part"), *also_see(problem)])


def also_see(problem: Problem) -> list[tuple[UUID, str]]:
    """Who sees a problem besides place, kind and duty: the voices of +1, whoever found what was
    merged into it, and operators that have a line to connect; nothing is asked where there are
    none."""
    found = [
        (o.unit_id, o.part)
        for o in problem.obligations.all()
        if o.state == Obligation.State.OPEN and o.key in CABLE_KEYS
    ]
    if problem.settler_unit_id:
        found.append((problem.settler_unit_id, Part.SETTLER))
    if not problem.said_again:
        return found
    said = Voice.objects.filter(problem=problem, ended_operation=None).values_list("unit")
    merged = Problem.objects.filter(merged_into=problem).values_list("finder_unit")
    units, told = directory().units, {row[0] for row in said.union(merged)}
    heard = [units[i] for i in told if i in units and units[i].kind not in BY_REGION]
    return found + [(unit.id, Part.FINDER) for unit in heard]
