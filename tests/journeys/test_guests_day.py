"""A guest's whole day: asked by the office, logged in by a link, at work on a phone, and gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.district import District
from tests.journeys.browser import PHONE, WIDE, Clerk, Office, opened
from tests.journeys.conftest import noticed
from tests.journeys.test_offline_day import CAMERA, RECEIVED, STANDING, ready
from tests.journeys.test_undercover_round import looked
from weicheng.inspections.models import Found, Guest, Plan, Visit
from weicheng.inspections.tests.planning import drafted, with_sites
from weicheng.inspections.words import PlanKind
from weicheng.problems.models import Problem
from weicheng.scoring.facts import gather

pytestmark = pytest.mark.journey
PASSWORD = "邻市来的人-Aa-20261129"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera that shows a test picture."""
    with opened(*CAMERA) as browser:
        yield browser


def asks(clerk: Clerk, plan: Plan) -> str:
    """The office opens an account, puts it on a team and draws; the link for the guest."""
    page = clerk.goes_to(f"/checks/{plan.pk}/guests/")
    page.get_by_label("姓名").fill("老赵")
    page.get_by_label("来自").fill("邻市创卫办")
    page.get_by_role("button", name="开临时账号").click()
    expect(page.get_by_text("已为老赵开了临时账号")).to_be_visible()
    looked(clerk, "guests")
    clerk.goes_to(f"/checks/{plan.pk}/teams/")
    page.get_by_label("检查员的人去哪个组").select_option(label="不去")
    page.get_by_label("老赵去哪个组").select_option(label="第1组")
    page.get_by_label("带队老赵").check()
    page.get_by_role("button", name="保存编组").click()
    page.get_by_role("button", name="锁定并抽取").click()
    expect(page.get_by_text("已锁定并抽取")).to_be_visible()
    clerk.goes_to(f"/checks/{plan.pk}/guests/")
    page.get_by_role("button", name="登录链接").click()
    address: str = page.locator("#guest-link").input_value()
    return address


def logs_in(clerk: Clerk, address: str) -> Page:
    """By the link; the account then gets a password of its own, to come back with."""
    page = clerk.goes_to(re.sub(r"^https?://[^/]+", "", address))
    page.get_by_role("button", name="身份进入").click()
    fields = page.locator("input[type=password]")
    expect(fields).to_have_count(2)
    for field in fields.all():
        field.fill(PASSWORD)
    page.locator("main button.button-primary").click()
    page.wait_for_url("**/field/")
    return page


def works(clerk: Clerk) -> None:
    """One site passes, one problem is found; both are received."""
    page = clerk.goes_to("/field/")
    ready(page)
    expect(page.locator("body")).to_have_attribute("data-offline", "ready", timeout=90_000)
    expect(page.locator("[data-count]")).to_have_text("0/5 点位")
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-waits]")).to_contain_text("1张")
    page.locator('.chip[data-kind="bin"]').click()
    expect(page.locator('.chip.is-on[data-kind="bin"]')).to_be_visible()
    expect(page.locator("[data-saved-words]")).to_have_text("已存本机")
    page.locator("[data-pass]").click()
    expect(page.locator("[data-count]")).to_have_text("1/5 点位")
    page.locator("[data-open-queue]").click()
    page.locator("[data-send-all]").click()
    states = page.locator("[data-received] .state")
    expect(states).to_have_count(2, timeout=40_000)
    for words in states.all_inner_texts():
        assert RECEIVED.fullmatch(words), words
    page.locator("#queue [data-closes]").click()
    assert (clerk.wider(), clerk.english(), clerk.barriers()) == ([], set(), [])


def test_a_guest_is_asked_works_a_day_and_is_gone(city: District, office: Office) -> None:
    with_sites(city, estates=5, toilets=0)
    noticed()
    plan = drafted(city, PlanKind.CROSS, open=True, sampled=False)
    clerk = office.clerk(city.office, WIDE)
    address = asks(clerk, plan)
    more: dict[str, Any] = {
        "geolocation": STANDING, "permissions": ["geolocation", "camera", "microphone"],
    }  # fmt: skip
    guest = office.clerk(None, PHONE, **more)
    logs_in(guest, address)
    works(guest)

    page = clerk.goes_to(f"/checks/{plan.pk}/guests/")
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_text("老赵的账号已停")).to_be_visible()
    ended = guest.page.goto(f"{guest.base}/checks/{plan.pk}/")
    assert ended is not None
    expect(guest.page.get_by_role("heading", name="登录", exact=True)).to_be_visible()

    person = Guest.objects.get().user.person
    visit, found = Visit.objects.get(), Found.objects.get()
    assert (visit.inspector, visit.outside, found.inspector) == (person, True, person)
    clerk.goes_to(f"/checks/{plan.pk}/")
    page.get_by_role("button", name="发布结果").click()
    expect(page.get_by_text("结果已发布")).to_be_visible()
    assert Problem.objects.get().finder == person
    clerk.goes_to("/score/")
    expect(page.get_by_role("heading", name="现场七个方面")).to_be_visible()
    facts = gather(city.regions["凤凰区"], timezone.now())
    looks = facts.looks[visit.site_id]
    assert [look.outside for look in looks] == [True]
    assert [*clerk.complaints, *guest.complaints] == []
