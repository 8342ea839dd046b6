"""The menu offers exactly what its reader may open."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from weicheng.frame import navigation
from weicheng.frame.audience import audience


@audience("office", "leader")
def today(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@audience("office", "unit")
def listed(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@audience("signed_in")
def mine(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", include(([path("", today, name="today")], "command"))),
    path("problems/", include(([path("", listed, name="list")], "problems"))),
    path("me/", include(([path("", mine, name="me")], "people"))),
]


@pytest.fixture(autouse=True)
def small_world() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def user(role: str) -> Any:
    return SimpleNamespace(is_authenticated=True, role=role)


def keys(role: str, at: str = "/") -> list[str]:
    return [entry.key for _item, entry in navigation.shown(user(role), at)]


def test_items_without_an_address_are_skipped() -> None:
    assert keys("office") == ["today", "problems", "me"]


def test_items_of_other_roles_are_not_shown() -> None:
    assert keys("unit") == ["problems", "me"]
    assert keys("auditor") == ["me"]


def test_the_open_page_is_marked_once() -> None:
    marked = [e.key for _i, e in navigation.shown(user("office"), "/problems/") if e.is_on]
    assert marked == ["problems"]


def test_each_role_has_a_first_page() -> None:
    assert navigation.home(user("leader")) == "/"
    assert navigation.home(user("unit")) == "/problems/"
    assert navigation.home(user("security")) == "/me/"


def test_the_phone_s_bar_has_at_most_four_and_ends_with_mine() -> None:
    pairs = list(navigation.shown(user("office"), "/"))
    bar = navigation.phone_bar(pairs * 3)
    assert len(navigation.phone_bar(pairs)) <= 4
    assert bar[-1].key == "me"


def test_a_counter_stands_beside_its_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(navigation.COUNTERS, "problems", lambda asking: 7)
    shown = {entry.key: entry.count for _item, entry in navigation.shown(user("office"), "/")}
    assert shown == {"today": None, "problems": 7, "me": None}
