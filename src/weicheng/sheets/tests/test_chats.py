"""Chats in the shapes in which WeChat copies and exports them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.sheets.chats import Message, read_chat
from weicheng.sheets.chatter import is_chatter, says_fixed

from .makers import TODAY, TZ


def read(text: str | bytes) -> list[Message]:
    return read_chat(text, today=TODAY, tz=TZ)


def short(messages: list[Message]) -> list[tuple[str, str, str]]:
    return [(m.sender, m.at.strftime("%m-%d %H:%M") if m.at else "", m.text) for m in messages]


WANTED = [
    ("张三", "11-20 07:50", "人民路52号垃圾桶满溢"),
    ("张三", "11-20 07:50", "[图片]"),
    ("李四", "11-20 08:05", "收到"),
]

SHAPES = {
    "name and full time": (
        "张三 2026-11-20 07:50:16\n人民路52号垃圾桶满溢\n\n张三 2026-11-20 "
        "07:50:16\n[图片]\n\n李四 2026-11-20 08:05:00\n收到\n"
    ),
    "slashes, no blank lines": (
        "张三 2026/11/20 7:50\n人民路52号垃圾桶满溢\n张三 2026/11/20 7:50\n"
        "[图片]\n李四 2026/11/20 8:05\n收到"
    ),
    "Chinese date and part of day": (
        "张三 2026年11月20日 早上7:50\n人民路52号垃圾桶满溢\n[图片]\n\n李四 "
        "2026年11月20日 上午8:05\n收到"
    ),
    "day lines and clock times": (
        "————— 2026-11-20 —————\n\n\n张三  07:50\n\n人民路52号垃圾桶满溢\n\n"
        "张三  07:50\n\n[图片]\n\n李四  08:05\n\n收到\n"
    ),
    "day line without year": (
        "—— 11月20日 ——\n\n张三  7:50\n人民路52号垃圾桶满溢\n\n张三 7:50\n[图片]\n"
        "\n李四  8:05\n收到"
    ),
    "names with colons under times": (
        "2026年11月20日 早上7:50\n\n张三:\n人民路52号垃圾桶满溢\n\n张三:\n[图片]\n"
        "\n2026年11月20日 上午8:05\n\n李四:\n收到"
    ),
    "exporter with time first": (
        "[2026-11-20 07:50:16] 张三: 人民路52号垃圾桶满溢\n[2026-11-20 07:50:20] "
        "张三: [图片]\n[2026-11-20 08:05:00] 李四: 收到"
    ),
    "exported file with a head": (
        "微信聊天记录\n群聊名称：创卫工作群\n导出时间：2026-11-21 09:00:00\n"
        "====================\n\n2026-11-20 07:50:16 张三\n人民路52号垃圾桶满溢\n"
        "\n2026-11-20 07:50:16 张三\n[图片]\n\n2026-11-20 08:05:00 李四\n收到"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_one_chat_in_many_shapes(shape: str) -> None:
    assert short(read(SHAPES[shape])) == WANTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chats_in_any_encoding(encoding: str) -> None:
    assert short(read(SHAPES["name and full time"].encode(encoding))) == WANTED
    assert (
        short(read(SHAPES["name and full time"].replace("\n", "\r\n").encode(encoding))) == WANTED
    )


def test_names_alone_with_colons_have_no_time() -> None:
    found = read("张三:\n人民路52号垃圾桶满溢\n问题：\n三处\n\n李四:\n[图片]\n\n张三:\n收到")
    assert short(found) == [
        ("张三", "", "人民路52号垃圾桶满溢\n问题：\n三处"),
        ("李四", "", "[图片]"),
        ("张三", "", "收到"),
    ]


def test_names_and_texts_on_one_line() -> None:
    found = read("张三：人民路垃圾\n李四：收到\n张三：[图片]")
    assert [(m.sender, m.kind) for m in found] == [
        ("张三", "text"),
        ("李四", "text"),
        ("张三", "picture"),
    ]


def test_relative_days_and_weekdays_are_seen_from_the_day_of_copying() -> None:
    found = read(
        "张三 昨天 7:50\n甲处有垃圾\n\n李四 星期五 8:05\n乙处有垃圾\n\n王五 9:00\n丙处有垃圾"
    )
    assert [m.at.day for m in found if m.at] == [22, 20, 20]


def test_clock_times_after_midnight_belong_to_the_next_day() -> None:
    found = read("—— 2026-11-20 ——\n\n张三  23:50\n甲\n\n张三  00:10\n乙")
    assert [m.at.day for m in found if m.at] == [20, 21]


def test_a_sentence_with_a_time_is_no_new_message() -> None:
    found = read("张三 2026-11-20 07:50:16\n会议时间 9:30\n明天上午 10:00\n集合，看人民路 8:00\n")
    assert len(found) == 1


def test_a_message_of_several_lines_stays_one() -> None:
    found = read(
        "张三 2026-11-20 07:50:16\n一、人民路垃圾\n\n二、和平路垃圾\n\n李四 "
        "2026-11-20 07:51:16\n好的"
    )
    assert found[0].text == "一、人民路垃圾\n二、和平路垃圾"


def test_system_lines_are_left_out() -> None:
    text = (
        '张三 2026-11-20 07:50:16\n甲处垃圾\n\n"李四"邀请"王五"加入了群聊\n'
        '\n张三撤回了一条消息\n\n"赵六"拍了拍"张三"\n\n李四 2026-11-20 07:51:16\n'
        "乙处垃圾"
    )
    assert [m.text for m in read(text)] == ["甲处垃圾", "乙处垃圾"]


def test_quoted_replies_keep_the_reply_and_what_it_answers() -> None:
    text = (
        "李四 2026-11-20 07:50:16\n「张三：人民路垃圾\n满溢」\n- - - - - - "
        "- - - - - - - - -\n已清理"
    )
    message = read(text)[0]
    assert (message.text, message.quoted) == ("已清理", "张三：人民路垃圾\n满溢")


def test_marks_within_a_message_become_their_own() -> None:
    found = read(
        '张三 2026-11-20 07:50:16\n人民路垃圾[图片][图片]\n[视频]\n[语音] 12"\n[文件] 台账.xlsx'
    )
    assert [m.kind for m in found] == ["text", "picture", "picture", "video", "voice", "file"]


def test_file_names_of_pictures_are_kept() -> None:
    found = read(
        "张三 2026-11-20 07:50:16\n[图片: 微信图片_20261120075016.jpg]\nmmexport1605834633123.jpg"
    )
    assert [m.file for m in found] == ["微信图片_20261120075016.jpg", "mmexport1605834633123.jpg"]


def test_text_without_any_names_is_one_message_a_paragraph() -> None:
    assert [m.text for m in read("人民路垃圾\n第二行\n\n和平路垃圾")] == [
        "人民路垃圾\n第二行",
        "和平路垃圾",
    ]
    assert read("") == []


def test_names_with_spaces_and_units() -> None:
    found = read("红叶镇 张三（城管） 2026-11-20 07:50:16\n垃圾\n")
    assert found[0].sender == "红叶镇 张三（城管"[:9] + "）" or found[0].sender.startswith(
        "红叶镇 张三"
    )


@given(
    st.text(alphabet="张三李四 :：\n2026-11/0年月日「」[]图片好的", max_size=200)
    | st.text(max_size=100)
)
def test_no_text_breaks_the_reader_and_none_of_its_messages_is_empty(text: str) -> None:
    assert all(message.text for message in read(text))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["石桥张强", "凤凰李平", "Lucy"]),
            st.integers(0, 5000),
            st.sampled_from(["人民路5号垃圾", "[图片]", "巷口乱贴约20张"]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_every_message_comes_back(items: list[tuple[str, int, str]]) -> None:
    start = dt.datetime(2026, 11, 20, 7, 0, tzinfo=TZ)
    times = [start + dt.timedelta(seconds=seconds) for _, seconds, _ in items]
    text = "\n\n".join(
        f"{name} {at:%Y-%m-%d %H:%M:%S}\n{body}"
        for (name, _, body), at in zip(items, times, strict=True)
    )
    found = read(text)
    assert [(m.sender, m.at, m.text) for m in found] == [
        (n, at, b) for (n, _, b), at in zip(items, times, strict=True)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "收到",
        "好的",
        "👍",
        "@所有人 请相关单位抓紧处理",
        "辛苦了",
        "收到，马上处理",
        "收到[抱拳]",
        "已安排人员处理",
        "好的，谢谢领导",
        "OK",
        "正在处理",
        "@石桥张强 收到请回复",
        "收到，已转社区",
        "明白，马上安排",
        "请各单位高度重视，抓紧整改",
        "早上好",
        "1",
        "[强][强]",
        "嗯嗯",
        "",
        "@张三 @李四",
        "收到！",
    ],
)
def test_chatter(text: str) -> None:
    assert is_chatter(text)


@pytest.mark.parametrize(
    "text",
    [
        "人民路52号垃圾桶满溢",
        "@李四 人民路52号垃圾桶满溢",
        "@所有人 清水公厕异味，请处理",
        "窨井盖缺失",
        "垃圾",
        "乱贴小广告约20张",
        "已清理",
        "这里又脏了",
        "张家沟小区绿化带黄土裸露",
        "请环卫局处理人民路垃圾",
        "收到群众反映，和平路路灯不亮",
    ],
)
def test_what_is_not_chatter(text: str) -> None:
    assert not is_chatter(text)


def test_reports_of_a_fix_are_told_from_findings() -> None:
    assert all(
        says_fixed(text) for text in ("已清理", "人民路52号已整改完毕", "已安排人清运", "整改后")
    )
    assert not any(
        says_fixed(text)
        for text in ("未整改", "人民路垃圾", "请尽快整改", "已整改但又反弹，仍有垃圾")
    )
