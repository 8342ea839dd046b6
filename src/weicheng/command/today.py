"""今日调度: what a leader needs to know this morning, each figure equal to the list behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Min, Q, Sum
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from weicheng.command.locator import Sketch, overview
from weicheng.frame.moments import span_words
from weicheng.people.directory import directory
from weicheng.people.models import Unit
from weicheng.places.models import Gate, Site
from weicheng.problems.models import Obligation, Parking, Party, Problem
from weicheng.problems.words import OPEN_STATUSES, Level, Status

if TYPE_CHECKING:
    from weicheng.places.models import Region

SOON = timedelta(hours=24)
MOST_UNITS = 8
MOST_AGAIN = 6
MOST_ASKED = 5
RUNNING = (Status.RUN.value, Status.LONG.value)


@dataclass(frozen=True)
class Figures:
    """The figures of the day; each is the length of a list."""

    open: int
    late: int
    again: int
    soon: int
    found: int
    closed: int


@dataclass
class Owing:
    """A unit that is late: how many, since when; and what holds a closing past its time."""

    unit: Unit
    late: int = 0
    oldest: datetime | None = None
    running: int = 0
    lines: int = 0
    households: int = 0
    since: datetime | None = None

    def longest(self, now: datetime) -> str:
        """How long the oldest is overdue."""
        return span_words(now - self.oldest) if self.oldest else ""

    def longest_line(self, now: datetime) -> str:
        """How long the oldest duty that holds a closing is overdue."""
        return span_words(now - self.since) if self.since else ""


@dataclass(frozen=True)
class Ask:
    """Something that only this reader can decide."""

    title: str
    words: str
    url: str
    button: str


@dataclass(frozen=True)
class Today:
    """The whole page."""

    gate: Gate | None
    days: int | None
    figures: Figures
    owing: list[Owing] = field(default_factory=list)
    relapsed: list[Problem] = field(default_factory=list)
    sketch: Sketch | None = None
    asks: list[Ask] = field(default_factory=list)
    is_empty: bool = False


def today(user: Any, now: datetime) -> Today:
    """Everything of the page for this reader."""
    scopes: list[UUID] = user.scopes()
    gate = Gate.objects.filter(on__gte=timezone.localdate(now)).order_by("on").first()
    days = (gate.on - timezone.localdate(now)).days if gate else None
    figures = _figures(scopes, now)
    if not (figures.open or figures.closed or figures.found) and is_bare(user):
        return Today(gate, days, figures, is_empty=True)
    relapsed = _relapsed(scopes)
    return Today(
        gate, days, figures, _owing(scopes, now), relapsed[:MOST_AGAIN],
        _sketch(user, relapsed), _asks(user, scopes, now),
    )  # fmt: skip


def _seen(scopes: list[UUID], *statuses: str) -> Any:
    """Ids of the problems of these statuses that stand in the reader's scopes."""
    return Party.objects.filter(scope__in=scopes, status__in=statuses).values("problem_id")


def _problems(scopes: list[UUID], *statuses: str) -> Any:
    found = Problem.objects.filter(pk__in=_seen(scopes, *statuses))
    return found.filter(status__in=statuses, voided=False)


def _figures(scopes: list[UUID], now: datetime) -> Figures:
    start = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    yesterday = (start - timedelta(days=1), start)
    waiting = Q(status__in=(Status.NEW, *RUNNING))
    live = _problems(scopes, *OPEN_STATUSES).aggregate(
        open=Count("id"),
        late=Count("id", filter=waiting & Q(due_at__lt=now)),
        soon=Count("id", filter=waiting & Q(due_at__range=(now, now + SOON))),
        again=Count("id", filter=Q(relapsed__gt=0)),
    )
    every = Problem.objects.filter(
        Q(filed_at__range=yesterday) | Q(closed_at__range=yesterday),
        pk__in=_seen(scopes, *OPEN_STATUSES, Status.DONE), voided=False,
    )  # fmt: skip
    day = every.aggregate(
        found=Count("id", filter=Q(filed_at__range=yesterday)),
        closed=Count("id", filter=Q(closed_at__range=yesterday)),
    )
    return Figures(**live, **day)


def is_bare(user: Any) -> bool:
    """Whether nothing was ever brought in: no problem and no site."""
    known = Party.objects.filter(scope__in=user.scopes()).exists()
    return not known and not Site.objects.visible_to(user).exists()


