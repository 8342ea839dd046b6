"""One matter in several problems: split it, merge what is the same, count who said it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack
from uuid import UUID, uuid5

from weicheng.journal.ids import uuid7
from weicheng.problems import door, life
from weicheng.problems.acts.filing import Finding, file
from weicheng.problems.acts.working import dispatch, end_fixing
from weicheng.problems.models import Event, Link, Obligation, Problem, Voice
from weicheng.problems.parties import BY_REGION, relations_of
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import holding
from weicheng.problems.who import Behalf, Who
from weicheng.problems.words import Part, Source

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.people.models import Unit
    from weicheng.standards.models import ProblemKind

MOST_PIECES = 9


@dataclass(frozen=True)
class Piece:
    """One of the problems that a problem is split into; with a lead it is dispatched at once."""

    kind: ProblemKind
    place: str
    description: str = ""
    lead: Unit | None = None
    photos: Sequence[Attachment] = ()

    def body(self) -> list[Any]:
        """What an equal request repeats."""
        lead = self.lead.id if self.lead else None
        return [self.kind.pk, self.place, self.description, lead, [str(p.pk) for p in self.photos]]


def split(
    *,
    problem: Problem,
    pieces: Sequence[Piece],
    close: bool,
    words: str = "",
    **who: Unpack[Who],
) -> list[Problem]:
    """拆分: several problems out of one. The first stays open, or is closed as split."""
    body = {"pieces": [p.body() for p in pieces], "close": close, "words": words}
    with door.enter("split", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return _pieces_of(step)
        least = 2 if close else 1
        if not least <= len(pieces) <= MOST_PIECES or not all(p.place.strip() for p in pieces):
            raise Refused("need_pieces")
        refused = holding(step.problem) if close else None
        if refused is not None:
            raise refused
        made = [_piece(step, piece, n, who) for n, piece in enumerate(pieces)]
        Link.objects.bulk_create(
            Link(problem=p, other=step.problem, sort=Link.Sort.SPLIT, at=step.now,
                 operation=step.op_id)
            for p in made
        )  # fmt: skip
        person = str(step.one.person.id) if step.one.person else None
        data = {"into": [str(p.id) for p in made], "closed": close, "by_person": person}
        step.record(data, words=words)
        if close:
            end_fixing(step, fixed=False)
    return made


def _pieces_of(step: door.Step) -> list[Problem]:
    event = Event.objects.get(operation_id=step.op_id, act="split")
    found = Problem.objects.in_bulk(event.data["into"])
    return sorted(found.values(), key=lambda p: event.data["into"].index(str(p.id)))


def _piece(step: door.Step, piece: Piece, n: int, who: Who) -> Problem:
    """File one of them in the name of whoever found the whole, and send it where it belongs."""
    row = step.problem
    finder = Behalf(unit=row.finder_unit, person=row.finder) if row.finder_unit else None
    finding = Finding(
        kind=piece.kind, place=piece.place, region=row.region, site=row.site,
        description=piece.description or row.description, source=row.source,
        found_at=row.found_at, photos=piece.photos, latitude=row.latitude,
        longitude=row.longitude, finder=finder,
    )  # fmt: skip
    mine = Who(by=who["by"], op_id=uuid5(step.op_id, f"piece {n}"), now=step.now)
    made = file(finding=finding, **mine)
    if piece.lead is None or made.status != "new":
        return made
    mine["op_id"] = uuid5(step.op_id, f"dispatch {n}")
    return dispatch(problem=made, lead=piece.lead, due_at=None, **mine)


def merge(
    *, problem: Problem, into: Problem | None, words: str = "", **who: Unpack[Who]
) -> Problem:
    """并入: this one is the same matter as another. Its reporter hears the other's answer."""
    if into is None:
        raise Refused("merge_into")
    if into.id == problem.id:
        raise Refused("merge_self")
    body = {"into": into.id, "words": words}
    with door.enter("merge", problem=problem, body=body, who=who, beside=into.id) as step:
        main = step.beside
        if step.replayed or main is None:
            return step.problem
        if main.problem.voided:
            raise Refused("merge_into")
        if main.problem.merged_into_id is not None:
            raise Refused("merged_away", number=main.problem.merged_into)
        person = str(step.one.person.id) if step.one.person else None
        step.record({"into": str(into.id), "by_person": person}, words=words)
        end_fixing(step, fixed=False)
        Link.objects.create(
            problem=step.problem, other=main.problem, sort=Link.Sort.MERGED, at=step.now,
            operation=step.op_id,
        )  # fmt: skip
        main.record({"problem": str(problem.id)}, act="take_in")
        _hear(main, _reporters(step.problem))
    return step.problem


def _reporters(problem: Problem) -> list[UUID]:
    """The units that found or said it, other than those which see by region anyway."""
    found, finder = relations_of(problem.id), problem.finder_unit
    told = [unit for unit, part in found.items() if part == Part.FINDER]
    own = [finder.id] if finder is not None and finder.kind not in BY_REGION else []
    return [*own, *told]


def _hear(step: door.Step, units: Sequence[UUID]) -> None:
    """Let these units see the problem, where they do not yet."""
    held = relations_of(step.problem.id)
    new = {unit: Part.FINDER for unit in units if unit not in held}
    if new:
        step.parties = {**held, **new}


def unmerge(*, problem: Problem, words: str = "", **who: Unpack[Who]) -> Problem:
    """拆开: it was not the same after all; it goes on exactly where it stood."""
    main = Problem.objects.filter(pk=problem.pk).values_list("merged_into", flat=True).first()
    body = {"words": words}
    with door.enter("unmerge", problem=problem, body=body, who=who, beside=main) as step:
        if step.replayed:
            return step.problem
        row, other = step.problem, step.beside
        if other is None or row.merged_into_id != other.problem.id:
            raise Refused("not_merged")
        events = list(Event.objects.filter(problem=row).order_by("seq"))
        merged = [e for e in events if e.act == "merge"][-1]
        before = life.fold(e for e in events if e.seq < merged.seq)
        state = {**life.dump(before), "said_again": step.state.said_again}
        step.record({"from": str(other.problem.id), "state": state}, words=words)
        Obligation.objects.filter(problem=row, ended_operation=merged.operation_id).update(
            state=Obligation.State.OPEN, done_at=None, ended_operation=None
        )
        Link.objects.filter(problem=row, sort=Link.Sort.MERGED, ended_at=None).update(
            ended_at=step.now, ended_operation=step.op_id
        )
        other.record({"problem": str(row.id)}, act="let_go")
    return step.problem


def say_again(
    *,
    problem: Problem,
    words: str = "",
    photos: Sequence[Attachment] = (),
    source: str = Source.SELF,
    external: tuple[str, str] = ("", ""),
    **who: Unpack[Who],
) -> Problem:
    """+1: the same matter reported again, instead of a second problem. Whoever said it sees it."""
    body = {
        "words": words, "photos": [str(p.blob_id) for p in photos], "source": source,
        "external": external,
    }  # fmt: skip
    with door.enter("say_again", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        one = step.one
        voice = Voice.objects.create(
            id=uuid7(), problem=step.problem, person=one.person, unit=one.unit, source=source,
            external_source=external[0], external_id=external[1], at=step.occurred_at,
            operation=step.op_id,
        )  # fmt: skip
        step.record({"voice": str(voice.id), "source": source}, words=words, photos=photos)
        if one.unit is not None and one.unit.kind not in BY_REGION:
            _hear(step, [one.unit.id])
    return step.problem
