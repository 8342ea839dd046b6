"""A plan is locked: the seal first, then the draw; the same seed always draws the same sites."""

from __future__ import annotations

import time

import pytest
import uuid6
from tests.district import District, op
from tests.inspecting import site

from weicheng.inspections import acts
from weicheng.inspections.drawing import opens
from weicheng.inspections.models import DrawnFrom, Plan, Stop
from weicheng.inspections.pool import drawn, fingerprint_of
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import SEED, drafted, locked, names, with_sites
from weicheng.inspections.words import Because, PlanKind, PlanState
from weicheng.journal.models import Operation
from weicheng.places.models import BuiltUp, Site

pytestmark = pytest.mark.django_db


def test_the_quota_is_drawn_and_what_is_missing_is_said(district: District) -> None:
    with_sites(district)
    plan = locked(district)
    assert plan.state == PlanState.LOCKED
    assert Stop.objects.filter(plan=plan, site_type="estate").count() == 3
    assert Stop.objects.filter(plan=plan, site_type="toilet").count() == 1
    assert plan.shortfalls == [{"site_type": "toilet", "wanted": 2, "found": 1, "took": 1}]
    assert plan.person_minutes > 0


def test_the_same_seed_draws_the_same_sites_again_even_after_the_sites_changed(
    district: District,
) -> None:
    with_sites(district)
    plan = locked(district)
    kept = DrawnFrom.objects.get(plan=plan)
    Site.objects.filter(name="2号小区").update(active=False)
    site(district, "后来的小区")
    again = drawn(kept.given, bytes(plan.seed or b""))
    sites = {str(pk) for pk in plan.stops.values_list("site", flat=True)}
    assert {pick.key for pick in again.picks} == sites
    assert fingerprint_of(kept.given) == kept.fingerprint
    assert opens(SEED, plan.sealed, str(plan.pk))


def test_the_seal_stands_in_the_journal_before_the_draw(district: District) -> None:
    with_sites(district)
    plan = drafted(district)
    acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    rows = Operation.objects.filter(act__in=["seal_draw", "lock_plan"])
    assert {row.act for row in rows} == {"seal_draw", "lock_plan"}


def test_a_seed_that_is_sealed_is_used_even_when_the_draw_failed_once(district: District) -> None:
    with_sites(district)
    plan = drafted(district)
    from weicheng.inspections.acts import drawing_up

    drawing_up._seal(district.office, plan, op(), None, plan.created_at)
    sealed = Plan.objects.get(pk=plan.pk).sealed
    assert sealed
    done = acts.lock_and_draw(by=district.office, plan=plan, op_id=op(), seed=SEED)
    assert done.sealed == sealed
    assert not opens(SEED, sealed, str(plan.pk))


def test_a_second_press_draws_nothing_more(district: District) -> None:
    with_sites(district)
    plan, once = drafted(district), op()
    first = acts.lock_and_draw(by=district.office, plan=plan, op_id=once)
    second = acts.lock_and_draw(by=district.office, plan=plan, op_id=once)
    assert (first.sealed, first.stops.count()) == (second.sealed, second.stops.count())
    with pytest.raises(Refused, match="wrong_state"):
        acts.lock_and_draw(by=district.office, plan=plan, op_id=op())


def test_sites_outside_undecided_or_closed_are_never_drawn(district: District) -> None:
    with_sites(district, estates=2)
    for name, change in (
        ("村里", {"built_up": BuiltUp.OUTSIDE}), ("边上", {"built_up": BuiltUp.UNDECIDED}),
        ("拆了", {"active": False}),
    ):  # fmt: skip
        Site.objects.filter(pk=site(district, name).pk).update(**change)
    assert names(locked(district)) == ["1号公厕", "2号小区", "张家沟小区"]


def test_half_size_takes_half_and_all_takes_every_site(district: District) -> None:
    with_sites(district)
    assert locked(district, half=True).stops.count() == 3
    whole = locked(district, PlanKind.SPECIAL, sampled=False)
    assert whole.stops.count() == 7
    assert set(whole.stops.values_list("because", flat=True)) == {Because.ALL}


@pytest.mark.parametrize("ahead", [0, 400])
def test_every_site_comes_within_the_promised_rounds(
    district: District, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    """Also where ids were made while the clock ran so many days ahead."""
    if ahead:
        moment = int((time.time() + ahead * 86_400) * 1000)
        monkeypatch.setattr(uuid6, "_last_v7_timestamp", moment)
    with_sites(district, estates=7, toilets=0)
    seen: set[str] = set()
    for _round in range(3):
        seen |= set(names(locked(district, PlanKind.UNDERCOVER, rounds=3, seed=bytes(32))))
    assert len(seen) == 7


def test_an_empty_type_is_said_and_nothing_at_all_is_refused(district: District) -> None:
    with_sites(district, toilets=0)
    assert locked(district).shortfalls[0]["found"] == 0
    with pytest.raises(Refused) as refused:
        locked(district, site_types=("toilet",))
    assert "没有可抽的点位" in refused.value.sentence()


def test_stops_are_shared_among_teams_by_area_and_some_are_seen_twice(district: District) -> None:
    with_sites(district, estates=8, toilets=2)
    plan = locked(
        district, crews=(("检查员的人",), ("创卫办的人",)), sampled=False, doubled=30,
    )  # fmt: skip
    parts = [list(team.stops.values_list("order", flat=True)) for team in plan.teams.all()]
    assert [len(part) for part in parts] == [5, 5]
    assert all(part == [1, 2, 3, 4, 5] for part in parts)
    twice = plan.stops.exclude(second_team=None)
    assert twice.count() == 3
    assert all(stop.second_team_id != stop.team_id for stop in twice)


def test_a_plan_without_teams_is_not_locked(district: District) -> None:
    with_sites(district)
    plan = drafted(district)
    plan.teams.all().delete()
    with pytest.raises(Refused, match="need_teams"):
        acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    assert Plan.objects.get(pk=plan.pk).sealed == ""
