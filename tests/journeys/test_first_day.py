"""The first day: an empty installation, one person of the office, and its own tables."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.browser import WIDE, Clerk, Office
from tests.journeys.house import House
from weicheng.people.models import Person, Post, Unit, User
from weicheng.problems.models import Problem
from weicheng.sheets.tests.makers import picture, xlsx

pytestmark = pytest.mark.journey

DUTIES = [
    ["凤鸣区创建国家卫生城市包保分工表"],
    ["序号", "镇街", "社区", "小区", "包保领导", "包保单位", "电话"],
    [1, "红叶镇", "张家沟社区", "张家沟小区", "李一（副区长）", "区档案局", "13800000001"],
    [2, "", "", "幸福小区", "", "区妇联", "13800000002"],
    [3, "石桥镇", "南门社区", "金桥小区", "王二（副区长）", "区教体局", "13800000003"],
    ["注：名单如有变动请及时报创卫办。"],
]
LEDGER = [
    ["创卫问题台账"],
    ["编号", "检查时间", "点位", "存在问题", "数量", "责任单位", "整改时限", "整改情况", "照片"],
    [
        "T-001",
        "2026.11.02",
        "张家沟小区",
        "垃圾桶满溢",
        "3处",
        "区城管局",
        "11月20日前",
        "未整改",
        "",
    ],
    ["T-002", "11月3日", "金桥小区", "飞线蜘蛛网", "12处", "区经信局", "长期", "整改中", ""],
]
CHAT = """红叶张三 2026-11-20 08:31:00
张家沟小区垃圾桶满溢，没人清

红叶张三 2026-11-20 08:31:04
[图片]

石桥李四 2026-11-20 08:52:10
金桥小区楼道堆放杂物

石桥李四 2026-11-20 08:52:14
[图片]
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What lies on the office's desk."""
    desk = tmp_path_factory.mktemp("desk")

    def floating(_book: Any, sheet: Any) -> None:
        sheet.insert_image("I3", "before.jpg", {"image_data": picture("red"), "object_position": 1})

    (desk / "包保分工表.xlsx").write_bytes(
        xlsx(DUTIES, merges=("B3:B4", "C3:C4", "E3:E4", "A1:G1"))
    )
    (desk / "问题台账.xlsx").write_bytes(xlsx(LEDGER, merges=("A1:I1",), also=floating))
    for name, colour in (("微信图片_20261120083104", "brown"), ("微信图片_20261120085214", "grey")):
        Image.new("RGB", (640, 480), colour).save(desk / f"{name}.jpg", "JPEG")
    Image.new("RGB", (640, 480), "green").save(desk / "after.jpg", "JPEG")
    return {path.name: path for path in desk.iterdir()}


@pytest.fixture(scope="module")
def clerk(emptied: None, house: House, office: Office) -> Iterator[Clerk]:
    """Somebody of the office at a fresh installation, before the log-in."""
    told = subprocess.run(
        [sys.executable, "-m", "weicheng.cli.steps", "links", house.base, "own"],
        env=house.environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    link = re.search(r"http://\S+/login/link/\S+", told.stdout)
    assert link, told.stdout + told.stderr
    clerk = office.clerk(None, WIDE)
    clerk.goes_to(link[0])
    yield clerk


def taken_in(page: Page) -> None:
    """Confirm what the page says it has read."""
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator(".gist .done")).to_be_visible(timeout=20_000)


def the_matter() -> Problem:
    """What 李四 said in the group."""
    return Problem.objects.select_related("lead_unit").get(source="wechat", place="金桥小区")


def test_the_office_enters_by_its_link_and_sets_a_password(clerk: Clerk) -> None:
    page = clerk.page
    page.get_by_role("button", name="身份进入").click()
    page.get_by_label("新密码", exact=True).fill("Feng-huang-88x")
    page.get_by_label("再填一遍新密码").fill("Feng-huang-88x")
    page.get_by_role("button", name="保存").click()
    clerk.goes_to("/today/")
    expect(page.get_by_role("heading", name="把你手里的表拖进来")).to_be_visible()


def test_the_duty_sheet_becomes_towns_sites_and_units(
    clerk: Clerk, tables: dict[str, Path]
) -> None:
    page = clerk.goes_to("/import/")
    page.locator("#files").set_input_files(tables["包保分工表.xlsx"])
    page.get_by_role("button", name="看看读懂了什么").click()
    expect(page.locator(".gist h2")).to_contain_text("3个点位")
    taken_in(page)
    clerk.goes_to("/places/")
    for name in ("张家沟小区", "幸福小区", "金桥小区"):
        expect(page.get_by_text(name).first).to_be_visible()
    clerk.goes_to("/units/")
    expect(page.get_by_text("区档案局").first).to_be_visible()


