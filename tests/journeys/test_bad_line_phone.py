"""The phone's own program over a bad line: lost requests, lost answers, gateways, a page that is
closed half-way, two tabs, a session that ends. Everything arrives, once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Route

from tests.district import District
from tests.inspecting import with_sheets
from tests.journeys import pocket
from tests.journeys.browser import Clerk, Office
from weicheng.evidence.models import Attachment
from weicheng.fieldwork.models import Held, Piece, Sent, Upload
from weicheng.inspections.models import Found
from weicheng.problems.models import Photo, Problem

pytestmark = pytest.mark.journey

PROBLEMS, PHOTOS = 20, 60
LARGE = 150_000  # bytes: takes two pieces


@dataclass
class BadLine:
    """Loses one request in eight and one answer in eight; a gateway answers one in twenty."""

    dice: random.Random = field(default_factory=lambda: random.Random(7))
    asked: int = 0
    lost: int = 0

    def __call__(self, route: Route) -> None:
        self.asked += 1
        chance = self.dice.random()
        if chance < 0.25:
            self.lost += 1
            if chance < 0.125:
                route.fetch()  # the server did it; the phone does not hear so
            route.abort("connectionreset")
        elif chance < 0.3:
            route.fulfill(status=502, content_type="text/html", body="<h1>502</h1>")
        else:
            route.continue_()


def reopened(clerk: Clerk) -> None:
    """The page is killed in the middle and opened again; the line is whole for that long."""
    context = clerk.page.context
    clerk.page.close()
    clerk.page = context.new_page()
    pocket.at_field(clerk)


def until(page: Any, photos: int) -> None:
    """Until the server has this many photos."""
    for _ in range(400):
        if Upload.objects.filter(state="received").count() >= photos:
            return
        pocket.hurries(page)
        page.wait_for_timeout(150)
    raise AssertionError(f"{Upload.objects.count()} photos")


def test_twenty_problems_and_sixty_photos_arrive_once_over_a_bad_line(
    city: District, office: Office
) -> None:
    with_sheets(city)
    inspector = city.users["检查员"]
    clerk = pocket.opens(office, inspector)
    context, line = clerk.page.context, BadLine()
    context.set_offline(True)
    for n in range(PROBLEMS):
        pocket.keeps(clerk.page, n, photos=3, size=LARGE if n < 3 else 4_000)
    context.route("**/field/acts", line)
    context.route("**/field/photos**", line)
    context.route("**/field/token", line)
    context.set_offline(False)
    until(clerk.page, 12)
    reopened(clerk)
    second = context.new_page()  # a second tab of the same program
    second.goto(f"{clerk.base}/field/")
    until(clerk.page, 30)
    context.clear_cookies()  # the session ends
    clerk.page.locator("body.signed-out").wait_for()
    assert pocket.waits(clerk.page)[0]
    office.signs_in(context, inspector)
    pocket.until_empty(clerk.page, seconds=90)
    assert line.lost > 15
    arrived_once()


def arrived_once() -> None:
    assert Sent.objects.count() == Found.objects.count() == Problem.objects.count() == PROBLEMS
    assert set(Sent.objects.values_list("state", "missing__len")) == {("received", 0)}
    assert Upload.objects.filter(state="received").count() == Upload.objects.count() == PHOTOS
    assert Attachment.objects.count() == Photo.objects.count() == PHOTOS
    assert {found.photos.count() for found in Found.objects.all()} == {3}
    assert not Held.objects.exists() and not Piece.objects.exists()
