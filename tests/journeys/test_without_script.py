"""With JavaScript switched off the core forms work: file, send, hand in, verify, log in."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.district import District, dispatched, filed, handed_in
from tests.journeys.browser import PHONE, WIDE, Clerk, Office
from weicheng.problems.models import Problem

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("phone") / "after.jpg"
    Image.new("RGB", (800, 600), (40, 120, 70)).save(path, "JPEG")
    return path


def clerk(office: Office, city: District, who: str, width: int) -> Clerk:
    return office.clerk(city.users[who], width, script=False)


def test_a_problem_is_filed(city: District, office: Office, photo: Path) -> None:
    page = clerk(office, city, "检查员", PHONE).goes_to("/problems/new/")
    page.locator("input[name=photos]").set_input_files(photo)
    page.get_by_label("地点").fill("张家沟小区")
    page.locator("label.pick", has_text="垃圾桶满溢").first.click()
    page.locator("button[value=file]").click()
    expect(page.locator("body")).to_contain_text("已上报，等创卫办派单")
    assert Problem.objects.filter(place="张家沟小区", status="new").exists()


def test_an_error_keeps_what_was_typed_and_the_photo(
    city: District, office: Office, photo: Path
) -> None:
    page = clerk(office, city, "检查员", PHONE).goes_to("/problems/new/")
    page.locator("input[name=photos]").set_input_files(photo)
    page.get_by_label("一句话说明").fill("门口两个桶都满了")
    page.locator("button[value=file]").click()
    expect(page.get_by_role("alert")).to_contain_text("处需要修改")
    expect(page.get_by_label("一句话说明")).to_have_value("门口两个桶都满了")
    page.get_by_label("地点").fill("张家沟小区")
    page.locator("label.pick", has_text="垃圾桶满溢").first.click()
    page.locator("button[value=file]").click()
    expect(page.locator("h1")).to_contain_text("是同一个问题？")
    page.get_by_role("button", name="都不是，仍要上报").click()
    filed_now = Problem.objects.get(description="门口两个桶都满了")
    assert filed_now.before_photo_id is not None


def test_the_office_sends_it(city: District, office: Office) -> None:
    problem = filed(city)
    page = clerk(office, city, "创卫办", WIDE).goes_to(f"/workbench/?item={problem.pk}")
    page.get_by_role("button", name="派单", exact=False).first.click()
    expect(page.locator("#toasts")).to_contain_text("已派给环卫局")


def test_the_unit_hands_in(city: District, office: Office, photo: Path) -> None:
    problem = dispatched(city)
    page = clerk(office, city, "环卫局", PHONE).goes_to(f"/problems/{problem.pk}/hand-in/")
    page.locator("input[name=photos]").set_input_files(photo)
    page.locator("label", has_text="清理").click()
    page.get_by_role("button", name="提交整改").click()
    expect(page.locator("body")).to_contain_text("已提交，等验收")


def test_the_inspector_passes_one_and_sends_one_back(city: District, office: Office) -> None:
    good, bad = handed_in(city), handed_in(city)
    page = clerk(office, city, "检查员", PHONE).goes_to("/check/")
    page.locator(f"#p-{good.number} [data-pass]").click()
    expect(page.locator("#toasts")).to_contain_text(f"{good.number} 已通过并销号")
    page.locator(f"#p-{bad.number}").get_by_role("button", name="照片角度不符").click()
    expect(page.locator("#toasts")).to_contain_text(f"{bad.number} 已退回")
    page.get_by_role("button", name="撤销").last.click()
    expect(page.locator("#toasts")).to_contain_text("已恢复原样")


def test_somebody_logs_in_and_out_by_password(city: District, office: Office) -> None:
    user = city.users["环卫局"]
    user.set_password("Hong-ye-2468x")
    user.save()
    page = office.clerk(None, PHONE, script=False).goes_to("/login/")
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill("Hong-ye-2468x")
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{office.base}/mine/")
    page.goto(f"{office.base}/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()
