"""Which team sees and does what: the two teams of a doubled stop, and a 专项 without teams."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import plan as planned
from tests.inspecting import site, with_sheets

from weicheng.fieldwork.packing import pack
from weicheng.inspections import acts
from weicheng.inspections.acts.special import plan_special
from weicheng.inspections.models import Plan, Stop, Team
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import years
from weicheng.people.models import User

pytestmark = pytest.mark.django_db


def doubled(d: District) -> tuple[Plan, Team, Team]:
    """An undercover round of one stop that a second team sees too; both routes are sealed."""
    with_sheets(d)
    d.user("第二人", "inspector", "创卫办")
    plan = planned(d, "undercover", broken=False)
    first = plan.teams.get()
    second = Team.objects.create(plan=plan, name="二组", leader=d.people["第二人的人"])
    second.members.create(person=second.leader)
    plan.stops.update(second_team=second)
    return plan, first, second


def sees(d: District, who: str) -> bool:
    return Stop.objects.visible_to(User.objects.get(pk=d.users[who].pk)).exists()


def test_the_seal_of_the_first_team_opens_nothing_to_the_second(district: District) -> None:
    plan, _first, second = doubled(district)
    acts.break_seal(by=district.users["检查员"], plan=plan, op_id=op())
    assert (sees(district, "检查员"), sees(district, "第二人")) == (True, False)
    route = pack(district.users["第二人"])["routes"][0]
    assert (route["sealed"], route["stops"]) == (True, [])
    acts.break_seal(by=district.users["第二人"], plan=plan, op_id=op())
    assert sees(district, "第二人")
    second.refresh_from_db()
    assert second.opened_at is not None


def test_the_second_team_may_go_first(district: District) -> None:
    plan, _first, _second = doubled(district)
    acts.break_seal(by=district.users["第二人"], plan=plan, op_id=op())
    assert (sees(district, "检查员"), sees(district, "第二人")) == (False, True)
    assert sees(district, "创卫办")
    assert len(pack(district.users["第二人"])["routes"][0]["stops"]) == 1


def test_the_second_team_may_say_that_a_site_is_gone(district: District) -> None:
    plan, _first, _second = doubled(district)
    acts.break_seal(by=district.users["第二人"], plan=plan, op_id=op())
    stop = plan.stops.get()
    with pytest.raises(Refused, match="not_yours"):
        acts.mark_gone(by=district.users["检查员"], stop=stop, reason="拆了", op_id=op())
    acts.mark_gone(by=district.users["第二人"], stop=stop, reason="拆了", op_id=op())
    assert plan.stops.get().gone == "拆了"


def special(d: District) -> Plan:
    """A 专项 over three sites as 先补哪里 makes it: locked, without a team."""
    with_sheets(d)
    years(d)
    sites = [site(d, f"薄弱{n}", at=(26.6 + n / 100, 106.7)) for n in range(3)]
    today = timezone.localdate()
    return plan_special(
        by=d.office, region=d.regions["凤凰区"], title="薄弱点位专项", starts_on=today,
        ends_on=today + timedelta(days=2), sites=sites, op_id=op(),
    )  # fmt: skip


def crew(d: District, *people: str) -> acts.Crew:
    members = [d.people[f"{one}的人"] for one in people]
    return acts.Crew(f"{people[0]}组", members[0], members)


def test_a_special_check_without_teams_says_so_and_gets_them_on_its_page(
    client: Client, district: District
) -> None:
    plan = special(district)
    sign_in(client, district.office)
    page = client.get(f"/checks/{plan.pk}/").content.decode()
    assert "还没有分组" in page
    assert f'href="/checks/{plan.pk}/teams/"' in page
    person = district.people["检查员的人"]
    given = {"op_id": str(op()), f"team-{person.pk}": "1", f"leads-{person.pk}": "on"}
    assert client.post(f"/checks/{plan.pk}/teams/", given).status_code == 302
    assert "还没有分组" not in client.get(f"/checks/{plan.pk}/").content.decode()
    route = pack(district.users["检查员"])["routes"][0]
    assert [stop["name"] for stop in route["stops"]] in (
        ["薄弱0", "薄弱1", "薄弱2"], ["薄弱2", "薄弱1", "薄弱0"],
    )  # fmt: skip
    assert [stop["order"] for stop in route["stops"]] == [1, 2, 3]


def test_its_teams_may_be_put_together_anew_until_somebody_looked(district: District) -> None:
    plan = special(district)
    acts.set_teams(by=district.office, plan=plan, crews=[crew(district, "检查员")], op_id=op())
    both = [crew(district, "检查员"), crew(district, "创卫办")]
    acts.set_teams(by=district.office, plan=plan, crews=both, op_id=op())
    sizes = sorted(team.stops.count() for team in plan.teams.all())
    assert sizes == [1, 2]
    stop = plan.stops.select_related("site__region", "plan").first()
    assert stop is not None
    look = acts.Look(stop.site, stop=stop)
    acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
    with pytest.raises(Refused, match="wrong_state"):
        acts.set_teams(by=district.office, plan=plan, crews=both, op_id=op())


def test_a_drawn_check_keeps_the_teams_of_its_draw(district: District) -> None:
    plan, _first, _second = doubled(district)
    with pytest.raises(Refused, match="wrong_state"):
        acts.set_teams(by=district.office, plan=plan, crews=[crew(district, "检查员")], op_id=op())
