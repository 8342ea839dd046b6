"""A day of observation from the names of its places to published results."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.district import District
from tests.journeys.browser import PHONE, WIDE, Office
from tests.journeys.conftest import noticed
from tests.journeys.test_undercover_round import looked
from weicheng.inspections.models import Plan
from weicheng.inspections.tests.planning import with_sites

pytestmark = pytest.mark.journey


def test_a_day_of_observation_goes_from_names_to_published_results(
    city: District, office: Office
) -> None:
    with_sites(city)
    noticed()
    clerk = office.clerk(city.office, WIDE)
    page = clerk.goes_to("/checks/observations/new/")
    page.get_by_label("名称").fill("全区观摩")
    page.get_by_label("点位").fill("张家沟小区\n没有这一处")
    page.get_by_role("button", name="排出路线").click()
    expect(page.get_by_text("没有找到“没有这一处”。").first).to_be_visible()
    page.get_by_label("点位").fill("张家沟小区")
    page.get_by_role("button", name="排出路线").click()
    expect(page.get_by_role("heading", name="全区观摩")).to_be_visible()
    looked(clerk, "observation")
    page.get_by_label("张数").fill("5")
    page.get_by_role("button", name="编号并打印").click()
    expect(page.get_by_text("5号", exact=True)).to_be_visible()
    page.get_by_role("link", name="全区观摩").click()
    page.get_by_role("link", name="录入分数").click()
    for number, mark in enumerate(("60", "80", "82.5", "85", "100"), 1):
        page.get_by_label(f"{number}号表 张家沟小区").fill(mark)
    looked(clerk, "marks")
    page.get_by_role("button", name="保存分数").click()
    expect(page.get_by_role("cell", name="82.50").first).to_be_visible()
    page.get_by_role("button", name="公布成绩").click()
    expect(page.get_by_role("button", name="公布成绩")).to_have_count(0)
    leader = office.clerk(city.users["指挥长"], PHONE)
    leader.goes_to(f"/checks/observations/{Plan.objects.get().pk}/")
    looked(leader, "results")
