"""The page of the rules: sentences, editing, and the trial that says which row won and why."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation
from tests.desk import at_desk
from tests.district import District, filed, op

from weicheng.problems import route_table, routing
from weicheng.problems.models import RouteRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(district: District) -> District:
    """Two rows: cables of one town, and the rest."""
    RouteRule.objects.all().delete()
    RouteRule.objects.create(
        name="红叶镇线缆", order=1, kind=district.kinds["cable"], lead_by="bureau",
        region=district.regions["红叶镇"], others_by=["responsible:operators"],
    )  # fmt: skip
    RouteRule.objects.create(name="其余的", order=2, lead_by="duty")
    routing.changed()
    return district


def test_a_row_is_a_sentence(table: District) -> None:
    text = at_desk(table.office).get(reverse("problems:routes")).content.decode()
    assert "类别是“蜘蛛网”，在红叶镇" in text
    assert "牵头：行业主管；责任单位：各运营商" in text
    assert "不论什么问题" in text


def test_the_trial_names_the_unit_the_row_and_why_the_other_lost(table: District) -> None:
    client = at_desk(table.office)
    query = {"kind": "cable", "place": "张家沟小区"}
    text = client.get(reverse("problems:routes"), query).content.decode()
    assert "经信局" in text
    assert "用上了" in text
    assert "联通" in text
    assert "为什么是这一天" in text
    query["kind"] = "bin"
    text = client.get(reverse("problems:routes"), query).content.decode()
    assert "只管“蜘蛛网”，这件是“垃圾桶满溢”" in text


def test_an_unknown_place_is_said_and_a_region_will_do(table: District) -> None:
    client = at_desk(table.office)
    query = {"kind": "bin", "place": "没有这个小区"}
    text = client.get(reverse("problems:routes"), query).content.decode()
    assert "点位库里没有叫这个名字的" in text
    query["region"] = str(table.regions["石桥镇"].pk)
    text = client.get(reverse("problems:routes"), query).content.decode()
    assert "没有写到人" in text
    assert "环卫局" in text


def test_a_rule_is_added_moved_and_switched_off(table: District) -> None:
    client = at_desk(table.office)
    fields = {
        "op_id": str(op()), "name": "石桥镇的桶", "kind": "bin", "lead_by": "territory",
        "region": str(table.regions["石桥镇"].pk), "support": ["bureau"],
    }  # fmt: skip
    assert client.post(reverse("problems:route_new"), fields).status_code == 302
    rule = RouteRule.objects.get(name="石桥镇的桶")
    assert rule.others_by == ["support:bureau"]
    do = reverse("problems:route_do", args=[rule.pk])
    client.post(do, {"do": "up", "op_id": str(op())})
    assert [r.name for r in routing.rules()] == ["石桥镇的桶", "红叶镇线缆", "其余的"]
    client.post(do, {"do": "off", "op_id": str(op())})
    assert [r.name for r in routing.rules()] == ["红叶镇线缆", "其余的"]


def test_a_rule_has_an_english_name_until_it_is_called_otherwise(table: District) -> None:
    RouteRule.objects.filter(name="其余的").update(name_en="Everything else")
    rule = RouteRule.objects.get(name="其余的")
    with translation.override("en"):
        assert rule.title == "Everything else"
    assert rule.title == "其余的"
    for name, title in (("其余的", "Everything else"), ("别的", "别的")):
        values = {"name": name, "note": ""}
        saved = route_table.save(by=table.users["市创卫办"], op_id=op(), rule=rule, values=values)
        with translation.override("en"):
            assert saved.title == title


def test_a_unit_must_be_named_where_a_unit_is_to_lead(table: District) -> None:
    client = at_desk(table.office)
    fields = {
        "op_id": str(op()), "name": "指定", "lead_by": "unit",
        "region": str(table.regions["石桥镇"].pk),
    }  # fmt: skip
    answer = client.post(reverse("problems:route_new"), fields)
    assert answer.status_code == 422
    assert "请写指定哪个单位牵头" in answer.content.decode()
    fields["lead_unit"] = "联通"
    assert client.post(reverse("problems:route_new"), fields).status_code == 302


def test_the_other_districts_office_neither_sees_nor_changes_a_towns_row(table: District) -> None:
    client = at_desk(table.users["临江创卫办"])
    assert "红叶镇线缆" not in client.get(reverse("problems:routes")).content.decode()
    rule = RouteRule.objects.get(name="红叶镇线缆")
    assert client.get(reverse("problems:route_edit", args=[rule.pk])).status_code == 404
    do = reverse("problems:route_do", args=[rule.pk])
    assert client.post(do, {"do": "off"}).status_code == 404
    rule.refresh_from_db()
    assert rule.active


def test_the_form_of_dispatch_holds_everybody_who_is_proposed(table: District) -> None:
    problem = filed(table, "cable")
    address = reverse("problems:act", args=[problem.pk, "dispatch"])
    text = at_desk(table.office).get(address).content.decode()
    assert 'value="经信局"' in text
    assert 'value="联通"' in text
