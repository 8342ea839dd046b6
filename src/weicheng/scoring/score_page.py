"""What the pages of the score show: sheets, aspects worst first, red points, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from weicheng.duties.resolver import accountable
from weicheng.inspections.rulebook import rulings_for
from weicheng.people.models import SitePart, SiteParty
from weicheng.places.models import Site
from weicheng.problems.models import Problem
from weicheng.scoring.changes_page import WEEK, Changes, changes
from weicheng.scoring.gates import BROKEN, HELD, UNKNOWN, GateLine, gate_lines
from weicheng.scoring.known import known_of
from weicheng.scoring.lights import Light, lights
from weicheng.scoring.models import WarningLine
from weicheng.scoring.reckoning import Node, Portion
from weicheng.scoring.standing import Standing, standing
from weicheng.scoring.words import WHOSE, light, light_words
from weicheng.standards.models import Aspect, Check, Item, SiteType

if TYPE_CHECKING:
    from weicheng.inspections.models import Visit
    from weicheng.people.models import Person, Unit
    from weicheng.scoring.asking import Asked

MOST_CAUSES, MOST_RED, MOST_BLIND = 6, 5, 6


@dataclass(frozen=True)
class AspectLine:
    """An aspect with its points; ``moved`` milli in a week, ``lines`` drawn over it."""

    aspect: Aspect
    portion: Portion
    moved: int
    lines: Sequence[WarningLine]
    colour: str

    @property
    def light_words(self) -> str:
        """What its light says."""
        return light_words(self.colour)


@dataclass(frozen=True)
class RedLine:
    """A key check that failed on a site."""

    check: Check
    site: Site
    visit: Visit | None
    problems: Sequence[Problem]


@dataclass(frozen=True)
class ScorePage:
    """The page of the score."""

    now: Standing
    before: Standing
    aspects: Sequence[AspectLine]
    changes: Changes
    red: Sequence[RedLine]
    reds: int
    blind: Sequence[tuple[SiteType, int, int]]
    whose: Sequence[tuple[str, Portion]]
    lines: Sequence[WarningLine]
    light: str
    gates: Sequence[GateLine]

    @property
    def open_gates(self) -> list[GateLine]:
        """Gates that are broken, or of which nobody knows."""
        return [row for row in self.gates if row.state != HELD]

    @property
    def held_gates(self) -> list[GateLine]:
        """Gates that hold."""
        return [row for row in self.gates if row.state == HELD]


def score_page(asked: Asked, user: Any) -> ScorePage:
    """The page for a question, in a constant number of queries."""
    here = standing(asked.region, asked.as_of, scope=asked.scope, sheet=asked.sheet)
    before = standing(asked.region, asked.as_of - WEEK, scope=asked.scope, sheet=asked.sheet)
    reds = here.score.red
    shown = reds[:MOST_RED]
    known = known_of([r.visit for r in shown], [r.site for r in shown], here.facts, user)
    checks = {check.key: check for check in here.facts.checks}
    whose = here.score.whose
    drawn = list(WarningLine.objects.visible_to(user).filter(region=asked.region, active=True))
    lamps = _Lamps(here, drawn, lights(asked.region, user) if asked.is_plain else {})
    return ScorePage(
        here, before, _aspects(here, before, lamps),
        changes(here, before, user, most=MOST_CAUSES),
        [RedLine(checks[r.check], known.sites[r.site], *known.of(r.visit, r.check))
         for r in shown if r.site in known.sites],
        len(reds), _blind(here),
        [(str(WHOSE[key]), whose[key]) for key in WHOSE if key in whose],
        lamps.of(""), lamps.colour("", here.thousand.low_milli, here.thousand.high_milli),
        sorted(gate_lines(here.facts, here.figures), key=lambda row: _ORDER[row.state]),
    )  # fmt: skip


_ORDER = {BROKEN: 0, UNKNOWN: 1, HELD: 2}


@dataclass(frozen=True)
class _Lamps:
    """The lights of the total (empty key) and of the aspects: from the forecast where there is one
    of just this question, else from what is known at least and at most."""

    here: Standing
    drawn: Sequence[WarningLine]
    foretold: Mapping[str, Light]

    def of(self, aspect: str) -> list[WarningLine]:
        """The lines over an aspect, or over the total."""
        return [line for line in self.drawn if line.aspect == aspect]

    def colour(self, aspect: str, low: int, high: int) -> str:
        """The colour; empty without a line."""
        if aspect in self.foretold:
            return self.foretold[aspect].colour
        return light(low, high, {line.name: line.milli for line in self.of(aspect)})


def _aspects(here: Standing, before: Standing, lamps: _Lamps) -> list[AspectLine]:
    rows = []
    for aspect in here.facts.aspects:
        portion = here.score.aspects.get(aspect.key, Portion())
        was = before.score.aspects.get(aspect.key, Portion())
        lines = lamps.of(aspect.key)
        most = portion.earned + portion.not_inspected
        colour = lamps.colour(aspect.key, portion.earned, most) if lines else ""
        moved = portion.earned - was.earned
        rows.append(AspectLine(aspect, portion, moved, lines, colour))
    return sorted(rows, key=lambda r: (-r.portion.lost, r.aspect.number))


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
    known = known_of([n.key for n in nodes], [n.site for n in nodes], here.facts, user)
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
        region=site.region_id, day=timezone.localdate(here.facts.as_of), check_key=check, site=site
    )
    return found.lead, found.person


def _sponsors(sites: Iterable[Site]) -> dict[UUID, Unit]:
    rows = SiteParty.objects.filter(site__in=list(sites), part=SitePart.SPONSOR, until=None)
    return {row.site_id: row.unit for row in rows.select_related("unit").order_by("-pk")}
