"""What the pages of the score show: sheets, aspects worst first, red points, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext

from weicheng.duties.resolver import accountable
from weicheng.inspections.models import Visit
from weicheng.inspections.rulebook import rulings_for
from weicheng.people.models import SitePart, SiteParty
from weicheng.places.models import Site
from weicheng.problems.models import Problem
from weicheng.scoring.facts import problems_of
from weicheng.scoring.models import WarningLine
from weicheng.scoring.reckoning import Cause, Node, Portion, difference
from weicheng.scoring.snapshots import parts_of
from weicheng.scoring.standing import Standing, standing
from weicheng.scoring.words import CAUSES, WHOSE, light
from weicheng.standards.models import Aspect, Check, Item, SiteType

if TYPE_CHECKING:
    from weicheng.people.models import Person, Unit
    from weicheng.scoring.asking import Asked
    from weicheng.scoring.facts import Facts

WEEK = timedelta(days=7)
MOST_CAUSES, MOST_RED, MOST_BLIND = 6, 5, 6


@dataclass(frozen=True)
class AspectLine:
    """An aspect with its points."""

    aspect: Aspect
    portion: Portion
    moved: int


@dataclass(frozen=True)
class CauseLine:
    """A part of a change: what kind, how many milli, and the site, visit and problems behind."""

    words: str
    milli: int
    site: Site | None
    visit: Visit | None
    problems: Sequence[Problem]


@dataclass(frozen=True)
class RedLine:
    """A key check that failed on a site."""

    check: Check
    site: Site
    visit: Visit | None
    problems: Sequence[Problem]


@dataclass(frozen=True)
class GateLine:
    """A must-have item: held, broken or unknown; ``failures`` of its checks, if it has any."""

    item: Item
    state: str
    failures: int


@dataclass(frozen=True)
class ScorePage:
    """The page of the score."""

    now: Standing
    before: Standing
    aspects: Sequence[AspectLine]
    causes: Sequence[CauseLine]
    red: Sequence[RedLine]
    reds: int
    blind: Sequence[tuple[SiteType, int, int]]
    whose: Sequence[tuple[str, Portion]]
    lines: Sequence[WarningLine]
    light: str
    gates: Sequence[GateLine]

    @property
    def moved(self) -> int:
        """Milli earned on site more than a week before."""
        return self.now.score.earned_milli - self.before.score.earned_milli


def score_page(asked: Asked, user: Any) -> ScorePage:
    """The page for a question, in a constant number of queries."""
    here = standing(asked.region, asked.as_of, scope=asked.scope, sheet=asked.sheet)
    before = standing(asked.region, asked.as_of - WEEK, scope=asked.scope, sheet=asked.sheet)
    causes = difference(before.score, here.score)[:MOST_CAUSES]
    reds = here.score.red
    names = [c.after or c.before for c in causes] + [r.visit for r in reds[:MOST_RED]]
    sites = [c.site for c in causes] + [r.site for r in reds]
    known = _known([n for n in names if n], sites, here.facts, user)
    checks = {check.key: check for check in here.facts.checks}
    whose = here.score.whose
    lines = WarningLine.objects.visible_to(user).filter(region=asked.region, active=True, aspect="")
    totals = {line.name: line.milli for line in lines}
    return ScorePage(
        here, before, _aspects(here, before),
        [_cause(cause, known) for cause in causes],
        [RedLine(checks[r.check], known.sites[r.site], *known.of(r.visit, r.check))
         for r in reds[:MOST_RED] if r.site in known.sites],
        len(reds), _blind(here),
        [(str(WHOSE[key]), whose[key]) for key in WHOSE if key in whose],
        list(lines), light(here.thousand.low_milli, here.thousand.high_milli, totals),
        _gates(here),
    )  # fmt: skip


def _aspects(here: Standing, before: Standing) -> list[AspectLine]:
    rows = []
    for aspect in here.facts.aspects:
        portion = here.score.aspects.get(aspect.key, Portion())
        was = before.score.aspects.get(aspect.key, Portion())
        rows.append(AspectLine(aspect, portion, portion.earned - was.earned))
    return sorted(rows, key=lambda r: (-r.portion.lost, r.aspect.number))


def _gates(here: Standing) -> list[GateLine]:
    """Each must-have item once: broken if its checks or its condition say so."""
    items = {item.key: item for item in here.facts.items}
    found: dict[str, GateLine] = {}
    for gate in here.score.gates:
        known = found.get(gate.key)
        if known is None or known.state == "unknown" or gate.state == "broken":
            failures = gate.failures or (known.failures if known else 0)
            found[gate.key] = GateLine(items[gate.key], gate.state, failures)
    return list(found.values())


def _blind(here: Standing) -> list[tuple[SiteType, int, int]]:
    """Site types that were looked at least, of those that are drawn at all."""
    rows = [
        (here.facts.site_types[key], seen, n)
        for key, (seen, n) in here.coverage.items()
        if key in here.facts.site_types and here.facts.quotas.get(key) and seen < n
    ]
    rows.sort(key=lambda row: (row[1] / row[2], -row[2]))
    return rows[:MOST_BLIND]


@dataclass(frozen=True)
class _Known:
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
        known = self.facts.latest().get(visit.site_id) if visit else None
        look = known.look_of(check) if known else named.look
        said = known.reported.get(check) if known else None
        found = {problem.pk: problem for problem in self.problems.get((look, check), [])}
        if said and said.problem in self.since:
            found = {said.problem: self.since[said.problem], **found}
        return self.visits.get(look), list(found.values())


def _known(names: Iterable[str], sites: Iterable[str], facts: Facts, user: Any) -> _Known:
    parts = [parts_of(name) for name in names]
    looks = [look for named in parts for look in (named.look, *named.older)]
    since = [key for named in parts for key in (*named.mended, *named.reported)]
    problems = Problem.objects.visible_to(user).filter(pk__in=since)
    problems = problems.select_related("kind", "lead_unit", "person")
    seen = Visit.objects.visible_to(user).filter(pk__in=looks).select_related("inspector", "plan")
    places = Site.objects.visible_to(user).filter(pk__in=set(filter(None, sites)))
    return _Known(
        {str(site.pk): site for site in places.select_related("region")},
        {visit.pk: visit for visit in seen}, problems_of(looks),
        {problem.pk: problem for problem in problems}, facts,
    )  # fmt: skip


def _look(name: str) -> UUID:
    return parts_of(name).look


def _cause(cause: Cause, known: _Known) -> CauseLine:
    name = cause.after or cause.before
    visit, problems = known.of(name) if name else (None, [])
    words = str(CAUSES[cause.kind])
    if cause.before and cause.after and _look(cause.before) == _look(cause.after):
        words = gettext("立案或销号")
    return CauseLine(words, cause.milli, known.sites.get(cause.site), visit, problems)


@dataclass(frozen=True)
class Crumb:
    """A step of the path from the total down."""

    name: str
    path: str
    milli: int


@dataclass(frozen=True)
class LostLine:
    """Lost points in one place: opens to the next level, or to the visit that found it."""

    name: str
    milli: int
    path: str
    opens: bool
    note: str = ""
    site: Site | None = None
    visit: Visit | None = None
    problems: Sequence[Problem] = ()
    unit: Unit | None = None
    person: Person | None = None
    sponsor: Unit | None = None


@dataclass(frozen=True)
class WhyPage:
    """One level of the explanation; the lines add up to ``milli`` exactly."""

    now: Standing
    level: str
    crumbs: Sequence[Crumb]
    milli: int
    lines: Sequence[LostLine]
    rulings: Sequence[Any]
    more: int


MOST_LINES = 200


def why_page(asked: Asked, user: Any, path: Sequence[str]) -> WhyPage | None:
    """Why points are lost below a path; None for a path that lost nothing."""
    here = standing(asked.region, asked.as_of, scope=asked.scope, sheet=asked.sheet)
    try:
        nodes = [here.tree.node(path[:n]) for n in range(len(path) + 1)]
        below = here.tree.open(path) if nodes[-1].opens else ()
    except KeyError:
        return None
    names = _Names(here)
    shown = below[:MOST_LINES]
    crumbs = [Crumb(names.of(n), "/".join(n.path), n.milli) for n in nodes]
    at_visits = bool(shown) and shown[0].level == "visit"
    lines = _visits(shown, here, user) if at_visits else [names.line(node) for node in shown]
    level = shown[0].level if shown else ""
    rulings = rulings_for([path[3]]).get(path[3], []) if len(path) > 3 else []
    return WhyPage(here, level, crumbs, nodes[-1].milli, lines, rulings, len(below) - len(shown))


class _Names:
    """What the keys of the tree are called."""

    def __init__(self, here: Standing) -> None:
        self.aspects = {row.key: row for row in here.facts.aspects}
        self.items: dict[str, Item] = {row.key: row for row in here.facts.items}
        self.types = here.facts.site_types
        self.checks = {row.key: row for row in here.facts.checks}
        self.coverage = here.coverage

    def of(self, node: Node) -> str:
        """The name of a node in the reader's language."""
        from weicheng.standards.models.reader import in_language

        if node.level == "total":
            return ""
        shelves: dict[str, Mapping[str, Any]] = {
            "aspect": self.aspects, "item": self.items, "site_type": self.types,
            "check": self.checks,
        }  # fmt: skip
        row = shelves[node.level].get(node.key)
        return in_language(row, "text" if node.level == "check" else "name") if row else node.key

    def line(self, node: Node) -> LostLine:
        """A line that opens to the next level."""
        note = ""
        if node.level == "site_type":
            seen, n = self.coverage.get(node.key, (0, 0))
            note = f"{seen}/{n}"
        return LostLine(self.of(node), node.milli, "/".join(node.path), True, note)


