"""Fifty equal requests at the same moment make one row and fifty equal answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections
from tests.district import District, dispatched, filed, op, picture

from weicheng.journal.models import Operation
from weicheng.problems import acts
from weicheng.problems.models import Event, Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.tests.test_grid import asks
from weicheng.problems.verify import verify_problems

pytestmark = pytest.mark.django_db(transaction=True)


def in_parallel(times: int, call: object) -> list[object]:
    def one(_: int) -> object:
        try:
            return call()  # type: ignore[operator]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as threads:
        return list(threads.map(one, range(times)))


def test_fifty_equal_filings_make_one_problem(district: District) -> None:
    finding = acts.Finding(kind=district.kinds["bin"], site=district.sites["张家沟小区"])
    same = op()

    def call() -> tuple[UUID, str]:
        problem = acts.file(finding=finding, by=district.office, op_id=same)
        return problem.pk, problem.number

    answers = in_parallel(50, call)
    assert len(set(answers)) == 1
    assert (Problem.objects.count(), Operation.objects.count(), Event.objects.count()) == (1, 1, 1)


def test_fifty_equal_hand_ins_make_one_event(district: District) -> None:
    problem, photo, same = dispatched(district), picture("after", purpose="after"), op()

    def call() -> str:
        fix = acts.Fix("clean", [photo])
        done = acts.hand_in(problem=problem, fix=fix, by=district.users["环卫局"], op_id=same)
        return done.status

    assert set(in_parallel(50, call)) == {"check"}
    assert Event.objects.filter(problem=problem, act="hand_in").count() == 1


def test_problems_filed_side_by_side_get_numbers_without_gaps(district: District) -> None:
    in_parallel(40, lambda: filed(district).number)
    assert sorted(p.number_seq or 0 for p in Problem.objects.all()) == list(range(1, 41))


def test_of_many_that_answer_at_once_one_wins_and_the_others_are_told(district: District) -> None:
    problem = asks(district, dispatched(district, "road"), "extension")

    def call() -> str:
        try:
            acts.grant(problem=problem, by=district.users["指挥长"], op_id=op())
        except Refused as refused:
            return refused.code
        return "granted"

    answers = in_parallel(12, call)
    assert answers.count("granted") == 1
    assert set(answers) == {"granted", "nothing_asked"}
    assert Problem.objects.get(pk=problem.pk).extended == 1


def test_two_problems_merged_into_each_other_at_once_end_as_one(district: District) -> None:
    one, other = filed(district, "road"), filed(district, "road")
    ways = iter([(one, other), (other, one)] * 4)

    def call() -> str:
        problem, into = next(ways)
        try:
            acts.merge(problem=problem, into=into, by=district.office, op_id=op())
        except Refused as refused:
            return refused.code
        return "merged"

    answers = in_parallel(8, call)
    assert answers.count("merged") == 1
    assert Problem.objects.exclude(status="done").count() == 1
    assert verify_problems() == []
