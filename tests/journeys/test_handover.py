"""A post handed over mid-case: who follows finds the case under the own name, the clock runs on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.district import District, dispatched, op
from tests.journeys.browser import PHONE, WIDE, Office
from tests.journeys.conftest import noticed
from weicheng.journal import outbox
from weicheng.people.roles import Role
from weicheng.problems import acts
from weicheng.problems.models import Problem

pytestmark = pytest.mark.journey


def test_who_takes_the_post_over_is_named_on_what_runs_and_the_clock_goes_on(
    city: District, office: Office
) -> None:
    old, problem = city.people["环卫局的人"], dispatched(city, "road")
    acts.name_person(problem=problem, person=old, by=city.office, op_id=op())
    city.user("接班", Role.UNIT, "环卫局")
    noticed()
    was = Problem.objects.get(pk=problem.pk)

    clerk = office.clerk(city.users["创卫办"], WIDE)
    desk = clerk.goes_to("/duties/handover/")
    desk.get_by_label("谁交出").fill(old.name)
    desk.get_by_label("谁接手").fill("接班的人")
    desk.get_by_role("button", name="先看会转哪些").click()
    expect(desk.get_by_text("会转过去的")).to_be_visible()
    desk.get_by_role("button", name="确认交接").click()
    expect(desk.get_by_text("已交接，接班的人接手")).to_be_visible()
    outbox.drain(now=timezone.now() + timedelta(seconds=11))

    row = Problem.objects.get(pk=problem.pk)
    assert (row.person, row.due_at) == (city.people["接班的人"], was.due_at)
    card = office.clerk(city.users["接班"], PHONE).goes_to(f"/problems/{problem.pk}/?tab=past")
    expect(card.get_by_text("经办人由环卫局的人换为接班的人，时限不变")).to_be_visible()
    assert clerk.complaints == []
