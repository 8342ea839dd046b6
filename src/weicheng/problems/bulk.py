"""Filing many problems at once, as a ledger does: the same rules and events as the single act.

A chunk is one transaction. Its numbers are reserved beforehand in a transaction of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack
from uuid import UUID

from django.db import connection
from django.utils import timezone

from weicheng.journal.copying import copy_in
from weicheng.journal.together import Together
from weicheng.problems import door, life, tallies
from weicheng.problems.acts.filing import Finding, first_fact, new_problem, offer_for, region_of
from weicheng.problems.models import Event, Obligation, Photo, Problem, Remark
from weicheng.problems.numbers import reserved
from weicheng.problems.parties import Answers, answers, first_parties, parties_of_sites
from weicheng.problems.rules import may_file
from weicheng.problems.texts import fingerprint
from weicheng.problems.who import acting
from weicheng.problems.words import Part

if TYPE_CHECKING:
    from datetime import date

    from weicheng.evidence.models import Attachment
    from weicheng.problems.numbers import Number
    from weicheng.problems.who import Who

CHUNK = 1000


@dataclass(frozen=True)
class Adopted:
    """One row of a ledger: what was found, what it claims (see ``acts.adopt``), its words."""

    finding: Finding
    claims: dict[str, Any]
    words: str = ""
    after: Sequence[Attachment] = ()


@dataclass
class _Batch:
    problems: list[Problem]
    events: list[Event]
    remarks: list[Remark]
    photos: list[Photo]
    duties: list[Obligation]
    parties: list[tuple[Any, ...]]
    changes: Counter[tuple[UUID, str]]


def adopt_many(rows: Sequence[Adopted], **who: Unpack[Who]) -> list[Problem]:
    """Adopt up to ``CHUNK`` rows in one act; rows whose external id is known are passed over.

    Must be called outside a transaction. The same op_id again answers with the same problems.
    """
    if len(rows) > CHUNK:
        raise ValueError(f"at most {CHUNK} rows in one act")
    now = who.get("now") or timezone.now()
    fresh_rows = unknown(rows)
    day = timezone.localdate(now)
    counts: Counter[tuple[UUID, date]] = Counter((region_of(r.finding).id, day) for r in fresh_rows)
    with reserved(dict(counts)) as numbers:
        body = {"rows": [[r.finding.body(), r.claims, r.words] for r in rows]}
        if not door.claim("adopt", body=body, who=who, now=now):
            raise _AlreadyDone(who["op_id"])
        batch = _build(fresh_rows, numbers, now, who)
        _write(batch)
    return batch.problems


class _AlreadyDone(Exception):
    """The chunk was committed before; leaving the block gives the numbers back."""


def adopt_chunk(rows: Sequence[Adopted], **who: Unpack[Who]) -> list[Problem]:
    """``adopt_many`` that may be repeated: a repeated chunk answers with what it made before."""
    try:
        return adopt_many(rows, **who)
    except _AlreadyDone:
        ids = Event.objects.filter(operation_id=who["op_id"], seq=1).values("problem_id")
        return list(Problem.objects.filter(pk__in=ids).order_by("number_seq"))


def unknown(rows: Sequence[Adopted]) -> list[Adopted]:
    """Rows whose external id is not filed yet; of rows with the same id in one file, the first."""
    ids = {r.finding.external for r in rows if r.finding.external[1]}
    known: set[tuple[str, str]] = set(
        Problem.objects.filter(external_id__in=[i for _, i in ids]).values_list(
            "external_source", "external_id"
        )
    )
    found: list[Adopted] = []
    for row in rows:
        key = row.finding.external
        if key[1]:
            if key in known:
                continue
            known.add(key)
        found.append(row)
    return found


def _build(
    rows: Sequence[Adopted],
    numbers: dict[tuple[UUID, date], list[Number]],
    now: datetime,
    who: Who,
) -> _Batch:
    one = acting(who["by"], who.get("on_behalf_of"), timezone.localdate(now))
    day = timezone.localdate(now)
    sites = parties_of_sites({r.finding.site for r in rows if r.finding.site})
    queues = {key: iter(given) for key, given in numbers.items()}
    batch = _Batch([], [], [], [], [], [], Counter())
    allowed: set[UUID] = set()
    answered: dict[tuple[str, UUID, UUID | None], Answers] = {}
    offered: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        finding, region = row.finding, region_of(row.finding)
        if region.id not in allowed:
            refused = may_file(one, list(region.ancestors))
            if refused is not None:
                raise refused
            allowed.add(region.id)
        asked = (finding.kind.pk, region.id, finding.site.id if finding.site else None)
        if asked not in answered:
            answered[asked] = answers(
                kind=finding.kind, region=region.id, site=finding.site, known_sites=sites
            )
        known = answered[asked]
        facts = (*asked, finding.severity, finding.source)
        if facts not in offered:
            offered[facts] = offer_for(finding, known, now)
        problem = new_problem(
            finding, one, now=now, number=next(queues[region.id, day]), known=known,
            offer=offered[facts],
        )  # fmt: skip
        _tell(batch, row, problem, now, who)
        _admit(batch, problem, known, row.claims.get("lead"))
    return batch


def _tell(batch: _Batch, row: Adopted, problem: Problem, now: datetime, who: Who) -> None:
    """The two events of an adopted problem, their words and photos, and the projected row."""
    claims = {**row.claims, "words": fingerprint(row.words)} if row.words else dict(row.claims)
    state = life.State()
    person, unit = problem.finder_id, problem.finder_unit_id
    made: list[Event] = []
    for seq, (act, data) in enumerate((("file", first_fact(problem)), ("adopt", claims)), start=1):
        state = life.evolve(state, act, data, now)
        made.append(
            Event(
                problem=problem, seq=seq, operation_id=who["op_id"], act=act, person=person,
                unit=unit, occurred_at=problem.found_at if seq == 1 else now,
                recorded_at=now, data=data,
            )
        )  # fmt: skip
    problem.version, problem.changed_at = len(made), now
    door.project(problem, state)
    batch.events += made
    if row.words:
        batch.remarks.append(Remark(event=made[1], text=row.words))
    for stage, event, photos in (
        ("before", made[0], row.finding.photos),
        ("after", made[1], row.after),
    ):
        for attachment in photos:
            batch.photos.append(
                Photo(problem=problem, event=event, attachment=attachment, stage=stage)
            )
        if photos:
            setattr(problem, f"{stage}_photo", photos[0])
    problem.search = door.search_vector(problem)
    batch.problems.append(problem)


def _admit(batch: _Batch, problem: Problem, known: Answers, lead: str | None) -> None:
    parties = first_parties(problem.region_id, known, problem.finder_unit)
    if lead:
        parties[UUID(lead)] = Part.LEAD
        done = problem.status == "done"
        batch.duties.append(
            Obligation(
                problem=problem, unit_id=UUID(lead), part=Part.LEAD, due_at=problem.due_at,
                operation=batch.events[-1].operation_id,
                state=Obligation.State.DONE if done else Obligation.State.OPEN,
                done_at=problem.closed_at if done else None,
            )
        )  # fmt: skip
    for scope, part in parties.items():
        batch.parties.append(
            (problem.id, scope, str(part), problem.status, problem.due_at, problem.filed_at)
        )
        batch.changes[scope, problem.status] += 1


def _write(batch: _Batch) -> None:
    for rows in (batch.problems, batch.events, batch.remarks, batch.photos, batch.duties):
        copy_in(rows)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY problems_party (problem_id, scope, part, status, due_at, created_at) FROM STDIN"
        ) as copy,
    ):
        for row in batch.parties:
            copy.write_row(row)
    writes = Together()
    tallies.move(batch.changes, writes)
    writes.send()
