"""What one act costs in this process, beside the bare SQL that would leave a row and a history."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.figures import Claim, p50, side_by_side
from bench.floor.models import Plain
from bench.world import World
from weicheng.journal.ids import uuid7
from weicheng.problems import acts
from weicheng.problems.models import Party, Problem

CREATE_MOST, STATUS_MOST = 11, 12
WORDS = "约三处，请尽快处理。"
_INSERT = (
    "INSERT INTO floor_plain (id, status, kind, area, place, words, at)"
    " VALUES (%s, 'new', %s, %s, %s, %s, now())"
)
_UPDATE = "UPDATE floor_plain SET status = 'run' WHERE id = %s"
_STEP = "INSERT INTO floor_step (plain_id, act, at) VALUES (%s, 'run', now())"


def fill_floor(world: World, n: int) -> None:
    """The floor's tables with as many rows as ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO floor_plain (id, status, kind, area, place, words, at)"
            " SELECT gen_random_uuid(), CASE WHEN g %% 9 = 0 THEN 'new' ELSE 'done' END,"
            " 'kind' || g %% 123, %s, 'place ' || g, 'words ' || g,"
            " now() - g * interval '5 min' FROM generate_series(1, %s) g",
            [world.areas[0].id, n],
        )
        cursor.execute(
            "INSERT INTO floor_step (plain_id, act, at) SELECT id, 'file', at FROM floor_plain"
        )
        cursor.execute("VACUUM ANALYZE floor_plain, floor_step")


def create(world: World, size: str, times: int) -> list[Claim]:
    """acts.file beside INSERT + COMMIT, one after the other."""
    sites, kinds = cycle(world.sites), cycle(k for k in world.kinds if not k.direct)
    finder = world.finders[0]

    def ours() -> None:
        finding = acts.Finding(kind=next(kinds), site=next(sites), description=WORDS)
        acts.file(finding=finding, by=finder, op_id=uuid7())

    with psycopg.connect(_dsn()) as bare:

        def floor() -> None:
            values = [uuid.uuid4(), "bin", world.areas[0].id, "place", WORDS]
            bare.execute(_INSERT, values)
            bare.commit()

        mine, theirs = side_by_side(times, ours, floor)
    claim = Claim(
        "create, act, c=1", size, "ms p50", p50(mine), p50(theirs), at_most=CREATE_MOST,
        note=_statements(ours),
    )  # fmt: skip
    return [claim]


def _dsn() -> str:
    values = {k: v for k, v in connection.get_connection_params().items() if k in _PLAIN and v}
    return psycopg.conninfo.make_conninfo(**values)


_PLAIN = {"dbname", "user", "password", "host", "port", "options"}


def change(world: World, size: str, times: int) -> list[Claim]:
    """A status change with words (send back), and a dispatch, beside UPDATE + INSERT + COMMIT."""
    return [
        _change("status change, act, c=1", "check", _send_back(world), size, times),
        _change("dispatch, act, c=1", "new", _dispatch(world), size, times),
    ]


def _change(name: str, status: str, act: Callable[[Problem], Any], size: str, times: int) -> Claim:
    seen = Party.objects.filter(status=status).values("problem_id")
    problems = iter(list(Problem.objects.filter(pk__in=seen, status=status)[: times + 2]))
    plain = Plain._default_manager.filter(status="done").values_list("pk", flat=True)
    rows = iter(list(plain[: times + 2]))
    with psycopg.connect(_dsn()) as bare:

        def floor() -> None:
            key = next(rows)
            bare.execute(_UPDATE, [key])
            bare.execute(_STEP, [key])
            bare.commit()

        mine, theirs = side_by_side(times, lambda: act(next(problems)), floor)
    told = _statements(lambda: act(next(problems)))
    return Claim(name, size, "ms p50", p50(mine), p50(theirs), at_most=STATUS_MOST, note=told)


def _send_back(world: World) -> Callable[[Problem], Any]:
    office = world.users["office"]
    return lambda problem: acts.send_back(
        problem=problem, reason="unfinished", words=WORDS, by=office, op_id=uuid7()
    )


def _dispatch(world: World) -> Callable[[Problem], Any]:
    office, lead = world.users["office"], world.units["第1镇政府"]
    due = timezone.now() + timedelta(days=3)
    return lambda problem: acts.dispatch(
        problem=problem, lead=lead, due_at=due, by=office, op_id=uuid7()
    )


def _statements(act: Callable[[], Any]) -> str:
    with CaptureQueriesContext(connection) as asked:
        act()
    texts = [s.strip() for q in asked.captured_queries for s in q["sql"].split(";\n")]
    told = [t.split(None, 1)[0].upper() for t in texts]
    told = [word for word in told if word not in {"BEGIN", "COMMIT"}]
    writes = sum(word in {"INSERT", "UPDATE", "DELETE", "WITH"} for word in told)
    return f"{len(told)} statements, {writes} writes"
