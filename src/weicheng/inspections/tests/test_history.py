"""What earlier looks say: worst checks first, usual kinds first, and nothing that is sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.district import District, filed, op
from tests.inspecting import plan, site, with_sheets

from weicheng.inspections import acts, history
from weicheng.inspections.models import Plan, Team, Visit
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db
NAME = "张家沟小区"


def seen(d: District, *failed: str, name: str = NAME, on: Plan | None = None,
         who: str = "检查员", days_ago: int = 0) -> Visit:  # fmt: skip
    """A look at a site in which these checks failed."""
    stop = on.stops.get(site=d.sites[name]) if on else None
    look = acts.Look(site=d.sites[name], failed=failed, stop=stop)
    told = acts.Reported(occurred_at=timezone.now() - timedelta(days=days_ago))
    return acts.record_visit(by=d.users[who], look=look, op_id=op(), reported=told)


def test_what_failed_here_most_often_comes_first_on_the_sheet(district: District) -> None:
    with_sheets(district)
    seen(district, "estate-02", days_ago=9)
    seen(district, "estate-02", "estate-01", days_ago=5)
    here = district.sites[NAME].pk
    assert history.worst_first([here])[here] == ["estate-02", "estate-01", "estate-03"]


def test_a_site_without_history_begins_with_what_fails_elsewhere_then_key_checks(
    district: District,
) -> None:
    with_sheets(district)
    fresh = site(district, "新小区").pk
    assert history.worst_first([fresh])[fresh][0] == "estate-03"
    seen(district, "estate-02")
    assert history.worst_first([fresh])[fresh] == ["estate-02", "estate-03", "estate-01"]


def test_what_a_hidden_round_saw_moves_no_line_of_anybody_elses_sheet(
    district: District,
) -> None:
    with_sheets(district)
    hidden = plan(district, "undercover")
    before = history.worst_first([district.sites[NAME].pk], district.users["张家沟"])
    visit = seen(district, "estate-02", on=hidden)
    assert visit.sealed
    after = history.worst_first([district.sites[NAME].pk], district.users["张家沟"])
    assert after == before == history.worst_first([district.sites[NAME].pk])
    assert history.site_history(district.sites[NAME], district.users["张家沟"]).visits == []
    assert len(history.site_history(district.sites[NAME], district.users["检查员"]).visits) == 1


def test_the_history_of_a_site_counts_only_the_looks_that_saw_a_check(district: District) -> None:
    with_sheets(district)
    seen(district, "estate-01")
    look = acts.Look(site=district.sites[NAME], not_applicable=["estate-01"])
    acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
    closed = acts.Look(site=district.sites[NAME], closed=True, note="锁门")
    acts.record_visit(by=district.users["检查员"], look=closed, op_id=op())
    told = history.site_history(district.sites[NAME], district.users["检查员"])
    counts = {row.check.key: (row.failed, row.seen) for row in told.checks}
    assert counts == {"estate-01": (1, 1), "estate-02": (0, 2), "estate-03": (0, 2)}
    assert told.checks[0].check.key == "estate-01"
    assert [visit.outcome for visit in told.visits] == ["closed", "pass", "fail"]


def test_the_second_of_a_blind_double_visit_learns_nothing_of_the_first_until_both_are_in(
    district: District,
) -> None:
    with_sheets(district)
    district.user("第二人", "inspector", "创卫办")
    doubled = plan(district, "monthly")
    second = Team.objects.create(plan=doubled, name="二组", leader=district.people["第二人的人"])
    second.members.create(person=second.leader)
    doubled.stops.update(second_team=second)
    here, other = district.sites[NAME], district.users["第二人"]
    visit = seen(district, "estate-02", on=doubled)
    acts.record_finding(
        by=district.users["检查员"], op_id=op(),
        finding=acts.Finding(kind=district.kinds["bin"], site=here, visit=visit),
    )  # fmt: skip
    assert history.site_history(here, other).visits == []
    assert history.last_visits([here.pk], other) == {}
    assert history.worst_first([here.pk], other)[here.pk][0] == "estate-03"
    assert history.worst_first([here.pk])[here.pk][0] == "estate-03"
    assert history.open_problems([here.pk], other) == {}
    assert history.last_visits([here.pk], district.users["检查员"])[here.pk] == visit
    seen(district, on=doubled, who="第二人")
    assert Visit.objects.filter(blind=True).count() == 1
    assert len(history.site_history(here, other).visits) == 2
    assert history.open_problems([here.pk], other)[here.pk] == [Problem.objects.get()]


def test_the_usual_kinds_of_a_street_are_offered_first(district: District) -> None:
    with_sheets(district)
    filed(district, "road")
    filed(district, "road", site=None, place="街口", region=district.regions["红叶镇"])
    filed(district, "cable", site=None, place="街口", region=district.regions["红叶镇"])
    found = history.chips([r.pk for r in district.regions.values()])
    assert found[district.regions["张家沟社区"].pk][:2] == ["road", "cable"]
    assert found[district.regions["石桥镇"].pk][0] == "bin"
    assert len(found) == len(district.regions)


def test_twenty_sites_cost_no_more_queries_than_one(district: District) -> None:
    with_sheets(district)
    sites = [site(district, f"小区{n}").pk for n in range(20)]
    for n in range(20):
        seen(district, "estate-01", name=f"小区{n}")
    user = district.users["检查员"]

    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            history.worst_first(sites[:count], user)
            history.last_visits(sites[:count], user)
            history.open_problems(sites[:count], user)
            history.chips([district.regions["张家沟社区"].pk])
        return len(asked)

    first = cost(1)
    assert cost(20) <= first
