"""Residents' messages: every row comes through with its own time and clean text."""
# ruff: noqa: DTZ001  (a sheet's own datetimes are naive)

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from weicheng.sheets.messages import CitizenMessage, clean_text, read_messages
from weicheng.sheets.workbook import Table, read_tables

from . import makers
from .makers import TODAY, TZ

HEAD = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]


def read(rows: Any) -> list[CitizenMessage]:
    return list(read_messages(makers.table(rows), today=TODAY, tz=TZ))


def test_floats_texts_datetimes_and_dates_are_all_read() -> None:
    texts = ["2019/2/28 11:25:05", dt.datetime(2019, 9, 4, 21, 0, 18), dt.date(2019, 8, 1)]
    rows = [
        HEAD,
        *[[188006.0 + n, "A00", "标题", at, "正文", 0.0, 9.0] for n, at in enumerate(texts)],
    ]
    found = read(rows)
    assert [message.external_id for message in found] == ["188006", "188007", "188008"]
    wanted = [
        dt.datetime(2019, 2, 28, 11, 25, 5, tzinfo=TZ),
        dt.datetime(2019, 9, 4, 21, 0, 18, tzinfo=TZ),
        dt.date(2019, 8, 1),
    ]
    assert [message.at and message.at.value for message in found] == wanted
    assert found[0].extra == {"dislikes": "0", "likes": "9"}


def test_noise_of_web_pages_is_cleaned() -> None:
    noise = "\n\t\t\t\t\t\n\t\t\t\t\t\u3000\u3000您好：\n\xa0路灯不亮，  请处理。\n\t\t\t"
    assert clean_text(noise) == "您好：\n路灯不亮，请处理。"
    assert clean_text("第一 第二") == "第一 第二"
    assert clean_text("a_x000D_\nb") == "a\nb"


def test_a_message_is_kept_whatever_is_wrong_with_it() -> None:
    rows = [HEAD, ["", "甲", "", "某天", "", 0, 0], [2, "乙", "标题", "", "正文", 0, 0]]
    found = read(rows)
    assert found[0].problems == ("at_unreadable", "text_missing", "id_missing")
    assert (found[0].at, found[0].at_raw) == (None, "某天")
    assert found[1].problems == ("at_missing",)


def test_a_hotline_file_of_another_office_is_read() -> None:
    rows = [
        ["12345热线工单汇总"],
        [
            "工单编号",
            "受理时间",
            "来电人",
            "来电号码",
            "诉求内容",
            "事发地址",
            "诉求类型",
            "承办单位",
            "网格",
        ],
        [
            "GD001",
            "2026-11-20 08:30",
            "王女士",
            13800000000,
            "小区门口垃圾成堆。三天没人清理，请尽快处理",
            "人民路3号",
            "环卫",
            "区环卫局",
            "三网格",
        ],
    ]
    message = read(rows)[0]
    assert (message.external_id, message.author, message.phone) == (
        "GD001",
        "王女士",
        "13800000000",
    )
    assert (message.title, message.place) == ("小区门口垃圾成堆", "人民路3号")
    assert message.extra == {"category": "环卫", "unit": "区环卫局", "网格": "三网格"}


def test_a_csv_in_gb18030_is_read() -> None:
    text = "编号,标题,内容,时间\n1,路灯,不亮,2026-11-02\n"
    table = read_tables(text.encode("gb18030"), "留言.csv")[0]
    assert next(read_messages(table, today=TODAY, tz=TZ)).text == "不亮"


def test_four_thousand_messages_take_no_time() -> None:
    body = "\n\t\t\t\t\t" + "小区门口垃圾成堆，三天没人清理。" * 20 + "\n\t\t\t"
    rows: list[list[object]] = [
        [float(n), "A", "标题", "2019/2/28 11:25:05", body, 0.0, 0.0] for n in range(4326)
    ]
    table = Table("a", [list(HEAD), *rows])  # type: ignore[list-item]
    start = time.process_time()
    found = list(read_messages(table, today=TODAY, tz=TZ))
    assert len({message.external_id for message in found}) == 4326
    assert time.process_time() - start < 3
