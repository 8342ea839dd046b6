"""The sixty days of checks in the demo district: daily rounds, and what they found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from weicheng.demo.dice import Dice
from weicheng.demo.performing import INSPECTORS, TYPIST, op_id
from weicheng.demo.plot import ZONE, at_hour
from weicheng.demo.truth import Fact, Truth
from weicheng.inspections import acts
from weicheng.problems.models import Problem
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from weicheng.demo.settling import Cast
    from weicheng.demo.sites import SitePlan

DAYS = 60
ROUND, WEEKEND = 10, 4  # sites of one inspector on a working day, on a day of the weekend
#: Site types that daily rounds seldom reach: nobody lives there.
SELDOM = frozenset({"sewage", "waste_plant", "slaughter", "cdc", "water", "factory", "railway"})


@dataclass
class Book:
    """What the checks are made of: truths by number of the plan, sheets by site type, and which
    checks an open problem keeps failing."""

    cast: Cast
    sites: Sequence[SitePlan]
    now: datetime
    sheets: Mapping[str, list[Fact]] = field(default_factory=dict)
    truths: Mapping[int, Truth] = field(default_factory=dict)
    owed: Mapping[int, list[tuple[datetime, datetime | None, str]]] = field(default_factory=dict)

    def look(self, key: int, at: datetime, *, strictness: float = 0.0) -> acts.Look:
        """What an assessor sees on a site at a moment."""
        site = self.cast.sites[key]
        day = DAYS - (self.now - at).days
        truth, failed = self.truths[key], set[str]()
        for check in self.sheets.get(site.site_type_id, ()):
            if truth.fails(check, day, strictness=strictness):
                failed.add(check.key)
        for begun, ended, check_key in self.owed.get(key, ()):
            if begun <= at and (ended is None or at < ended):
                failed.add(check_key)
        return acts.Look(site=site, failed=sorted(failed))


def open_book(cast: Cast, sites: Sequence[SitePlan], now: datetime) -> Book:
    """Read the sheets and the problems that were performed before."""
    sheets: defaultdict[str, list[Fact]] = defaultdict(list)
    for key, site_type, severity in Check.objects.values_list("key", "site_type_id", "severity"):
        sheets[site_type].append(Fact(key, severity))
    truths = {row.key: Truth(row.key, row.site_type, row.region) for row in sites}
    book = Book(cast, sites, now, sheets, truths)
    numbers = {site.pk: key for key, site in cast.sites.items()}
    owed: defaultdict[int, list[tuple[datetime, datetime | None, str]]] = defaultdict(list)
    for problem, check in found_on_sites():
        ended = problem.handed_in_at or problem.closed_at
        if problem.site_id is not None:
            owed[numbers[problem.site_id]].append((problem.found_at, ended, check))
    book.owed = owed
    return book


def found_on_sites() -> Iterator[tuple[Problem, str]]:
    """Problems at sites with the check of the site's own sheet that they fail."""
    by_kind: defaultdict[str, dict[str, str]] = defaultdict(dict)
    through = Check.objects.filter(kinds__isnull=False).order_by("key")
    for key, site_type, kind in through.values_list("key", "site_type_id", "kinds"):
        by_kind[kind].setdefault(site_type, key)
    for problem in Problem.objects.filter(site__isnull=False).select_related("site", "region"):
        check = by_kind[problem.kind_id].get(problem.site.site_type_id)  # type: ignore[union-attr]
        if check:
            yield problem, check


def daily_rounds(book: Book) -> list[acts.Given]:
    """What four inspectors saw on their rounds, a community a day each."""
    given: list[acts.Given] = []
    by_community: defaultdict[str, list[int]] = defaultdict(list)
    for row in book.sites:
        by_community[row.region].append(row.key)
    communities = sorted(by_community)
    today = book.now.astimezone(ZONE).date()
    for days in range(DAYS, -1, -1):
        day = today - timedelta(days=days)
        for turn, name in enumerate(INSPECTORS):
            # the better known half of the district is walked twice as often
            dice = Dice("round", DAYS - days, name)
            half = communities[: len(communities) // 2] if dice.happens(0.6) else communities
            near = by_community[half[(days * 4 + turn * 7) % len(half)]]
            given += _round(book, near, day, name, dice)
    return given


def _round(book: Book, near: list[int], day: date, name: str, dice: Dice) -> Iterator[acts.Given]:
    wanted = WEEKEND if day.weekday() >= 5 else ROUND
    liked = [k for k in near if book.truths[k].site_type not in SELDOM or dice.happens(0.15)]
    dice.shuffle(liked)
    user = book.cast.users[name]
    for n, key in enumerate(liked[:wanted]):
        at = at_hour(day, 8.7 + n * 0.75 + dice.random() * 0.4)
        if at >= book.now:
            return
        behind = timedelta(minutes=dice.whole(1, 40) if dice.happens(0.2) else 0)
        told = acts.Reported(occurred_at=at, offset_seconds=0, now=min(at + behind, book.now))
        yield acts.Given(user, book.look(key, at), op_id("round", day, name, key), told)


def found_by_problem(book: Book) -> list[tuple[acts.Given, Problem, str]]:
    """The look during which an inspector found each problem of the story."""
    users = {book.cast.users[name].person_id: name for name in INSPECTORS}
    numbers = {site.pk: key for key, site in book.cast.sites.items()}
    given = []
    for problem, check in found_on_sites():
        name = users.get(problem.finder_id)
        if name is None or problem.site_id is None:
            continue
        look = book.look(numbers[problem.site_id], problem.found_at)
        told = acts.Reported(occurred_at=problem.found_at, offset_seconds=0, now=problem.filed_at)
        by = book.cast.users[name]
        given.append((acts.Given(by, look, op_id("found", problem.pk), told), problem, check))
    return given


def walk_rounds(book: Book) -> int:
    """Record the daily rounds and tie the problems of the story to their looks; how many looks."""
    rounds = acts.record_visits(daily_rounds(book))
    found = found_by_problem(book)
    kept = acts.record_visits([given for given, _problem, _check in found])
    by_operation = {visit.operation: visit for visit in kept.visits}
    ties = [
        acts.Tie(by_operation[given.op_id], problem, check)
        for given, problem, check in found
        if given.op_id in by_operation
    ]
    acts.tie_problems(ties, by=book.cast.users[TYPIST], op_id=op_id("ties"), now=book.now)
    refused = [refused.code for _place, refused in (*rounds.refused, *kept.refused)]
    if refused:
        raise RuntimeError(f"looks refused: {sorted(set(refused))}")
    return len(rounds.visits) + len(kept.visits)
