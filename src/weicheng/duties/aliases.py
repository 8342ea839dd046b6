"""Which unit a name in a paper means: by its own name, by another name, or by a reform."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from weicheng.duties.models import UnitAlias
from weicheng.duties.reforms import REFORMS, Reform
from weicheng.people.models import Unit, UnitKind
from weicheng.places.models import Region, RegionLevel
from weicheng.sheets.placenames import same_name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

NEAR = 0.55
MOST_NEAR = 4
_OPERATOR = re.compile(r"电信|移动|联通|铁塔|广电(?!和|局)")
_SEAT = re.compile(
    r"(?:人民政府|政府|街道办事处|办事处|街道办|居民委员会|居委会|村民委员会|村委会|社区|街道|村)$"
)
_FIELD = re.compile(r"(?<=[㐀-鿿]{2})(?:行政)?(?:主管)?部门$")
_BARE = re.compile(
    r"城管|住建|环卫|卫健|教体|教育|公安|交通|财政|民政|商务|工信|经信|发改|文旅|人社|司法|审计|水务|农业|"
    r"林业|园林|环保|资规|市场监管|应急|税务|统计|医保|信访|综合执法"
)
"""Names without their last character: 住建 for 住建局."""
_BUREAU_END = ("局", "委", "中心", "办", "大队", "公司", "处")


@dataclass(frozen=True)
class Match:
    """What a name means: `unit`, or nobody yet; `how` tells why; `near` are units alike.

    how: name | seat | alias | reform | perhaps (an uncertain reform) | stem | several | unknown.
    `modern` is what a unit of that old name would be called today, when nobody bears it yet.
    """

    unit: Unit | None
    how: str
    near: tuple[Unit, ...] = ()
    modern: str = ""

    @property
    def certain(self) -> bool:
        """Whether nobody has to look."""
        return self.how in ("name", "seat", "alias", "reform", "stem")


class UnitFinder:
    """The units of a district under all their names; reads the tables once.

    ``also``: names of the same paper whose units do not exist yet: they are kept apart from old
    names (综合执法局 and 城管局 side by side are two).
    """

    def __init__(self, district: Region, also: Iterable[str] = ()) -> None:
        self.district = district
        self._keys: dict[str, list[Unit]] = defaultdict(list)
        self._seats: dict[str, list[Unit]] = defaultdict(list)
        self._operators: dict[str, list[Unit]] = defaultdict(list)
        self._aliases: dict[str, list[Unit]] = defaultdict(list)
        self.units = list(_units_of(district))
        for unit in self.units:
            self._know(unit)
        by_id = {unit.id: unit for unit in self.units}
        for name, unit_id in UnitAlias.objects.values_list("name", "unit_id"):
            if unit_id in by_id:
                self._aliases[key_of(name)].append(by_id[unit_id])
        self._written = {key_of(name) for name in also}

    def _know(self, unit: Unit) -> None:
        for name in dict.fromkeys((unit.name, unit.short_name)):
            if not name:
                continue
            _add(self._keys[key_of(name)], unit)
            if unit.kind in (UnitKind.TOWN, UnitKind.COMMUNITY):
                _add(self._seats[_seat_of(name)], unit)
                if unit.region is not None:
                    _add(self._seats[_seat_of(unit.region.name)], unit)
            operator = _OPERATOR.search(name)
            if operator and unit.kind == UnitKind.OPERATOR:
                _add(self._operators[operator[0]], unit)

    def known(self, name: str) -> bool:
        """Whether the name is some unit's own or other name."""
        return self._own(name) is not None or bool(self._aliases.get(key_of(name)))

    def find(self, name: str) -> Match:
        """The unit that the name means, the surest way first."""
        name = _FIELD.sub("", name)
        found = self._own(name)
        if found is not None:
            return found
        key = key_of(name)
        if self._aliases.get(key):
            return _one(self._aliases[key], "alias")
        modern = f"{name}局" if _BARE.fullmatch(key) else ""
        return self._reformed(key) or Match(None, "unknown", self.near(name), modern)

    def _own(self, name: str) -> Match | None:
        key = key_of(name)
        if self._keys.get(key):
            return _one(self._keys[key], "name")
        if self._seats.get(_seat_of(name)):
            return _one(self._seats[_seat_of(name)], "seat")
        operator = _OPERATOR.search(name)
        if operator and self._operators.get(operator[0]):
            return _one(self._operators[operator[0]], "stem")
        for ending in _BUREAU_END:
            if self._keys.get(key + ending) and not key.endswith(_BUREAU_END):
                return _one(self._keys[key + ending], "stem")
        return None

    def _reformed(self, key: str) -> Match | None:
        for reform in _REFORMED.get(key, ()):
            modern = [key_of(new) for new in reform.new if key_of(new) != key]
            for new in modern:
                held = self._keys.get(new)
                if held and (reform.certain or new not in self._written):
                    how = "reform" if reform.certain else "perhaps"
                    return Match(held[0], how, tuple(held[1:]))
            if reform.certain and len(modern) == len(reform.new):
                written = next((n for n in reform.new if key_of(n) in self._written), "")
                return Match(None, "reform", (), written or reform.new[0])
        return None

    def near(self, name: str) -> tuple[Unit, ...]:
        """Units whose names are most alike."""
        asked = _letters(key_of(name))
        scored = ((_alike(asked, _letters(key_of(u.name))), u) for u in self.units)
        best = sorted((pair for pair in scored if pair[0] >= NEAR), key=lambda p: -p[0])
        return tuple(unit for _, unit in best[:MOST_NEAR])

    def by_id(self) -> dict[UUID, Unit]:
        """The units by id."""
        return {unit.id: unit for unit in self.units}


