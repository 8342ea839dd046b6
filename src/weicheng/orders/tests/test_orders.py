"""The papers that leave the office hold what is owed, and only what their reader may see."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from tests.district import (
    District,
    dispatched,
    filed,
    handed_in,
    in_hours,
    op,
    picture,
    sign_in,
)

from weicheng.orders import gather
from weicheng.orders.texts import post_text
from weicheng.problems import acts

pytestmark = pytest.mark.django_db


def test_an_order_holds_what_the_unit_owes_and_nothing_else(district: District) -> None:
    mine = dispatched(district)
    dispatched(district, "road", "经信局")
    handed_in(district)
    filed(district)
    order = gather.order_of(district.units["环卫局"], district.office)
    assert [p.number for p in order.problems] == [mine.number]


def test_the_word_paper_names_number_place_due_and_has_the_picture(
    district: District, client: Client
) -> None:
    problem = dispatched(district, photos=[picture("before")])
    sign_in(client, district.office)
    answer = client.get(reverse("orders:docx", args=[district.units["环卫局"].id]))
    paper = Document(BytesIO(answer.content))
    text = "\n".join(c.text for t in paper.tables for r in t.rows for c in r.cells)
    assert problem.number in text
    assert "张家沟小区" in text
    assert "前" in paper.tables[0].rows[1].cells[4].text
    assert len(paper.inline_shapes) == 1
    assert "签收人" in "\n".join(p.text for p in paper.paragraphs)


def test_the_printed_order_opens_for_the_office_and_its_own_unit_only(
    district: District, client: Client
) -> None:
    dispatched(district)
    address = reverse("orders:unit", args=[district.units["环卫局"].id])
    seen = {}
    for name in ("创卫办", "环卫局", "经信局", "临江创卫办", "临江环卫局"):
        sign_in(client, district.users[name])
        seen[name] = client.get(address).status_code
    assert seen == {
        "创卫办": 200,
        "环卫局": 200,
        "经信局": 404,
        "临江创卫办": 404,
        "临江环卫局": 404,
    }


def test_the_evening_post_says_what_is_late_and_names_nobody(district: District) -> None:
    problem = dispatched(district)
    late = timezone.now() + timedelta(days=4)
    group = gather.groups(district.office)[0]
    text = post_text(gather.post_of(group, now=late))
    assert problem.number in text
    assert "超期2天" in text
    assert "环卫局的人" not in text


def test_the_leaders_page_counts_and_shows_who_is_late(district: District, client: Client) -> None:
    closed = handed_in(district, photos=[picture("b")])
    acts.pass_fix(problem=closed, level="onsite", by=district.office, op_id=op())
    dispatched(district)
    sign_in(client, district.users["指挥长"])
    answer = client.get(reverse("orders:leader"))
    assert answer.status_code == 200
    assert "改前改后" in answer.content.decode()


def line_cut(district: District, *, hours: float) -> None:
    """A cable of the bureau whose line the operator cut, to be live again after these hours."""
    problem, bureau = dispatched(district, "cable", "经信局"), district.users["经信局"]
    told = acts.Line(
        "3号楼入户线", "live", operator=district.units["联通"], signer="刘×",
        reconnect_at=in_hours(hours), reconnect_person="刘×", households=210,
    )  # fmt: skip
    line = acts.classify_line(problem=problem, line=told, by=bureau, op_id=op())
    acts.cut_line(problem=problem, line=line, by=bureau, op_id=op())


def test_an_operator_that_only_owes_a_reconnection_stands_on_the_leaders_page(
    district: District, client: Client, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    with time_machine.travel(now - timedelta(hours=6), tick=False):
        line_cut(district, hours=5)
    assert gather.late_standings(district.office, now=now - timedelta(hours=2)) == []
    sign_in(client, district.users["指挥长"])
    with django_assert_max_num_queries(30):
        page = client.get(reverse("orders:leader")).content.decode()
    assert "联通" in page
    assert "接通超时1处，影响210户" in page
    [late] = gather.late_standings(district.office, now=now)
    assert (late.unit.name, late.owed, late.lines, late.households) == ("联通", 0, 1, 210)
    assert gather.late_standings(district.users["临江创卫办"], now=now) == []


def test_the_list_of_orders_holds_the_operator_too_and_puts_the_late_first(
    district: District, client: Client
) -> None:
    dispatched(district)
    line_cut(district, hours=5)
    found = gather.standings(district.office, now=timezone.now() + timedelta(hours=6))
    assert found[0].unit.name == "联通"
    assert {s.unit.name for s in found} == {"联通", "环卫局", "经信局"}


def test_more_matters_ask_the_database_no_more_often(
    district: District, django_assert_num_queries: Any
) -> None:
    district.office.scopes()
    dispatched(district)
    now = timezone.now() + timedelta(days=9)
    with django_assert_num_queries(3):
        assert len(gather.late_standings(district.office, now=now)) == 1
    dispatched(district, "road", "经信局")
    line_cut(district, hours=5)
    with django_assert_num_queries(3):
        assert len(gather.late_standings(district.office, now=now)) == 3
