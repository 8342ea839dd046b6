"""Who hears of which act and alarm; once, and only of what they may see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, dispatched, filed, handed_in, in_hours, op, sign_in

from weicheng.journal import outbox
from weicheng.journal.models import Outbox
from weicheng.notices import bell
from weicheng.notices.models import Notice
from weicheng.people.models import Post, User
from weicheng.problems import acts
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db


def hand_on(now: datetime | None = None) -> None:
    """Let the outbox's worker run once the undo is over."""
    while outbox.drain(now=now or in_hours(0.01)):
        continue


def told(d: District, *, sort: str = "") -> dict[str, list[str]]:
    """Who was told what, by name."""
    rows = Notice.objects.select_related("person").order_by("at", "sort")
    found: dict[str, list[str]] = {}
    for row in rows:
        if not sort or row.sort == sort:
            found.setdefault(row.person.name.removesuffix("的人"), []).append(row.sort)
    return found


def alarm(problem: Problem, sort: str, due: datetime | None = None) -> None:
    due = due or problem.due_at
    assert due is not None
    payload = {
        "problem": str(problem.pk), "sort": sort, "at": due.isoformat(), "due_at": due.isoformat(),
    }  # fmt: skip
    outbox.publish(topic="alarm", payload=payload, operation=None, now=timezone.now())
    hand_on()


def remark(problem: Problem, by: User) -> None:
    acts.remark(problem=problem, words="抓紧", by=by, op_id=op())


def test_the_lead_unit_hears_of_a_dispatch_and_the_office_that_sent_it_does_not(
    district: District,
) -> None:
    dispatched(district)
    hand_on()
    assert told(district) == {"环卫局": ["assigned"]}


def test_it_is_told_once_however_often_the_news_comes(district: District) -> None:
    problem = dispatched(district)
    row = Outbox.objects.filter(payload__problem=str(problem.pk)).last()
    assert row is not None
    hand_on()
    row.pk = None
    row.save(force_insert=True)
    hand_on()
    assert told(district) == {"环卫局": ["assigned"]}


def test_a_dispatch_taken_back_in_time_is_never_told(district: District) -> None:
    problem = filed(district)
    asked = op()
    acts.dispatch(
        problem=problem, lead=district.units["环卫局"], due_at=in_hours(48), by=district.office,
        op_id=asked,
    )  # fmt: skip
    acts.undo(problem=problem, operation=asked, by=district.office, op_id=op())
    hand_on()
    assert told(district) == {}


@pytest.mark.parametrize("told_before", [True, False])
def test_when_a_matter_moves_on_both_units_hear(district: District, told_before: bool) -> None:
    problem = dispatched(district)
    if told_before:
        hand_on()
    acts.dispatch(
        problem=problem, lead=district.units["经信局"], due_at=in_hours(48), by=district.office,
        op_id=op(),
    )  # fmt: skip
    hand_on()
    first = ["assigned", "taken_away"] if told_before else ["taken_away"]
    assert told(district) == {"环卫局": first, "经信局": ["assigned"]}


def test_the_fixer_hears_that_the_fix_came_back(district: District) -> None:
    problem = handed_in(district)
    acts.send_back(problem=problem, reason="unfinished", words="", by=district.office, op_id=op())
    hand_on()
    assert told(district, sort="sent_back") == {"环卫局": ["sent_back"]}


def test_the_finder_hears_the_answer(district: District) -> None:
    problem = handed_in(district)
    acts.pass_fix(problem=problem, level="onsite", by=district.office, op_id=op())
    hand_on()
    assert told(district, sort="answer") == {"检查员": ["answer"]}


@pytest.mark.parametrize("merged", [True, False])
def test_who_reported_what_was_merged_hears_the_answer_of_the_other(
    district: District, merged: bool
) -> None:
    main, same = handed_in(district), filed(district, by=district.users["张家沟"])
    if merged:
        acts.merge(problem=same, into=main, by=district.office, op_id=op())
    acts.pass_fix(problem=main, level="onsite", by=district.office, op_id=op())
    hand_on()
    assert ("张家沟" in told(district, sort="answer")) == merged


@pytest.mark.parametrize(("who", "heard"), [("指挥长", True), ("创卫办", False)])
def test_words_of_a_leader_are_told_and_words_of_the_office_are_not(
    district: District, who: str, heard: bool
) -> None:
    remark(dispatched(district), district.users[who])
    hand_on()
    assert ("环卫局" in told(district, sort="leader_words")) == heard


