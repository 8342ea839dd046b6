"""A WeChat group and its photos become findings; each is put right and filed with a key or two."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.district import District, sign_in

from weicheng.evidence import access
from weicheng.intake.models import Batch, Drop, Lead
from weicheng.journal.ids import uuid7
from weicheng.problems.models import Problem

from .dropped import CHAT, chat_photos, drop, page, taken, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(client: Client, district: District) -> Client:
    return sign_in(client, district.office)


def collect(client: Client, text: str = CHAT, files: Any = None) -> Any:
    files = chat_photos() if files is None else files
    return client.post(reverse("intake:drop"), {"text": text, "files": files})


def regroup(client: Client, lead: Lead, do: str, **data: Any) -> Any:
    address = reverse("intake:regroup", args=[lead.pk])
    return client.post(address, {"op_id": str(uuid7()), "do": do, "at_page": "inbox", **data})


def findings() -> list[Lead]:
    return list(Lead.objects.filter(state="waiting").order_by("said_at", "id"))


def test_a_chat_with_photos_becomes_findings_and_chatter_is_left_out(
    office: Client, district: District
) -> None:
    answer = collect(office)
    assert answer.status_code == 303
    bins, waste = findings()
    assert bins.text == "张家沟小区垃圾桶满溢" and bins.photos.count() == 2
    assert bins.site == district.sites["张家沟小区"] and bins.proposal_id == "bin"
    assert waste.author == "石桥李四" and waste.photos.count() == 1
    assert waste.region == district.regions["石桥镇"]
    assert (
        "镇街按发送人的名字推断"
        in office.get(reverse("intake:inbox"), {"item": str(waste.pk)}).content.decode()
    )
    assert not Drop.objects.exists()


def test_a_chat_in_gb18030_dropped_on_the_import_page_is_previewed_first(office: Client) -> None:
    answer = drop(office, upload("群聊天.txt", CHAT.encode("gb18030")), *chat_photos())
    batch = Batch.objects.get()
    assert str(batch.pk) in answer["Location"] and batch.kind == "chat"
    assert "归成2条线索" in page(office, batch)
    taken(office, batch)
    assert len(findings()) == 2


def test_the_same_chat_again_adds_nothing_but_late_photos_find_their_lead(office: Client) -> None:
    collect(office, files=[])
    assert [lead.photos.count() for lead in findings()] == [0, 0]
    collect(office)
    collect(office)
    assert [lead.photos.count() for lead in findings()] == [2, 1]


def test_a_broken_photo_is_named_and_the_others_stay(office: Client) -> None:
    bad = upload("微信图片_20261120083104.jpg", b"\xff\xd8\xffnot a picture")
    drop(office, *chat_photos()[1:], bad, text=CHAT)
    batch = taken(office, Batch.objects.get())
    words = page(office, batch)
    assert "微信图片_20261120083104.jpg" in words
    assert [lead.photos.count() for lead in findings()] == [1, 1]


def test_a_finding_is_filed_with_its_photos_and_undone(office: Client) -> None:
    collect(office)
    lead, op_id = findings()[0], str(uuid7())
    office.post(
        reverse("intake:file", args=[lead.pk]), {"kind": "bin", "op_id": op_id, "at_page": "inbox"}
    )
    problem = Problem.objects.get()
    assert problem.photos.count() == 2 and problem.source == "wechat"
    office.post(reverse("intake:undo"), {"decision": op_id, "at_page": "inbox"})
    assert len(findings()) == 2


def test_a_photo_moves_to_the_next_finding(office: Client) -> None:
    collect(office)
    first, second = findings()
    photo = first.photos.all()[1]
    answer = regroup(office, first, f"move:{second.pk}", photo=[photo.pk])
    assert answer["Location"].startswith(reverse("intake:inbox"))
    assert (first.photos.count(), second.photos.count()) == (1, 2)


def test_picked_photos_become_a_finding_of_their_own(office: Client) -> None:
    collect(office)
    first = findings()[0]
    regroup(office, first, "split", photo=[first.photos.all()[1].pk])
    assert [lead.photos.count() for lead in findings()] == [1, 1, 1]
    assert {lead.text for lead in findings()[:2]} == {"张家沟小区垃圾桶满溢"}


def test_all_photos_cannot_be_split_off(office: Client) -> None:
    collect(office)
    first = findings()[0]
    regroup(office, first, "split", photo=[p.pk for p in first.photos.all()])
    assert len(findings()) == 2


def test_two_findings_become_one(office: Client) -> None:
    collect(office)
    first, second = findings()
    regroup(office, second, f"merge:{first.pk}")
    one = findings()[0]
    assert one.pk == first.pk and one.photos.count() == 3
    assert "金桥路口暴露垃圾" in one.text and len(findings()) == 1
    second.refresh_from_db()
    assert (second.state, second.aside_reason) == ("aside", "merged")


def test_photos_do_not_move_to_another_district(office: Client, district: District) -> None:
    collect(office)
    other = sign_in(Client(), district.users["临江创卫办"])
    collect(other, CHAT.replace("张家沟", "滨江"))
    mine = Lead.objects.filter(district=district.regions["凤凰区"]).order_by("said_at")[0]
    theirs = Lead.objects.filter(district=district.regions["临江区"]).order_by("said_at")[0]
    photo = mine.photos.all()[0]
    assert regroup(office, mine, f"move:{theirs.pk}", photo=[photo.pk]).status_code == 404
    assert regroup(office, theirs, "split").status_code == 404


def test_photos_of_a_lead_are_seen_by_the_office_of_its_district_only(
    office: Client, district: District
) -> None:
    collect(office)
    attachment = findings()[0].photos.all()[0].attachment
    assert access.may_see(district.users["借调"], attachment)
    assert not access.may_see(district.users["环卫局"], attachment)
    assert not access.may_see(district.users["临江创卫办"], attachment)


def test_nothing_dropped_is_said_so(office: Client) -> None:
    answer = office.post(reverse("intake:drop"), {"text": ""}, follow=True)
    assert "还没有粘贴文字" in answer.content.decode()
