"""今日调度: what a leader needs to know this morning, each figure equal to the list behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from weicheng.command.locator import Sketch, overview
from weicheng.frame.moments import SOON, moment, span_words
from weicheng.people.directory import directory
from weicheng.people.models import Unit
from weicheng.places.models import Gate, Site
from weicheng.problems import figures
from weicheng.problems.answering import Asked, to_decide
from weicheng.problems.models import Parking, Party, Problem
from weicheng.problems.who import acting
from weicheng.problems.words import OPEN_STATUSES, Level, Status

if TYPE_CHECKING:
    from weicheng.places.models import Region

MOST_UNITS = 8
MOST_AGAIN = 6
MOST_ASKED = 5
RUNNING = (Status.RUN.value, Status.LONG.value)


@dataclass(frozen=True)
class Figures:
    """The figures of the day; each is the length of a list, counted to a bound; ``exact`` says
    that the open ones are known to the last."""

    open: int
    late: int
    again: int
    soon: int
    found: int
    closed: int
    exact: bool = True


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
    asked: Asked | None = None


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
    known = _figures(scopes, now)
    if not (known.open or known.closed or known.found) and is_bare(user):
        return Today(gate, days, known, is_empty=True)
    relapsed = _relapsed(scopes)
    return Today(
        gate, days, known, _owing(scopes, now), relapsed[:MOST_AGAIN],
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
    found = figures.counted(
        late=figures.late(scopes, now),
        again=figures.relapsed(scopes),
        soon=figures.soon(scopes, now, now + SOON),
        found=figures.filed(scopes, *yesterday),
        closed=figures.closed(scopes, *yesterday),
        open=figures.still_open(scopes),
    )
    return Figures(**found, exact=len(scopes) == 1)


def is_bare(user: Any) -> bool:
    """Whether nothing was ever brought in: no problem and no site."""
    if Site.objects.visible_to(user).exists():
        return False
    return not Party.objects.filter(scope__in=user.scopes()).exists()


def _owing(scopes: list[UUID], now: datetime) -> list[Owing]:
    """Units that are late, the latest and the most first; never persons."""
    found = {row.unit: row for row in figures.late_by_lead(scopes, now)}
    lines = {row.unit: row for row in figures.late_holdings(scopes, now)}
    units = Unit.objects.select_related("head").in_bulk([*found, *lines])
    owing = [Owing(unit) for unit in units.values()]
    for one in owing:
        fixes, line = found.get(one.unit.pk), lines.get(one.unit.pk)
        if fixes:
            one.late, one.oldest, one.running = fixes.late, fixes.oldest, fixes.running
        if line:
            one.lines, one.since, one.households = line.n, line.since, line.households
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
    return _requests(user, now) + asks + _letters(scopes, timezone.localdate(now))


def _requests(user: Any, now: datetime) -> list[Ask]:
    """Extensions asked for and third bounces; what the office decides stands on its workbench."""
    if user.role == "office":
        return []
    one = acting(user, None, timezone.localdate(now))
    return [
        Ask(a.problem.title(), _why(a), page_of(a.problem), gettext("看详情"), a)
        for a in to_decide(user, one, now)
    ]


def _why(asked: Asked) -> str:
    """The request with what it would change."""
    problem = asked.problem
    if asked.row.sort == "dispute":
        more = gettext("第%(n)s次退转，定了才走得动。") % {"n": problem.bounces + 1}
    else:
        due = moment(problem.due_at) if problem.due_at else ""
        more = gettext("现在的时限是%(due)s。") % {"due": due}
    return gettext("%(said)s。%(more)s") % {"said": asked.said(), "more": more}


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
    cut = sum(one.households for one in found.owing)
    if cut:
        return gettext("%(cut)s户剪线后没有按时接通，%(n)s件正在办。") % {
            "cut": cut, "n": found.figures.open,
        }  # fmt: skip
    if found.figures.open:
        return gettext("没有超期，%(n)s件正在办。") % {"n": found.figures.open}
    return gettext("没有未销号的问题。")
