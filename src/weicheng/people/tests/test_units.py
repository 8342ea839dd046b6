"""Units, persons, posts, site parties and regions: edited by their own office only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from tests.district import sign_in

from weicheng.people import unit_acts
from weicheng.people.directory import directory
from weicheng.people.models import Person, Post, SiteParty, Unit
from weicheng.places.models import Region

if TYPE_CHECKING:
    from django.test import Client
    from tests.district import District


def test_the_office_adds_a_unit_and_the_directory_knows_it(
    client: Client, district: District
) -> None:
    directory()
    sign_in(client, district.office)
    data = {
        "name": "区水务局", "short_name": "水务局", "kind": "bureau", "active": "on",
        "region": str(district.regions["凤凰区"].pk),
    }  # fmt: skip
    assert client.post(reverse("people:unit_new"), data).status_code == 302
    unit = Unit.objects.get(name="区水务局")
    assert unit.pinyin == "qushuiwuju qswj"
    assert unit.pk in directory().units
    assert "已经有同名的单位" in client.post(reverse("people:unit_new"), data).content.decode()


def test_a_seconded_person_gets_both_posts(client: Client, district: District) -> None:
    sign_in(client, district.office)
    unit = district.units["创卫办"]
    url = reverse("people:post_new", args=[unit.pk])
    client.post(url, {"name": "孙×", "phone": "15400000009", "home": "环卫局", "is_head": "on"})
    person = Person.objects.get(name="孙×")
    posts = {(p.unit.name, p.sort) for p in person.posts.select_related("unit")}
    assert posts == {("创卫办", "working"), ("环卫局", "home")}
    unit.refresh_from_db()
    assert unit.head == person


def test_an_ended_post_is_kept(client: Client, district: District) -> None:
    post = Post.objects.get(unit=district.units["环卫局"], sort="working")
    sign_in(client, district.office)
    client.post(reverse("people:post_end", args=[post.pk]))
    post.refresh_from_db()
    assert post.until is not None


def test_the_parties_of_a_site_are_replaced_by_the_rows(client: Client, district: District) -> None:
    site = district.sites["张家沟小区"]
    sign_in(client, district.office)
    url = reverse("people:site_parties", args=[site.pk])
    assert "档案局" in client.get(url).content.decode()
    data = {"party_0_part": "bureau", "party_0_unit": "经信局", "party_0_person": "经信局的人"}
    rows = {f"party_{i}_part": "sponsor" for i in range(1, 6)}
    assert client.post(url, {**rows, **data}).status_code == 302
    today = timezone.localdate()
    party = SiteParty.objects.on(today).get(site=site)
    assert (party.unit.name, party.part) == ("经信局", "bureau")
    ended = SiteParty.objects.get(site=site, unit__name="档案局")
    assert ended.until == today - timedelta(days=1)
    assert party.person is not None
    assert party.person.name == "经信局的人"


def test_a_new_town_gets_the_next_code_and_its_letters(client: Client, district: District) -> None:
    sign_in(client, district.office)
    county = district.regions["凤凰区"]
    data = {"parent": str(county.pk), "name": "新桥街道", "letters": "xq"}
    assert client.post(reverse("people:region_new"), data).status_code == 302
    town = Region.objects.get(name="新桥街道")
    assert (town.level, town.code, town.letters) == ("town", "990102001", "XQ")
    assert town.ancestors[1] == county.pk
    assert town.pk in directory().regions


def test_the_other_district_is_out_of_reach(client: Client, district: District) -> None:
    sign_in(client, district.users["临江创卫办"])
    unit, person = district.units["环卫局"], district.people["环卫局的人"]
    post = Post.objects.get(unit=unit, sort="working")
    for name, key in (
        ("people:unit_edit", unit.pk), ("people:post_new", unit.pk),
        ("people:person_edit", person.pk),
        ("people:site_parties", district.sites["张家沟小区"].pk),
        ("people:region_edit", district.regions["红叶镇"].pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[key])).status_code == 404, name
    assert client.post(reverse("people:post_end", args=[post.pk])).status_code == 404
    assert "红叶镇" not in client.get(reverse("people:regions")).content.decode()
    with pytest.raises(PermissionDenied):
        unit_acts.save_person(
            by=district.users["临江创卫办"], person=person, name="改", phone="", title=""
        )


def test_only_the_director_says_who_heads_the_leaders_and_the_office(
    client: Client, district: District
) -> None:
    office, leaders = district.units["创卫办"], district.units["区领导"]

    def named(who: str, unit: Unit) -> int:
        sign_in(client, district.users[who])
        fields = {
            "name": unit.name, "kind": unit.kind, "region": str(district.regions["凤凰区"].pk),
            "active": "on", "head": str(district.people[f"{who}的人"].pk),
        }  # fmt: skip
        return client.post(reverse("people:unit_edit", args=[unit.pk]), fields).status_code

    assert named("创卫办", office) == 302  # nobody was named: the office names its director
    assert named("借调", office) != 302
    assert (
        "只由创卫办主任来改"
        in client.post(
            reverse("people:unit_edit", args=[office.pk]),
            {"name": "创卫办", "kind": "other", "region": str(district.regions["凤凰区"].pk)},
        ).content.decode()
    )
    again = {"name": "又一个创卫办", "kind": "office", "region": str(district.regions["凤凰区"].pk)}
    assert client.post(reverse("people:unit_new"), again).status_code != 302
    page = client.get(reverse("people:post_new", args=[leaders.pk])).content.decode()
    assert "is_head" not in page
    with pytest.raises(PermissionDenied):
        unit_acts.add_person(by=district.users["借调"], unit=leaders, name="自封的", is_head=True)
    office.refresh_from_db()
    assert office.head == district.people["创卫办的人"]
    kept = {"name": "创卫办", "short_name": "创办", "kind": "office", "active": "on",
            "region": str(district.regions["凤凰区"].pk), "head": str(office.head_id)}  # fmt: skip
    assert client.post(reverse("people:unit_edit", args=[office.pk]), kept).status_code == 302
    sign_in(client, district.office)
    page = client.get(reverse("people:post_new", args=[leaders.pk])).content.decode()
    assert "is_head" in page
