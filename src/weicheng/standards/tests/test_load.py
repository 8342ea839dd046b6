"""The shipped content is sound, loads whole and only once; a wrong file is told in sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import IntegrityError, transaction

from weicheng.journal.ids import uuid7
from weicheng.standards import reading
from weicheng.standards.edits import revise_item, revise_kind
from weicheng.standards.load import load_standard
from weicheng.standards.models import (
    Check,
    CodeSet,
    Indicator,
    Item,
    KindCode,
    ProblemKind,
    Quota,
    SiteType,
    Standard,
)

DATA = reading.DATA
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
pytestmark = pytest.mark.django_db


def shipped(name: str) -> dict[str, Any]:
    """A shipped document, to be spoilt by a test."""
    return reading.read(DATA / name)


def loaded(tmp_path: Path, document: dict[str, Any]) -> list[str]:
    """Load a document from a file; gives the errors."""
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.dump(document, Dumper=DUMPER, allow_unicode=True), encoding="utf-8")
    return load_standard(path).errors


def test_the_shipped_standard_is_whole(standard: Standard) -> None:
    assert standard.aspects.count() == 7
    assert standard.items.count() == 45
    assert standard.indicators.count() == 56
    assert sum(i.onsite_milli for i in standard.items.all()) == 600_000
    assert sum(s.milli for s in standard.sheets.all()) == 1_000_000
    parts = standard.aspects.get(key="A3").parts.all()
    assert sorted(part.milli // 1000 for part in parts) == [18, 18, 31, 33, 38, 42]


def test_site_types_sum_to_179_and_aspect_two_has_its_four(standard: Standard) -> None:
    assert sum(Quota.objects.filter(city_size="small").values_list("number", flat=True)) == 179
    keys = set(SiteType.objects.filter(aspect__key="A2").values_list("key", flat=True))
    assert keys == {"health_edu", "service_window", "news_media", "campaign_office"}
    assert set(Check.objects.values_list("tag", flat=True)) == {"净", "序", "证"}


def test_kinds_have_national_codes_or_are_marked_local(standard: Standard) -> None:
    assert ProblemKind.objects.filter(group_zh="十乱").count() == 10
    without = ProblemKind.objects.filter(codes=None)
    assert set(without.values_list("is_local", flat=True)) == {True}
    assert not ProblemKind.objects.exclude(codes=None).filter(is_local=True).exists()
    duties = ProblemKind.objects.get(pk="spider_web").obligations
    assert {d["key"] for d in duties if d["sort"] == "holding"} == {"lines_judged", "live_lines_on"}


def test_a_component_and_a_matter_may_share_their_digits(standard: Standard) -> None:
    code_set = CodeSet.objects.get(pk="gbt47678-5-2026")
    digits = {"code_set": code_set, "code": "03001", "name_zh": "别的"}
    KindCode.objects.create(sort="matter", **digits)
    with pytest.raises(IntegrityError), transaction.atomic():
        KindCode.objects.create(sort="component", **digits)


def test_loading_again_changes_nothing(standard: Standard) -> None:
    again = load_standard()
    assert sum(again.created.values()) == 0
    assert sum(again.changed.values()) == 0


def test_a_check_that_a_later_load_adds_says_since_when(standard: Standard) -> None:
    assert not Check.objects.filter(since__isnull=False).exists()
    gone = Check.objects.get(key="toilet-01")
    gone.kinds.clear()
    gone.delete()
    load_standard()
    assert list(Check.objects.filter(since__isnull=False)) == [Check.objects.get(key="toilet-01")]


def test_what_the_office_corrected_survives_another_load(standard: Standard, office: Any) -> None:
    changes = {"demand_zh": "见到原件后的条文"}
    revise_item(by=office, standard=standard, item_key="toilets", changes=changes, op_id=uuid7())
    revise_kind(by=office, kind_key="small_ads", changes={"due_hours": 12}, op_id=uuid7())
    report = load_standard()
    assert report.kept == 2
    assert Item.objects.get(key="toilets").demand_zh == "见到原件后的条文"
    assert ProblemKind.objects.get(pk="small_ads").due_hours == 12


def test_a_local_target_weaker_than_the_national_one_is_flagged(standard: Standard) -> None:
    report = load_standard(DATA / "local_targets.yaml")
    assert report.ok
    assert "机械化作业占比" in report.warnings[0]
    assert "80" in report.warnings[0]
    weak = Indicator.objects.filter(level="local", weaker=True)
    assert [row.name_zh for row in weak] == ["机械化作业占比"]


def test_a_local_target_as_strict_as_the_national_one_is_not_flagged(
    standard: Standard, tmp_path: Path
) -> None:
    document = shipped("local_targets.yaml")
    document["local_targets"][0]["value"] = 80
    assert loaded(tmp_path, document) == []
    assert not Indicator.objects.filter(weaker=True).exists()


def test_site_types_without_a_standard_are_refused(tmp_path: Path) -> None:
    errors = loaded(tmp_path, shipped("site_types.yaml"))
    assert "还没有装入标准，请先装入标准本身。" in errors


def test_a_missing_file_is_said_in_one_sentence() -> None:
    assert load_standard("/nowhere/none.yaml").errors == ["找不到文件“none.yaml”。"]


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("standard:\n  edition: [2021\n", encoding="utf-8")
    assert "第3行" in load_standard(path).errors[0]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    assert "里没有标准" in loaded(tmp_path, {"shopping": ["milk"]})[0]


def spoil_duplicate(d: dict[str, Any]) -> None:
    d["items"][1]["key"] = d["items"][0]["key"]


def spoil_total(d: dict[str, Any]) -> None:
    d["items"][9]["points"] = 35


def spoil_unit(d: dict[str, Any]) -> None:
    del d["indicators"][0]["unit_zh"]


def spoil_operator(d: dict[str, Any]) -> None:
    d["indicators"][0]["operator"] = "about"


def spoil_source(d: dict[str, Any]) -> None:
    d["indicators"][0]["sources"] = ["HEARSAY"]


def spoil_certainty(d: dict[str, Any]) -> None:
    d["items"][0]["certainty"] = "sure"


def spoil_aspect(d: dict[str, Any]) -> None:
    d["items"][0]["aspect"] = "A9"


def spoil_count(d: dict[str, Any]) -> None:
    d["indicators"].pop()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_duplicate, "条目的键“agenda”出现了2次"),
        (spoil_total, "“市容市貌”各条目合计是43分，应当是42分"),
        (spoil_unit, "数据指标“K01”缺少unit_zh"),
        (spoil_operator, "operator写成了“about”"),
        (spoil_source, "引用的sources“HEARSAY”不存在"),
        (spoil_certainty, "certainty写成了“sure”"),
        (spoil_aspect, "引用的aspect“A9”不存在"),
        (spoil_count, "数据指标有55个，应当是56个"),
    ],
)
def test_a_spoilt_edition_is_refused_with_a_sentence(
    spoil: Any, words: str, tmp_path: Path
) -> None:
    document = shipped("standard_2021.yaml")
    spoil(document)
    assert any(words in line for line in loaded(tmp_path, document))
    assert not Standard.objects.exists()


def whole() -> dict[str, Any]:
    """The three shipped documents as one file."""
    names = ("problem_kinds.yaml", "site_types.yaml", "standard_2021.yaml")
    return {key: rows for name in names for key, rows in shipped(name).items()}


def test_quotas_that_miss_the_total_are_refused(tmp_path: Path) -> None:
    document = whole()
    document["site_types"][0]["quotas"]["small"] += 1
    assert "合计180个，应当是179个" in loaded(tmp_path, document)[0]


def spoil_due(k: dict[str, Any]) -> None:
    k["due_hours"], k["due_days"] = 4, 1


def spoil_code(k: dict[str, Any]) -> None:
    k["codes"] = {"gbt47678-5-2026:matter": ["06099"]}


def spoil_local(k: dict[str, Any]) -> None:
    del k["codes"]


def spoil_duty(k: dict[str, Any]) -> None:
    k["obligations"][0]["sort"] = "someday"


def spoil_item(k: dict[str, Any]) -> None:
    k["item"] = "moon"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_due, "时限只能写小时或天中的一种"),
        (spoil_code, "代码“gbt47678-5-2026:matter:06099”不存在"),
        (spoil_local, "没有代码，请写明is_local: true"),
        (spoil_duty, "后续事项“no_rebuild”不完整"),
        (spoil_item, "引用的item“moon”不存在"),
    ],
)
def test_a_spoilt_kind_is_refused_with_a_sentence(spoil: Any, words: str, tmp_path: Path) -> None:
    document = whole()
    spoil(document["problem_kinds"][0])
    assert any(words in line for line in loaded(tmp_path, document))


@pytest.mark.parametrize("value", ["text", [1, "x"], {"a": 1}])
@pytest.mark.parametrize("section", ["standard", "items", "sources"])
def test_a_malformed_section_is_refused_and_never_crashes(
    section: str, value: Any, tmp_path: Path
) -> None:
    document = shipped("standard_2021.yaml")
    document[section] = value
    assert loaded(tmp_path, document)
