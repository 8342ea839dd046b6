"""A ruling from outside makes the forecast's assessor stricter on its check, until our own people
look by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.district import District, op

from weicheng.inspections import acts
from weicheng.scoring.arrays import RULED, ground_of
from weicheng.scoring.facts import gather

from .foretold import looked, ready, region_of

pytestmark = pytest.mark.django_db


def _told(d: District, check: str, strictness: int, level: str = "province", days: int = 1) -> None:
    on = timezone.localdate() - timedelta(days=days)
    said = acts.Said(check, "看得见就扣分。", "省级专家", level, on, strictness=strictness)
    acts.write_ruling(said=said, by=d.office, op_id=op())


def _shifts(d: District) -> dict[str, float]:
    ground = ground_of(gather(region_of(d), timezone.now()))
    keys = (check.key for check in ground.checks)
    return {k: v for k, v in zip(keys, ground.district.check_ruled.tolist(), strict=True) if v}


def test_stricter_milder_as_before_and_our_own(district: District) -> None:
    ready(district)
    assert _shifts(district) == {}
    for check, strictness in (("estate-01", 1), ("estate-02", -1), ("estate-03", 0)):
        _told(district, check, strictness)
    _told(district, "toilet-01", 1, level="office")
    assert _shifts(district) == {
        "estate-01": pytest.approx(RULED * 5 / 6), "estate-02": pytest.approx(-RULED * 5 / 6),
    }  # fmt: skip


def test_looks_under_the_ruling_use_it_up(district: District) -> None:
    ready(district)
    _told(district, "estate-01", 1, days=0)
    assert _shifts(district) == {"estate-01": RULED}
    for n in range(3):
        looked(district, f"小区{n}", days=0)
    assert _shifts(district) == {"estate-01": pytest.approx(RULED / 2)}
    for n in range(3, 6):
        looked(district, f"小区{n}", days=0)
    assert _shifts(district) == {}


def test_a_ruling_of_tomorrow_is_not_known_today(district: District) -> None:
    ready(district)
    _told(district, "estate-01", 1, days=0)
    yesterday = timezone.now() - timedelta(days=1)
    ground = ground_of(gather(region_of(district), yesterday))
    assert not ground.district.check_ruled.any()
