"""A problem that is open says of its site what a look would have said: the score, the forecast and
what to fix first know it, and forget it when it is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, filed, handed_in, op, sign_in
from tests.inspecting import with_sheets

from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Problem
from weicheng.scoring.amends import amends
from weicheng.scoring.arrays import Ground, ground_of
from weicheng.scoring.facts import gather
from weicheng.scoring.forecasting import coverage, expected, posterior
from weicheng.scoring.forecasting.answers import LOOKS
from weicheng.scoring.running import latest
from weicheng.scoring.standing import standing

from .foretold import looked, ready, region_of, run_now

pytestmark = pytest.mark.django_db


def _lost(d: District, check: str = "estate-01", **as_of: Any) -> int:
    """Milli lost by a check now."""
    here = standing(region_of(d), as_of.get("as_of") or timezone.now())
    todo, milli = [here.tree.root], 0
    while todo:
        node = todo.pop()
        if node.level == "check" and node.key == check:
            milli += node.milli
        elif node.opens:
            todo += here.tree.open(node.path)
    return milli


def _ground(d: District, as_of: datetime | None = None) -> Ground:
    return ground_of(gather(region_of(d), as_of or timezone.now(), looks=LOOKS))


def test_a_problem_reported_after_the_look_costs_points_until_it_is_closed(
    client: Client, district: District
) -> None:
    with_sheets(district)
    looked(district, "张家沟小区", days=20)
    assert _lost(district) == 0
    before = timezone.now()
    problem = handed_in(district, site=district.sites["张家沟小区"])
    assert _lost(district) > 0
    sign_in(client, district.office)
    leaf = client.get(reverse("scoring:why_below", args=["A3/clean/estate/estate-01"]))
    assert problem.number in leaf.content.decode()
    Problem.objects.filter(pk=problem.pk).update(level="picture")
    page = client.get(reverse("scoring:score")).content.decode()
    assert "立案或销号" in page and "待验收" in page
    problem_acts.pass_fix(problem=problem, by=district.office, op_id=op())
    assert _lost(district) == 0
    assert _lost(district, as_of=before) == 0


def test_a_look_after_the_report_knows_better(district: District) -> None:
    with_sheets(district)
    filed(district, site=district.sites["张家沟小区"])
    Problem.objects.update(found_at=timezone.now() - timedelta(days=9))
    looked(district, "张家沟小区", days=1)
    assert _lost(district) == 0
    assert not _ground(district).district.seen_reported.any()


def test_a_kind_that_may_mean_several_checks_says_of_none_that_it_fails(district: District) -> None:
    sheets = with_sheets(district)
    district.kinds["bin"].checks.add(sheets.checks["estate-02"])
    looked(district, "张家沟小区", days=3)
    filed(district, site=district.sites["张家沟小区"])
    assert _lost(district) == _lost(district, "estate-02") == 0


def test_the_forecast_expects_more_loss_there_but_learns_no_rate_from_it(
    district: District,
) -> None:
    ready(district)
    now = timezone.now() + timedelta(minutes=1)
    before = _ground(district, now)
    filed(district, site=district.sites["小区7"])  # never looked at
    after = _ground(district, now)
    assert after.district.seen_reported.sum() == 1
    rates, told = posterior(before.district), posterior(after.district)
    assert np.array_equal(rates.mean, told.mean)
    assert expected(after.district, told).loss > expected(before.district, rates).loss
    ever = [coverage(g.district, b).ever for g, b in ((before, rates), (after, told))]
    assert np.array_equal(ever[0], ever[1], equal_nan=True)


def test_what_was_only_reported_can_be_fixed_first(district: District) -> None:
    ready(district)
    place = district.sites["小区7"]
    problem = filed(district, site=place)
    run_now(district)
    run = latest(region_of(district))
    assert run is not None
    found = amends(region_of(district), run, timezone.now()).amends
    assert found[f"problem:{problem.pk}"].work.pays == ((str(place.pk), "estate-01"),)


def test_an_old_debt_does_not_fade_as_long_as_it_is_open(district: District) -> None:
    ready(district)
    looked(district, "小区6", "estate-01", days=150)
    ground = _ground(district)
    faded = expected(ground.district, posterior(ground.district)).loss
    problem = filed(district, site=district.sites["小区6"])
    long_ago = timezone.now() - timedelta(days=150)
    Problem.objects.filter(pk=problem.pk).update(found_at=long_ago, filed_at=long_ago)
    ground = _ground(district)
    assert expected(ground.district, posterior(ground.district)).loss > faded
    run_now(district)
    run = latest(region_of(district))
    assert run is not None
    assert (
        amends(region_of(district), run, timezone.now()).amends[f"problem:{problem.pk}"].work.pays
    )
