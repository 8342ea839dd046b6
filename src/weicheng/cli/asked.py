"""What commands are asked in common: which region, as of when. What is not understood is said in a
sentence, with exit code 2."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from weicheng.places.models import Region

DAY_LENGTH = len("2026-11-02")


class Misasked(click.ClickException):
    """The question cannot be understood; nothing was done."""

    exit_code = 2


def county(code: str) -> Region:
    """The region of a code; without one the participating county."""
    from weicheng.places.models import Participation, Region, RegionLevel

    if code:
        return region(code)
    found = Participation.objects.select_related("region").order_by("region__code")
    counties = [row.region for row in found if row.region.level == RegionLevel.COUNTY]
    counties = counties or list(Region.objects.filter(level=RegionLevel.COUNTY))
    if not counties:
        raise Misasked("这里还没有区划，请先装入数据。")
    if len(counties) > 1:
        names = "、".join(f"{row.code} {row.name}" for row in counties[:10])
        raise Misasked(f"有好几个区县，请用 --region 写明一个：{names}。")
    return counties[0]


def region(code: str) -> Region:
    """The region of a code."""
    from weicheng.places.models import Region

    row = Region.objects.filter(code=code).first()
    if row is None:
        raise Misasked(f"没有代码是“{code}”的区划。")
    return row


def moment(text: str | None) -> datetime | None:
    """The end of a day, or a moment, in local time unless it says its zone; None without a text."""
    from django.utils import timezone

    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Misasked(
            f"没看懂“{text}”是哪一刻，请写成 2026-11-02 或 2026-11-02T08:30。"
        ) from wrong
    if len(text) <= DAY_LENGTH:
        found = datetime.combine(found.date(), time(23, 59, 59))
    return found if found.tzinfo else timezone.make_aware(found)