def test_the_office_hears_a_request_and_the_asker_the_answer(district: District) -> None:
    unit = district.users["环卫局"]
    for granted in (True, False):
        problem = dispatched(district)
        acts.ask_extension(
            problem=problem, reason="weather", until=in_hours(96), by=unit, op_id=op()
        )
        answer: Any = acts.grant if granted else acts.deny
        answer(problem=problem, words="知道了", by=district.office, op_id=op())
    hand_on()
    assert sorted(told(district)["环卫局"]) == ["assigned", "assigned", "denied", "granted"]
    assert told(district, sort="asked")["借调"] == ["asked", "asked"]
    assert told(district, sort="asked")["指挥长"] == ["asked", "asked"]


def test_whom_a_dispute_gave_the_matter_to_hears_of_it(district: District) -> None:
    problem = dispatched(district, "cable", "经信局")
    acts.dispute(
        problem=problem, reason="duty", suggested=district.units["联通"],
        by=district.users["经信局"], op_id=op(),
    )  # fmt: skip
    acts.grant(problem=problem, by=district.office, op_id=op())
    hand_on()
    assert told(district, sort="assigned") == {"联通": ["assigned"]}
    assert told(district, sort="granted") == {"经信局": ["granted"]}


def test_the_third_refusal_rings_at_those_who_must_settle_it(district: District) -> None:
    problem = dispatched(district, "road")
    for holder, other in (("环卫局", "经信局"), ("经信局", "环卫局"), ("环卫局", "经信局")):
        hand_on()
        assert told(district, sort="settle") == {}
        acts.dispute(
            problem=problem, reason="duty", suggested=district.units[other],
            by=district.users[holder], op_id=op(),
        )  # fmt: skip
        problem.refresh_from_db()
        if problem.settler_unit is None:
            acts.grant(problem=problem, by=district.office, op_id=op())
    hand_on()
    assert told(district, sort="settle") == {"指挥长": ["settle"], "包片": ["settle"]}


def test_a_new_due_time_is_told_to_those_who_owe(district: District) -> None:
    problem = dispatched(district)
    acts.set_due(
        problem=problem, due_at=in_hours(99), words="上级改期", by=district.office, op_id=op()
    )
    hand_on()
    assert told(district, sort="timed") == {"环卫局": ["timed"]}


@pytest.mark.parametrize("sort", ["soon", "late"])
def test_the_owing_unit_hears_the_alarm(district: District, sort: str) -> None:
    alarm(dispatched(district), sort)
    assert told(district, sort=sort) == {"环卫局": [sort]}


def test_an_alarm_of_a_due_time_that_was_moved_is_not_told(district: District) -> None:
    alarm(dispatched(district), "late", in_hours(1))
    assert told(district, sort="late") == {}


def test_an_alarm_of_a_fix_that_was_handed_in_is_not_told(district: District) -> None:
    alarm(handed_in(district), "late")
    assert told(district, sort="late") == {}


def test_who_left_the_unit_hears_nothing(district: District) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(person=district.people["环卫局的人"]).update(until=yesterday)
    dispatched(district)
    hand_on()
    assert told(district) == {}


def test_a_notice_of_a_matter_that_is_no_longer_theirs_is_not_shown(
    district: District, client: Client
) -> None:
    problem = dispatched(district, "road")
    hand_on()
    unit = User.objects.get(pk=district.users["环卫局"].pk)
    assert bell.unread(unit) == 1
    acts.dispatch(
        problem=problem, lead=district.units["经信局"], due_at=in_hours(48), by=district.office,
        op_id=op(),
    )  # fmt: skip
    problem.party_rows.filter(scope=district.units["环卫局"].pk).delete()
    unit = User.objects.get(pk=unit.pk)
    assert bell.unread(unit) == 0
    notice = Notice.objects.get(person=unit.person, sort="assigned")
    signed_in = sign_in(client, unit)
    assert problem.number not in signed_in.get("/messages/").content.decode()
    assert signed_in.post(f"/messages/{notice.pk}/open/").status_code == 404


def test_opening_a_notice_marks_it_and_leads_to_the_matter(
    district: District, client: Client
) -> None:
    problem = dispatched(district)
    hand_on()
    notice, unit = Notice.objects.get(), district.users["环卫局"]
    answer = sign_in(client, unit).post(f"/messages/{notice.pk}/open/")
    assert answer["Location"] == f"/problems/{problem.pk}/"
    assert bell.unread(User.objects.get(pk=unit.pk)) == 0


