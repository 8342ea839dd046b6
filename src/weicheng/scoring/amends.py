"""What can be mended before the gate, from the database: open problems, weak sites, late projects,
each with who answers, what it takes and which (site, check) pairs it puts in order."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from weicheng.duties import resolver
from weicheng.duties.book import book
from weicheng.people.directory import directory
from weicheng.people.models import Person, Unit
from weicheng.places.models import Gate, Region, RegionLevel, Site
from weicheng.problems.models import Milestone, Problem
from weicheng.problems.rules import is_paused, paused_until
from weicheng.problems.words import OPEN_STATUSES, Status
from weicheng.scoring.effort import efforts
from weicheng.scoring.facts import gather
from weicheng.scoring.fixing import Gains, Kind, Pair, Work
from weicheng.scoring.forecasting.answers import LOOKS
from weicheng.scoring.models import ForecastRun, Outlay, Regain, Strength
from weicheng.scoring.since import moved, settled, the_check
from weicheng.scoring.site_states import narrowed
from weicheng.scoring.stands_for import checks_of
from weicheng.standards.models import Check, Whose
from weicheng.workdays.book import calendar
from weicheng.workdays.kinds import TimeKind
from weicheng.workdays.reckon import between, nth_day

#: Weak sites beyond these are worth the least; they are counted, not listed.
MOST_SITES: Final = 400
#: Without a dated gate, works of the next days are looked at.
WITHOUT_GATE: Final = 30
NOBODY: Final = "nobody"
#: Why a problem brings nothing back as far as is known: filed after the forecast; it may mean
#: several checks; its check is the city's to mend.
FRESH, UNCLEAR, CITY = "fresh", "unclear", "city"

Pairs = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Amend:
    """One work with all that a page says of it. ``stated``: its effort was said by somebody;
    ``why``: why it brings nothing back, where that is known."""

    work: Work
    site: Site
    town: UUID
    checks: tuple[Check, ...]
    unit: Unit | None
    person: Person | None
    problem: Problem | None = None
    stated: bool = False
    why: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it is a problem that nobody was sent to yet."""
        return self.problem is not None and self.problem.status == Status.NEW


