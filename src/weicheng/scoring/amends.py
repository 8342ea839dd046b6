"""What can be mended before the gate, from the database: open problems, weak sites, late projects,
each with who answers, what it takes and which (site, check) pairs it puts in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from weicheng.duties import resolver
from weicheng.duties.book import book
from weicheng.people.directory import directory
from weicheng.people.models import Person, Unit
from weicheng.places.models import Gate, Region, Site
from weicheng.problems.models import Milestone, Problem
from weicheng.problems.words import OPEN_STATUSES, Status
from weicheng.scoring.effort import efforts
from weicheng.scoring.fixing import Gains, Pair, Work
from weicheng.scoring.models import ForecastRun, Outlay, Regain, Strength
from weicheng.scoring.stands_for import checks_of
from weicheng.standards.models import Check
from weicheng.workdays.book import calendar
from weicheng.workdays.kinds import TimeKind
from weicheng.workdays.reckon import between, nth_day

#: Weak sites beyond these are worth the least; they are counted, not listed.
MOST_SITES: Final = 400
#: Without a dated gate, works of the next days are looked at.
WITHOUT_GATE: Final = 30
NOBODY: Final = "nobody"

Pairs = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Amend:
    """One work with all that a page says of it. ``stated``: its effort was said by somebody."""

    work: Work
    site: Site
    town: UUID
    checks: tuple[Check, ...]
    unit: Unit | None
    person: Person | None
    problem: Problem | None = None
    stated: bool = False

    @property
    def is_new(self) -> bool:
        """Whether it is a problem that nobody was sent to yet."""
        return self.problem is not None and self.problem.status == Status.NEW


@dataclass(frozen=True)
class Amends:
    """Everything that could be mended, what it is worth, and how much each unit can do."""

    gate: Gate | None
    day: date
    days_left: int
    as_of: datetime
    amends: Mapping[str, Amend]
    gains: Gains
    capacity: Mapping[str, float]
    crews: Mapping[str, float]
    unlisted: int

    @property
    def works(self) -> list[Work]:
        """The works alone."""
        return [amend.work for amend in self.amends.values()]


def next_gate(day: date) -> Gate | None:
    """The next dated gate after a day."""
    return Gate.objects.filter(on__gt=day).order_by("on").first()


def amends(region: Region, run: ForecastRun, now: datetime) -> Amends:
    """The works of a region, worth what the run says. A constant number of queries."""
    today = timezone.localdate(now)
    gate = next_gate(today)
    day = gate.on if gate else nth_day(calendar(), today, WITHOUT_GATE, TimeKind.NATURAL)
    left = days_between(now, day)
    pairs = _pairs(run)
    crews = _crews(region)
    maker = _Maker(region, pairs, now, crews)
    found = {amend.work.key: amend for amend in maker.problems()}
    weak, unlisted = maker.weak(found.values())
    found |= {amend.work.key: amend for amend in weak}
    gains = {(site, check): milli for site, row in pairs.items() for check, milli in row.items()}
    units = {amend.work.unit for amend in found.values()}
    capacity = {unit: left * crews.get(unit, 1.0) for unit in units}
    return Amends(gate, day, left, run.as_of, found, gains, capacity, crews, unlisted)


def days_between(now: datetime, gate: date) -> int:
    """Working days whose close lies after now and before the gate's day."""
    begins = timezone.make_aware(datetime.combine(gate, time()))
    return between(calendar(), now, begins, TimeKind.DAYS)


def _pairs(run: ForecastRun) -> Pairs:
    row = Regain.objects.filter(run=run).first()
    return row.pairs if row is not None else {}


def _crews(region: Region) -> dict[str, float]:
    rows = Strength.objects.filter(region=region).values_list("unit_id", "crews_tenths")
    return {str(unit): tenths / 10 for unit, tenths in rows}


