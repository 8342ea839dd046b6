"""What a page of scores was asked: which region, as of when, which part, by which sheet.

An odd question is answered with the nearest sensible one, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from weicheng.people.directory import directory
from weicheng.people.models import Unit
from weicheng.places.models import Region, RegionLevel
from weicheng.scoring.reckoning import shipped
from weicheng.scoring.standing import PLAIN_SHEET, TOWN, TYPE, UNIT, WHOLE, Scope
from weicheng.standards.models import SiteType

#: How far back a page reckons; what is older is history that nobody acts on.
BACK = timedelta(days=400)


@dataclass(frozen=True)
class Asked:
    """A question about scores; ``doubts`` are sentences about what was not understood."""

    region: Region
    as_of: datetime
    today: bool
    scope: Scope
    scope_name: str
    sheet: str
    doubts: list[str] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day of the moment, in the district's time."""
        return timezone.localdate(self.as_of)

    @property
    def is_plain(self) -> bool:
        """Whether it asks for all of the region as it is now, by the plain sheet."""
        return self.today and self.scope.kind == WHOLE and self.sheet == PLAIN_SHEET

    def query(self) -> str:
        """The question as the end of an address, to carry it from page to page."""
        parts = []
        if not self.today:
            parts.append(f"on={self.day.isoformat()}")
        if self.scope.kind != WHOLE:
            parts.append(f"{self.scope.kind}={self.scope.key}")
        if self.sheet != PLAIN_SHEET:
            parts.append(f"sheet={self.sheet}")
        return "?" + "&".join(parts) if parts else ""


def home_of(user: Any) -> Region | None:
    """The region whose score this person sees: that of the unit they work in."""
    known = directory().regions
    rows = [known[key] for key in user.scopes() if key in known]
    rows.sort(key=lambda region: (region.level == RegionLevel.COMMUNITY, region.level, region.code))
    return rows[0] if rows else None


def asked(user: Any, given: Mapping[str, str], now: datetime | None = None) -> Asked | None:
    """Read a question; None when the person sees no region as a whole."""
    region = home_of(user)
    if region is None:
        return None
    moment, doubts = now or timezone.now(), list[str]()
    as_of, today = _moment(given.get("on", ""), moment, doubts)
    scope, name = _scope(user, region, given, doubts)
    sheet = given.get("sheet", "") or PLAIN_SHEET
    if sheet not in shipped() or shipped()[sheet].mode == "rate":
        doubts.append(_("没有这种评分办法，下面按默认的扣分制算。"))
        sheet = PLAIN_SHEET
    return Asked(region, as_of, today, scope, name, sheet, doubts)


def _moment(text: str, now: datetime, doubts: list[str]) -> tuple[datetime, bool]:
    if not text:
        return now, True
    try:
        day = date.fromisoformat(text)
    except ValueError:
        doubts.append(_("没看懂“%(text)s”是哪一天，下面按现在算。") % {"text": text[:20]})
        return now, True
    end = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
    if end >= now:
        if day > timezone.localdate(now):
            doubts.append(_("那一天还没到，下面按现在算。"))
        return now, True
    if now - end > BACK:
        doubts.append(_("最早能看到四百天以前，下面按现在算。"))
        return now, True
    return end, False


def _scope(
    user: Any, region: Region, given: Mapping[str, str], doubts: list[str]
) -> tuple[Scope, str]:
    found: list[tuple[Scope, str]] = []
    for kind, look in ((TOWN, _town), (TYPE, _type), (UNIT, _unit)):
        if text := given.get(kind, ""):
            key, name = look(user, region, text)
            if name:
                found.append((Scope(kind, key), name))
            else:
                doubts.append(_("没有找到您要看的那一部分，下面是全区的。"))
    if len(found) > 1:
        doubts.append(_("一次只看一部分：下面是%(name)s的。") % {"name": found[0][1]})
    return found[0] if found else (Scope(), region.name)


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _town(_user: Any, region: Region, key: str) -> tuple[str, str]:
    """The town's key as visits carry it, and its name."""
    towns = Region.objects.filter(ancestors__contains=[region.pk], level=RegionLevel.TOWN)
    pk = _uuid(key)
    row = towns.filter(pk=pk).first() if pk else None
    return (str(row.pk), row.name) if row else ("", "")


def _type(_user: Any, _region: Region, key: str) -> tuple[str, str]:
    row = SiteType.objects.filter(key=key[:40]).first()
    return (row.key, str(row)) if row else ("", "")


def _unit(user: Any, _region: Region, key: str) -> tuple[str, str]:
    pk = _uuid(key)
    row = Unit.objects.visible_to(user).filter(pk=pk).first() if pk else None
    return (str(row.pk), row.name) if row else ("", "")
