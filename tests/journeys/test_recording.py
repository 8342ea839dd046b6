"""What the field program writes down, and where it says one stands: moves, full disks, two people
on one phone, hidden rounds, notes, old tasks, plates, and pictures from the album."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.district import District
from tests.inspecting import plan, site, with_sheets
from tests.journeys.browser import PHONE, Clerk, Office, opened
from tests.journeys.phones import (
    FULL_DISK,
    PLACES,
    REWRITE,
    SLOW_FIX,
    chooses,
    passes,
    picture,
    rows,
    shoots,
    shot,
    speaks,
    stands_at,
)  # fmt: skip
from tests.journeys.test_offline_day import CAMERA, RECEIVED, SITES, opens, ready
from weicheng.inspections.models import Plan, Visit
from weicheng.inspections.words import PlanKind
from weicheng.places.models import Site

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera and a microphone that make something up."""
    with opened(*CAMERA) as browser:
        yield browser


@pytest.fixture(scope="module")
def laid(city: District) -> District:
    """Six sites with their check sheets."""
    with_sheets(city)
    for name, at in PLACES.items():
        site(city, name, "toilet" if name.endswith("公厕") else "estate", at=at)
    return city


@pytest.fixture
def daily(laid: District) -> Iterator[Plan]:
    """Today's open route of all sites."""
    row = plan(laid, sites=SITES, title="张家沟片区")
    yield row
    forget(row)


def forget(row: Plan) -> None:
    """The next test plans its own day."""
    Plan.objects.filter(pk=row.pk).update(state="draft", open=True)


@pytest.fixture
def phone(office: Office, laid: District, daily: Plan) -> Clerk:
    """The inspector's phone, without a network from now on."""
    clerk = opens(office, laid.users["检查员"])
    clerk.page.context.set_offline(True)
    return clerk


def test_each_pass_is_of_another_site_however_old_the_last_fix_is(phone: Clerk) -> None:
    page = phone.page
    page.close()
    page = phone.page = page.context.new_page()
    stands_at(page, SITES[1])
    page.clock.install()
    page.goto(f"{phone.base}/field/")
    ready(page)
    expect(page.locator("[data-place]")).to_have_text(SITES[1])
    page.clock.fast_forward(20 * 60_000)
    done = {passes(page) for _ in range(3)}
    assert len(done) == 3 and SITES[1] in done
    assert len({act["body"]["site"] for act in rows(page)}) == 3


def test_a_second_tap_in_the_same_moment_passes_no_second_site(phone: Clerk) -> None:
    page = phone.page
    passes(page)
    page.evaluate("document.querySelector('[data-pass]').click()")
    expect(page.locator("[data-saved-words]")).to_have_text("地点刚换了，看一眼再按")
    assert len(rows(page)) == 1


def test_the_place_follows_the_shutter_and_says_so(phone: Clerk) -> None:
    page = phone.page
    expect(page.locator("[data-place]")).not_to_have_text(SITES[3])
    stands_at(page, SITES[3])
    time.sleep(11)  # a fix of the last ten seconds is taken as it is
    shoots(page, 1)
    expect(page.locator("[data-place]")).to_have_text(SITES[3])
    expect(page.locator("[data-moved]")).to_have_text(f"地点换成：{SITES[3]}")
    shot(phone, "moved")
    assert phone.barriers() == [] and phone.wider() == []
    chooses(page, "bin")
    (act,) = rows(page)
    assert act["place"] == SITES[3]
    assert act["body"]["lat"] == pytest.approx(PLACES[SITES[3]][0])


def test_a_problem_whose_chip_was_quicker_than_the_satellites_moves_with_the_place(
    phone: Clerk,
) -> None:
    page = phone.page
    before = page.locator("[data-place]").inner_text()
    assert before != SITES[3]
    page.evaluate(SLOW_FIX, 4_000)
    stands_at(page, SITES[3])
    time.sleep(11)
    shoots(page, 1)
    chooses(page, "bin")
    expect(page.locator("[data-place]")).to_have_text(before)
    expect(page.locator("[data-pass-words]")).to_have_text("查完")
    expect(page.locator("[data-place]")).to_have_text(SITES[3])
    expect(page.locator("[data-pass-words]")).to_have_text("查完")
    (act,) = rows(page)
    assert act["place"] == act["body"]["place"] == SITES[3]
    expect(page.locator("[data-moved]")).to_be_hidden()
    passes(page)
    found, look = sorted(rows(page), key=lambda act: str(act["type"]))
    assert found["body"]["visit_op"] == look["op_id"]
    assert found["body"]["stop"] == look["body"]["stop"] is not None