def test_the_ledger_becomes_problems_with_its_picture(
    clerk: Clerk, tables: dict[str, Path]
) -> None:
    page = clerk.goes_to("/import/")
    page.locator("#files").set_input_files(tables["问题台账.xlsx"])
    page.get_by_role("button", name="看看读懂了什么").click()
    expect(page.locator(".gist h2")).to_be_visible()
    taken_in(page)
    clerk.goes_to("/problems/")
    expect(page.locator("main")).to_contain_text("张家沟小区")
    assert Problem.objects.filter(external_id="T-001").exclude(before_photo=None).count() == 1
    assert Problem.objects.filter(external_id__in=["T-001", "T-002"]).count() == 2


def test_a_pasted_chat_becomes_leads_and_a_lead_a_problem(
    clerk: Clerk, tables: dict[str, Path]
) -> None:
    page = clerk.goes_to("/inbox/")
    page.locator("#chat-text").fill(CHAT)
    page.locator("#chat-files").set_input_files(
        [path for name, path in tables.items() if name.startswith("微信图片")]
    )
    page.get_by_role("button", name="收进来").click()
    if page.get_by_role("button", name="导入", exact=True).is_visible():
        taken_in(page)
    clerk.goes_to("/inbox/")
    expect(page.locator("#matter")).to_contain_text("张家沟小区垃圾桶满溢")
    expect(page.locator("#matter .leadpics img").first).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("#toasts")).to_contain_text("已立为问题")
    expect(page.locator("#matter")).to_contain_text("金桥小区楼道堆放杂物")
    page.keyboard.press("f")
    expect(page.locator("#matter")).to_contain_text("收件箱是空的")
    for filed in Problem.objects.filter(source="wechat"):
        assert filed.before_photo_id is not None
        assert filed.site is not None
    assert Problem.objects.filter(source="wechat").count() == 2


def test_it_is_dispatched_by_keyboard_and_its_order_printed(clerk: Clerk) -> None:
    problem = the_matter()
    page = clerk.goes_to(f"/workbench/?item={problem.pk}")
    expect(page.get_by_label("牵头单位")).not_to_be_empty()
    page.keyboard.press("d")
    expect(page.locator("#toasts")).to_contain_text("已派给")
    problem.refresh_from_db()
    assert problem.status == "run"

    clerk.goes_to(f"/orders/{problem.lead_unit_id}/")
    expect(page.get_by_role("heading", name="交办单")).to_be_visible()
    expect(page.locator("body")).to_contain_text(problem.number)
    with page.expect_download() as paper:
        page.get_by_role("link", name="Word").click()
    with ZipFile(BytesIO(Path(paper.value.path()).read_bytes())) as docx:
        assert problem.number in docx.read("word/document.xml").decode()


def test_the_fix_told_by_telephone_is_typed_for_the_unit_with_a_photo(
    clerk: Clerk, tables: dict[str, Path]
) -> None:
    problem = the_matter()
    page = clerk.goes_to(f"/problems/{problem.pk}/hand-in/")
    page.locator("input[data-photos]").set_input_files(tables["after.jpg"])
    page.locator("label", has_text="清理").click()
    page.locator("details.behalf summary", has_text="代录").click()
    page.get_by_label("替哪个单位").fill(str(problem.lead_unit))
    page.get_by_role("button", name="提交整改").click()
    expect(page.locator("#toasts")).to_contain_text("已提交，等验收")


def test_another_named_person_verifies_and_every_step_is_in_the_timeline(clerk: Clerk) -> None:
    office = Unit.objects.get(kind="office")
    second = Person.objects.create(name="周敏")
    Post.objects.create(person=second, unit=office)
    problem = the_matter()
    page = clerk.goes_to(f"/problems/{problem.pk}/do/pass_fix/")
    page.locator("details.behalf summary", has_text="代录").click()
    page.get_by_label("替谁").fill("周敏")
    page.get_by_role("button", name="通过并销号").click()
    expect(page.locator("#toasts")).to_contain_text("已通过并销号")
    clerk.goes_to(f"/problems/{problem.pk}/")
    past = page.locator("#tabs").inner_text()
    for words in ("周敏", "代录", "提交整改", "派给", "发现"):
        assert words in past, words
    problem.refresh_from_db()
    assert problem.status == "done"
    assert problem.closed_by == second
    assert User.objects.count() == 1  # nobody but the office ever had an account
    assert clerk.complaints == []