@dataclass
class _Maker:
    """Builds works from rows read in bulk."""

    region: Region
    pairs: Pairs
    now: datetime
    crews: Mapping[str, float]
    checks: dict[str, Check] = field(default_factory=dict)
    outlays: dict[str, Outlay] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = Check.objects.select_related("item__aspect")
        self.checks = {check.key: check for check in rows}
        self.outlays = {row.work: row for row in Outlay.objects.filter(region=self.region)}
        self.today = timezone.localdate(self.now)

    def problems(self) -> list[Amend]:
        """Open problems at sites whose checks are worth something."""
        rows = list(
            Problem.objects.filter(
                site__isnull=False, status__in=OPEN_STATUSES, voided=False,
                region__ancestors__contains=[self.region.pk],
            ).select_related("kind", "lead_unit", "person", "site__region", "site__site_type")
            .defer("search").order_by("filed_at", "id")
        )  # fmt: skip
        failed = checks_of(rows)
        ends = self._ends(row.pk for row in rows if row.status == Status.LONG)
        return [amend for row in rows if (amend := self._problem(row, failed[row.pk], ends))]

    def _ends(self, problems: Iterable[UUID]) -> dict[UUID, date]:
        """The last step that a long-term problem still has before it."""
        rows = Milestone.objects.filter(problem__in=list(problems), done_at=None).order_by("on")
        return dict(rows.values_list("problem_id", "on"))

    def _problem(
        self, row: Problem, failed: Iterable[str], ends: Mapping[UUID, date]
    ) -> Amend | None:
        if row.site is None:
            return None
        worth = self.pairs.get(str(row.site_id), {})
        pays = tuple(sorted((str(row.site_id), key) for key in failed if key in worth))
        key = f"problem:{row.pk}"
        usual = efforts().of_problem(row)
        unit = row.lead_unit or self._unit(row.site, [self.checks[c] for _s, c in pays])[0]
        days, yuan, stated = self._outlay(key, usual)
        long = row.status == Status.LONG
        end = self._end(row, ends) if long else self._done(days, unit)
        work = Work(key, _unit_key(unit), "project" if long else "problem", pays, days, end, yuan)
        person = row.person or self._voice(unit)
        checks = tuple(self.checks[check] for _site, check in pays)
        return Amend(work, row.site, self._town(row.site), checks, unit, person, row, stated)

    def _end(self, row: Problem, ends: Mapping[UUID, date]) -> date | None:
        """When a long-term work is over: its last open step, else its due day."""
        if row.pk in ends:
            return max(ends[row.pk], self.today)
        return max(timezone.localdate(row.due_at), self.today) if row.due_at else None

    def weak(self, known: Iterable[Amend]) -> tuple[list[Amend], int]:
        """Sites with failing checks that no open problem covers, most points first; and how many
        more there are than are listed."""
        covered: set[Pair] = {pair for amend in known for pair in amend.work.pays}
        worth = {}
        for site, row in self.pairs.items():
            rest = {key: n for key, n in row.items() if (site, key) not in covered}
            if rest:
                worth[site] = rest
        order = sorted(worth, key=lambda site: (-sum(worth[site].values()), site))
        rows = Site.objects.filter(pk__in=order[:MOST_SITES], active=True)
        sites = {str(s.pk): s for s in rows.select_related("region", "site_type")}
        listed = [site for site in order[:MOST_SITES] if site in sites]
        return [self._site(sites[s], worth[s]) for s in listed], max(0, len(order) - MOST_SITES)

    def _site(self, site: Site, worth: Mapping[str, float]) -> Amend:
        keys = sorted(worth, key=lambda key: (-worth[key], key))
        checks = [self.checks[key] for key in keys if key in self.checks]
        unit, person = self._unit(site, checks)
        key = f"site:{site.pk}"
        days, yuan, stated = self._outlay(key, efforts().of_site(len(keys)))
        pays = tuple((str(site.pk), check) for check in keys)
        work = Work(key, _unit_key(unit), "site", pays, days, self._done(days, unit), yuan)
        return Amend(work, site, self._town(site), tuple(checks), unit, person, None, stated)

    def _outlay(self, key: str, usual: float) -> tuple[float, int | None, bool]:
        """(working days, yuan, whether somebody stated the days)."""
        said = self.outlays.get(key)
        if said is None:
            return usual, None, False
        days = usual if said.days_tenths is None else said.days_tenths / 10
        return days, said.yuan, said.days_tenths is not None

    def _done(self, days: float, unit: Unit | None) -> date:
        """The first day on which so much work of a unit could be over, begun tomorrow."""
        crews = max(self.crews.get(_unit_key(unit), 1.0), 1.0)
        whole = max(1, math.ceil(days / crews))
        return nth_day(calendar(), self.today, whole, TimeKind.DAYS)

    def _unit(self, site: Site, checks: Sequence[Check]) -> tuple[Unit | None, Person | None]:
        """Who answers for the check worth most at a site; else its community or town."""
        asked: dict[str, Any] = {"region": site.region_id, "day": self.today, "site": site}
        if checks:
            said = resolver.accountable(**asked, check_key=checks[0].key)
            if said.lead is not None:
                return said.lead, said.person
        near = directory().responsible_here(site.region_id)
        unit = near[0] if near else None
        return unit, self._voice(unit)

    def _voice(self, unit: Unit | None) -> Person | None:
        return book().voice(unit, None, self.today)[0] if unit is not None else None

    def _town(self, site: Site) -> UUID:
        town = directory().town_of(site.region_id)
        return town.pk if town is not None else site.region_id


def _unit_key(unit: Unit | None) -> str:
    return str(unit.pk) if unit is not None else NOBODY
