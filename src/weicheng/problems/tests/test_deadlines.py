"""Which limit holds for a problem, and what the page says about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from weicheng.problems import deadlines, reckoning
from weicheng.problems.models import DueRule
from weicheng.workdays.calendar import SHANGHAI

if TYPE_CHECKING:
    from tests.district import District

FRIDAY = datetime(2026, 11, 27, 17, 0, tzinfo=SHANGHAI)


def propose(district: District, key: str = "bin", **facts: object) -> deadlines.Proposed:
    asked = {"severity": "normal", "region": district.regions["红叶镇"], "now": FRIDAY, **facts}
    return deadlines.propose(kind=district.kinds[key], **asked)  # type: ignore[arg-type]


def test_rubbish_found_on_friday_at_five_is_not_due_on_monday(district: District) -> None:
    kind = district.kinds["bin"]
    kind.haste, kind.due_hours = "immediate", 4
    assert propose(district).at == datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)
    assert propose(district, severity="serious").at == FRIDAY + timedelta(hours=4)


@pytest.mark.parametrize(
    ("found", "due"),
    [
        ("09:10", "23日 13:10"),
        ("16:00", "23日 20:00"),
        ("16:01", "24日 09:00"),
        ("23:00", "24日 09:00"),
        ("03:00", "23日 09:00"),
        ("04:00", "23日 08:00"),
    ],
)
def test_nothing_slight_is_due_in_the_night(district: District, found: str, due: str) -> None:
    kind = district.kinds["bin"]
    kind.haste, kind.due_hours = "immediate", 4
    now = datetime.fromisoformat(f"2026-11-23 {found}").replace(tzinfo=SHANGHAI)
    assert f"{propose(district, now=now).at:%d日 %H:%M}" == due
    key = propose(district, now=now, severity="key")
    assert key.at == now + timedelta(hours=4)


def test_the_first_row_that_fits_wins(district: District) -> None:
    def row(order: int, **tests: object) -> DueRule:
        return DueRule.objects.create(order=order, fix_amount=order, fix_kind="urgent", **tests)

    row(1, region=district.regions["石桥镇"])
    row(2, kind=district.kinds["bin"], condition="满溢一天以上")
    here = row(3, kind=district.kinds["bin"], region=district.regions["凤凰区"])
    row(4)
    row(5, kind=district.kinds["bin"])
    deadlines.changed()
    assert propose(district).terms.rule == str(here.id)
    assert propose(district, condition="满溢一天以上").terms.fix.n == 2
    assert propose(district, region=district.regions["石桥镇"]).terms.fix.n == 1
    assert propose(district, key="road").terms.fix.n == 4
    assert deadlines.conditions_of("bin") == ["满溢一天以上"]
    assert deadlines.conditions_of("road") == []


def test_a_row_switched_off_no_longer_counts(district: District) -> None:
    row = DueRule.objects.create(order=1, fix_amount=1, fix_kind="days")
    deadlines.changed()
    assert propose(district).terms.rule == str(row.id)
    DueRule.objects.update(active=False)
    deadlines.changed()
    assert propose(district).terms.rule == "kind:bin"


@pytest.mark.parametrize(
    ("haste", "hours", "days", "severity", "fix"),
    [
        ("immediate", 4, None, "normal", (4, "urgent")),
        ("immediate", None, None, "normal", (4, "urgent")),
        ("limited", 24, None, "normal", (1, "days")),
        ("limited", 30, None, "normal", (30, "hours")),
        ("limited", 24, None, "key", (24, "urgent")),
        ("dated", None, 7, "key", (7, "days")),
        ("dated", 30, None, "normal", (2, "days")),
        ("long", None, 60, "key", (60, "natural")),
    ],
)
def test_haste_decides_the_kind_of_time(
    haste: str, hours: int | None, days: int | None, severity: str, fix: tuple[int, str]
) -> None:
    assert reckoning.terms_of_kind("k", haste, hours, days, severity).fix == fix


def test_proposing_asks_the_database_nothing(
    district: District, django_assert_num_queries: object
) -> None:
    propose(district)
    with django_assert_num_queries(0):  # type: ignore[operator]
        propose(district)
