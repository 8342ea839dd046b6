"""Who answers for a place and a kind: 属地, 行业主管, 包保单位; and who therefore sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from weicheng.duties.book import book as duties
from weicheng.duties.rows import EVERYTHING
from weicheng.people.directory import directory
from weicheng.people.models import SitePart, Unit, UnitKind
from weicheng.problems.models import Party
from weicheng.problems.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from weicheng.journal.together import Together
    from weicheng.places.models import Site
    from weicheng.standards.models import ProblemKind

#: The strongest reason to see a problem comes first.
STRENGTH = [
    Part.LEAD, Part.RESPONSIBLE, Part.SUPPORT, Part.SETTLER, Part.BUREAU, Part.TERRITORY,
    Part.SPONSOR, Part.FINDER, Part.REGION,
]  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """The three answers for a place and a kind; each may be unknown."""

    territory: Unit | None
    community: Unit | None
    bureau: Unit | None
    sponsor: Unit | None

    def lead(self) -> Unit | None:
        """The suggested lead: the bureau of the kind, else the town."""
        return self.bureau or self.territory or self.community


_OF_SITES = """
SELECT site_id, part, unit_id FROM people_siteparty
WHERE site_id = ANY(%s) AND (since IS NULL OR since <= %s) AND (until IS NULL OR until >= %s)
ORDER BY id
"""


def parties_of_sites(sites: Iterable[Site]) -> dict[UUID, dict[str, Unit]]:
    """The first unit of each part for each site, in one query."""
    units = directory().units
    found: dict[UUID, dict[str, Unit]] = {}
    with connection.cursor() as cursor:
        today = timezone.localdate()
        cursor.execute(_OF_SITES, [[site.pk for site in sites], today, today])
        for site, part, unit in cursor.fetchall():
            parts = found.setdefault(site, {})
            if part not in parts:
                parts[part] = units.get(unit) or Unit.objects.get(pk=unit)
    return found


def _parties_of(site: Site) -> dict[str, Unit]:
    """The first unit of each part for a site, from memory."""
    book, found, today = duties(), dict[str, Unit](), timezone.localdate()
    for row in book.rows.get((EVERYTHING, site.pk), ()):
        unit = book.directory.units.get(row.unit) if row.site_part and row.unit else None
        if unit is not None and row.in_force(today):
            found.setdefault(row.site_part, unit)
    return found


def answers(
    *,
    kind: ProblemKind,
    region: UUID,
    site: Site | None,
    known_sites: dict[UUID, dict[str, Unit]] | None = None,
) -> Answers:
    """Fill the three answers from the site's own relations, then from the place and the kind."""
    book = directory()
    here = book.responsible_here(region)
    town = next((u for u in here if u.kind == "town"), None)
    community = next((u for u in here if u.kind == "community"), None)
    own: dict[str, Unit] = {}
    if site is not None:
        own = _parties_of(site) if known_sites is None else known_sites.get(site.id, {})
    return Answers(
        territory=town or own.get(SitePart.TERRITORY),
        community=community,
        bureau=book.named(kind.bureau_words, region) or own.get(SitePart.BUREAU),
        sponsor=own.get(SitePart.SPONSOR),
    )


def strongest(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, str]:
    """One part per scope: the strongest reason."""
    found: dict[UUID, str] = {}
    for scope, part in pairs:
        held = found.get(scope)
        if held is None or STRENGTH.index(Part(part)) < STRENGTH.index(Part(held)):
            found[scope] = part
    return found


#: Units whose people see by region anyway, so that their findings need no row of their own.
BY_REGION = frozenset({UnitKind.OFFICE, UnitKind.LEADERS, UnitKind.SUPERVISION, UnitKind.GROUP})


def first_parties(region: UUID, known: Answers, finder: Unit | None = None) -> dict[UUID, str]:
    """The scopes that see a problem from its filing on; a unit goes on seeing what it found."""
    book = directory()
    pairs: list[tuple[UUID, str]] = [(i, Part.REGION) for i in book.ancestors(region)]
    for unit, part in (
        (known.territory, Part.TERRITORY),
        (known.community, Part.TERRITORY),
        (known.bureau, Part.BUREAU),
        (known.sponsor, Part.SPONSOR),
    ):
        if unit is not None:
            pairs.append((unit.id, part))
    if finder is not None and finder.kind not in BY_REGION:
        pairs.append((finder.id, Part.FINDER))
    return strongest(pairs)


_ADMIT = """
INSERT INTO problems_party (problem_id, scope, part, status, due_at, created_at)
SELECT %s, scope, part, %s, %s, %s FROM unnest(%s::uuid[], %s::text[]) AS t(scope, part)
ON CONFLICT (problem_id, scope) DO UPDATE SET part = EXCLUDED.part
"""


def admit(
    problem: UUID,
    scopes: dict[UUID, str],
    *,
    status: str,
    due_at: datetime | None,
    created_at: datetime,
    writes: Together,
) -> None:
    """Let these scopes see the problem, in one statement."""
    if scopes:
        parts = [str(part) for part in scopes.values()]
        writes.add(_ADMIT, [problem, status, due_at, created_at, list(scopes), parts])


def relations_of(problem: UUID) -> dict[UUID, str]:
    """Who sees a problem, by scope."""
    return dict(Party.objects.filter(problem_id=problem).values_list("scope", "part"))
