"""Sites and the campaign: found, counted, edited by the right office, invisible to the other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from tests.district import sign_in

from weicheng.places.acts import save_site
from weicheng.places.browsing import Wanted, choices, sites
from weicheng.places.models import Campaign, Gate, Site
from weicheng.places.pinyin import key

if TYPE_CHECKING:
    from django.test import Client
    from tests.district import District


@pytest.fixture
def several(district: District) -> District:
    """Three more sites in two towns."""
    estate = district.sites["张家沟小区"].site_type
    for name, region, area in (
        ("红叶公园", "红叶镇", "inside"), ("石桥农贸市场", "石桥镇", "outside"),
        ("桥头公厕", "石桥镇", "inside"),
    ):  # fmt: skip
        save_site(
            by=district.office, name=name, site_type=estate, region=district.regions[region],
            built_up=area,
        )  # fmt: skip
    return district


def form_of(d: District, **changes: Any) -> dict[str, Any]:
    """What the form of a site posts."""
    return {
        "name": "新点位", "site_type": "estate", "region": str(d.regions["红叶镇"].pk),
        "built_up": "inside", "active": "on", **changes,
    }  # fmt: skip


def test_pinyin_keys_hold_the_whole_and_the_initials() -> None:
    assert key("张家沟") == "zhangjiagou zjg"
    assert key("３号楼") == "3haolou 3hl"


def test_a_town_holds_the_sites_of_its_communities(several: District) -> None:
    town = str(several.regions["红叶镇"].pk)
    names = set(sites(several.office, Wanted(region=town)).values_list("name", flat=True))
    assert names == {"红叶公园", "张家沟小区"}


def test_every_choice_says_how_many_sites_it_leaves(several: District) -> None:
    found = choices(several.office, Wanted())
    assert {c.words: c.n for c in found.regions} == {"红叶镇": 2, "石桥镇": 2}
    assert {c.words: c.n for c in found.built_up} == {"建成区内": 2, "建成区外": 1, "待定": 1}
    assert found.total == 4
    inside = choices(several.office, Wanted(built_up="inside"))
    assert {c.words: c.n for c in inside.regions} == {"红叶镇": 1, "石桥镇": 1}


def test_sites_are_found_by_initials(several: District) -> None:
    found = sites(several.office, Wanted(q="ｓｑｎｍ"))
    assert [s.name for s in found] == ["石桥农贸市场"]


def test_the_other_district_sees_none_of_them(client: Client, several: District) -> None:
    other = several.users["临江创卫办"]
    assert not sites(other, Wanted()).exists()
    assert choices(other, Wanted()).total == 0
    sign_in(client, other)
    assert "张家沟" not in client.get(reverse("places:index")).content.decode()
    site = several.sites["张家沟小区"]
    assert client.get(reverse("places:edit", args=[site.pk])).status_code == 404


def test_the_office_adds_and_changes_a_site(client: Client, district: District) -> None:
    sign_in(client, district.office)
    data = form_of(district, position="32.65，112.48")
    assert "-----" not in client.get(reverse("places:new")).content.decode()
    client.post(reverse("places:new"), data)
    site = Site.objects.get(name="新点位")
    assert (site.latitude, site.longitude, site.pinyin) == (32.65, 112.48, "xindianwei xdw")
    assert site.h3
    client.post(reverse("places:edit", args=[site.pk]), form_of(district, name="改名"))
    site.refresh_from_db()
    assert (site.name, site.latitude, site.h3) == ("改名", None, "")


def test_a_wrong_position_and_a_second_equal_name_are_said_plainly(
    client: Client, district: District
) -> None:
    sign_in(client, district.office)
    url = reverse("places:new")
    wrong = client.post(url, form_of(district, position="在东门")).content.decode()
    assert "先纬度后经度" in wrong
    client.post(url, form_of(district))
    assert "已经有同名同类的点位" in client.post(url, form_of(district)).content.decode()


def test_nobody_puts_a_site_into_another_district(district: District) -> None:
    estate = district.sites["张家沟小区"].site_type
    for who in ("临江创卫办", "环卫局", "指挥长"):
        with pytest.raises(PermissionDenied):
            save_site(
                by=district.users[who], name="外来", site_type=estate,
                region=district.regions["红叶镇"],
            )  # fmt: skip


def test_the_citys_office_sets_the_gates_and_a_districts_office_may_not(
    client: Client, district: District
) -> None:
    url = reverse("places:campaign_edit")
    assert sign_in(client, district.office).get(url).status_code == 404
    sign_in(client, district.users["市创卫办"])
    day = timezone.localdate() + timedelta(days=28)
    data = {
        "name": "凤城市创卫", "size_class": "medium", "gate_0_name": "省级初审",
        "gate_0_on": day.isoformat(), "gate_0_certain": "on", "gate_1_name": "", "gate_1_on": "",
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    assert Gate.objects.get().on == day
    assert Campaign.objects.get().size_class == "medium"
    page = client.get(reverse("places:campaign")).content.decode()
    assert "省级初审" in page
    assert "凤凰区" in page
    client.post(url, {**data, "gate_0_name": "", "gate_0_on": ""})
    assert not Gate.objects.exists()
