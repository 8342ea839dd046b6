"""The switches at the foot of the page: language and size, kept from page to page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.district import District, handed_in
from tests.journeys.browser import PHONE, WIDE, Office

pytestmark = pytest.mark.journey
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_english_is_chosen_at_the_foot_and_stays(city: District, office: Office) -> None:
    handed_in(city)
    clerk = office.clerk(city.users["检查员"], WIDE)
    page = clerk.goes_to("/check/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for path in ("/check/", "/problems/", "/problems/new/", "/me/"):
        clerk.goes_to(path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert not CHINESE.search(page.locator("nav").first.inner_text()), path
        assert not CHINESE.search(page.locator("h1").first.inner_text()), path
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert clerk.complaints == []


def test_the_elder_size_enlarges_letters_and_targets(city: District, office: Office) -> None:
    clerk = office.clerk(city.users["环卫局"], PHONE)
    page = clerk.goes_to("/mine/")
    letters = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(letters)
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-size", "elder")
    assert page.evaluate(letters) >= max(24, before)
    for path in ("/mine/", "/problems/", "/problems/new/", "/me/"):
        clerk.goes_to(path)
        assert clerk.wider() == [], path
    assert clerk.barriers() == []
    assert clerk.complaints == []


def test_letters_twice_as_large_lose_nothing(city: District, office: Office) -> None:
    clerk = office.clerk(city.users["检查员"], WIDE)
    for path in ("/check/", "/problems/", "/problems/new/"):
        page = clerk.goes_to(path)
        page.set_viewport_size({"width": 360, "height": 740})  # 400 % of a 1440 px screen
        assert clerk.wider() == [], path
