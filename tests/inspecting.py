"""Check sheets, sites and plans for the small city of the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.district import District
from weicheng.inspections.models import Member, Plan, Stop, Team
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.people.models import SiteParty
from weicheng.places.models import BuiltUp, Site
from weicheng.standards.models import Aspect, Check, Item, Quota, SiteType, Standard


@dataclass
class Sheets:
    """Two site types: ``estate`` with three checks (one of them key), ``toilet`` with two."""

    checks: dict[str, Check] = field(default_factory=dict)
    types: dict[str, SiteType] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)


def with_sheets(d: District) -> Sheets:
    """Items, checks and quotas (3 estates, 2 toilets) for the district of the tests."""
    standard = Standard.objects.get()
    city = Aspect.objects.get(key="A3")
    water = Aspect.objects.create(standard=standard, key="A5", number=5, name_zh="公共卫生",
                                  name_en="Health", onsite_milli=200_000)  # fmt: skip
    Aspect.objects.filter(pk=city.pk).update(onsite_milli=400_000)
    s = Sheets()
    for key, number, aspect, milli in (
        ("clean", 1, city, 300_000), ("order", 2, city, 100_000), ("toilet", 3, water, 200_000),
    ):  # fmt: skip
        s.items[key] = Item.objects.create(
            standard=standard, aspect=aspect, key=key, number=number, name_zh=f"指标{number}",
            name_en=f"Item {number}", demand_zh="要求", onsite_milli=milli,
        )  # fmt: skip
    s.types["estate"] = SiteType.objects.get(key="estate")
    s.types["toilet"] = SiteType.objects.create(
        key="toilet", name_zh="公共厕所", name_en="Public toilet", aspect=water, order=2
    )
    for key, kind, item, severity, deduct in (
        ("estate-01", "estate", "clean", "normal", 20_000),
        ("estate-02", "estate", "order", "normal", 10_000),
        ("estate-03", "estate", "clean", "key", 30_000),
        ("toilet-01", "toilet", "toilet", "normal", 50_000),
        ("toilet-02", "toilet", "toilet", "key", 50_000),
    ):
        s.checks[key] = Check.objects.create(
            key=key, site_type=s.types[kind], item=s.items[item], text_zh=f"检查{key}",
            text_en=f"Check {key}", severity=severity, deduct_milli=deduct, tag="净",
            order=len(s.checks),
        )  # fmt: skip
    d.kinds["bin"].checks.add(s.checks["estate-01"])
    for kind, number in (("estate", 3), ("toilet", 2)):
        Quota.objects.create(site_type=s.types[kind], city_size="small", number=number)
    Site.objects.filter(pk=d.sites["张家沟小区"].pk).update(built_up=BuiltUp.INSIDE)
    d.sites["张家沟小区"].refresh_from_db()
    return s


def site(d: District, name: str, kind: str = "estate", region: str = "张家沟社区", *,
         bureau: str = "", at: tuple[float, float] | None = None) -> Site:  # fmt: skip
    """One more built-up site; ``bureau`` makes that unit answer for it."""
    row = Site.objects.create(
        name=name, site_type_id=kind, region=d.regions[region], built_up=BuiltUp.INSIDE,
        latitude=at[0] if at else None, longitude=at[1] if at else None, pinyin=name,
    )  # fmt: skip
    if bureau:
        SiteParty.objects.create(site=row, unit=d.units[bureau], part="bureau")
    d.sites[name] = row
    return row


def plan(d: District, kind: str = PlanKind.DAILY, *, sites: tuple[str, ...] = ("张家沟小区",),
         team: tuple[str, ...] = ("检查员的人",), broken: bool = True, day: date | None = None,
         **changes: Any) -> Plan:  # fmt: skip
    """A locked plan with its stops and one team (the first person leads); hidden when 暗访."""
    today = day or timezone.localdate()
    hidden = kind in {PlanKind.UNDERCOVER, PlanKind.CROSS}
    given = {
        "kind": kind, "title": f"{PlanKind(kind).label}一", "region": d.regions["凤凰区"],
        "open": not hidden, "starts_on": today, "ends_on": today + timedelta(days=2),
        "state": PlanState.LOCKED, **changes,
    }  # fmt: skip
    row = Plan.objects.create(**given)
    opened = timezone.now() if broken else None
    group = Team.objects.create(plan=row, name="一组", leader=d.people[team[0]], opened_at=opened)
    for name in team:
        Member.objects.create(team=group, person=d.people[name])
    for order, name in enumerate(sites, 1):
        place = d.sites[name]
        Stop.objects.create(
            plan=row, site=place, site_type=place.site_type_id, order=order, team=group
        )
    return row
