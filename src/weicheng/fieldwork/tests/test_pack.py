"""What the phone takes along: routes, sheets, what waits; sealed routes show nothing."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.district import District, filed, handed_in, op
from tests.inspecting import plan as planned
from tests.inspecting import site as new_site

from weicheng.fieldwork import packing
from weicheng.fieldwork.tests.phone import Phone
from weicheng.inspections.models import LookBack, Ruling
from weicheng.people.models import User
from weicheng.places.models import Site
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Problem


def packed(phone: Phone) -> dict[str, Any]:
    found: dict[str, Any] = phone.client.get("/field/pack").json()
    return found


def test_the_route_of_today_with_what_was_seen_before(d: District, phone: Phone) -> None:
    filed(d)
    planned(d)
    phone.do("visit", {"site": str(d.sites["张家沟小区"].pk), "failed": ["estate-02"]})
    pack = packed(phone)
    (route,) = pack["routes"]
    assert route["leads"] and not route["sealed"] and not route["hidden"]
    (stop,) = route["stops"]
    assert stop["name"] == "张家沟小区" and stop["last"]["outcome"] == "fail"
    assert stop["worst"][0] == "estate-02" and len(stop["open"]) == 1
    assert "bin" in stop["chips"]
    assert stop["done"]  # an own look ends it, whether it named the stop or not
    assert [c["key"] for c in pack["sheets"]["estate"]] == ["estate-01", "estate-02", "estate-03"]
    assert pack["kinds"][0].keys() == {"key", "name", "short"}
    assert pack["csrf"] and pack["user"]["id"] == str(phone.user.pk)


def test_a_stop_that_was_looked_at_is_done(d: District, phone: Phone) -> None:
    stop = planned(d).stops.get()
    phone.do("visit", {"site": str(stop.site_id), "stop": str(stop.pk)})
    assert packed(phone)["routes"][0]["stops"][0]["done"]


def test_a_sealed_route_shows_no_stops_to_anybody(d: District, phone: Phone) -> None:
    planned(d, "undercover", broken=False)
    (route,) = packed(phone)["routes"]
    assert route["sealed"] and route["hidden"] and route["stops"] == []
    assert packed(Phone(d.office))["routes"] == []


def test_an_opened_route_is_seen_by_its_team_alone(d: District, phone: Phone) -> None:
    planned(d, "undercover", broken=True)
    assert len(packed(phone)["routes"][0]["stops"]) == 1
    assert packed(Phone(d.users["红叶镇"]))["routes"] == []


def test_what_waits_to_be_verified_and_looked_at_again(d: District, phone: Phone) -> None:
    waits = handed_in(d)
    closed = handed_in(d)
    problem_acts.pass_fix(problem=closed, level="onsite", by=d.office, op_id=op())
    closed.refresh_from_db()
    assert closed.closed_at is not None
    LookBack.objects.create(
        problem=closed, closed_at=closed.closed_at, day=3, due_on=timezone.localdate(),
        not_by=d.office.person,
    )  # fmt: skip
    pack = packed(phone)
    assert [row["problem"] for row in pack["accept"]] == [str(waits.pk)]
    assert pack["accept"][0]["version"] == waits.version
    assert [row["problem"] for row in pack["look_backs"]] == [str(closed.pk)]


def test_who_verifies_on_the_phone_is_told_of_doubtful_photos(d: District, phone: Phone) -> None:
    assert [row["doubts"] for row in packed(phone)["accept"]] == []
    first, second = (handed_in(d) for _n in range(2))  # with the same picture
    told = {row["problem"]: row["doubts"] for row in packed(phone)["accept"]}
    assert told[str(first.pk)] == []
    (doubt,) = told[str(second.pk)]
    assert doubt["words"] == f"这张照片在{first.number}用过"
    for address in (doubt["photo"], doubt["twin"]):
        assert phone.client.get(address).status_code == 200


def test_unfinished_stops_of_earlier_days_are_on_the_phone_s_route_with_their_own_plan(
    d: District, phone: Phone
) -> None:
    new_site(d, "红叶小区")
    before = planned(d, sites=("红叶小区",), day=timezone.localdate() - timedelta(days=5))
    today = planned(d, title="今天的")
    (route,) = packed(phone)["routes"]
    assert (route["plan"], route["title"]) == (str(today.pk), "今天的")
    stops = {stop["name"]: stop for stop in route["stops"]}
    assert stops["红叶小区"]["carried"] and stops["红叶小区"]["plan"] == str(before.pk)
    assert not stops["张家沟小区"]["carried"] and stops["张家沟小区"]["plan"] == str(today.pk)
    today.delete()
    (left,) = packed(phone)["routes"]
    assert [stop["name"] for stop in left["stops"]] == ["红叶小区"]
    assert left["until"] == timezone.localdate().isoformat()


def test_every_route_says_until_when_it_runs(d: District, phone: Phone) -> None:
    planned(d, "undercover", broken=False)
    planned(d)
    last = (timezone.localdate() + timedelta(days=2)).isoformat()
    assert [route["until"] for route in packed(phone)["routes"]] == [last, last]


def test_repairs_on_the_route_come_first_then_those_due_soonest(
    d: District, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    d.region("红叶社区", "community", "990102101002", "红叶镇")
    far = [new_site(d, f"远处{n}", region="红叶社区") for n in range(3)]
    rows = [handed_in(d, site=site) for site in far]
    for hours, row in zip((30, 10, 20), rows, strict=True):
        Problem.objects.filter(pk=row.pk).update(
            verify_due_at=timezone.now() + timedelta(hours=hours)
        )
    here = handed_in(d)
    planned(d)
    monkeypatch.setattr(packing, "MOST_ACCEPT", 3)
    found = [row["problem"] for row in packed(phone)["accept"]]
    assert found == [str(row.pk) for row in (here, rows[1], rows[2])]


def test_without_a_route_the_repairs_due_soonest_come_first(
    d: District, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [handed_in(d) for _n in range(3)]
    for hours, row in zip((30, 10, 20), rows, strict=True):
        Problem.objects.filter(pk=row.pk).update(
            verify_due_at=timezone.now() + timedelta(hours=hours)
        )
    monkeypatch.setattr(packing, "MOST_ACCEPT", 2)
    found = [row["problem"] for row in packed(phone)["accept"]]
    assert found == [str(rows[1].pk), str(rows[2].pk)]


def test_a_plate_beyond_the_pack_is_looked_up_where_one_may_check(
    d: District, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = new_site(d, "牌子小区")
    Site.objects.filter(pk=place.pk).update(external_id="DW-77")
    told = phone.client.get("/field/site", {"number": "dw-77"}).json()
    assert told["site"]["site"] == str(place.pk) and told["site"]["plate"] == "DW-77"
    assert [check["key"] for check in told["sheets"]["estate"]][:1] == ["estate-01"]
    assert phone.client.get("/field/site", {"id": str(place.pk)}).json()["site"] == told["site"]
    for wanted in ({"number": "none"}, {"number": ""}, {}, {"id": str(uuid4())}):
        answer = phone.client.get("/field/site", wanted)
        assert answer.status_code == 404 and answer.json()["sentence"], wanted
    other = Phone(d.users["石桥镇"])
    assert other.client.get("/field/site", {"id": str(place.pk)}).status_code == 404


def test_a_ruling_stands_with_its_check(d: District, phone: Phone) -> None:
    Ruling.objects.create(
        check_key="estate-01", words="算一处", said_by="专家", level="expert",
        on=timezone.localdate(), written_by=d.people["创卫办的人"], operation=op(),
    )  # fmt: skip
    first = packed(phone)["sheets"]["estate"][0]
    assert first["rulings"][0]["words"] == "算一处"


def test_the_pack_travels_packed(d: District, phone: Phone) -> None:
    for n in range(60):
        new_site(d, f"小区{n}")
    answer = phone.client.get("/field/pack", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < len(gzip.decompress(answer.content)) / 3


def queries(user: User) -> int:
    """How many queries a pack takes for this account, read anew."""
    fresh = User.objects.get(pk=user.pk)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        packing.pack(fresh)
    return len(caught)


def grow(d: District, tag: str, count: int) -> None:
    names = [f"{tag}{n}" for n in range(count)]
    for name in names:
        new_site(d, name, at=(30.0, 120.0))
        filed(d, site=d.sites[name])
        handed_in(d, site=d.sites[name])
    planned(d, sites=tuple(names))
    closed = handed_in(d)
    problem_acts.pass_fix(problem=closed, level="onsite", by=d.office, op_id=op())
    closed.refresh_from_db()
    assert closed.closed_at is not None
    LookBack.objects.create(
        problem=closed, closed_at=closed.closed_at, day=3, due_on=timezone.localdate(),
        not_by=d.office.person,
    )  # fmt: skip


def test_the_number_of_queries_does_not_grow_with_the_data(d: District, phone: Phone) -> None:
    grow(d, "甲", 2)
    few = queries(phone.user)
    grow(d, "乙", 6)
    assert queries(phone.user) == few
    assert few <= 32
