"""The table of time limits on its page: read by all, kept by the office; and the recount."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from tests.district import dispatched, op, sign_in

from weicheng.problems import deadlines, due_words, limit_table, recounting
from weicheng.problems.limits_load import load_limits
from weicheng.problems.models import DueRule, Event, Problem
from weicheng.workdays import edits
from weicheng.workdays.calendar import SHANGHAI

if TYPE_CHECKING:
    from tests.district import District

LIMITS = "/problems/limits/"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)


def client(district: District, key: str = "创卫办") -> Client:
    return sign_in(Client(), district.users[key])


def given(district: District, **changes: Any) -> dict[str, Any]:
    """The fields of a row for 凤凰区, as a clerk fills them in."""
    return {
        "op_id": str(op()), "kind": "bin", "condition": "", "severity": "", "haste": "",
        "region": str(district.regions["凤凰区"].pk), "fix_amount": "4", "fix_kind": "hours",
        "sign_amount": "1", "sign_kind": "hours", "verify_amount": "", "verify_kind": "",
        "whole_amount": "", "whole_kind": "", "note": "", "source": "区政府文件", **changes,
    }  # fmt: skip


def add_row(district: District, **changes: Any) -> DueRule:
    answer = client(district).post(f"{LIMITS}new/", given(district, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return DueRule.objects.order_by("-id").first()  # type: ignore[return-value]


def test_a_row_is_added_and_read_as_a_sentence(district: District) -> None:
    add_row(district, severity="minor", condition="满溢")
    page = client(district, "环卫局").get(LIMITS).content.decode()
    assert "凤凰区的垃圾桶满溢（满溢、轻微）" in page
    assert "1个工作时内签收，4个工作时内整改" in page
    assert "依据：区政府文件" in page
    assert "加规则" not in page


def test_a_new_row_stands_before_those_with_fewer_tests(district: District) -> None:
    wide = add_row(district, kind="")
    near = add_row(district)
    nearest = add_row(district, severity="key")
    assert [row.pk for row in DueRule.objects.all()] == [nearest.pk, near.pk, wide.pk]


def test_rows_are_moved_and_switched_off(district: District) -> None:
    first, second = add_row(district, severity="key"), add_row(district)
    where = f"{LIMITS}{second.pk}/do/"
    client(district).post(where, {"op_id": str(op()), "do": "up"})
    assert [row.pk for row in DueRule.objects.all()] == [second.pk, first.pk]
    assert "第1条已经管住，轮不到这一条" in client(district).get(LIMITS).content.decode()
    client(district).post(where, {"op_id": str(op()), "do": "off"})
    assert [row.pk for row in deadlines.rules()] == [first.pk]
    client(district).post(where, {"op_id": str(op()), "do": "on"})
    assert len(deadlines.rules()) == 2


def test_a_row_is_changed_once_and_not_over_another_change(district: District) -> None:
    row = add_row(district)
    where = f"{LIMITS}{row.pk}/"
    changed = given(district, fix_amount="6", seen="1")
    assert client(district).post(where, changed).status_code == 302
    assert client(district).post(where, changed).status_code == 302  # the same request again
    row.refresh_from_db()
    assert (row.fix_amount, row.version) == (6, 2)
    late = client(district).post(where, given(district, fix_amount="7", seen="1"))
    assert late.status_code == 422
    assert "又被改过" in late.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fix_amount": ""}, "请填写整改"),
        ({"fix_amount": "0"}, "1"),
        ({"fix_amount": "721"}, "最多720"),
        ({"sign_kind": ""}, "请选按什么时间算"),
        ({"sign_amount": ""}, "请填多少"),
        ({"sign_amount": "1", "sign_kind": "days"}, "签收的时限不能比整改还长"),
        ({"whole_amount": "1", "whole_kind": "hours"}, "全程的时限不能比整改还短"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    district: District, changes: dict[str, Any], words: str
) -> None:
    answer = client(district).post(f"{LIMITS}new/", given(district, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DueRule.objects.exists()


def test_the_same_tests_twice_are_refused(district: District) -> None:
    add_row(district)
    answer = client(district).post(f"{LIMITS}new/", given(district, fix_amount="9"))
    assert answer.status_code == 422
    assert "已有一条规则管的是同样的问题" in answer.content.decode()


def test_another_districts_office_and_other_roles_cannot_write(district: District) -> None:
    row = add_row(district)
    assert client(district, "临江创卫办").get(f"{LIMITS}{row.pk}/").status_code == 404
    assert client(district, "环卫局").get(f"{LIMITS}{row.pk}/").status_code == 404
    data = {"op_id": str(op()), "do": "off"}
    answer = client(district, "临江创卫办").post(f"{LIMITS}{row.pk}/do/", data)
    assert answer.status_code == 404
    assert "凤凰区" not in client(district, "临江创卫办").get(LIMITS).content.decode()
    with pytest.raises(PermissionDenied):
        limit_table.switch(by=district.users["临江创卫办"], op_id=op(), row=row, on=False)


def test_the_trial_says_when_and_why(district: District) -> None:
    add_row(district)
    asked = {
        "kind": "bin", "severity": "", "condition": "",
        "region": str(district.regions["红叶镇"].pk), "start": "2026-11-27T17:00",
    }  # fmt: skip
    for odd in ("9999-12-31T23:00", "0001-01-01T00:00", "x", ""):
        answer = client(district, "环卫局").get(LIMITS, {**asked, "start": odd})
        assert answer.status_code == 200
        assert "整改到期" not in answer.content.decode()
    page = client(district, "环卫局").get(LIMITS, asked).content.decode()
    assert "11月30日 周一 11:30" in page
    assert "用第1条" in page
    assert "11月28日至11月29日　周末，不计" in page
    assert "11月27日　工作日，计1小时" in page


def test_the_trial_says_that_a_year_is_not_published(district: District) -> None:
    asked = {
        "kind": "bin", "region": str(district.regions["红叶镇"].pk), "start": "2026-12-30T17:00",
    }  # fmt: skip
    page = client(district).get(LIMITS, asked).content.decode()
    assert "2027年放假安排未公布，暂按周一至周五推算" in page


def test_the_shipped_rows_are_put_in_once_and_never_over_the_offices(district: District) -> None:
    from weicheng.standards.load import load_standard

    assert load_limits() == 0  # none of the shipped kinds is here
    load_standard()
    put_in = load_limits()
    assert put_in == DueRule.objects.count() > 5
    assert all(row.source.startswith("默认值") for row in DueRule.objects.all())
    assert limit_table.unreached(list(DueRule.objects.all())) == {}
    DueRule.objects.update(fix_amount=9)
    assert load_limits() == 0
    assert set(DueRule.objects.values_list("fix_amount", flat=True)) == {9}


def closed_tuesday(district: District) -> None:
    edits.set_day(
        by=district.office, day=date(2026, 11, 24), working=False, name="停水", op_id=op()
    )


def reckoned(district: District) -> Problem:
    """A problem of three working days from Monday on, due on Thursday."""
    problem = dispatched(district)
    found = deadlines.propose_for(problem, MONDAY)
    assert found.at.day == 26
    Problem.objects.filter(pk=problem.pk).update(clock=found.clock, due_at=found.at)
    problem.refresh_from_db()
    return problem


def test_a_new_day_of_rest_moves_open_due_times_through_the_door(district: District) -> None:
    problem = reckoned(district)
    now = MONDAY + timedelta(hours=1)
    assert recounting.moved(district.office, now) == []
    closed_tuesday(district)
    row = recounting.moved(district.office, now)[0]
    assert (row.problem, row.due_at - row.was) == (problem.pk, timedelta(days=1))
    assert recounting.moved(district.users["临江创卫办"], now) == []
    again = op()
    assert recounting.recount(by=district.office, op_id=again, now=now) == (1, 0)
    assert recounting.recount(by=district.office, op_id=again, now=now) == (0, 0)
    problem.refresh_from_db()
    assert problem.due_at == row.due_at
    assert problem.clock is not None
    assert problem.clock["manual"] is None
    event = Event.objects.filter(problem=problem).latest("seq")
    assert event.act == "set_due"
    why = deadlines.why_of(problem)
    assert why is not None
    assert any("停水" in run.words and not run.counts for run in why.days)


def test_a_typed_due_time_stays_where_it_is(district: District) -> None:
    problem = reckoned(district)
    from weicheng.problems import reckoning

    assert problem.clock is not None
    assert problem.due_at is not None
    clock = reckoning.by_hand(problem.clock, problem.due_at)
    Problem.objects.filter(pk=problem.pk).update(clock=clock)
    closed_tuesday(district)
    assert recounting.moved(district.office, MONDAY) == []


def test_the_calendar_page_counts_what_hangs_on_it(district: District, monkeypatch: Any) -> None:
    reckoned(district)
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    assert "受影响的问题" not in client(district).get("/calendar/").content.decode()
    closed_tuesday(district)
    assert "受影响的问题1件" in client(district).get("/calendar/").content.decode()


def test_a_pause_and_a_limit_are_told_in_the_reasons(district: District) -> None:
    from weicheng.problems import reckoning

    kind = district.kinds["bin"]
    found = deadlines.propose_for(dispatched(district), MONDAY)
    day = timedelta(days=1)
    clock = reckoning.resumed(reckoning.paused(found.clock, MONDAY + day), MONDAY + 3 * day)
    clock = reckoning.limited(clock, MONDAY + 4 * day)
    due = deadlines.due_of(clock)
    assert due.at == MONDAY + 4 * day
    words = [line.words for line in due_words.why(clock, due, None, kind).lines]
    assert "缓办2天，顺延2个工作日" in words
    assert "不超过上级规定的时间" in words


def test_a_due_time_in_a_year_without_a_list_is_flagged(district: District) -> None:
    from django.template import Context, Template

    def flag(start: datetime, **clock: Any) -> str:
        found = deadlines.propose_for(problem, start)
        problem.clock, problem.due_at = {**found.clock, **clock}, found.at
        drawn = Template("{% load due %}{% due_uncertain problem %}")
        return drawn.render(Context({"problem": problem}))

    problem = dispatched(district)
    late = datetime(2026, 12, 30, 9, tzinfo=SHANGHAI)
    assert "放假安排未公布" in flag(late)
    assert flag(MONDAY) == ""
    assert flag(late, kind="urgent") == ""
    assert flag(late, manual=late.isoformat()) == ""


@pytest.mark.parametrize(
    ("start", "said"), [("2026-12-30T17:30", True), ("2026-12-01T17:30", False)]
)
def test_a_check_that_falls_into_a_year_without_a_calendar_says_so(
    district: District, start: str, said: bool
) -> None:
    """The fix itself is still due in December."""
    DueRule.objects.all().delete()
    DueRule.objects.create(
        order=1, kind=district.kinds["bin"], fix_amount=1, fix_kind="hours", verify_amount=3,
        verify_kind="days",
    )  # fmt: skip
    query = {"kind": "bin", "start": start, "region": str(district.regions["凤凰区"].pk)}
    page = client(district).get(LIMITS, query).content.decode()
    assert "到期才交验的" in page
    assert ("2027年放假安排未公布" in page) is said