def test_what_could_not_be_written_is_neither_counted_nor_lost(phone: Clerk) -> None:
    page = phone.page
    shoots(page, 1)
    before = page.locator("[data-place]").inner_text()
    page.evaluate(FULL_DISK)
    page.locator("[data-pass]").click()
    expect(page.locator("[data-warning]")).to_contain_text("没有存下")
    page.locator('.chip[data-kind="bin"]').click()
    expect(page.locator("[data-saved-words]")).to_have_text("已拍1张，点一个类型")
    expect(page.locator("[data-count]")).to_have_text("0/6 点位")
    expect(page.locator("[data-place]")).to_have_text(before)
    expect(page.locator("[data-pass-words]")).to_have_text("合格")
    shot(phone, "not-kept")
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    chooses(page, "bin")
    expect(page.locator("[data-warning]")).to_be_hidden()
    (act,) = rows(page)
    assert len(act["photos"]) == 1 and act["type"] == "finding"


def test_a_database_that_was_closed_is_told_when_a_site_is_passed(phone: Clerk) -> None:
    page = phone.page
    closed = "() => { throw new DOMException('closed', 'InvalidStateError'); }"
    page.evaluate(f"() => {{ IDBDatabase.prototype.transaction = {closed}; }}")
    page.locator("[data-pass]").click()
    expect(page.locator("[data-warning]")).to_have_text(
        "没有存下，请再做一次；还不行，刷新页面再试"
    )
    expect(page.locator("[data-count]")).to_have_text("0/6 点位")


def test_the_kept_page_of_one_person_is_not_opened_for_the_next_who_signed_in(
    phone: Clerk, laid: District
) -> None:
    page = phone.page
    expect(page.locator("[data-who]")).to_contain_text("检查员的人")
    shoots(page, 1)
    other = laid.users["张家沟"]
    later = int(time.time() * 1000) + 1000
    page.context.add_cookies(
        [{"name": "weicheng_signed_in", "value": f"{other.pk}.{later}", "url": phone.base}]
    )
    page.locator('.chip[data-kind="bin"]').click()  # begins anew instead
    expect(page.locator("[data-who]")).to_have_text("")
    ready(page)
    expect(page.locator("[data-title]")).to_have_text("现场检查")
    expect(page.locator("[data-count]")).to_have_text("")
    expect(page.locator("body")).to_have_attribute("data-unsent", "0")
    assert rows(page) == []  # those of the first person, untouched
    page.context.clear_cookies(name="weicheng_signed_in")
    page.reload()
    ready(page)
    expect(page.locator("[data-who]")).to_contain_text("检查员的人")
    expect(page.locator("[data-saved-words]")).to_have_text("已拍1张，点一个类型")


def test_a_problem_takes_nine_shots_and_one_can_be_left_out(phone: Clerk) -> None:
    page = phone.page
    for n in range(1, 10):
        shoots(page, n)
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-saved-words]")).to_have_text("一件最多9张，先点一个类型")
    shot(phone, "nine")
    page.locator("[data-drop-last]").click()
    expect(page.locator("[data-waits]")).to_contain_text("8张")
    shoots(page, 9)
    chooses(page, "road")
    assert [len(act["photos"]) for act in rows(page)] == [9]


