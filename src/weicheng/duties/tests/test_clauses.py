"""A task in an office's words finds its clause of the standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from weicheng.duties.tables.clauses import LEAST, ClauseFinder, ClauseText
from weicheng.duties.tables.drafting import TAKEN
from weicheng.standards.reading import DATA


def shipped(name: str) -> Any:
    return yaml.safe_load(Path(DATA / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def finder() -> ClauseFinder:
    """Over the shipped items; only their own words and those of their kinds."""
    standard, kinds = shipped("standard_2021.yaml"), shipped("problem_kinds.yaml")
    aspects = {row["key"]: row["name_zh"] for row in standard["aspects"]}
    words: dict[str, list[str]] = {}
    for kind in kinds["problem_kinds"]:
        parts = [part for word in kind["search_words"] for part in word.split("+")]
        words.setdefault(kind.get("item", ""), []).extend([kind["name_zh"], *parts])
    return ClauseFinder([
        ClauseText(row["key"], row["name_zh"], row["demand_zh"], aspects[row["aspect"]],
                   tuple(words.get(row["key"], ())))
        for row in standard["items"]
    ])  # fmt: skip


TASKS = (
    ("爱国卫生", "党委政府每年研究爱国卫生工作，纳入议事日程", "agenda"),
    ("", "公布投诉电话，群众反映的问题件件有答复", "complaints"),
    ("健康教育", "电视台、报纸开办健康教育专栏", "health_education"),
    ("", "室内公共场所全面禁烟，创建无烟单位", "tobacco"),
    ("市容环境", "取缔占道经营，清理乱停乱放", "streets"),
    ("市容环境", "清除小广告和乱拉乱挂的线缆", "streets"),
    ("", "门店招牌统一规范，拆除违规户外广告", "signs"),
    ("", "公园绿地补栽补种，提高绿化覆盖率", "greening"),
    ("", "公共厕所达到二类以上，消除旱厕", "toilets"),
    ("", "农贸市场划行归市，活禽销售区域隔离", "markets"),
    ("", "老旧小区和城中村环境卫生整治", "estates"),
    ("环境保护", "禁止露天焚烧秸秆和垃圾，控制餐饮油烟", "air"),
    ("", "医疗废物分类收集、集中处置", "medical_waste"),
    ("重点场所", "小美容美发店、小旅店、小浴室亮证经营", "small_trades"),
    ("", "学校配备卫生室，教室采光照明合格", "schools"),
    ("食品安全", "餐饮单位明厨亮灶，从业人员持健康证", "catering"),
    ("", "二次供水设施清洗消毒，水质公示", "drinking_water"),
    ("", "儿童预防接种门诊规范化", "immunisation"),
    ("病媒防制", "鼠蚊蝇蟑密度控制在国家标准以内", "vector_density"),
    ("病媒防制", "清理病媒孳生地，完善防蝇防鼠设施", "breeding_sites"),
)


@pytest.mark.parametrize(("aspect", "task", "key"), TASKS, ids=[task for _, task, _ in TASKS])
def test_a_task_finds_its_clause(finder: ClauseFinder, aspect: str, task: str, key: str) -> None:
    first = finder.propose(task, aspect)[0]
    assert first.key == key
    assert first.confidence >= TAKEN and first.words


@pytest.mark.parametrize("task", ["做好信访维稳", "党风廉政教育", "招商引资进展", "", "12345"])
def test_what_is_no_matter_of_the_standard_is_not_filled_in(
    finder: ClauseFinder, task: str
) -> None:
    assert not any(p.confidence >= TAKEN for p in finder.propose(task))


def test_nothing_below_the_least_is_offered(finder: ClauseFinder) -> None:
    found = finder.propose("取缔占道经营，清理乱停乱放", "市容环境")
    assert found and all(p.confidence >= LEAST for p in found[1:])
