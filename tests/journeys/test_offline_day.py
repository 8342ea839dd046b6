"""An inspector's day on a phone without a network: everything is kept, sent once, and told so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.district import District, handed_in, op
from tests.inspecting import plan, site, with_sheets
from tests.journeys import pocket
from tests.journeys.browser import PHONE, Clerk, Office, opened
from tests.journeys.looks import SHOTS
from weicheng.fieldwork.models import Sent, Upload
from weicheng.inspections import acts
from weicheng.inspections.models import Found, Visit
from weicheng.inspections.words import PlanKind
from weicheng.places.models import Site
from weicheng.problems.models import Problem

pytestmark = pytest.mark.journey

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
STANDING = {"latitude": 27.2389, "longitude": 111.4679, "accuracy": 8}
OUTSIDE: dict[str, Any] = {
    "geolocation": STANDING, "permissions": ["geolocation", "camera", "microphone"]
}  # fmt: skip
RECEIVED = re.compile(r"已收到（服务器 \d\d:\d\d）")
SITES = ("张家沟小区", "红叶公厕", "建设路小区", "滨河小区", "站前小区", "东风小区")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera that shows a test picture."""
    with opened(*CAMERA) as browser:
        yield browser


@dataclass
class Day:
    """The route of today and the screen of the phone."""

    city: District
    office: Office
    clerk: Clerk
    repaired: Problem
    mine: Page
    photos: int = 0

    @property
    def page(self) -> Page:
        return self.clerk.page

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def shoots(self, kind: str) -> None:
        """A problem in two taps; it is kept before it is said to be kept."""
        self.photos += 1
        self.page.locator("[data-shutter]").click()
        expect(self.page.locator("[data-waits]")).to_contain_text(f"{self.photos}张")
        self.page.locator(f'.chip[data-kind="{kind}"]').click()
        expect(self.page.locator(f'.chip.is-on[data-kind="{kind}"]')).to_be_visible()
        expect(self.page.locator("[data-saved-words]")).to_have_text("已存本机")

    def passes(self) -> str:
        """A site in one tap; returns its name."""
        name = self.page.locator("[data-place]").inner_text()
        self.page.locator("[data-pass]").click()
        expect(self.page.locator("[data-saved-about]")).to_contain_text(name)
        expect(self.page.locator("[data-saved-words]")).to_have_text("已存本机")
        return name

    def badge(self, acts: int, photos: int) -> None:
        """What the strip says that waits."""
        words = f"待传 {acts}件、{photos}张，都存在本机"
        expect(self.page.locator("[data-waits]")).to_have_text(words)

    def shot(self, name: str) -> None:
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"field-{name}-{self.clerk.width}.png")


def opens(office: Office, who: Any, **more: Any) -> Clerk:
    """The field program on somebody's phone, ready to work without a network."""
    clerk = office.clerk(who, PHONE, **OUTSIDE, **more)
    clerk.goes_to("/field/")
    ready(clerk.page)
    expect(clerk.page.locator("body")).to_have_attribute("data-offline", "ready", timeout=90_000)
    return clerk


def ready(page: Page) -> None:
    """The page has read its database and drawn itself."""
    expect(page.locator("body")).to_have_attribute("data-ready", "1")
    expect(page.locator("[data-video]")).to_have_js_property("paused", value=False)


@pytest.fixture(scope="module")
def day(city: District, office: Office) -> Day:
    """A route of six sites, one repair to be looked at, the page loaded once."""
    with_sheets(city)
    for number, name in enumerate(SITES[1:], 1):
        kind = "toilet" if name.endswith("公厕") else "estate"
        site(city, name, kind, at=(27.2389 + number / 1000, 111.4679))
    plan(city, sites=SITES, title="张家沟片区")
    repaired = handed_in(city)
    clerk = opens(office, city.users["检查员"])
    mine = clerk.page.context.new_page()
    mine.goto(f"{clerk.base}/me/")
    clerk.page.bring_to_front()
    return Day(city, office, clerk, repaired, mine)


def test_a_day_without_a_network_is_kept_and_then_received_once(day: Day) -> None:
    page = day.page
    expect(page.locator("[data-title]")).to_have_text("张家沟片区")
    expect(page.locator("[data-count]")).to_have_text("0/6 点位")
    day.context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator("[data-reach]")).to_have_text("离线")
    works_through(day)
    day.badge(7, 5)
    cannot_leave(day)
    killed_and_opened_again(day)
    day.badge(7, 5)
    all_is_received(day)
    stands_on_the_server_once(day)


