"""What pages say of what they rest on: the draw that falls short, grades, defaults, whose looks."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import plan, site, with_sheets

from weicheng.inspections import acts as looking
from weicheng.inspections.models import Visit
from weicheng.scoring.asking import asked
from weicheng.scoring.comparison_page import TYPES, compare_page
from weicheng.scoring.standing import standing
from weicheng.standards.models import Quota

from .foretold import looked, ready, region_of, run_now, switched

pytestmark = pytest.mark.django_db


def _forecast(client: Client, d: District) -> str:
    switched(d)
    answer = sign_in(client, d.users["指挥长"]).get("/score/forecast/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_type_with_too_few_sites_is_named_and_only_what_is_there_is_drawn(
    client: Client, district: District
) -> None:
    ready(district)
    Quota.objects.filter(site_type="toilet").update(number=9)
    run = run_now(district)
    assert run.parameters["drawn"] == 3 + 5
    assert run.parameters["short"] == [{"key": "toilet", "quota": 9, "pool": 5}]
    page = _forecast(client, district)
    assert "抽8个点位" in page and "公共厕所应抽9处，只有5处" in page


def test_a_full_draw_and_looks_without_grades_need_no_such_sentence(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    page = _forecast(client, district)
    assert "抽5个点位" in page
    assert "点位不够" not in page and "分档" not in page


def test_grades_are_said_to_count_as_pass_or_fail(client: Client, district: District) -> None:
    ready(district)
    look = looking.Look(site=district.sites["小区6"], bands={"estate-01": 6})
    looking.record_visit(by=district.users["检查员"], look=look, op_id=op())
    run_now(district)
    assert "有1处点位最近一次按分档打分" in _forecast(client, district)


def test_score_and_forecast_name_the_same_share_of_default_points(district: District) -> None:
    ready(district)
    run = run_now(district)
    known = standing(region_of(district), timezone.now()).thousand
    told = run.result["sure"]
    share = Fraction(sum(told["default"].values()), told["of"])
    assert share == known.certainty["default"]
    assert told["default"]["satisfaction"] > 0


def test_places_are_compared_by_looks_of_our_own_people_alone(
    client: Client, district: District
) -> None:
    with_sheets(district)
    for n in range(9):
        site(district, f"小区{n}")
        looked(district, f"小区{n}", days=3)
    hidden = plan(district, "undercover", sites=("小区0",))
    for place in ("小区0", "小区1", "张家沟小区"):
        look = looking.Look(site=district.sites[place], plan=hidden, failed=["estate-03"])
        at = timezone.now() - timedelta(hours=1)
        told = looking.Reported(occurred_at=at, now=at)
        looking.record_visit(by=district.users["检查员"], look=look, op_id=op(), reported=told)
    hidden.state, hidden.released_at = "released", timezone.now()
    hidden.save()
    Visit.objects.update(sealed=False)
    assert standing(region_of(district), timezone.now()).score.lost_milli > 0
    question = asked(district.office, {})
    assert question is not None
    (group,) = compare_page(question, district.office, TYPES).groups
    assert [(row.n, row.mean) for row in group.rows] == [(9, 1.0)]
    sign_in(client, district.office)
    assert "只算本地人员公开的检查" in client.get("/score/compare/").content.decode()
