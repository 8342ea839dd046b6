"""What is recorded at the very moment of the release comes before it or finds it done: nothing is
sealed for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from tests.district import District, op

from weicheng.inspections import acts
from weicheng.inspections.acts import releasing
from weicheng.inspections.models import Found, Plan, Visit
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import with_sites
from weicheng.inspections.tests.test_release import walked
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db(transaction=True)


def beside(d: District, plan: Plan, act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release has begun and holds the plan; the act begins; then both go on."""
    begun, seen = Event(), Event()

    def shuffled(row: Plan) -> Any:
        found = real(row)
        begun.set()
        seen.wait(1)  # the act waits for us, so this passes
        return found

    real = releasing._shuffled
    monkeypatch.setattr(releasing, "_shuffled", shuffled)

    def release() -> None:
        try:
            acts.release(by=d.office, plan=plan, op_id=op())
        finally:
            connection.close()

    def record() -> None:
        try:
            begun.wait(5)
            act()
            seen.set()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(release), pool.submit(record)]:
            one.result()


def test_a_look_beside_the_release_is_open(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_sites(district)
    plan = walked(district, finds=0)
    stop = plan.stops.select_related("site__region", "plan").first()
    assert stop is not None and stop.plan.hidden
    look = acts.Look(site=stop.site, stop=stop)

    def again() -> None:
        acts.record_visit(by=district.users["检查员"], look=look, op_id=op())

    beside(district, plan, again, monkeypatch)
    assert Visit.objects.count() == 5
    assert not Visit.objects.filter(sealed=True).exists()


def test_a_find_beside_the_release_becomes_a_problem(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_sites(district)
    plan = walked(district)
    stop = plan.stops.select_related("site__region", "plan").first()
    assert stop is not None
    finding = acts.Finding(kind=district.kinds["bin"], site=stop.site, plan=stop.plan)

    def one_more() -> None:
        acts.record_finding(by=district.users["检查员"], finding=finding, op_id=op())

    beside(district, plan, one_more, monkeypatch)
    assert not Found.objects.filter(sealed=True).exists()
    assert Problem.objects.count() == 5


def test_a_look_that_is_not_committed_yet_makes_the_release_wait(district: District) -> None:
    with_sites(district)
    plan = walked(district, finds=0)
    stop = plan.stops.select_related("site__region", "plan").first()
    assert stop is not None
    recorded = Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                look = acts.Look(site=stop.site, stop=stop)
                acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
                recorded.set()
                Event().wait(0.5)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slowly)
        assert recorded.wait(5)
        acts.release(by=district.office, plan=plan, op_id=op())
        slow.result()
    assert not Visit.objects.filter(sealed=True).exists()


def test_who_waits_too_long_for_a_release_is_told_to_try_again(district: District) -> None:
    with_sites(district)
    plan = walked(district, finds=0)
    stop = plan.stops.select_related("site__region", "plan").first()
    assert stop is not None
    held, over = Event(), Event()

    def release() -> None:
        try:
            with transaction.atomic():
                Plan.objects.select_for_update().get(pk=plan.pk)
                held.set()
                over.wait(5)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(release)
        assert held.wait(5)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        look, key = acts.Look(site=stop.site, stop=stop), op()
        with pytest.raises(Refused) as told:
            acts.record_visit(by=district.users["检查员"], look=look, op_id=key)
        assert told.value.sentence() == "这件正在被别人处理，请稍候再试。"
        over.set()
        slow.result()
    connection.close()
    assert acts.record_visit(by=district.users["检查员"], look=look, op_id=key).sealed
