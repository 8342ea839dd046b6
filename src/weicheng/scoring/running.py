"""Which forecasts are due, and making them: one a night, one for each past week of the trend."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.models import Visit
from weicheng.places.models import BuiltUp, Campaign, Participation, Region, Site
from weicheng.scoring.forecasting import Unfit
from weicheng.scoring.foretelling import DRAWS, Progress, foretell
from weicheng.scoring.looks import OLDEST, counted
from weicheng.scoring.models import ForecastRun, Regain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

State = ForecastRun.State
#: A past week of the trend needs the band only.
TREND_DRAWS: Final = 4_000
TREND_WEEKS: Final = 8
WEEKS_AT_ONCE: Final = 4
NIGHT: Final = time(3)


def seed_of(as_of: datetime) -> int:
    """The seed of a day: 20261203. The same facts on the same day give the same result."""
    return int(f"{timezone.localdate(as_of):%Y%m%d}")


def regions() -> Iterable[Region]:
    """The applicant and the participating districts that have sites to be drawn."""
    campaign = Campaign.objects.first()
    keys = set(Participation.objects.values_list("region", flat=True))
    keys |= {campaign.applicant_id} if campaign else set()
    for region in Region.objects.filter(pk__in=keys).order_by("code"):
        inside = Site.objects.filter(region__ancestors__contains=[region.pk], active=True)
        if inside.filter(built_up=BuiltUp.INSIDE).exists():
            yield region


def make_due(now: datetime) -> int:
    """Make tonight's forecast of each region, or the first one, and then some past weeks of its
    trend; how many were made. A run that stopped half-way is made again."""
    made = 0
    for region in regions():
        runs = ForecastRun.objects.filter(region=region)
        since = _night_before(now)
        if not runs.exclude(state=State.WAITING).filter(made_at__gte=since).exists():
            made += make(_new(region, now, DRAWS)) is not None
            continue
        for _turn in range(WEEKS_AT_ONCE):
            week = _week_without(region, now)
            if week is not None:
                made += make(_new(region, week, TREND_DRAWS), trend=True) is not None
    return made


def _night_before(now: datetime) -> datetime:
    local = timezone.localtime(now)
    night = local.replace(hour=NIGHT.hour, minute=0, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)


def _new(region: Region, as_of: datetime, draws: int) -> ForecastRun:
    return ForecastRun.objects.create(region=region, as_of=as_of, seed=seed_of(as_of), draws=draws)


def _week_without(region: Region, now: datetime) -> datetime | None:
    """The end of the latest past week that has no run, if a look was known before it."""
    local = timezone.localtime(now).replace(hour=3, minute=0, second=0, microsecond=0)
    monday = local - timedelta(days=local.weekday())
    early, late = timedelta(days=3), timedelta(days=4)  # of a run, before and after its week ends
    oldest = monday - timedelta(weeks=TREND_WEEKS)
    of_region = ForecastRun.objects.filter(region=region, as_of__gte=oldest)
    runs = list(of_region.values_list("as_of", flat=True))
    for end in (monday - timedelta(weeks=back) for back in range(TREND_WEEKS)):
        if end < now and not any(end - early <= at < end + late for at in runs):
            return end if _knew_something(region, end) else None
    return None


def _knew_something(region: Region, at: datetime) -> bool:
    """Whether any look counted at a moment."""
    looks = Visit.objects.filter(
        counted(at), site__region__ancestors__contains=[region.pk],
        occurred_at__gt=at - OLDEST, occurred_at__lte=at,
    )  # fmt: skip
    return looks.exists()


def make(
    run: ForecastRun, *, trend: bool = False, tell: Progress = lambda _words: None
) -> ForecastRun | None:
    """Carry out a waiting run; None when it had been made. What cannot be drawn from is kept as
    failed, with the reason."""
    if run.state != State.WAITING:
        return None
    try:
        found = foretell(
            run.region, run.as_of, seed=run.seed, draws=run.draws, walk=not trend,
            worth=not trend, tell=tell,
        )  # fmt: skip
    except Unfit as unfit:
        logger.warning("no forecast of %s: %s", run.region_id, unfit)
        run.state, run.why, run.made_at = State.FAILED, unfit.code, timezone.now()
        run.save(update_fields=["state", "why", "made_at"])
        return run
    with transaction.atomic():
        run.state, run.made_at = State.DONE, timezone.now()
        run.parameters, run.result = {**found.parameters, "trend": trend}, found.result
        run.save(update_fields=["state", "made_at", "parameters", "result"])
        if not trend:
            Regain.objects.filter(run__region=run.region, run__as_of__lte=run.as_of).delete()
            Regain.objects.create(run=run, pairs=dict(found.pairs))
    return run


def make_asked(key: UUID) -> None:
    """Carry out the run that somebody asked for."""
    run = ForecastRun.objects.select_related("region").filter(pk=key).first()
    if run is not None:
        make(run)


def finished(region: Region) -> QuerySet[ForecastRun]:
    """The finished runs of a region with all their parts, the newest first."""
    return ForecastRun.objects.filter(region=region).done().exclude(parameters__trend=True)


def latest(region: Region) -> ForecastRun | None:
    """The newest finished run. For code that shows no chance of its own."""
    return finished(region).select_related("region").first()
