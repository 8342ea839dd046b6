"""When a photo was taken or sent: from its file's name, else from its EXIF data."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

_PACKED = re.compile(
    r"(?<!\d)(20\d{2})[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])日?"
    r"(?:[-_.\sT]*(?:at|在)?[-_.\s]*([01]\d|2[0-3])[-_.:时]?([0-5]\d)[-_.:分]?([0-5]\d))"
)
_DAY_ONLY = re.compile(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MILLIS = re.compile(r"(?<!\d)(1[0-9]{12})(?!\d)")
_SECONDS = re.compile(r"(?<!\d)(1[4-9][0-9]{8})(?!\d)")
_ORIGINAL, _OFFSET, _DIGITIZED, _CHANGED, _EXIF = 36867, 36881, 36868, 306, 0x8769


@dataclass(frozen=True)
class Photo:
    """A photo to be placed: its file's name and, if known, its time (aware)."""

    name: str
    at: dt.datetime | None = None


def describe_photo(name: str, content: bytes | None = None, *, tz: dt.tzinfo) -> Photo:
    """The photo with its time: of its name, else of the EXIF data in `content`."""
    at = time_in_name(name, tz=tz)
    return Photo(name, at or (time_in_exif(content, tz=tz) if content else None))


def time_in_name(name: str, *, tz: dt.tzinfo) -> dt.datetime | None:
    """'微信图片_20261120083033.jpg', 'mmexport1605834633123.jpg', 'IMG_20261120_083033.jpg',
    'Screenshot_2026-11-20-08-30-33.png', 'WX20261120-083033@2x.png' → the moment, else None."""
    match = _PACKED.search(name)
    if match:
        try:
            return dt.datetime(*(int(part) for part in match.groups()), tzinfo=tz)  # type: ignore[arg-type,misc]
        except ValueError:
            return None
    stamp = _MILLIS.search(name)
    if stamp:
        return dt.datetime.fromtimestamp(int(stamp[1]) / 1000, tz)
    stamp = _SECONDS.search(name)
    return dt.datetime.fromtimestamp(int(stamp[1]), tz) if stamp else None


def time_in_exif(content: bytes, *, tz: dt.tzinfo) -> dt.datetime | None:
    """DateTimeOriginal (else DateTimeDigitized, DateTime); the pixels are not decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
                exif = image.getexif()
        inner = exif.get_ifd(_EXIF)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    for text in (inner.get(_ORIGINAL), inner.get(_DIGITIZED), exif.get(_CHANGED)):
        match = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)", str(text or ""))
        if match and match[1] > "1990":
            try:
                return dt.datetime(*(int(part) for part in match.groups()), tzinfo=tz)  # type: ignore[arg-type,misc]
            except ValueError:
                continue
    return None


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts '图2' before '图10'."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