def test_a_note_belongs_to_one_problem_for_ever(phone: Clerk) -> None:
    page = phone.page
    speaks(page)
    expect(page.locator("[data-saved-words]")).to_have_text("语音已存本机，随下一件问题上传")
    shoots_anyway(page)
    chooses(page, "bin")
    page.locator("[data-voice]").click()
    expect(page.locator("[data-saved-words]")).to_have_text("一件只带一段语音，这件已经有了")
    page.reload()
    ready(page)
    shoots(page, 1)
    chooses(page, "road")
    speaks(page)
    expect(page.locator("[data-saved-words]")).to_have_text("语音已存本机")
    acts = {act["body"]["kind"]: act for act in rows(page)}
    notes = [row for row in rows(page, "photos") if row["purpose"] == "voice"]
    assert {note["sha256"]: note["act"] for note in notes} == {
        acts[kind]["body"]["voice"]: acts[kind]["op_id"] for kind in ("bin", "road")
    }
    assert len(notes) == 2


def shoots_anyway(page: Page) -> None:
    """The shutter, while the bar still says something else."""
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-waits]")).to_contain_text("2张")


def test_shots_without_a_kind_go_with_the_site_that_passes_and_come_back_by_undo(
    phone: Clerk,
) -> None:
    page = phone.page
    shoots(page, 1)
    name = passes(page)
    expect(page.locator("[data-saved-about]")).to_have_text(f"合格 {name}，1张")
    shot(phone, "passed")
    page.locator("[data-undo]").click()
    expect(page.locator("[data-count]")).to_have_text("0/6 点位")
    assert rows(page) == [] and len(rows(page, "photos")) == 1
    time.sleep(6)  # the words 已撤销 stand for a while
    page.reload()
    ready(page)
    expect(page.locator("[data-saved-words]")).to_have_text("已拍1张，点一个类型")
    passes(page)
    visits = Visit.objects.count()
    page.context.set_offline(False)
    page.locator("[data-open-queue]").click()
    page.locator("[data-send-all]").click()
    page.locator("#queue [data-closes]").click()
    expect(page.locator("[data-waits]")).to_have_text(RECEIVED, timeout=60_000)
    assert Visit.objects.count() == visits + 1
    assert Visit.objects.order_by("-received_at")[0].photos.count() == 1


def test_a_hidden_round_takes_its_own_stops_and_what_is_on_no_route(
    office: Office, laid: District
) -> None:
    open_ = plan(laid, sites=SITES[:2], title="张家沟片区")
    hidden = plan(laid, PlanKind.UNDERCOVER, sites=SITES[3:4])
    phone = opens(office, laid.users["检查员"])
    page = phone.page
    page.context.set_offline(True)
    expect(page.locator("[data-title]")).to_have_text("张家沟片区")
    for name, kind in ((SITES[3], "bin"), (SITES[5], "road"), (SITES[1], "cable")):
        page.locator("[data-open-places]").click()
        page.locator("[data-search]").fill(name)
        page.locator("[data-sites] button").first.click()
        expect(page.locator("[data-place]")).to_have_text(name)
        shoots(page, 1)
        chooses(page, kind)
    acts = {act["place"]: act["body"] for act in rows(page)}
    stop = str(hidden.stops.get().pk)
    assert (acts[SITES[3]]["plan"], acts[SITES[3]]["stop"]) == (str(hidden.pk), stop)
    assert (acts[SITES[5]]["plan"], acts[SITES[5]]["stop"]) == (str(hidden.pk), None)
    assert acts[SITES[1]]["plan"] == str(open_.pk)
    for row in (open_, hidden):
        forget(row)


def test_a_sealed_round_alone_hinders_no_other_work(office: Office, laid: District) -> None:
    hidden = plan(laid, PlanKind.UNDERCOVER, sites=SITES[4:], broken=False)
    phone = opens(office, laid.users["检查员"])
    page = phone.page
    expect(page.locator("[data-unseal]")).to_be_visible()
    assert phone.barriers() == [] and phone.wider() == []
    shot(phone, "seal")
    shoots(page, 1)
    chooses(page, "bin")
    page.locator("[data-unseal]").click()
    expect(page.locator("[data-count]")).to_have_text("0/2 点位")
    expect(page.locator("[data-unseal]")).to_be_hidden()
    forget(hidden)


