"""Many looks at once are the same facts as looks one by one."""

from __future__ import annotations

from typing import Any

import pytest
from tests.district import District, op
from tests.inspecting import site, with_sheets

from weicheng.inspections import acts
from weicheng.inspections.models import Visit
from weicheng.journal.models import Operation

pytestmark = pytest.mark.django_db
FIELDS = ("site_id", "inspector_id", "unit_id", "outcome", "failed", "channel", "sealed", "edition")


def _facts(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in FIELDS}


def test_a_look_recorded_among_many_equals_one_recorded_alone(district: District) -> None:
    with_sheets(district)
    by, told = district.users["检查员"], acts.Reported(channel="paper")
    look = acts.Look(site=district.sites["张家沟小区"], failed=["estate-02"])
    alone = acts.record_visit(by=by, look=look, op_id=op(), reported=told)
    kept = acts.record_visits([acts.Given(by, look, op(), told)])
    assert _facts(Visit.objects.get(pk=kept.visits[0].pk)) == _facts(alone)
    assert [o.act for o in Operation.objects.filter(act="record_visit")] == ["record_visit"] * 2


def test_what_is_wrong_is_named_by_its_place_and_hinders_no_other(district: District) -> None:
    with_sheets(district)
    site(district, "石桥小区", region="石桥镇")
    by, told = district.users["检查员"], acts.Reported()
    good = acts.Given(by, acts.Look(site=district.sites["张家沟小区"]), op(), told)
    bad = acts.Given(by, acts.Look(site=district.sites["石桥小区"], failed=["x"]), op(), told)
    kept = acts.record_visits([bad, good, good])
    assert [(place, refused.code) for place, refused in kept.refused] == [(0, "wrong_check")]
    assert (len(kept.visits), kept.known, Visit.objects.count()) == (1, 1, 1)
    again = acts.record_visits([good])
    assert (len(again.visits), again.known) == (0, 1)
