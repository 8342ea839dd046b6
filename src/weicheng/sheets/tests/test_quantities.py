"""Quantities in cells and in sentences."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.sheets.quantities import UNITS, find_quantities, read_quantity


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("12处", "12", "处"),
        ("38户", "38", "户"),
        ("3.5公里", "3.5", "公里"),
        ("一处", "1", "处"),
        ("20 张", "20", "张"),
        ("58平方", "58", "平方米"),
        ("58㎡", "58", "平方米"),
        ("58 m²", "58", "平方米"),
        ("2千米", "2", "公里"),
        ("约20张", "20", "张"),
        ("１２处", "12", "处"),
        ("十余处", "10", "处"),
        ("1,200米", "1200", "米"),
        ("2万张", "20000", "张"),
        ("两座", "2", "座"),
        ("半吨", "0.5", "吨"),
        ("共5家", "5", "家"),
        (12.0, "12", ""),
        ("7", "7", ""),
        ("100余米", "100", "米"),
        ("3个", "3", "个"),
    ],
)
def test_a_cell_with_a_quantity(text: str | float, number: str, unit: str) -> None:
    found = read_quantity(text)
    assert found and (found.number, found.unit) == (Decimal(number), unit)


@pytest.mark.parametrize("text", ["", "若干", "多处", "12处垃圾", "abc", "-3处", None])
def test_a_cell_with_anything_else_is_none(text: str | None) -> None:
    assert read_quantity(text) is None


def test_the_unit_may_come_from_its_own_column() -> None:
    found = read_quantity(12.0, unit="户")
    assert found and found.unit == "户"
    assert (read_quantity("12处", unit="户") or found).unit == "处"


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("张家沟小区防护栏凸出38户未拆除", ["38户"]),
        ("夜市油烟直排，16家未装净化器", ["16家"]),
        ("乱贴小广告约20张", ["20张"]),
        ("发现垃圾一处、杂物三堆", ["1处", "3堆"]),
        ("人行道地砖破损58平方，长5米", ["58平方米", "5米"]),
        ("龙泉小区14号楼强弱电线蜘蛛网", []),
        ("人民路52号垃圾桶满溢", []),
        ("清水街46号门前非机动车乱停放", []),
        ("文化1号院", []),
        ("第3处", []),
        ("下午3点半检查", []),
        ("一起处理", []),
        ("3个单元楼道堆放杂物", ["3个"]),
    ],
)
def test_quantities_inside_a_sentence(sentence: str, wanted: list[str]) -> None:
    assert [f"{q.number}{q.unit}" for q in find_quantities(sentence)] == wanted


@given(st.integers(0, 10**7), st.sampled_from(UNITS))
def test_every_number_with_every_unit_is_read(number: int, unit: str) -> None:
    found = read_quantity(f"{number}{unit}")
    assert found and (found.number, found.unit) == (Decimal(number), unit)
    assert find_quantities(f"垃圾{number}{unit}未清") == [found]


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    read_quantity(text)
    assert all(quantity.number >= 0 for quantity in find_quantities(text))