def test_old_tasks_say_so_and_a_round_that_is_over_is_gone(
    office: Office, laid: District, daily: Plan
) -> None:
    hidden = plan(laid, PlanKind.UNDERCOVER, sites=SITES[3:4])
    phone = opens(office, laid.users["检查员"])
    page = phone.page
    page.context.set_offline(True)
    expect(page.locator("[data-age]")).to_contain_text("更新")
    yesterday = timezone.localtime() - timedelta(days=1)
    page.evaluate(REWRITE, {"made": yesterday.isoformat(), "until": yesterday.date().isoformat()})
    page.reload()
    ready(page)
    expect(page.locator("[data-age]")).to_have_text(f"任务是{yesterday:%m-%d}的，联网后更新")
    shot(phone, "old")
    page.locator("[data-open-list]").click()
    assert hidden.title not in page.locator("#places").inner_text()
    assert phone.barriers() == [] and phone.wider() == []
    forget(hidden)


def test_a_plate_that_the_phone_does_not_have_is_looked_up_where_there_is_a_line(
    phone: Clerk, laid: District
) -> None:
    page = phone.page
    place = laid.sites.get("新开小区") or site(laid, "新开小区", at=(27.3, 111.5))
    Site.objects.filter(pk=place.pk).update(external_id="DW-0990")
    page.locator("[data-open-places]").click()
    page.locator("[data-plate]").fill("DW-0990")
    page.locator("[data-plate]").press("Enter")
    expect(page.locator("[data-plate-wrong]")).to_contain_text("有网络时再试")
    page.context.set_offline(False)
    page.locator("[data-plate]").press("Enter")
    expect(page.locator("[data-place]")).to_have_text("新开小区")
    page.locator("[data-open-places]").click()
    page.locator("[data-plate]").fill("DW-none")
    page.locator("[data-plate]").press("Enter")
    expect(page.locator("[data-plate-wrong]")).to_contain_text("您的辖区里没有")


def test_a_picture_from_the_album_takes_neither_the_place_nor_the_time_of_now(
    office: Office, laid: District, daily: Plan
) -> None:
    at = {"latitude": 27.2399, "longitude": 111.4679, "accuracy": 8}
    phone = office.clerk(laid.users["检查员"], PHONE, geolocation=at, permissions=["geolocation"])
    phone.page.add_init_script("delete MediaDevices.prototype.getUserMedia")
    phone.goes_to("/field/")
    page = phone.page
    expect(page.locator("body")).to_have_attribute("data-ready", "1")
    expect(page.locator("[data-place]")).to_have_text(SITES[1])
    page.context.set_offline(True)
    for n, (taken, album) in enumerate(
        ((f"{timezone.localtime():%Y:%m:%d %H:%M:%S}", False), ("2025:01:02 03:04:05", True)), 1
    ):
        with page.expect_file_chooser() as chooser:
            page.locator("[data-shutter]").click()
        data = picture(taken, "red" if album else "blue")
        chooser.value.set_files([FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=data)])
        expect(page.locator("[data-waits]")).to_contain_text(f"{n}张")
        if album:
            expect(page.locator("[data-saved-words]")).to_contain_text("从相册选的照片")
    found = {row["album"]: row for row in rows(page, "photos")}
    assert found[False]["lat"] is not None
    assert found[True]["lat"] is None and found[True]["settled"]
    assert found[True]["taken_at"] == "2025-01-01T19:04:05.000Z"
    shot(phone, "album")


def test_the_log_out_lets_the_storage_be_emptied_only_when_nothing_of_anybody_waits(
    phone: Clerk, laid: District, office: Office
) -> None:
    page, context = phone.page, phone.page.context
    passes(page)
    context.clear_cookies()
    office.signs_in(context, laid.users["张家沟"])
    context.set_offline(False)
    assert "clear_storage" not in leaves(page, phone.base)
    office.signs_in(context, laid.users["检查员"])
    page.goto(f"{phone.base}/field/")
    ready(page)
    expect(page.locator("[data-waits]")).to_have_text(RECEIVED, timeout=60_000)
    assert "clear_storage" in leaves(page, phone.base)


def leaves(page: Page, base: str) -> str:
    """Logs out; what the browser told the server then."""
    page.goto(f"{base}/me/")
    with page.expect_request("**/logout/") as asked:
        page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()
    return asked.value.post_data or ""
