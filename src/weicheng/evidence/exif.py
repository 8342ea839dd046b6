"""Reads from a picture's EXIF what we keep beside it: which way is up, when, where. No Django."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image

SHANGHAI = timezone(timedelta(hours=8))
MOMENT = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)")
OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
Position = tuple[float, float, float | None]


def read(image: Image.Image) -> tuple[int, datetime | None, Position | None]:
    """Orientation 1–8, time of taking (Beijing time unless EXIF names an offset), position.

    A broken EXIF block counts as none: it is a reason to know less, not to refuse a photo."""
    try:
        block = image.getexif()
        turn = block.get(ExifTags.Base.Orientation, 1)
        shot = dict(block.get_ifd(ExifTags.IFD.Exif))
        gps = dict(block.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:
        return 1, None, None
    turn = turn if isinstance(turn, int) and 1 <= turn <= 8 else 1
    return turn, moment(shot), position(gps)


def moment(shot: dict[int, Any]) -> datetime | None:
    """DateTimeOriginal (else DateTimeDigitized) as an aware time."""
    for stamp, offset in (
        (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
    ):
        found = MOMENT.match(str(shot.get(stamp, "")))
        if found:
            try:
                return datetime(*map(int, found.groups()), tzinfo=zone(shot.get(offset)))  # type: ignore[misc, arg-type]
            except ValueError:
                continue
    return None


def zone(text: object) -> timezone:
    """An EXIF offset such as '+08:00'; Beijing time when it is missing or broken."""
    found = OFFSET.match(str(text or ""))
    if not found:
        return SHANGHAI
    delta = timedelta(hours=int(found[2]), minutes=int(found[3]))
    try:
        return timezone(-delta if found[1] == "-" else delta)
    except ValueError:
        return SHANGHAI


def position(gps: dict[int, Any]) -> Position | None:
    """WGS84 latitude and longitude in degrees, accuracy in metres where written."""
    try:
        latitude = degrees(gps[ExifTags.GPS.GPSLatitude])
        longitude = degrees(gps[ExifTags.GPS.GPSLongitude])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if str(gps.get(ExifTags.GPS.GPSLatitudeRef, "N")).upper().startswith("S"):
        latitude = -latitude
    if str(gps.get(ExifTags.GPS.GPSLongitudeRef, "E")).upper().startswith("W"):
        longitude = -longitude
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or (latitude == 0 and longitude == 0):
        return None
    return round(latitude, 7), round(longitude, 7), metres(gps)


def metres(gps: dict[int, Any]) -> float | None:
    """GPSHPositioningError, when it is a sensible number."""
    try:
        value = float(gps[ExifTags.GPS.GPSHPositioningError])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) and 0 <= value < 100_000 else None


def degrees(parts: Any) -> float:
    """Degrees, minutes, seconds as degrees; raises ValueError when not finite."""
    value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    if not math.isfinite(value):
        raise ValueError("not a number")
    return value
