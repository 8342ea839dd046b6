"""Sheets are data: examples of other places, and mistakes that are pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from weicheng.scoring.reckoning import (
    FAILED,
    BadSheet,
    Facts,
    Score,
    Visit,
    apply,
    read_sheets,
    score,
    sheets_of,
    shipped,
)
from weicheng.scoring.reckoning.indicators import read_curve, read_trends

from .test_reckoning_worlds import SMALL, look

GOOD = """\
sheets:
  - key: ours
    name_zh: 本区
    certainty: default
    source_zh: 本区
"""
CLEAN = [look("v1", "s1", "lane", {}), look("v2", "s2", "market", {})]
LANES = [look(f"v{n}", f"s{n}", "lane", {"lane-1": FAILED} if n < 3 else {}) for n in range(10)]


def _scored(key: str, visits: Sequence[Visit]) -> Score:
    return score(SMALL.snapshot(visits), shipped()[key])


def test_every_shipped_sheet_says_where_it_comes_from_and_none_draws_a_pass_line() -> None:
    assert set(shipped()) == {"deduction", "band", "shaoyang", "jiangmen", "ankang"}
    for sheet in shipped().values():
        words = (sheet.name, sheet.source, sheet.note)
        assert all(said.zh and said.en for said in words)
        assert not any("合格线" in said.zh for said in words)
    assert {s.key for s in shipped().values() if s.example} == {"shaoyang", "jiangmen", "ankang"}


def test_shaoyang_takes_off_for_lateness_and_for_handing_over_again() -> None:
    sheet = shipped()["shaoyang"]
    got = apply(sheet, _scored("shaoyang", CLEAN), Facts(overdue=3, again=2))
    assert (got.milli, got.of_milli) == (983_000, 1_000_000)
    assert [(p.fact, n, milli) for p, n, milli in got.taken] == [
        ("overdue", 3, 15_000), ("again", 2, 2_000),
    ]  # fmt: skip
    assert got.verdict is not None
    assert got.verdict.key == "basic"
    late = apply(sheet, _scored("shaoyang", CLEAN), Facts(overdue=40))
    assert (late.milli, late.verdict) == (800_000, got.verdict)
    assert apply(sheet, _scored("shaoyang", CLEAN), Facts(overdue=41)).verdict is None


def test_shaoyang_also_asks_for_the_key_items() -> None:
    markets = [
        look(f"m{n}", f"m{n}", "market", {"market-1": FAILED} if n < 3 else {}) for n in range(10)
    ]
    got = apply(shipped()["shaoyang"], _scored("shaoyang", [*markets, *CLEAN]))
    assert got.milli is not None
    assert got.milli >= 800_000
    assert (got.verdict, got.undecided) == (None, False)
    unknown = apply(shipped()["shaoyang"], _scored("shaoyang", LANES[3:]))
    assert (unknown.verdict, unknown.undecided) == (None, True)


@pytest.mark.parametrize(("fixed", "verdict"), [(90, "red"), (89, None), (85, None), (84, "black")])
def test_jiangmen_has_a_red_list_a_black_list_and_neither(fixed: int, verdict: str | None) -> None:
    got = apply(shipped()["jiangmen"], _scored("jiangmen", []), Facts(found=100, fixed=fixed))
    assert (got.verdict.key if got.verdict else None) == verdict
    assert got.milli is None
    assert not got.undecided


def test_jiangmen_without_problems_says_nothing() -> None:
    got = apply(shipped()["jiangmen"], _scored("jiangmen", []))
    assert (got.verdict, got.undecided, got.rate) == (None, True, None)


def test_ankang_adds_thirty_for_work_to_seventy_for_sites() -> None:
    sheet = shipped()["ankang"]
    got = apply(sheet, _scored("ankang", CLEAN), Facts(work_percent=50_000))
    assert (got.milli, got.of_milli) == (85_000, 100_000)
    assert apply(sheet, _scored("ankang", CLEAN)).milli is None
    assert apply(sheet, _scored("ankang", []), Facts(work_percent=50_000)).milli is None


def test_a_sheet_of_our_own_needs_only_a_few_lines() -> None:
    sheet = sheets_of(GOOD)["ours"]
    assert (sheet.mode, sheet.total_milli, sheet.name.zh) == ("deduction", None, "本区")
    assert apply(sheet, score(SMALL.snapshot(CLEAN), sheet)).milli == 60_001


def test_a_value_falls_into_one_band() -> None:
    band = shipped()["band"]
    assert [b.name.en if (b := band.band_of(n)) else "" for n in (6, 7, 9)] == [
        "Poor", "Fair", "Good",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "line", "field"),
    [
        ("    total: much\n", "not_number", 6, "total"),
        ("    total: -1\n", "not_number", 6, "total"),
        ("    total: .nan\n", "not_number", 6, "total"),
        ("    total: true\n", "not_number", 6, "total"),
        ("    total: 1.00001\n", "too_fine", 6, "total"),
        ("    totel: 9\n", "unknown_field", 6, "totel"),
        ("    key: again\n", "twice", 6, "key"),
        ("    mode: magic\n", "choice", 6, "mode"),
        ("    example: maybe\n", "choice", 6, "example"),
        ("    key_floor_percent: 170\n", "percent", 6, "key_floor_percent"),
        ("    bands: 3\n", "not_list", 6, "bands"),
        ("    bands: [{name_zh: 好, from: 1, to: 10}]\n", "bands", 6, ""),
        ("    bands: [{name_zh: 好, from: 0, to: 99999999}]\n", "bands", 6, ""),
        ("    bands: [3]\n", "not_mapping", 6, ""),
        ("    penalties:\n      - {fact: overdue, points: 5}\n", "missing", 7, "name_zh"),
        ("    verdicts: [{key: a, name_zh: 好}]\n", "missing", 6, "at_least"),
        ("    parts: [{fact: sites, points: 7, name_zh: 点位}]\n", "parts_sum", 2, ""),
        ("  - key: other\n", "missing", 6, "name_zh"),
        ("  - key: ours\n    name_zh: 二\n    certainty: default\n    source_zh: 三\n",
         "twice", 6, "ours"),
        ("    note_zh: [a]\n", "not_words", 6, "note_zh"),
        ("    note_zh: 'a\n", "not_yaml", 7, ""),
        ("    total: 2026-13-45\n", "not_yaml", 6, ""),
    ],
)  # fmt: skip
def test_a_malformed_sheet_is_refused_whole_and_the_line_is_named(
    more: str, code: str, line: int, field: str
) -> None:
    with pytest.raises(BadSheet) as wrong:
        sheets_of(GOOD + more, "本区.yaml")
    error = wrong.value
    assert (error.code, error.params["line"], error.params.get("field", "")) == (code, line, field)
    assert "本区.yaml" in error.sentence()
    assert str(line) in error.sentence()


@pytest.mark.parametrize("text", ["", "[]", "sheets: 3", "sheets:", "3"])
def test_a_file_without_sheets_says_so(text: str) -> None:
    with pytest.raises(BadSheet) as wrong:
        sheets_of(text)
    assert wrong.value.code == "no_sheets"


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadSheet) as wrong:
        read_sheets(tmp_path / "none.yaml")
    assert wrong.value.sentence() == "找不到评分办法文件“none.yaml”。"
    bad = tmp_path / "gbk.yaml"
    bad.write_bytes("评分".encode("gbk"))
    with pytest.raises(BadSheet) as wrong:
        read_sheets(bad)
    assert wrong.value.code == "not_text"


@pytest.mark.parametrize(
    "knots", ["[]", "[{percent: 0, points_percent: 0}]",
              "[{percent: 0, points_percent: 50}, {percent: 50, points_percent: 40},"
              " {percent: 100, points_percent: 100}]"],
)  # fmt: skip
def test_a_curve_that_falls_or_ends_early_is_refused(tmp_path: Path, knots: str) -> None:
    file = tmp_path / "curve.yaml"
    file.write_text(f"certainty: default\nnote_zh: 估计\nknots: {knots}\n", encoding="utf-8")
    with pytest.raises(BadSheet) as wrong:
        read_curve(file)
    assert wrong.value.code == "knots"


def test_an_unknown_trend_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "trends.yaml"
    file.write_text("trends:\n  - {words: 好, trend: better}\n", encoding="utf-8")
    with pytest.raises(BadSheet) as wrong:
        read_trends(file)
    assert (wrong.value.code, wrong.value.params["line"]) == ("choice", 2)


def test_penalties_never_go_below_nothing() -> None:
    sheet = replace(shipped()["shaoyang"])
    assert apply(sheet, _scored("shaoyang", CLEAN), Facts(overdue=999)).milli == 0
