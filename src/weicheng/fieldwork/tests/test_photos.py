"""Photos in pieces: resumed where they stopped, checked by their hash, received only when kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.district import District, in_hours, op

from weicheng.evidence import store
from weicheng.evidence.models import Attachment, Blob
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.fieldwork import acts
from weicheng.fieldwork.acts import uploading
from weicheng.fieldwork.models import Piece, Upload
from weicheng.fieldwork.tests.phone import Phone, iso, sha, shot
from weicheng.inspections.models import Found, Visit
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Problem


def test_a_photo_travels_in_pieces_and_is_received_when_it_is_kept(phone: Phone) -> None:
    data = shot(1, size=(640, 480))
    assert phone.announce(data).json() | {"received_at": None} == {
        "sha256": sha(data), "have": 0, "state": "waiting", "received_at": None, "sentence": "",
    }  # fmt: skip
    half = len(data) // 2
    assert phone.piece(data, 0, half).json()["state"] == "uploading"
    told = phone.piece(data, half).json()
    assert told["state"] == "received" and told["received_at"]
    kept = Attachment.objects.get()
    assert kept.blob_id == sha(data) and kept.position_source == "device"
    assert kept.accuracy_m == 8.0 and kept.uploaded_by == phone.user
    assert not Piece.objects.exists()


def test_a_piece_from_the_wrong_place_is_answered_by_how_far_it_is(phone: Phone) -> None:
    data = shot(2, size=(640, 480))
    phone.announce(data)
    phone.piece(data, 0, 1000)
    again = phone.piece(data, 0, 1000)
    assert again.status_code == 409 and again.json()["have"] == 1000
    assert phone.piece(data, 2000, 10).status_code == 409
    assert phone.announce(data).json()["have"] == 1000


def test_bytes_that_are_not_the_announced_ones_are_dropped(phone: Phone) -> None:
    data, other = shot(3), shot(4)
    phone.post("photos", {"sha256": sha(data), "size": len(other), "purpose": "before"})
    answer = phone.client.put(
        f"/field/photos/{sha(data)}?from=0", other, content_type="application/octet-stream"
    )
    assert answer.status_code == 422 and "不一致" in answer.json()["sentence"]
    assert Upload.objects.get().have == 0 and not Attachment.objects.exists()
    assert phone.send_photo(data) == sha(data)
    assert Upload.objects.get().state == "received"


def test_what_is_no_picture_is_refused_with_its_reason(phone: Phone) -> None:
    data = b"\xff\xd8\xff nothing of a picture"
    phone.announce(data)
    answer = phone.piece(data, 0)
    assert answer.status_code == 422 and answer.json()["sentence"]
    assert Upload.objects.get().refused and not Attachment.objects.exists()


def test_a_full_storage_answers_507_and_the_bytes_need_not_come_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, keep = shot(5), store.keep

    def full(*args: Any, **more: Any) -> None:
        raise EvidenceRefused("disk_full")

    phone.announce(data)
    monkeypatch.setattr(store, "keep", full)
    answer = phone.piece(data, 0)
    assert answer.status_code == 507
    assert answer.json()["sentence"] == "服务器存储已满，已保存在本机，稍后自动重传"
    monkeypatch.setattr(store, "keep", keep)
    assert phone.announce(data).json()["state"] == "received"


def test_a_process_that_died_while_keeping_leaves_no_second_photo(phone: Phone) -> None:
    data = shot(6)
    phone.announce(data)
    upload = Upload.objects.get()
    Piece.objects.create(upload=upload, offset=0, data=data)
    long_ago = timezone.now() - timedelta(minutes=2)
    Upload.objects.update(have=len(data), keeping_since=long_ago, state="uploading")
    store.keep(data, filename=f"field-{upload.pk.hex}", purpose="before", by=phone.user)
    assert phone.announce(data).json()["state"] == "received"
    assert Attachment.objects.count() == 1


def test_while_somebody_looks_into_it_the_others_are_told_to_wait(phone: Phone) -> None:
    data = shot(7)
    phone.announce(data)
    Upload.objects.update(have=len(data), keeping_since=timezone.now(), state="uploading")
    told = phone.announce(data).json()
    assert told["state"] == "uploading" and told["have"] == len(data)


def test_equal_bytes_of_two_persons_are_two_photos_of_one_file(d: District, phone: Phone) -> None:
    other = Phone(d.office)
    data = shot(8)
    phone.send_photo(data)
    other.send_photo(data)
    assert Attachment.objects.count() == 2 and Blob.objects.count() == 1


def test_the_time_of_taking_is_reckoned_by_the_server(phone: Phone) -> None:
    then = timezone.now() - timedelta(hours=1)
    skew = 47 * 60
    phone.send_photo(shot(9), taken_at=iso(then + timedelta(seconds=skew)), offset_seconds=skew)
    assert Attachment.objects.get().taken_at == then


def test_photos_that_come_after_their_act_reach_the_finding_and_the_problem(
    d: District, phone: Phone
) -> None:
    first, second = shot(10), shot(11)
    body = {"site": str(d.sites["张家沟小区"].pk), "kind": "bin"}
    act = phone.act("finding", body, photos=[sha(first), sha(second)])
    told = phone.send(act)[0]
    assert told["state"] == "waiting_photos" and told["missing"] == 2
    found = Found.objects.get()
    assert found.problem is not None and found.problem.before_photo is None
    phone.send_photo(second)
    assert acts.missing(found.operation) == 1
    phone.send_photo(first)
    assert phone.send(act)[0]["state"] == "received"
    found.problem.refresh_from_db()
    version = found.problem.version
    assert found.problem.before_photo is not None and version == 1
    assert found.photos.count() == 2 and found.problem.photos.count() == 2
    assert {p.stage for p in found.problem.photos.all()} == {"before"}


def test_the_office_reads_how_many_photos_are_missing(d: District, phone: Phone) -> None:
    body = {"site": str(d.sites["张家沟小区"].pk)}
    phone.do("visit", body, photos=[sha(shot(12)), sha(shot(13))])
    page = Phone(d.office).client.get("/field/held").content.decode()
    assert "缺2张" in page
    assert "缺2张" not in Phone(d.users["临江创卫办"]).client.get("/field/held").content.decode()


def test_photos_of_a_visit_are_seen_by_who_sees_the_visit(d: District, phone: Phone) -> None:
    data = shot(14)
    phone.send_photo(data)
    phone.do("visit", {"site": str(d.sites["张家沟小区"].pk)}, photos=[sha(data)])
    photo = Visit.objects.get().photos.get()
    address = f"/evidence/{photo.pk}/thumb"
    assert Phone(d.office).client.get(address).status_code == 200
    assert Phone(d.users["临江创卫办"]).client.get(address).status_code == 404


def test_a_spoken_note_is_kept_beside_the_finding(d: District, phone: Phone) -> None:
    note = b"\x1aE\xdf\xa3" + b"\x42\x82\x84webm" + bytes(500)
    body = {"site": str(d.sites["张家沟小区"].pk), "kind": "bin", "voice": sha(note)}
    act = phone.act("finding", body)
    assert phone.send(act)[0]["missing"] == 1
    phone.send_photo(note, purpose="voice")
    assert phone.send(act)[0]["state"] == "received"
    voice = Found.objects.get().voice
    assert voice is not None and voice.blob is not None
    assert voice.blob.media_type == "audio/webm"


def test_a_spoken_note_is_heard_by_whoever_sees_the_problem(d: District, phone: Phone) -> None:
    note = b"\x1aE\xdf\xa3" + b"\x42\x82\x84webm" + bytes(500)
    phone.send_photo(note, purpose="voice")
    body = {"site": str(d.sites["张家沟小区"].pk), "kind": "bin", "voice": sha(note)}
    problem = phone.do("finding", body)["problem"]
    voice = Found.objects.get().voice
    assert voice is not None
    address = f"/evidence/{voice.pk}/sound"
    office = Phone(d.office).client
    assert f'src="{address}"' in office.get(f"/problems/{problem}/").content.decode()
    answer = office.get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "audio/webm", note)
    part = office.get(address, headers={"range": "bytes=4-9"})
    assert (part.status_code, part.content) == (206, note[4:10])
    assert part["Content-Range"] == f"bytes 4-9/{len(note)}"
    problem_acts.dispatch(
        problem=Problem.objects.get(pk=problem), lead=d.units["环卫局"], due_at=in_hours(5),
        by=d.office, op_id=op(),
    )  # fmt: skip
    assert Phone(d.users["环卫局"]).client.get(address).status_code == 200
    for stranger in ("临江创卫办", "经信局"):
        assert Phone(d.users[stranger]).client.get(address).status_code == 404, stranger


def test_a_look_that_came_late_from_a_wrong_clock_says_so_at_its_site(
    d: District, phone: Phone
) -> None:
    place = d.sites["张家沟小区"]
    then = timezone.now() - timedelta(hours=30)
    phone.do("visit", {"site": str(place.pk)}, occurred_at=iso(then), offset_seconds=47 * 60)
    page = Phone(d.office).client.get(f"/checks/sites/{place.pk}/").content.decode()
    assert "迟报，" in page and "手机时间偏差 +47分" in page


def test_a_picture_of_unknown_time_is_not_shown_as_taken_when_it_came(
    d: District, phone: Phone
) -> None:
    photo = phone.send_photo(shot(30), taken_at=None, lat=None, lon=None)
    body = {"site": str(d.sites["张家沟小区"].pk), "kind": "bin"}
    problem = phone.do("finding", body, photos=[photo])["problem"]
    page = Phone(d.office).client.get(f"/problems/{problem}/?tab=photos").content.decode()
    assert "拍摄时间不详" in page


def test_half_photos_go_after_thirty_days_and_whole_ones_stay(phone: Phone) -> None:
    phone.send_photo(shot(15))
    phone.announce(shot(16))
    later = timezone.now() + timedelta(days=31)
    assert uploading.clean(now=later) == 1
    assert Upload.objects.get().state == "received"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"sha256": "../../etc", "size": 5, "purpose": "before"}, "照片编号"),
        ({"sha256": "a" * 64, "size": 99_999_999, "purpose": "before"}, "照片大小"),
        ({"sha256": "a" * 64, "size": True, "purpose": "before"}, "照片大小"),
        ({"sha256": "a" * 64, "size": 5, "purpose": "letter"}, "purpose"),
        ({"sha256": "a" * 64, "size": 5, "purpose": "after", "lat": 200, "lon": 1}, "lat"),
        ({"sha256": "a" * 64, "size": 5, "purpose": "after", "taken_at": "昨天"}, "时间"),
    ],
)
def test_a_wrong_announcement_is_answered_by_a_sentence(
    phone: Phone, told: dict[str, Any], says: str
) -> None:
    answer = phone.post("photos", told)
    assert answer.status_code == 422 and says in answer.json()["sentence"]
    assert not Upload.objects.exists()


def test_a_piece_of_a_photo_that_nobody_announced_or_that_is_too_big(phone: Phone) -> None:
    assert phone.piece(shot(17), 0).status_code == 404
    data = bytes(300 * 1024)
    phone.announce(data)
    assert phone.piece(data, 0, 300 * 1024).status_code == 413
