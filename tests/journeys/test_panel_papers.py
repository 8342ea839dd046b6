"""Fifteen papers over sixteen stops: one marked on a phone, the rest pasted from a spreadsheet."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.district import District
from tests.inspecting import site
from tests.journeys.browser import PHONE, WIDE, Clerk, Office
from tests.journeys.conftest import noticed
from tests.journeys.test_undercover_round import looked
from weicheng.inspections.models import Plan
from weicheng.inspections.panel_links import token_of
from weicheng.inspections.tests.planning import with_sites

pytestmark = pytest.mark.journey


def planned(clerk: Clerk, named: list[str]) -> Plan:
    """The office plans a day in this order and prints fifteen papers."""
    page = clerk.goes_to("/checks/observations/new/")
    page.get_by_label("名称").fill("全区观摩")
    page.get_by_label("点位").fill("\n".join(named))
    page.get_by_label("按我写的顺序走，不重排").check()
    page.get_by_role("button", name="排出路线").click()
    page.get_by_label("张数").fill("15")
    page.get_by_role("button", name="编号并打印").click()
    expect(page.get_by_text("15号", exact=True)).to_be_visible()
    looked(clerk, "papers")
    return Plan.objects.get()


def marks_on_a_phone(holder: Clerk, path: str) -> None:
    """Whoever holds paper 1 scans its code, mistypes, corrects and saves."""
    phone = holder.goes_to(path)
    phone.get_by_label("观摩点1", exact=False).first.fill("188")
    phone.get_by_label("观摩点2", exact=False).first.fill("85")
    phone.get_by_role("button", name="保存分数").click()
    expect(phone.get_by_text("请填0到100的分数，可以有一位小数。")).to_be_visible()
    looked(holder, "panel-wrong")
    phone.get_by_label("观摩点1", exact=False).first.fill("88.5")
    phone.get_by_role("button", name="保存分数").click()
    expect(phone.get_by_text("公布成绩以前可以改了再存。")).to_be_visible()
    looked(holder, "panel-saved")


def test_fifteen_papers_over_sixteen_stops_come_in_by_phone_and_by_one_paste_in_minutes(
    city: District, office: Office
) -> None:
    with_sites(city)
    named = [site(city, f"观摩点{n}", at=(26.60 + n / 200, 106.70)).name for n in range(1, 17)]
    noticed()
    clerk, holder = office.clerk(city.office, WIDE), office.clerk(None, PHONE)
    plan = planned(clerk, named)
    marks_on_a_phone(holder, f"/checks/panel/{token_of(plan.panel_sheets.get(number=1))}/")
    begun, page = time.monotonic(), clerk.page
    page.get_by_role("link", name="全区观摩").click()
    page.get_by_role("link", name="录入分数").click()
    expect(page.get_by_text("扫码", exact=True)).to_be_visible()
    page.get_by_text("粘贴整块表格").click()
    rows = [[str(n), *(str(70 + (n + k) % 25) for k in range(16))] for n in range(2, 16)]
    page.get_by_label("每行：表号，然后按路线顺序的分数").fill(
        "\n".join("\t".join(row) for row in rows)
    )
    looked(clerk, "marks-pasted")
    page.get_by_role("button", name="保存分数").click()
    expect(page.get_by_text("有效评分表15张")).to_be_visible()
    assert time.monotonic() - begun < 600
    looked(clerk, "results-spread")
    page.get_by_role("button", name="公布成绩").click()
    expect(page.get_by_role("button", name="公布成绩")).to_have_count(0)
    holder.page.reload()
    expect(holder.page.get_by_text("成绩已经公布，不能再打分或修改。")).to_be_visible()
    looked(holder, "panel-closed")
