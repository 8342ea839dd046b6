"""Filing on the screen: places, photos, and what was fixed at once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.desk import at_desk, jpeg
from tests.district import District, filed, op

from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db


def test_a_find_is_filed_with_a_photo_and_a_kind(district: District) -> None:
    client = at_desk(district.users["检查员"])
    answer = client.post(
        reverse("problems:new"),
        {
            "op_id": str(op()),
            "place": "张家沟小区",
            "kind": "bin",
            "photos": jpeg(),
            "source": "daily",
            "do": "file",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    problem = Problem.objects.get()
    assert problem.site == district.sites["张家沟小区"]
    assert problem.before_photo is not None


def test_a_place_outside_the_list_needs_its_community(district: District) -> None:
    client = at_desk(district.users["检查员"])
    fields = {"op_id": str(op()), "place": "无名巷", "kind": "bin", "source": "daily"}
    answer = client.post(reverse("problems:new"), fields)
    assert "请选择它在哪个镇街或社区" in answer.content.decode()
    fields["region"] = str(district.regions["张家沟社区"].pk)
    assert client.post(reverse("problems:new"), fields).status_code == 302


def test_fixed_on_the_spot_waits_for_another(district: District) -> None:
    client = at_desk(district.users["张家沟"])
    fields = {
        "op_id": str(op()),
        "place": "张家沟小区",
        "kind": "bin",
        "source": "self",
        "do": "fix_on_spot",
        "photos": jpeg(),
    }
    answer = client.post(reverse("problems:new"), fields)
    assert "即查即改要附一张整改后的照片。" in answer.content.decode()
    answer = client.post(
        reverse("problems:new"), {**fields, "photos": jpeg(), "after": jpeg("b.jpg", 10)}
    )
    assert answer.status_code == 302
    problem = Problem.objects.get()
    assert (problem.status, problem.on_spot) == ("check", True)


def test_a_find_filed_twice_is_one_problem(district: District) -> None:
    client = at_desk(district.users["检查员"])
    same = str(op())
    for _time in range(2):
        client.post(
            reverse("problems:new"),
            {"op_id": same, "place": "张家沟小区", "kind": "bin", "source": "daily"},
        )
    assert Problem.objects.count() == 1


def test_who_finds_something_outside_ones_own_place_goes_on_seeing_it(
    district: District,
) -> None:
    client = at_desk(district.users["环卫局"])
    answer = client.post(
        reverse("problems:new"),
        {
            "op_id": str(op()),
            "place": "桥头",
            "kind": "cable",
            "source": "self",
            "region": str(district.regions["石桥镇"].pk),
        },
    )
    shown = client.get(answer["Location"])
    assert shown.status_code == 200
    assert "桥头" in shown.content.decode()


def alike_page(district: District, **changes: str) -> tuple[Client, dict[str, str], str]:
    """The same find as one that is filed already, sent by another: client, fields, answer."""
    client = at_desk(district.users["张家沟"])
    fields = {
        "op_id": str(op()), "place": "张家沟小区", "kind": "bin", "source": "self", "do": "file",
        "description": "7号楼下桶满了", **changes,
    }  # fmt: skip
    return client, fields, client.post(reverse("problems:new"), fields).content.decode()


def test_what_is_filed_already_is_asked_about_before_a_second_one_is_made(
    district: District,
) -> None:
    first = filed(district, description="7号楼旁垃圾桶满溢")
    client, fields, text = alike_page(district)
    assert "是同一个问题？" in text
    assert first.number in text
    assert Problem.objects.count() == 1
    assert client.post(reverse("problems:new"), {**fields, "sure": "1"}).status_code == 302
    assert Problem.objects.count() == 2


def test_saying_that_it_is_the_same_one_counts_and_files_nothing(district: District) -> None:
    first = filed(district, description="7号楼旁垃圾桶满溢")
    client, _fields, text = alike_page(district)
    assert f"/problems/{first.pk}/do/say_again/" in text
    answer = client.post(
        reverse("problems:act", args=[first.pk, "say_again"]),
        {"op_id": str(op()), "words": "7号楼下桶满了"},
    )
    assert answer.status_code == 302
    first.refresh_from_db()
    assert (first.said_again, Problem.objects.count()) == (1, 1)


def test_a_find_of_another_building_is_filed_without_a_question(district: District) -> None:
    filed(district, description="2号楼旁垃圾桶满溢")
    alike_page(district)
    assert Problem.objects.count() == 2


def test_going_back_keeps_what_was_written(district: District) -> None:
    filed(district, description="7号楼旁垃圾桶满溢")
    client, fields, _text = alike_page(district)
    answer = client.post(reverse("problems:new"), {**fields, "do": "edit"})
    assert answer.status_code == 200
    assert "7号楼下桶满了" in answer.content.decode()
    assert Problem.objects.count() == 1


def test_one_is_never_asked_about_what_one_may_not_see(district: District) -> None:
    filed(district, description="7号楼旁垃圾桶满溢")
    client = at_desk(district.users["经信局"])
    client.post(
        reverse("problems:new"),
        {"op_id": str(op()), "place": "张家沟小区", "kind": "bin", "source": "self",
         "do": "file", "description": "7号楼下桶满了"},
    )  # fmt: skip
    assert Problem.objects.count() == 2


def test_the_region_is_asked_only_where_the_place_is_unknown(district: District) -> None:
    client = at_desk(district.users["检查员"])
    hidden = "<div data-region-box hidden>"
    assert hidden in client.get(reverse("problems:new")).content.decode()
    fields = {"op_id": str(op()), "place": "无名巷", "kind": "bin", "source": "daily"}
    assert hidden not in client.post(reverse("problems:new"), fields).content.decode()
