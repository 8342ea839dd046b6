"""What a hidden round's team reports beside its route does not give the round away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.district import District
from tests.inspecting import plan as planned
from tests.inspecting import site as new_site

from weicheng.fieldwork.models import Held
from weicheng.fieldwork.tests.phone import Phone, iso
from weicheng.inspections.models import Found, Plan, Team, Visit
from weicheng.inspections.words import PlanState
from weicheng.problems.models import Problem


@pytest.fixture
def round_(d: District) -> Plan:
    """A hidden round of the inspector whose seal is broken; 红叶公园 is not on it."""
    new_site(d, "红叶公园")
    return planned(d, "undercover")


def found_at(d: District, **more: Any) -> dict[str, Any]:
    return {"site": str(d.sites["红叶公园"].pk), "kind": "bin", **more}


def test_a_find_between_the_stops_of_an_opened_hidden_round_is_sealed_with_it(
    d: District, phone: Phone, round_: Plan
) -> None:
    told = phone.do("finding", found_at(d))
    assert told["state"] == "received" and "number" not in told
    found = Found.objects.get()
    assert found.sealed and found.plan == round_ and found.problem is None
    assert not Problem.objects.exists()


def test_a_look_beside_the_route_of_an_opened_hidden_round_is_sealed_with_it(
    d: District, phone: Phone, round_: Plan
) -> None:
    phone.do("visit", {"site": str(d.sites["红叶公园"].pk)})
    visit = Visit.objects.get()
    assert visit.sealed and visit.plan == round_ and visit.stop is None


def test_a_find_that_names_an_open_plan_stays_open_during_a_hidden_round(
    d: District, phone: Phone, round_: Plan
) -> None:
    daily = planned(d, sites=("红叶公园",))
    phone.do("finding", found_at(d, plan=str(daily.pk), stop=str(daily.stops.get().pk)))
    assert Found.objects.get().problem is not None


@pytest.mark.parametrize("how", ["sealed", "released", "other_days", "of_others", "elsewhere"])
def test_a_find_outside_any_hidden_round_is_filed_at_once(
    d: District, phone: Phone, round_: Plan, how: str
) -> None:
    plans, teams = Plan.objects.filter(pk=round_.pk), Team.objects.filter(plan=round_)
    today = timezone.localdate()
    if how == "sealed":
        teams.update(opened_at=None)
    elif how == "released":
        plans.update(state=PlanState.RELEASED, released_at=timezone.now())
    elif how == "other_days":
        plans.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=8))
    elif how == "elsewhere":
        plans.update(region=d.regions["石桥镇"])
    who = Phone(d.office) if how == "of_others" else phone
    who.do("finding", found_at(d))
    assert Found.objects.get().problem is not None


def test_what_was_found_on_an_earlier_day_than_the_seal_was_broken_is_open(
    d: District, phone: Phone, round_: Plan
) -> None:
    Plan.objects.filter(pk=round_.pk).update(starts_on=timezone.localdate() - timedelta(days=3))
    yesterday = timezone.now() - timedelta(days=1)
    phone.do("finding", found_at(d), occurred_at=iso(yesterday))
    assert Found.objects.get().problem is not None


def test_what_is_held_of_a_hidden_round_is_shown_only_to_whom_the_round_may_be_known(
    d: District, phone: Phone, round_: Plan
) -> None:
    told = phone.do("finding", {"site": str(uuid4()), "kind": "bin"})
    assert told["state"] == "quarantined"
    held = Held.objects.get()
    assert held.plan == round_


def test_a_repair_that_is_held_during_a_hidden_round_is_not_hidden_by_it(
    d: District, phone: Phone, round_: Plan
) -> None:
    phone.do("look_back", {"look_back": str(uuid4()), "result": "held"})
    assert [held.plan for held in Held.objects.all()] in ([None], [])
