"""The page 先补哪里: the chosen works in groups by unit and kind, and why others are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weicheng.people.roles import Role
from weicheng.places.models import Region
from weicheng.scoring.amends import CITY, FRESH, NOBODY, UNCLEAR, Amend, Amends
from weicheng.scoring.fixing import Choice, LeftOut, choose
from weicheng.standards.models.reader import in_language

if TYPE_CHECKING:
    from weicheng.people.models import Unit

SECONDS: Final = 0.8
#: Points for money are told per so many yuan; per yuan they are too small to read.
WAN: Final = 10_000
#: Less than this of the city's own points is not worth a sentence, milli.
LEAST_CITY: Final = 50
TOP: Final = 12
MOST_LEFT: Final = 8
SORTS = ("day", "points", "yuan")
KINDS: Mapping[str, Promise] = {
    "problem": gettext_lazy("没办完的问题"), "site": gettext_lazy("薄弱点位"),
    "project": gettext_lazy("长期项目"),
}  # fmt: skip
REASONS: Mapping[str, Promise] = {
    "late": gettext_lazy("赶不上：到时完不成，不算进去"),
    "capacity": gettext_lazy("人手不够：所属单位剩下的工作日排满了"),
    "partner": gettext_lazy("要等别的工作一起做完才能补回"),
    "budget": gettext_lazy("钱不够"), "limit": gettext_lazy("超过了件数"),
    FRESH: gettext_lazy("推算以后才立案：能补多少分，等下次推算"),
    UNCLEAR: gettext_lazy("说不准补哪一项：这类问题对应好几个检查项，立案时没有指明"),
    CITY: gettext_lazy("市级指标：区里补不了，要请市里补"),
    "nothing": gettext_lazy("做了也补不回分：对应的检查项本来就没有扣分，或者最近已经合格"),
}  # fmt: skip


def exact(milli: int) -> str:
    """Points with all three decimals, so that a column adds up as it is read."""
    return f"{milli / 1000:.3f}"


def per_day(milli: int, days: float) -> str:
    """Points per working day; empty without effort."""
    return f"{milli / 1000 / days:.2f}" if days else ""


def per_wan(milli: int, yuan: int | None) -> str:
    """Points per ten thousand yuan; empty where the cost is unknown or nothing."""
    return f"{milli / 1000 * WAN / yuan:.2f}" if yuan else ""


@dataclass(frozen=True)
class Asked:
    """The filters of the page; empty means all."""

    unit: str = ""
    town: str = ""
    aspect: str = ""
    kind: str = ""
    by: str = "day"

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out on purpose."""
        return bool(self.unit or self.town or self.aspect or self.kind)

    def fits(self, amend: Amend) -> bool:
        """Whether a work belongs to what was asked."""
        return (
            self.unit in {"", amend.work.unit}
            and self.town in {"", str(amend.town)}
            and self.kind in {"", amend.work.kind}
            and (not self.aspect or any(c.item.aspect.key == self.aspect for c in amend.checks))
        )


def asked(given: Mapping[str, str]) -> Asked:
    """Filters from an address; what is not understood means all."""
    words = {name: given.get(name, "").strip()[:40] for name in ("unit", "town", "aspect", "kind")}
    by = given.get("by", "day")
    if words["kind"] not in KINDS:
        words["kind"] = ""
    return Asked(**words, by=by if by in SORTS else "day")


@dataclass
class Row:
    """A chosen work with its share of the difference, milli."""

    amend: Amend
    milli: int

    @property
    def points(self) -> str:
        """Points it brings back."""
        return exact(self.milli)

    @property
    def days(self) -> str:
        """Working days it takes."""
        return f"{self.amend.work.working_days:g}"

    @property
    def per_day(self) -> str:
        """Points per working day."""
        return per_day(self.milli, self.amend.work.working_days)

    @property
    def per_wan(self) -> str:
        """Points per ten thousand yuan, where the cost is known."""
        return per_wan(self.milli, self.amend.work.yuan)

    @property
    def texts(self) -> str:
        """The checks it puts in order."""
        return _("、").join(in_language(check, "text") for check in self.amend.checks[:4])


