"""Figures beside the visits are dated statements, and the chance is shown to two people only."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from tests.district import District, op
from tests.inspecting import with_sheets

from weicheng.scoring import acts
from weicheng.scoring.gates import gate_lines
from weicheng.scoring.models import IndicatorValue, SatisfactionEstimate, WarningLine
from weicheng.scoring.permissions import may_see_chance
from weicheng.scoring.refusals import Refused
from weicheng.scoring.standing import standing
from weicheng.standards.models import Indicator, Item, Standard

from .foretold import make_commander, make_director

pytestmark = pytest.mark.django_db


def _green(d: District) -> Indicator:
    with_sheets(d)
    return Indicator.objects.create(
        standard=Standard.objects.get(), key="green", row=1, name_zh="绿地率", name_en="Green",
        operator=">=", value=Decimal(36), edition="test",
    )  # fmt: skip


def _said(d: District, **changes: Any) -> dict[str, Any]:
    return {
        "by": d.office, "region": d.regions["凤凰区"], "on": timezone.localdate(),
        "source": "园林局年报", "op_id": op(), **changes,
    }  # fmt: skip


def test_an_indicator_is_stated_once_with_its_day_and_source(district: District) -> None:
    _green(district)
    said = _said(district)
    first = acts.state_indicator(key="green", value=Decimal("37.2"), **said)
    again = acts.state_indicator(key="green", value=Decimal("37.2"), **said)
    assert first.pk == again.pk
    assert IndicatorValue.objects.get().source == "园林局年报"


@pytest.mark.parametrize("value", [None, Decimal("NaN"), Decimal("Infinity")])
def test_an_indicator_needs_a_number(district: District, value: Decimal | None) -> None:
    _green(district)
    with pytest.raises(Refused) as told:
        acts.state_indicator(key="green", value=value, **_said(district))
    assert "绿地率" in told.value.sentence()


def test_only_the_office_of_the_place_states_figures_and_never_of_tomorrow(
    district: District,
) -> None:
    _green(district)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for changes in (
        {"by": district.users["检查员"]}, {"by": district.users["临江创卫办"]}, {"on": tomorrow},
    ):  # fmt: skip
        with pytest.raises(Refused):
            acts.state_indicator(key="green", value=Decimal(1), **_said(district, **changes))
    assert not IndicatorValue.objects.exists()


def test_satisfaction_is_an_own_estimate_of_so_many_answers(district: District) -> None:
    with pytest.raises(Refused, match="need_answers"):
        acts.estimate_satisfaction(percent=Decimal(88), answers=0, **_said(district))
    with pytest.raises(Refused, match="percent_range"):
        acts.estimate_satisfaction(percent=Decimal(188), answers=3, **_said(district))
    acts.estimate_satisfaction(percent=Decimal("88.5"), answers=400, **_said(district))
    row = SatisfactionEstimate.objects.get()
    assert SatisfactionEstimate.objects.visible_to(district.users["指挥长"]).get() == row
    assert not SatisfactionEstimate.objects.visible_to(district.users["环卫局"]).exists()


def test_a_warning_line_lies_within_the_points_and_has_a_name_of_its_own(
    district: District,
) -> None:
    make_director(district)
    line: dict[str, Any] = {"by": district.office, "region": district.regions["凤凰区"]}
    acts.draw_line(name="总分预警", milli=900_000, op_id=op(), **line)
    for name, milli in (("总分预警", 880_000), ("", 880_000), ("高", 1_000_001), ("零", 0)):
        with pytest.raises(Refused):
            acts.draw_line(name=name, milli=milli, op_id=op(), **line)
    row = WarningLine.objects.get()
    acts.drop_line(by=district.office, line=row, op_id=op())
    acts.draw_line(name="总分预警", milli=880_000, op_id=op(), **line)
    assert WarningLine.objects.filter(active=True).get().milli == 880_000


def test_the_chance_is_off_until_the_commander_or_the_director_turns_it_on(
    district: District,
) -> None:
    region = district.regions["凤凰区"]
    make_director(district)
    make_commander(district)
    leader, director = district.users["指挥长"], district.office
    assert not may_see_chance(leader, region)
    for name in ("检查员", "借调", "审计", "环卫局", "红叶镇", "市创卫办", "管理员"):
        with pytest.raises(Refused):
            acts.switch(by=district.users[name], region=region, on=True, op_id=op())
    acts.switch(by=leader, region=region, on=True, op_id=op())
    seen = [name for name, user in district.users.items() if may_see_chance(user, region)]
    assert seen == ["创卫办", "指挥长"]
    acts.switch(by=director, region=region, on=False, op_id=op())
    assert not may_see_chance(leader, region)


def test_a_must_have_item_is_unknown_until_the_office_says_that_it_holds(
    district: District,
) -> None:
    sheets = with_sheets(district)
    Item.objects.filter(pk=sheets.items["order"].pk).update(veto=True)
    region = district.regions["凤凰区"]

    def state() -> str:
        here = standing(region, timezone.now())
        lines = gate_lines(here.facts, here.figures)
        return next(line.state for line in lines if line.gate.key == "order")

    assert state() == "unknown"
    with pytest.raises(Refused, match="unknown_item"):
        acts.state_condition(item="clean", met=True, **_said(district))
    acts.state_condition(item="order", met=True, **_said(district))
    assert state() == "held"
    acts.state_condition(item="order", met=False, **_said(district))
    assert state() == "broken"
