"""今日路线 and 排日检查: today's sites in walkable order, what was left carried on, work shared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.district import District, filed, op, sign_in
from tests.inspecting import plan, site, with_sheets

from weicheng.inspections import acts
from weicheng.inspections.acts.daily import make_daily
from weicheng.inspections.acts.visiting import Look, Reported, record_visit
from weicheng.inspections.day_routes import RouteStop, daily_route
from weicheng.inspections.models import Plan, Stop, Team, Visit
from weicheng.inspections.refusals import Refused
from weicheng.places.models import BuiltUp, Site

pytestmark = pytest.mark.django_db
HOME = "张家沟小区"


def looked(d: District, name: str, *failed: str, stop: Stop | None = None, days_ago: int = 0,
           who: str = "检查员") -> Visit:  # fmt: skip
    """A look at a site, so many days ago."""
    told = Reported(occurred_at=timezone.now() - timedelta(days=days_ago))
    look = Look(site=d.sites[name], failed=failed, stop=stop)
    return record_visit(by=d.users[who], look=look, op_id=op(), reported=told)


def route(d: District, who: str = "检查员") -> list[RouteStop]:
    """Today's route of an inspector."""
    d.users[who].__dict__.pop("_scopes", None)
    return daily_route(d.users[who], timezone.localdate())


def names(found: list[RouteStop]) -> list[str]:
    return [one.site.name for one in found]


def day_for(d: District, *people: str, each: int = 3, **changes: Any) -> Plan:
    """A day made by the office for these inspectors."""
    given: dict[str, Any] = {
        "region": d.regions["凤凰区"], "day": timezone.localdate(), "by": d.office, "op_id": op(),
    }  # fmt: skip
    chosen = [d.people[f"{name}的人"] for name in people]
    return make_daily(people=chosen, per_person=each, **{**given, **changes})


def test_the_days_sites_are_walked_in_the_order_that_is_shortest(district: District) -> None:
    with_sheets(district)
    for name, longitude in (("甲", 104.10), ("乙", 104.30), ("丙", 104.20)):
        site(district, name, at=(30.0, longitude))
    plan(district, sites=("甲", "乙", "丙"))
    assert names(route(district)) in (["甲", "丙", "乙"], ["乙", "丙", "甲"])


def test_a_site_that_was_looked_at_moves_to_the_end_as_done(district: District) -> None:
    with_sheets(district)
    site(district, "甲")
    row = plan(district, sites=(HOME, "甲"))
    looked(district, HOME, stop=row.stops.get(site=district.sites[HOME]))
    assert [(one.site.name, one.done) for one in route(district)] == [("甲", False), (HOME, True)]


def test_what_was_not_finished_is_carried_on_and_no_site_comes_twice(district: District) -> None:
    with_sheets(district)
    for name in ("甲", "乙", "丙"):
        site(district, name)
    yesterday = timezone.localdate() - timedelta(days=1)
    old = plan(
        district, sites=("甲", "乙", "丙"), day=yesterday - timedelta(days=2), ends_on=yesterday
    )
    looked(district, "乙", stop=old.stops.get(site=district.sites["乙"]), days_ago=1)
    plan(district, sites=("甲", HOME))
    found = {one.site.name: one.carried for one in route(district)}
    assert found == {"甲": False, HOME: False, "丙": True}


def test_what_somebody_else_looked_at_since_is_not_carried_on(district: District) -> None:
    with_sheets(district)
    old = timezone.localdate() - timedelta(days=3)
    plan(district, day=old, ends_on=old)
    assert names(route(district)) == [HOME]
    looked(district, HOME, days_ago=1, who="张家沟")
    assert route(district) == []


def test_after_a_fortnight_nothing_is_carried_on(district: District) -> None:
    with_sheets(district)
    old = timezone.localdate() - timedelta(days=15)
    plan(district, day=old, ends_on=old)
    assert route(district) == []


def test_a_hidden_daily_round_shows_nothing_before_its_seal_is_broken(district: District) -> None:
    with_sheets(district)
    row = plan(district, broken=False, open=False)
    assert route(district) == []
    Team.objects.filter(plan=row).update(opened_at=timezone.now())
    assert names(route(district)) == [HOME]
    assert daily_route(district.users["张家沟"], timezone.localdate(),
                       person=district.people["检查员的人"]) == []  # fmt: skip


def test_the_last_result_and_what_is_open_come_with_the_route(district: District) -> None:
    with_sheets(district)
    looked(district, HOME, "estate-02", days_ago=9)
    problem = filed(district)
    plan(district)
    one = route(district)[0]
    assert one.last is not None
    assert one.last.failed == ["estate-02"]
    assert one.open == [problem]
    assert one.worst[0] == "estate-02"


