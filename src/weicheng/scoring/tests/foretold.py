"""A small district with visits, warning lines and a finished forecast."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import Sheets, site, with_sheets

from weicheng.inspections import acts as looking
from weicheng.people.models import Unit, User
from weicheng.places.models import Campaign, Gate, Region
from weicheng.scoring import acts, running
from weicheng.scoring.amends import Amends, amends
from weicheng.scoring.models import ForecastRun
from weicheng.standards.models import SiteType

DRAWS = 600
FIXING = "/score/fixing/"
SEED = 1203


def region_of(d: District) -> Region:
    """凤凰区."""
    return d.regions["凤凰区"]


def looked(d: District, place: str, *failed: str, days: float = 1) -> Any:
    """A look of our own inspector at a site, so many days ago."""
    at = timezone.now() - timedelta(days=days)
    look = looking.Look(site=d.sites[place], failed=failed)
    told = looking.Reported(occurred_at=at, now=at)
    return looking.record_visit(by=d.users["检查员"], look=look, op_id=op(), reported=told)


def ready(d: District) -> Sheets:
    """Sheets, fourteen sites and looks at most of them, a gate in sixty days, two lines."""
    sheets = with_sheets(d)
    SiteType.objects.create(
        key="hotel",
        name_zh="宾馆酒店",
        name_en="Hotel",
        aspect=sheets.types["toilet"].aspect,
        order=9,
    )
    for n in range(8):
        site(d, f"小区{n}", at=(26.60 + n / 1000, 106.70))
        if n < 6:
            looked(d, f"小区{n}", *(["estate-01", "estate-03"] if n % 3 == 0 else []), days=n + 1)
    for n in range(5):
        site(d, f"公厕{n}", "toilet", at=(26.60, 106.70 + n / 1000))
        if n < 2:
            looked(d, f"公厕{n}", *(["toilet-01"] if n == 0 else []))
    site(d, "凤凰宾馆", "hotel", at=(26.601, 106.701))
    Gate.objects.create(
        campaign=Campaign.objects.get(), name="省级初审",
        on=timezone.localdate() + timedelta(days=60),
    )  # fmt: skip
    make_commander(d)
    for name, points in (("内部预警线", 520), ("争先线", 560)):
        acts.draw_line(
            by=d.users["指挥长"], region=region_of(d), name=name, milli=points * 1000, op_id=op()
        )
    return sheets


def run_now(d: District, **changes: Any) -> ForecastRun:
    """A finished forecast of now."""
    given = {"region": region_of(d), "as_of": timezone.now(), "seed": SEED, "draws": DRAWS}
    run = running.make(ForecastRun.objects.create(**{**given, **changes}))
    assert run is not None
    assert run.state == ForecastRun.State.DONE
    return run


def make_commander(d: District) -> None:
    """The person behind 指挥长 becomes the head of the district's leaders."""
    Unit.objects.filter(pk=d.units["区领导"].pk).update(head=d.users["指挥长"].person)


def make_director(d: District) -> None:
    """The person behind d.office becomes the director of the office."""
    Unit.objects.filter(pk=d.units["创卫办"].pk).update(head=d.office.person)


def switched(d: District, *, on: bool = True) -> None:
    """The commander turns the page on or off."""
    make_commander(d)
    acts.switch(by=d.users["指挥长"], region=region_of(d), on=on, op_id=op())


def found_now(d: District) -> Amends:
    """What could be mended, by the last forecast and what happened since."""
    run = running.latest(region_of(d))
    assert run is not None
    return amends(region_of(d), run, timezone.now())


def fixing_page_of(client: Client, who: User, query: str = "") -> str:
    """先补哪里 as this person reads it."""
    answer = sign_in(client, User.objects.get(pk=who.pk)).get(FIXING + query)
    assert answer.status_code == 200
    return str(answer.content.decode())
