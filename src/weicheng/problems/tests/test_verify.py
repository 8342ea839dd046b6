"""The check finds what somebody altered behind the door's back, and nothing else."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.district import District, dispatched, filed, handed_in, in_hours, op

from weicheng.problems import acts, tallies
from weicheng.problems.models import Event, Party, Problem
from weicheng.problems.verify import verify_problems

pytestmark = pytest.mark.django_db


def test_an_honest_district_has_no_differences(district: District) -> None:
    handed_in(district)
    problem = filed(district, "road")
    acts.dispatch(
        problem=problem, lead=district.units["经信局"], by=district.office, op_id=op(),
        due_at=timezone.localtime(in_hours(30)),
    )  # fmt: skip
    tallies.fold()
    assert verify_problems() == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"sent_back": 3}, "state"), ({"severity": "key"}, "state"), ({"version": 7}, "order")],
)
def test_a_row_changed_by_hand_is_found(
    district: District, changes: dict[str, int], what: str
) -> None:
    problem = dispatched(district)
    Problem.objects.filter(pk=problem.pk).update(**changes)
    assert [d.what for d in verify_problems()] == [what]


def test_a_list_changed_by_hand_is_found(district: District) -> None:
    problem = dispatched(district)
    Party.objects.filter(problem=problem, scope=district.units["环卫局"].id).update(status="done")
    assert {d.what for d in verify_problems()} == {"lists", "tally"}


def test_an_event_can_be_neither_changed_nor_deleted(district: District) -> None:
    from django.db import DatabaseError, transaction

    problem = dispatched(district)
    for attempt in (
        lambda: Event.objects.filter(problem=problem).update(act="void"),
        lambda: Event.objects.filter(problem=problem).delete(),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            attempt()
