"""Names of units as papers write them: own names, old names, seats of towns, and strangers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.district import District, sign_in

from weicheng.duties.aliases import UnitFinder, add_alias, key_of
from weicheng.duties.models import UnitAlias
from weicheng.duties.reforms import REFORMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def finder(district: District) -> UnitFinder:
    for name in ("区市场监督管理局", "区卫生健康局", "区综合行政执法局", "区委办公室"):
        district.unit(name, "bureau", "凤凰区")
    return UnitFinder(district.regions["凤凰区"])


@pytest.mark.parametrize(
    ("written", "unit", "how"),
    [
        ("环卫局", "环卫局", "name"),
        ("区环卫局", "环卫局", "name"),
        ("凤凰区环境卫生局", "环卫局", "name"),
        ("卫健局", "区卫生健康局", "name"),
        ("区委办", "区委办公室", "name"),
        ("红叶镇", "红叶镇政府", "seat"),
        ("红叶镇人民政府", "红叶镇政府", "seat"),
        ("张家沟社区", "张家沟居委会", "seat"),
        ("联通公司", "联通", "stem"),
        ("中国联通凤凰分公司", "联通", "stem"),
        ("环卫部门", "环卫局", "stem"),
        ("工商局", "区市场监督管理局", "reform"),
        ("区食品药品监督管理局", "区市场监督管理局", "reform"),
        ("卫计局", "区卫生健康局", "reform"),
        ("区城管局", "区综合行政执法局", "perhaps"),
        ("工信局", "经信局", "perhaps"),
    ],
)
def test_a_name_means_its_unit(finder: UnitFinder, written: str, unit: str, how: str) -> None:
    match = finder.find(written)
    assert match.unit is not None
    assert (match.unit.name, match.how) == (unit, how)
    assert match.certain == (how != "perhaps")


def test_two_bureaus_in_one_paper_are_not_taken_for_one(district: District) -> None:
    district.unit("区综合行政执法局", "bureau", "凤凰区")
    apart = UnitFinder(district.regions["凤凰区"], also=["区综合执法局", "区城管局"])
    assert apart.find("区城管局").unit is None


def test_an_old_name_without_its_new_unit_says_what_it_would_be(district: District) -> None:
    match = UnitFinder(district.regions["凤凰区"]).find("区国土局")
    assert (match.unit, match.how, match.modern) == (None, "reform", "自然资源局")


@pytest.mark.parametrize(
    "written", ["区卫健局", "区市场监管局", "区生态环境局", "区农业农村局", "区水利局"]
)
def test_a_name_of_today_that_is_nobodys_yet_is_no_old_name(
    district: District, written: str
) -> None:
    match = UnitFinder(district.regions["凤凰区"]).find(written)
    assert (match.unit, match.how) == (None, "unknown")


def test_a_stranger_comes_with_those_most_alike(finder: UnitFinder) -> None:
    match = finder.find("区市场监督管理所")
    assert match.unit is None and not match.certain
    assert match.near[0].name == "区市场监督管理局"


def test_units_of_the_other_district_are_nobody_here(district: District) -> None:
    assert UnitFinder(district.regions["凤凰区"]).find("临江环卫局").unit is None


def test_what_the_office_wrote_wins_over_the_reforms(district: District) -> None:
    district.unit("区市场监督管理局", "bureau", "凤凰区")
    assert add_alias("工商局", district.units["经信局"]) is True
    assert add_alias("工商局", district.units["经信局"]) is False
    match = UnitFinder(district.regions["凤凰区"]).find("区工商局")
    assert (match.unit, match.how) == (district.units["经信局"], "alias")


def test_no_old_name_has_two_certain_heirs() -> None:
    certain = {
        (key_of(old), number)
        for number, reform in enumerate(REFORMS)
        for old in reform.old
        if reform.certain
    }
    assert len({old for old, _ in certain}) == len(certain)


def test_the_office_adds_an_old_name_and_takes_it_away(client: Client, district: District) -> None:
    sign_in(client, district.office)
    where, unit = reverse("duties:aliases"), district.units["环卫局"]
    assert client.post(where, {"name": "卫生处", "unit": str(unit.pk)}).status_code == 303
    assert "卫生处" in client.get(where).content.decode()
    again = client.post(where, {"name": "卫生处", "unit": str(unit.pk)})
    assert again.status_code == 422 and "已经登记过" in again.content.decode()
    alias = UnitAlias.objects.get()
    other = sign_in(Client(), district.users["临江创卫办"])
    assert other.post(reverse("duties:alias_drop", args=[alias.pk])).status_code == 404
    assert client.post(reverse("duties:alias_drop", args=[alias.pk])).status_code == 303
    assert not UnitAlias.objects.exists()


@pytest.mark.parametrize(("name", "said"), [("", "请写旧称"), ("卫生处", "请选现在的单位")])
def test_an_alias_needs_a_name_and_a_unit(
    client: Client, district: District, name: str, said: str
) -> None:
    sign_in(client, district.office)
    unit = "" if name else str(district.units["环卫局"].pk)
    answer = client.post(reverse("duties:aliases"), {"name": name, "unit": unit})
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_unit_of_another_district_is_not_offered(client: Client, district: District) -> None:
    sign_in(client, district.office)
    foreign = str(district.units["临江环卫局"].pk)
    answer = client.post(reverse("duties:aliases"), {"name": "卫生处", "unit": foreign})
    assert answer.status_code == 422 and not UnitAlias.objects.exists()
