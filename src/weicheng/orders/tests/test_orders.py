"""The papers that leave the office hold what is owed, and only what their reader may see."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from tests.district import District, dispatched, filed, handed_in, op, picture, sign_in

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
