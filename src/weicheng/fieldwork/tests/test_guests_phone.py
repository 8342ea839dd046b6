"""A guest's phone: the sites of the own route, findings beside it, and what was still on the phone
when the account ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.district import District, op
from tests.inspecting import plan as planned
from tests.inspecting import site

from weicheng.fieldwork.acts import settle_waiting
from weicheng.fieldwork.models import Held
from weicheng.fieldwork.tests.phone import Phone, sha, shot
from weicheng.fieldwork.tests.test_held_and_import import brought, queue
from weicheng.inspections import acts
from weicheng.inspections.models import Found, Guest, Member, Plan, Visit
from weicheng.people.models import User
from weicheng.problems.models import Problem

HERE = {"lat": 30.0, "lon": 120.0, "accuracy_m": 8.0}


def guested(d: District, *, kind: str = "cross", **changes: Any) -> tuple[Plan, Guest, Phone]:
    """A check with a guest on its team, and the guest's phone."""
    row = planned(d, kind, **{"open": True, **changes})
    guest = acts.invite_guest(
        by=d.office, plan=row, name="邻市老赵", comes_from="邻市创卫办", op_id=op(),
        until=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    assert guest.user.person is not None
    Member.objects.create(team=row.teams.get(), person=guest.user.person)
    return row, guest, Phone(User.objects.get(pk=guest.user_id))


def told(row: Plan, **more: Any) -> dict[str, Any]:
    stop = row.stops.get()
    return {"plan": str(row.pk), "stop": str(stop.pk), "site": str(stop.site_id), **more}


def ended(guest: Guest) -> None:
    User.objects.filter(pk=guest.user_id).update(ends_at=timezone.now() - timedelta(seconds=1))


def test_the_phone_of_a_guest_has_the_route_and_no_other_site(d: District) -> None:
    site(d, "别处小区")
    row, _guest, phone = guested(d)
    pack = phone.client.get("/field/pack", headers={"accept": "application/json"}).json()
    assert [route["plan"] for route in pack["routes"]] == [str(row.pk)]
    assert [one["name"] for one in pack["sites"]] == ["张家沟小区"]


def test_a_guest_passes_a_site_and_files_what_was_found(d: District) -> None:
    row, guest, phone = guested(d)
    visit = phone.act("visit", told(row))
    finding = phone.act("finding", told(row, kind="bin", visit_op=visit["op_id"]))
    assert [one["state"] for one in phone.send(visit, finding)] == ["received", "received"]
    seen, found = Visit.objects.get(), Found.objects.get()
    assert (seen.inspector, seen.outside, seen.stop) == (
        guest.user.person, True, row.stops.get(),
    )  # fmt: skip
    assert (found.sealed, found.visit, found.plan) == (True, seen, row)
    acts.release(by=d.office, plan=row, op_id=op())
    assert Problem.objects.get().finder == guest.user.person


def test_another_towns_clerk_sends_what_the_own_team_checked(d: District) -> None:
    row = planned(d, "cross", open=True, team=("石桥镇的人",))
    phone = Phone(d.users["石桥镇"])
    assert phone.do("visit", told(row))["state"] == "received"
    assert phone.do("finding", told(row, kind="bin"))["state"] == "received"
    assert Problem.objects.get().finder == d.people["石桥镇的人"]
    own = planned(d, "cross", open=True, title="交叉检查二", team=("红叶镇的人",))
    refused = Phone(d.users["红叶镇"]).do("visit", told(own))
    assert refused["state"] == "quarantined" and "交叉检查要由别人来查" in refused["sentence"]


def test_a_guest_who_names_no_site_finds_it_near_the_route(d: District) -> None:
    row, _guest, phone = guested(d)
    given: list[dict[str, Any]] = [
        {"plan": str(row.pk), "kind": "bin", **HERE},
        {"kind": "bin", **HERE},  # the phone was started anew: a guest has but one check
        {"kind": "bin", "region": str(d.regions["红叶镇"].pk), "place": "路口"},
    ]  # fmt: skip
    results = phone.send(*(phone.act("finding", body) for body in given))
    assert [one["state"] for one in results] == ["received"] * 3
    assert {found.plan for found in Found.objects.all()} == {row}
    assert all(found.sealed for found in Found.objects.all())


def test_a_guest_on_a_hidden_check_waits_for_the_seal(d: District) -> None:
    row, _guest, phone = guested(d, open=False, broken=False)
    assert phone.do("visit", told(row))["state"] == "quarantined"
    row.teams.update(opened_at=timezone.now())
    assert phone.do("visit", told(row))["state"] == "received"


def test_a_site_that_is_not_on_the_route_waits_for_the_office(d: District) -> None:
    other = site(d, "别处小区")
    row, guest, phone = guested(d)
    answer = phone.do("visit", {"plan": str(row.pk), "site": str(other.pk)})
    assert answer["state"] == "quarantined" and "点位找不到" in answer["sentence"]
    Phone(d.office).client.post(f"/field/held/{Held.objects.get().pk}/release")
    visit = Visit.objects.get()
    assert (visit.site, visit.inspector, visit.outside) == (other, guest.user.person, True)


def test_what_is_sent_after_the_release_is_filed_by_the_office(d: District) -> None:
    row, guest, phone = guested(d)
    phone.do("visit", told(row))
    acts.release(by=d.office, plan=row, op_id=op())
    answer = phone.do("finding", told(row, kind="bin"))
    assert answer["state"] == "quarantined"
    assert "外来人员补交的问题由创卫办核对后录入" in answer["sentence"]
    Phone(d.office).client.post(f"/field/held/{Held.objects.get().pk}/release")
    assert Found.objects.get().sealed is False
    assert Problem.objects.get().finder == guest.user.person


def test_photos_that_come_after_the_account_ended_lose_nothing(d: District) -> None:
    row, guest, phone = guested(d)
    photo = shot(1)
    phone.announce(photo)
    assert phone.do("finding", told(row, kind="bin"), photos=[sha(photo)])["missing"] == 1
    phone.piece(photo, 0)
    ended(guest)
    settle_waiting()
    found = Found.objects.get()
    assert found.photos.count() == 1 and found.sealed


def test_what_was_on_the_phone_when_the_account_ended_waits_for_the_office(d: District) -> None:
    row, guest, phone = guested(d)
    photo = shot(1)
    file = queue(phone, d, photo)
    file["acts"] = [
        phone.act("visit", told(row)), phone.act("finding", told(row, kind="bin"),
                                                 photos=[sha(photo)]),
    ]  # fmt: skip
    ended(guest)
    assert phone.post("acts", {"acts": file["acts"]}).status_code == 401
    office = Phone(d.office)
    assert "2件待创卫办处理" in brought(office, file).content.decode()
    assert "代为导入" in office.client.get("/field/held").content.decode()
    for held in Held.objects.all():
        office.client.post(f"/field/held/{held.pk}/release")
    visit, found = Visit.objects.get(), Found.objects.get()
    assert visit.inspector == found.inspector == guest.user.person
    assert visit.outside and found.sealed and found.photos.count() == 1
    assert visit.unit is None


def test_a_guest_of_another_district_is_unknown_here(d: District) -> None:
    _row, _guest, phone = guested(d)
    answer = brought(Phone(d.users["临江创卫办"]), queue(phone, d))
    assert answer.status_code in (200, 422)
    Plan.objects.update(region=d.regions["临江区"])
    held = Held.objects.count()
    brought(Phone(d.users["临江创卫办"]), queue(phone, d))
    assert Held.objects.count() == held + 1
