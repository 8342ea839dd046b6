"""The page of channels, private hosts by two people, mail, and the daily sheet."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from tests.district import District, dispatched, handed_in, in_hours, op, sign_in

from weicheng.notices import acts, cards, digest, pushing
from weicheng.notices.models import Channel, Delivery, PrivateHost
from weicheng.notices.seals import unseal
from weicheng.people.models import User
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db
HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=sehr-geheim"


def form(d: District, **changes: str) -> dict[str, str]:
    told = {
        "sort": "wecom", "name": "环卫红旗群", "to": str(d.units["环卫局"].pk), "url": HOOK,
        "secret": "",
    }  # fmt: skip
    return {**told, **changes}


def test_the_office_connects_a_group_and_its_key_is_sealed_and_never_shown(
    district: District, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    office = sign_in(client, district.office)
    assert office.post("/channels/", form(district)).status_code == 302
    row = Channel.objects.get()
    assert unseal(row.target) == HOOK
    page = office.get("/channels/").content.decode()
    assert "环卫红旗群" in page
    assert "qyapi.weixin.qq.com" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM notices_channel c")
        stored = cursor.fetchone()[0]
    assert [w for w in ("sehr-geheim",) if w in page + stored + caplog.text] == []


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/cgi-bin/webhook/send?key=a", "http" + HOOK[5:], "随便"]
)
def test_a_target_that_is_not_allowed_is_refused_with_a_sentence(
    district: District, client: Client, url: str
) -> None:
    answer = sign_in(client, district.office).post("/channels/", form(district, url=url))
    assert answer.status_code == 200
    assert "is-wrong" in answer.content.decode()
    assert not Channel.objects.exists()


def test_another_districts_office_neither_sees_nor_touches_the_channel(
    district: District, client: Client
) -> None:
    sign_in(client, district.office).post("/channels/", form(district))
    row = Channel.objects.get()
    other = sign_in(Client(), district.users["临江创卫办"])
    assert "环卫红旗群" not in other.get("/channels/").content.decode()
    assert other.post(f"/channels/{row.pk}/remove/").status_code == 404
    assert client.post(f"/channels/{row.pk}/remove/").status_code == 302
    assert not Channel.objects.exists()


def test_the_button_puts_one_test_message_on_its_way(district: District, client: Client) -> None:
    office = sign_in(client, district.office)
    office.post("/channels/", form(district))
    row, pressed = Channel.objects.get(), {"op_id": str(op())}
    for _ in range(2):
        assert office.post(f"/channels/{row.pk}/test/", pressed).status_code == 302
    assert Delivery.objects.get().kind == "test"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'channel' FROM procrastinate_jobs WHERE task_name = 'notices.send'"
        )
        assert cursor.fetchall() == [(str(row.pk),)]


def test_a_paused_channel_sends_nothing_until_it_is_resumed(
    district: District, client: Client
) -> None:
    office = sign_in(client, district.office)
    office.post("/channels/", form(district))
    row = Channel.objects.get()
    acts.test(row, key=op(), now=timezone.now())
    office.post(f"/channels/{row.pk}/pause/")
    assert pushing.claim(row.pk, now=timezone.now()) is None
    office.post(f"/channels/{row.pk}/resume/")
    assert pushing.claim(row.pk, now=timezone.now()) is not None


def test_a_private_host_needs_a_second_person(district: District, client: Client) -> None:
    office = sign_in(client, district.office)
    office.post("/channels/hosts/", {"host": "bot.gov.test", "port": "8443", "note": "政务网"})
    entry = PrivateHost.objects.get()
    url = "https://bot.gov.test:8443/hook"
    office.post(f"/channels/hosts/{entry.pk}/approve/")
    assert office.post("/channels/", form(district, url=url)).status_code == 200
    admin = sign_in(Client(), district.users["管理员"])
    admin.post(f"/channels/hosts/{entry.pk}/approve/")
    assert office.post("/channels/", form(district, url=url)).status_code == 302
    assert Channel.objects.get().host == "bot.gov.test:8443"


def test_a_second_account_of_the_same_person_is_no_second_person(district: District) -> None:
    office = district.office
    again = User.objects.create_user("创卫办二号", role="office", person=office.person)
    entry = acts.propose(host="bot.gov.test", port=443, note="", by=office, now=timezone.now())
    assert entry is not None
    assert not acts.approve(entry, by=again)
    assert acts.approve(entry, by=district.users["借调"])


def test_the_table_itself_refuses_an_approval_by_the_same_account(district: District) -> None:
    entry = acts.propose(
        host="bot.gov.test", port=443, note="", by=district.office, now=timezone.now()
    )
    assert entry is not None
    entry.approved_by, entry.approved_at = district.office, timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()


def test_what_did_not_arrive_stands_on_the_page_with_a_phone_number(
    district: District, client: Client
) -> None:
    office = sign_in(client, district.office)
    office.post("/channels/", form(district))
    unit = district.units["环卫局"]
    unit.contact = district.people["环卫局的人"]
    unit.save()
    problem = dispatched(district)
    Delivery.objects.create(
        channel=Channel.objects.get(), key="k", kind="push", sort="late", problem=problem, tries=2,
        planned_at=in_hours(-0.6), not_before=in_hours(-0.6), error="too_slow",
    )  # fmt: skip
    page = office.get("/channels/").content.decode()
    assert "未送达" in page
    assert 'href="tel:13800000000"' in page
    assert "对方5秒内没有回应" in page
    Delivery.objects.update(planned_at=in_hours(-0.4))
    assert "未送达" not in office.get("/channels/").content.decode()


@pytest.fixture
def post_office(settings: Any) -> Iterator[list[str]]:
    """An SMTP server on this machine that keeps what it is given."""
    letters: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _from = server.accept()
            except OSError:
                return
            _take(line, letters)

    threading.Thread(target=serve, daemon=True).start()
    settings.MAIL = {
        "host": "127.0.0.1", "port": server.getsockname()[1], "user": "", "password": "",
        "from": "cw@example.gov.cn", "tls": "none",
    }  # fmt: skip
    yield letters
    server.shutdown(socket.SHUT_RDWR)
    server.close()


def _take(line: socket.socket, letters: list[str]) -> None:
    with line, line.makefile("rwb", buffering=0) as talk:
        talk.write(b"220 here\r\n")
        while said := talk.readline():
            word = said[:4].upper()
            if word == b"DATA":
                talk.write(b"354 go on\r\n")
                letter = b"".join(iter(talk.readline, b".\r\n"))
                letters.append(letter.decode())
            talk.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


def test_mail_reaches_the_box_a_person_gave_and_nobody_reads_it_from_the_table(
    district: District, client: Client, post_office: list[str]
) -> None:
    unit = sign_in(client, district.users["环卫局"])
    unit.post("/messages/mail/", {"address": "li@example.cn"})
    box = Channel.objects.get()
    assert "li@" not in box.target + box.host + unit.get("/messages/").content.decode()
    acts.test(box, key=op(), now=timezone.now())
    assert pushing.step(box.pk, now=timezone.now())
    assert "To: li@example.cn" in post_office[0]
    unit.post("/messages/mail/", {"do": "drop"})
    assert not Channel.objects.exists()


@pytest.mark.parametrize(("host", "said"), [("", True), ("mail.example.cn", False)])
def test_the_office_reads_that_no_mail_server_is_set(
    district: District, client: Client, settings: Any, host: str, said: bool
) -> None:
    settings.MAIL = {**settings.MAIL, "host": host, "from": "wei@example.cn"}
    page = sign_in(client, district.office).get("/channels/").content.decode()
    assert ("还没有设置邮件服务器" in page) == said


# the daily sheet

NOW = timezone.make_aware(datetime(2026, 11, 24, 9, 0))  # noqa: DTZ001


def owed(d: District, hours: float, **fields: Any) -> Problem:
    """A matter of 环卫局 due so many hours after NOW."""
    problem = dispatched(d)
    due = NOW + timedelta(hours=hours)
    Problem.objects.filter(pk=problem.pk).update(due_at=due, **fields)
    problem.obligations.update(due_at=due)
    problem.party_rows.update(due_at=due)
    return problem


def test_the_daily_sheet_has_the_worst_first(district: District) -> None:
    soon, today, late = owed(district, 50), owed(district, 5), owed(district, -2)
    later, loud = owed(district, -30), owed(district, -1, said_again=2)
    unit = district.units["环卫局"]
    sheet = digest.sheet_of([unit], [unit.pk], now=NOW)
    assert [line.problem for line in sheet.lines] == [loud, later, late, today, soon]
    assert (sheet.late, sheet.today) == (3, 1)
    text = digest.text_of(sheet)
    marks = ("■ 超期未办：", "▲ 今天到期：", "● 以后到期：", soon.number)
    assert [text.index(m) for m in marks] == sorted(text.index(m) for m in marks)


def test_what_was_handed_in_is_not_on_the_sheet_and_the_rest_is_counted(district: District) -> None:
    handed_in(district)
    for _ in range(3):
        owed(district, 5)
    unit = district.units["环卫局"]
    text = digest.text_of(digest.sheet_of([unit], [unit.pk], now=NOW), most=2)
    assert "未办结3件，超期0件，今天到期3件" in text
    assert "另有1件" in text


def test_two_tasks_of_one_matter_are_told_apart(district: District) -> None:
    problem = owed(district, 5)
    unit = district.units["环卫局"]
    fix = problem.obligations.get(unit=unit)
    fix.pk, fix.sort, fix.words = op(), "holding", "追查来源"
    fix.save(force_insert=True)
    lines = digest.text_of(digest.sheet_of([unit], [unit.pk], now=NOW)).splitlines()
    told = [line.partition(". ")[2] for line in lines if problem.number in line]
    assert len(set(told)) == 2
    assert sum("追查来源" in line for line in told) == 1


def test_a_unit_copies_its_own_sheet_and_not_anothers(district: District, client: Client) -> None:
    problem = dispatched(district)
    unit = sign_in(client, district.users["环卫局"])
    assert problem.number in unit.get("/digest/").content.decode()
    other = sign_in(Client(), district.users["经信局"])
    wanted = district.units["环卫局"].pk
    assert problem.number not in other.get(f"/digest/?unit={wanted}").content.decode()
    assert other.get(f"/digest/{wanted}/print/").status_code == 404
    assert problem.number in unit.get(f"/digest/{wanted}/print/").content.decode()


@pytest.mark.parametrize("sort", cards.SENTENCES)
def test_every_sort_has_its_sentence_with_and_without_a_due_time(sort: str) -> None:
    for due in (NOW, None):
        said = cards.sentence(sort, due, NOW)
        assert said
        assert "%(" not in said
