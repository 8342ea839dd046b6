"""The loop on both screens: office, unit clerk, verifier; sent back, undone; the other district."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.district import District, dispatched, filed, handed_in
from tests.journeys.browser import PHONE, WIDE, Clerk, Office
from weicheng.problems.models import Event, Problem

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a phone's camera gives."""
    path = tmp_path_factory.mktemp("phone") / "IMG_20261203_101112.jpg"
    Image.new("RGB", (1280, 960), (40, 120, 70)).save(path, "JPEG", quality=80)
    return path


@pytest.fixture(scope="module")
def screens(city: District, office: Office) -> Iterator[dict[tuple[str, int], Clerk]]:
    """Who sits before which screen."""
    yield {
        (who, width): office.clerk(city.users[who], width)
        for who, width in (
            ("创卫办", WIDE), ("创卫办", PHONE), ("环卫局", WIDE), ("环卫局", PHONE),
            ("检查员", WIDE), ("检查员", PHONE), ("临江创卫办", WIDE),
        )
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_complains(screens: dict[tuple[str, int], Clerk]) -> Iterator[None]:
    """No console error, no CSP violation, no dialog in any journey."""
    yield
    heard = [words for clerk in screens.values() for words in clerk.complaints]
    for clerk in screens.values():
        clerk.complaints.clear()
    assert heard == []


def status(problem: Problem) -> str:
    return Problem.objects.values_list("status", flat=True).get(pk=problem.pk)


def test_the_office_sends_the_unit_fixes_by_phone_and_the_inspector_verifies(
    city: District, screens: dict[tuple[str, int], Clerk], photo: Path
) -> None:
    problem = filed(city)

    desk = screens["创卫办", WIDE].goes_to(f"/workbench/?item={problem.pk}")
    expect(desk.get_by_role("heading", name="派给谁")).to_be_visible()
    desk.keyboard.press("d")
    expect(desk.get_by_text(f"{problem.number} 已派给环卫局")).to_be_visible()
    assert status(problem) == "run"

    hand = screens["环卫局", PHONE].goes_to("/mine/")
    card = hand.locator("article.job, .thin").filter(has_text=problem.number)
    card.get_by_role("link", name="交整改").tap()  # 1
    with hand.expect_file_chooser() as camera:
        hand.locator("label.shoot-big").tap()  # 2
    camera.value.set_files(photo)
    hand.locator("label", has_text="清理").tap()  # 3
    hand.get_by_role("button", name="提交整改").tap()  # 4
    expect(hand.get_by_text(f"{problem.number} 已提交，等验收")).to_be_visible()
    assert status(problem) == "check"

    look = screens["检查员", PHONE].goes_to("/check/")
    waiting = look.locator("[data-check]").filter(has_text=problem.number)
    expect(waiting.get_by_alt_text("整改后", exact=False)).to_be_visible()
    waiting.locator("[data-pass]").tap()
    expect(look.get_by_text(f"{problem.number} 已通过并销号")).to_be_visible()
    assert status(problem) == "done"

    seen = screens["创卫办", PHONE].goes_to(f"/problems/{problem.pk}/")
    past = seen.locator("#tabs")
    for who, did in (("检查员的人", "发现"), ("创卫办的人", "派给环卫局"), ("环卫局的人", "整改")):
        expect(past.locator("li").filter(has_text=who).filter(has_text=did).first).to_be_visible()


def test_the_same_on_wide_screens(
    city: District, screens: dict[tuple[str, int], Clerk], photo: Path
) -> None:
    problem = dispatched(city)
    clerk = screens["环卫局", WIDE].goes_to(f"/problems/{problem.pk}/")
    clerk.get_by_role("link", name="交整改").first.click()
    clerk.locator("input[data-photos]").set_input_files(photo)
    clerk.locator("label", has_text="清理").click()
    clerk.get_by_role("button", name="提交整改").click()
    expect(clerk.get_by_text("已提交，等验收")).to_be_visible()

    look = screens["检查员", WIDE].goes_to("/check/")
    mine = look.locator("[data-check]").filter(has_text=problem.number)
    mine.locator("[data-pass]").click()
    expect(look.get_by_text(f"{problem.number} 已通过并销号")).to_be_visible()
    assert status(problem) == "done"


def test_what_is_sent_back_returns_to_its_unit_and_ten_seconds_undo_it(
    city: District, screens: dict[tuple[str, int], Clerk]
) -> None:
    problem = handed_in(city)
    look = screens["检查员", WIDE].goes_to(f"/problems/{problem.pk}/")
    look.get_by_role("button", name="未到位").click()
    expect(look.get_by_text(f"{problem.number} 已退回")).to_be_visible()
    assert status(problem) == "run"

    hand = screens["环卫局", PHONE].goes_to("/mine/")
    expect(hand.locator("article.job, .thin").filter(has_text=problem.number)).to_contain_text(
        "退回1次"
    )

    look.get_by_role("button", name="撤销").click()
    expect(look.get_by_text("已恢复原样")).to_be_visible()
    assert status(problem) == "check"


def test_the_unit_that_fixed_finds_no_button_to_verify(
    city: District, screens: dict[tuple[str, int], Clerk]
) -> None:
    problem = handed_in(city)
    clerk = screens["环卫局", WIDE].goes_to(f"/problems/{problem.pk}/")
    assert clerk.get_by_role("button", name="通过", exact=False).count() == 0
    assert (
        screens["环卫局", WIDE].page.request.get(f"{screens['环卫局', WIDE].base}/check/").status
        == 404
    )


def test_the_queue_of_verification_is_worked_by_keyboard(
    city: District, screens: dict[tuple[str, int], Clerk]
) -> None:
    waiting = Problem.objects.filter(status="check").count()
    handed_in(city)
    look = screens["检查员", WIDE].goes_to("/check/")
    look.keyboard.press("j")
    look.keyboard.press("k")
    look.keyboard.press("a")
    expect(look.get_by_text("已通过并销号")).to_be_visible()
    assert Problem.objects.filter(status="check").count() == waiting


def test_the_desk_is_worked_by_keyboard_alone(
    city: District, screens: dict[tuple[str, int], Clerk]
) -> None:
    first, second = filed(city), filed(city)
    clerk = screens["创卫办", WIDE]
    desk = clerk.goes_to(f"/workbench/?item={first.pk}")
    desk.keyboard.press("j")
    desk.keyboard.press("x")  # at once: it is meant for the one that J opens
    expect(desk.get_by_role("heading", name="不予受理")).to_be_visible()
    desk.get_by_role("button", name="不属于创卫范围").press("Enter")
    expect(desk.locator("#toasts")).to_contain_text(second.number)
    assert status(second) == "done"
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+k")
    expect(desk.locator("[data-search]")).to_be_focused()


def test_the_other_district_sees_nothing_of_it(
    city: District, screens: dict[tuple[str, int], Clerk]
) -> None:
    problem = handed_in(city)
    other = screens["临江创卫办", WIDE]
    for path in (
        "/workbench/",
        "/workbench/?queue=check",
        "/check/",
        "/problems/",
        "/today/",
        f"/search/?q={problem.number}",
        "/search/?q=张家沟",
        "/units/",
        "/orders/",
    ):
        other.goes_to(path)
        main = other.page.inner_text("main")
        # the asked words may be repeated, the matter itself may not be shown
        assert "张家沟小区" not in main, path
        assert other.page.locator(f"a[href*='{problem.pk}']").count() == 0, path
    answer = other.page.goto(f"{other.base}/problems/{problem.pk}/")
    assert answer is not None
    assert answer.status == 404
    other.complaints.clear()  # the browser reports the 404 itself
    assert Event.objects.filter(problem=problem).count() == 3