def test_what_is_closed_no_longer_rings_at_the_unit(district: District) -> None:
    problem = handed_in(district)
    remark(problem, district.users["指挥长"])
    hand_on()
    assert bell.unread(User.objects.get(pk=district.users["环卫局"].pk)) == 1
    acts.pass_fix(problem=problem, level="onsite", by=district.office, op_id=op())
    hand_on()
    assert bell.unread(User.objects.get(pk=district.users["环卫局"].pk)) == 0
    assert bell.unread(User.objects.get(pk=district.users["检查员"].pk)) == 1


def test_what_was_done_rings_no_more_and_what_came_after_does(district: District) -> None:
    unit = district.users["环卫局"]
    problem = dispatched(district)
    hand_on()
    assert bell.unread(User.objects.get(pk=unit.pk)) == 1
    acts.sign(problem=problem, by=unit, op_id=op())
    hand_on()
    assert bell.unread(User.objects.get(pk=unit.pk)) == 0
    problem = handed_in(district)
    acts.send_back(problem=problem, reason="unfinished", words="", by=district.office, op_id=op())
    hand_on()
    assert bell.unread(User.objects.get(pk=unit.pk)) == 1
    assert Notice.objects.get(problem=problem, person=unit.person, unread=True).sort == "sent_back"


def test_what_was_found_days_ago_is_told_with_the_time_of_recording(district: District) -> None:
    before = timezone.now()
    filed(district, "direct", found_at=in_hours(-72))
    hand_on()
    assert Notice.objects.get(sort="assigned").at >= before


def test_a_request_that_was_answered_rings_no_more_at_the_office(district: District) -> None:
    problem = dispatched(district)
    unit = district.users["环卫局"]
    acts.ask_extension(problem=problem, reason="weather", until=in_hours(96), by=unit, op_id=op())
    hand_on()
    seconded = User.objects.get(pk=district.users["借调"].pk)
    assert bell.unread(seconded) == 1
    acts.grant(problem=problem, words="", by=district.office, op_id=op())
    hand_on()
    assert bell.unread(seconded) == 0


def test_nobody_opens_the_notice_of_another(district: District, client: Client) -> None:
    dispatched(district)
    hand_on()
    notice = Notice.objects.get()
    answer = sign_in(client, district.office).post(f"/messages/{notice.pk}/open/")
    assert answer.status_code == 404
    notice.refresh_from_db()
    assert notice.unread


def test_the_bell_counts_and_one_button_empties_it(district: District, client: Client) -> None:
    for _ in range(3):
        dispatched(district)
    hand_on()
    unit = sign_in(client, district.users["环卫局"])
    page = unit.get("/messages/").content.decode()
    assert "3条没看" in page
    unit.post("/messages/read/", {"until": in_hours(1).isoformat()})
    assert "都看过了" in unit.get("/messages/").content.decode()


def test_the_worst_stands_first(district: District, client: Client) -> None:
    dispatched(district)
    late = dispatched(district, "cable")
    Problem.objects.filter(pk=late.pk).update(due_at=in_hours(-1))
    hand_on()
    row = Notice.objects.filter(problem=late).first()
    assert row is not None
    rows: Any = (Notice(person=row.person, problem=late, sort="late", key="k", level=0, at=row.at),)
    Notice.objects.bulk_create(rows)
    page = sign_in(client, district.users["环卫局"]).get("/messages/").content.decode()
    assert page.index("超期") < page.index("派单")


@pytest.mark.parametrize(("days", "rings"), [(6, 1), (8, 0)])
def test_news_that_comes_a_week_late_is_listed_but_rings_no_more(
    district: District, days: int, rings: int
) -> None:
    dispatched(district)
    hand_on(in_hours(24 * days))
    assert Notice.objects.count() == 1
    assert bell.unread(User.objects.get(pk=district.users["环卫局"].pk)) == rings


def test_after_sixty_days_a_notice_is_let_go(district: District) -> None:
    dispatched(district)
    hand_on()
    at = Notice.objects.get().at
    bell.fade(now=at + timedelta(days=59))
    assert Notice.objects.count() == 1
    bell.fade(now=at + timedelta(days=61))
    assert Notice.objects.count() == 0
