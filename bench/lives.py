"""Three years of problems by COPY: every row is the fold of the events written beside it."""

from __future__ import annotations

import json
import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from bench.world import World
from weicheng.journal.ids import uuid7
from weicheng.problems import door, life
from weicheng.problems.models import Event, NumberSeries, Obligation, Problem, Remark, Tally
from weicheng.problems.parties import Answers, answers, first_parties, parties_of_sites
from weicheng.problems.texts import fingerprint
from weicheng.problems.words import Part

CHUNK = 5000
DAYS = 3 * 365
ZIPF = 0.78  # the most frequent kind has about 11 %
HOT = 6  # areas that hold 80 %
OPEN_OLD, OPEN_NEW = 0.12, 0.06  # 11 % open in all
SHARE = (("new", 0.15), ("run", 0.55), ("check", 0.24), ("long", 0.06))
NOTES = 0.3
_CLAIM: dict[str, Any] = {
    "person": None, "measure": "clean", "quantity": None, "swept": None, "swept_fixed": None,
    "typed": False, "level": "picture",
}  # fmt: skip
PARTY = ("problem_id", "scope", "part", "status", "due_at", "created_at")


@dataclass
class _Chunk:
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    parties: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, model: Any, **values: Any) -> None:
        """One row of a model's table."""
        self.rows.setdefault(model, []).append(values)


class Lives:
    """Makes problems with a fixed seed; the same number is the same data."""

    def __init__(self, world: World, *, seed: int = 1) -> None:
        self.world, self.dice = world, random.Random(seed)  # noqa: S311 - a plot, not a secret
        self.now = timezone.now()
        self.series: Counter[tuple[UUID, Any]] = Counter()
        self.tallies: Counter[tuple[UUID, str]] = Counter()
        self._known: dict[tuple[UUID, str], Answers] = {}
        weights = [1 / (n + 1) ** ZIPF for n in range(len(world.kinds))]
        self._weights = list(accumulate(weights))
        self._sponsors = parties_of_sites(world.sites)
        self._towns = {a.id: a.parent.id for a in world.areas if a.parent}
        self._letters = {a.parent.id: a.parent.letters for a in world.areas if a.parent}

    def write(self, n: int) -> None:
        """Make ``n`` problems; the tables may hold others already."""
        ages = sorted((DAYS * self.dice.random() ** 2 for _n in range(n)), reverse=True)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for start in range(0, n, CHUNK):
                chunk, operation = _Chunk(), self._operation(cursor)
                for age in ages[start : start + CHUNK]:
                    self._one(chunk, self.now - timedelta(days=age, minutes=5), operation)
                _copy_all(cursor, chunk)
            self._finish(cursor)
            cursor.execute("SET session_replication_role = DEFAULT")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _operation(self, cursor: Any) -> UUID:
        key = uuid7()
        cursor.execute(
            "INSERT INTO journal_operation (op_id, actor_id, act, channel, body_hash, response,"
            " occurred_at, recorded_at) VALUES (%s, %s, 'bench', '', '', '{}', %s, %s)",
            [key, self.world.users["office"].id, self.now, self.now],
        )
        return key

    def _one(self, chunk: _Chunk, at: datetime, operation: UUID) -> None:
        dice, world = self.dice, self.world
        hot = dice.random() < 0.8
        area = world.areas[dice.randrange(HOT) * 16 if hot else dice.randrange(len(world.areas))]
        kind = world.kinds[bisect(self._weights, dice.random() * self._weights[-1])]
        site = world.sites[world.areas.index(area) * 10 + dice.randrange(10)]
        known = self._answers(kind, area, site)
        problem = uuid7()
        number, day, seq = self._number(area.id, at)
        first = {
            "kind": kind.key, "region": str(area.id), "site": str(site.id),
            "severity": kind.severity, "level": "picture", "source": "daily", "number": number,
        }  # fmt: skip
        past = list(self._past(at, first, known))
        state = _tell(chunk, problem, past, operation)
        row = _columns(state) | {
            "id": problem, "number": number, "number_region_id": self._towns[area.id],
            "number_day": day, "number_seq": seq, "place": site.name, "requirement": "",
            "description": f"{kind.name_zh}，约{dice.randrange(1, 30)}处，请尽快处理。",
            "source": "daily", "quantity": None, "quantity_unit": "处", "latitude": None,
            "longitude": None, "finder_id": None, "finder_unit_id": None, "external_source": "",
            "external_id": "", "found_at": at, "filed_at": at, "version": len(past),
            "territory_unit_id": _id(known.territory), "bureau_unit_id": _id(known.bureau),
            "sponsor_unit_id": _id(known.sponsor), "changed_at": past[-1][1],
            "before_photo_id": None, "after_photo_id": None,
        }  # fmt: skip
        row["search"] = door.search_vector(Problem(
            number=number, place=row["place"], description=row["description"], kind=kind
        ))  # fmt: skip
        chunk.add(Problem, **{**BLANK, **row})
        self._readers(chunk, problem, state, first_parties(area.id, known), (at, operation))

    def _past(
        self, at: datetime, first: dict[str, Any], known: Answers
    ) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
        dice, lead = self.dice, known.lead()
        old = self.now - at > timedelta(days=30)
        status = "done"
        if dice.random() < (OPEN_OLD if old else OPEN_NEW):
            status = dice.choices([s for s, _ in SHARE], [w for _, w in SHARE])[0]
        yield "file", at, first
        noted = dice.random() < NOTES
        if noted:
            yield "remark", at, {"words": _said()}
        if status == "new" or lead is None:
            return
        step = min(timedelta(days=dice.random() * 4), (self.now - at) / 4)
        due = (at + timedelta(days=3)).isoformat()
        told: dict[str, Any] = {"lead": str(lead.id), "due_at": due, "direct": False, "duties": []}
        yield ("set_long_term" if status == "long" else "dispatch"), at + step, told
        if status in {"check", "done"}:
            day = (at + 2 * step).date().isoformat()
            yield "hand_in", at + 2 * step, {**_CLAIM, "unit": str(lead.id), "day": day}
        if status == "done":
            yield "pass_fix", at + 3 * step, {"level": "picture", "by_person": None}

    def _answers(self, kind: Any, area: Any, site: Any) -> Answers:
        at = (site.id, kind.key)
        if at not in self._known:
            self._known[at] = answers(
                kind=kind, region=area.id, site=site, known_sites=self._sponsors
            )
        return self._known[at]

    def _number(self, area: UUID, at: datetime) -> tuple[str, Any, int]:
        town, day = self._towns[area], timezone.localdate(at)
        self.series[town, day] += 1
        seq = self.series[town, day]
        return f"{self._letters[town]}-{day:%m%d}-{seq:03d}", day, seq

    def _readers(
        self, chunk: _Chunk, problem: UUID, state: life.State, parties: dict[UUID, str],
        filed: tuple[datetime, UUID],
    ) -> None:  # fmt: skip
        at, operation = filed
        if state.lead_unit:
            lead = UUID(state.lead_unit)
            parties[lead] = Part.LEAD
            done = state.status in {"check", "done"}
            chunk.add(
                Obligation, id=uuid7(), problem_id=problem, unit_id=lead, part="lead", sort="main",
                key="", words="", person_name="", phone="", households=None, due_at=state.due_at,
                state="done" if done else "open", done_at=state.handed_in_at if done else None,
                proof_id=None, operation=operation, ended_operation=None,
            )  # fmt: skip
        for scope, part in parties.items():
            chunk.parties.append((problem, scope, str(part), state.status, state.due_at, at))
            self.tallies[scope, state.status] += 1

    def _finish(self, cursor: Any) -> None:
        NumberSeries.objects.bulk_create(
            NumberSeries(region_id=town, day=day, last=last)
            for (town, day), last in self.series.items()
        )
        Tally.objects.bulk_create(
            Tally(scope=scope, key=key, n=n) for (scope, key), n in self.tallies.items()
        )


