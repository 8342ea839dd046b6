"""The panel's papers: marks by phone without a name, corrected until published, entered by the
office in minutes, never changed behind anybody's back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, filed, op, sign_in
from tests.inspecting import site

from weicheng.inspections import acts
from weicheng.inspections.models import PanelSheet, Plan, YearPlan
from weicheng.inspections.panel_links import sheet_of, token_of
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import with_sites
from weicheng.inspections.views import observing
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.people.models import User

pytestmark = pytest.mark.django_db


def a_day(d: District, *, stops: int = 2, papers: int = 3) -> Plan:
    with_sites(d)
    for n in range(stops):
        site(d, f"观摩{n}", at=(26.60 + n / 100, 106.70))
    plan = acts.plan_observation(
        by=d.office, region=d.regions["凤凰区"], title="12月观摩", day=timezone.localdate(),
        sites=[d.sites[f"观摩{n}"] for n in range(stops)], op_id=op(),
    )  # fmt: skip
    acts.number_papers(by=d.office, plan=plan, n=papers, op_id=op())
    return plan


def stops_of(plan: Plan) -> list[UUID]:
    return list(plan.stops.order_by("order").values_list("pk", flat=True))


def paper(plan: Plan, number: int = 1) -> PanelSheet:
    return plan.panel_sheets.get(number=number)


def url(sheet: PanelSheet) -> str:
    return reverse("inspections:panel_paper", args=[token_of(sheet)])


def typed(plan: Plan, *marks: str, **more: str) -> dict[str, str]:
    fields = {f"m-{pk}": mark for pk, mark in zip(stops_of(plan), marks, strict=False)}
    return {"op_id": str(op()), **fields, **more}


def test_whoever_holds_a_paper_marks_it_without_log_in_and_corrects_it(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    one = paper(plan)
    shown = client.get(url(one)).content.decode()
    assert "1号评分表" in shown
    assert "观摩0" in shown
    saved = client.post(url(one), typed(plan, "88.5", ""))
    assert saved["Location"] == url(one)
    first = stops_of(plan)[0]
    assert paper(plan).marks == {str(first): 885}
    assert "已保存。公布成绩以前可以改了再存。" in client.get(url(one)).content.decode()
    client.post(url(one), typed(plan, "90", "70"))
    assert list(paper(plan).marks.values()) == [900, 700]
    assert paper(plan).by_phone
    assert not paper(plan, 2).marks
    plan.refresh_from_db()
    assert plan.state == PlanState.RUNNING
    sign_in(client, district.office)
    grid = client.get(reverse("inspections:observation_marks", args=[plan.pk])).content.decode()
    assert grid.count("扫码</span>") == 1


def test_a_wrong_mark_is_told_beside_its_field_and_nothing_typed_is_lost(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    page = client.post(url(paper(plan)), typed(plan, "188", "77"))
    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("请填0到100的分数，可以有一位小数。") == 1
    assert 'value="188"' in text
    assert 'value="77"' in text
    assert not paper(plan).marks
    empty = client.post(url(paper(plan)), typed(plan, "", ""))
    assert "还没有填分数。" in empty.content.decode()
    stale = client.post(url(paper(plan)), {**typed(plan, "80"), "op_id": "x"})
    assert stale.status_code == 422


def test_a_token_opens_its_own_paper_and_cannot_be_guessed(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    token = token_of(paper(plan))
    assert len(token) == 44
    assert sheet_of(token) == paper(plan)
    other = token_of(paper(plan, 2))
    for wrong in ("x", "A" * 44, token[:-1] + ("A" if token[-1] != "A" else "B"), token[:22]
                  + other[22:]):  # fmt: skip
        answer = client.get(reverse("inspections:panel_paper", args=[wrong]))
        assert answer.status_code == 404
        assert "没有这张评分表" in answer.content.decode()
    fields = {"op_id": str(op()), f"m-{plan.pk}": "90"}
    assert client.post(url(paper(plan)), fields).status_code == 422


def test_after_the_publication_and_on_a_spoilt_paper_nothing_can_be_marked(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    acts.enter_papers(by=district.office, plan=plan, papers={}, spoilt={2: "涂改"}, op_id=op())
    answer = client.post(url(paper(plan, 2)), typed(plan, "90"))
    assert "评分表已作废，不能再打分" in answer.content.decode()
    client.post(url(paper(plan)), typed(plan, "90"))
    acts.publish_observation(by=district.office, plan=plan, op_id=op())
    answer = client.post(url(paper(plan)), typed(plan, "10"))
    assert answer.status_code == 422
    assert "成绩已经公布，不能再打分或修改。" in answer.content.decode()
    assert list(paper(plan).marks.values()) == [900]


def test_a_double_press_counts_once_and_too_many_savings_wait(
    client: Client, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = a_day(district)
    with monkeypatch.context() as strict:
        strict.setattr(observing, "PER_PAPER", 1)
        assert client.post(url(paper(plan, 2)), typed(plan, "90")).status_code == 302
        answer = client.post(url(paper(plan, 2)), typed(plan, "95"))
        assert "分钟后再存；填的分数还在这一页上。" in answer.content.decode()
        assert 'value="95"' in answer.content.decode()
    given = typed(plan, "90")
    assert client.post(url(paper(plan)), given).status_code == 302
    acts.publish_observation(by=district.office, plan=plan, op_id=op())
    assert client.post(url(paper(plan)), given).status_code == 302


def test_every_paper_is_printed_with_the_code_of_its_own_page(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    sign_in(client, district.office)
    shown = client.get(reverse("inspections:observation_papers", args=[plan.pk])).content.decode()
    assert shown.count("data:image/svg+xml") == 3
    assert len(set(shown.split("<img src=")[1:])) == 3


def test_fifteen_papers_over_sixteen_stops_are_pasted_in_one_go(
    client: Client, district: District, django_assert_max_num_queries: Any
) -> None:
    plan = a_day(district, stops=16, papers=15)
    sign_in(client, district.office)
    head = "\t".join(["表号", *(str(n) for n in range(1, 17))])
    rows = ["\t".join([f"{n}号", *(f"{70 + n + k / 10:g}" for k in range(16))])
            for n in range(1, 16)]  # fmt: skip
    page = reverse("inspections:observation_marks", args=[plan.pk])
    grid = client.get(page).content.decode()
    assert grid.count('class="observing-mark"') == 240
    with django_assert_max_num_queries(60):
        done = client.post(page, {"op_id": str(op()), "pasted": "\r\n".join([head, *rows])})
    assert done.status_code == 302
    kept = list(plan.panel_sheets.order_by("number"))
    assert all(len(sheet.marks) == 16 and sheet.entered_at for sheet in kept)
    assert kept[2].marks[str(stops_of(plan)[15])] == 745


def test_a_bad_cell_of_a_pasted_table_is_named_and_nothing_is_kept(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    sign_in(client, district.office)
    second = plan.stops.get(order=2).site.name
    lines = "1\t88\t良\n9\t1\t2\n2\t1\t2\t3\n3\t80\t90\n3\t80\t90\n合计\t1\t2"
    page = client.post(
        reverse("inspections:observation_marks", args=[plan.pk]),
        {"op_id": str(op()), "pasted": lines},
    )
    text = page.content.decode()
    assert page.status_code == 422
    for words in (
        f"1号表“{second}”的“良”不是0到100的分数。", "粘贴的第2行：没有9号评分表。",
        "粘贴的第3行比点位多出了分数。", "粘贴的第5行：3号表出现了两次。",
        "粘贴的第6行不是以表号开头。",
    ):  # fmt: skip
        assert words in text
    assert "合计" in text
    assert not plan.panel_sheets.exclude(marks={}).exists()


def grid_of(plan: Plan, **changes: str) -> dict[str, str]:
    """What the page of the office would send: every field as it stands, and the changes."""
    from weicheng.inspections.observation_page import day_of
    from weicheng.inspections.observing_forms import MarksForm

    user = User.objects.get(person=plan.created_by)
    form = MarksForm(None, plan=plan, stops=day_of(plan, user).stops, op_id=op())
    found = {"op_id": str(op())}
    for row in form.grid():
        found |= {name: value for name, value, _site in row.cells}
        found |= {f"x-{row.number}": row.why, f"w-{row.number}": row.was}
    return {**found, **changes}


def test_a_spoilt_paper_can_be_taken_back_and_a_row_can_be_emptied(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    first = stops_of(plan)[0]
    sign_in(client, district.office)
    page = reverse("inspections:observation_marks", args=[plan.pk])
    client.post(page, grid_of(plan, **{"x-2": "涂改", f"m-1-{first}": "88", f"m-3-{first}": "70"}))
    assert (paper(plan, 2).invalid, paper(plan).marks) == ("涂改", {str(first): 880})
    done = client.post(page, grid_of(plan, **{"x-2": "", f"m-1-{first}": ""}))
    assert done.status_code == 302
    assert (paper(plan, 2).invalid, paper(plan, 2).entered_at) == ("", None)
    assert (paper(plan).marks, paper(plan).entered_at) == ({}, None)
    assert paper(plan, 3).marks == {str(first): 700}
    same = client.post(page, grid_of(plan))
    assert "还没有填分数，或和已录的一样。" in same.content.decode()


def test_what_a_phone_sent_meanwhile_is_not_wiped_out_by_the_grid(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    first = stops_of(plan)[0]
    before = grid_of(plan)
    acts.mark_by_phone(sheet=paper(plan).pk, marks={first: 910}, op_id=op())
    sign_in(client, district.office)
    page = reverse("inspections:observation_marks", args=[plan.pk])
    assert client.post(page, {**before, f"m-2-{first}": "80"}).status_code == 302
    assert paper(plan).marks == {str(first): 910}
    assert paper(plan).by_phone
    clash = client.post(page, {**before, "op_id": str(op()), f"m-1-{first}": "10"})
    text = clash.content.decode()
    assert clash.status_code == 422
    assert "1号表在您打开这一页以后又录过" in text
    assert 'value="91"' in text
    assert paper(plan).marks == {str(first): 910}


def test_a_paper_that_was_spoilt_stays_so_when_a_whole_table_is_pasted(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    first = stops_of(plan)[0]
    sign_in(client, district.office)
    page = reverse("inspections:observation_marks", args=[plan.pk])
    client.post(page, grid_of(plan, **{"x-2": "涂改"}))
    client.post(page, grid_of(plan, pasted="1\t88\n2\t77"))
    assert (paper(plan, 2).invalid, paper(plan, 2).marks) == ("涂改", {str(first): 770})
    assert (paper(plan).invalid, paper(plan).marks) == ("", {str(first): 880})


def test_an_old_page_on_a_phone_does_not_write_over_what_the_office_entered(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    first, second = stops_of(plan)
    one = paper(plan)
    opened = client.get(url(one)).content.decode()
    assert 'name="seen" value=""' in opened
    entered = {1: {first: 800, second: 900}}
    acts.enter_papers(by=district.office, plan=plan, papers=entered, op_id=op())
    late = client.post(url(one), typed(plan, "11", seen=""))
    assert late.status_code == 422
    shown = late.content.decode()
    assert "1号评分表刚才在别处录过，下面是现在的分数，请核对后再改。" in shown
    assert 'value="80"' in shown
    assert paper(plan).marks == {str(first): 800, str(second): 900}
    again = client.post(url(one), typed(plan, "81", "90", seen=str(paper(plan).operation)))
    assert again.status_code == 302
    assert paper(plan).marks == {str(first): 810, str(second): 900}


def test_marks_cannot_change_beside_a_publication_and_a_second_press_is_the_same_answer(
    district: District,
) -> None:
    plan = a_day(district)
    first = stops_of(plan)[0]
    acts.enter_papers(by=district.office, plan=plan, papers={1: {first: 800}}, op_id=op())
    stale, once = Plan.objects.get(pk=plan.pk), op()
    acts.publish_observation(by=district.office, plan=stale, op_id=once)
    again = acts.publish_observation(by=district.office, plan=stale, op_id=once)
    assert again.state == PlanState.RELEASED
    old = Plan.objects.get(pk=plan.pk)
    old.state = PlanState.RUNNING  # as it was read before the publication
    with pytest.raises(Refused, match="wrong_state"):
        acts.enter_papers(by=district.office, plan=old, papers={1: {first: 1}}, op_id=op())
    with pytest.raises(Refused, match="wrong_state"):
        acts.publish_observation(by=district.office, plan=old, op_id=op())
    assert paper(plan).marks == {str(first): 800}


def test_an_operation_of_somebody_else_is_told_in_a_sentence(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    foreign, first = op(), stops_of(plan)[0]
    acts.write_ruling(
        by=district.office, op_id=foreign,
        said=acts.Said("estate-01", "看得见就扣分。", "省级专家", "province",
                       timezone.localdate()),
    )  # fmt: skip
    district.user("第二人", "office", "创卫办")
    sign_in(client, district.users["第二人"])
    said = "同一个操作编号已用于别的内容"
    new = client.post(reverse("inspections:observation_new"), {
        "op_id": str(foreign), "title": "观摩二", "day": timezone.localdate().isoformat(),
        "region": str(district.regions["凤凰区"].pk), "names": "观摩0",
    })  # fmt: skip
    assert said in new.content.decode()
    marks = client.post(
        reverse("inspections:observation_marks", args=[plan.pk]),
        {"op_id": str(foreign), f"m-1-{first}": "80"},
    )
    assert said in marks.content.decode()
    for name, more in (("number", {"n": "5"}), ("publish", {})):
        at = reverse(f"inspections:observation_{name}", args=[plan.pk])
        answer = client.post(at, {"op_id": str(foreign), **more}, follow=True)
        assert said in answer.content.decode()


def test_an_observation_day_counts_in_the_year_and_cannot_lie_in_the_past(
    client: Client, district: District
) -> None:
    a_day(district)
    YearPlan.objects.filter(kind=PlanKind.OBSERVATION).update(count=1)
    sign_in(client, district.office)
    given = {
        "op_id": str(op()), "title": "观摩二", "day": timezone.localdate().isoformat(),
        "region": str(district.regions["凤凰区"].pk), "names": "观摩0",
    }  # fmt: skip
    full = client.post(reverse("inspections:observation_new"), given)
    assert full.status_code == 422
    assert "现场观摩计划1次，已经安排满" in full.content.decode()
    past = {**given, "day": (timezone.localdate() - timedelta(days=1)).isoformat()}
    told = client.post(reverse("inspections:observation_new"), {**past, "basis": "市里要求"})
    assert "检查日期已经过去" in told.content.decode()
    done = client.post(
        reverse("inspections:observation_new"), {**given, "basis": "市里要求", "op_id": str(op())}
    )
    assert done.status_code == 302
    assert Plan.objects.get(title="观摩二").basis == "市里要求"


def test_the_page_of_a_stop_shows_the_mock_score_and_how_much_is_open(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    place = plan.stops.order_by("order")[0].site
    acts.record_visit(
        by=district.users["检查员"], look=acts.Look(site=place, failed=["estate-01"]), op_id=op()
    )
    for _n in range(14):
        filed(district, site=place)
    sign_in(client, district.office)
    first, second = stops_of(plan)
    shown = client.get(
        reverse("inspections:observation_stop", args=[plan.pk, first])
    ).content.decode()
    assert "<dt>模拟分</dt><dd><b>66.7</b>" in shown
    assert "另有2件没有列出" in shown
    other = client.get(
        reverse("inspections:observation_stop", args=[plan.pk, second])
    ).content.decode()
    assert "没有检查过，算不出" in other
    day = client.get(reverse("inspections:observation", args=[plan.pk])).content.decode()
    assert "未改14件" in day


def test_towns_are_ranked_with_their_spread_and_the_rule_is_said(
    client: Client, district: District
) -> None:
    plan = a_day(district)
    one, two = stops_of(plan)
    acts.enter_papers(
        by=district.office, plan=plan, op_id=op(),
        papers={n: {one: 900 + n, two: 700} for n in (1, 2, 3)},
    )  # fmt: skip
    sign_in(client, district.office)
    shown = client.get(reverse("inspections:observation", args=[plan.pk])).content.decode()
    assert "满3个分数时，去掉一个最高分和一个最低分" in shown
    assert ">70.0—90.2</td>" in shown