@dataclass(frozen=True)
class Amends:
    """Everything that could be mended, what it is worth, and how much each unit can do. ``city``:
    milli that only the city can bring back."""

    gate: Gate | None
    day: date
    days_left: int
    as_of: datetime
    amends: Mapping[str, Amend]
    gains: Gains
    capacity: Mapping[str, float]
    crews: Mapping[str, float]
    unlisted: int
    city: int

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
    crews = _crews(region)
    maker = _Maker(region, run, now, crews)
    found = {amend.work.key: amend for amend in maker.problems()}
    weak, unlisted = maker.weak(found.values())
    found |= {amend.work.key: amend for amend in weak}
    gains = {(site, check): milli for site, row in maker.pairs.items()
             for check, milli in row.items()}  # fmt: skip
    units = {amend.work.unit for amend in found.values()}
    capacity = {unit: left * crews.get(unit, 1.0) for unit in units}
    return Amends(
        gate, day, left, run.as_of, found, gains, capacity, crews, unlisted, round(maker.city)
    )


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
    """Builds works from rows read in bulk. ``pairs``: what is still weak and ours to mend."""

    region: Region
    run: ForecastRun
    now: datetime
    crews: Mapping[str, float]
    checks: dict[str, Check] = field(default_factory=dict)
    outlays: dict[str, Outlay] = field(default_factory=dict)
    pairs: dict[str, dict[str, float]] = field(default_factory=dict)
    meant: dict[UUID, Collection[str]] = field(default_factory=dict)
    city: float = 0.0

    def __post_init__(self) -> None:
        rows = Check.objects.select_related("item__aspect")
        self.checks = {check.key: check for check in rows}
        self.outlays = {row.work: row for row in Outlay.objects.filter(region=self.region)}
        self.today = timezone.localdate(self.now)
        self.rows = list(
            Problem.objects.filter(
                site__isnull=False, status__in=OPEN_STATUSES, voided=False,
                region__ancestors__contains=[self.region.pk],
            ).select_related("kind", "lead_unit", "person", "site__region", "site__site_type")
            .defer("search").order_by("filed_at", "id")
        )  # fmt: skip
        self.meant.update(checks_of(self.rows))
        self._weigh(_pairs(self.run))

    def _weigh(self, told: Pairs) -> None:
        """What the forecast held for weak, without what was settled since and the city's part."""
        done = self._settled(told)
        for site, worth in told.items():
            for key, milli in worth.items():
                if (site, key) in done or key not in self.checks:
                    continue
                if self._is_citys(key):
                    self.city += milli
                else:
                    self.pairs.setdefault(site, {})[key] = milli

    def _settled(self, told: Pairs) -> set[Pair]:
        """What is in order by now; and what each open problem stands for, as the score has it."""
        as_of = self.run.as_of
        fresh, sites = moved(self.region, as_of, self.now)
        wanted = {site for site in sites if str(site) in told}
        wanted |= {row.site_id for row in self.rows if row.site_id and len(self.meant[row.pk]) > 1}
        if not wanted:
            return set()
        facts = gather(self.region, self.now, within=Q(pk__in=wanted), looks=LOOKS)
        states = facts.latest()
        for row in self.rows:
            state = states.get(row.site_id) if row.site_id else None
            if state is not None:
                self.meant[row.pk] = narrowed(self.meant[row.pk], state.failed)
        return settled(facts, as_of, fresh, told)

    def _is_citys(self, key: str) -> bool:
        """Whether a check counts for the city alone, which a district cannot mend."""
        theirs = key in self.checks and self.checks[key].item.whose == Whose.CITY
        return theirs and self.region.level != RegionLevel.PREFECTURE

    def problems(self) -> list[Amend]:
        """Open problems at sites whose checks are worth something."""
        ends = self._ends(row.pk for row in self.rows if row.status == Status.LONG)
        return [amend for row in self.rows if (amend := self._problem(row, ends))]

    def _ends(self, problems: Iterable[UUID]) -> dict[UUID, date]:
        """The last step that a long-term problem still has before it."""
        rows = Milestone.objects.filter(problem__in=list(problems), done_at=None).order_by("on")
        return dict(rows.values_list("problem_id", "on"))

    def _problem(self, row: Problem, ends: Mapping[UUID, date]) -> Amend | None:
        if row.site is None:
            return None
        site, check = str(row.site_id), the_check(self.meant[row.pk])
        pays = ((site, check),) if check in self.pairs.get(site, {}) else ()
        checks = tuple(self.checks[key] for _site, key in pays)
        key = f"problem:{row.pk}"
        unit = row.lead_unit or self._unit(row.site, checks)[0]
        days, yuan, stated = self._outlay(key, efforts().of_problem(row))
        kind: Kind = "project" if row.status == Status.LONG else "problem"
        end = self._end(row, days, unit, ends)
        work = Work(key, _unit_key(unit), kind, pays, days, end, yuan)
        person = row.person or self._voice(unit)
        why = "" if pays else self._why(row, check)
        return Amend(work, row.site, self._town(row.site), checks, unit, person, row, stated, why)

    def _why(self, row: Problem, check: str) -> str:
        """Why a problem brings nothing back as far as is known."""
        if not check:
            return UNCLEAR if self.meant[row.pk] else ""
        if self._is_citys(check):
            return CITY
        return FRESH if row.filed_at > self.run.as_of else ""

    def _end(
        self, row: Problem, days: float, unit: Unit | None, ends: Mapping[UUID, date]
    ) -> date | None:
        """When a problem could be over: never while it is parked; after a pause has ended; a
        long-term work with its last open step, else on its due day."""
        if row.parked:
            return None
        start = self.today
        if is_paused(row, self.now) and (until := paused_until(row)) is not None:
            start = timezone.localdate(until)
        if row.status != Status.LONG:
            return self._done(days, unit, start)
        due = timezone.localdate(row.due_at) if row.due_at else None
        end = ends.get(row.pk, due)
        return max(end, start) if end is not None else None

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
        checks = [self.checks[key] for key in keys]
        unit, person = self._unit(site, checks)
        key = f"site:{site.pk}"
        days, yuan, stated = self._outlay(key, efforts().of_site(len(keys)))
        pays = tuple((str(site.pk), check) for check in keys)
        end = self._done(days, unit, self.today)
        work = Work(key, _unit_key(unit), "site", pays, days, end, yuan)
        return Amend(work, site, self._town(site), tuple(checks), unit, person, None, stated)

    def _outlay(self, key: str, usual: float) -> tuple[float, int | None, bool]:
        """(working days, yuan, whether somebody stated the days)."""
        said = self.outlays.get(key)
        if said is None:
            return usual, None, False
        days = usual if said.days_tenths is None else said.days_tenths / 10
        return days, said.yuan, said.days_tenths is not None

    def _done(self, days: float, unit: Unit | None, start: date) -> date:
        """The first day on which so much work of a unit could be over, begun the day after."""
        crews = max(self.crews.get(_unit_key(unit), 1.0), 1.0)
        whole = max(1, math.ceil(days / crews))
        return nth_day(calendar(), start, whole, TimeKind.DAYS)

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
