"""口径库: what an expert said about a check is written once, found again, and replaced openly."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.district import District, op, sign_in
from tests.inspecting import with_sheets

from weicheng.inspections.acts.rulings import Said, write_ruling
from weicheng.inspections.models import Ruling
from weicheng.inspections.refusals import Refused
from weicheng.inspections.rulebook import rulings_for, search

pytestmark = pytest.mark.django_db


def said(**changes: Any) -> Said:
    """An expert's ruling about the first check of an estate."""
    given: dict[str, Any] = {
        "check_key": "estate-01", "words": "垃圾桶冒出桶沿就算满溢", "said_by": "王专家",
        "level": "province", "on": date(2026, 5, 1), "document": "省评估反馈会", "strictness": 1,
    }  # fmt: skip
    return Said(**{**given, **changes})


def written(d: District, **changes: Any) -> Ruling:
    return write_ruling(said=said(**changes), by=d.office, op_id=op())


def test_a_ruling_stands_beside_its_check_and_nowhere_else(district: District) -> None:
    with_sheets(district)
    row = written(district)
    assert rulings_for(["estate-01", "estate-02"]) == {"estate-01": [row]}
    assert rulings_for([]) == {}


def test_a_later_ruling_replaces_the_older_which_stays_to_be_read(district: District) -> None:
    with_sheets(district)
    old = written(district)
    new = write_ruling(
        said=said(words="盖不上才算", strictness=-1), by=district.office, op_id=op(), replaces=old
    )
    assert rulings_for(["estate-01"]) == {"estate-01": [new]}
    old.refresh_from_db()
    assert old.replaced_by == new
    assert search(district.office, old=True).count == 2
    with pytest.raises(Refused, match="ruling_replaced"):
        write_ruling(said=said(), by=district.office, op_id=op(), replaces=old)


def test_the_same_ruling_sent_twice_is_one(district: District) -> None:
    with_sheets(district)
    key = op()
    first = write_ruling(said=said(), by=district.office, op_id=key)
    assert write_ruling(said=said(), by=district.office, op_id=key) == first
    with pytest.raises(Refused, match="other_body"):
        write_ruling(said=said(words="别的"), by=district.office, op_id=key)
    assert Ruling.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"check_key": "none-99"}, "没有编号为“none-99”的检查项，请从列表里选。"),
        ({"words": "  "}, "请写口径的原话，不超过400字。"),
        ({"said_by": " "}, "请写这个口径是谁定的。"),
        ({"on": date(1999, 1, 1)}, "口径的日期要在2000年以后、今天以前。"),
        ({"on": date(9999, 12, 31)}, "口径的日期要在2000年以后、今天以前。"),
        ({"level": "king"}, "请选择级别，并选择比以前更严、更松还是一样。"),
        ({"strictness": 4}, "请选择级别，并选择比以前更严、更松还是一样。"),
    ],
)
def test_what_cannot_be_a_ruling_is_refused_in_a_sentence(
    district: District, changes: dict[str, Any], sentence: str
) -> None:
    with_sheets(district)
    with pytest.raises(Refused) as told:
        written(district, **changes)
    assert told.value.sentence() == sentence
    assert not Ruling.objects.exists()


def test_only_the_office_of_the_campaign_writes(district: District) -> None:
    with_sheets(district)
    for name in ("检查员", "指挥长", "环卫局", "管理员"):
        with pytest.raises(Refused, match="not_yours"):
            write_ruling(said=said(), by=district.users[name], op_id=op())
    write_ruling(said=said(), by=district.users["市创卫办"], op_id=op())


def test_a_ruling_is_found_by_its_words_its_speaker_its_check_its_type_and_its_item(
    district: District,
) -> None:
    with_sheets(district)
    written(district)
    written(district, check_key="toilet-01", words="有味道就扣", said_by="李处长")
    user = district.users["环卫局"]

    def count(**asked: Any) -> int:
        return search(user, **asked).count

    assert count() == 2
    assert count(text="满溢") == count(text="李处长") == count(text="检查toilet-01") == 1
    assert count(text="满溢 王专家") == 1
    assert count(text="满溢 李处长") == 0
    assert count(site_type="toilet") == count(item="clean") == 1
    assert count(item="order") == 0


def test_everybody_reads_and_the_office_adds_on_the_page(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    address = reverse("inspections:ruling_new")
    page = client.get(f"{address}?check=estate-02").content.decode()
    assert 'value="estate-02" selected' in page
    body = {
        "op_id": str(op()), "check_key": "estate-02", "words": "车头朝外才算齐",
        "said_by": "王专家", "level": "expert", "on": "2026-05-01", "strictness": "1",
    }  # fmt: skip
    assert client.post(address, body).status_code == 302
    sign_in(client, district.users["环卫局"])
    page = client.get(reverse("inspections:rulings")).content.decode()
    assert "车头朝外才算齐" in page
    assert "比以前严" in page
    assert address not in page
    assert client.get(address).status_code == 404


def test_a_half_filled_form_says_what_is_missing_and_keeps_what_was_typed(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    body = {"op_id": str(op()), "check_key": "estate-02", "words": "车头朝外才算齐", "on": "昨天"}
    answer = client.post(reverse("inspections:ruling_new"), body)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写谁定的" in page
    assert "车头朝外才算齐</textarea>" in page
    assert not Ruling.objects.exists()


def test_the_page_of_replacing_shows_the_old_words(district: District, client: Client) -> None:
    with_sheets(district)
    old = written(district)
    sign_in(client, district.office)
    address = reverse("inspections:ruling_replace", args=[old.pk])
    assert old.words in client.get(address).content.decode()
    body = {
        "op_id": str(op()), "words": "盖不上才算", "said_by": "王专家", "level": "province",
        "on": "2026-06-01", "strictness": "-1",
    }  # fmt: skip
    assert client.post(address, body).status_code == 302
    shown = client.get(reverse("inspections:rulings")).content.decode()
    assert "盖不上才算" in shown
    assert old.words not in shown
    everything = client.get(reverse("inspections:rulings") + "?old=1").content.decode()
    assert old.words in everything
    assert "已被替换" in everything
