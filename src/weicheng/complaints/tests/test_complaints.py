"""Anybody may complain; nobody can unsay it; the office does not read what is said about it."""

from __future__ import annotations

import re

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from tests.district import District, op, sign_in

from weicheng.complaints import registering
from weicheng.complaints.models import Complaint, Reply
from weicheng.server import roles

pytestmark = pytest.mark.django_db


def say(client: Client, d: District, **changes: str) -> str:
    """Write a complaint as a stranger; the answer's page."""
    fields = {
        "op_id": str(op()), "region": str(d.regions["凤凰区"].pk), "about": "unit",
        "text": "石桥路的垃圾说改了没有改", **changes,
    }  # fmt: skip
    return client.post("/complaints/new/", fields).content.decode()


def receipt(page: str) -> tuple[str, str]:
    number = re.search(r"TS\d{6}-\w{5}", page)
    code = re.search(r"\w{4}-\w{4}(?=</b>)", page)
    assert number and code
    return number.group(), code.group()


def test_a_stranger_gets_a_receipt_and_finds_the_answer_with_it(
    district: District, client: Client
) -> None:
    number, code = receipt(say(client, district))
    look = {"number": number, "code": code}
    assert "还没有答复" in client.post("/complaints/look/", look).content.decode()
    row = Complaint.objects.get()
    office = sign_in(Client(), district.office)
    answer = {"op_id": str(op()), "text": "明天上午去改"}
    office.post(f"/complaints/{row.pk}/", answer)
    office.post(f"/complaints/{row.pk}/", answer)
    assert Reply.objects.count() == 1
    assert "明天上午去改" in client.post("/complaints/look/", look).content.decode()


def test_the_receipt_alone_shows_nothing(district: District, client: Client) -> None:
    number, _code = receipt(say(client, district))
    wrong = {"number": number, "code": "AAAA-AAAA"}
    page = client.post("/complaints/look/", wrong).content.decode()
    assert "石桥路" not in page
    for _ in range(registering.PER_RECEIPT):
        page = client.post("/complaints/look/", wrong).content.decode()
    assert "分钟后再试" in page


def test_the_same_form_sent_twice_is_one_complaint(district: District, client: Client) -> None:
    key = str(op())
    first, second = (receipt(say(client, district, op_id=key)) for _ in range(2))
    assert first == second
    assert Complaint.objects.count() == 1
    assert "已经提交过" in say(client, district, op_id=key, text="别的话")


def test_too_much_is_said_and_not_cut(district: District, client: Client) -> None:
    page = client.get("/complaints/new/").content.decode()
    assert "maxlength" not in page[page.index("<textarea") : page.index("</textarea")]
    assert "已收到" not in say(client, district, text="长" * (registering.MOST + 1))
    assert "已收到" in say(client, district, text="长" * registering.MOST)


def test_only_a_region_with_an_office_to_answer_is_offered(
    district: District, client: Client
) -> None:
    office = district.units["创卫办"]
    assert str(district.regions["凤凰区"].pk) in client.get("/complaints/new/").content.decode()
    office.active = False
    office.save()
    assert str(district.regions["凤凰区"].pk) not in client.get("/complaints/new/").content.decode()


def test_a_flood_from_one_address_is_held_up(district: District, client: Client) -> None:
    for _ in range(registering.PER_ADDRESS):
        say(client, district)
    assert "分钟后再试" in say(client, district)
    assert Complaint.objects.count() == registering.PER_ADDRESS


@pytest.mark.parametrize(
    ("who", "about", "seen"),
    [
        ("创卫办", "unit", True), ("创卫办", "office", False), ("审计", "office", True),
        ("审计", "unit", True), ("市创卫办", "unit", True), ("临江创卫办", "unit", False),
    ],
)  # fmt: skip
def test_the_queue_shows_what_its_reader_may_see(
    district: District, client: Client, who: str, about: str, seen: bool
) -> None:
    say(client, district, about=about)
    reader = sign_in(Client(), district.users[who])
    assert ("石桥路" in reader.get("/complaints/").content.decode()) == seen
    row = Complaint.objects.get()
    assert (reader.get(f"/complaints/{row.pk}/").status_code == 200) == seen


@pytest.mark.parametrize("who", ["环卫局", "红叶镇", "指挥长", "管理员"])
def test_units_have_no_way_to_the_queue(district: District, client: Client, who: str) -> None:
    say(client, district)
    row = Complaint.objects.get()
    reader = sign_in(Client(), district.users[who])
    for path in ("/complaints/", f"/complaints/{row.pk}/"):
        assert reader.get(path).status_code == 404


@pytest.mark.parametrize("table", ["complaints_complaint", "complaints_reply"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET text = 'x'"])
def test_the_database_refuses_to_change_or_delete(
    district: District, client: Client, table: str, change: str
) -> None:
    say(client, district)
    registering.answer(
        Complaint.objects.get(), text="好", by=district.office, key=op(),
        now=Complaint.objects.get().at,
    )  # fmt: skip
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))
    assert (Complaint.objects.count(), Reply.objects.get().text) == (1, "好")
    assert table in roles.APPEND_ONLY


def test_every_page_leads_to_the_complaints(district: District, client: Client) -> None:
    assert 'href="/complaints/new/"' in client.get("/login/").content.decode()
    office = sign_in(client, district.office)
    assert 'href="/complaints/new/"' in office.get("/messages/").content.decode()
