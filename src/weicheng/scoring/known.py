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
        state = self.facts.latest().get(visit.site_id) if visit else None
        look = state.look_of(check) if state else named.look
        said = state.reported.get(check) if state else None
        found = {problem.pk: problem for problem in self.problems.get((look, check), [])}
        if said and said.problem in self.since:
            found = {said.problem: self.since[said.problem], **found}
        return self.visits.get(look), list(found.values())


def known_of(names: Iterable[str], sites: Iterable[str], facts: Facts, user: Any) -> Known:
    """Looks, problems and sites behind names of visits; three queries."""
    parts = [parts_of(name) for name in names]
    looks = [look for named in parts for look in (named.look, *named.older)]
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
