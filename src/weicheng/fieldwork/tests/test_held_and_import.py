"""The office decides what was held; a queue file is replayed once however often it is imported."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.district import District
from tests.inspecting import plan as planned

from weicheng.evidence.models import Attachment
from weicheng.fieldwork.acts import importing, uploading
from weicheng.fieldwork.models import Held
from weicheng.fieldwork.tests.phone import Phone, iso, sha, shot
from weicheng.inspections.models import Found, Team
from weicheng.people.models import User
from weicheng.places.models import Site
from weicheng.problems.models import Problem


def queue(phone: Phone, d: District, *photos: bytes, **more: Any) -> dict[str, Any]:
    """A queue file with one problem and its photos."""
    body = {"site": str(d.sites["张家沟小区"].pk), "kind": "bin", "words": "桶满了"}
    rows = [
        {
            "sha256": sha(data), "size": len(data), "taken_at": iso(timezone.now()),
            "offset_seconds": 0, "lat": 30.0, "lon": 120.0, "accuracy_m": 9, "purpose": "before",
            "data": base64.b64encode(data).decode(),
        }
        for data in photos
    ]  # fmt: skip
    return {
        "format": "weicheng-queue-1", "user": {"id": str(phone.user.pk), "name": "x"},
        "exported_at": iso(timezone.now()), "photos": rows,
        "acts": [phone.act("finding", body, photos=[sha(data) for data in photos])], **more,
    }  # fmt: skip


def brought(phone: Phone, told: Any) -> Any:
    """Import by the form of the page."""
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    return phone.client.post("/field/import", {"file": SimpleUploadedFile("queue.json", data)})


def test_a_queue_file_imported_twice_makes_one_problem_with_its_photos(
    d: District, phone: Phone
) -> None:
    told = queue(phone, d, shot(1), shot(2))
    assert "1件已收到" in brought(phone, told).content.decode()
    brought(phone, told)
    assert Problem.objects.count() == Found.objects.count() == 1
    assert Found.objects.get().photos.count() == Attachment.objects.count() == 2


def test_the_phone_may_post_the_queue_itself_and_is_answered_in_json(
    d: District, phone: Phone
) -> None:
    told = phone.post("import", queue(phone, d, shot(1))).json()
    assert told["photos"] == 1 and told["results"][0]["state"] == "received"


def test_a_queue_of_somebody_else_waits_for_the_office(d: District, phone: Phone) -> None:
    office = Phone(d.office)
    page = brought(office, queue(phone, d, shot(1))).content.decode()
    assert "1件待创卫办处理" in page and not Found.objects.exists()
    held = Held.objects.get()
    assert held.user == phone.user
    page = office.client.get("/field/held").content.decode()
    assert "发现问题" in page and "桶满了" in page and "代为导入" in page
    photo = Attachment.objects.get()
    assert f"/evidence/{photo.pk}/thumb" in page
    assert office.client.get(f"/evidence/{photo.pk}/thumb").status_code == 200
    office.client.post(f"/field/held/{held.pk}/release")
    found = Found.objects.get()
    assert found.inspector == phone.user.person and found.photos.get() == photo
    assert "已放行" in office.client.get("/field/held").content.decode()


def test_a_queue_of_somebody_else_may_come_in_pieces_and_again(d: District, phone: Phone) -> None:
    office, told = Phone(d.office), queue(phone, d, shot(1), shot(2))
    pieces = [
        {**told, "photos": []},
        *({**told, "acts": [], "photos": [p]} for p in told["photos"]),
    ]
    for piece in (*pieces, *pieces):
        answer = office.post("import", piece)
        assert answer.status_code == 200 and answer.json()["errors"] == []
    held = Held.objects.get()
    assert Attachment.objects.count() == 2
    office.client.post(f"/field/held/{held.pk}/release")
    assert Found.objects.get().photos.count() == 2


def test_the_queue_of_a_closed_account_is_imported_by_the_office(d: District, phone: Phone) -> None:
    told = queue(phone, d, shot(1))
    User.objects.filter(pk=phone.user.pk).update(is_active=False)
    assert "1件待创卫办处理" in brought(Phone(d.office), told).content.decode()


def test_a_photo_that_its_own_phone_is_sending_meanwhile_is_gone_on_with(
    d: District, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = shot(3, size=(640, 480))
    phone.announce(data)
    whole = uploading.announce

    def overtaken(**more: Any) -> Any:
        upload = whole(**more)
        phone.piece(data, 0, 1000)
        return upload

    monkeypatch.setattr(importing, "announce", overtaken)
    told = phone.post("import", queue(phone, d, data)).json()
    assert told["errors"] == [] and told["photos"] == 1


def test_a_photo_over_which_the_server_stumbles_is_told_and_stops_no_other(
    d: District, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, whole = shot(1), uploading.announce

    def announce(**more: Any) -> Any:
        if more["photo"].sha256 == sha(bad):
            raise RuntimeError("announce")
        return whole(**more)

    monkeypatch.setattr(importing, "announce", announce)
    told = phone.post("import", queue(phone, d, bad, shot(2))).json()
    assert told["photos"] == 1 and len(told["errors"]) == 1
    assert told["results"][0]["missing"] == 1


def test_a_queue_of_another_district_is_refused(d: District, phone: Phone) -> None:
    page = brought(Phone(d.users["临江创卫办"]), queue(phone, d)).content.decode()
    assert "不在本区" not in page or not Held.objects.exists()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"format":"x","acts":[]}', b"\x89PNG"])
def test_a_file_that_is_no_queue_is_refused_with_a_sentence(phone: Phone, data: bytes) -> None:
    answer = brought(phone, data or b" ")
    assert answer.status_code == 422 and "note-warn" in answer.content.decode()


def test_a_broken_photo_in_the_file_is_told_and_the_act_still_counts(
    d: District, phone: Phone
) -> None:
    told = queue(phone, d, shot(1))
    told["photos"][0]["data"] = "!!"
    page = brought(phone, told).content.decode()
    assert "不完整" in page and "照片还没齐" in page and Found.objects.count() == 1


def test_dropping_needs_a_reason_and_another_office_does_not_find_it(
    d: District, phone: Phone
) -> None:
    Site.objects.update(active=False)
    phone.do("visit", {"site": str(d.sites["张家沟小区"].pk)})
    held = Held.objects.get()
    office, other = Phone(d.office), Phone(d.users["临江创卫办"])
    assert other.client.post(f"/field/held/{held.pk}/drop", {"words": "x"}).status_code == 404
    office.client.post(f"/field/held/{held.pk}/drop", {"words": ""})
    held.refresh_from_db()
    assert held.ended == ""
    office.client.post(f"/field/held/{held.pk}/drop", {"words": "点位已拆"})
    page = office.client.get("/field/held").content.decode()
    assert "点位已拆" in page and "已作废" in page


def test_the_leader_breaks_the_seal_and_gets_the_route(d: District, phone: Phone) -> None:
    row = planned(d, "undercover", broken=False)
    told = phone.act("visit", {})
    answer = phone.post("unseal", {"op_id": told["op_id"], "plan": str(row.pk)})
    assert answer.status_code == 200, answer.content
    assert answer.json()["stops"][0]["name"] == "张家沟小区"
    assert Team.objects.get().opened_at is not None
    assert phone.post("unseal", {"op_id": told["op_id"], "plan": "x"}).status_code == 422
