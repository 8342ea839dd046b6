"""Which group decides after the third bounce: named by the duties, by its name, or the leaders."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.district import District, dispatched, op

from weicheng.duties import book
from weicheng.duties.models import Duty
from weicheng.people.directory import changed
from weicheng.people.models import Unit
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.settling import settler_of
from weicheng.problems.tests.test_grid import asks, with_group
from weicheng.problems.verify import verify_problems

pytestmark = pytest.mark.django_db


def groups(d: District, *names: str) -> None:
    for name in names:
        d.unit(name, "group", "临江区" if name.startswith("临江") else "凤凰区")
    changed()


def settler(d: District) -> Unit | None:
    problem = Problem.objects.select_related("kind", "site").get(pk=dispatched(d, "road").pk)
    return settler_of(problem, timezone.now())


def test_the_duties_name_the_group_of_a_clause(district: District) -> None:
    groups(district, "市容专责组", "道路专责组")
    Duty.objects.create(
        kind=district.kinds["road"], part="supervise", unit=district.units["道路专责组"]
    )
    book.changed()
    assert settler(district) == district.units["道路专责组"]


def test_else_the_group_whose_name_fits_the_kind(district: District) -> None:
    groups(district, "病媒专责组", "市容专责组")
    assert settler(district) == district.units["市容专责组"]


def test_else_the_only_group_of_the_district(district: District) -> None:
    groups(district, "病媒专责组", "临江市容专责组")
    assert settler(district) == district.units["病媒专责组"]


def test_else_the_leaders(district: District) -> None:
    groups(district, "病媒专责组", "健康专责组")
    assert settler(district) == district.units["区领导"]


def test_a_unit_told_twice_that_it_is_theirs_brings_the_third_dispute_to_the_group(
    district: District,
) -> None:
    with_group(district)
    problem = dispatched(district, "road")
    for _turn in range(2):
        asks(district, problem, "dispute")
        acts.deny(problem=problem, words="按责任分工就是你单位", by=district.office, op_id=op())
    asks(district, problem, "dispute")
    row = Problem.objects.get(pk=problem.pk)
    assert (row.bounces, row.settler_unit) == (2, district.units["市容专责组"])
    with pytest.raises(Refused, match="group_decides"):
        acts.deny(problem=problem, words="还是你单位", by=district.office, op_id=op())
    acts.deny(problem=problem, words="就是你单位", by=district.users["市容专责组"], op_id=op())
    assert Problem.objects.get(pk=problem.pk).asking == ""
    assert not list(verify_problems())
