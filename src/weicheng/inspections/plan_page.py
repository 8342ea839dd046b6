"""What the page of a plan shows to one person: figures of a draft, or progress, teams, stops."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from weicheng.inspections import plan_words
from weicheng.inspections.acts.teams import answers_on, barred_among, may_regroup
from weicheng.inspections.history import told
from weicheng.inspections.models import Found, Plan, Stop, Team, Visit
from weicheng.inspections.plan_words import (
    gap,
    rounds_changed,
    shorts_of,
    shorts_of_lines,
    too_few,
)
from weicheng.inspections.pool import Pool, Scope, gaps_of, pool_of
from weicheng.inspections.rules import drawn_again
from weicheng.inspections.seeds import printed
from weicheng.inspections.words import PlanState
from weicheng.inspections.workload import Load, counted, guess
from weicheng.journal.ids import uuid7
from weicheng.people.roles import Role
from weicheng.standards.models import SiteType

if TYPE_CHECKING:
    from weicheng.people.models import Person


@dataclass(frozen=True)
class DraftPage:
    """A plan before its lock: types, what is missing, what is undecided, how long it will take."""

    pool: Pool
    sentences: list[str]
    load: Load
    unfit: list[Person]
    per_town: bool


@dataclass
class StopRow:
    """One stop with what came of it, as far as the reader may know."""

    stop: Stop
    visited: bool = False
    outcome: str = ""
    found: int = 0
    op_id: UUID = field(default_factory=uuid7)

    @property
    def closed(self) -> bool:
        """Whether the site was closed since, and nobody said so here yet."""
        return not self.stop.gone and not self.stop.site.active


@dataclass
class TeamCard:
    """A team with its stops; ``mine``: the reader leads it. ``count`` also while it is sealed."""

    team: Team
    persons: list[Person]
    count: int
    rows: list[StopRow] = field(default_factory=list)
    mine: bool = False
    concerned: list[tuple[Person, int]] = field(default_factory=list)
    op_id: UUID = field(default_factory=uuid7)

    @property
    def visited(self) -> int:
        """Stops of this team that were visited."""
        return sum(row.visited for row in self.rows)

    @property
    def is_sealed(self) -> bool:
        """Whether the reader does not see the route yet."""
        return self.count > len(self.rows)


@dataclass(frozen=True)
class TypeRow:
    """One site type of a drawn plan."""

    name: str
    drawn: int
    visited: int
    found: int


@dataclass(frozen=True)
class DrawnPage:
    """A drawn plan: progress, teams, types; its seed once it is released or dropped."""

    total: int
    visited: int
    gone: int
    found: int
    teams: list[TeamCard]
    unteamed: list[StopRow]
    types: list[TypeRow]
    sentences: list[str]
    load: Load | None
    seed: str
    can_verify: bool
    fingerprint: str
    may_regroup: bool

    @property
    def missing(self) -> int:
        """Stops that nobody visited and that are still there."""
        return max(self.total - self.visited - self.gone, 0)


def _about_the_series(plan: Plan, pool: Pool, user: Any) -> list[str]:
    """Sentences about the size of the draw, its promise, and draws that were dropped before it."""
    said = []
    if not plan.site_types and not plan.half and (few := too_few(pool.total)):
        said.append(few)
    # what was promised before and who waits too long tells of the earlier rounds
    seen = Plan.objects.visible_to(user).filter(pk__in=pool.earlier).count()
    knows, now = seen == len(pool.earlier), plan.rounds or 0
    if knows and pool.promised is not None and pool.promised != now:
        said.append(rounds_changed(pool.promised, now))
    names = {line.key: line.name for line in pool.lines}
    gaps = [one for one in gaps_of(pool.given()) if knows or one.needed > one.rounds]
    said += [gap(names.get(one.site_type, ""), one) for one in gaps]
    return [*said, *_again(plan, user)]


def _again(plan: Plan, user: Any) -> list[str]:
    n = drawn_again(plan, user)
    return [plan_words.drawn_again(n)] if n > 1 else []


def draft_page(plan: Plan, user: Any) -> DraftPage:
    """The figures of a draft."""
    pool = pool_of(Scope.of(plan))
    teams = list(plan.teams.prefetch_related("members__person"))
    persons = [m.person for team in teams for m in team.members.all()]
    said = shorts_of_lines(pool.lines)
    if plan.sampled:
        said += _about_the_series(plan, pool, user)
    barred = barred_among(plan, persons)
    unfit = [person for person in persons if person.pk in barred]
    load = guess(pool, [len(team.members.all()) for team in teams], plan.doubled)
    return DraftPage(pool, said, load, unfit, plan.spread)


def drawn_page(plan: Plan, user: Any) -> DrawnPage:
    """The progress of a drawn plan. A reader who may not see a route yet sees only its length."""
    rows = _rows(plan, user)
    whole = user.role in {Role.OFFICE, Role.LEADER}
    everything = list(Stop.objects.filter(plan=plan).select_related("site"))
    counted_stops = everything if whole else [row.stop for row in rows]
    seen = set(Visit.objects.filter(plan=plan).values_list("site_id", flat=True)) if whole else {
        row.stop.site_id for row in rows if row.visited
    }  # fmt: skip
    gone = [s for s in counted_stops if s.site_id not in seen and (s.gone or not s.site.active)]
    kept = getattr(plan, "drawn_from", None) if plan.sealed else None
    is_over = plan.state in {PlanState.RELEASED, PlanState.DROPPED}
    return DrawnPage(
        total=len(everything), visited=sum(s.site_id in seen for s in counted_stops),
        gone=len(gone), found=_found(plan, user).count(),
        teams=_teams(plan, user, rows, everything),
        unteamed=[row for row in rows if row.stop.team_id is None],
        types=_types(plan, user, counted_stops, seen),
        sentences=[*shorts_of(plan.shortfalls), *_again(plan, user)],
        load=counted(plan) if whole and plan.state != PlanState.RELEASED else None,
        seed=printed(bytes(plan.seed)) if is_over and plan.seed else "",
        can_verify=kept is not None and plan.locked_at is not None,
        fingerprint=kept.fingerprint if kept else "", may_regroup=may_regroup(plan),
    )  # fmt: skip


def _found(plan: Plan, user: Any) -> Any:
    return Found.objects.visible_to(user).filter(plan=plan)


def _rows(plan: Plan, user: Any) -> list[StopRow]:
    stops = (
        Stop.objects.visible_to(user).filter(plan=plan)
        .select_related("site__site_type", "site__region__parent", "team", "second_team")
        .order_by("team__name", "order", "pk")
    )  # fmt: skip
    visits = Visit.objects.visible_to(user).filter(plan=plan)
    seen = set(Visit.objects.filter(plan=plan).values_list("site_id", flat=True))
    outcomes: dict[UUID, str] = {}
    for visit in told(visits, user).order_by("occurred_at"):
        outcomes[visit.site_id] = visit.outcome
    found = Counter(_found(plan, user).values_list("site_id", flat=True))
    return [
        StopRow(stop, stop.site_id in seen, outcomes.get(stop.site_id, ""), found[stop.site_id])
        for stop in stops
    ]


def _teams(plan: Plan, user: Any, rows: list[StopRow], stops: list[Stop]) -> list[TeamCard]:
    by_team: defaultdict[UUID | None, list[StopRow]] = defaultdict(list)
    for row in rows:
        by_team[row.stop.team_id].append(row)
    size = Counter(stop.team_id for stop in stops)
    cards = []
    for team in plan.teams.select_related("leader").prefetch_related("members__person"):
        shown = by_team[team.pk]
        warned = answers_on(team) if user.role == Role.OFFICE and shown else []
        cards.append(
            TeamCard(
                team, [member.person for member in team.members.all()], size[team.pk], shown,
                user.person_id is not None and team.leader_id == user.person_id, warned,
            )
        )  # fmt: skip
    return cards


def _types(plan: Plan, user: Any, stops: list[Stop], seen: set[UUID]) -> list[TypeRow]:
    drawn = Counter(stop.site_type for stop in stops)
    visited = Counter(stop.site_type for stop in stops if stop.site_id in seen)
    kinds = {stop.site_id: stop.site_type for stop in stops}
    found = Counter(
        kinds[site] for site in _found(plan, user).values_list("site_id", flat=True)
        if site in kinds
    )  # fmt: skip
    return [
        TypeRow(str(kind), drawn[kind.pk], visited[kind.pk], found[kind.pk])
        for kind in SiteType.objects.filter(pk__in=drawn).order_by("order", "key")
    ]
