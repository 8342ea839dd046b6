"""The office fills in the data table in any order; what was not understood is named and kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.district import District, op, sign_in
from tests.inspecting import with_sheets

from weicheng.scoring import acts
from weicheng.scoring.models import (
    DocumentsMark,
    IndicatorValue,
    SatisfactionEstimate,
    WarningLine,
)
from weicheng.scoring.pasting import Unread, number_of, read_table
from weicheng.standards.models import Aspect, Indicator, Item, Standard

from .foretold import make_commander, make_director

ROWS: tuple[tuple[str, int, str, str, Decimal | None, dict[str, str]], ...] = (
    (
        "K13",
        13,
        "建成区绿化覆盖率",
        ">=",
        Decimal(38),
        {"unit_zh": "%", "or_else_zh": "或持续提升"},
    ),
    ("K14", 14, "人均公园绿地面积", ">=", Decimal(9), {"unit_zh": "平方米/人"}),
    ("K11", 11, "城市道路装灯率/亮灯率", "text", None, {"words_zh": "按要求装灯、亮灯"}),
    ("K33", 33, "中小学生近视率", "trend", None, {"words_zh": "逐年下降"}),
)


def _table(d: District) -> None:
    with_sheets(d)
    Aspect.objects.filter(key="A3").update(indicators_milli=40_000, documents_milli=10_000)
    for key, number, name, operator, value, more in ROWS:
        Indicator.objects.create(
            standard=Standard.objects.get(), item=Item.objects.get(key="clean"), key=key,
            row=number, name_zh=name, name_en=key, operator=operator, value=value,
            edition="test", **more,
        )  # fmt: skip


@pytest.fixture
def desk(client: Client, district: District) -> Client:
    _table(district)
    return sign_in(client, district.office)


def _url() -> str:
    return reverse("scoring:figures")


def _shown(client: Client) -> str:
    return client.get(_url()).content.decode()


def _post(client: Client, act: str, fields: dict[str, Any]) -> Any:
    return client.post(_url(), {"act": act, **fields})


def _row(key: str, **fields: str) -> dict[str, str]:
    given = {"op_id": str(op()), "on": timezone.localdate().isoformat(), "source": "", **fields}
    return {f"{key}-{name}": value for name, value in given.items()}


def _dated(prefix: str, **fields: str) -> dict[str, str]:
    return _row(prefix, **fields)


@pytest.mark.django_db
def test_a_row_nobody_filled_in_is_neither_met_nor_missed(desk: Client) -> None:
    page = _shown(desk)
    assert page.count("还没有填") >= len(ROWS)
    assert "≥38%，或持续提升" in page
    assert "自估" in page


@pytest.mark.django_db
def test_several_rows_are_saved_at_once_and_empty_ones_are_left_alone(desk: Client) -> None:
    answer = _post(desk, "table-rows", {
        **_row("K13", value="41.2%", source="园林局年报"), **_row("K11", met="yes"),
        **_row("K14", value=""),
    })  # fmt: skip
    assert answer.status_code == 302
    assert IndicatorValue.objects.get(indicator_key="K13").value == Decimal("41.2")
    assert IndicatorValue.objects.get(indicator_key="K11").met is True
    assert IndicatorValue.objects.count() == 2
    page = _shown(desk)
    assert "41.2" in page
    assert "园林局年报" in page
    assert "按阈值" in page


@pytest.mark.django_db
def test_a_wrong_row_says_why_and_keeps_what_was_typed_while_the_others_are_saved(
    desk: Client,
) -> None:
    answer = _post(desk, "table-rows", {
        **_row("K13", value="四十一", source="园林局"), **_row("K14", value="9.5"),
    })  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没看懂“四十一”是多少" in page
    assert 'value="四十一"' in page
    assert 'value="园林局"' in page
    assert IndicatorValue.objects.get().indicator_key == "K14"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "141"}, "不会大于100"), ({"value": "-3"}, "不会小于0"),
        ({"value": "1.23456"}, "小数太多"), ({"value": "", "source": "年报"}, "要填一个数"),
        ({"value": "41", "on": "2099-01-01"}, "还没到"), ({"value": "41", "on": "哪天"}, "哪一天"),
        ({"value": "99999999999999"}, "太大了"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_by_a_sentence(
    desk: Client, fields: dict[str, str], words: str
) -> None:
    answer = _post(desk, "table-rows", _row("K13", **fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not IndicatorValue.objects.exists()


@pytest.mark.django_db
def test_the_same_sending_twice_is_stated_once(desk: Client) -> None:
    fields = _row("K13", value="41")
    _post(desk, "table-rows", fields)
    _post(desk, "table-rows", fields)
    assert IndicatorValue.objects.count() == 1


@pytest.mark.django_db
def test_keeps_improving_shows_its_years_and_how_it_was_judged(
    desk: Client, district: District
) -> None:
    today = timezone.localdate()
    for back, value in ((3, "30"), (2, "31"), (1, "33"), (0, "35")):
        day = today.replace(year=today.year - back, month=1, day=1)
        acts.state_indicator(
            key="K13", value=Decimal(value), by=district.office,
            region=district.regions["凤凰区"], on=day, source="年报", op_id=op(),
        )  # fmt: skip
    page = _shown(desk)
    assert "按持续改善" in page
    assert f"{today.year - 1}年 33" in page
    assert f"{today.year - 2}年 31" in page


@pytest.mark.django_db
def test_a_trend_without_enough_years_is_not_decided_and_a_person_may_say_so(desk: Client) -> None:
    _post(desk, "table-rows", _row("K33", value="51.3"))
    assert "历年的数不够" in _shown(desk)
    _post(desk, "table-rows", _row("K33", value="51.2", met="yes"))
    assert "由人判定" in _shown(desk)


@pytest.mark.django_db
def test_papers_take_their_day_and_source_once_for_all(desk: Client) -> None:
    told = {"documents-on": timezone.localdate().isoformat(), "documents-source": "资料组"}
    answer = _post(desk, "papers", {
        **told, "doc-clean-op_id": str(op()), "doc-clean-percent": "80",
        "doc-order-op_id": str(op()), "doc-order-percent": "八十",
    })  # fmt: skip
    assert answer.status_code == 422
    assert 'value="八十"' in answer.content.decode()
    mark = DocumentsMark.objects.get()
    assert (mark.item_key, mark.percent, mark.source) == ("clean", 80, "资料组")


@pytest.mark.django_db
def test_an_own_survey_is_marked_as_our_estimate(desk: Client) -> None:
    wrong = _post(desk, "survey", _dated("survey", percent="188", answers="0"))
    assert wrong.status_code == 422
    assert "至少1份" in wrong.content.decode()
    assert 'value="188"' in wrong.content.decode()
    _post(desk, "survey", _dated("survey", percent="88.5", answers="400", source="入户"))
    assert SatisfactionEstimate.objects.get().answers == 400
    assert "88.5%" in _shown(desk)


@pytest.mark.django_db
def test_a_warning_line_is_added_and_taken_away_by_the_two_alone(
    desk: Client, district: District
) -> None:
    fields = {
        "line-op_id": str(op()),
        "line-name": "试探线",
        "line-points": "880",
        "line-aspect": "",
    }
    assert "加一条预警线" not in _shown(desk)
    assert "只由指挥长和创卫办主任来定" in _shown(desk)
    assert _post(desk, "lines", fields).status_code == 404
    assert not WarningLine.objects.exists()
    make_director(district)
    line = {"line-op_id": str(op()), "line-name": "总分预警", "line-aspect": ""}
    assert _post(desk, "lines", {**line, "line-points": "1200"}).status_code == 422
    _post(desk, "lines", {**line, "line-points": "880"})
    row = WarningLine.objects.get(active=True)
    assert row.milli == 880_000
    _post(desk, "drop", {"line": str(row.pk), "op_id": str(op())})
    assert not WarningLine.objects.filter(active=True).exists()
    assert _post(desk, "drop", {"line": str(op()), "op_id": str(op())}).status_code == 404
    make_commander(district)
    sign_in(desk, district.users["指挥长"])
    assert "加一条预警线" in _shown(desk)
    _post(desk, "lines", {**line, "line-op_id": str(op()), "line-points": "870"})
    assert WarningLine.objects.get(active=True).milli == 870_000
    assert _post(desk, "survey", {}).status_code == 404


@pytest.mark.django_db
def test_a_table_from_excel_is_read_and_every_line_that_was_not_is_named(desk: Client) -> None:
    table = "\n".join([
        "指标名称\t数值\t来源", "13\t41.2\t2024年", "人均公园绿地面积\t９.８\t园林局", "",
        "没有的指标\t3\t", "城市道路装灯率/亮灯率\t达到", "中小学生近视率\t五十",
    ])  # fmt: skip
    fields = {**_dated("pasted", source="各局报表"), "pasted-table": table}
    answer = _post(desk, "pasted", fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第5行" in page
    assert "第7行" in page
    assert "中小学生近视率\t五十</textarea>" in page
    green = IndicatorValue.objects.get(indicator_key="K13")
    assert (green.on.year, green.on.month, green.source) == (2024, 12, "各局报表")
    park = IndicatorValue.objects.get(indicator_key="K14")
    assert (park.value, park.source) == (Decimal("9.8"), "园林局")
    _post(desk, "pasted", fields)
    assert IndicatorValue.objects.count() == 3


@pytest.mark.django_db
def test_others_of_the_region_read_and_nobody_else_writes(
    client: Client, district: District
) -> None:
    _table(district)
    for name in ("指挥长", "检查员", "审计"):
        sign_in(client, district.users[name])
        page = client.get(_url())
        assert page.status_code == 200
        assert "<textarea" not in page.content.decode()
        assert _post(client, "table-rows", _row("K13", value="41")).status_code == 404
    for name in ("环卫局", "红叶镇", "档案局"):
        sign_in(client, district.users[name])
        assert client.get(_url()).status_code == 404
    assert not IndicatorValue.objects.exists()


@pytest.mark.django_db
def test_the_page_asks_the_same_number_of_questions_however_much_was_stated(
    desk: Client, district: District
) -> None:
    _shown(desk)
    with CaptureQueriesContext(
        connection,
    ) as few:
        _shown(desk)
    for n in range(6):
        for key in ("K13", "K14"):
            acts.state_indicator(
                key=key, value=Decimal(30 + n), by=district.office, source="",
                region=district.regions["凤凰区"], op_id=op(),
                on=timezone.localdate() - timedelta(days=400 * n),
            )  # fmt: skip
        acts.mark_documents(item="clean", percent=50 + n, by=district.office, op_id=op(),
                            region=district.regions["凤凰区"], on=timezone.localdate())  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        _shown(desk)
    assert len(many) == len(few)


def _rows() -> list[Indicator]:
    return [
        Indicator(key=key, row=number, name_zh=name, operator=operator, value=value, **more)
        for key, number, name, operator, value, more in ROWS
    ]


@given(st.text(max_size=400))
def test_whatever_is_pasted_every_line_is_read_or_named(text: str) -> None:
    read, left = read_table(text, _rows())
    named = {line.number for line in read} | {line.number for line in left}
    for number, line in enumerate(text.splitlines(), 1):
        assert number in named or not line.strip() or number == 1 or not read


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_a_number_is_read_as_it_is_written(number: Decimal) -> None:
    assert number_of(f" {number}% ") == number
    assert number_of(f"{number:,}") == number


@pytest.mark.parametrize("text", ["36.5~37", "3/4", "abc", "1e5", "—"])
def test_what_is_not_one_number_is_not_guessed(text: str) -> None:
    with pytest.raises(Unread):
        number_of(text)