def works_through(day: Day) -> None:
    """Three problems, one with a second photo, three sites, one repair."""
    page = day.page
    for kind in ("bin", "cable", "road"):
        day.shoots(kind)
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-saved-about]")).to_contain_text("路面破损，2张")
    day.shot("saved")
    day.photos += 1
    for _ in range(3):
        day.passes()
    expect(page.locator("[data-count]")).to_have_text("3/6 点位")
    page.locator("[data-open-near]").click()
    expect(page.locator("#near-list")).to_contain_text(day.repaired.number)
    day.shot("near")
    page.locator("[data-answer=fixed]").click()
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-saved-about]")).to_have_text("已改，1张")
    assert day.clerk.barriers() == []
    assert day.clerk.wider() == []
    assert day.clerk.english() == set()


def cannot_leave(day: Day) -> None:
    """The log-out of another page says no while something waits."""
    page = day.mine
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("alert")).to_contain_text("本机还有7件没有传完，先传完再退出。")
    assert page.url.endswith("/me/")
    page.close()


def killed_and_opened_again(day: Day) -> None:
    page = day.page
    page.close()
    fresh = day.context.new_page()
    day.clerk.page = fresh
    day.clerk.__post_init__()
    fresh.goto(f"{day.clerk.base}/field/")
    ready(fresh)
    fresh.locator("[data-open-queue]").click()
    expect(fresh.locator("[data-waiting] li")).to_have_count(7)
    expect(fresh.locator("[data-waiting] .state").first).to_have_text("已存本机")
    day.shot("queue")
    assert day.clerk.barriers() == []
    fresh.locator("#queue [data-closes]").click()


def all_is_received(day: Day) -> None:
    page = day.page
    day.context.set_offline(False)
    page.locator("[data-open-queue]").click()
    page.locator("[data-send-all]").click()
    states = page.locator("[data-received] .state")
    expect(states).to_have_count(7, timeout=30_000)
    for words in states.all_inner_texts():
        assert RECEIVED.fullmatch(words), words
    expect(page.locator("[data-waiting] li")).to_have_count(0)
    day.shot("received")
    page.locator("#queue [data-closes]").click()
    expect(page.locator("[data-waits]")).to_have_text(RECEIVED)


def stands_on_the_server_once(day: Day) -> None:
    assert Sent.objects.count() == 7
    assert set(Sent.objects.values_list("state", flat=True)) == {"received"}
    assert Upload.objects.count() == Upload.objects.filter(state="received").count() == 5
    assert Visit.objects.count() == 3
    kinds = sorted(Found.objects.values_list("kind", flat=True))
    assert kinds == ["bin", "cable", "road"]
    assert Found.objects.get(kind="road").photos.count() == 2
    problem = Problem.objects.get(pk=day.repaired.pk)
    assert problem.status == "done"


def test_somebody_else_on_the_same_phone_neither_sees_nor_sends_what_waits(day: Day) -> None:
    clerk = opens(day.office, day.city.users["检查员"])
    page, context = clerk.page, clerk.page.context
    before = Sent.objects.count()
    context.set_offline(True)
    page.locator("[data-pass]").click()
    expect(page.locator("[data-waits]")).to_have_text("待传 1件、0张，都存在本机")
    page.close()
    context.clear_cookies()
    day.office.signs_in(context, day.city.users["张家沟"])
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{clerk.base}/field/")
    ready(page)
    expect(page.locator("body")).to_have_attribute("data-unsent", "0")
    expect(page.locator("[data-strip]")).to_be_hidden()
    expect(page.locator("[data-who]")).to_contain_text("张家沟的人")
    page.goto(f"{clerk.base}/me/")  # their own log-out is not refused
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()
    assert Sent.objects.count() == before
    day.office.signs_in(context, day.city.users["检查员"])
    page.goto(f"{clerk.base}/field/")
    ready(page)
    expect(page.locator("[data-waits]")).to_have_text(RECEIVED, timeout=40_000)
    assert Sent.objects.count() == before + 1


def test_a_phone_that_threw_the_queue_away_says_so_at_the_next_start(day: Day) -> None:
    clerk = opens(day.office, day.city.users["检查员"])
    page = clerk.page
    page.context.set_offline(True)
    page.locator("[data-pass]").click()
    expect(page.locator("body")).to_have_attribute("data-unsent", "1")
    page.evaluate("indexedDB.deleteDatabase('weicheng-field-' + document.body.dataset.user)")
    page.reload()
    ready(page)
    expect(page.locator("[data-warning]")).to_contain_text("手机系统清掉了本机未上传的内容")


