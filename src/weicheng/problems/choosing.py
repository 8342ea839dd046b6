"""Whom and where a person may choose: units, persons, regions and sites by a few characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Q, When

from weicheng.people.directory import directory
from weicheng.people.models import Person, Unit
from weicheng.places.models import Site
from weicheng.problems import catalogue

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.places.models import Region
    from weicheng.standards.models import ProblemKind

MOST = 12
_NAMED = re.compile(r"^(?P<name>[^（(]+?)\s*[（(](?P<unit>[^）)]+)[）)]$")


def regions_for(user: Any) -> list[Region]:
    """Regions a person may choose, in the order of their codes; from memory."""
    book, roots = directory(), user.region_roots()
    found = book.regions.values()
    if roots is not None:
        found = [r for r in found if set(roots) & set(r.ancestors)]  # type: ignore[assignment]
    return sorted(found, key=lambda r: r.code)


def units_for(user: Any) -> list[Unit]:
    """Active units of a person's districts and those of no region; from memory."""
    book, roots = directory(), user.region_roots()
    if roots is None:
        return [u for u in book.units.values() if u.active]
    known = {r.id for r in regions_for(user)}
    return [
        u for u in book.units.values() if u.active and (not u.region_id or u.region_id in known)
    ]


def units_called(text: str, user: Any) -> list[Unit]:
    """Units of that name; else those whose name holds it, or whose pinyin begins so."""
    text = text.strip()
    if not text:
        return []
    units = units_for(user)
    exact = [u for u in units if text in {u.name, u.short_name}]
    if exact:
        return exact
    holding = [u for u in units if text in u.name or text in u.short_name]
    low = text.lower().replace(" ", "")
    return holding or [u for u in units if any(w.startswith(low) for w in u.pinyin.split())]


def persons_called(text: str, user: Any, unit: Unit | None = None) -> list[Person]:
    """Persons of exactly that name, “刘×（联通）” or “刘×”, in the unit where one is given."""
    text = text.strip()
    named = _NAMED.match(text)
    name = named["name"] if named else text
    found = Person.objects.visible_to(user).filter(name=name, active=True)
    if unit is not None:
        found = found.filter(posts__unit=unit, posts__until=None)
    elif named:
        found = found.filter(
            Q(posts__unit__short_name=named["unit"]) | Q(posts__unit__name=named["unit"]),
            posts__until=None,
        )
    return list(found.distinct()[:MOST])


def persons_like(text: str, user: Any, unit: Unit | None = None) -> list[Person]:
    """Persons whose name begins or whose pinyin holds the text, for a list to pick from."""
    found = Person.objects.visible_to(user).filter(active=True)
    if unit is not None:
        found = found.filter(posts__unit=unit, posts__until=None)
    if text:
        low = text.lower()
        found = found.filter(Q(name__startswith=text) | Q(pinyin__contains=low))
    return list(found.prefetch_related("posts__unit").distinct()[:MOST])


def sites_like(text: str, user: Any, most: int = MOST) -> list[Site]:
    """Active sites whose name or pinyin holds the text; those that begin so, and near, first."""
    text = text.strip()
    if not text:
        return []
    found = Site.objects.visible_to(user).filter(active=True).select_related("region__parent")
    low = text.lower().replace(" ", "")
    match, begins = Q(name__contains=text), Q(name__startswith=text)
    if low.isascii():
        match |= Q(pinyin__contains=low)
        begins |= Q(pinyin__startswith=low) | Q(pinyin__contains=f" {low}")
    rank = Case(When(begins, then=0), default=1)
    own = [u.region_id for u in user.working_units() if u.region_id is not None]
    near = Case(When(region__ancestors__overlap=own, then=0), default=1)
    rows = found.filter(match).annotate(near=near, rank=rank)
    return list(rows.order_by("near", "rank", "pinyin", "id")[:most])


def site_named(text: str, user: Any) -> Site | None:
    """The one site of exactly that name, if there is just one."""
    found = list(Site.objects.visible_to(user).filter(name=text.strip(), active=True)[:2])
    return found[0] if len(found) == 1 else None


def kinds() -> list[ProblemKind]:
    """The active kinds in the catalogue's order; from memory."""
    return list(catalogue.kinds().values())


def region_id(user: Any, text: str) -> UUID | None:
    """The region of that id if the person may choose it."""
    return next((r.id for r in regions_for(user) if str(r.id) == text), None)


def unit_id(user: Any, text: str) -> UUID | None:
    """The unit of that id or name if the person may choose it."""
    found = [u.id for u in units_for(user) if str(u.id) == text]
    found = found or [u.id for u in units_called(text, user)][:1]
    return found[0] if found else None
