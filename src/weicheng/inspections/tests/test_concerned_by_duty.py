"""The duty table says who answers for what is found: a hidden check is hidden from them too."""

from __future__ import annotations

from typing import Any

import pytest
from tests.district import District, op
from tests.inspecting import site

from weicheng.duties.book import changed
from weicheng.duties.models import Duty
from weicheng.inspections import acts
from weicheng.inspections.acts.teams import answers_on, concerned_among
from weicheng.inspections.models import Found, Plan, Visit
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import drafted, with_sites
from weicheng.inspections.words import PlanKind
from weicheng.people.directory import changed as directory_changed
from weicheng.people.models import User
from weicheng.standards.models import Check

pytestmark = pytest.mark.django_db


def lent(d: District, unit: str = "经信局", role: str = "office") -> User:
    """Somebody of the office whose 原单位 is this one."""
    return d.user(f"{unit}借调", role, "创卫办", home=unit)


def duty(d: District, unit: str = "经信局", **clause: Any) -> Duty:
    row = Duty.objects.create(
        unit=d.units[unit] if unit else None, **{"region": d.regions["凤凰区"], **clause}
    )
    changed()
    return row


def hidden(d: District, **changes: Any) -> Plan:
    return drafted(d, PlanKind.UNDERCOVER, **changes)


def concerned(d: District, plan: Plan, user: User) -> bool:
    """The same answer from all who ask: the list, and the choice of a team."""
    fresh = User.objects.get(pk=user.pk)
    sees = Plan.objects.visible_to(fresh).filter(pk=plan.pk).exists()
    barred = fresh.person_id in concerned_among(plan, [fresh.person])  # type: ignore[list-item]
    assert barred is not sees
    return barred


@pytest.mark.parametrize(
    ("clause", "meant"),
    [
        ({"site_type_key": "estate"}, True), ({"site_type_key": "toilet"}, False),
        ({"check_key": "estate-01"}, True), ({"check_key": "toilet-01"}, False),
        ({"kind": "bin"}, True), ({"kind": "cable"}, False), ({}, True),
        ({"item_key": "clean"}, True), ({"item_key": "order"}, False),
        ({"item_key": "toilet"}, False), ({"site_type_key": "estate", "part": "support"}, False),
        ({"site_type_key": "estate", "part": "responsible"}, True),
        ({"site_type_key": "estate", "until": "2020-01-01"}, False),
        ({"site_type_key": "estate", "region": "石桥镇"}, False),
        ({"site_type_key": "estate", "region": None}, True),
        ({"site_type_key": "estate", "region": "红叶镇"}, True),
        ({"region": None, "site": "2号小区"}, True), ({"region": None, "site": "1号公厕"}, False),
    ],
)  # fmt: skip
def test_a_check_of_estates_concerns_whoever_answers_for_something_there(
    district: District, clause: dict[str, Any], meant: bool
) -> None:
    """Checks of an estate: two of three are of the item ``clean``, one of ``order``."""
    with_sites(district)
    clerk = lent(district)
    given = dict(clause)
    if given.get("region"):
        given["region"] = district.regions[given["region"]]
    if "site" in given:
        given["site"] = district.sites[given["site"]]
    if "kind" in given:
        given["kind"] = district.kinds[given["kind"]]
    duty(district, **given)
    plan = hidden(district, site_types=("estate",))
    assert concerned(district, plan, clerk) is meant


def test_neither_the_office_nor_the_inspectorate_is_concerned_by_its_own_duties(
    district: District,
) -> None:
    with_sites(district)
    for unit in ("创卫办", "督查室", "区领导"):
        duty(district, unit)
        duty(district, unit, item_key="clean")
    plan = hidden(district)
    assert not concerned(district, plan, district.office)
    assert not concerned(district, plan, lent(district, "督查室"))


def test_a_line_or_two_of_an_item_on_every_sheet_concerns_nobody(district: District) -> None:
    """Else 卫健局, with 控烟 on every sheet, could lend the office nobody who may plan."""
    with_sites(district)
    item = Check.objects.get(key="estate-02").item
    for key in ("toilet-03", "toilet-04", "toilet-05"):
        Check.objects.create(
            key=key, site_type_id="toilet", item=Check.objects.get(key="toilet-01").item,
            text_zh=key, text_en=key, deduct_milli=1, tag="净", order=9,
        )  # fmt: skip
    Check.objects.create(
        key="toilet-06", site_type_id="toilet", item=item, text_zh="烟头", text_en="Butts",
        deduct_milli=1, tag="净", order=9,
    )  # fmt: skip
    clerk = lent(district)
    duty(district, item_key=item.key)
    assert not concerned(district, hidden(district), clerk)


def test_operators_are_found_by_the_rule_and_units_below_count_for_the_one_above(
    district: District,
) -> None:
    with_sites(district)
    duty(district, "", unit_rule="operators", kind=district.kinds["bin"], part="responsible")
    plan = hidden(district, site_types=("estate",))
    assert concerned(district, plan, lent(district, "联通"))
    below = district.unit("经信局电信科", "bureau", "凤凰区")
    below.parent = district.units["经信局"]
    below.save()
    directory_changed()
    duty(district, "经信局电信科", site_type_key="estate")
    assert concerned(district, plan, lent(district))


def test_whom_a_duty_concerns_neither_plans_nor_leads_nor_sees_what_was_found(
    district: District,
) -> None:
    with_sites(district)
    clerk, inspector = lent(district), district.user("借调检查员", "inspector", "创卫办",
                                                     home="经信局")  # fmt: skip
    place = site(district, "线多的小区")
    plan = hidden(district, sampled=False, site_types=("estate",))
    duty(district, kind=district.kinds["bin"])
    with pytest.raises(Refused, match="you_concerned"):
        hidden(district, by=User.objects.get(pk=clerk.pk))
    crew = acts.Crew("1组", inspector.person, [inspector.person])  # type: ignore[arg-type, list-item]
    with pytest.raises(Refused, match="team_concerned"):
        acts.set_teams(by=district.office, plan=plan, crews=[crew], op_id=op())
    acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    acts.break_seal(by=district.users["检查员"], plan=plan, op_id=op())
    stop = plan.stops.get(site=place)
    look = acts.Look(site=place, stop=stop, failed=["estate-01"])
    visit = acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
    acts.record_finding(
        by=district.users["检查员"], op_id=op(),
        finding=acts.Finding(kind=district.kinds["bin"], site=place, visit=visit, words="满了"),
    )  # fmt: skip
    clerk = User.objects.get(pk=clerk.pk)
    for rows in (Plan.objects, Visit.objects, Found.objects):
        assert not rows.visible_to(clerk).exists()
        assert rows.visible_to(district.office).exists()
    assert answers_on(plan.teams.get()) == []


def test_asking_costs_a_few_queries_however_many_duties_and_persons_there_are(
    district: District, django_assert_max_num_queries: Any
) -> None:
    with_sites(district)
    plan = hidden(district)
    clerks = [lent(district)]
    for n in range(20):
        clerks.append(district.user(f"借调{n}", "office", "创卫办", home="经信局"))
        duty(district, check_key=f"estate-0{n % 3 + 1}", part="responsible")
    persons = [one.person for one in clerks]
    concerned_among(plan, persons)  # type: ignore[arg-type]
    with django_assert_max_num_queries(6):
        assert len(concerned_among(plan, persons)) == 21  # type: ignore[arg-type]
    fresh = User.objects.get(pk=clerks[0].pk)
    with django_assert_max_num_queries(8):
        assert not Plan.objects.visible_to(fresh).exists()
