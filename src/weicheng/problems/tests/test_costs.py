"""What an act and a list may ask of the database, counted statement by statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.district import District, dispatched, filed, handed_in, in_hours, op

from weicheng.duties.book import book
from weicheng.people.directory import directory
from weicheng.people.models import User
from weicheng.problems import acts, catalogue, deadlines, lists, routing
from weicheng.problems.lists import Wanted
from weicheng.problems.models import Problem
from weicheng.workdays import book as days

#: A change: who acts, the lock, what is owed; state, event, words, lists, tallies; and its news.
CREATE, CREATE_WRITES, CHANGE, LIST = 12, 7, 11, 6
_FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
_WRITES = ("INSERT", "UPDATE", "DELETE", "WITH BACK")


class Told(list[str]):
    """The statements of a block, one by one, transaction marks left out."""

    @property
    def writes(self) -> list[str]:
        """Those that change something."""
        return [s for s in self if s.upper().startswith(_WRITES)]

    def __str__(self) -> str:
        return "\n".join(s[:100] for s in self)


@contextmanager
def counted() -> Iterator[Told]:
    """Count what is asked; several statements in one message count one by one."""
    told = Told()
    with CaptureQueriesContext(connection) as asked:
        yield told
    for query in asked.captured_queries:
        for statement in query["sql"].split(";\n"):
            text = statement.strip()
            if not text.upper().startswith(_FRAME):
                told.append(text)


def fresh(user: User) -> User:
    """The account as a new request reads it: nothing remembered."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def warm(district: District) -> District:
    """What every act looks up stands in the memory of the process, as after the first request."""
    directory()
    routing.rules()
    deadlines.rules()
    book()
    days.calendar()
    catalogue.forget()
    catalogue.kinds()
    return district


@pytest.mark.parametrize("kind", ["bin", "road", "cable"])
def test_filing_costs_at_most_twelve_statements(warm: District, kind: str) -> None:
    finder = fresh(warm.users["检查员"])
    finding = acts.Finding(kind=warm.kinds[kind], site=warm.sites["张家沟小区"])
    with counted() as told:
        acts.file(finding=finding, by=finder, op_id=op())
    assert len(told) <= CREATE, told
    assert len(told.writes) <= CREATE_WRITES, told


def test_filing_what_goes_straight_to_its_unit_costs_no_more(warm: District) -> None:
    finder = fresh(warm.users["检查员"])
    finding = acts.Finding(kind=warm.kinds["direct"], site=warm.sites["张家沟小区"])
    with counted() as told:
        problem = acts.file(finding=finding, by=finder, op_id=op())
    assert problem.status == "run"
    assert len(told) <= CREATE, told


def test_sending_back_costs_at_most_eleven_statements(warm: District) -> None:
    problem, office = handed_in(warm), fresh(warm.office)
    with counted() as told:
        acts.send_back(
            problem=problem, reason="unfinished", words="还有残留", by=office, op_id=op()
        )
    assert len(told) <= CHANGE, told


def test_passing_costs_at_most_eleven_statements(warm: District) -> None:
    problem, office = handed_in(warm), fresh(warm.office)
    with counted() as told:
        acts.pass_fix(problem=problem, level="onsite", by=office, op_id=op())
    assert len(told) <= CHANGE, told


def test_signing_costs_at_most_eleven_statements(warm: District) -> None:
    problem, unit = dispatched(warm), fresh(warm.users["环卫局"])
    with counted() as told:
        acts.sign(problem=problem, by=unit, op_id=op())
    assert len(told) <= CHANGE, told


def test_dispatching_costs_no_more_than_filing_and_a_change(warm: District) -> None:
    problem, office = filed(warm), fresh(warm.office)
    with counted() as told:
        acts.dispatch(
            problem=problem, lead=warm.units["环卫局"], due_at=in_hours(48), by=office, op_id=op()
        )
    assert len(told) <= CHANGE + 6, told


def test_a_change_writes_only_the_columns_that_changed(warm: District) -> None:
    problem, unit = dispatched(warm), fresh(warm.users["环卫局"])
    with counted() as told:
        acts.sign(problem=problem, by=unit, op_id=op())
    update = next(s for s in told if s.startswith('UPDATE "problems_problem"'))
    assert '"signed_at"' in update
    assert '"description"' not in update
    assert '"due_at"' not in update


@pytest.mark.parametrize("who", ["创卫办", "红叶镇", "环卫局", "包片"])
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(status="open"),
        Wanted(status="done", kind="bin"),
        Wanted(flag="late"),
        Wanted(words="小区"),
    ],
)
def test_a_list_costs_the_same_for_one_row_and_for_many(
    warm: District, who: str, wanted: Wanted
) -> None:
    dispatched(warm)
    with counted() as few:
        read(lists.page(fresh(warm.users[who]), wanted).rows)
    for _ in range(5):
        dispatched(warm)
    with counted() as many:
        read(lists.page(fresh(warm.users[who]), wanted).rows)
    assert len(many) == len(few) <= LIST, many


def read(rows: list[Problem]) -> None:
    """What a row of a list shows of a problem."""
    for row in rows:
        str((row.title(), row.region, row.site, row.lead_unit, row.before_photo, row.status))


@pytest.mark.parametrize("who", ["创卫办", "红叶镇", "环卫局"])
@pytest.mark.parametrize("query", ["", "?status=open", "?status=done&kind=bin"])
def test_a_page_of_problems_asks_at_most_six_times_who_is_asking_aside(
    warm: District, client: Client, who: str, query: str
) -> None:
    for _ in range(3):
        handed_in(warm)
    client.force_login(fresh(warm.users[who]))
    _opened(client, warm.users[who])
    client.get("/problems/")  # the first page of a process reads the catalogues
    with counted() as told:
        answer = client.get(f"/problems/{query}")
    assert answer.status_code == 200
    identity = [s for s in told if '"people_session"' in s or 'FROM "people_user"' in s]
    assert len(told) - len(identity) <= LIST, told


def _opened(client: Client, user: Any) -> None:
    from weicheng.people import sessions

    session = client.session
    sessions.opened(session, user, "")
    session.save()