@dataclass
class Group:
    """Chosen works of one unit and one kind."""

    unit: Unit | None
    kind: str
    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def milli(self) -> int:
        """Milli of its works; they add up."""
        return sum(row.milli for row in self.rows)

    @property
    def points(self) -> str:
        """Points of its works."""
        return exact(self.milli)

    @property
    def days(self) -> float:
        """Working days of its works."""
        return sum(row.amend.work.working_days for row in self.rows)

    @property
    def days_words(self) -> str:
        """The same in words."""
        return f"{self.days:.1f}".removesuffix(".0")

    @property
    def per_day(self) -> str:
        """Points per working day."""
        return per_day(self.milli, self.days)

    @property
    def priced(self) -> list[Row]:
        """Its works whose cost is known; only their points are held against the money."""
        return [row for row in self.rows if row.amend.work.yuan is not None]

    @property
    def yuan(self) -> int | None:
        """Yuan where anything was stated."""
        return sum(row.amend.work.yuan or 0 for row in self.priced) if self.priced else None

    @property
    def priced_milli(self) -> int:
        """Milli of the works whose cost is known."""
        return sum(row.milli for row in self.priced)

    @property
    def per_wan(self) -> str:
        """Points per ten thousand yuan, of the works whose cost is known."""
        return per_wan(self.priced_milli, self.yuan)

    @property
    def persons(self) -> str:
        """The named persons, at most two."""
        names = list(dict.fromkeys(r.amend.person.name for r in self.rows if r.amend.person))
        more = _("等%(n)s人") % {"n": len(names)} if len(names) > 2 else ""
        return _("、").join(names[:2]) + more

    @property
    def new(self) -> int:
        """Problems that nobody was sent to."""
        return sum(row.amend.is_new for row in self.rows)

    @property
    def kind_words(self) -> str:
        """What kind of work it is."""
        return str(KINDS[self.kind])

    @property
    def texts(self) -> str:
        """What mostly fails, two checks at most."""
        found: dict[str, int] = {}
        for row in self.rows:
            for check in row.amend.checks[:1]:
                text = in_language(check, "text")
                found[text] = found.get(text, 0) + row.milli
        best = sorted(found, key=lambda text: (-found[text], text))
        return _("；").join(best[:2])

    @property
    def count(self) -> str:
        """How many, in the measure of its kind."""
        words = _("%(n)s处") if self.kind == "site" else _("%(n)s件")
        return words % {"n": len(self.rows)}


@dataclass(frozen=True)
class LeftGroup:
    """Works left out for one reason; ``rows`` are the best of them."""

    reason: str
    words: str
    count: int
    points: str
    rows: list[tuple[Amend, LeftOut, str]]


@dataclass(frozen=True)
class UnitLine:
    """What one unit can do and is asked to do, in working days; ``worth`` points of one more."""

    key: str
    unit: Unit
    crews: str
    used: str
    left: str
    worth: str


@dataclass(frozen=True)
class Page:
    """Everything of the page."""

    found: Amends
    choice: Choice
    groups: list[Group]
    more: int
    here: int
    count: int
    left_out: list[LeftGroup]
    units: list[UnitLine]
    new: list[UUID]
    sites: list[UUID]
    towns: list[Region]
    has_yuan: bool
    is_part: bool

    @property
    def here_points(self) -> str:
        """Points of what is shown here."""
        return exact(self.here)

    @property
    def city_points(self) -> str:
        """Points that only the city can bring back; empty for none."""
        return f"{self.found.city / 1000:.1f}" if self.found.city >= LEAST_CITY else ""

    @property
    def may_be_better(self) -> bool:
        """Whether the solver stopped before it knew the best, by more than a rounding."""
        return self.choice.gap >= 0.0005

    @property
    def gap_percent(self) -> str:
        """By how much a better choice could exceed this one, at most."""
        return f"{100 * self.choice.gap:.1f}"


def chosen(found: Amends) -> Choice:
    """The best set within what the units can do before the gate."""
    return choose(found.works, found.gains, found.capacity, found.day, seconds=SECONDS)


