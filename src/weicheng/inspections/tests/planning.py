"""A city with sites enough to draw from, and plans as the office makes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.district import District, op
from tests.inspecting import site, with_sheets

from weicheng.inspections import acts
from weicheng.inspections.models import Plan, YearPlan
from weicheng.inspections.words import PlanKind
from weicheng.people.models import User
from weicheng.places.models import Site

SEED = bytes(range(32))
CREW = ("检查员的人",)


def with_sites(d: District, estates: int = 6, toilets: int = 1) -> None:
    """Sheets, quotas (3 estates, 2 toilets) and built-up sites around 张家沟; a year's counts."""
    with_sheets(d)
    for n in range(estates - 1):
        site(d, f"{n + 2}号小区", at=(26.6 + n * 0.004, 106.7 + (n % 2) * 0.004))
    for n in range(toilets):
        site(d, f"{n + 1}号公厕", "toilet", at=(26.61, 106.71 + n * 0.002))
    years(d)


def years(d: District, count: int = 12) -> None:
    """So many checks of each kind in this year and the next."""
    for year in (timezone.localdate().year, timezone.localdate().year + 1):
        for kind in PlanKind.values:
            YearPlan.objects.create(region=d.regions["凤凰区"], year=year, kind=kind, count=count)


def wish(d: District, kind: str = PlanKind.MONTHLY, **changes: Any) -> acts.Wish:
    """What the office of 凤凰区 asks for from today on."""
    today: date = timezone.localdate()
    given: dict[str, Any] = {
        "kind": kind, "title": f"{PlanKind(kind).label}甲", "region": d.regions["凤凰区"],
        "starts_on": today, "ends_on": today + timedelta(days=2),
        "open": kind not in {PlanKind.UNDERCOVER, PlanKind.CROSS},
    }  # fmt: skip
    return acts.Wish(**{**given, **changes})


def drafted(d: District, kind: str = PlanKind.MONTHLY, *, by: User | None = None,
            crews: tuple[tuple[str, ...], ...] = (CREW,), **changes: Any) -> Plan:  # fmt: skip
    """A draft with its teams; the first of each team leads."""
    who = by or d.office
    plan = acts.make_plan(by=who, wish=wish(d, kind, **changes), op_id=op())
    acts.set_teams(
        by=who, plan=plan, op_id=op(),
        crews=[
            acts.Crew(f"{n}组", d.people[crew[0]], [d.people[name] for name in crew])
            for n, crew in enumerate(crews, 1)
        ],
    )  # fmt: skip
    return plan


def locked(
    d: District, kind: str = PlanKind.MONTHLY, *, seed: bytes = SEED, **changes: Any
) -> Plan:
    """A drawn plan."""
    return acts.lock_and_draw(by=d.office, plan=drafted(d, kind, **changes), op_id=op(), seed=seed)


def names(plan: Plan) -> list[str]:
    """The drawn sites by name."""
    return sorted(Site.objects.filter(stops__plan=plan).values_list("name", flat=True))