def test_a_route_of_forty_costs_no_more_queries_than_one_of_two(district: District) -> None:
    with_sheets(district)
    many = tuple(f"小区{n}" for n in range(40))
    for n, name in enumerate(many):
        site(district, name, at=(30.0 + n / 1000, 104.0))
        looked(district, name, "estate-01", days_ago=20)
    plan(district, sites=many[:2])
    user, today = district.users["检查员"], timezone.localdate()
    daily_route(user, today)
    with CaptureQueriesContext(connection) as few:
        daily_route(user, today)
    plan(district, sites=many[2:])
    with CaptureQueriesContext(connection) as lots:
        assert len(daily_route(user, today)) == 40
    assert len(lots) == len(few) <= 12


def test_the_office_shares_a_day_evenly_and_nobody_gets_anothers_site(district: District) -> None:
    with_sheets(district)
    for n in range(7):
        site(district, f"小区{n}", at=(30.0 + n / 100, 104.0))
    row = day_for(district, "检查员", "张家沟", each=4)
    sizes = sorted(team.stops.count() for team in row.teams.all())
    assert sizes == [4, 4]
    assert row.stops.values("site").distinct().count() == 8
    assert (row.state, row.open, len(row.sealed)) == ("locked", True, 64)
    assert row.person_minutes > 0


def test_each_gets_sites_that_lie_together(district: District) -> None:
    with_sheets(district)
    Site.objects.update(active=False)
    for n in range(3):
        site(district, f"东{n}", at=(30.0 + n / 1000, 104.5))
        site(district, f"西{n}", at=(30.0 + n / 1000, 104.0))
    row = day_for(district, "检查员", "张家沟", each=3)
    for team in row.teams.all():
        sides = {stop.site.name[0] for stop in team.stops.select_related("site")}
        assert len(sides) == 1


def test_what_was_looked_at_longest_ago_and_what_was_worst_goes_first(district: District) -> None:
    with_sheets(district)
    looked(district, HOME, days_ago=1)
    for name, days, failed in (
        ("久未查", 200, ()), ("上次差", 10, ("estate-01", "estate-02", "estate-03")),
        ("刚查过", 2, ()),
    ):  # fmt: skip
        site(district, name)
        looked(district, name, *failed, days_ago=days)
    site(district, "从未查")
    row = day_for(district, "检查员", each=3)
    chosen = set(row.stops.values_list("site__name", flat=True))
    assert chosen == {"久未查", "从未查", "上次差"}


def test_a_hidden_look_does_not_move_the_days_choice(district: District) -> None:
    with_sheets(district)
    looked(district, HOME, days_ago=30)
    site(district, "甲")
    looked(district, "甲", days_ago=40)
    hidden = plan(district, "undercover", sites=("甲",))
    looked(district, "甲", stop=hidden.stops.get())
    row = day_for(district, "检查员", each=1)
    assert row.stops.get().site.name == "甲"


def test_among_equals_chance_decides(district: District) -> None:
    with_sheets(district)
    Site.objects.update(active=False)
    for n in range(12):
        site(district, f"小区{n}")
    seen = set()
    for _n in range(6):
        row = day_for(district, "检查员", each=2)
        seen.add(tuple(sorted(row.stops.values_list("site__name", flat=True))))
        Plan.objects.filter(pk=row.pk).update(state="dropped")
    assert len(seen) > 1


def test_what_each_left_over_is_theirs_again(district: District) -> None:
    with_sheets(district)
    site(district, "甲")
    old = timezone.localdate() - timedelta(days=1)
    plan(district, day=old, ends_on=old)
    row = day_for(district, "张家沟", "检查员", each=1)
    carried = row.stops.get(because="carried")
    assert (carried.site.name, carried.team and carried.team.leader.name) == (HOME, "检查员的人")
    assert row.stops.count() == 2
    assert names(route(district)) == [HOME]


def test_too_few_sites_are_all_taken_and_a_sentence_says_so(district: District) -> None:
    with_sheets(district)
    site(district, "城外", kind="toilet")
    Site.objects.filter(name="城外").update(built_up=BuiltUp.OUTSIDE)
    row = day_for(district, "检查员", each=5)
    assert [stop.site.name for stop in row.stops.all()] == [HOME]
    assert row.note == "要排5个点位，可排的只有1个，已全部排上。"
    with pytest.raises(Refused) as told:
        day_for(district, "张家沟")
    assert told.value.sentence().startswith("这个地区没有可排的点位")


