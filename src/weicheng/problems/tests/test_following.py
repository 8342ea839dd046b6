"""A post handed over or a unit merged mid-case: what runs follows, nothing starts anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.district import District, dispatched, handed_in, op

from weicheng.duties import handover
from weicheng.journal import outbox
from weicheng.people.models import Person
from weicheng.problems import acts
from weicheng.problems.models import Event, Obligation, Party, Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.timeline import entries
from weicheng.problems.verify import verify_problems

pytestmark = pytest.mark.django_db


def named(d: District, person: str = "环卫局的人", **more: str) -> Problem:
    """A running problem of 环卫局 with a named person."""
    problem = dispatched(d, "road", **more)
    if problem.person_id != d.people[person].pk:
        acts.name_person(problem=problem, person=d.people[person], by=d.office, op_id=op())
    return problem


def hand_over(d: District, old: Person, new: Person) -> None:
    handover.hand_over(
        by=d.office, person=old, to=new, day=timezone.localdate(), leaves=True, op_id=op()
    )
    outbox.drain(now=timezone.now() + timedelta(seconds=11))


def test_the_successor_is_named_and_the_clock_runs_on(district: District) -> None:
    problem = named(district)
    was = Problem.objects.get(pk=problem.pk)
    new = district.person("接任的人", "环卫局")
    hand_over(district, district.people["环卫局的人"], new)
    row = Problem.objects.get(pk=problem.pk)
    assert row.person == new
    assert (row.due_at, row.clock, row.lead_unit_id) == (was.due_at, was.clock, was.lead_unit_id)
    assert entries(row)[0].what == "经办人由环卫局的人换为接任的人，时限不变"
    assert not list(verify_problems())


def test_what_is_closed_keeps_who_it_was(district: District) -> None:
    problem = handed_in(district, "road")
    acts.name_person(
        problem=problem, person=district.people["环卫局的人"], by=district.office, op_id=op()
    )
    acts.pass_fix(problem=problem, level="onsite", by=district.office, op_id=op())
    hand_over(district, district.people["环卫局的人"], district.person("接任的人", "环卫局"))
    assert Problem.objects.get(pk=problem.pk).person == district.people["环卫局的人"]


def test_the_news_heard_twice_names_once(district: District) -> None:
    problem = named(district)
    old, new = district.people["环卫局的人"], district.person("接任的人", "环卫局")
    hand_over(district, old, new)
    outbox.drain(now=timezone.now() + timedelta(hours=1))
    assert (
        Event.objects.filter(problem=problem, act="name_person", data__was=str(old.pk)).count() == 1
    )


def test_only_somebody_of_the_lead_unit_can_be_named(district: District) -> None:
    problem = named(district)
    stranger, colleague = district.people["经信局的人"], district.person("同事", "环卫局")
    with pytest.raises(Refused, match="not_of_lead"):
        acts.name_person(problem=problem, person=stranger, by=district.office, op_id=op())
    acts.name_person(problem=problem, person=colleague, by=district.users["环卫局"], op_id=op())
    assert Problem.objects.get(pk=problem.pk).person == colleague


def test_nobody_named_is_a_sentence(district: District) -> None:
    problem = named(district)
    with pytest.raises(Refused, match="need_person") as refused:
        acts.name_person(problem=problem, person=None, by=district.office, op_id=op())
    assert refused.value.sentence() == "请选择由谁经办。"


def test_the_successor_of_a_merged_unit_owes_what_it_owed(district: District) -> None:
    problem = dispatched(district, "road")
    was, old, new = Problem.objects.get(pk=problem.pk), district.units["环卫局"], "经信局"
    handover.merge_units(
        by=district.office, unit=old, into=district.units[new], day=timezone.localdate(), op_id=op()
    )
    outbox.drain(now=timezone.now() + timedelta(seconds=11))
    row = Problem.objects.get(pk=problem.pk)
    assert (row.lead_unit, row.due_at) == (district.units[new], was.due_at)
    assert Obligation.objects.get(problem=row, state="open").unit == district.units[new]
    assert Problem.objects.visible_to(district.users[new]).filter(pk=row.pk).exists()
    assert not Party.objects.filter(problem=row, scope=old.pk).exists()
    assert "环卫局的职责由经信局承接" in entries(row)[0].what
    assert not list(verify_problems())
