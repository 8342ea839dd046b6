"""The office keeps the calendar; everybody else reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.district import op, sign_in

from weicheng.workdays import book, edits
from weicheng.workdays.calendar import SHANGHAI
from weicheng.workdays.reckon import add

if TYPE_CHECKING:
    from tests.district import District


def client(district: District, key: str = "创卫办") -> Client:
    return sign_in(Client(), district.users[key])


def test_a_year_is_shown_with_its_marks_in_words(district: District) -> None:
    page = client(district, "环卫局").get("/calendar/?year=2026").content.decode()
    assert "2026年" in page
    assert "15日至23日 放假（春节）" in page
    assert "14日 调休上班（春节）" in page
    assert "国办发明电〔2025〕7号" in page
    assert "/calendar/day/" not in page


def test_a_year_not_published_says_so(district: District) -> None:
    page = client(district, "环卫局").get("/calendar/?year=2031").content.decode()
    assert "2031年放假安排未公布，暂按周一至周五推算" in page
    assert "未公布" not in client(district).get("/calendar/?year=2026").content.decode()


def test_the_office_closes_a_day_and_due_times_know(district: District) -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)
    assert add(book.calendar(), friday, 1, "days").at.day == 30
    where = "/calendar/day/2026-11-30/"
    answer = client(district).post(where, {"op_id": str(op()), "state": "rest", "name": "停水"})
    assert answer.status_code == 302
    assert add(book.calendar(), friday, 1, "days").at.day == 1
    page = client(district).get("/calendar/?year=2026").content.decode()
    assert "30日 放假（停水）" in page
    client(district).post(where, {"op_id": str(op()), "state": "auto", "name": ""})
    assert add(book.calendar(), friday, 1, "days").at.day == 30


def test_a_day_without_a_reason_is_not_taken(district: District) -> None:
    where = "/calendar/day/2026-11-30/"
    answer = client(district).post(where, {"op_id": str(op()), "state": "rest", "name": ""})
    assert answer.status_code == 422
    assert "请写明为什么" in answer.content.decode()
    assert book.read().is_working(date(2026, 11, 30))


def test_only_the_office_writes(district: District) -> None:
    data = {"op_id": str(op()), "state": "rest", "name": "停水"}
    assert client(district, "环卫局").post("/calendar/day/2026-11-30/", data).status_code == 404
    with pytest.raises(edits.Refused, match="office_only"):
        edits.set_day(
            by=district.users["环卫局"], day=date(2026, 11, 30), working=False, name="x", op_id=op()
        )


def test_the_list_of_a_year_is_pasted_from_the_notice(district: District) -> None:
    assert book.missing_next_year(date(2026, 11, 24)) == 2027
    assert book.missing_next_year(date(2026, 9, 1)) is None
    text = "元旦：1月1日至3日放假调休，共3天。1月9日上班。\n国庆节：10月1日至9日放假。"
    data = {"op_id": str(op()), "source": "国办通知", "text": text}
    wrong = client(district).post("/calendar/2027/publish/", {**data, "text": "元旦：放假。"})
    assert wrong.status_code == 422
    assert client(district).post("/calendar/2027/publish/", data).status_code == 302
    known = book.read()
    assert known.year_is_published(2027)
    assert not known.is_working(date(2027, 10, 4))
    assert known.is_working(date(2027, 1, 9))
    assert book.missing_next_year(date(2026, 11, 24)) is None
    page = client(district).get("/calendar/?year=2027").content.decode()
    assert "国办通知" in page


def test_an_own_list_takes_the_place_of_the_shipped_one(district: District) -> None:
    edits.publish_year(
        by=district.office, year=2026, source="省里另有安排", op_id=op(),
        days={date(2026, 3, 3): (False, "本地节日")},
    )  # fmt: skip
    known = book.read()
    assert known.is_working(date(2026, 2, 17))
    assert not known.is_working(date(2026, 3, 3))
    edits.set_day(by=district.office, day=date(2026, 3, 3), working=True, name="x", op_id=op())
    assert book.read().is_working(date(2026, 3, 3))
    edits.set_day(by=district.office, day=date(2026, 3, 3), working=None, name="", op_id=op())
    assert not book.read().is_working(date(2026, 3, 3))


def test_new_hours_hold_from_their_day_on_and_can_be_taken_away(district: District) -> None:
    data = {
        "op_id": str(op()), "since": "2026-06-01", "opens": "08:00", "noon_from": "12:00",
        "noon_to": "15:00", "closes": "18:30",
    }  # fmt: skip
    wrong = client(district).post("/calendar/hours/", {**data, "noon_to": "11:00"})
    assert wrong.status_code == 422
    assert (
        client(district).post("/calendar/hours/", {**data, "since": "0001-01-01"}).status_code
        == 422
    )
    assert client(district).post("/calendar/hours/", data).status_code == 302
    assert len(book.read().seasons) == 2
    assert book.read().closing(date(2026, 5, 31)).hour == 18
    assert book.read().closing(date(2026, 6, 1)).minute == 30
    assert "08:00—12:00，15:00—18:30" in client(district).get("/calendar/hours/").content.decode()
    nothing = client(district).post("/calendar/hours/", {"op_id": "", "remove": "2026-06-01"})
    assert nothing.status_code == 404
    client(district).post("/calendar/hours/", {"op_id": str(op()), "remove": "2026-06-01"})
    assert len(book.read().seasons) == 1


def test_another_process_notices_a_change(district: District) -> None:
    """The copy in memory is read again when the stamp has moved."""
    kept = book.calendar()
    book.LOOK_SECONDS = 0
    assert book.calendar() is kept
    edits.set_day(by=district.office, day=date(2026, 11, 30), working=False, name="x", op_id=op())
    assert not book.calendar().is_working(date(2026, 11, 30))
