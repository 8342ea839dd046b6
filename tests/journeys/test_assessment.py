"""A monthly assessment from its draw to the score page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.district import District, op
from tests.journeys.browser import PHONE, WIDE, Office
from tests.journeys.conftest import noticed
from tests.journeys.test_undercover_round import looked
from weicheng.inspections import acts
from weicheng.inspections.models import Plan
from weicheng.inspections.tests.planning import with_sites

pytestmark = pytest.mark.journey


def test_an_assessment_goes_from_its_draw_to_the_score_and_down_to_a_visit(
    city: District, office: Office
) -> None:
    with_sites(city)
    noticed()
    clerk = office.clerk(city.office, WIDE)
    page = clerk.goes_to("/checks/")
    page.get_by_role("link", name="月评估").last.click()
    page.get_by_role("button", name="保存，看要抽什么").click()
    page.get_by_role("link", name="编组").click()
    page.get_by_label("检查员的人去哪个组").select_option(label="第1组")
    page.get_by_label("带队检查员的人").check()
    page.get_by_role("button", name="保存编组").click()
    page.get_by_role("button", name="锁定并抽取").click()
    plan = Plan.objects.get()
    for stop in plan.stops.select_related("site__region", "plan"):
        look = acts.Look(site=stop.site, stop=stop, failed=[f"{stop.site_type}-01"])
        acts.record_visit(by=city.users["检查员"], look=look, op_id=op())
    clerk.goes_to("/score/")
    expect(page.get_by_role("heading", name="现场七个方面")).to_be_visible()
    looked(clerk, "score")
    page.get_by_role("link", name="失分清单").click()
    for _level in range(4):
        page.locator(".score-line").first.click()
    expect(page.get_by_role("link", name="去立案").first).to_be_visible()
    looked(clerk, "why")
    phone = office.clerk(city.users["指挥长"], PHONE)
    phone.goes_to("/score/")
    looked(phone, "score")
