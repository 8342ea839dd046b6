"""The pages of duties: what they show, what the forms write, and who is kept out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.district import op, sign_in

from weicheng.duties.book import changed
from weicheng.duties.models import Duty, DutyBatch, DutyCell
from weicheng.duties.tests.test_acts import given, headed
from weicheng.standards.models import Aspect, Item

if TYPE_CHECKING:
    from django.test import Client
    from tests.district import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(district: District) -> dict[str, Item]:
    """Two items of the standard."""
    aspect = Aspect.objects.get()
    return {
        key: Item.objects.create(
            standard=aspect.standard, aspect=aspect, key=key, number=n, name_zh=name, name_en=key,
            demand_zh="要求",
        )
        for n, (key, name) in enumerate([("waste", "垃圾收运"), ("water", "饮用水")], 1)
    }  # fmt: skip


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_tree_says_who_leads_and_where_nobody_does(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district, person=district.people["环卫局的人"])
    sign_in(client, district.office)
    shown = page(client, "duties:tree")
    assert "2项，1项有牵头单位" in shown
    assert "环卫局的人" in shown
    assert "无牵头单位" in shown
    assert "1项有空档" in shown


def test_other_districts_duties_do_not_show(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district)
    sign_in(client, district.users["临江创卫办"])
    assert "环卫局" not in page(client, "duties:item", "waste")


def test_the_office_writes_a_duty_in_the_form(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    sign_in(client, district.office)
    assert "垃圾收运（整项）" in page(client, "duties:new", item="waste")
    said = {
        "op_id": str(op()), "clause": "item:waste", "region": str(district.regions["红叶镇"].pk),
        "part": "lead", "unit": "环卫局", "person": "环卫局的人",
    }  # fmt: skip
    assert client.post(reverse("duties:new"), said).status_code == 302
    duty = Duty.objects.get()
    assert (duty.item_key, duty.region, duty.unit, duty.person) == (
        "waste", district.regions["红叶镇"], district.units["环卫局"],
        district.people["环卫局的人"],
    )  # fmt: skip
    assert duty.made_by is not None
    assert duty.made_by.actor == district.office


def test_a_street_with_everything_in_it_is_given_to_one_unit(
    client: Client, district: District
) -> None:
    sign_in(client, district.office)
    offered = re.search(r'<option value="([^"]*)"[^>]*>这里的一切', page(client, "duties:new"))
    assert offered is not None
    said = {
        "op_id": str(op()), "clause": offered[1], "part": "lead", "unit": "环卫局",
        "region": str(district.regions["红叶镇"].pk),
    }  # fmt: skip
    assert client.post(reverse("duties:new"), said).status_code == 302
    duty = Duty.objects.get()
    assert (duty.item_key, duty.check_key, duty.kind, duty.site_type_key) == ("", "", None, "")
    written = page(client, "duties:edit", duty.pk)
    assert f'<option value="{offered[1]}" selected>' in written


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"unit": ""}, "单位或人至少一个"),
        ({"unit": "没有的局"}, "没有叫“没有的局”的单位"),
        ({"person": "没有的人"}, "没有找到“没有的人”"),
        ({"unit_rule": "territory"}, "已经写了单位"),
        ({"site": "没有的点位"}, "这里没有叫“没有的点位”的点位"),
    ],
)
def test_the_form_says_what_is_wrong(
    client: Client,
    district: District,
    items: dict[str, Item],
    wrong: dict[str, str],
    words: str,
) -> None:
    sign_in(client, district.office)
    said = {
        "op_id": str(op()), "clause": "item:waste", "region": str(district.regions["红叶镇"].pk),
        "part": "lead", "unit": "环卫局", **wrong,
    }  # fmt: skip
    answer = client.post(reverse("duties:new"), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Duty.objects.exists()


def test_a_change_keeps_the_old_row_in_the_history(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    duty = given(district, since=timezone.localdate() - timedelta(days=9))
    sign_in(client, district.office)
    assert "从哪天起改" in page(client, "duties:edit", duty.pk)
    said = {
        "op_id": str(op()), "clause": "item:waste", "region": str(district.regions["凤凰区"].pk),
        "part": "lead", "unit": "经信局", "since": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post(reverse("duties:edit", args=[duty.pk]), said).status_code == 302
    shown = page(client, "duties:item", "waste")
    assert shown.index("经信局") < shown.index("以前的分工 1条") < shown.rindex("环卫局")


def test_a_duty_is_ended_with_one_press(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    duty = given(district)
    sign_in(client, district.office)
    assert (
        client.post(reverse("duties:end", args=[duty.pk]), {"op_id": str(op())}).status_code == 302
    )
    duty.refresh_from_db()
    assert duty.until == timezone.localdate()


def test_the_gaps_name_the_hole_and_the_link_fills_the_form(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district, region=district.regions["石桥镇"], person=district.people["环卫局的人"])
    sign_in(client, district.office)
    shown = page(client, "duties:gaps")
    assert "张家沟社区" in shown
    assert "全区无人负责" in shown  # 饮用水
    town = district.regions["张家沟社区"].code
    assert f"?item=waste&amp;region={town}" in shown
    form = page(client, "duties:new", item="waste", region=town)
    assert f'value="{district.regions["张家沟社区"].pk}" selected' in form


def test_who_left_stands_in_the_gaps_until_he_hands_over(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    headed(district, "环卫局", "环卫局的人")
    given(district)
    old = district.people["环卫局的人"]
    old.posts.update(until=timezone.localdate() - timedelta(days=1))
    changed()
    sign_in(client, district.office)
    shown = page(client, "duties:gaps")
    assert "单位牵头，里面没有在任的人" in shown
    assert f"?person={old.pk}" in shown
    district.person("接任的人", "环卫局")
    changed()
    said = {
        "op_id": str(op()), "person": "环卫局的人", "to": "接任的人", "leaves": "on",
        "day": timezone.localdate().isoformat(),
    }  # fmt: skip
    preview = client.post(reverse("duties:handover"), said).content.decode()
    assert "第一责任人" in preview
    assert "确认交接" in preview
    assert client.post(reverse("duties:handover"), {**said, "confirm": "1"}).status_code == 302
    after = page(client, "duties:gaps")
    assert f"?person={old.pk}" not in after
    assert "单位牵头，里面没有在任的人" not in after


def test_the_preview_moves_nothing(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district, person=district.people["环卫局的人"])
    district.person("接任的人", "环卫局")
    sign_in(client, district.office)
    said = {
        "op_id": str(op()), "person": "环卫局的人", "to": "接任的人",
        "day": timezone.localdate().isoformat(),
    }  # fmt: skip
    client.post(reverse("duties:handover"), said)
    assert Duty.objects.get().person == district.people["环卫局的人"]


def test_two_leads_wait_to_be_settled(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district, "经信局", order=2)
    first = given(district, order=1)
    sign_in(client, district.users["指挥长"])
    assert "责任待明确" in page(client, "duties:gaps")
    url = reverse("duties:settle", args=[first.pk])
    assert "经信局" in client.get(url).content.decode()
    said = {"op_id": str(op()), "duty": str(first.pk), "others": "support"}
    assert client.post(url, said).status_code == 302
    shown = page(client, "duties:gaps")
    assert "责任待明确" not in shown
    assert "指挥长的人" in page(client, "duties:item", "waste")


def test_a_unit_reads_but_is_offered_no_writing(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    duty = given(district)
    sign_in(client, district.users["环卫局"])
    assert "加一条责任" not in page(client, "duties:item", "waste")
    assert client.get(reverse("duties:edit", args=[duty.pk])).status_code == 404
    assert client.get(reverse("duties:gaps")).status_code == 404


def test_another_office_cannot_open_our_duty(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    duty = given(district)
    sign_in(client, district.users["临江创卫办"])
    assert client.get(reverse("duties:edit", args=[duty.pk])).status_code == 404


def test_a_merged_unit_is_offered_where_it_still_stands(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district, "经信局")
    district.units["经信局"].active = False
    district.units["经信局"].save()
    changed()
    sign_in(client, district.office)
    assert f"?unit={district.units['经信局'].pk}" in page(client, "duties:gaps")
    shown = page(client, "duties:merge", unit=str(district.units["经信局"].pk))
    assert "会转过去的" in shown
    said = {
        "op_id": str(op()), "unit": "经信局", "into": "环卫局", "confirm": "1",
        "day": timezone.localdate().isoformat(),
    }  # fmt: skip
    where = reverse("duties:merge") + f"?unit={district.units['经信局'].pk}"
    assert client.post(where, said).status_code == 302
    assert Duty.objects.on(timezone.localdate()).get().unit == district.units["环卫局"]


def test_the_tree_costs_the_same_with_many_duties(
    client: Client, district: District, items: dict[str, Item], django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        given(district, order=n, person=district.people["环卫局的人"])
    sign_in(client, district.office)
    page(client, "duties:tree")
    with django_assert_max_num_queries(16):
        page(client, "duties:tree")
    with django_assert_max_num_queries(17):
        page(client, "duties:gaps")
    with django_assert_max_num_queries(17):
        page(client, "duties:item", "waste")


def test_who_answers_stands_beside_the_item_of_the_standard(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district, person=district.people["环卫局的人"])
    sign_in(client, district.users["环卫局"])
    shown = page(client, "standards:item", "waste")
    assert "环卫局的人" in shown
    assert reverse("duties:item", args=["waste"]) in shown
    assert "凤凰区还没有单位牵头这一项" in page(client, "standards:item", "water")


def test_towns_that_lead_each_their_own_are_named_as_such(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    given(district, unit=None, unit_rule="territory")
    sign_in(client, district.office)
    assert "所在镇街" in page(client, "standards:item", "waste")
    assert "所在镇街" in page(client, "duties:tree")


def test_what_an_imported_table_left_unread_waits_in_the_gaps(
    client: Client, district: District, items: dict[str, Item]
) -> None:
    batch = DutyBatch.objects.create(
        file_name="责任分工表.docx", region=district.regions["凤凰区"], state=DutyBatch.State.TAKEN
    )
    cell = DutyCell.objects.create(batch=batch, row=3, column=2, unread=["某某中心"])
    sign_in(client, district.office)
    assert "责任表里还有1格" in page(client, "duties:gaps")
    cell.settled = True
    cell.save()
    assert "责任分工表.docx" not in page(client, "duties:gaps")
