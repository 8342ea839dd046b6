"""回头看: drawn by itself on day 3, 7 and 30, by other eyes than the first, unknown to the unit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.district import District, handed_in, op, picture, sign_in

from weicheng.inspections.acts import looking_back
from weicheng.inspections.acts.looking_back import draw_look_backs, look_again
from weicheng.inspections.acts.visiting import Reported
from weicheng.inspections.models import LookBack
from weicheng.inspections.refusals import Refused
from weicheng.problems import acts
from weicheng.problems.models import Problem, Remark
from weicheng.workdays.calendar import SHANGHAI

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)


def closed(d: District, days_ago: int = 3, kind: str = "bin", **changes: Any) -> Problem:
    """A problem whose fix the office verified so many days before the day of the draw."""
    problem = handed_in(d, kind)
    acts.pass_fix(problem=problem, level="onsite", by=d.office, op_id=op())
    noon = datetime(2026, 6, 30, 12, tzinfo=SHANGHAI)
    Problem.objects.filter(pk=problem.pk).update(
        closed_at=noon - timedelta(days=days_ago), **changes
    )
    problem.refresh_from_db()
    return problem


def drawn(d: District, days_ago: int = 3) -> LookBack:
    """The second look at the only closed problem."""
    closed(d, days_ago)
    draw_look_backs(TODAY)
    return LookBack.objects.get()


def test_what_was_closed_three_seven_or_thirty_days_ago_is_looked_at_again(
    district: District,
) -> None:
    for days in (1, 2, 3, 4, 7, 8, 30, 31):
        closed(district, days)
    assert draw_look_backs(TODAY) == 3
    rows = LookBack.objects.order_by("day")
    assert [row.day for row in rows] == [3, 7, 30]
    assert {row.due_on for row in rows} == {TODAY}
    assert {row.not_by for row in rows} == {district.people["创卫办的人"]}


def test_drawing_twice_draws_once(district: District) -> None:
    for _n in range(6):
        closed(district)
    first = draw_look_backs(TODAY)
    assert first >= 1
    assert draw_look_backs(TODAY) == 0
    assert LookBack.objects.count() == first


def test_a_problem_that_was_reopened_after_the_draw_makes_no_room_for_another(
    district: District,
) -> None:
    for _n in range(4):
        closed(district)
    count = draw_look_backs(TODAY)
    gone = LookBack.objects.all()[0].problem
    acts.reopen(problem=gone, reason="relapsed", by=district.office, op_id=op())
    assert draw_look_backs(TODAY) == 0
    assert LookBack.objects.filter(dropped="reopened").count() == 1
    assert LookBack.objects.count() == count


def test_of_one_closing_only_the_look_that_fell_due_last_waits(district: District) -> None:
    problem = closed(district, days_ago=3)
    draw_look_backs(TODAY)
    draw_look_backs(TODAY + timedelta(days=4))
    row = LookBack.objects.get(held=None, dropped="")
    assert (row.problem, row.day) == (problem, 7)
    assert LookBack.objects.get(day=3).dropped == "overtaken"


def test_days_that_an_outage_missed_are_made_up_for(district: District) -> None:
    closed(district, 30 + 5)
    draw_look_backs(TODAY - timedelta(days=5))
    closed(district, 3 + 2)
    assert draw_look_backs(TODAY) == 1
    late = LookBack.objects.get(day=3)
    assert late.due_on == TODAY - timedelta(days=2)


def test_what_was_closed_without_a_fix_is_not_looked_at_again(district: District) -> None:
    problem = handed_in(district)
    acts.close(problem=problem, outcome="gone", by=district.office, op_id=op())
    noon = datetime(2026, 6, 27, 12, tzinfo=SHANGHAI)
    Problem.objects.filter(pk=problem.pk).update(closed_at=noon)
    assert draw_look_backs(TODAY) == 0


def test_every_unit_with_closings_is_looked_at_at_least_once(district: District) -> None:
    for unit in ("环卫局", "经信局", "联通", "档案局"):
        closed(district, lead_unit=district.units[unit])
    draw_look_backs(TODAY)
    units = set(LookBack.objects.values_list("problem__lead_unit__name", flat=True))
    assert units == {"环卫局", "经信局", "联通", "档案局"}


def share_drawn(rows: list[Problem]) -> float:
    """The part of these problems that is drawn over two hundred days."""
    units = {row.lead_unit_id for row in rows}
    days = [TODAY + timedelta(days=n) for n in range(200)]
    hits = sum(len(looking_back._chosen(rows, day, 3, units)) for day in days)
    return hits / (len(days) * len(rows))


def test_the_draw_takes_its_share_and_more_of_what_is_serious_or_came_back() -> None:
    plain = [Problem(severity="normal") for _n in range(50)]
    grave = [Problem(severity="key") for _n in range(50)]
    again = [Problem(severity="serious", relapsed=1) for _n in range(50)]
    assert share_drawn(plain) == pytest.approx(0.30, abs=0.02)
    assert share_drawn(grave) == pytest.approx(0.60, abs=0.02)
    assert share_drawn(again) == 1.0


def test_another_day_or_another_secret_draws_others(settings: Any) -> None:
    rows = [Problem(severity="normal") for _n in range(60)]

    def picked(day: date) -> set[Any]:
        return {row.pk for row in looking_back._chosen(rows, day, 3, {None})}

    here = picked(TODAY)
    assert picked(TODAY) == here
    assert picked(TODAY + timedelta(days=1)) != here
    settings.SECRET_KEY = "another"
    assert picked(TODAY) != here


def test_who_verified_first_may_not_look_again_and_is_told_why(district: District) -> None:
    row = drawn(district)
    with pytest.raises(Refused) as told:
        look_again(look_back=row, held=True, by=district.office, op_id=op())
    assert told.value.sentence() == "这一件是您验收的，回头看要换一位。"


def test_somebody_seconded_from_the_unit_that_fixed_it_may_not_look_again(
    district: District,
) -> None:
    row = drawn(district)
    with pytest.raises(Refused, match="own_unit_fixed"):
        look_again(look_back=row, held=True, by=district.users["借调"], op_id=op())
    with pytest.raises(Refused, match="not_yours"):
        look_again(look_back=row, held=True, by=district.users["环卫局"], op_id=op())


def test_a_relapse_reopens_the_problem_with_its_photo(district: District) -> None:
    row, photo = drawn(district), picture("again")
    look_again(look_back=row, held=False, photos=[photo], by=district.users["检查员"], op_id=op())
    problem = row.problem
    problem.refresh_from_db()
    assert (problem.status, problem.relapsed) == ("run", 1)
    assert problem.photos.filter(attachment=photo).exists()
    row.refresh_from_db()
    assert (row.held, row.looked_by) == (False, district.people["检查员的人"])


def test_a_fix_that_held_is_written_on_the_problem_and_it_stays_closed(
    district: District,
) -> None:
    row, key = drawn(district, 7), op()
    for _twice in range(2):
        look_again(look_back=row, held=True, words="很干净", by=district.users["检查员"], op_id=key)
    row.problem.refresh_from_db()
    assert row.problem.status == "done"
    assert Remark.objects.filter(text="回头看（第7天）：没有反弹。很干净").count() == 1
    with pytest.raises(Refused, match="looked_already"):
        look_again(look_back=row, held=True, by=district.users["检查员"], op_id=op())


def test_a_problem_that_came_back_by_itself_before_the_day_needs_no_second_look(
    district: District,
) -> None:
    row = drawn(district)
    acts.reopen(problem=row.problem, reason="relapsed", by=district.office, op_id=op())
    row.refresh_from_db()
    with pytest.raises(Refused, match="look_back_dropped"):
        look_again(look_back=row, held=True, by=district.users["检查员"], op_id=op())
    assert looking_back.waiting_for(district.users["检查员"], TODAY) == []


def test_a_paper_typed_by_the_office_names_who_looked(district: District) -> None:
    row = drawn(district)
    told = Reported(channel="paper", for_person=district.people["检查员的人"])
    look_again(look_back=row, held=True, by=district.office, op_id=op(), reported=told)
    row.refresh_from_db()
    assert row.looked_by == district.people["检查员的人"]


def test_the_unit_learns_nothing_of_a_second_look_beforehand(
    district: District, client: Client
) -> None:
    row = drawn(district)
    for name in ("环卫局", "红叶镇", "张家沟", "档案局", "管理员", "临江创卫办"):
        assert not LookBack.objects.visible_to(district.users[name]).exists(), name
    sign_in(client, district.users["环卫局"])
    assert client.get(reverse("inspections:look_backs")).status_code == 404
    answer = client.post(reverse("inspections:look_back", args=[row.pk]), {"held": "1"})
    assert answer.status_code == 404
    page = client.get(reverse("problems:detail", args=[row.problem_id])).content.decode()
    assert "回头看" not in page
    sign_in(client, district.users["临江创卫办"])
    answer = client.post(reverse("inspections:look_back", args=[row.pk]), {"held": "1"})
    assert answer.status_code == 404


def test_the_inspector_taps_still_clean_on_the_list(district: District, client: Client) -> None:
    row = drawn(district)
    sign_in(client, district.users["检查员"])
    page = client.get(reverse("inspections:look_backs")).content.decode()
    assert row.problem.title() in page
    assert "第3天" in page
    body = {"held": "1", "op_id": str(op())}
    answer = client.post(reverse("inspections:look_back", args=[row.pk]), body)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.held is True
    assert "没有要回头看的" in client.get(reverse("inspections:look_backs")).content.decode()


def test_a_relapse_on_the_page_asks_for_a_photo_or_a_sentence_and_keeps_what_was_typed(
    district: District, client: Client
) -> None:
    row = drawn(district)
    sign_in(client, district.users["检查员"])
    address, key = reverse("inspections:look_back", args=[row.pk]), str(op())
    answer = client.post(address, {"held": "0", "op_id": key})
    assert answer.status_code == 422
    assert "请附一张现在的照片，或写一句现在的样子。" in answer.content.decode()
    answer = client.post(address, {"held": "0", "op_id": key, "words": "又满了"})
    assert answer.status_code == 302
    row.problem.refresh_from_db()
    assert row.problem.status == "run"


def test_the_office_that_verified_it_reads_on_the_list_why_it_may_not_look(
    district: District, client: Client
) -> None:
    row = drawn(district)
    sign_in(client, district.office)
    page = client.get(reverse("inspections:look_backs")).content.decode()
    assert "这一件是您验收的，回头看要换一位。" in page
    assert reverse("inspections:look_back", args=[row.pk]) not in page


def test_who_comes_from_the_unit_that_fixed_it_does_not_know_what_is_looked_at_again(
    district: District, client: Client
) -> None:
    row = drawn(district)
    district.user("镇上借调", "inspector", "创卫办", home="红叶镇政府")
    district.user("经信借调", "inspector", "创卫办", home="经信局")
    for name in ("借调", "镇上借调"):
        user = district.users[name]
        assert not LookBack.objects.visible_to(user).exists(), name
        assert looking_back.waiting_for(user, TODAY) == []
        sign_in(client, user)
        page = client.get(reverse("inspections:look_backs")).content.decode()
        assert row.problem.number not in page
        assert client.get(reverse("inspections:look_back", args=[row.pk])).status_code == 404
    for name in ("创卫办", "检查员", "经信借调", "指挥长"):
        assert LookBack.objects.visible_to(district.users[name]).exists(), name
