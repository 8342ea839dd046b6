"""What goes on the papers: a unit's open matters, the leader's page, a group's evening post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from weicheng.people.models import Unit, UnitKind
from weicheng.places.models import Gate, Participation
from weicheng.problems import figures, tallies
from weicheng.problems.models import Obligation, Problem
from weicheng.problems.words import Status

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.people.models import Person, User

#: Rows on one paper; what is beyond is said, never dropped silently.
MOST_ROWS = 300
OWED = (Status.RUN, Status.LONG)


@dataclass(frozen=True)
class Standing:
    """How a unit stands: what it leads, open and late, and the closings it holds up past time.

    ``lines`` are overdue duties that hold a closing (a cut line to be connected again), whoever
    leads the problem; ``households`` are those still cut off by them.
    """

    unit: Unit
    owed: int
    late: int
    oldest_due: datetime | None
    lines: int = 0
    households: int = 0
    lines_since: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether anything of this unit is past its time."""
        return bool(self.late or self.lines)

    @property
    def late_words(self) -> str:
        """The late ones as shown; past the bound of a unit's count with a plus."""
        return figures.shown(self.late, figures.UNIT_BOUND)

    @property
    def owed_words(self) -> str:
        """The running ones as shown; past the bound of a unit's count with a plus."""
        return figures.shown(self.owed, figures.UNIT_BOUND)

    def days_late(self, now: datetime) -> int:
        """Whole days since the oldest due time passed, of a problem or of a line."""
        passed = [at for at in (self.oldest_due, self.lines_since) if at is not None and at < now]
        return (now - min(passed)).days if passed else 0


@dataclass(frozen=True)
class Order:
    """交办单 of one unit: its open matters, the most urgent first."""

    unit: Unit
    office: Unit | None
    issued_at: datetime
    problems: Sequence[Problem]
    more: int = 0
    others: Sequence[Obligation] = field(default_factory=tuple)


@dataclass(frozen=True)
class Brief:
    """The leader's one page."""

    now: datetime
    gate: Gate | None
    counts: dict[str, int]
    late: int
    due_today: int
    standings: Sequence[Standing]
    pairs: Sequence[Problem]


def standings(user: User, *, now: datetime) -> list[Standing]:
    """Units that owe something, worst first: late matters, then the longest overdue."""
    scopes = user.scopes()
    rows = (
        Problem.objects.in_scopes(scopes)
        .filter(status__in=OWED, voided=False, lead_unit__isnull=False)
        .values("lead_unit")
        .annotate(
            owed=Count("id"),
            late=Count("id", filter=Q(due_at__lt=now)),
            oldest=Min("due_at"),
        )
        .order_by()
    )
    leading = {r["lead_unit"]: (r["owed"], r["late"], r["oldest"]) for r in rows}
    return _with_lines(leading, scopes, now)


def late_standings(user: User, *, now: datetime) -> list[Standing]:
    """Only the units with something past its time, worst first; a long past costs nothing."""
    scopes = user.scopes()
    found = figures.late_by_lead(scopes, now)
    return _with_lines({r.unit: (r.running, r.late, r.oldest) for r in found}, scopes, now)


def _with_lines(
    leading: dict[UUID, tuple[int, int, datetime | None]], scopes: list[UUID], now: datetime
) -> list[Standing]:
    """The lead units and those that hold up a closing, as one list, worst first."""
    lines = {row.unit: row for row in figures.late_holdings(scopes, now)}
    units = Unit.objects.select_related("head", "contact").in_bulk([*leading, *lines])
    found = []
    for pk, unit in units.items():
        standing = Standing(unit, *leading.get(pk, (0, 0, None)))
        if line := lines.get(pk):
            standing = replace(
                standing, lines=line.n, households=line.households, lines_since=line.since
            )
        found.append(standing)
    found.sort(
        key=lambda s: (
            -(s.late + s.lines), -s.households, s.oldest_due or s.lines_since or now, -s.owed,
        )
    )  # fmt: skip
    return found


