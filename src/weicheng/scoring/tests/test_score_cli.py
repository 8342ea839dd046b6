"""`weicheng score` tells the mock score in words or as JSON, or what it did not understand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.district import District, op
from tests.inspecting import with_sheets

from weicheng.cli.score import command
from weicheng.inspections import acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(district: District) -> District:
    with_sheets(district)
    look = acts.Look(site=district.sites["张家沟小区"], failed=("estate-01", "estate-03"))
    acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
    return district


def _told(*words: str) -> Any:
    return CliRunner().invoke(command, ["--region", "990102", *words])


def _json(*words: str) -> Any:
    answer = _told(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


def test_totals_aspects_items_and_red_points_are_told(seen: District) -> None:
    answer = _told()
    assert answer.exit_code == 0, answer.output
    assert "模拟分" in answer.output
    assert "默认值" in answer.output
    assert "张家沟小区：检查estate-03" in answer.output
    told = _json()
    assert told["low"] <= told["high"] <= told["of"]
    assert [row["key"] for row in told["aspects"]] == ["A3", "A5"]
    assert sum(row["lost"] for row in told["items"]) == 300_000


def test_one_level_of_the_explanation_adds_up(seen: District) -> None:
    whole = _json("--why", "/")
    assert sum(row["lost"] for row in whole["lines"]) == whole["lost"]
    leaf = _json("--why", "A3/clean/estate/estate-01")
    assert [row["name"] for row in leaf["lines"]] == ["张家沟小区"]
    assert "失120分" in _told("--why", "A3/clean/estate/estate-01").output


def test_a_past_moment_and_a_part_are_scored(seen: District) -> None:
    before = (timezone.localdate() - timedelta(days=2)).isoformat()
    assert _json("--as-of", before)["sites_seen"] == 0
    assert _json("--town", "990102101")["sites_seen"] == 1
    assert _json("--town", "990102102")["sites_seen"] == 0
    assert _json("--type", "toilet")["sites_seen"] == 0
    assert _json("--sheet", "band")["sheet"] == "band"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--region", "1"), "没有代码是“1”的区划"), (("--sheet", "x"), "没有“x”这种评分办法"),
        (("--town", "1"), "没有代码是“1”的镇街"), (("--type", "x"), "没有“x”这类点位"),
        (("--as-of", "gestern"), "没看懂“gestern”"), (("--why", "A9"), "这里没有失分"),
        (("--town", "990102101", "--type", "estate"), "一次只能写一个"),
    ],
)  # fmt: skip
def test_what_was_not_understood_is_a_sentence_and_exit_code_2(
    seen: District, words: tuple[str, ...], sentence: str
) -> None:
    answer = _told(*words)
    assert answer.exit_code == 2
    assert sentence in answer.output


def test_without_a_region_the_only_county_is_taken_else_they_are_named(seen: District) -> None:
    answer = CliRunner().invoke(command, [])
    assert answer.exit_code == 2
    assert "990102 凤凰区" in answer.output
