"""Regions and units of the campaign in process memory, for look-ups that every act makes.

The tables are small (hundreds of rows) and change rarely. Whoever changes them calls ``changed``
in the same transaction; other processes notice within ``LOOK_SECONDS``.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from weicheng.people.models import Unit, UnitKind
from weicheng.places.models import Region, RegionLevel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

FRESH_SECONDS = 20.0
#: How long a copy is used before asking whether another process changed the tables.
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Directory:
    """Who is where: ``regions`` and ``units`` by id, ``territories`` by region."""

    regions: dict[UUID, Region]
    units: dict[UUID, Unit]
    territories: dict[UUID, Unit]
    _near: dict[UUID, list[Unit]] = field(default_factory=dict)
    _called: dict[tuple[tuple[str, ...], UUID], Unit | None] = field(default_factory=dict)

    def ancestors(self, region: UUID) -> list[UUID]:
        """The region itself and all above it, nearest first."""
        return list(self.regions[region].ancestors)

    def town_of(self, region: UUID) -> Region | None:
        """The town of a region, itself included."""
        chain = (self.regions[i] for i in self.ancestors(region))
        return next((r for r in chain if r.level == RegionLevel.TOWN), None)

    def district_of(self, region: UUID) -> Region:
        """The county-level region above; the topmost region where there is none."""
        chain = [self.regions[i] for i in self.ancestors(region)]
        return next((r for r in chain if r.level == RegionLevel.COUNTY), chain[-1])

    def responsible_here(self, region: UUID) -> list[Unit]:
        """The territorial units of a region, nearest first (community, town)."""
        return [self.territories[i] for i in self.ancestors(region) if i in self.territories]

    def named(self, words: Iterable[str], region: UUID) -> Unit | None:
        """The first unit of this district, or of no region, whose name holds one of the words."""
        asked = (tuple(words), region)
        if asked not in self._called:
            self._called[asked] = self._named(*asked)
        return self._called[asked]

    def _named(self, words: tuple[str, ...], region: UUID) -> Unit | None:
        answerable = self._answerable(region)
        for word in words:
            for unit in answerable:
                if word in unit.name or word in unit.short_name:
                    return unit
        return None

    def _answerable(self, region: UUID) -> list[Unit]:
        """Units of the regions above, and those of no region, that can be given a matter."""
        if region not in self._near:
            chain = {None, *self.ancestors(region)}
            self._near[region] = [
                u for u in self.units.values()
                if u.region_id in chain and u.kind in ANSWERABLE and u.active
            ]  # fmt: skip
        return self._near[region]


ANSWERABLE = frozenset(
    {UnitKind.BUREAU, UnitKind.OPERATOR, UnitKind.PROPERTY, UnitKind.SPONSOR, UnitKind.OTHER}
)


@dataclass
class _Copy:
    """A copy of the tables: at which stamp it was read, when, and when the stamp was last seen."""

    book: Directory
    stamp: int
    read_at: float
    seen_at: float


_lock = threading.Lock()
_kept: dict[str, _Copy] = {}

_STAMP = "SELECT n FROM people_directorystamp WHERE id = 1"
_BUMP = (
    "INSERT INTO people_directorystamp (id, n) "
    "VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) "
    "ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n"
)


def directory() -> Directory:
    """The directory, read again when another process changed it (noticed in ``LOOK_SECONDS``)."""
    name, now = str(connection.settings_dict["NAME"]), time.monotonic()
    kept = _kept.get(name)
    if kept is not None and now - kept.seen_at < LOOK_SECONDS:
        return kept.book
    stamp = _stamp()
    if kept is not None and kept.stamp == stamp and now - kept.read_at < FRESH_SECONDS:
        kept.seen_at = now
        return kept.book
    fresh = _read()
    with _lock:
        _kept[name] = _Copy(fresh, stamp, now, now)
    return fresh


def stamp() -> int:
    """The stamp of the copy in use, for other memories that should be as fresh."""
    directory()
    kept = _kept.get(str(connection.settings_dict["NAME"]))
    return kept.stamp if kept else 0


def _stamp() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def forget() -> None:
    """Read the tables again at the next look-up of this process."""
    with _lock:
        _kept.clear()


def changed() -> None:
    """Units or regions were changed: this process and, once committed, every other reads again."""
    with connection.cursor() as cursor:
        cursor.execute(_BUMP)
    forget()


class _Regions(dict["UUID", Region]):
    """Regions by id; one that another process has just made is read when it is asked for."""

    def __missing__(self, key: UUID) -> Region:
        row = Region.objects.filter(pk=key).first()
        if row is None:
            raise KeyError(key)
        self[key] = row
        return row


def _read() -> Directory:
    regions = _Regions({r.id: r for r in Region.objects.all()})
    units = {u.id: u for u in Unit.objects.order_by("name")}
    territories = {
        u.region_id: u
        for u in units.values()
        if u.region_id is not None and u.kind in {UnitKind.TOWN, UnitKind.COMMUNITY}
    }
    return Directory(regions, units, territories)