def order_of(
    unit: Unit, user: User, *, now: datetime | None = None, since: datetime | None = None
) -> Order:
    """The order of a unit: what it leads and has not handed in, as far as this user sees it.

    ``since``: only what was dispatched from then on.
    """
    now = now or timezone.now()
    wanted = (
        Problem.objects.visible_to(user)
        .filter(lead_unit=unit, status__in=OWED, voided=False)
        .for_rows()
        .select_related("territory_unit")
        .defer("search")
        .order_by(F("due_at").asc(nulls_last=True), "filed_at", "id")
    )
    if since is not None:
        wanted = wanted.filter(dispatched_at__gte=since)
    rows = list(wanted[: MOST_ROWS + 1])
    more = wanted.count() - MOST_ROWS if len(rows) > MOST_ROWS else 0
    others = (
        Obligation.objects.filter(
            unit=unit, state=Obligation.State.OPEN, problem__voided=False,
            problem__in=Problem.objects.visible_to(user),
        )
        .exclude(problem__lead_unit=unit)
        .exclude(sort=Obligation.Sort.MAIN, problem__status__in=(Status.CHECK, Status.DONE))
        .select_related("problem__kind")
        .order_by("due_at")[:MOST_ROWS]
    )  # fmt: skip
    return Order(unit, office_of(user), now, rows[:MOST_ROWS], more, list(others))


def office_of(user: User) -> Unit | None:
    """The office that issues the papers of this user."""
    own = [u for u in user.working_units() if u.kind == UnitKind.OFFICE]
    return own[0] if own else None


def brief(user: User, *, now: datetime | None = None) -> Brief:
    """Countdown, what is open and late, who is late with head and phone, two pairs of pictures."""
    now = now or timezone.now()
    scopes = user.scopes()
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow += timedelta(days=1)
    midnight = tomorrow - timedelta(microseconds=1)
    known = figures.counted(
        late=figures.late(scopes, now), due_today=figures.soon(scopes, now, midnight)
    )
    pairs = (
        Problem.objects.in_scopes(scopes)
        .filter(status=Status.DONE, voided=False, before_photo__isnull=False)
        .filter(after_photo__isnull=False)
        .for_rows()
        .defer("search")
        .order_by("-closed_at")[:2]
    )
    return Brief(
        now=now,
        gate=next_gate(now),
        counts=tallies.counts(scopes),
        late=known["late"],
        due_today=known["due_today"],
        standings=late_standings(user, now=now)[:10],
        pairs=list(pairs),
    )


def next_gate(now: datetime) -> Gate | None:
    """The next dated gate of the campaign."""
    return Gate.objects.filter(on__gte=timezone.localdate(now)).order_by("on").first()


def answerable(unit: Unit) -> Person | None:
    """Whom to call: the head, else the contact."""
    return unit.head or unit.contact


@dataclass(frozen=True)
class Group:
    """A group that the evening post goes to: all, or one town's."""

    key: str
    name: str
    scopes: Sequence[UUID]


def groups(user: User) -> list[Group]:
    """The groups an office posts to: its district, then each town of it."""
    roots = user.region_roots() or []
    found: list[Group] = []
    for part in Participation.objects.filter(region__in=roots).select_related("region"):
        found.append(Group(str(part.region_id), part.region.name, [part.region_id]))
        towns = part.region.children.filter(level="town").order_by("code")
        found += [Group(str(t.id), t.name, [t.id]) for t in towns]
    return found


@dataclass(frozen=True)
class Post:
    """The evening post of one group: today's figures, the late ones, and pictures."""

    group: Group
    now: datetime
    found: int
    closed: int
    open: int
    late: Sequence[Problem]
    late_count: int
    due_tomorrow: Sequence[Problem]
    pairs: Sequence[Problem]


def post_of(group: Group, *, now: datetime | None = None) -> Post:
    """What happened today in a group's area, what is late, and what is due until tomorrow."""
    now = now or timezone.now()
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    inside = Problem.objects.in_scopes(group.scopes).filter(voided=False).defer("search")
    waiting = inside.filter(status__in=(Status.NEW, Status.RUN, Status.LONG))
    late = waiting.filter(due_at__lt=now)
    soon = waiting.filter(due_at__gte=now, due_at__lt=today + timedelta(days=2))
    closed = inside.filter(status=Status.DONE, closed_at__gte=today)
    known = figures.counted(
        found=figures.filed(group.scopes, today, now),
        closed=figures.closed(group.scopes, today, now),
        late=figures.late(group.scopes, now),
    )
    pairs = closed.filter(before_photo__isnull=False, after_photo__isnull=False)
    counts: dict[str, Any] = tallies.counts(group.scopes)
    return Post(
        group=group,
        now=now,
        found=known["found"],
        closed=known["closed"],
        open=sum(n for key, n in counts.items() if key != Status.DONE),
        late=list(late.for_rows().order_by("due_at")[:8]),
        late_count=known["late"],
        due_tomorrow=list(soon.for_rows().order_by("due_at")[:6]),
        pairs=list(pairs.for_rows().order_by("-closed_at")[:3]),
    )
