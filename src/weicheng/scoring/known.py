"""What the visits of a score are called: the look, its site, and the problems that came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from weicheng.inspections.models import Visit
from weicheng.places.models import Site
from weicheng.problems.models import Problem
from weicheng.scoring.facts import problems_of
from weicheng.scoring.snapshots import parts_of

if TYPE_CHECKING:
    from weicheng.scoring.facts import Facts


@dataclass(frozen=True)
class Known:
    """What the names of visits stand for, as a reader may see them."""

    sites: Mapping[str, Site]
    visits: Mapping[UUID, Visit]
    problems: Mapping[tuple[UUID, str], Sequence[Problem]]
    since: Mapping[UUID, Problem]
    facts: Facts

    def of(self, name: str, check: str = "") -> tuple[Visit | None, Sequence[Problem]]:
        """The visit of a name and its problems: of one check, or all that changed it since."""
        named = parts_of(name)
        visit = self.visits.get(named.look)
        if not check:
            changed = (*named.mended, *named.reported)
            return visit, [self.since[key] for key in changed if key in self.since]
        said = self.facts.reported.get(visit.site_id, {}).get(check) if visit else None
        reported = [self.since[said.problem]] if said and said.problem in self.since else []
        return visit, [*reported, *self.problems.get((named.look, check), [])]


def known_of(names: Iterable[str], sites: Iterable[str], facts: Facts, user: Any) -> Known:
    """Looks, problems and sites behind names of visits; three queries."""
    parts = [parts_of(name) for name in names]
    looks = [named.look for named in parts]
    since = [key for named in parts for key in (*named.mended, *named.reported)]
    problems = Problem.objects.visible_to(user).filter(pk__in=since)
    problems = problems.select_related("kind", "lead_unit", "person")
    seen = Visit.objects.visible_to(user).filter(pk__in=looks).select_related("inspector", "plan")
    places = Site.objects.visible_to(user).filter(pk__in=set(filter(None, sites)))
    return Known(
        {str(site.pk): site for site in places.select_related("region")},
        {visit.pk: visit for visit in seen}, problems_of(looks),
        {problem.pk: problem for problem in problems}, facts,
    )  # fmt: skip
