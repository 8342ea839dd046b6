"""The watchdogs: each moment once, with its true minute, however long the worker was away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.district import District, dispatched, handed_in

from weicheng.frame.moments import left
from weicheng.journal import outbox
from weicheng.journal.ids import uuid7
from weicheng.journal.models import Outbox
from weicheng.problems import watching
from weicheng.problems.models import Alarm, Problem
from weicheng.problems.watching import watch
from weicheng.problems.words import Outcome, Status
from weicheng.workdays.calendar import SHANGHAI

pytestmark = pytest.mark.django_db

SENT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 11, 25, 16, 30, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def listener() -> Iterator[None]:
    """A room above that hears of alarms."""
    kept = {topic: dict(names) for topic, names in outbox._consumers.items()}
    outbox._consumers.clear()
    outbox.subscribe("alarm", "listener")
    yield
    outbox._consumers.clear()
    outbox._consumers.update(kept)


def running(district: District, **columns: Any) -> Problem:
    """A problem being fixed, with these columns."""
    problem = dispatched(district)
    known = {"dispatched_at": SENT, "due_at": DUE, "sign_due_at": None, "verify_due_at": None}
    Problem.objects.filter(pk=problem.pk).update(**known | columns)
    return problem


def rung(now: datetime) -> list[tuple[str, datetime]]:
    return [(rang.sort, rang.at) for rang in watch(now)]


def test_it_is_soon_due_exactly_when_the_page_says_so(district: District) -> None:
    running(district)
    assert rung(DUE - DAY - MINUTE) == []
    assert left(DUE, DUE - DAY - MINUTE).kind == ""
    assert rung(DUE - DAY) == [("soon", DUE - DAY)]
    assert left(DUE, DUE - DAY).kind == "soon"
    assert rung(DUE) == []
    assert rung(DUE + MINUTE) == [("late", DUE)]
    assert left(DUE, DUE + MINUTE).kind == "late"
    assert rung(DUE + 2 * MINUTE) == []


def test_after_hours_without_a_worker_each_moment_is_told_once_with_its_minute(
    district: District,
) -> None:
    sign_by, verify_by = SENT + timedelta(hours=4), DUE + 2 * DAY
    late = running(district, sign_due_at=sign_by)
    check = handed_in(district)
    Problem.objects.filter(pk=check.pk).update(verify_due_at=verify_by, due_at=DUE)
    now = verify_by + 3 * DAY
    assert sorted(rung(now)) == sorted(
        [
            ("soon", DUE - DAY),
            ("late", DUE),
            ("sign_late", sign_by),
            ("verify_late", verify_by),
        ]
    )
    assert rung(now + MINUTE) == []
    news = [row.payload for row in Outbox.objects.filter(topic="alarm")]
    assert len(news) == 4
    assert {
        "problem": str(late.pk), "sort": "late",
        "at": DUE.isoformat(), "due_at": DUE.isoformat(),
    } in [
        {**n, **{k: datetime.fromisoformat(n[k]).astimezone(SHANGHAI).isoformat()
                 for k in ("at", "due_at")}}
        for n in news
    ]  # fmt: skip


def test_a_short_clock_is_soon_due_from_its_start(district: District) -> None:
    running(district, due_at=SENT + timedelta(hours=4))
    assert rung(SENT + MINUTE) == [("soon", SENT)]


def test_what_was_late_when_it_came_was_never_soon_due(district: District) -> None:
    running(district, due_at=SENT - 3 * DAY)
    assert rung(SENT) == [("late", SENT - 3 * DAY)]


@pytest.mark.parametrize(
    "changed",
    [
        {"paused": True},
        {"parked": True},
        {"voided": True},
        {"due_at": None},
        {"status": "check"},
    ],
)
def test_what_waits_or_is_gone_raises_no_alarm(district: District, changed: dict[str, Any]) -> None:
    problem = running(district, **changed)
    assert rung(DUE + DAY) == []
    normal: dict[str, Any] = {
        "paused": False, "parked": False, "voided": False, "due_at": DUE, "status": "run",
    }  # fmt: skip
    Problem.objects.filter(pk=problem.pk).update(**normal)
    assert [sort for sort, _ in rung(DUE + DAY)] == ["soon", "late"]


def test_a_new_due_time_is_watched_anew(district: District) -> None:
    problem = running(district)
    rung(DUE + MINUTE)
    Problem.objects.filter(pk=problem.pk).update(due_at=DUE + 5 * DAY)
    assert rung(DUE + 4 * DAY) == [("soon", DUE + 4 * DAY)]
    assert rung(DUE + 6 * DAY) == [("late", DUE + 5 * DAY)]


def test_a_signature_in_time_is_not_asked_for(district: District) -> None:
    by = SENT + timedelta(hours=4)
    running(district, sign_due_at=by, signed_at=by - MINUTE)
    other = running(district, sign_due_at=by)
    assert [rang.problem for rang in watch(by + MINUTE)] == [other.pk]


def test_a_run_killed_halfway_says_nothing_twice_and_loses_nothing(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        running(district)
    monkeypatch.setattr(watching, "BATCH", 2)
    monkeypatch.setattr(outbox, "publish", _once_broken(outbox.publish))
    with pytest.raises(KeyboardInterrupt):
        watch(DUE - MINUTE)
    assert Alarm.objects.count() == Outbox.objects.filter(topic="alarm").count() == 2
    watch(DUE - MINUTE)
    watch(DUE - MINUTE)
    assert Alarm.objects.count() == Outbox.objects.filter(topic="alarm").count() == 5


def _once_broken(publish: Any) -> Any:
    """A publisher that dies at the fourth piece of news, in the middle of a batch."""
    calls = iter(range(100))

    def broken(**news: Any) -> None:
        if next(calls) == 3:
            raise KeyboardInterrupt
        publish(**news)

    return broken


def with_a_history(problem: Problem, count: int) -> None:
    """Closed problems like this one, as many as asked; the planner is told of them."""
    seq = problem.number_seq or 0
    closed = {"status": Status.DONE, "outcome": Outcome.FIXED, "closed_at": DUE}
    known = {name: getattr(problem, name) for name in _columns()} | closed
    past = [known | {"id": uuid7(), "number_seq": seq + one} for one in range(1, count + 1)]
    Problem.objects.bulk_create([Problem(**row) for row in past])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE problems_problem")


def _columns() -> list[str]:
    return [field.attname for field in Problem._meta.concrete_fields]


def test_the_history_is_not_looked_at(district: District) -> None:
    """With many closed problems the plan of every watchdog reads the indexes of what is open."""
    with_a_history(running(district), 2000)
    with connection.cursor() as cursor:
        for sort, (column, moment, where) in watching._WATCHED.items():
            text = watching._RING.format(column=column, at=moment, where=where)
            values: dict[str, Any] = {"sort": sort.value, "now": DUE, "soon": DAY, "most": 500}
            cursor.execute("EXPLAIN " + text, values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            index = {"due_at": "problem_due", "sign_due_at": "problem_sign_due"}
            assert f"using {index.get(column, 'problem_verify_due')} " in plan, plan


def test_the_worker_looks_every_minute(district: District) -> None:
    from weicheng.problems.jobs import watch_deadlines

    running(district, due_at=DUE - 300 * DAY)
    watch_deadlines(0)
    watch_deadlines(0)
    assert Alarm.objects.filter(sort="late", due_at=DUE - 300 * DAY).count() == 1
