"""Who is proposed: duties first, then bureau, town and office; by rows in order; kept as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.district import District, dispatched, filed, in_hours, op

from weicheng.duties import book
from weicheng.duties.models import Duty
from weicheng.problems import acts, bulk, route_table, route_words, routing
from weicheng.problems.models import Problem, RouteRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(district: District) -> District:
    """The small city with no rows yet in the table."""
    RouteRule.objects.all().delete()
    routing.changed()
    return district


def row(name: str, **values: Any) -> RouteRule:
    """A row at the end of the table."""
    order = RouteRule.objects.count() + 1
    made = RouteRule.objects.create(name=name, order=order, **{"lead_by": "duty", **values})
    routing.changed()
    return made


def duty(d: District, unit: str, **values: Any) -> Duty:
    made = Duty.objects.create(unit=d.units[unit], **values)
    book.changed()
    return made


def asked(d: District, kind: str = "bin", **values: Any) -> routing.Facts:
    site: Any = values.pop("site", d.sites["张家沟小区"])
    region = values.pop("region", None) or site.region_id
    return routing.Facts(
        kind=d.kinds[kind], region=region, site=site, day=timezone.localdate(),
        **{"severity": "normal", "source": "daily", **values},
    )  # fmt: skip


def lead(d: District, kind: str = "bin", **values: Any) -> str:
    return str(routing.proposed(asked(d, kind, **values)).lead)


def test_a_duty_outranks_the_bureau_of_the_kind_where_it_holds(table: District) -> None:
    duty(table, "经信局", kind=table.kinds["bin"], region=table.regions["红叶镇"])
    assert lead(table) == "经信局"
    assert lead(table, site=None, region=table.regions["石桥镇"].id) == "环卫局"


def test_without_a_bureau_the_town_answers_and_without_a_town_the_office(table: District) -> None:
    assert lead(table, "road") == "红叶镇政府"
    far = routing.proposed(asked(table, "road", site=None, region=table.regions["凤凰区"].id))
    assert (str(far.lead), far.last_resort) == ("创卫办", True)


def test_a_unit_that_is_closed_down_is_passed_over(table: District) -> None:
    assert lead(table) == "环卫局"
    table.units["环卫局"].active = False
    table.units["环卫局"].save()
    routing.changed()
    assert lead(table) == "红叶镇政府"


def test_two_equal_duties_are_answered_and_marked(table: District) -> None:
    duty(table, "经信局", kind=table.kinds["bin"], order=1)
    assert not routing.proposed(asked(table)).provisional
    duty(table, "档案局", kind=table.kinds["bin"], order=2)
    tied = routing.proposed(asked(table))
    assert (str(tied.lead), tied.provisional) == ("经信局", True)


def test_the_first_row_that_fits_wins_and_the_others_say_why_not(table: District) -> None:
    row("省里的", source="province", verifier="superior")
    row("红叶镇的线缆", kind=table.kinds["cable"], region=table.regions["红叶镇"], lead_by="unit",
        lead_unit=table.units["联通"])  # fmt: skip
    row("其余的")
    row("再其余的")
    offer = routing.proposed(asked(table, "cable"))
    assert (str(offer.lead), offer.rule_name) == ("联通", "红叶镇的线缆")
    said = [route_words.lost(v) for v in routing.verdicts(asked(table, "cable"))]
    assert said == [
        "只管来源是“省级反馈”的，这件是“日检查”", "用的是这一行",
        "也合适，但前面的“红叶镇的线缆”已经用上了", "也合适，但前面的“红叶镇的线缆”已经用上了",
    ]  # fmt: skip
    said = [route_words.lost(v) for v in routing.verdicts(asked(table, "bin"))]
    assert said[1] == "只管“蜘蛛网”，这件是“垃圾桶满溢”"
    assert routing.proposed(asked(table, source="province")).verifier == "superior"
    assert routing.proposed(asked(table)).verifier == "office"


def test_who_stands_beside_the_lead_is_named_once(table: District) -> None:
    row("线缆", lead_by="bureau", others_by=["responsible:operators", "support:territory",
        "support:bureau"])  # fmt: skip
    offer = routing.proposed(asked(table, "cable"))
    assert [(str(u), part) for u, part in offer.others] == [
        ("联通", "responsible"), ("红叶镇政府", "support"),
    ]  # fmt: skip


def test_what_was_proposed_stays_until_the_facts_change(table: District) -> None:
    problem, day = filed(table), timezone.localdate()
    row("都给经信局", lead_by="unit", lead_unit=table.units["经信局"])
    problem.refresh_from_db()
    assert str(routing.of_problem(problem, day).lead) == "环卫局"
    assert str(routing.of_problem(problem, day, anew=True).lead) == "经信局"
    correction = acts.Correction(severity="serious")
    acts.amend(problem=problem, correction=correction, by=table.office, op_id=op())
    problem.refresh_from_db()
    assert str(routing.of_problem(problem, day).lead) == "经信局"


def test_whom_the_office_chose_is_not_changed_by_a_later_proposal(table: District) -> None:
    problem = dispatched(table, to="红叶镇政府")
    row("都给经信局", lead_by="unit", lead_unit=table.units["经信局"])
    correction = acts.Correction(severity="serious")
    acts.amend(problem=problem, correction=correction, by=table.office, op_id=op())
    problem.refresh_from_db()
    assert (str(problem.lead_unit), problem.status) == ("红叶镇政府", "run")
    assert problem.proposal["name"] == "都给经信局"


def test_what_goes_straight_to_its_unit_goes_where_the_rules_say(table: District) -> None:
    row("都给经信局", lead_by="unit", lead_unit=table.units["经信局"],
        others_by=["responsible:territory"])  # fmt: skip
    problem = filed(table, "direct")
    assert (problem.status, str(problem.lead_unit)) == ("run", "经信局")
    parts = {str(o.unit): o.part for o in problem.obligations.all()}
    assert parts == {"经信局": "lead", "红叶镇政府": "responsible"}


def test_what_nobody_owns_is_not_sent_straight_to_the_office(table: District) -> None:
    table.kinds["direct"].bureau_words = []
    table.kinds["direct"].save()
    problem = filed(table, "direct", site=None, region=table.regions["凤凰区"], place="高速路口")
    assert problem.status == "new"


def test_a_ledger_is_proposed_for_like_a_single_find(table: District) -> None:
    one = filed(table)
    finding = acts.Finding(kind=table.kinds["bin"], site=table.sites["张家沟小区"], source="daily")
    made = bulk.adopt_many(
        [bulk.Adopted(finding, {"status": "new"})], by=table.office, op_id=op(),
    )  # fmt: skip
    many = Problem.objects.get(pk=made[0].pk)
    one.refresh_from_db()
    assert many.proposal["lead"] == str(table.units["环卫局"].pk)
    assert {**one.proposal} == {**many.proposal}


def test_a_named_person_and_a_verifier_go_with_the_dispatch(table: District) -> None:
    person = table.people["环卫局的人"]
    duty(table, "环卫局", kind=table.kinds["bin"], person=person)
    problem = filed(table)
    offer = routing.of_problem(problem, timezone.localdate())
    assert offer.person == person.pk
    assert offer.lead is not None
    acts.dispatch(
        problem=problem, lead=offer.lead, due_at=in_hours(30), person=person,
        verifier=offer.verifier, by=table.office, op_id=op(),
    )  # fmt: skip
    problem.refresh_from_db()
    assert (problem.person, problem.verifier) == (person, "office")


def values(d: District, **changes: Any) -> dict[str, Any]:
    return {
        "name": "线缆", "group_zh": "蜘蛛网", "lead_by": "duty", "others_by": [],
        "region": d.regions["红叶镇"], **changes,
    }  # fmt: skip


def test_a_row_is_written_once_however_often_it_is_sent(table: District) -> None:
    same = op()
    for _turn in range(2):
        route_table.save(by=table.office, op_id=same, rule=None, values=values(table))
    assert [r.version for r in RouteRule.objects.all()] == [1]


def test_a_row_for_everywhere_belongs_to_the_city_and_one_for_a_town_to_its_district(
    table: District,
) -> None:
    everywhere = values(table, region=None)
    with pytest.raises(PermissionDenied):
        route_table.save(by=table.office, op_id=op(), rule=None, values=everywhere)
    city = table.users["市创卫办"]
    made = route_table.save(by=city, op_id=op(), rule=None, values=everywhere)
    with pytest.raises(PermissionDenied):
        route_table.switch(by=table.office, op_id=op(), rule=made, on=False)
    with pytest.raises(PermissionDenied):
        route_table.save(by=table.users["临江创卫办"], op_id=op(), rule=None, values=values(table))


def test_a_new_row_stands_before_the_one_that_fits_everything_and_can_be_moved(
    table: District,
) -> None:
    row("其余的")
    made = route_table.save(by=table.office, op_id=op(), rule=None, values=values(table))
    assert [r.name for r in routing.rules()] == ["线缆", "其余的"]
    route_table.move(by=table.office, op_id=op(), rule=made, up=False)
    assert [r.name for r in routing.rules()] == ["其余的", "线缆"]
    route_table.move(by=table.office, op_id=op(), rule=made, up=False)
    assert [r.name for r in routing.rules()] == ["其余的", "线缆"]
    route_table.switch(by=table.office, op_id=op(), rule=made, on=False)
    assert [r.name for r in routing.rules()] == ["其余的"]
