"""The release: all sealed findings become problems at once, in an order that tells no route."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from tests.district import District, op, picture, sign_in

from weicheng.inspections import acts
from weicheng.inspections.models import Found, Plan, Visit
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import locked, with_sites
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db


def walked(d: District, finds: int = 1, **changes: Any) -> Plan:
    """An undercover round: opened by its leader, every stop visited, so many finds on each."""
    plan = locked(d, PlanKind.UNDERCOVER, **changes)
    inspector = d.users["检查员"]
    acts.break_seal(by=inspector, plan=plan, op_id=op())
    for stop in plan.stops.select_related("site__region", "plan"):
        failed = [f"{stop.site_type}-01"]
        look = acts.Look(site=stop.site, stop=stop, failed=failed)
        visit = acts.record_visit(by=inspector, look=look, op_id=op())
        for n in range(finds):
            finding = acts.Finding(
                kind=d.kinds["bin"], site=stop.site, visit=visit, words=f"秘密发现{n}"
            )
            acts.record_finding(by=inspector, finding=finding, op_id=op())
    return plan


def test_nothing_is_numbered_before_the_release_and_everything_at_it(district: District) -> None:
    with_sites(district)
    plan = walked(district)
    assert not Problem.objects.exists()
    assert Found.objects.filter(sealed=True).count() == 4
    acts.release(by=district.office, plan=plan, op_id=op())
    plan.refresh_from_db()
    assert plan.state == PlanState.RELEASED
    assert not Found.objects.filter(sealed=True).exists()
    assert not Visit.objects.filter(sealed=True).exists()
    numbers = sorted(p.number_seq or 0 for p in Problem.objects.all())
    assert numbers == [1, 2, 3, 4]
    for found in Found.objects.select_related("problem"):
        assert found.problem is not None
        assert found.problem.found_at == found.occurred_at
        assert found.problem.finder == district.people["检查员的人"]


def test_numbers_do_not_follow_the_route(district: District) -> None:
    with_sites(district, estates=13, toilets=0)
    plan = walked(district, sampled=False)
    acts.release(by=district.office, plan=plan, op_id=op())
    order = [
        found.problem.number_seq or 0
        for found in Found.objects.order_by("occurred_at").select_related("problem")
        if found.problem
    ]
    assert sorted(order) == list(range(1, 14))
    assert order != sorted(order)
    assert order != sorted(order, reverse=True)


def test_a_second_press_releases_nothing_twice(district: District) -> None:
    with_sites(district)
    plan, once = walked(district), op()
    acts.release(by=district.office, plan=plan, op_id=once)
    acts.release(by=district.office, plan=plan, op_id=once)
    assert Problem.objects.count() == 4
    with pytest.raises(Refused, match="wrong_state"):
        acts.release(by=district.office, plan=plan, op_id=op())


def test_a_late_report_after_the_release_is_filed_at_once(district: District) -> None:
    with_sites(district)
    plan = walked(district)
    acts.release(by=district.office, plan=plan, op_id=op())
    plan = Plan.objects.get(pk=plan.pk)
    stop = plan.stops.select_related("site").first()
    assert stop is not None
    late = acts.Finding(kind=district.kinds["bin"], site=stop.site, plan=plan, words="信号不好")
    acts.record_finding(by=district.users["检查员"], finding=late, op_id=op())
    assert Problem.objects.count() == 5


def test_a_plan_that_nobody_carried_out_is_dropped_not_released(district: District) -> None:
    with_sites(district)
    plan = locked(district)
    with pytest.raises(Refused, match="nothing_released"):
        acts.release(by=district.office, plan=plan, op_id=op())
    done = walked(district)
    with pytest.raises(Refused, match="dropped_with_visits"):
        acts.drop_plan(by=district.office, plan=done, reason="不要了", op_id=op())


def test_the_seed_is_shown_after_the_release_only(client: Client, district: District) -> None:
    with_sites(district)
    plan = walked(district)
    sign_in(client, district.office)
    path = f"/checks/{plan.pk}/"
    seed = "0001 0203 0405"
    assert seed not in client.get(path).content.decode()
    client.post(f"{path}release/", {"op_id": str(op())})
    shown = client.get(path).content.decode()
    assert seed in shown
    assert f"weicheng draw --plan {plan.pk} --verify" in shown


def test_photos_and_words_come_with_the_problem(district: District) -> None:
    with_sites(district)
    plan = walked(district, finds=0)
    stop = plan.stops.select_related("site").first()
    assert stop is not None
    shot = picture("sealed")
    finding = acts.Finding(
        kind=district.kinds["bin"], site=stop.site, plan=plan, words="桶满了", photos=[shot]
    )
    acts.record_finding(by=district.users["检查员"], finding=finding, op_id=op())
    acts.release(by=district.office, plan=plan, op_id=op())
    problem = Problem.objects.get()
    assert (problem.description, problem.before_photo) == ("桶满了", shot)


def test_two_hundred_findings_are_released_within_seconds(district: District) -> None:
    with_sites(district, estates=20, toilets=0)
    plan = walked(district, finds=10, sampled=False)
    begun = time.monotonic()
    acts.release(by=district.office, plan=plan, op_id=op())
    took = time.monotonic() - begun
    assert Problem.objects.count() == 200
    assert took < 20
