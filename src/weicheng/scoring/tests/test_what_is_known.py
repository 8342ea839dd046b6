"""What is known of a site: the newest answer of each check, and problems as they stood that day.
Score and forecast agree on it, and mending never costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, in_hours, op, picture, sign_in
from tests.inspecting import plan, site, with_sheets

from weicheng.inspections import acts as looking
from weicheng.inspections.models import Visit
from weicheng.places.models import Site
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.scoring.arrays import Ground, ground_of
from weicheng.scoring.facts import gather
from weicheng.scoring.forecasting import Belief, expected, posterior, regained
from weicheng.scoring.forecasting.answers import LOOKS
from weicheng.scoring.forecasting.layout import FAILED, lay_out
from weicheng.scoring.score_page import score_page
from weicheng.scoring.standing import Scope, standing

from .foretold import looked, ready, region_of

pytestmark = pytest.mark.django_db
HOME = "张家沟小区"


def _ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def _looked(d: District, place: str = HOME, *, days: float, **look: Any) -> Visit:
    told = looking.Reported(occurred_at=_ago(days), now=_ago(days))
    given = looking.Look(site=d.sites[place], **look)
    return looking.record_visit(by=d.users["检查员"], look=given, op_id=op(), reported=told)


def _filed(d: District, place: str | None = HOME, kind: str = "bin", *, days: float) -> Problem:
    where = {"site": d.sites[place]} if place else {"region": d.regions["红叶镇"], "place": "路口"}
    finding = acts.Finding(kind=d.kinds[kind], found_at=_ago(days), **where)
    return acts.file(finding=finding, by=d.users["检查员"], op_id=op(), now=_ago(days))


def _found(d: District, visit: Visit, check: str, *, days: float) -> Problem:
    finding = looking.Finding(kind=d.kinds["bin"], site=visit.site, visit=visit, check_key=check)
    told = looking.Reported(occurred_at=_ago(days), now=_ago(days))
    found = looking.record_finding(by=d.users["检查员"], finding=finding, op_id=op(), reported=told)
    assert found.problem is not None
    return found.problem


def _fixed(d: District, problem: Problem, *, days: float) -> Problem:
    """Sent, put right and verified, all of it so many days ago."""
    now = _ago(days)
    row = acts.dispatch(problem=problem, lead=d.units["环卫局"], due_at=in_hours(48), by=d.office,
                        op_id=op(), now=now)  # fmt: skip
    fix = acts.Fix("clean", [picture("after", purpose="after")])
    row = acts.hand_in(problem=row, fix=fix, by=d.users["环卫局"], op_id=op(), now=now)
    inspector = d.users["检查员"]
    return acts.pass_fix(problem=row, level="onsite", by=inspector, op_id=op(), now=now)


def _lost(d: District, days: float = 0) -> int:
    return standing(region_of(d), _ago(days)).score.lost_milli


def _known(d: District) -> tuple[Ground, Belief]:
    ground = ground_of(gather(region_of(d), timezone.now(), looks=LOOKS))
    return ground, posterior(ground.district)


def _failing(d: District) -> set[tuple[str, str]]:
    """(site, check) that the forecast takes for failed."""
    ground, _belief = _known(d)
    known = lay_out(ground.district)
    at = np.flatnonzero(known.state == FAILED)
    return {
        (
            ground.sites[known.sites[known.pair_place[n]]].name,
            ground.checks[known.pair_check[n]].key,
        )
        for n in at
    }


@pytest.mark.parametrize("outside", [False, True])
def test_mending_raises_the_forecast_by_what_was_promised_and_teaches_no_failure(
    district: District, outside: bool
) -> None:
    ready(district)
    Visit.objects.filter(site=district.sites["小区0"]).delete()
    look = looked(district, "小区0", "estate-01", days=30)
    Visit.objects.filter(pk=look.pk).update(outside=outside)
    problem = _filed(district, "小区0", days=30)
    ground, before = _known(district)
    told = expected(ground.district, before)
    at = next(n for n, place in enumerate(ground.sites) if place.name == "小区0")
    check = next(n for n, row in enumerate(ground.checks) if row.key == "estate-01")
    promised = regained(ground.district, before, np.array([at]), np.array([check])).sum()
    _fixed(district, problem, days=0)
    ground, after = _known(district)
    np.testing.assert_allclose(after.mean, before.mean, atol=1e-6)
    assert expected(ground.district, after).total - told.total == pytest.approx(promised, rel=1e-3)
    assert promised > 0


def test_mending_everything_never_lowers_the_forecast_while_the_repairs_grow_old(
    district: District,
) -> None:
    ready(district)
    problems = []
    for n in range(6):
        looked(district, f"小区{n}", "estate-01", days=60)
        problems.append(_filed(district, f"小区{n}", days=59))
    ground, belief = _known(district)
    worst = expected(ground.district, belief).total
    for problem in problems:
        _fixed(district, problem, days=20)
        ground, belief = _known(district)
        better = expected(ground.district, belief).total
        assert better > worst
        worst = better


def test_a_failure_without_a_case_comes_back_when_a_problem_filed_later_is_fixed(
    district: District,
) -> None:
    with_sheets(district)
    _looked(district, days=9, failed=["estate-01"])
    problem = _filed(district, days=5)
    assert _lost(district) > 0 and _failing(district) == {(HOME, "estate-01")}
    _fixed(district, problem, days=2)
    assert _lost(district) == 0 and not _failing(district)
    assert _lost(district, days=3) > 0


def test_an_open_problem_for_the_same_check_holds_the_points_back(district: District) -> None:
    with_sheets(district)
    _looked(district, days=9, failed=["estate-01"])
    first, second = _filed(district, days=8), _filed(district, days=7)
    _fixed(district, first, days=2)
    assert _lost(district) > 0 and _failing(district) == {(HOME, "estate-01")}
    _fixed(district, second, days=1)
    assert _lost(district) == 0 and not _failing(district)


def test_a_kind_that_may_mean_several_checks_mends_the_one_that_failed(district: District) -> None:
    sheets = with_sheets(district)
    district.kinds["bin"].checks.add(sheets.checks["estate-02"])
    _looked(district, days=9, failed=["estate-01"])
    _fixed(district, _filed(district, days=5), days=2)
    assert _lost(district) == 0 and not _failing(district)
    _looked(district, days=1, failed=["estate-01", "estate-02"])
    _fixed(district, _filed(district, days=0.5), days=0.1)
    assert _lost(district) > 0 and len(_failing(district)) == 2


def test_a_merged_problem_is_as_open_as_what_it_was_merged_into(district: District) -> None:
    with_sheets(district)
    visit = _looked(district, days=9, failed=["estate-01"])
    problem = _found(district, visit, "estate-01", days=9)
    main = _filed(district, None, days=8)
    acts.merge(problem=problem, into=main, by=district.office, op_id=op(), now=_ago(7))
    assert _lost(district) > 0 and _failing(district) == {(HOME, "estate-01")}
    assert _known(district)[0].district.seen_reported.sum() == 1
    _fixed(district, main, days=3)
    assert _lost(district) == 0 and not _failing(district)
    assert _lost(district, days=5) > 0
    problem.refresh_from_db()
    acts.unmerge(problem=problem, by=district.office, op_id=op())
    assert _lost(district) > 0 and _failing(district) == {(HOME, "estate-01")}


def test_a_partial_look_erases_no_known_failure(client: Client, district: District) -> None:
    with_sheets(district)
    _looked(district, days=9, failed=["estate-03"], bands={"estate-03": 3})
    _looked(district, days=2, unseen=["estate-03"])
    assert _failing(district) == {(HOME, "estate-03")}
    here = standing(region_of(district), timezone.now())
    assert [row.check for row in here.score.red] == ["estate-03"]
    sign_in(client, district.office)
    leaf = client.get(reverse("scoring:why_below", args=["A3/clean/estate/estate-03"]))
    day = timezone.localtime(_ago(9))
    assert f"{day.month}月{day.day}日" in leaf.content.decode()
    _looked(district, days=1)
    assert _lost(district) == 0 and not _failing(district)


def test_an_older_look_of_our_own_answers_before_a_still_older_one_of_others(
    district: District,
) -> None:
    with_sheets(district)
    outside = _looked(district, days=20)
    Visit.objects.filter(pk=outside.pk).update(outside=True)
    _looked(district, days=5, failed=["estate-01"])
    _looked(district, days=2, unseen=["estate-01"])
    assert _lost(district) > 0 and _failing(district) == {(HOME, "estate-01")}


def test_what_only_others_found_does_not_count_where_our_own_looks_are_compared(
    district: District,
) -> None:
    with_sheets(district)
    _looked(district, days=9)
    outside = _looked(district, days=3, failed=["estate-01"])
    _found(district, outside, "estate-01", days=3)
    Visit.objects.filter(pk=outside.pk).update(outside=True)
    assert _lost(district) > 0
    assert standing(region_of(district), timezone.now(), own=True).score.lost_milli == 0
    _filed(district, days=1)
    assert standing(region_of(district), timezone.now(), own=True).score.lost_milli > 0


def test_a_look_that_did_not_see_a_check_denies_no_report(district: District) -> None:
    with_sheets(district)
    _filed(district, days=5)
    _looked(district, days=2, unseen=["estate-01"])
    assert _lost(district) > 0 and _failing(district) == {(HOME, "estate-01")}


def test_what_was_not_applicable_stays_so_for_score_and_forecast(district: District) -> None:
    with_sheets(district)
    _looked(district, days=5, not_applicable=["estate-01"])
    _filed(district, days=2)
    assert _lost(district) == 0 and not _failing(district)


def test_looks_at_what_was_another_type_of_site_say_nothing(district: District) -> None:
    with_sheets(district)
    _looked(district, days=5, failed=["estate-01"])
    Site.objects.filter(pk=district.sites[HOME].pk).update(site_type="toilet")
    here = standing(region_of(district), timezone.now())
    assert not here.snapshot.visits and here.coverage["toilet"] == (0, 1)
    assert not len(_known(district)[0].district.seen_site)


def test_a_relapse_does_not_rewrite_the_week_before(district: District) -> None:
    with_sheets(district)
    visit = _looked(district, days=20, failed=["estate-01"])
    problem = _fixed(district, _found(district, visit, "estate-01", days=20), days=10)
    acts.reopen(problem=problem, reason="relapsed", words="又满了", by=district.office, op_id=op(),
                now=_ago(2))  # fmt: skip
    assert _lost(district, days=15) > 0
    assert _lost(district, days=7) == 0
    assert _lost(district) > 0


@pytest.mark.parametrize("outcome", ["gone", "void"])
def test_what_was_closed_or_voided_later_was_open_then(district: District, outcome: str) -> None:
    with_sheets(district)
    _looked(district, days=20)
    problem = _filed(district, days=10)
    who: Any = {"by": district.office, "op_id": op(), "now": _ago(3)}
    if outcome == "gone":
        acts.close(problem=problem, outcome="gone", words="自己清了", **who)
    else:
        acts.void(problem=problem, words="重复录入", **who)
    assert _lost(district, days=7) > 0
    assert _lost(district) == 0


def test_a_town_is_counted_over_its_own_sites(district: District) -> None:
    with_sheets(district)
    for n in range(4):
        site(district, f"石桥{n}", region="石桥镇")
    _looked(district, "石桥0", days=1)
    town = Scope("town", str(district.regions["石桥镇"].pk))
    here = standing(region_of(district), timezone.now(), scope=town)
    assert here.coverage == {"estate": (1, 4)}
    unit = Scope("unit", str(district.units["档案局"].pk))
    assert standing(region_of(district), timezone.now(), scope=unit).coverage == {"estate": (0, 1)}


def _kept(d: District) -> int:
    """Milli kept of an item under the sheet of grades."""
    here = standing(region_of(d), timezone.now(), sheet=_band_sheet())
    return next(row.portion.earned for row in here.score.items if row.row.key == "clean")


def test_a_grade_of_a_look_counts_under_a_sheet_of_grades(district: District) -> None:
    with_sheets(district)
    _looked(district, days=9)
    full = _kept(district)
    _looked(district, days=8, bands={"estate-01": 6})
    some = _kept(district)
    _looked(district, days=7, bands={"estate-01": 1})
    assert full > some > _kept(district) > 0


@pytest.mark.parametrize("graded", ["estate-01", "clean"])
def test_a_grade_gives_way_to_a_verified_repair_and_to_a_report(
    district: District, graded: str
) -> None:
    with_sheets(district)
    _looked(district, days=9, failed=["estate-01"], bands={graded: 7})
    graded_so = _kept(district)
    _fixed(district, _filed(district, days=5), days=2)
    mended = _kept(district)
    assert mended > graded_so
    _filed(district, days=1)
    assert _kept(district) < graded_so


def _band_sheet() -> str:
    from weicheng.scoring.reckoning import shipped

    return next(key for key, sheet in shipped().items() if sheet.mode == "band")


def test_a_hidden_look_begins_the_trend_with_its_release(district: District) -> None:
    from weicheng.scoring.running import _week_without

    ready(district)
    Visit.objects.all().delete()
    hidden = plan(district, "undercover", sites=("小区0",))
    _looked(district, "小区0", days=40, plan=hidden, failed=["estate-01"])
    assert _week_without(region_of(district), timezone.now()) is None
    hidden.state, hidden.released_at = "released", _ago(1)
    hidden.save()
    Visit.objects.update(sealed=False)
    assert _week_without(region_of(district), timezone.now() - timedelta(days=2)) is None


def test_the_change_of_a_week_shows_the_relapse(district: District) -> None:
    from weicheng.scoring.asking import asked

    with_sheets(district)
    visit = _looked(district, days=20, failed=["estate-01"])
    problem = _fixed(district, _found(district, visit, "estate-01", days=20), days=10)
    acts.reopen(problem=problem, reason="relapsed", words="又满了", by=district.office, op_id=op(),
                now=_ago(2))  # fmt: skip
    question = asked(district.office, {})
    assert question is not None
    page = score_page(question, district.office)
    assert [problem.pk] == [row.pk for cause in page.changes.lines for row in cause.problems]


def test_the_change_of_a_week_names_a_problem_that_was_closed_in_it(district: District) -> None:
    from weicheng.scoring.asking import asked

    with_sheets(district)
    _looked(district, days=20)
    problem = _fixed(district, _filed(district, days=10), days=2)
    question = asked(district.office, {})
    assert question is not None
    lines = score_page(question, district.office).changes.lines
    assert [problem.pk] == [row.pk for cause in lines for row in cause.problems]