def _tell(
    chunk: _Chunk, problem: UUID, past: list[tuple[str, datetime, dict[str, Any]]], operation: UUID
) -> life.State:
    """The events of one problem, and the state that they fold to."""
    state = life.State()
    for seq, (act, when, data) in enumerate(past, start=1):
        state, event = life.evolve(state, act, data, when), uuid7()
        chunk.add(
            Event, id=event, problem_id=problem, seq=seq, operation_id=operation, act=act,
            schema=1, person=None, unit=None, occurred_at=when, recorded_at=when,
            data=json.dumps(data),
        )  # fmt: skip
        if "words" in data:
            chunk.add(Remark, event_id=event, text="请盯紧，今天办结。", erased_at=None)
    return state


def _said() -> str:
    return fingerprint("请盯紧，今天办结。")


def _id(unit: Any) -> UUID | None:
    return unit.id if unit else None


def _columns(state: life.State) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in life.State.__dataclass_fields__:
        value = getattr(state, name)
        is_json = name == "fixes" or isinstance(value, dict)
        found[door.COLUMNS.get(name, name)] = json.dumps(value) if is_json else value
    return found


def _blank() -> dict[str, Any]:
    """What a column holds of which the life says nothing."""
    blank = Problem()
    found = {f.attname: getattr(blank, f.attname) for f in Problem._meta.concrete_fields}
    return {n: json.dumps(v) if isinstance(v, dict | list) else v for n, v in found.items()}


BLANK = _blank()


def _copy_all(cursor: Any, chunk: _Chunk) -> None:
    for model in (Problem, Event, Remark, Obligation):
        rows = chunk.rows.get(model, [])
        if rows:
            names = list(rows[0])
            _copy(cursor, model._meta.db_table, names, [[r[n] for n in names] for r in rows])
    _copy(cursor, "problems_party", list(PARTY), chunk.parties)


def _copy(cursor: Any, table: str, names: list[str], rows: list[Any]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
