"""一票否决: veto items and must-haves, by checks, figures, papers and the office's word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, filed, op, sign_in
from tests.inspecting import with_sheets

from weicheng.scoring import acts, gates
from weicheng.scoring.gates import GateLine, gate_lines, must_haves
from weicheng.scoring.refusals import Refused
from weicheng.scoring.standing import standing
from weicheng.standards.models import Check, Indicator, Item, Standard

from .foretold import looked, ready, region_of, run_now, switched

pytestmark = pytest.mark.django_db


def _lines(d: District) -> dict[str, GateLine]:
    here = standing(region_of(d), timezone.now())
    return {line.gate.key: line for line in gate_lines(here.facts, here.figures)}


def _said(d: District, **changes: Any) -> dict[str, Any]:
    given = {"by": d.office, "region": region_of(d), "on": timezone.localdate(), "op_id": op()}
    return {**given, **changes}


def _veto(item: Item) -> None:
    Item.objects.filter(pk=item.pk).update(veto=True)


def test_the_eleven_must_haves_are_there_and_each_speaks_of_what_there_is() -> None:
    from weicheng.standards.load import load_standard

    assert load_standard().ok
    found = must_haves()
    assert len(found) == 11
    checks = set(Check.objects.values_list("key", flat=True))
    rows = set(Indicator.objects.values_list("key", flat=True))
    items = set(Item.objects.values_list("key", flat=True))
    for gate in found:
        assert set(gate.checks) <= checks
        assert set(gate.indicators) <= rows
        assert {*gate.items, *filter(None, [gate.documents])} <= items


def test_a_gate_with_checks_breaks_by_one_failure_and_holds_when_all_were_looked_at(
    district: District,
) -> None:
    sheets = with_sheets(district)
    _veto(sheets.items["clean"])
    assert _lines(district)["clean"].state == "unknown"
    looked(district, "张家沟小区", "estate-02", days=2)
    assert _lines(district)["clean"].state == "held"
    looked(district, "张家沟小区", "estate-03", days=1)
    line = _lines(district)["clean"]
    assert (line.state, line.failures, line.words) == ("broken", 1, "检查发现1处不合格")


def test_a_gate_without_checks_stands_by_figures_papers_or_the_offices_word(
    district: District,
) -> None:
    sheets = with_sheets(district)
    standard = Standard.objects.get()
    for key, least in (("K13", 38), ("K14", 9)):
        Indicator.objects.create(
            standard=standard, item=sheets.items["clean"], key=key, name_zh=f"绿化{key}",
            name_en=key, operator=">=", value=Decimal(least), edition="2021",
        )  # fmt: skip
    Item.objects.filter(pk=sheets.items["order"].pk).update(key="agenda")
    green = _lines(district)["must-green"]
    assert (green.state, green.where) == ("unknown", "table-rows")
    assert "绿化K13" in green.words
    acts.state_indicator(key="K13", value=Decimal(40), **_said(district))
    assert _lines(district)["must-green"].state == "unknown"
    acts.state_indicator(key="K14", value=Decimal(8), **_said(district))
    assert _lines(district)["must-green"].state == "broken"
    acts.state_indicator(key="K14", value=Decimal(10), **_said(district))
    assert _lines(district)["must-green"].state == "held"

    assert _lines(district)["must-regulation"].where == "papers"
    acts.mark_documents(item="agenda", percent=80, **_said(district))
    assert "资料齐了80%" in _lines(district)["must-regulation"].words
    acts.mark_documents(item="agenda", percent=100, **_said(district))
    assert _lines(district)["must-regulation"].state == "held"

    assert _lines(district)["must-satisfaction"].state == "unknown"
    acts.estimate_satisfaction(percent=Decimal("87.1"), answers=400, **_said(district))
    survey = _lines(district)["must-satisfaction"]
    assert (survey.state, survey.words) == ("broken", "自测满意度87.1%，不到90%")

    assert "没有可抽查的内容" in _lines(district)["must-outbreak"].words
    acts.state_condition(item="must-outbreak", met=True, **_said(district))
    assert _lines(district)["must-outbreak"].state == "held"
    acts.state_condition(item="must-outbreak", met=False, **_said(district))
    assert _lines(district)["must-outbreak"].state == "broken"
    with pytest.raises(Refused, match="unknown_item"):
        acts.state_condition(item="must-green", met=True, **_said(district))


def test_our_own_survey_tells_only_until_the_states_figure_is_known(district: District) -> None:
    sheets = with_sheets(district)
    Indicator.objects.create(
        standard=Standard.objects.get(), item=sheets.items["clean"], key="K01", name_zh="满意率",
        name_en="K01", operator=">=", value=Decimal(90), edition="2021",
    )  # fmt: skip
    acts.estimate_satisfaction(percent=Decimal(95), answers=400, **_said(district))
    assert _lines(district)["must-satisfaction"].state == "held"
    acts.state_indicator(key="K01", value=Decimal(85), **_said(district))
    assert _lines(district)["must-satisfaction"].state == "broken"


def test_the_page_of_the_score_lists_all_gates_and_takes_the_offices_word(
    client: Client, district: District
) -> None:
    with_sheets(district)
    sign_in(client, district.office)
    page = client.get("/score/").content.decode()
    for words in (
        "一票否决项",
        "建成区无烟草广告",
        "群众满意率≥90%",
        "去看数据和资料",
        "上一周期的清单",
    ):
        assert words in page, words
    body = {"item": "must-outbreak", "met": "1", "op_id": str(op())}
    assert client.post("/score/condition/", body).status_code == 302
    assert _lines(district)["must-outbreak"].state == "held"
    assert (
        'name="met"' not in sign_in(client, district.users["审计"]).get("/score/").content.decode()
    )


def test_the_chance_is_told_for_a_gate_not_for_a_check(
    client: Client, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = ready(district)
    _veto(sheets.items["toilet"])
    run = run_now(district)
    told = {row["key"]: row["chance"] for row in run.result["quota"]["gates"]}
    assert set(told) == {"toilet", *(gate.key for gate in must_haves())}
    assert 0 < told["toilet"] <= 1
    assert told["must-outbreak"] is None
    gate = gates.Gate("g", "门", "Gate", ("a", "b", "c"))
    assert gates.chance_of(gate, {"a": 0.5, "b": 0.5}) == pytest.approx(0.75)
    switched(district)
    page = sign_in(client, district.users["指挥长"]).get("/score/forecast/").content.decode()
    assert "会被查出问题" in page
    assert "没有可抽查的内容" in page
    assert "近3年无因防控不力的甲乙类传染病暴发" in page


def test_a_problem_at_a_site_that_nobody_looked_at_breaks_a_gate(district: District) -> None:
    sheets = with_sheets(district)
    _veto(sheets.items["clean"])
    filed(district, site=district.sites["张家沟小区"])
    line = _lines(district)["clean"]
    assert (line.state, line.failures) == ("broken", 1)


def test_of_either_figure_one_that_holds_is_enough(district: District) -> None:
    sheets = with_sheets(district)
    for key in ("K18", "K19"):
        Indicator.objects.create(
            standard=Standard.objects.get(), item=sheets.items["clean"], key=key, name_zh=key,
            name_en=key, operator=">=", value=Decimal(90), edition="2021",
        )  # fmt: skip
    acts.state_indicator(key="K19", value=Decimal(50), **_said(district))
    assert _lines(district)["must-sewage"].state == "broken"
    acts.state_indicator(key="K18", value=Decimal(95), **_said(district))
    assert _lines(district)["must-sewage"].state == "held"