def key_of(name: str) -> str:
    """Equal for the usual spellings of one unit: 区委办公室 = 区委办, 区住建局 = 住建局."""
    return re.sub(r"办公室$", "办", same_name_key(name))


def _units_of(district: Region) -> Iterator[Unit]:
    """Units of the district, those of its own level first; then those of no region."""
    found = Unit.objects.filter(active=True, region__ancestors__contains=[district.id])
    rows = list(found.select_related("region").order_by("name"))
    rows.sort(key=lambda u: 0 if u.region_id == district.id else 1)
    yield from rows
    yield from Unit.objects.filter(active=True, region=None).order_by("name")


def _seat_of(name: str) -> str:
    """红叶镇政府, 红叶镇 → 红叶镇; 张家沟居委会, 张家沟社区 → 张家沟."""
    return _SEAT.sub("", _SEAT.sub("", same_name_key(name) or name)) or name


def _add(units: list[Unit], unit: Unit) -> None:
    if unit not in units:
        units.append(unit)


def _one(units: list[Unit], how: str) -> Match:
    """The only unit; of several the one of the district itself, else the first named, 暂定."""
    own = [u for u in units if u.region is not None and u.region.level == RegionLevel.COUNTY]
    if len(units) == 1 or len(own) == 1:
        return Match((own or units)[0], how)
    return Match(units[0], "several", tuple(units[1:]))


def _letters(key: str) -> set[str]:
    return {key[at : at + 2] for at in range(len(key) - 1)} | set(key)


def _alike(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _reformed_by_key() -> dict[str, list[Reform]]:
    found: dict[str, list[Reform]] = defaultdict(list)
    for reform in REFORMS:
        for old in reform.old:
            found[key_of(old)].append(reform)
    return found


_REFORMED = _reformed_by_key()


def aliases_of(units: Iterable[Unit]) -> list[UnitAlias]:
    """The other names that the office wrote for these units."""
    return list(UnitAlias.objects.filter(unit__in=list(units)).select_related("unit"))


def add_alias(name: str, unit: Unit, note: str = "") -> bool:
    """Let a unit be known under one more name; False when it is already."""
    _row, made = UnitAlias.objects.get_or_create(
        name=name.strip()[:80], unit=unit, defaults={"note": note.strip()[:120]}
    )
    return made


def drop_alias(key: UUID, units: QuerySet[Unit]) -> bool:
    """Forget another name of one of these units."""
    count, _rows = UnitAlias.objects.filter(pk=key, unit__in=units).delete()
    return bool(count)


@dataclass(frozen=True)
class ReformHere:
    """A reform with the unit that bears the work in this district, if there is one."""

    old: str
    new: str
    certain: bool
    unit: Unit | None


def reforms_here(district: Region | None) -> list[ReformHere]:
    """The known reforms, each with the unit of this district."""
    finder = UnitFinder(district) if district is not None else None
    found = []
    for reform in REFORMS:
        matches = [finder.find(new) for new in reform.new] if finder else []
        unit = next((m.unit for m in matches if m.how in ("name", "alias") and m.unit), None)
        old = " ".join(reform.old)
        found.append(ReformHere(old, reform.new[0], reform.certain, unit))
    return found
