"""Writing, changing, ending and settling duties: dated, once, by the office, never deleted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.district import op

from weicheng.duties import acts
from weicheng.duties.models import Duty
from weicheng.duties.refusals import Refused
from weicheng.duties.resolver import Accountable, accountable
from weicheng.people.directory import changed

if TYPE_CHECKING:
    from tests.district import District

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def given(d: District, unit: str | None = "环卫局", **terms: Any) -> Duty:
    """The office writes: this unit leads item “waste” in the district."""
    who = d.units[unit] if unit else None
    said = {"item_key": "waste", "region": d.regions["凤凰区"], "unit": who, **terms}
    return acts.add(by=d.office, terms=acts.Terms(**said), op_id=op())


def asked(d: District, day: date | None = None, **question: Any) -> Accountable:
    """Who answers for item “waste” in 张家沟社区."""
    question = {"region": d.regions["张家沟社区"].pk, "item_key": "waste", **question}
    return accountable(day=day or today(), **question)


def headed(d: District, unit: str, person: str) -> None:
    d.units[unit].head = d.people[person]
    d.units[unit].save()
    changed()


def test_a_written_duty_is_answered_at_once(district: District) -> None:
    assert asked(district).lead is None
    given(district, person=district.people["环卫局的人"], section="清扫股")
    found = asked(district)
    assert found.lead == district.units["环卫局"]
    assert found.person == district.people["环卫局的人"]
    assert (found.section, found.person_by) == ("清扫股", "named")


def test_without_a_named_person_the_head_of_the_unit_answers(district: District) -> None:
    given(district)
    assert asked(district).person is None
    headed(district, "环卫局", "环卫局的人")
    assert asked(district).person == asked(district).head == district.people["环卫局的人"]


def test_a_town_s_own_row_wins_in_that_town_only(district: District) -> None:
    given(district)
    given(district, "红叶镇政府", region=district.regions["红叶镇"])
    assert asked(district).lead == district.units["红叶镇政府"]
    assert asked(district, region=district.regions["石桥镇"].pk).lead == district.units["环卫局"]


def test_each_town_answers_for_itself_where_the_table_says_so(district: District) -> None:
    given(district, unit=None, unit_rule="territory")
    assert asked(district).lead == district.units["红叶镇政府"]
    there = asked(district, region=district.regions["石桥镇"].pk)
    assert there.lead == district.units["石桥镇政府"]


def test_two_leads_are_answered_with_the_first_named_and_marked(district: District) -> None:
    second = given(district, "经信局", order=1)
    given(district, order=0)
    found = asked(district)
    assert found.lead == district.units["环卫局"]
    assert found.provisional
    assert [row.id for row in found.ties] == [second.pk]


def test_settling_leaves_one_lead_and_says_who_decided(district: District) -> None:
    second = given(district, "经信局", order=1)
    first = given(district)
    made = acts.settle(
        by=district.users["指挥长"], duty=second, others="support", day=today(), op_id=op()
    )
    found = asked(district)
    assert found.lead == district.units["经信局"]
    assert found.support == (district.units["环卫局"],)
    assert not found.provisional
    assert made.settled_by is not None
    assert made.settled_by.actor == district.users["指挥长"]
    first.refresh_from_db()
    assert first.void or first.until == today() - timedelta(days=1)


def test_what_is_clear_needs_no_settling(district: District) -> None:
    duty = given(district)
    with pytest.raises(Refused, match="nothing_to_settle"):
        acts.settle(by=district.office, duty=duty, others="", day=today(), op_id=op())


def test_a_change_ends_the_old_row_the_day_before(district: District) -> None:
    old = given(district, since=today() - timedelta(days=30))
    terms = acts.Terms(
        item_key="waste", region=district.regions["凤凰区"], unit=district.units["经信局"]
    )
    made = acts.change(by=district.office, duty=old, terms=terms, day=today(), op_id=op())
    old.refresh_from_db()
    assert (old.until, made.since) == (today() - timedelta(days=1), today())
    assert old.superseded_by == made
    assert asked(district).lead == district.units["经信局"]
    assert asked(district, today() - timedelta(days=1)).lead == district.units["环卫局"]


def test_a_row_that_had_not_begun_is_kept_but_never_counts(district: District) -> None:
    old = given(district, since=today())
    acts.end(by=district.office, duty=old, last=today() - timedelta(days=1), op_id=op())
    old.refresh_from_db()
    assert old.void
    assert asked(district).lead is None


def test_a_duty_ends_with_its_last_day(district: District) -> None:
    duty = given(district)
    acts.end(by=district.office, duty=duty, last=today(), op_id=op())
    assert asked(district).lead == district.units["环卫局"]
    assert asked(district, today() + timedelta(days=1)).lead is None


def test_what_has_ended_does_not_end_again(district: District) -> None:
    duty = given(district)
    acts.end(by=district.office, duty=duty, last=today(), op_id=op())
    with pytest.raises(Refused, match="over_already"):
        acts.end(by=district.office, duty=duty, last=today(), op_id=op())


def test_the_same_request_writes_one_duty(district: District) -> None:
    terms = acts.Terms(
        item_key="waste", region=district.regions["凤凰区"], unit=district.units["环卫局"]
    )
    number = op()
    first = acts.add(by=district.office, terms=terms, op_id=number)
    assert acts.add(by=district.office, terms=terms, op_id=number) == first
    assert Duty.objects.count() == 1


@pytest.mark.parametrize("who", ["临江创卫办", "环卫局", "指挥长"])
def test_only_the_own_office_writes(district: District, who: str) -> None:
    terms = acts.Terms(
        item_key="waste", region=district.regions["凤凰区"], unit=district.units["环卫局"]
    )
    with pytest.raises(Refused, match="not_yours"):
        acts.add(by=district.users[who], terms=terms, op_id=op())


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("one_clause", {"site_type_key": "estate"}),
        ("ends_before", {"until": date(2020, 1, 1), "since": date(2020, 1, 2)}),
        ("nobody", {"unit": None}),
    ],
)
def test_terms_that_contradict_themselves_are_refused(
    district: District, code: str, change: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match=code):
        given(district, **change)


def test_somebody_without_a_post_is_not_named(district: District) -> None:
    person = district.people["环卫局的人"]
    person.posts.update(until=today() - timedelta(days=1))
    changed()
    with pytest.raises(Refused, match="person_gone"):
        given(district, person=person)


def test_a_row_whose_unit_is_gone_is_passed_over(district: District) -> None:
    given(district)
    own = given(district, "红叶镇政府", region=district.regions["红叶镇"])
    district.units["红叶镇政府"].active = False
    district.units["红叶镇政府"].save()
    changed()
    found = asked(district)
    assert found.lead == district.units["环卫局"]
    assert [row.id for row in found.passed] == [own.pk]


def test_the_site_s_bureau_leads_only_what_no_row_speaks_of(district: District) -> None:
    site = district.sites["张家沟小区"]
    site.parties.create(unit=district.units["经信局"], part="bureau")
    changed()
    assert asked(district, site=site, item_key="water").lead == district.units["经信局"]
    given(district)
    assert asked(district, site=site).lead == district.units["环卫局"]
    assert asked(district, site=site).support == (district.units["档案局"],)


def test_the_leader_of_the_area_stands_behind_what_has_no_leader_of_its_own(
    district: District,
) -> None:
    given(district)
    assert asked(district).leader == district.people["包片的人"]
    given(district, region=district.regions["红叶镇"], leader=district.people["指挥长的人"])
    assert asked(district).leader == district.people["指挥长的人"]
