"""Handing over: everything of one person or unit goes to another on a day, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.district import op

from weicheng.duties import handover
from weicheng.duties.models import Duty, UnitAlias
from weicheng.duties.refusals import Refused
from weicheng.duties.tests.test_acts import asked, given, headed
from weicheng.journal import outbox
from weicheng.journal.models import Outbox
from weicheng.people.models import Charge, Person, SiteParty, Unit, User

if TYPE_CHECKING:
    from tests.district import District

pytestmark = pytest.mark.django_db


def successor(d: District, unit: str = "环卫局") -> Person:
    return d.person("接任的人", unit)


def test_what_one_person_answered_for_is_the_other_s_from_that_day(district: District) -> None:
    today = timezone.localdate()
    old = district.people["环卫局的人"]
    given(district, person=old, since=today - timedelta(days=9))
    headed(district, "环卫局", "环卫局的人")
    new = successor(district)
    done = handover.hand_over(
        by=district.office, person=old, to=new, day=today, leaves=True, op_id=op()
    )
    assert done.moved == 3  # a duty, a head, a post
    assert asked(district).person == asked(district).head == new
    assert asked(district, today - timedelta(days=1)).person == old
    assert Duty.objects.filter(person=old).count() == 1
    assert not handover.moves_of(old, today).total


def test_the_new_one_gets_a_post_where_the_duty_needs_it(district: District) -> None:
    old, new = district.people["环卫局的人"], successor(district, "经信局")
    given(district, person=old)
    today = timezone.localdate()
    handover.hand_over(by=district.office, person=old, to=new, day=today, leaves=False, op_id=op())
    assert asked(district).person == new
    assert new.posts.filter(unit=district.units["环卫局"], since=today).exists()
    assert old.posts.get().until is None


def test_site_and_area_go_along(district: District) -> None:
    today = timezone.localdate()
    leader, new = district.people["包片的人"], successor(district, "区领导")
    SiteParty.objects.update(leader=leader)
    handover.hand_over(
        by=district.office, person=leader, to=new, day=today, leaves=True, op_id=op()
    )
    assert Charge.objects.on(today).get().person == new
    assert SiteParty.objects.on(today).get().leader == new
    assert SiteParty.objects.on(today - timedelta(days=1)).get().leader == leader
    assert User.objects.get(username="包片").scopes() == []


def test_rooms_above_hear_of_it(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outbox._consumers, "duties", {})
    outbox.subscribe("duties", "follower")
    old, new = district.people["环卫局的人"], successor(district)
    given(district, person=old)
    today = timezone.localdate()
    handover.hand_over(by=district.office, person=old, to=new, day=today, leaves=True, op_id=op())
    news = Outbox.objects.get(topic="duties")
    assert news.payload == {
        "from": str(old.pk), "to": str(new.pk), "day": today.isoformat(),
        "by": str(district.office.pk),
    }  # fmt: skip


def test_asking_twice_hands_over_once(district: District) -> None:
    old, new, number = district.people["环卫局的人"], successor(district), op()
    given(district, person=old)
    today = timezone.localdate()
    for _ in range(2):
        handover.hand_over(
            by=district.office, person=old, to=new, day=today, leaves=True, op_id=number
        )
    assert Duty.objects.filter(person=new).count() == 1


def test_nobody_hands_over_ahead_of_the_day(district: District) -> None:
    old, new = district.people["环卫局的人"], successor(district)
    given(district, person=old)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="day_ahead"):
        handover.hand_over(
            by=district.office, person=old, to=new, day=tomorrow, leaves=True, op_id=op()
        )


def test_another_office_does_not_hand_over_ours(district: District) -> None:
    old, new = district.people["环卫局的人"], successor(district)
    given(district, person=old)
    with pytest.raises(Refused, match="not_yours"):
        handover.hand_over(
            by=district.users["临江创卫办"], person=old, to=new, day=timezone.localdate(),
            leaves=True, op_id=op(),
        )  # fmt: skip


def test_a_merged_unit_s_duties_go_on_under_the_new_name(district: District) -> None:
    today = timezone.localdate()
    given(district, "经信局", person=district.people["经信局的人"])
    handover.merge_units(
        by=district.office, unit=district.units["经信局"], into=district.units["环卫局"],
        day=today, op_id=op(),
    )  # fmt: skip
    found = asked(district)
    assert found.lead == district.units["环卫局"]
    assert found.person == district.people["经信局的人"]
    assert UnitAlias.objects.get(name="经信局").unit == district.units["环卫局"]
    units = User.objects.get(username="经信局").working_units()
    assert units == [district.units["环卫局"]]


def test_a_unit_already_at_the_site_keeps_one_row(district: District) -> None:
    site = district.sites["张家沟小区"]
    SiteParty.objects.create(site=site, unit=district.units["环卫局"], part="sponsor")
    handover.merge_units(
        by=district.office, unit=district.units["档案局"], into=district.units["环卫局"],
        day=timezone.localdate(), op_id=op(),
    )  # fmt: skip
    rows = SiteParty.objects.on(timezone.localdate()).filter(site=site)
    assert [row.unit.name for row in rows] == ["环卫局"]


def test_who_has_nothing_hands_nothing_over(district: District) -> None:
    old, new = district.people["环卫局的人"], successor(district)
    old.posts.all().delete()
    with pytest.raises(Refused, match="nothing_to_hand_over"):
        handover.hand_over(
            by=district.office, person=old, to=new, day=timezone.localdate(), leaves=True,
            op_id=op(),
        )  # fmt: skip


def test_a_clerk_of_the_office_does_not_hand_the_seat_of_its_director_over(
    district: District,
) -> None:
    office, clerk = district.units["创卫办"], district.users["借调"]
    director = district.office.person
    assert director is not None and clerk.person is not None
    given(district, person=director)
    Unit.objects.filter(pk=office.pk).update(head=director)
    today = timezone.localdate()
    told: dict[str, Any] = {"person": director, "to": clerk.person, "day": today, "leaves": False}
    with pytest.raises(Refused, match="not_yours"):
        handover.hand_over(by=clerk, op_id=op(), **told)
    with pytest.raises(Refused, match="not_yours"):
        handover.merge_units(
            by=clerk, unit=office, into=district.units["环卫局"], day=today, op_id=op()
        )
    office.refresh_from_db()
    assert office.head == director and office.active
    handover.hand_over(by=district.office, op_id=op(), **told)
    office.refresh_from_db()
    assert office.head == clerk.person