def test_the_same_day_asked_twice_is_one_plan(district: District) -> None:
    with_sheets(district)
    key = op()
    first = day_for(district, "检查员", op_id=key)
    assert day_for(district, "检查员", op_id=key) == first
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": date(2026, 1, 5)}, "这一天已经过去"),
        ({"people": []}, "请至少选一位检查员。"),
        ({"per_person": 0}, "每人的点位数要在1到60之间。"),
        ({"per_person": 61}, "每人的点位数要在1到60之间。"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_a_sentence(
    district: District, changes: dict[str, Any], sentence: str
) -> None:
    given: dict[str, Any] = {
        "region": district.regions["凤凰区"], "day": timezone.localdate(), "by": district.office,
        "op_id": op(), "people": [district.people["检查员的人"]], "per_person": 3,
    }  # fmt: skip
    with pytest.raises(Refused) as told:
        make_daily(**{**given, **changes})
    assert sentence in told.value.sentence()


def test_only_the_office_of_the_place_makes_a_day(district: District) -> None:
    with_sheets(district)
    for name in ("检查员", "指挥长", "临江创卫办"):
        with pytest.raises(Refused, match="not_yours"):
            day_for(district, "检查员", by=district.users[name])


def test_the_office_makes_a_day_on_the_page_and_the_inspector_opens_it(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    address = reverse("inspections:daily_new")
    assert "检查员的人" in client.get(address).content.decode()
    body = {
        "op_id": str(op()), "region": str(district.regions["红叶镇"].pk),
        "day": timezone.localdate().isoformat(), "per_person": "６",
    }  # fmt: skip
    answer = client.post(address, body)
    assert answer.status_code == 422
    assert "请至少选一位检查员。" in answer.content.decode()
    body["people"] = str(district.people["检查员的人"].pk)
    answer = client.post(address, body)
    assert answer.status_code == 302
    assert HOME in client.get(answer["Location"]).content.decode()
    sign_in(client, district.users["检查员"])
    page = client.get(reverse("inspections:route")).content.decode()
    assert HOME in page
    assert "没有查过" in page


def test_nobody_but_the_office_opens_anothers_route(district: District, client: Client) -> None:
    with_sheets(district)
    plan(district)
    sign_in(client, district.users["张家沟"])
    other = district.people["检查员的人"].pk
    assert client.get(reverse("inspections:route") + f"?person={other}").status_code == 404
    page = client.get(reverse("inspections:route")).content.decode()
    assert "这一天没有排点位" in page
    assert client.get(reverse("inspections:route") + "?day=morgen").status_code == 404
    sign_in(client, district.users["环卫局"])
    assert client.get(reverse("inspections:route")).status_code == 404


def test_the_page_of_a_site_shows_its_sheet_its_history_and_its_rulings(
    district: District, client: Client
) -> None:
    from weicheng.inspections.acts.rulings import Said, write_ruling

    with_sheets(district)
    looked(district, HOME, "estate-02")
    said = Said("estate-02", "车头朝外才算齐", "王专家", "expert", timezone.localdate())
    write_ruling(said=said, by=district.office, op_id=op())
    sign_in(client, district.users["档案局"])
    page = client.get(reverse("inspections:site", args=[district.sites[HOME].pk])).content.decode()
    assert "查过1次，1次不合格" in page
    assert "车头朝外才算齐" in page
    assert page.index("检查estate-02") < page.index("检查estate-01")
    sign_in(client, district.users["临江环卫局"])
    address = reverse("inspections:site", args=[district.sites[HOME].pk])
    assert client.get(address).status_code == 404


def test_a_day_is_exported_by_the_room() -> None:
    assert acts.make_daily is make_daily


def test_whose_route_it_is_tells_nothing_of_what_was_seen_undercover(
    district: District, client: Client
) -> None:
    with_sheets(district)
    plan(district)
    hidden = plan(district, "undercover")
    stop = hidden.stops.select_related("site__region", "plan").get()
    looked(district, HOME, stop=stop)
    assert route(district)[0].done  # to who was there, the site is seen
    who = district.people["检查员的人"]
    for reader in ("借调", "创卫办"):
        found = daily_route(district.users[reader], timezone.localdate(), person=who)
        assert [(one.site.name, one.done) for one in found] == [(HOME, False)], reader
    sign_in(client, district.users["借调"])
    page = client.get(reverse("inspections:route"), {"person": str(who.pk)}).content.decode()
    assert HOME in page
    assert "查过了" not in page


def test_the_office_without_a_route_opens_on_somebody_who_has_one(
    district: District, client: Client
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    page = reverse("inspections:route")
    assert "这一天没有排点位" in client.get(page).content.decode()
    plan(district)
    shown = client.get(page).content.decode()
    assert "检查员的人" in shown.partition("</h1>")[0]
    assert "张家沟小区" in shown
    own = client.get(page, {"person": str(district.office.person_id)}).content.decode()
    assert "这一天没有排点位" in own
