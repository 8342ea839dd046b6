"""Visits and findings are facts: once each, sealed while hidden, filed when open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.district import District, op, picture
from tests.inspecting import plan, with_sheets

from weicheng.inspections import acts
from weicheng.inspections.models import Found, Visit
from weicheng.inspections.refusals import Refused
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db


def test_a_site_passes_in_one_act_and_the_same_act_again_is_the_same_visit(
    district: District,
) -> None:
    with_sheets(district)
    look = acts.Look(site=district.sites["张家沟小区"])
    key = op()
    first = acts.record_visit(by=district.users["检查员"], look=look, op_id=key)
    again = acts.record_visit(by=district.users["检查员"], look=look, op_id=key)
    assert first.pk == again.pk
    assert (first.outcome, Visit.objects.count()) == ("pass", 1)


def test_the_same_operation_with_other_content_is_refused(district: District) -> None:
    with_sheets(district)
    key, site = op(), district.sites["张家沟小区"]
    acts.record_visit(by=district.users["检查员"], look=acts.Look(site=site), op_id=key)
    other = acts.Look(site=site, failed=["estate-01"])
    with pytest.raises(Refused, match="other_body"):
        acts.record_visit(by=district.users["检查员"], look=other, op_id=key)


def test_a_finding_becomes_a_problem_with_its_photos_at_once(district: District) -> None:
    with_sheets(district)
    photo = picture("bin")
    finding = acts.Finding(
        kind=district.kinds["bin"], site=district.sites["张家沟小区"], photos=[photo],
        position=(30.1, 104.2, 8.0), check_key="estate-01",
    )  # fmt: skip
    found = acts.record_finding(by=district.users["检查员"], finding=finding, op_id=op())
    assert found.problem is not None
    assert found.problem.source == "daily"
    assert found.problem.before_photo_id == photo.pk


def test_an_undercover_finding_stays_sealed_and_takes_no_number(district: District) -> None:
    with_sheets(district)
    hidden = plan(district, "undercover")
    finding = acts.Finding(
        kind=district.kinds["bin"], site=district.sites["张家沟小区"], plan=hidden
    )
    found = acts.record_finding(by=district.users["检查员"], finding=finding, op_id=op())
    assert found.sealed
    assert found.problem is None
    assert not Problem.objects.exists()
    assert not Found.objects.visible_to(district.users["档案局"]).exists()
    assert not Found.objects.visible_to(district.users["张家沟"]).exists()
    assert Found.objects.visible_to(district.users["检查员"]).count() == 1


def test_two_like_finds_within_thirty_metres_are_both_kept_and_a_merge_is_proposed(
    district: District,
) -> None:
    with_sheets(district)
    made = []
    for where in ((30.10000, 104.2, 5.0), (30.10020, 104.2, 5.0), (30.2, 104.2, 5.0)):
        finding = acts.Finding(
            kind=district.kinds["bin"], site=district.sites["张家沟小区"], position=where
        )
        made.append(acts.record_finding(by=district.users["检查员"], finding=finding, op_id=op()))
    assert made[0].near is None
    assert made[1].near == made[0].problem
    assert made[2].near is None
    assert Problem.objects.count() == 3


def test_a_phone_with_a_wrong_clock_is_set_right_by_its_measured_offset(
    district: District,
) -> None:
    with_sheets(district)
    now = timezone.now()
    told = acts.Reported(
        occurred_at=now + timedelta(minutes=47) - timedelta(hours=2),
        offset_seconds=47 * 60, now=now,
    )  # fmt: skip
    visit = acts.record_visit(
        by=district.users["检查员"], look=acts.Look(site=district.sites["张家沟小区"]),
        op_id=op(), reported=told,
    )  # fmt: skip
    assert visit.occurred_at == now - timedelta(hours=2)
    assert visit.received_at == now
    assert visit.offset_seconds == 2820


def test_a_check_of_another_sheet_is_refused_with_its_name(district: District) -> None:
    with_sheets(district)
    look = acts.Look(site=district.sites["张家沟小区"], failed=["toilet-01"])
    with pytest.raises(Refused) as told:
        acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
    assert "toilet-01" in told.value.sentence()
