"""交叉检查 by another town's people, own accounts and temporary ones: they go wherever their team
goes, and nobody checks what the own town or unit answers for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import site

from weicheng.inspections import acts
from weicheng.inspections.acts.teams import able
from weicheng.inspections.models import Found, Guest, Plan, Stop, Visit
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import drafted, with_sites
from weicheng.inspections.words import PlanKind
from weicheng.people.models import Person, User
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db
IN_RED, IN_STONE = ("红山小区", "红河小区"), ("石山小区", "石河小区")


def towns(d: District) -> None:
    """Two towns, each with two sites more; 张家沟 lies in 红叶镇."""
    with_sites(d, estates=1, toilets=0)
    d.region("石桥社区", "community", "990102102001", "石桥镇")
    for n, name in enumerate(IN_RED):
        site(d, name, at=(26.60 + n * 0.01, 106.70))
    for n, name in enumerate(IN_STONE):
        site(d, name, region="石桥社区", at=(26.70 + n * 0.01, 106.80))


def crossed(d: District, *, region: str = "凤凰区", is_open: bool = True, **changes: Any) -> Plan:
    """Two teams of one: 红叶镇's clerk and 石桥镇's, over the whole district, drawn and opened."""
    given = {"crews": (("红叶镇的人",), ("石桥镇的人",)), "sampled": False, **changes}
    plan = drafted(d, PlanKind.CROSS, open=is_open, region=d.regions[region], **given)
    plan = acts.lock_and_draw(by=d.office, plan=plan, op_id=op())
    if not is_open:
        acts.break_seal(by=d.office, plan=plan, op_id=op(), on_paper=True)
    return plan


def on_route(plan: Plan, name: str) -> set[str]:
    rows = plan.stops.filter(team__members__person__name=name)
    return set(rows.values_list("site__name", flat=True))


def stop_at(plan: Plan, name: str) -> Stop:
    return plan.stops.select_related("site__region", "plan").get(site__name=name)


def look(d: District, who: str, stop: Stop) -> Visit:
    d.users[who].__dict__.pop("_scopes", None)
    return acts.record_visit(by=d.users[who], look=acts.Look(stop.site, stop=stop), op_id=op())


@pytest.mark.parametrize("is_open", [True, False])
def test_each_town_gets_the_stops_of_the_other(district: District, is_open: bool) -> None:
    towns(district)
    plan = crossed(district, is_open=is_open)
    assert on_route(plan, "红叶镇的人") == {*IN_STONE}
    assert on_route(plan, "石桥镇的人") == {*IN_RED, "张家沟小区"}


@pytest.mark.parametrize("is_open", [True, False])
def test_they_check_in_the_others_town_and_not_in_their_own(
    district: District, is_open: bool
) -> None:
    towns(district)
    plan = crossed(district, is_open=is_open)
    visit = look(district, "红叶镇", stop_at(plan, "石山小区"))
    assert (visit.sealed, visit.outside) == (not is_open, False)
    with pytest.raises(Refused, match="own_stop") as told:
        look(district, "红叶镇", stop_at(plan, "红山小区"))
    assert told.value.sentence() == (
        "“红山小区”由红叶镇的人所在的单位（含原单位）负责，交叉检查要由别人来查。"
    )


def test_what_they_find_on_an_open_one_is_a_problem_at_once(district: District) -> None:
    towns(district)
    plan = crossed(district)
    stop = stop_at(plan, "石山小区")
    finding = acts.Finding(kind=district.kinds["bin"], site=stop.site, plan=plan)
    acts.record_finding(by=district.users["红叶镇"], finding=finding, op_id=op())
    assert Problem.objects.get().finder == district.people["红叶镇的人"]


def test_a_check_over_one_town_is_the_other_towns(district: District) -> None:
    towns(district)
    plan = crossed(district, region="石桥镇", crews=(("红叶镇的人",),))
    assert on_route(plan, "红叶镇的人") == {*IN_STONE}
    look(district, "红叶镇", stop_at(plan, "石河小区"))
    with pytest.raises(Refused, match="team_concerned"):
        drafted(district, PlanKind.CROSS, open=True, region=district.regions["石桥镇"],
                crews=(("石桥镇的人",),))  # fmt: skip


def test_beside_the_plan_nobody_checks_in_another_town(district: District) -> None:
    towns(district)
    crossed(district)
    for place in IN_STONE:
        with pytest.raises(Refused, match="other_place"):
            acts.record_visit(by=district.users["红叶镇"], look=acts.Look(district.sites[place]),
                              op_id=op())  # fmt: skip


def test_everyday_work_in_the_own_town_is_no_part_of_a_hidden_one(district: District) -> None:
    towns(district)
    crossed(district, is_open=False)
    home, clerk = district.sites["红山小区"], district.users["红叶镇"]
    visit = acts.record_visit(by=clerk, look=acts.Look(home), op_id=op())
    finding = acts.Finding(kind=district.kinds["bin"], site=home, visit=visit)
    found = acts.record_finding(by=clerk, finding=finding, op_id=op())
    assert (visit.plan, visit.sealed, found.sealed) == (None, False, False)


def test_until_the_release_a_town_knows_only_what_its_own_team_saw(district: District) -> None:
    towns(district)
    plan = crossed(district, is_open=False)
    stop = stop_at(plan, "红山小区")
    visit = look(district, "石桥镇", stop)
    finding = acts.Finding(kind=district.kinds["bin"], site=stop.site, visit=visit, plan=plan)
    acts.record_finding(by=district.users["石桥镇"], finding=finding, op_id=op())
    own, other = district.users["石桥镇"], district.users["红叶镇"]
    assert Stop.objects.visible_to(own).filter(pk=stop.pk).exists()
    assert Visit.objects.visible_to(own).count() == Found.objects.visible_to(own).count() == 1
    assert not Stop.objects.visible_to(other).filter(pk=stop.pk).exists()
    assert not Visit.objects.visible_to(other).exists()
    assert not Found.objects.visible_to(other).exists()


def test_on_a_hidden_one_the_office_and_bureaus_are_kept_out_as_ever(district: District) -> None:
    towns(district)
    district.user("镇上借调", "office", "创卫办", home="红叶镇政府")
    district.user("环卫借调", "inspector", "创卫办", home="环卫局")
    site(district, "保洁站旁小区", bureau="环卫局")
    for name in ("镇上借调的人", "环卫借调的人"):
        with pytest.raises(Refused, match="team_concerned"):
            drafted(district, PlanKind.CROSS, crews=((name,), ("石桥镇的人",)))


def test_stops_that_no_team_may_check_stop_the_draw_with_a_sentence(district: District) -> None:
    towns(district)
    plan = drafted(district, PlanKind.CROSS, sampled=False, crews=(("红叶镇的人",),))
    with pytest.raises(Refused) as told:
        acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    assert told.value.sentence() == (
        "有3个点位，各组都有人所在的单位（含原单位）负责，请换人或再编一个组。"
    )
    both = [acts.Crew(name, district.people[name], [district.people[name]])
            for name in ("红叶镇的人", "石桥镇的人")]  # fmt: skip
    acts.set_teams(by=district.office, plan=plan, crews=both, op_id=op())
    acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    assert plan.stops.count() == 5


def test_whoever_goes_instead_may_not_be_of_the_towns_on_the_route(district: District) -> None:
    towns(district)
    district.user("红叶二", "town", "红叶镇政府")
    plan = crossed(district)
    team = plan.teams.get(members__person__name="石桥镇的人")
    with pytest.raises(Refused) as told:
        acts.replace_member(by=district.office, team=team, old=district.people["石桥镇的人"],
                            new=district.people["红叶二的人"], op_id=op())  # fmt: skip
    assert "负责这个组的3个点位" in told.value.sentence()
    acts.replace_member(by=district.office, team=team, old=district.people["石桥镇的人"],
                        new=district.people["检查员的人"], op_id=op())  # fmt: skip


def test_another_district_lends_nobody_but_guests(district: District) -> None:
    towns(district)
    plan = drafted(district, PlanKind.CROSS)
    names = {person.name for person in able(plan)}
    assert {"红叶镇的人", "石桥镇的人", "张家沟的人", "检查员的人"} <= names
    assert "临江创卫办的人" not in names
    other = drafted(district, PlanKind.MONTHLY, region=district.regions["石桥镇"],
                    crews=(("石桥镇的人",),))  # fmt: skip
    assert "红叶镇的人" not in {person.name for person in able(other)}


def visitor(d: District, plan: Plan, home: str = "") -> Person:
    guest = acts.invite_guest(
        by=d.office, plan=plan, name=f"{home}来的人", comes_from="外地", op_id=op(),
        until=timezone.now() + timedelta(days=2), home=d.units[home] if home else None,
    )  # fmt: skip
    assert guest.user.person is not None
    return guest.user.person


def test_a_guest_of_one_of_our_towns_is_kept_from_its_stops_and_counts_as_one_of_us(
    district: District,
) -> None:
    towns(district)
    plan = drafted(district, PlanKind.CROSS, open=True, sampled=False)
    ours, far = visitor(district, plan, "红叶镇政府"), visitor(district, plan)
    crews = [acts.Crew(person.name, person, [person]) for person in (ours, far)]
    acts.set_teams(by=district.office, plan=plan, crews=crews, op_id=op())
    acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    assert on_route(plan, ours.name) == {*IN_STONE}
    told = acts.Reported(channel="paper", for_person=ours)
    stop = stop_at(plan, "石山小区")
    visit = acts.record_visit(by=district.office, look=acts.Look(stop.site, stop=stop),
                              op_id=op(), reported=told)  # fmt: skip
    assert (visit.inspector, visit.outside, visit.unit) == (ours, False, None)
    stop = stop_at(plan, "红山小区")
    with pytest.raises(Refused, match="own_stop"):
        acts.record_visit(by=district.office, look=acts.Look(stop.site, stop=stop), op_id=op(),
                          reported=told)  # fmt: skip
    told = acts.Reported(channel="paper", for_person=far)
    assert acts.record_visit(by=district.office, look=acts.Look(stop.site, stop=stop), op_id=op(),
                             reported=told).outside  # fmt: skip


def test_the_office_says_on_the_page_where_a_guest_comes_from(
    client: Client, district: District
) -> None:
    towns(district)
    plan = drafted(district, PlanKind.CROSS)
    sign_in(client, district.office)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    given = {"op_id": str(op()), "name": "钱工", "comes_from": "石桥镇", "until": until,
             "home": str(district.units["石桥镇政府"].pk)}  # fmt: skip
    client.post(f"/checks/{plan.pk}/guests/", given)
    guest = Guest.objects.get()
    assert guest.home == district.units["石桥镇政府"]
    assert "原单位石桥镇政府" in client.get(f"/checks/{plan.pk}/guests/").content.decode()
    strange = {**given, "op_id": str(op()), "home": str(district.units["临江环卫局"].pk)}
    assert client.post(f"/checks/{plan.pk}/guests/", strange).status_code == 422


def test_on_the_page_of_teams_the_own_town_has_to_stay_here(
    client: Client, district: District
) -> None:
    towns(district)
    plan = drafted(district, PlanKind.CROSS, open=True, region=district.regions["石桥镇"],
                   crews=(("红叶镇的人",),))  # fmt: skip
    sign_in(client, district.office)
    page = client.get(f"/checks/{plan.pk}/teams/").content.decode()
    assert "红叶镇的人去哪个组" in page
    assert "石桥镇的人去哪个组" not in page
    assert "负责这次的全部点位，交叉检查要由别人来查" in page
    assert User.objects.get(pk=district.users["石桥镇"].pk).is_active
