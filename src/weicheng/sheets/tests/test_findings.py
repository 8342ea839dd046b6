"""Findings out of chats: text and pictures find each other, and no photo is lost."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from weicheng.sheets.chats import Message, read_chat
from weicheng.sheets.findings import Finding, group
from weicheng.sheets.photos import Photo, describe_photo, natural, time_in_exif, time_in_name

from .makers import TODAY, TZ

START = dt.datetime(2026, 11, 20, 8, 0, tzinfo=TZ)


def at(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def chat(*items: tuple[str, int, str]) -> list[Message]:
    """(sender, seconds, text), 'P' for a picture."""
    return [
        Message(
            sender,
            at(seconds),
            "[图片]" if text == "P" else text,
            "picture" if text == "P" else "text",
            n,
        )
        for n, (sender, seconds, text) in enumerate(items, 1)
    ]


def photos(*seconds: float) -> list[Photo]:
    return [Photo(f"微信图片_{at(s):%Y%m%d%H%M%S}.jpg", at(s)) for s in seconds]


def shape(findings: list[Finding]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(finding.sender, finding.text, finding.photos) for finding in findings]


def test_text_before_and_text_after_its_pictures() -> None:
    messages = chat(
        ("甲", 0, "垃圾桶满溢"),
        ("甲", 0, "P"),
        ("甲", 0, "P"),
        ("乙", 60, "P"),
        ("乙", 60, "公厕异味"),
    )
    found = group(messages, photos(0, 4, 60))
    assert shape(found) == [("甲", "垃圾桶满溢", (0, 1)), ("乙", "公厕异味", (2,))]
    assert all(not finding.doubtful for finding in found)


def test_several_findings_of_one_sender_are_kept_apart() -> None:
    messages = chat(
        ("甲", 0, "一处"),
        ("甲", 0, "P"),
        ("甲", 64, "二处"),
        ("甲", 64, "P"),
        ("甲", 64, "P"),
        ("甲", 64, "收到"),
    )
    assert shape(group(messages, photos(0, 64, 68))) == [
        ("甲", "一处", (0,)),
        ("甲", "二处", (1, 2)),
    ]


def test_senders_who_speak_at_once_are_not_mixed() -> None:
    messages = chat(("甲", 0, "一处"), ("乙", 5, "P"), ("甲", 8, "P"), ("乙", 10, "二处"))
    assert shape(group(messages, photos(5, 8))) == [("甲", "一处", (1,)), ("乙", "二处", (0,))]


def test_two_lines_before_the_pictures_are_one_finding() -> None:
    messages = chat(("甲", 0, "人民路52号"), ("甲", 6, "垃圾桶满溢"), ("甲", 10, "P"))
    assert shape(group(messages, photos(10))) == [("甲", "人民路52号\n垃圾桶满溢", (0,))]


def test_chatter_between_text_and_picture_does_not_part_them() -> None:
    messages = chat(
        ("甲", 0, "垃圾桶满溢"), ("乙", 3, "收到"), ("甲", 5, "@所有人"), ("甲", 8, "P")
    )
    assert shape(group(messages, photos(8))) == [("甲", "垃圾桶满溢", (0,))]


def test_pictures_hours_later_are_another_finding() -> None:
    found = group(chat(("甲", 0, "垃圾桶满溢"), ("甲", 7200, "P")), photos(7200))
    assert [finding.doubtful for finding in found] == [("no_photo",), ("no_text",)]


def test_photos_a_little_later_than_their_messages_are_matched() -> None:
    messages = chat(("甲", 0, "一处"), ("甲", 0, "P"), ("乙", 30, "P"), ("乙", 30, "二处"))
    assert shape(group(messages, photos(20, 50))) == [("甲", "一处", (0,)), ("乙", "二处", (1,))]


def test_names_without_times_are_matched_by_order() -> None:
    messages = chat(("甲", 0, "一处"), ("甲", 0, "P"), ("乙", 90, "二处"), ("乙", 90, "P"))
    found = group(messages, [Photo("图10.jpg"), Photo("图2.jpg")])
    assert shape(found) == [("甲", "一处", (1,)), ("乙", "二处", (0,))]
    assert all("photo_by_order" in finding.doubtful for finding in found)


def test_photos_all_saved_in_the_evening_are_matched_by_order() -> None:
    messages = chat(("甲", 0, "一处"), ("甲", 0, "P"), ("乙", 90, "二处"), ("乙", 90, "P"))
    found = group(messages, photos(40_000, 40_001))
    assert shape(found) == [("甲", "一处", (0,)), ("乙", "二处", (1,))]
    assert all("photo_by_order" in finding.doubtful for finding in found)


def test_a_file_named_in_the_chat_is_that_photo() -> None:
    messages = read_chat("甲 2026-11-20 08:00:00\n一处\n[图片: b.jpg]\n", today=TODAY, tz=TZ)
    assert group(messages, [Photo("a.jpg"), Photo("b.jpg")])[0].photos == (1,)


def test_a_missing_photo_is_said() -> None:
    found = group(chat(("甲", 0, "一处"), ("甲", 0, "P"), ("甲", 0, "P")), photos(0))
    assert found[0].photos == (0,) and found[0].doubtful == ("photo_missing",)


def test_a_photo_too_many_stays_near_its_time_or_alone() -> None:
    messages = chat(("甲", 0, "一处"), ("甲", 0, "P"))
    found = group(messages, photos(0, 8, 9000))
    assert shape(found) == [("甲", "一处", (0, 1)), ("", "", (2,))]
    assert found[0].doubtful == ("photo_by_time",)
    assert found[1].doubtful == ("no_text", "no_sender")


def test_a_chat_that_shows_no_pictures_takes_photos_by_time() -> None:
    messages = chat(("甲", 0, "一处"), ("乙", 600, "二处"))
    found = group(messages, photos(10, 605, 615))
    assert shape(found) == [("甲", "一处", (0,)), ("乙", "二处", (1, 2))]


def test_a_report_of_a_fix_is_marked() -> None:
    found = group(chat(("甲", 0, "人民路52号已清理"), ("甲", 0, "P")), photos(0))
    assert found[0].doubtful == ("says_fixed",)


def test_photos_alone_make_findings_by_time() -> None:
    found = group([], photos(0, 4, 300))
    assert [finding.photos for finding in found] == [(0, 1), (2,)]


def test_nothing_gives_nothing() -> None:
    assert group([], []) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙丙"), st.integers(61, 600), st.integers(1, 4), st.booleans()
        ),
        min_size=1,
        max_size=12,
    )
)
def test_orderly_chats_come_back_exactly(items: list[tuple[str, int, int, bool]]) -> None:
    messages: list[Message] = []
    files: list[Photo] = []
    wanted: list[tuple[str, str, tuple[int, ...]]] = []
    seconds = 0
    for number, (sender, gap, count, text_first) in enumerate(items):
        seconds += gap
        text = (sender, seconds, f"人民路{number}号垃圾")
        pictures = [(sender, seconds, "P")] * count
        messages += chat(*([text, *pictures] if text_first else [*pictures, text]))
        indexes = tuple(range(len(files), len(files) + count))
        files += photos(*(seconds + 4 * n for n in range(count)))
        wanted.append((sender, text[2], indexes))
    assert shape(group(messages, files)) == wanted


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙"), st.integers(0, 400), st.sampled_from(["P", "垃圾成堆", "收到"])
        ),
        max_size=14,
    ),
    st.lists(st.integers(-500, 5000), max_size=8),
    st.booleans(),
)
def test_every_photo_is_in_exactly_one_finding(
    items: list[tuple[str, int, str]], times: list[int], dated: bool
) -> None:
    seconds, timed = 0, []
    for sender, gap, text in items:
        seconds += gap
        timed.append((sender, seconds, text))
    files = photos(*times) if dated else [Photo(f"{n}.jpg") for n in range(len(times))]
    found = group(chat(*timed), files)
    assert sorted(n for finding in found for n in finding.photos) == list(range(len(files)))
    texts = [text for _, _, text in timed if text == "垃圾成堆"]
    assert sum(len(finding.lines) for finding in found) == len(texts)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("微信图片_20261120083033.jpg", dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)),
        ("微信图片_20261120083033_12_34.jpg", dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)),
        ("mmexport1605834633123.jpg", dt.datetime.fromtimestamp(1605834633.123, TZ)),
        ("IMG_20261120_083033.jpg", dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)),
        ("IMG20261120083033.jpg", dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)),
        ("IMG_20261120_083033_123.jpg", dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)),
        (
            "Screenshot_2026-11-20-08-30-33-12_abc.png",
            dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ),
        ),
        ("WX20261120-083033@2x.png", dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)),
        ("截屏2026-11-20 08.30.33.png", dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)),
        ("wx_camera_1605834633123.jpg", dt.datetime.fromtimestamp(1605834633.123, TZ)),
        ("IMG_1234.JPG", None),
        ("微信图片_20269920083033.jpg", None),
        ("20261120.jpg", None),
    ],
)
def test_times_in_names_of_photos(name: str, wanted: dt.datetime | None) -> None:
    assert time_in_name(name, tz=TZ) == wanted


def test_exif_gives_the_time_where_the_name_does_not() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[36867] = "2026:11:20 08:30:33"
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", exif=exif)
    wanted = dt.datetime(2026, 11, 20, 8, 30, 33, tzinfo=TZ)
    assert describe_photo("IMG_1.JPG", stream.getvalue(), tz=TZ).at == wanted
    assert time_in_exif(b"not a picture", tz=TZ) is None
    assert describe_photo("IMG_1.JPG", tz=TZ).at is None


def test_numbers_in_names_sort_as_numbers() -> None:
    assert sorted(["图10.jpg", "图2.jpg", "图1.jpg"], key=natural) == [
        "图1.jpg",
        "图2.jpg",
        "图10.jpg",
    ]
