"""The notice on holidays is read as it is printed; what is unclear is said by line."""

from __future__ import annotations

from datetime import date

import pytest

from weicheng.workdays import shipped
from weicheng.workdays.notice import read, written

NOTICE_2026 = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_notice_of_2026_gives_the_shipped_list() -> None:
    found = read(NOTICE_2026, 2026)
    assert found.wrong == []
    assert found.days == shipped.years()[2026].days


@pytest.mark.parametrize("year", sorted(shipped.years()))
def test_what_is_written_is_read_again(year: int) -> None:
    days = shipped.years()[year].days
    assert read(written(days), year).days == days


def test_a_single_day_and_a_turn_of_the_year() -> None:
    found = read("元旦：2027年1月1日放假1天，不调休。", 2027)
    assert found.days == {date(2027, 1, 1): (False, "元旦")}
    found = read("元旦：2026年12月31日至1月2日放假调休，共3天。1月3日上班。", 2027)
    assert sorted(found.days)[0] == date(2026, 12, 31)
    assert found.days[date(2027, 1, 3)] == (True, "元旦")


def test_a_day_worked_for_its_own_sake_is_kept() -> None:
    days = {date(2026, 11, 28): (True, "迎检"), date(2026, 11, 30): (False, "停水")}
    assert read(written(days), 2026).days == days


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("春节：2月15日至23日放假，共8天。", "写的是共8天，起止日期却是9天。"),
        ("春节：2月15日至23日放假，2月18日上班。", "2月18日不是周末，不会是调休上班。"),
        ("春节：2月30日放假。", "没有“2月30日”这一天。"),
        ("春节放假安排另行通知", "看不出节日名称和日期"),
        ("春节：2月15日至23日放假，2月28日。", "放假日期后面的“2月28日”是做什么的？"),
        ("春节：2025年2月15日至23日放假。", "日期不在2026年。"),
        ("春节：2月23日至15日放假。", "放假的起止日期不对。"),
    ],
)
def test_an_unclear_line_is_named(line: str, why: str) -> None:
    found = read(f"元旦：1月1日放假。\n{line}", 2026)
    assert len(found.wrong) == 1
    assert found.wrong[0].startswith("第2行：")
    assert why in found.wrong[0]
    assert list(found.days) == [date(2026, 1, 1)]


def test_a_day_named_twice_is_said() -> None:
    found = read("元旦：1月1日放假。\n春节：1月1日至2日放假。", 2026)
    assert found.wrong == ["第2行：1月1日已经在前面出现过。"]
