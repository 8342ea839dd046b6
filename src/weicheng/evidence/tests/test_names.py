"""File names: what is kept of them, and which time they tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from weicheng.evidence.formats import JPEG, XLSX
from weicheng.evidence.names import clean, taken_from

NOW = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("照片.jpg", "照片.jpg"),
        ("照片.JPG", "照片.jpg"),
        ("照片.jpeg", "照片.jpeg"),
        ("照片.png", "照片.jpg"),
        ("../../../etc/passwd.jpg", "passwd.jpg"),
        ("..\\..\\a.jpg", "a.jpg"),
        ("C:\\Users\\张\\a.jpg", "a.jpg"),
        ("a\x00b.jpg", "ab.jpg"),
        ("照\u202egpj.片.jpg", "照gpj.片.jpg"),
        ("", "未命名.jpg"),
        ("...", "未命名.jpg"),
        (".jpg", "未命名.jpg"),
        ('a"b<c>.jpg', "abc.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ("整改后11.20", "整改后11.20.jpg"),
    ],
)
def test_a_name_is_kept_without_what_could_harm(given: str, kept: str) -> None:
    assert clean(given, JPEG) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = clean("很" * 300 + ".xlsx", XLSX)
    assert len(name) == 120 and name.endswith("很.xlsx")


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("微信图片_20261203161020.jpg", (2026, 12, 3, 8, 10, 20)),
        ("微信图片_20261203161020_12.jpg", (2026, 12, 3, 8, 10, 20)),
        ("IMG_20261203_094120.jpg", (2026, 12, 3, 1, 41, 20)),
        ("Screenshot_2026-12-03-09-41-20.png", (2026, 12, 3, 1, 41, 20)),
        ("2026年12月03日 09时41分20秒.jpg", (2026, 12, 3, 1, 41, 20)),
        ("mmexport1796262080000.jpg", (2026, 12, 3, 1, 41, 20)),
        ("wx_camera_1796262080123.jpg", (2026, 12, 3, 1, 41, 20)),
    ],
)
def test_a_phones_file_name_tells_when(name: str, moment: tuple[int, ...]) -> None:
    found = taken_from(name, now=NOW)
    assert found is not None
    assert found.replace(microsecond=0) == datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    "name",
    ["a.jpg", "IMG_0001.HEIC", "13800138000.jpg", "IMG_20270101_000000.jpg", "20261332000000.jpg"],
)
def test_a_name_without_a_believable_time_tells_none(name: str) -> None:
    assert taken_from(name, now=NOW) is None