def fixing_page(found: Amends, choice: Choice, question: Asked, user: Any, *, all_: bool) -> Page:
    """The page for a reader; somebody in charge of an area sees the works of the own towns."""
    own = _own(user)

    def wanted(amend: Amend) -> bool:
        inside = own is None or bool(own & set(amend.site.region.ancestors))
        return inside and question.fits(amend)

    parts = [part for part in choice.parts if wanted(found.amends[part.key])]
    groups = _sorted(_groups((found.amends[p.key], p.milli) for p in parts), question.by)
    picked = [found.amends[part.key] for part in parts]
    shown = groups if all_ else groups[:TOP]
    return Page(
        found, choice, shown, len(groups) - len(shown), sum(p.milli for p in parts), len(parts),
        _left_out(found, [x for x in choice.left_out if wanted(found.amends[x.key])]),
        _units(found, choice), [a.problem.pk for a in picked if a.is_new and a.problem],
        [a.site.pk for a in picked if a.work.kind == "site"],
        _towns(found, own), any(a.work.yuan is not None for a in picked),
        own is not None or question.is_narrow,
    )  # fmt: skip


def _own(user: Any) -> set[UUID] | None:
    """The regions that a reader is bound to; None for those who see the whole region."""
    return set(user.scopes()) if user.role == Role.AREA else None


def _groups(rows: Iterable[tuple[Amend, int]]) -> list[Group]:
    found: dict[tuple[str, str, str], Group] = {}
    for amend, milli in rows:
        problem = amend.problem
        what = problem.kind_id if problem else amend.site.site_type_id
        name = problem.kind_name() if problem else str(amend.site.site_type)
        key = (amend.work.unit, amend.work.kind, what)
        group = found.setdefault(key, Group(amend.unit, amend.work.kind, name))
        group.rows.append(Row(amend, milli))
    return list(found.values())


def _sorted(groups: list[Group], by: str) -> list[Group]:
    def order(group: Group) -> tuple[float, ...]:
        if by == "points" or (by == "day" and not group.days):
            return 0.0 if by == "day" else 1.0, -group.milli
        if by == "day":
            return 1.0, -group.milli / group.days, -group.milli
        if group.yuan is None:
            return 2.0, -group.milli
        return 1.0, -group.priced_milli / (group.yuan or 0.1), -group.milli

    return sorted(groups, key=order)


def _left_out(found: Amends, rows: Sequence[LeftOut]) -> list[LeftGroup]:
    by_reason: defaultdict[str, list[LeftOut]] = defaultdict(list)
    for row in rows:
        why = found.amends[row.key].why if row.reason == "nothing" else ""
        by_reason[why or row.reason].append(row)
    return [
        LeftGroup(
            reason, str(REASONS[reason]), len(rest),
            exact(round(sum(row.nano for row in rest) / 1_000_000)),
            [(found.amends[row.key], row, exact(round(row.nano / 1_000_000)))
             for row in rest[:MOST_LEFT]],
        )
        for reason in REASONS
        if (rest := by_reason.get(reason))
    ]  # fmt: skip


def _units(found: Amends, choice: Choice) -> list[UnitLine]:
    units = {a.work.unit: a.unit for a in found.amends.values() if a.unit is not None}
    lines = []
    for key, unit in units.items():
        use = choice.units.get(key)
        worth = use.worth if use is not None else None
        lines.append(UnitLine(
            key, unit, f"{found.crews.get(key, 1.0):g}", f"{use.used if use else 0:.1f}",
            f"{use.left if use else found.capacity.get(key, 0):.1f}",
            "" if not worth else exact(round(worth)),
        ))  # fmt: skip
    return sorted(lines, key=lambda line: (-float(line.used), str(line.unit)))


def _towns(found: Amends, own: set[UUID] | None) -> list[Region]:
    keys = {amend.town for amend in found.amends.values()}
    rows = Region.objects.filter(pk__in=keys).order_by("code")
    return [row for row in rows if own is None or own & set(row.ancestors)]


__all__ = ["NOBODY", "Asked", "Page", "asked", "chosen", "fixing_page"]
