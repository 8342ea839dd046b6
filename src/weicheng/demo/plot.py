"""What a planned day is made of: matters, acts and pictures as plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from weicheng.demo.dice import Dice
from weicheng.demo.pictures import TAKE
from weicheng.problems import reckoning
from weicheng.problems.reckoning import Terms
from weicheng.workdays import shipped
from weicheng.workdays.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = 8.5, 18.0  # office hours of a campaign, every day of the week


@dataclass(frozen=True)
class KindFacts:
    """What the plan must know of a problem kind: hours to the due time, direct dispatch, bureau."""

    key: str
    hours: float
    direct: bool
    lead: str  # short name of the bureau's unit
    after: bool = False  # has a follow-up obligation
    terms: Terms | None = None  # what the kind itself grants

    def due(self, start: datetime) -> datetime:
        """When it is due that was sent at this moment, by the shipped calendar."""
        if self.terms is None:
            return start + timedelta(hours=self.hours)
        clock = reckoning.started(self.terms, start, severity="")
        return reckoning.due_of(clock, _calendar()).at


@cache
def _calendar() -> Calendar:
    """The working days and hours that come with the house."""
    days = {day: row for year in shipped.years().values() for day, row in year.days.items()}
    working = {day: row[0] for day, row in days.items()}
    return Calendar(working, {}, frozenset(shipped.years()), shipped.seasons())


@dataclass(frozen=True)
class Picture:
    """One drawn picture: motif, variant, and whether put right."""

    motif: str
    seed: int
    fixed: bool


@dataclass(frozen=True)
class Matter:
    """One problem to be: where (a site's key, a community's code), what, how much, found by whom.

    `finder` is the username of an inspector, or the short name of the unit that found it itself.
    """

    key: int
    kind: str
    site: int | None
    region: str
    place: str
    description: str
    source: str
    finder: str
    motif: str
    seed: int
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Act:
    """One act at its moment. `who` is a part (office, lead, verifier, leader, finder) or a unit.

    `order` keeps acts of one moment in their order; `args` are plain values that the performer
    turns into the arguments of the act.
    """

    at: datetime
    matter: int
    order: int
    name: str
    who: str
    args: dict[str, Any] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()


@dataclass
class Life:
    """The acts of one matter in the making, each later than the one before."""

    matter: Matter
    at: datetime
    acts: list[Act] = field(default_factory=list)
    shots: int = 0

    def act(self, name: str, who: str, *pictures: Picture, **args: Any) -> None:
        """Append an act at the present moment of this life."""
        order = len(self.acts)
        self.acts.append(Act(self.at, self.matter.key, order, name, who, args, pictures))
        self.at += timedelta(minutes=1)

    def wait(self, hours: float) -> None:
        """Let hours go by."""
        self.at += timedelta(hours=hours)

    def office_hours(self, hours: float) -> None:
        """Let hours go by, and then the night if one has come."""
        self.wait(hours)
        self.at = in_hours(self.at, Dice("office", self.matter.key, len(self.acts)))

    def until(self, moment: datetime) -> None:
        """Let time go by until `moment`, if that is still to come."""
        self.at = max(self.at, moment)

    def shot(self, *, fixed: bool, more: int = 0) -> Picture:
        """A picture of this matter's place; `more` asks for another take."""
        return Picture(self.matter.motif, self.matter.seed + TAKE * more, fixed)


def at_hour(day: date, hour: float) -> datetime:
    """The moment of a day, `hour` as a fraction of 24, in the district's time."""
    minutes = round(hour * 60)
    return datetime.combine(day, time(minutes // 60 % 24, minutes % 60), tzinfo=ZONE)


def in_hours(moment: datetime, d: Dice) -> datetime:
    """The same moment, or the next one in office hours."""
    local = moment.astimezone(ZONE)
    hour = local.hour + local.minute / 60
    if OPENS <= hour < CLOSES:
        return local
    day = local.date() if hour < OPENS else local.date() + timedelta(days=1)
    return at_hour(day, OPENS + d.random() * 1.4)
