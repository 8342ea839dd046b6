"""The pool of leads: found by words, filed or set aside one by one or in bulk, undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.district import District, sign_in

from weicheng.intake.leads import learn_messages
from weicheng.intake.models import Lead
from weicheng.intake.sifting import waiting
from weicheng.journal.ids import uuid7
from weicheng.problems.models import Problem
from weicheng.sheets.messages import CitizenMessage, read_messages
from weicheng.sheets.workbook import read_tables

from .dropped import message, messages

pytestmark = pytest.mark.django_db(transaction=True)


def read(*rows: list[Any]) -> list[CitizenMessage]:
    table = read_tables(messages(*rows))[0]
    tz = timezone.get_default_timezone()
    return list(read_messages(table, today=timezone.localdate(), tz=tz))


@pytest.fixture
def office(client: Client, district: District) -> Client:
    learn_messages(
        read(
            message(100001, "张家沟小区垃圾桶满溢"),
            message(100002, "小区门口蜘蛛网", "2019/3/1 08:00:00"),
            message(100003, "孩子上学学籍", "2019/3/2 08:00:00"),
        ),
        district=district.regions["凤凰区"],
    )
    return sign_in(client, district.office)


def lead(number: int) -> Lead:
    return Lead.objects.get(external_id=str(number))


def text(client: Client, **query: str) -> str:
    answer = client.get(reverse("intake:leads"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def post(client: Client, name: str, row: Lead | None = None, **data: Any) -> Any:
    address = reverse(f"intake:{name}", args=[row.pk] if row else [])
    return client.post(address, {"op_id": str(uuid7()), **data})


def test_a_lead_shows_its_kind_its_words_and_its_original_time(office: Client) -> None:
    words = text(office, item=str(lead(100001).pk))
    assert "<mark>垃圾桶满溢</mark>" in words
    assert "2019年2月28日 11:25" in words
    assert "因“垃圾桶满溢”" in words


def test_two_characters_find_a_lead(office: Client) -> None:
    words = text(office, words="学籍")
    assert "孩子上学学籍" in words and "小区门口蜘蛛网" not in words
    assert "没有这样的线索" in text(office, words="天鹅")


def test_what_may_lie_outside_the_campaign_is_a_filter(office: Client) -> None:
    words = text(office, kind="none")
    assert "孩子上学学籍" in words and "垃圾桶满溢，请处理" not in words
    assert "孩子上学学籍" not in text(office, kind="bin")


def test_filing_makes_a_problem_with_the_original_time_and_opens_the_next(
    office: Client, district: District
) -> None:
    row = lead(100002)
    answer = post(office, "file", row, kind="cable", place="张家沟小区")
    assert answer.status_code == 303 and str(lead(100001).pk) in answer["Location"]
    problem = Problem.objects.get()
    assert problem.kind_id == "cable" and problem.site == district.sites["张家沟小区"]
    assert problem.source == "citizen"
    assert f"{timezone.localtime(problem.found_at):%Y-%m-%d %H:%M}" == "2019-03-01 08:00"
    assert lead(100002).state == "filed"


def test_filing_twice_with_one_id_files_once(office: Client) -> None:
    row, op_id = lead(100001), str(uuid7())
    for _ in range(2):
        post(office, "file", row, kind="bin", op_id=op_id)
    assert Problem.objects.count() == 1


def test_without_a_kind_nothing_is_filed_and_it_is_said(office: Client) -> None:
    answer = post(office, "file", lead(100003))
    assert answer.status_code == 422 and "请选择问题类别" in answer.content.decode()
    assert not Problem.objects.exists()


def test_setting_aside_needs_a_reason(office: Client) -> None:
    answer = post(office, "aside", lead(100003), reason="whim")
    assert answer.status_code == 422 and lead(100003).state == "waiting"
    post(office, "aside", lead(100003), reason="outside")
    assert (lead(100003).state, lead(100003).aside_reason) == ("aside", "outside")
    assert "孩子上学学籍" in text(office, tab="aside")


def test_a_decision_is_undone_within_ten_seconds(office: Client) -> None:
    op_id = str(uuid7())
    post(office, "file", lead(100001), kind="bin", op_id=op_id)
    post(office, "undo", decision=op_id)
    assert lead(100001).state == "waiting" and Problem.objects.get().voided
    aside = str(uuid7())
    post(office, "aside", lead(100003), reason="outside", op_id=aside)
    post(office, "undo", decision=aside)
    assert lead(100003).state == "waiting"


def test_after_ten_seconds_it_is_too_late(office: Client) -> None:
    op_id = str(uuid7())
    post(office, "file", lead(100001), kind="bin", op_id=op_id)
    with time_machine.travel(timezone.now() + timedelta(seconds=11), tick=True):
        post(office, "undo", decision=op_id)
    assert lead(100001).state == "filed" and not Problem.objects.get().voided


def test_many_are_filed_with_their_proposals_and_undone_as_one(office: Client) -> None:
    rows = [str(pk) for pk in Lead.objects.values_list("id", flat=True)]
    op_id = str(uuid7())
    post(office, "bulk", lead=rows, do="file", op_id=op_id)
    assert Problem.objects.count() == 2 and lead(100003).state == "waiting"
    post(office, "undo", decision=op_id)
    assert set(Lead.objects.values_list("state", flat=True)) == {"waiting"}
    assert Problem.objects.filter(voided=True).count() == 2


def test_many_are_set_aside_for_one_reason(office: Client) -> None:
    rows = [str(pk) for pk in Lead.objects.values_list("id", flat=True)]
    post(office, "bulk", lead=rows, do="aside", reason="outside")
    assert set(Lead.objects.values_list("state", flat=True)) == {"aside"}


def test_a_lead_that_was_set_aside_comes_back(office: Client) -> None:
    post(office, "aside", lead(100003), reason="outside")
    post(office, "reopen", lead(100003))
    assert lead(100003).state == "waiting"


def test_another_district_sees_and_moves_nothing(office: Client, district: District) -> None:
    other = sign_in(Client(), district.users["临江创卫办"])
    assert "垃圾桶满溢" not in text(other)
    for name, data in (("file", {"kind": "bin"}), ("aside", {"reason": "outside"}), ("reopen", {})):
        assert post(other, name, lead(100001), **data).status_code == 404
    post(other, "bulk", lead=[str(lead(100001).pk)], do="aside", reason="outside")
    assert lead(100001).state == "waiting" and waiting(district.users["临江创卫办"]) == 0


def test_the_city_office_sees_the_leads_of_its_districts(
    office: Client, district: District
) -> None:
    assert waiting(district.users["市创卫办"]) == 3
    assert waiting(district.users["环卫局"]) == 0


def test_the_page_asks_the_database_as_often_for_many_leads_as_for_few(
    office: Client, district: District, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    more = [message(200000 + n, f"第{n}处垃圾桶满溢") for n in range(60)]
    learn_messages(read(*more), district=district.regions["凤凰区"])
    office.get(reverse("intake:leads"))
    with django_assert_max_num_queries(24):
        office.get(reverse("intake:leads"))


def test_long_lists_are_read_in_pieces(office: Client, district: District) -> None:
    more = [message(200000 + n, f"第{n}处垃圾桶满溢") for n in range(60)]
    learn_messages(read(*more), district=district.regions["凤凰区"])
    answer = office.get(reverse("intake:leads"))
    first = answer.context["page"]
    second = office.get(reverse("intake:leads"), {"after": first.after}).context["page"]
    seen = {row.pk for row in (*first.rows, *second.rows)}
    assert len(seen) == 63 and not second.after


def test_reading_the_pool_writes_nothing(office: Client) -> None:
    before = list(Lead.objects.order_by("id").values())
    text(office)
    text(office, item=str(lead(100001).pk), pick="1")
    assert list(Lead.objects.order_by("id").values()) == before


def test_a_lead_about_something_that_is_filed_already_says_so(
    office: Client, district: District
) -> None:
    from tests.district import filed

    known = filed(district, description="7号楼旁垃圾桶满溢")
    lead = Lead.objects.create(
        district=district.regions["凤凰区"], source="wechat", text="7号楼垃圾桶满溢没人管",
        said_at=timezone.now(), received_at=timezone.now(), site=district.sites["张家沟小区"],
        region=district.regions["张家沟社区"],
    )  # fmt: skip
    text = office.get(f"/leads/?item={lead.pk}").content.decode()
    assert "可能已经有了" in text
    assert known.number in text