def _visits(nodes: Sequence[Node], here: Standing, user: Any) -> list[LostLine]:
    known = _known([n.key for n in nodes], [n.site for n in nodes], here.facts, user)
    sponsors = _sponsors(known.sites.values())
    lines = []
    for node in nodes:
        site, check = known.sites.get(node.site), node.path[3]
        visit, problems = known.of(node.key, check)
        unit, person = _accountable(problems, site, check, here)
        name = site.name if site else ""
        sponsor = sponsors.get(site.pk) if site else None
        lines.append(LostLine(
            name, node.milli, "", False, "", site, visit, problems, unit, person, sponsor
        ))  # fmt: skip
    return lines


def _accountable(
    problems: Sequence[Problem], site: Site | None, check: str, here: Standing
) -> tuple[Unit | None, Person | None]:
    """Who leads the problem; without one, who answers for the check at the site by duty."""
    led = next((p for p in problems if p.lead_unit is not None), None)
    if led is not None:
        return led.lead_unit, led.person
    if site is None:
        return None, None
    found = accountable(
        region=site.region_id, day=here.facts.as_of.date(), check_key=check, site=site
    )
    return found.lead, found.person


def _sponsors(sites: Iterable[Site]) -> dict[UUID, Unit]:
    rows = SiteParty.objects.filter(site__in=list(sites), part=SitePart.SPONSOR, until=None)
    return {row.site_id: row.unit for row in rows.select_related("unit").order_by("-pk")}
