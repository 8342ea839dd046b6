"""Filing on the screen: places, photos, and what was fixed at once."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.desk import at_desk, jpeg
from tests.district import District, op

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
