"""The score explains itself down to the visit, and says what changed it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import plan, site, with_sheets

from weicheng.duties.resolver import accountable
from weicheng.inspections import acts
from weicheng.inspections.models import Visit
from weicheng.problems import acts as problem_acts
from weicheng.scoring import acts as writing
from weicheng.scoring.asking import asked
from weicheng.scoring.changes_page import changes_page
from weicheng.scoring.lights import lights
from weicheng.scoring.score_page import score_page, why_page
from weicheng.scoring.standing import Scope, standing
from weicheng.standards.models import Aspect, Check, Item

from .foretold import ready, run_now

pytestmark = pytest.mark.django_db


def _looked(d: District, place: str, *failed: str, days: float = 0, **more: Any) -> Visit:
    now = timezone.now() - timedelta(days=days)
    look = acts.Look(site=d.sites[place], failed=failed, **more)
    told = acts.Reported(occurred_at=now, now=now)
    return acts.record_visit(by=d.users["检查员"], look=look, op_id=op(), reported=told)


def _page(client: Client, name: str, *args: str, query: str = "") -> str:
    page = client.get(reverse(f"scoring:{name}", args=args) + query)
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def test_a_lost_point_opens_down_to_the_visit_the_problem_and_who_answers(
    client: Client, district: District
) -> None:
    with_sheets(district)
    visit = _looked(district, "张家沟小区", "estate-01", "estate-03")
    finding = acts.Finding(kind=district.kinds["bin"], site=district.sites["张家沟小区"],
                           visit=visit, check_key="estate-01")  # fmt: skip
    found = acts.record_finding(by=district.users["检查员"], finding=finding, op_id=op())
    sign_in(client, district.office)
    assert "300/400" not in _page(client, "score")
    assert "指标1" in _page(client, "why_below", "A3")
    leaf = _page(client, "why_below", "A3/clean/estate/estate-01")
    assert "张家沟小区" in leaf
    assert found.problem is not None
    assert found.problem.number in leaf
    assert "没有立案" not in leaf
    assert "去立案" in _page(client, "why_below", "A3/clean/estate/estate-03")


def test_the_lines_of_every_level_add_up_to_the_figure_above_them(district: District) -> None:
    with_sheets(district)
    for n in range(7):
        site(district, f"小区{n}")
        _looked(district, f"小区{n}", *[f"estate-0{k}" for k in (1, 2, 3) if (n + k) % 3 == 0])
    tree = standing(district.regions["凤凰区"], timezone.now()).tree
    todo = [tree.root]
    while todo:
        node = todo.pop()
        if node.opens:
            below = tree.open(node.path)
            assert sum(one.milli for one in below) == node.milli
            todo += below


def test_a_verified_fix_gives_the_points_back_and_the_change_names_the_problem(
    client: Client, district: District
) -> None:
    with_sheets(district)
    visit = _looked(district, "张家沟小区", "estate-01", days=9)
    finding = acts.Finding(kind=district.kinds["bin"], site=district.sites["张家沟小区"],
                           visit=visit, check_key="estate-01")  # fmt: skip
    found = acts.record_finding(by=district.users["检查员"], finding=finding, op_id=op())
    assert found.problem is not None
    problem = problem_acts.dispatch(
        problem=found.problem, lead=district.units["环卫局"],
        due_at=timezone.now() + timedelta(days=2), by=district.office, op_id=op(),
    )  # fmt: skip
    before = standing(district.regions["凤凰区"], timezone.now()).score.lost_milli
    from tests.district import picture

    problem = problem_acts.hand_in(
        problem=problem, fix=problem_acts.Fix("clean", [picture("after", purpose="after")]),
        by=district.users["环卫局"], op_id=op(),
    )  # fmt: skip
    problem_acts.pass_fix(problem=problem, level="onsite", by=district.users["检查员"], op_id=op())
    assert before > 0
    assert standing(district.regions["凤凰区"], timezone.now()).score.lost_milli == 0
    sign_in(client, district.office)
    assert "已销号" in _page(client, "score")


def test_the_score_of_an_earlier_day_is_what_was_known_then(district: District) -> None:
    with_sheets(district)
    _looked(district, "张家沟小区", "estate-03", days=20)
    _looked(district, "张家沟小区", days=2)
    region = district.regions["凤凰区"]
    assert standing(region, timezone.now()).score.lost_milli == 0
    old = standing(region, timezone.now() - timedelta(days=10))
    assert old.score.lost_milli > 0
    assert standing(region, timezone.now() - timedelta(days=30)).score.lost_milli == 0


def test_a_hidden_round_moves_no_figure_before_its_release(district: District) -> None:
    with_sheets(district)
    hidden = plan(district, "undercover")
    _looked(district, "张家沟小区", "estate-03", plan=hidden)
    region = district.regions["凤凰区"]
    assert standing(region, timezone.now()).score.lost_milli == 0
    hidden.state, hidden.released_at = "released", timezone.now()
    hidden.save()
    Visit.objects.update(sealed=False)
    assert standing(region, timezone.now()).score.lost_milli > 0


def test_a_part_is_scored_by_itself_and_odd_questions_are_told(
    client: Client, district: District
) -> None:
    with_sheets(district)
    site(district, "石桥小区", region="石桥镇")
    _looked(district, "石桥小区", "estate-03")
    _looked(district, "张家沟小区")
    region, town = district.regions["凤凰区"], district.regions["红叶镇"]
    part = standing(region, timezone.now(), scope=Scope("town", str(town.pk)))
    assert part.score.lost_milli == 0
    shared = standing(region, timezone.now(), scope=Scope("unit", str(district.units["档案局"].pk)))
    assert [v.site for v in shared.snapshot.visits] == [str(district.sites["张家沟小区"].pk)]
    sign_in(client, district.office)
    text = _page(client, "score", query="?on=bogus&town=nobody&sheet=none")
    for sentence in ("没看懂“bogus”是哪一天", "没有找到您要看的那一部分", "没有这种评分办法"):
        assert sentence in text
    question = asked(district.office, {"on": "2999-01-01"})
    assert question is not None
    assert question.today


def test_every_total_says_that_it_is_a_mock_score_and_no_page_speaks_of_a_pass_line(
    client: Client, district: District
) -> None:
    with_sheets(district)
    _looked(district, "张家沟小区", "estate-01")
    sign_in(client, district.office)
    for text in (_page(client, "score"), _page(client, "why"), _page(client, "why_below", "A3")):
        assert "模拟分" in text
        assert not re.search("合格线|过线", text)
    assert client.get(reverse("scoring:why_below", args=["A3/none"])).status_code == 404


def test_the_pages_cost_the_same_however_much_was_looked_at(
    client: Client, district: District, django_assert_max_num_queries: Any
) -> None:
    with_sheets(district)
    for n in range(6):
        site(district, f"小区{n}")
        for days in (9, 5, 1):
            _looked(district, f"小区{n}", "estate-03", days=days)
    sign_in(client, district.office)
    for url in (reverse("scoring:score"), reverse("scoring:why_below", args=["A3/clean/estate"])):
        with django_assert_max_num_queries(75):
            client.get(url)


def test_a_check_that_came_to_the_sheet_after_the_look_counts_as_not_seen(
    district: District,
) -> None:
    sheets = with_sheets(district)
    _looked(district, "张家沟小区", "estate-01", days=5)

    def known() -> tuple[int, int]:
        item = next(i for i in standing(district.regions["凤凰区"], timezone.now()).score.items
                    if i.row.key == "order")  # fmt: skip
        return item.portion.earned, item.portion.not_inspected

    earned, missed = known()
    assert earned > 0 and missed == 0
    came = timezone.now() - timedelta(days=2)
    Check.objects.filter(pk=sheets.checks["estate-02"].pk).update(since=came)
    assert known() == (0, earned)
    _looked(district, "张家沟小区", "estate-01", days=1)
    assert known() == (earned, 0)


def _a_week(d: District) -> None:
    """Looks of nine days ago and of this week, and papers marked today."""
    with_sheets(d)
    for n in range(9):
        site(d, f"小区{n}")
        _looked(d, f"小区{n}", *(["estate-03"] if n % 2 else []), days=9)
        _looked(d, f"小区{n}", *(["estate-01"] if n % 2 == 0 else []), days=n % 4)
    site(d, "公厕", "toilet")
    _looked(d, "公厕", "toilet-01", days=2)
    Aspect.objects.filter(key="A3").update(documents_milli=20_000)
    writing.mark_documents(
        item="clean", percent=60, on=timezone.localdate(), by=d.office,
        region=d.regions["凤凰区"], op_id=op(),
    )  # fmt: skip


def test_the_causes_of_a_week_and_the_rest_add_up_to_the_change(
    client: Client, district: District
) -> None:
    _a_week(district)
    question = asked(district.office, {})
    assert question is not None
    page = score_page(question, district.office)
    told = page.changes
    assert len(told.lines) == 6
    assert told.more > 0
    assert sum(line.milli for line in told.lines) + told.rest == told.milli
    assert told.milli == page.now.thousand.low_milli - page.before.thousand.low_milli
    sign_in(client, district.office)
    assert f"另有{told.more}处，合计" in _page(client, "score")
    whole = changes_page(question, district.office)
    assert whole is not None
    assert whole.changes.rest == whole.changes.more == 0
    assert sum(line.milli for line in whole.changes.lines) == told.milli
    papers = [line for line in whole.changes.lines if line.name == "指标1"]
    assert [line.milli for line in papers] == [6_000]
    assert "资料，" in _page(client, "changes")


def test_the_change_of_an_aspect_opens_to_its_own_causes(
    client: Client, district: District
) -> None:
    _a_week(district)
    question = asked(district.office, {})
    assert question is not None
    for row in score_page(question, district.office).aspects:
        part = changes_page(question, district.office, row.aspect.key)
        assert part is not None
        assert row.moved
        assert sum(line.milli for line in part.changes.lines) == row.moved
    sign_in(client, district.office)
    assert "/score/changes/A5/" in _page(client, "score")
    assert "公厕" in _page(client, "changes_of", "A5")
    assert client.get(reverse("scoring:changes_of", args=["A9"])).status_code == 404


def test_a_line_over_an_aspect_lights_a_lamp_of_its_own(client: Client, district: District) -> None:
    ready(district)
    run_now(district)
    for name, points in (("市容线", 399), ("卫生线", 1)):
        writing.draw_line(
            by=district.users["指挥长"], region=district.regions["凤凰区"], name=name,
            milli=points * 1000, aspect="A3" if points > 1 else "A5", op_id=op(),
        )  # fmt: skip
    question = asked(district.office, {})
    assert question is not None
    rows = {row.aspect.key: row for row in score_page(question, district.office).aspects}
    assert (rows["A3"].colour, rows["A5"].colour) == ("red", "green")
    sign_in(client, district.office)
    assert "市容线399" in _page(client, "score")
    assert "score-red" in _page(client, "score")
    found = lights(district.regions["凤凰区"], district.users["包片"])
    assert {key: one.colour for key, one in found.items() if key} == {"A3": "red", "A5": "green"}
    run = run_now(district)
    told = {row["name"]: row["chance"] for row in run.result["quota"]["aspect_lines"]}
    assert told["卫生线"] > 0.9
    assert told["市容线"] < 0.5


def test_the_score_of_a_unit_is_reached_from_the_filters_and_a_part_is_named_once(
    client: Client, district: District
) -> None:
    with_sheets(district)
    _looked(district, "张家沟小区", "estate-01")
    sign_in(client, district.office)
    unit, town = district.units["档案局"], district.regions["红叶镇"]
    assert f'<option value="{unit.pk}"' in _page(client, "score")
    assert f'<option value="{unit.pk}" selected' in _page(client, "score", query=f"?unit={unit.pk}")
    assert "一次只看一部分：下面是红叶镇的" in _page(
        client, "score", query=f"?town={town.pk}&unit={unit.pk}"
    )
    question = asked(district.office, {"town": town.pk.hex})
    assert question is not None
    assert question.scope == Scope("town", str(town.pk))
    kept = standing(question.region, question.as_of, scope=question.scope)
    assert len(kept.snapshot.visits) == 1
    community = asked(district.office, {"town": str(district.regions["张家沟社区"].pk)})
    assert community is not None
    assert community.scope == Scope()
    assert "没有找到您要看的那一部分，下面是全区的。" in community.doubts


def test_the_accountable_person_is_that_of_the_districts_day(district: District) -> None:
    with_sheets(district)
    _looked(district, "张家沟小区", "estate-03")
    question = asked(district.office, {})
    assert question is not None
    early = datetime(2026, 12, 8, 7, 30, tzinfo=timezone.get_current_timezone())
    asked_of: list[Any] = []

    def spy(**given: Any) -> Any:
        asked_of.append(given["day"])
        return accountable(**given)

    question = replace(question, as_of=early)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("weicheng.scoring.score_page.accountable", spy)
        why_page(question, district.office, ["A3", "clean", "estate", "estate-03"])
    assert set(asked_of) == {date(2026, 12, 8)}


def test_somebody_elses_operation_is_answered_with_a_sentence(
    client: Client, district: District
) -> None:
    sheets = with_sheets(district)
    Item.objects.filter(pk=sheets.items["order"].pk).update(veto=True)
    operation = op()
    writing.state_condition(
        item="order", met=True, by=district.office, region=district.regions["凤凰区"],
        on=timezone.localdate(), op_id=operation,
    )  # fmt: skip
    sign_in(client, district.users["借调"])
    body = {"item": "order", "met": "1", "op_id": str(operation)}
    answer = client.post(reverse("scoring:condition"), body, follow=True)
    assert "页面已过期" in answer.content.decode()
