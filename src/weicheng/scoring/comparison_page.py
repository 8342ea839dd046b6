"""Places beside each other, only like with like; nothing here knows a person. Only looks of our own
people count: a hidden round or an outsider is stricter, and meets some places and not others.

Every site that was looked at has a share of its points that it kept; a place is the mean of its
sites. A place whose mix of site types is not that of its group has no rank, and the page says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weicheng.people.models import SitePart, SiteParty, Unit
from weicheng.places.models import Region
from weicheng.scoring.reckoning import Place, compare, site_shares
from weicheng.scoring.reckoning.comparing import Row
from weicheng.scoring.standing import TOWN, TYPE, Scope, Standing, standing

if TYPE_CHECKING:
    from weicheng.scoring.asking import Asked
    from weicheng.scoring.reckoning import Visit

TOWNS, COMMUNITIES, TYPES, UNITS = "towns", "communities", "types", "units"
KINDS: Mapping[str, str | Promise] = {
    TOWNS: gettext_lazy("镇街"), COMMUNITIES: gettext_lazy("社区和村"),
    TYPES: gettext_lazy("点位类型"), UNITS: gettext_lazy("单位"),
}  # fmt: skip
#: How much of a place's mix of site types must lie in its group's mix to be called alike.
ALIKE = 0.7
MOST_TYPES = 3


@dataclass(frozen=True)
class Beside:
    """A place with its bar, all in thousandths of the width: ``axis`` is where the bar begins."""

    name: str
    scope: str
    n: int
    mean: float | None
    low: float
    high: float
    rank: int | None
    is_tied: bool
    bar: Mapping[str, int]
    mix: str
    is_alike: bool


@dataclass(frozen=True)
class Group:
    """Places of one kind; ``few`` are seen too little to be placed."""

    name: str
    rows: Sequence[Beside]
    few: Sequence[Beside]

    @property
    def comparable(self) -> int:
        """How many places may be held against each other."""
        return sum(row.is_alike for row in self.rows)

    @property
    def is_bent(self) -> bool:
        """Whether a place has other kinds of sites than its group."""
        return any(not row.is_alike for row in self.rows)


@dataclass(frozen=True)
class ComparePage:
    """The page. ``start``: where the axis of the bars begins, percent; ``floor``: fewest sites."""

    now: Standing
    kind: str
    groups: Sequence[Group]
    start: int
    floor: int
    ranked: bool
    seen: int

    @property
    def marks(self) -> Sequence[int]:
        """The percents written under the axis."""
        return (self.start, (self.start + 100) // 2, 100)


@dataclass(frozen=True)
class _Look:
    """A site that counts: which visit, and the share it kept."""

    visit: Visit
    share: float


@dataclass(frozen=True)
class _Named:
    """A place before it is compared. ``scope``: the end of an address that shows it alone, empty
    where the score has no such part."""

    key: str
    name: str
    group: str
    kind: str
    scope: str


def compare_page(asked: Asked, user: Any, kind: str) -> ComparePage:
    """The page for a question, in a constant number of queries."""
    part = asked.scope if asked.scope.kind in {TOWN, TYPE} else Scope()
    here = standing(asked.region, asked.as_of, scope=part, sheet=asked.sheet, own=True)
    looks = [
        _Look(visit, share)
        for visit, share in zip(here.snapshot.visits, site_shares(here.score), strict=True)
        if share is not None
    ]
    places = _SORTS[kind](here, looks, user)
    groups, floor = _groups(here, places)
    return ComparePage(
        here, kind, groups, _axis(groups), floor, kind != TYPES, len(looks)
    )  # fmt: skip


_Places = Mapping[_Named, Sequence[_Look]]


def _by(looks: Iterable[_Look], named: Callable[[Visit], _Named | None]) -> _Places:
    found: defaultdict[_Named, list[_Look]] = defaultdict(list)
    for look in looks:
        name = named(look.visit)
        if name is not None:
            found[name].append(look)
    return found


def _towns(here: Standing, looks: Sequence[_Look], _user: Any) -> _Places:
    names = {
        str(pk): _Named(str(pk), name, _town_kind(name), "town", f"town={pk}")
        for pk, name in here.facts.towns.items()
    }
    return _with_unseen(_by(looks, lambda visit: names.get(visit.town)), names.values())


def _town_kind(name: str) -> str:
    """A street is not compared with a town: by the last sign of its name, as the law names them."""
    if name.endswith(_STREET):
        return _("街道")
    return _("乡镇") if name.endswith(_RURAL) else _("其他")


_STREET, _RURAL, _VILLAGE = "街道", ("镇", "乡"), "村"


def _communities(here: Standing, looks: Sequence[_Look], _user: Any) -> _Places:
    regions = {str(site): place.region for site, place in here.facts.places.items()}
    towns = {place.region: place.town for place in here.facts.places.values()}
    rows = Region.objects.filter(pk__in=set(regions.values()), level="community")
    names = {}
    for pk, name in rows.values_list("pk", "name"):
        said = here.facts.towns.get(towns[pk], "")
        group = _("村") if name.endswith(_VILLAGE) else _("社区")
        names[pk] = _Named(str(pk), f"{name} · {said}", group, "community", "")
    wanted = names.values() if here.scope.kind != TOWN else ()
    return _with_unseen(_by(looks, lambda visit: names.get(regions[visit.site])), wanted)


def _types(here: Standing, looks: Sequence[_Look], _user: Any) -> _Places:
    aspects = {row.pk: str(row) for row in here.facts.aspects}
    names = {
        key: _Named(key, str(row), aspects.get(row.aspect_id, ""), "site_type", f"type={key}")
        for key, row in here.facts.site_types.items()
    }
    return _by(looks, lambda visit: names.get(visit.site_type))


def _units(here: Standing, looks: Sequence[_Look], user: Any) -> _Places:
    """Bureaus by the sites they answer for; 包保单位 by the compounds whose result they share."""
    by_site = {UUID(look.visit.site): look for look in looks}
    parts = {SitePart.BUREAU: _("行业主管单位"), SitePart.SPONSOR: _("包保单位")}
    rows = SiteParty.objects.filter(site__in=list(by_site), part__in=list(parts))
    seen = {
        row for row in rows.values_list("unit", "part", "site")
        if str(row[0]) in by_site[row[2]].visit.units
    }  # fmt: skip
    units = dict(
        Unit.objects.visible_to(user).filter(pk__in={pk for pk, _part, _site in seen})
        .values_list("pk", "name")
    )  # fmt: skip
    found: defaultdict[_Named, list[_Look]] = defaultdict(list)
    for unit, part, site in seen:
        if unit in units:
            key = f"{part}:{unit}"
            named = _Named(key, units[unit], parts[SitePart(part)], "unit", f"unit={unit}")
            found[named].append(by_site[site])
    return found


_SORTS: Mapping[str, Callable[[Standing, Sequence[_Look], Any], _Places]] = {
    TOWNS: _towns, COMMUNITIES: _communities, TYPES: _types, UNITS: _units,
}  # fmt: skip


def _with_unseen(seen: _Places, names: Iterable[_Named]) -> _Places:
    """Also the places where nothing was looked at: they are too few, not forgotten."""
    return {**{name: [] for name in names}, **seen}


def _groups(here: Standing, places: _Places) -> tuple[list[Group], int]:
    """Groups with their rows: ranked among the alike, then those with a mix of their own."""
    whole: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, looks in places.items():
        whole[name.group].update(_kinds(looks))
    alike = {
        name.key: name.kind == "site_type"
        or _overlap(_kinds(looks), whole[name.group]) >= ALIKE
        for name, looks in places.items()
    }  # fmt: skip
    given = [
        Place(name.key, f"{name.group}{'' if alike[name.key] else _OTHER}",
              tuple(look.share for look in looks), name.kind)
        for name, looks in places.items()
    ]  # fmt: skip
    named = {name.key: (name, looks) for name, looks in places.items()}
    found: defaultdict[str, list[Beside]] = defaultdict(list)
    floor = 0
    for group in compare(given):
        floor = group.floor
        for row in group.rows:
            rows = found[group.group.removesuffix(_OTHER)]
            rows.append(_beside(here, row, *named[row.key], alike[row.key]))
    groups = [_group(name, rows) for name, rows in found.items()]
    groups.sort(key=lambda group: (-len(group.rows), group.name))
    start = _axis(groups)
    return [_drawn(group, start) for group in groups], floor


_OTHER = "\0other"


def _group(name: str, rows: Sequence[Beside]) -> Group:
    placed = sorted(
        (row for row in rows if row.mean is not None),
        key=lambda row: (row.rank is None, row.rank or 0, -(row.mean or 0), row.name),
    )
    few = sorted((row for row in rows if row.mean is None), key=lambda row: (-row.n, row.name))
    return Group(name, placed, few)


def _kinds(looks: Iterable[_Look]) -> Counter[str]:
    return Counter(look.visit.site_type for look in looks)


def _beside(
    here: Standing, row: Row, named: _Named, looks: Sequence[_Look], is_alike: bool
) -> Beside:
    low, high = row.interval95 or (0.0, 0.0)
    bar = {}
    if row.interval95 and row.interval80 and row.mean is not None:
        ends = (*row.interval95, *row.interval80, row.mean)
        names = ("low95", "high95", "low80", "high80", "mean")
        bar = {name: round(1000 * end) for name, end in zip(names, ends, strict=True)}
    return Beside(
        named.name, named.scope, row.n, row.mean, low, high, row.rank if is_alike else None,
        bool(row.tied), bar, _mix(here, _kinds(looks)), is_alike,
    )  # fmt: skip


def _overlap(own: Counter[str], whole: Counter[str]) -> float:
    """The common part of two mixes, 0..1."""
    mine, all_of_them = sum(own.values()), sum(whole.values())
    if not mine:
        return 1.0
    return sum(min(n / mine, whole[key] / all_of_them) for key, n in own.items())


def _mix(here: Standing, own: Counter[str]) -> str:
    """The most frequent kinds of sites, in words."""
    shown = [
        _("%(kind)s%(n)s") % {"kind": here.facts.site_types.get(key, key), "n": n}
        for key, n in own.most_common(MOST_TYPES)
    ]
    rest = sum(own.values()) - sum(n for _key, n in own.most_common(MOST_TYPES))
    if rest:
        shown.append(_("其他%(n)s") % {"n": rest})
    return _("、").join(shown)


def _axis(groups: Iterable[Group]) -> int:
    """Where the bars begin, so that they can be told apart: whole tens of percent below all."""
    lows = [row.low for group in groups for row in group.rows]
    return min(90, int(min(lows, default=0.0) * 10) * 10)


def _drawn(group: Group, start: int) -> Group:
    """The group with its bars on the axis from ``start`` to 100 percent."""
    room = 1000 - 10 * start
    rows = []
    for row in group.rows:
        bar = {name: round(1000 * (at - 10 * start) / room) for name, at in row.bar.items()}
        bar |= {"wide95": bar["high95"] - bar["low95"], "wide80": bar["high80"] - bar["low80"]}
        rows.append(Beside(**{**row.__dict__, "bar": bar}))
    return Group(group.name, rows, group.few)