def _owing(scopes: list[UUID], now: datetime) -> list[Owing]:
    """Units that are late, the latest and the most first; never persons."""
    rows = (
        _problems(scopes, *RUNNING).values("lead_unit_id").order_by()
        .annotate(
            late=Count("id", filter=Q(due_at__lt=now)),
            oldest=Min("due_at", filter=Q(due_at__lt=now)), running=Count("id"),
        ).filter(late__gt=0)
    )  # fmt: skip
    found = {r.pop("lead_unit_id"): r for r in rows}
    lines = {
        r["unit_id"]: r
        for r in Obligation.objects.filter(
            problem__in=_seen(scopes, *OPEN_STATUSES), sort=Obligation.Sort.HOLDING,
            state=Obligation.State.OPEN, due_at__lt=now,
        ).values("unit_id").order_by().annotate(
            n=Count("id"), households=Sum("households"), since=Min("due_at")
        )
    }  # fmt: skip
    units = Unit.objects.select_related("head").in_bulk([*found, *lines])
    owing = [Owing(unit, **found.get(key, {})) for key, unit in units.items()]
    for one in owing:
        line = lines.get(one.unit.pk)
        if line:
            one.lines, one.since = line["n"], line["since"]
            one.households = line["households"] or 0
    owing.sort(key=lambda o: (-(o.late + o.lines), -o.households, o.oldest or now))
    return owing


def _relapsed(scopes: list[UUID]) -> list[Problem]:
    """Open problems that came back, the most often first."""
    rows = _problems(scopes, *OPEN_STATUSES).filter(relapsed__gt=0)
    return list(
        rows.select_related("kind").only("place", "relapsed", "region", "kind", "status", "number")
        .order_by("-relapsed", "-changed_at")[:200]
    )  # fmt: skip


def _sketch(user: Any, relapsed: list[Problem]) -> Sketch | None:
    county = county_of(user)
    book = directory()
    towns = [book.town_of(p.region_id) for p in relapsed]
    marks = Counter(t.id for t in towns if t is not None)
    return overview(county, dict(marks)) if county is not None and marks else None


def county_of(user: Any) -> Region | None:
    """The region that this reader's first unit answers for."""
    unit = next((u for u in user.working_units() if u.region is not None), None)
    return unit.region if unit else None


def _asks(user: Any, scopes: list[UUID], now: datetime) -> list[Ask]:
    """What waits for this reader: verification from above, letters whose day has come."""
    asks = []
    if user.role == "leader":
        above = _problems(scopes, Status.CHECK).filter(level=Level.ABOVE).select_related("kind")
        asks += [
            Ask(
                p.title(), gettext("上级交来的问题，整改已交，等上级验收。"),
                page_of(p), gettext("去验收"),
            )
            for p in above.order_by("handed_in_at")[:MOST_ASKED]
        ]  # fmt: skip
    return asks + _letters(scopes, timezone.localdate(now))


def _letters(scopes: list[UUID], day: date) -> list[Ask]:
    due = Parking.objects.filter(
        ended_at=None, review_on__lte=day, problem__in=_seen(scopes, *OPEN_STATUSES)
    ).select_related("problem__kind")
    return [
        Ask(
            parking.problem.title(),
            gettext("挂账致函%(unit)s，今天该研究了。") % {"unit": parking.addressee},
            page_of(parking.problem), gettext("去研究"),
        )
        for parking in due.order_by("review_on")[:MOST_ASKED]
    ]  # fmt: skip


def page_of(problem: Problem) -> str:
    """The problem's own page, where there is one."""
    return address("problems:detail", problem.pk)


def address(name: str, *args: Any, **query: Any) -> str:
    """An address with its query; empty where the page does not exist."""
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode(query)}" if query else url


def headline(found: Today) -> str:
    """The answer first, in a sentence."""
    if found.owing and found.figures.late:
        worst = max(found.owing, key=lambda one: one.late)
        named = {"late": found.figures.late, "unit": worst.unit, "n": worst.late}
        cut = sum(one.households for one in found.owing)
        if cut:
            return gettext(
                "%(late)s件超期，%(unit)s最多，有%(n)s件；%(cut)s户剪线后没有按时接通。"
            ) % {**named, "cut": cut}
        return gettext("%(late)s件超期，%(unit)s最多，有%(n)s件。") % named
    if found.figures.open:
        return gettext("没有超期，%(n)s件正在办。") % {"n": found.figures.open}
    return gettext("没有未销号的问题。")