def test_a_plate_read_by_the_phone_opens_its_site_without_a_network_too(day: Day) -> None:
    place = day.city.sites[SITES[3]]
    Site.objects.filter(pk=place.pk).update(external_id="DW-0031")
    clerk = opens(day.office, day.city.users["检查员"])
    page = clerk.page
    page.context.set_offline(True)
    page.goto(f"{clerk.base}/field/?site={place.pk}")
    ready(page)
    expect(page.locator("[data-place]")).to_have_text(SITES[3])
    assert "site=" not in page.url
    page.locator("[data-open-list]").click()
    page.get_by_role("button", name=SITES[1]).first.click()
    expect(page.locator("[data-place]")).to_have_text(SITES[1])
    page.locator("[data-open-places]").click()
    page.locator("[data-plate]").fill("ｄｗ-0031")  # as a Chinese keyboard writes it
    page.locator("[data-plate]").press("Enter")
    expect(page.locator("[data-place]")).to_have_text(SITES[3])


HOARD = """(bytes) => new Promise((done, refuse) => {
  const asked = indexedDB.open('weicheng-field-' + document.body.dataset.user);
  asked.onerror = () => refuse(asked.error);
  asked.onsuccess = () => {
    const work = asked.result.transaction('photos', 'readwrite');
    const photo = {sha256: 'f'.repeat(64), act: null, kept_at: Date.now(), size: bytes,
                   bytes: new Uint8Array(bytes)};
    work.objectStore('photos').put(photo);
    work.oncomplete = () => { asked.result.close(); done(); };
    work.onerror = () => refuse(work.error);
  };
})"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "millions", "said", "photos"),
    [
        (None, 36, "待传照片较多，请尽快到有网络的地方上传", "2张"),
        (None, 46, "待传照片较多，请尽快到有网络的地方上传", "2张"),
        (IPHONE, 46, "先上传再拍；合格和勾选仍可记录", "1张"),
    ],
)
def test_a_phone_that_hoards_photos_is_warned_and_an_iphone_keeps_words_only(
    day: Day, agent: str | None, millions: int, said: str, photos: str
) -> None:
    more = {"user_agent": agent} if agent else {}
    page = opens(day.office, day.city.users["检查员"], **more).page
    page.context.set_offline(True)
    page.evaluate(HOARD, millions * 1_000_000)
    page.reload()
    ready(page)
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-warning]")).to_contain_text(said)
    expect(page.locator("[data-waits]")).to_contain_text(photos)


def test_a_server_whose_disk_is_full_is_told_and_everything_waits_on_the_phone(day: Day) -> None:
    page = pocket.opens(day.office, day.city.users["检查员"], **OUTSIDE).page
    ready(page)
    full = {"status": 507, "content_type": "application/json", "body": "{}"}
    page.context.route("**/field/photos**", lambda route: route.fulfill(**full))
    before = Found.objects.count()
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-waits]")).to_contain_text("1张")
    page.locator('.chip[data-kind="road"]').click()
    page.locator("[data-open-queue]").click()
    page.locator("[data-send-all]").click()  # else a further photo of it is waited for
    expect(page.locator("dialog[open]")).to_contain_text(
        "服务器存储已满，已保存在本机，稍后自动重传"
    )
    page.context.unroute("**/field/photos**")
    page.locator("[data-send-all]").click()
    page.locator("dialog[open] [data-closes]").first.click()
    expect(page.locator("[data-waits]")).to_have_text(RECEIVED, timeout=60_000)
    assert Found.objects.count() == before + 1


def test_a_sealed_route_shows_nothing_but_its_seal_until_the_leader_breaks_it(day: Day) -> None:
    city = day.city
    plan(city, PlanKind.UNDERCOVER, sites=SITES[4:], broken=False)
    page = opens(day.office, city.users["检查员"]).page
    page.locator("[data-open-list]").click()
    page.get_by_role("button", name="旬暗访一").click()
    page.locator("#places [data-closes]").click()
    expect(page.locator("[data-title]")).to_have_text("暗访")
    expect(page.locator("[data-shutter]")).to_be_hidden()
    assert not any(name in page.inner_text("main") for name in SITES[4:])
    page.locator("[data-unseal]").click()
    expect(page.locator("[data-count]")).to_have_text("0/2 点位")
    expect(page.locator("[data-place]")).to_have_text(SITES[4])


def test_the_phone_opens_on_the_route_that_is_not_finished(day: Day) -> None:
    city, yesterday = day.city, timezone.localdate() - timedelta(days=1)
    over = plan(city, PlanKind.MONTHLY, sites=SITES[:1], day=yesterday)
    look = acts.Look(site=city.sites[SITES[0]], stop=over.stops.get())
    acts.record_visit(by=city.users["检查员"], look=look, op_id=op())
    page = opens(day.office, city.users["检查员"]).page
    page.locator("[data-open-list]").click()
    expect(page.get_by_role("button", name=over.title)).to_be_visible()
    page.locator("#places [data-closes]").click()
    expect(page.locator("[data-title]")).not_to_have_text(over.title)
