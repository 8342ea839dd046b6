"""File names as people's phones make them: made safe to keep, and read for the time they tell."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from weicheng.evidence.decoder import OTHER_ENDINGS, ending
from weicheng.evidence.formats import EXTENSIONS, JPEG, PICTURE_EXTENSIONS, SOUNDS

LONGEST = 120
NAMELESS = "未命名"
SHANGHAI = ZoneInfo("Asia/Shanghai")
JPEG_ENDINGS = {".jpg", ".jpeg", ".jpe", ".jfif"}
UNSEEN = {"Cc", "Cf", "Cs", "Co"}  # control, direction and joining marks, private signs
FORBIDDEN = re.compile(r'[<>:"|?*]')
EPOCH_MS = re.compile(r"(?<!\d)(1[3-9]\d{11})(?!\d)")  # mmexport1733212345678, years 2011–2033
STAMP = re.compile(
    r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])日?[-_ T.]*"
    r"([01]\d|2[0-3])[-_.:：时]?([0-5]\d)[-_.:：分]?([0-5]\d)"
)


def clean(filename: str, media_type: str) -> str:
    """A name safe to keep, show and send: no path, no control or direction marks, ≤ 120
    characters, and the ending of what the file really is."""
    name = PurePosixPath(filename.replace("\x00", "").replace("\\", "/")).name
    name = unicodedata.normalize("NFC", name)
    name = "".join(each for each in name if unicodedata.category(each) not in UNSEEN)
    name = " ".join(FORBIDDEN.sub("", name).split())
    own, extension = ending(name), {**EXTENSIONS, **SOUNDS}[media_type]
    if own == extension or (media_type == JPEG and own in JPEG_ENDINGS):
        extension = own
    if own in PICTURE_EXTENSIONS | OTHER_ENDINGS | {".gif", ".bmp", ".tmp"}:
        name = name[: -len(own)]
    return (name.strip(". ")[: LONGEST - len(extension)] or NAMELESS) + extension


def taken_from(filename: str, *, now: datetime) -> datetime | None:
    """The time that 微信图片_20251203161020, mmexport1733212345678, IMG_20251203_094120 tell.

    None when there is none, or it lies before 2000 or in the future."""
    moment: datetime | None = None
    if found := STAMP.search(filename):
        try:
            moment = datetime(*map(int, found.groups()), tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]
        except ValueError:
            return None
    elif found := EPOCH_MS.search(filename):
        moment = datetime.fromtimestamp(int(found[1]) / 1000, tz=UTC)
    return moment if moment and plausible(moment, now=now) else None


def plausible(moment: datetime, *, now: datetime) -> bool:
    """Whether a photo of today's campaign can have been taken then."""
    return datetime(2000, 1, 1, tzinfo=UTC) < moment < now + timedelta(days=1)
