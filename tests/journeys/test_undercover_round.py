"""An undercover round from its wish to its release, on the screens of those who take part."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.district import District, op
from tests.journeys.browser import PHONE, WIDE, Clerk, Office
from tests.journeys.conftest import noticed
from weicheng.inspections import acts
from weicheng.inspections.models import Plan
from weicheng.inspections.tests.planning import with_sites
from weicheng.problems.models import Problem

pytestmark = pytest.mark.journey

#: Where pictures of the pages are left for whoever wants to look; nowhere by default.
COMMAND = {"weicheng", "draw", "plan", "verify"}
HEX = re.compile(r"[a-f]+")  # groups of a printed seed
PICTURES = os.environ.get("WEICHENG_LOOKS", "")


def looked(clerk: Clerk, name: str) -> None:
    """The page fits its screen, reads Chinese and has no barrier."""
    if PICTURES:
        path = Path(PICTURES) / f"{name}-{clerk.width}.png"
        clerk.page.screenshot(path=str(path), full_page=True)
    english = {word for word in clerk.english() - COMMAND if not HEX.fullmatch(word)}
    assert (clerk.wider(), english) == ([], set())
    assert clerk.barriers() == []


def drafts(page: Page) -> None:
    """The office wishes for a round and puts a team together."""
    page.get_by_role("link", name="旬暗访").last.click()
    page.get_by_label("名称").fill("腊月里悄悄看")
    page.get_by_role("button", name="保存，看要抽什么").click()
    expect(page.get_by_text("公共厕所应抽2个，建成区内只有1个，全部抽取。")).to_be_visible()
    page.get_by_role("link", name="编组").click()
    page.get_by_label("检查员的人去哪个组").select_option(label="第1组")
    page.get_by_label("带队检查员的人").check()
    page.get_by_role("button", name="保存编组").click()
    expect(page.get_by_text("已编好1个组")).to_be_visible()


def walks(d: District, plan: Plan) -> None:
    """The inspector visits every stop and finds something on each."""
    for stop in plan.stops.select_related("site__region", "plan"):
        look = acts.Look(site=stop.site, stop=stop, failed=[f"{stop.site_type}-01"])
        visit = acts.record_visit(by=d.users["检查员"], look=look, op_id=op())
        finding = acts.Finding(
            kind=d.kinds["bin"], site=stop.site, visit=visit, words="墙角的秘密发现"
        )
        acts.record_finding(by=d.users["检查员"], finding=finding, op_id=op())


def test_a_round_is_wished_drawn_opened_walked_and_released(city: District, office: Office) -> None:
    with_sites(city)
    noticed()
    clerk = office.clerk(city.office, WIDE)
    page = clerk.goes_to("/checks/")
    looked(clerk, "empty")
    drafts(page)
    looked(clerk, "draft")
    page.get_by_role("button", name="锁定并抽取").click()
    expect(page.get_by_text("路线已封存")).to_be_visible()
    looked(clerk, "sealed")

    plan = Plan.objects.get()
    leader = office.clerk(city.users["检查员"], PHONE)
    phone = leader.goes_to(f"/checks/{plan.pk}/")
    phone.get_by_role("button", name="上车启封").click()
    expect(phone.get_by_text("第1组的路线已启封")).to_be_visible()
    looked(leader, "opened")
    walks(city, plan)
    watched = office.clerk(city.users["环卫局"], PHONE)
    assert "墙角的秘密发现" not in watched.goes_to("/problems/?q=秘密").inner_text("main")

    page.reload()
    expect(page.get_by_text("4/ 4")).to_be_visible()
    looked(clerk, "walked")
    page.get_by_role("button", name="发布结果").click()
    expect(page.get_by_text("结果已发布")).to_be_visible()
    looked(clerk, "released")
    assert Problem.objects.count() == 4
    for path, name in (("/checks/", "list"), ("/checks/year/", "year"), ("/checks/new/", "form")):
        for one in (clerk, leader) if path != "/checks/new/" else (clerk,):
            one.goes_to(path)
            looked(one, name)
    small = office.clerk(city.office, PHONE)
    for path, name in (("/checks/new/?kind=cross", "form"), (f"/checks/{plan.pk}/", "released")):
        small.goes_to(path)
        looked(small, name)
    assert [*clerk.complaints, *leader.complaints, *small.complaints] == []
