"""Who answers, on the screens: a dispute that bounces, an extension, a line cut and not joined."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import District, dispatched, in_hours, op
from tests.journeys.browser import PHONE, WIDE, Clerk, Office
from tests.journeys.conftest import noticed
from weicheng.people.roles import Role
from weicheng.problems import acts
from weicheng.problems.models import CableLine, Problem

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def screens(city: District, office: Office) -> Iterator[dict[str, Clerk]]:
    """Who sits before which screen; the group has a leader of its own."""
    city.unit("市容专责组", "group", "凤凰区")
    city.user("市容专责组", Role.UNIT, "市容专责组")
    noticed()
    sizes = {"创卫办": WIDE, "指挥长": PHONE, "环卫局": PHONE, "经信局": PHONE, "联通": PHONE}
    yield {
        who: office.clerk(city.users[who], width)
        for who, width in {**sizes, "市容专责组": WIDE}.items()
    }


@pytest.fixture(autouse=True)
def _nobody_complains(screens: dict[str, Clerk]) -> Iterator[None]:
    """No console error, no CSP violation, no dialog in any journey."""
    yield
    heard = [words for clerk in screens.values() for words in clerk.complaints]
    for clerk in screens.values():
        clerk.complaints.clear()
    assert heard == []


def fresh(problem: Problem) -> Problem:
    return Problem.objects.select_related("lead_unit").get(pk=problem.pk)


def more(clerk: Clerk, problem: Problem, name: str) -> Page:
    """Open the card and choose from 更多."""
    page = clerk.goes_to(f"/problems/{problem.pk}/?tab=past#more")
    expect(page.locator("#more")).to_have_attribute("open", "")
    page.locator("#more").get_by_role("link", name=name).click()
    return page


def disputes(clerk: Clerk, problem: Problem, whose: str) -> Page:
    page = more(clerk, problem, "不属于我")
    page.locator("label", has_text="不是本单位职责").click()
    page.get_by_label("应由哪个单位办").fill(whose)
    page.get_by_role("button", name="提交，请创卫办定").click()
    expect(page.locator("#toasts")).to_contain_text("等答复")
    return page


def test_the_third_bounce_reaches_the_group_leader_by_itself(
    city: District, screens: dict[str, Clerk]
) -> None:
    problem = dispatched(city, "road")
    due = problem.due_at
    for one, other in (("环卫局", "经信局"), ("经信局", "环卫局")):
        disputes(screens[one], problem, other)
        desk = screens["创卫办"].goes_to(f"/workbench/?queue=asking&item={problem.pk}")
        desk.locator("#acts").get_by_role("button", name="同意").click()
        expect(desk.locator("#toasts")).to_contain_text(f"已改派给{other}")
    page = disputes(screens["环卫局"], problem, "联通")
    expect(page.locator("main")).to_contain_text("等市容专责组定")

    desk = screens["创卫办"].goes_to(f"/problems/{problem.pk}/")
    expect(desk.locator("main")).to_contain_text("第3次退转，由市容专责组定")
    assert desk.get_by_role("button", name="同意").count() == 0

    group = screens["市容专责组"].goes_to("/mine/")
    expect(group.get_by_role("heading", name="要我定的")).to_be_visible()
    group.get_by_role("button", name="同意").click()
    expect(group.locator("#toasts")).to_contain_text("已改派给联通，时限不变")
    row = fresh(problem)
    assert (row.lead_unit, row.bounces, row.due_at) == (city.units["联通"], 3, due)


def test_an_extension_asked_too_late_is_refused_and_one_in_time_is_granted_in_two_taps(
    city: District, screens: dict[str, Clerk]
) -> None:
    who: dict[str, Any] = {"by": city.office, "now": timezone.now() - timedelta(days=3)}
    late = acts.dispatch(
        problem=acts.file(
            finding=acts.Finding(kind=city.kinds["road"], site=city.sites["张家沟小区"]),
            op_id=op(), **who,
        ),
        lead=city.units["环卫局"], due_at=in_hours(-2), op_id=op(), **who,
    )  # fmt: skip
    page = more(screens["环卫局"], late, "申请延期")
    expect(page.get_by_role("alert")).to_contain_text("已过时限，不能再申请延期。请先交整改")

    problem = dispatched(city, "road")
    page = more(screens["环卫局"], problem, "申请延期（剩1次）")
    page.locator("label", has_text="工程量大").click()
    page.get_by_label("延到哪天").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="申请延期").click()
    expect(page.locator("#toasts")).to_contain_text("答复前时限照旧")

    due = fresh(problem).due_at
    today = screens["指挥长"].goes_to("/today/")
    ask = today.locator(".ask").filter(has_text="申请延期")
    expect(ask).to_contain_text("环卫局申请延期：工程量大")
    ask.get_by_role("button", name="同意").tap()  # the only tap; ten seconds to take it back
    expect(today.locator("#toasts")).to_contain_text("已同意，时限改为")
    row = fresh(problem)
    assert due
    assert row.due_at
    assert row.due_at > due
    assert row.extended == 1


def test_no_is_said_in_two_taps(city: District, screens: dict[str, Clerk]) -> None:
    problem = dispatched(city, "road")
    acts.ask_extension(
        problem=problem, reason="works", until=in_hours(200), by=city.users["环卫局"], op_id=op()
    )
    today = screens["指挥长"].goes_to("/today/")
    ask = today.locator(".ask").filter(has_text="申请延期")
    ask.locator("summary").tap()  # 1
    ask.get_by_role("button", name="理由不充分").tap()  # 2
    expect(today.locator("#toasts")).to_contain_text("已答复不同意")
    page = screens["环卫局"].goes_to(f"/problems/{problem.pk}/")
    expect(page.locator("main")).to_contain_text("理由不充分，请按期办结。")


def test_a_cut_line_that_is_not_connected_in_time_is_seen_by_the_leader(
    city: District, screens: dict[str, Clerk]
) -> None:
    problem = dispatched(city, "cable", "联通")
    page = more(screens["联通"], problem, "认线")
    page.get_by_label("哪根线").fill("3号楼入户线")
    page.locator("label", has_text="在用").click()
    page.get_by_label("签认人").fill("刘工")
    page.get_by_label("接通时间").fill(
        (timezone.localtime() - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    )
    page.get_by_label("接通责任人").fill("王工")
    page.get_by_label("影响户数").fill("12")
    page.get_by_role("button", name="认线").click()
    expect(page.locator("#toasts")).to_contain_text("记下一根线")
    page.get_by_role("link", name="登记剪线").click()
    page.get_by_role("button", name="剪线").click()
    expect(page.locator("#toasts")).to_contain_text("已登记剪线")
    assert CableLine.objects.get(problem=problem).cut_at is not None

    expect(page.locator(".ptitle")).to_contain_text("接通超时")
    today = screens["指挥长"].goes_to("/today/")
    owing = today.locator(".owe").filter(has_text="联通")
    expect(owing).to_contain_text("接通超时1处")
    expect(owing).to_contain_text("影响12户")
    expect(today.locator("main")).to_contain_text("12户剪线后没有按时接通")
