"""Leads say what they seem to be and who should have them; decisions teach the next ones."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, sign_in

from weicheng.intake.leads import learn_messages, propose_again
from weicheng.journal import outbox
from weicheng.journal.ids import uuid7
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.triage import learning
from weicheng.triage.models import Lesson

from .dropped import message
from .test_pool import lead, post, read, text

pytestmark = pytest.mark.django_db(transaction=True)

DECIDED = timedelta(seconds=outbox.UNDO_SECONDS + 1)


@pytest.fixture
def office(client: Client, district: District) -> Client:
    learn_messages(
        read(
            message(100001, "张家沟小区垃圾桶满溢"),
            message(100002, "小区开发商不给办房产证", "2019/3/1 08:00:00"),
            message(100003, "石桥边上有跳跳鼠", "2019/3/2 08:00:00"),
        ),
        district=district.regions["凤凰区"],
    )
    return sign_in(client, district.office)


def hear() -> None:
    """The worker hands on what is ten seconds old."""
    while outbox.drain(now=timezone.now() + DECIDED):
        pass


def lesson(number: int) -> list[str]:
    found = Lesson.objects.filter(subject=lead(number).pk).first()
    return found.answers if found else []


def test_a_lead_of_others_says_who_should_have_it(office: Client) -> None:
    row = lead(100002)
    assert row.outside == "housing" and row.proposal is None and row.confidence >= 80
    words = text(office, item=str(row.pk))
    assert "看来不属于创卫</h2>" in words and "建议转：<b>住建部门</b>（很像）" in words
    assert "不属于创卫　转住建部门" in words and "<mark>房产证</mark>" in words
    assert 'data-key="0" data-answer' in words


def test_a_lead_of_ours_says_its_kind_and_how_sure(office: Client) -> None:
    words = text(office, item=str(lead(100001).pk))
    assert "垃圾桶满溢　很像" in words and "很像，因“垃圾桶满溢”" in words
    assert "看来不属于创卫</h2>" not in words and 'data-key="0" data-answer' not in words


def test_what_nothing_tells_is_said_to_be_so(office: Client) -> None:
    row = lead(100003)
    assert row.outside is None and row.proposal is None
    assert "看不出是哪一类，请在下面选" in text(office, item=str(row.pk))


def test_setting_outside_aside_says_who_should_have_it(office: Client) -> None:
    post(office, "aside", lead(100002), reason="outside")
    assert "已搁置：不属于创卫，建议转住建部门" in text(office)
    words = text(office, tab="aside", item=str(lead(100002).pk))
    assert "建议转：<b>住建部门</b>" in words


def test_the_very_like_ones_are_taken_at_once(office: Client) -> None:
    page = text(office)
    assert "很像的1条，成批立案" in page and "不属于创卫的1条，成批搁置" in page
    picked = text(office, kind="likely", pick="1")
    assert picked.count('form="bulk" checked') == 1 and "垃圾桶满溢" in picked
    assert "房产证" not in picked and "跳跳鼠" not in picked
    outside = text(office, kind="likely_none", pick="1")
    assert outside.count('form="bulk" checked') == 1 and "房产证" in outside


def test_what_a_group_said_is_not_set_aside_by_the_batch(office: Client) -> None:
    row = lead(100002)
    row.source = "wechat"
    row.save(update_fields=["source"])
    assert "成批搁置" not in text(office)
    assert not office.get(reverse("intake:leads"), {"kind": "likely_none"}).context["page"].rows


@pytest.mark.parametrize(
    ("kind", "number"), [("none", 100002), ("unsure", 100003), ("bin", 100001)]
)
def test_the_pool_is_sifted_by_what_is_proposed(office: Client, kind: str, number: int) -> None:
    page = office.get(reverse("intake:leads"), {"kind": kind}).context["page"]
    assert [row.pk for row in page.rows] == [lead(number).pk]


def test_filing_and_setting_aside_teach_after_ten_seconds(office: Client) -> None:
    post(office, "file", lead(100003), kind="road")
    post(office, "aside", lead(100002), reason="outside")
    outbox.drain(now=timezone.now())
    assert not Lesson.objects.exists()
    hear()
    assert lesson(100003) == ["road"] and lesson(100002) == ["outside:housing"]


def test_an_undone_decision_teaches_nothing(office: Client) -> None:
    op_id = str(uuid7())
    post(office, "file", lead(100003), kind="road", op_id=op_id)
    post(office, "undo", decision=op_id)
    hear()
    assert not Lesson.objects.exists()


def test_an_unclear_lead_teaches_nothing(office: Client) -> None:
    post(office, "aside", lead(100002), reason="unclear")
    hear()
    assert not Lesson.objects.exists()


def test_a_lead_that_comes_back_is_no_lesson_any_more(office: Client) -> None:
    post(office, "aside", lead(100002), reason="outside")
    hear()
    assert lesson(100002)
    post(office, "reopen", lead(100002))
    hear()
    assert not lesson(100002)


def test_a_corrected_kind_replaces_what_was_learnt(office: Client, district: District) -> None:
    post(office, "file", lead(100003), kind="road")
    hear()
    correction = acts.Correction(kind=district.kinds["bin"])
    acts.amend(problem=Problem.objects.get(), correction=correction, **who(district))
    hear()
    assert lesson(100003) == ["bin"]


def test_a_problem_declined_as_not_ours_teaches_that(office: Client, district: District) -> None:
    post(office, "file", lead(100003), kind="road")
    acts.decline(problem=Problem.objects.get(), reason="outside", **who(district))
    hear()
    assert "outside:housing" in lesson(100003) and "road" not in lesson(100003)


def who(district: District) -> dict[str, Any]:
    return {"by": district.office, "op_id": uuid7()}


def test_the_waiting_leads_profit_from_what_was_learnt(office: Client) -> None:
    now = timezone.now()
    for n in range(learning.ENOUGH):
        learning.learn(uuid.uuid4(), f"{n}号桥边上有跳跳鼠", "road", at=now)
    assert learning.train(now=now) is not None
    assert propose_again() >= 1
    assert lead(100003).proposal_id == "road" and lead(100001).proposal_id == "bin"
    assert propose_again() == 0
