"""The planned checks of the demo district: assessments, hidden rounds, a firm's papers, a day of
observation, second looks, rulings; each drawn, carried out and released by its acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from weicheng.demo.checks import Book
from weicheng.demo.dice import Dice
from weicheng.demo.district import district
from weicheng.demo.performing import INSPECTORS, TYPIST, op_id
from weicheng.demo.plot import ZONE, at_hour
from weicheng.inspections import acts
from weicheng.inspections.acts.looking_back import why_not
from weicheng.inspections.models import LookBack, Plan, Stop
from weicheng.inspections.refusals import Refused
from weicheng.inspections.rules import COUNTED
from weicheng.inspections.words import PlanKind
from weicheng.problems.refusals import Refused as NotNow
from weicheng.standards.models import Check, ProblemKind

if TYPE_CHECKING:
    from datetime import date

    from weicheng.people.models import Person, User
    from weicheng.places.models import Region

#: What a hidden round looks at: types whose bureaus lend nobody to the teams that go.
HIDDEN = (
    "toilet", "market", "small_rest", "food_shop", "workshop", "park", "river", "collect_point",
)  # fmt: skip
#: Days before today on which checks were carried out.
MONTHLY, UNDERCOVER, CROSS, OBSERVED = (36, 5), (55, 45, 35, 25, 15, 1), 20, 9
COUNTS = {"undercover": 36, "monthly": 12, "cross": 2, "special": 6, "observation": 4}
STRICTER_HIDDEN, STRICTER_OUTSIDE = 0.35, 0.6
MOST_FOUND = 3
PAPERS = 15


@dataclass(frozen=True)
class Round:
    """One planned check of the demo."""

    key: str
    kind: str
    title: str
    day: date
    crews: tuple[tuple[str, ...], ...]
    strictness: float = 0.0
    site_types: tuple[str, ...] = ()
    half: bool = False
    doubled: int = 0


class Rounds:
    """Carries the planned checks out, one after another."""

    def __init__(self, book: Book) -> None:
        self.book, self.cast, self.now = book, book.cast, book.now
        self.by: User = self.cast.users[TYPIST]
        self.region: Region = next(r for r in self.cast.regions.values() if r.level == "county")
        self.today = self.now.astimezone(ZONE).date()
        self.numbers = {site.pk: key for key, site in self.cast.sites.items()}
        self.kinds = _kinds_of_checks()

    def carry_out(self) -> int:
        """Everything, in the order of the days; answers how many plans there are then."""
        for year in {self.today.year, (self.today - timedelta(days=60)).year}:
            acts.set_year(
                by=self.by, region=self.region, year=year, counts=_counts(),
                basis="年度督查检查考核计划", op_id=op_id("year", year),
                now=self.now - timedelta(days=60),
            )  # fmt: skip
        for one in self._rounds():
            self._one(one)
        self._papers_of_a_firm()
        self._observation()
        self._second_looks()
        self._rulings()
        self._round_of_today()
        return Plan.objects.count()

    def _rounds(self) -> list[Round]:
        pairs = (("jiancha", "jiancha3"), ("jiancha4", "jiancha2"))
        found = [
            Round(f"monthly-{days}", PlanKind.MONTHLY, f"{self._day(days).month}月月评估",
                  self._day(days), pairs, doubled=12)
            for days in MONTHLY
        ]  # fmt: skip
        hidden = (("jiancha", "jiancha4"), ("jiancha3",))
        for days in UNDERCOVER:
            day = self._day(days)
            third = ("上", "中", "下")[min((day.day - 1) // 10, 2)]
            found.append(
                Round(f"undercover-{days}", PlanKind.UNDERCOVER, f"{day.month}月{third}旬暗访", day,
                      hidden, STRICTER_HIDDEN, HIDDEN, half=days < 25)
            )  # fmt: skip
        return sorted(found, key=lambda one: one.day)

    def _day(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _one(self, one: Round) -> None:
        begun = at_hour(one.day, 7.2)
        plan = self._plan(one, begun)
        acts.set_teams(
            by=self.by, plan=plan, op_id=op_id("teams", one.key), now=begun,
            crews=[self._crew(n, names) for n, names in enumerate(one.crews, 1)],
        )  # fmt: skip
        seed = bytes(Dice("seed", one.key).whole(0, 255) for _ in range(32))
        plan = acts.lock_and_draw(
            by=self.by, plan=plan, op_id=op_id("lock", one.key), seed=seed, now=begun
        )
        if plan.hidden:
            for names in one.crews:
                acts.break_seal(
                    by=self.cast.users[names[0]], plan=plan, op_id=op_id("open", one.key, names),
                    now=begun + timedelta(minutes=30),
                )  # fmt: skip
        self._walk(one, plan)
        ended = at_hour(one.day + timedelta(days=2), 18.0)
        if ended < self.now:  # the round of yesterday is still hidden
            acts.release(by=self.by, plan=plan, op_id=op_id("release", one.key), now=ended)

    def _plan(self, one: Round, begun: datetime) -> Plan:
        wish = acts.Wish(
            kind=one.kind, title=one.title, region=self.region, starts_on=one.day,
            ends_on=one.day + timedelta(days=2), regular=one.kind == PlanKind.MONTHLY,
            open=one.kind != PlanKind.UNDERCOVER, site_types=one.site_types, half=one.half,
            spread=one.kind == PlanKind.MONTHLY, doubled=one.doubled,
        )  # fmt: skip
        return acts.make_plan(by=self.by, wish=wish, op_id=op_id("plan", one.key), now=begun)

    def _crew(self, n: int, names: Sequence[str]) -> acts.Crew:
        persons = [self._person(name) for name in names]
        return acts.Crew(("一组", "二组")[n - 1], persons[0], persons)

    def _person(self, name: str) -> Person:
        person = self.cast.users[name].person
        assert person is not None
        return person

    def _walk(self, one: Round, plan: Plan) -> None:
        """The stops of every team over three days, and the worst that was found."""
        given: list[acts.Given] = []
        users = {self._person(name).pk: self.cast.users[name] for name in INSPECTORS}
        stops = list(Stop.objects.filter(plan=plan).select_related("site__region", "team", "plan"))
        for stop in stops:
            walkers = [stop.team, stop.second_team]
            for turn, team in enumerate(team for team in walkers if team is not None):
                made = self._look(one, stop, users[team.leader_id], turn)
                if made.reported.now is not None and made.reported.now <= self.now:
                    given.append(made)
        acts.record_visits(given)
        self._find(one, plan, given)

    def _look(self, one: Round, stop: Stop, user: User, turn: int) -> acts.Given:
        dice = Dice("stop", one.key, stop.site_id and self.numbers[stop.site_id], turn)
        at = at_hour(one.day + timedelta(days=dice.whole(0, 1)), dice.span(8.6, 17.4))
        strict = one.strictness + (dice.gauss(0.0, 0.25) if turn else 0.0)
        look = self.book.look(self.numbers[stop.site_id], at, strictness=strict)
        told = acts.Reported(occurred_at=at, offset_seconds=0, now=at + timedelta(minutes=5))
        key = op_id("look", one.key, self.numbers[stop.site_id], turn)
        return acts.Given(user, replace(look, stop=stop, plan=stop.plan), key, told)

    def _find(self, one: Round, plan: Plan, given: Sequence[acts.Given]) -> None:
        found = 0
        for who in given:
            check = next((key for key in who.look.failed if key in self.kinds), "")
            if found == MOST_FOUND or not check:
                continue
            finding = acts.Finding(
                kind=self.kinds[check], site=who.look.site, plan=plan, check_key=check,
                words="检查时发现，见检查表。",
            )  # fmt: skip
            acts.record_finding(
                by=who.by, finding=finding, op_id=op_id("found", one.key, found),
                reported=who.reported,
            )  # fmt: skip
            found += 1

    def _papers_of_a_firm(self) -> None:
        """交叉检查 by a firm from elsewhere on paper; the office typed its sheets."""
        one = Round("cross", PlanKind.CROSS, "第三方交叉检查", self._day(CROSS), (("jiancha",),),
                    STRICTER_OUTSIDE, HIDDEN)  # fmt: skip
        begun = at_hour(one.day, 7.2)
        wish = acts.Wish(
            kind=one.kind, title=one.title, region=self.region, starts_on=one.day,
            ends_on=one.day + timedelta(days=2), regular=False, open=True, half=True, spread=True,
        )  # fmt: skip
        plan = acts.make_plan(by=self.by, wish=wish, op_id=op_id("plan", one.key), now=begun)
        guest = acts.invite_guest(
            by=self.by, plan=plan, name="第三方甲", comes_from="邻市某评估公司",
            until=begun + timedelta(days=3),
            op_id=op_id("guest"), now=begun,
        )  # fmt: skip
        acts.set_teams(by=self.by, plan=plan, op_id=op_id("teams", one.key), now=begun,
                       crews=[self._crew(1, one.crews[0])])  # fmt: skip
        seed = bytes(Dice("seed", one.key).whole(0, 255) for _ in range(32))
        plan = acts.lock_and_draw(by=self.by, plan=plan, op_id=op_id("lock", one.key), seed=seed,
                                  now=begun)  # fmt: skip
        given = []
        for stop in Stop.objects.filter(plan=plan).select_related("site__region", "plan"):
            made = self._look(one, stop, self.by, 0)
            told = replace(made.reported, channel="paper", for_person=guest.user.person)
            given.append(replace(made, reported=told))
        acts.record_visits(given)
        acts.release(by=self.by, plan=plan, op_id=op_id("release", one.key),
                     now=at_hour(one.day + timedelta(days=3), 9.0))  # fmt: skip

    def _observation(self) -> None:
        """The day of the speech: five towns and streets, sixteen places, fifteen papers."""
        day = self._day(OBSERVED)
        begun = at_hour(day, 8.0)
        wanted = {(name, kind) for name, _community, kind in district().demonstration}
        sites = [s for s in self.cast.sites.values() if (s.name, s.site_type_id) in wanted]
        sites.sort(key=lambda site: self.numbers[site.pk])
        plan = acts.plan_observation(
            by=self.by, region=self.region, title="全区创卫现场观摩", day=day, sites=sites,
            op_id=op_id("observation"), now=begun,
        )  # fmt: skip
        papers = acts.number_papers(
            by=self.by, plan=plan, n=PAPERS, op_id=op_id("papers"), now=begun
        )
        stops = list(plan.stops.select_related("site"))
        marks = {
            paper.number: {
                stop.pk: _mark(self.numbers[stop.site_id], paper.number) for stop in stops
            }
            for paper in papers
        }
        evening = begun + timedelta(hours=9)
        acts.enter_papers(by=self.by, plan=plan, papers=marks, op_id=op_id("marks"), now=evening)
        plan.refresh_from_db()
        acts.publish_observation(by=self.by, plan=plan, op_id=op_id("published"), now=evening)

    def _second_looks(self) -> None:
        """Draw for every day up to today; what was due before yesterday was looked at, and held."""
        for days in range(31, -1, -1):
            day = self._day(days)
            acts.draw_look_backs(day, now=at_hour(day, 1.0))
            if days < 2:
                continue
            rows = LookBack.objects.filter(held=None, dropped="", due_on=day)
            told = acts.Reported(
                occurred_at=at_hour(day, 15.0), offset_seconds=0, now=at_hour(day, 15.0)
            )
            for row in rows.select_related("problem__region").order_by("pk"):
                inspectors = [self.cast.users[name] for name in INSPECTORS]
                free = (user for user in (*inspectors, self.by) if not why_not(row, user))
                self._look_again(row, next(free, self.by), told)

    def _look_again(self, row: LookBack, user: User, told: acts.Reported) -> None:
        try:
            acts.look_again(
                look_back=row, held=True, by=user, op_id=op_id("look-back", row.pk), reported=told
            )
        except (Refused, NotNow):
            return  # of the fixing unit, or opened again meanwhile: it stays on the list

    def _rulings(self) -> None:
        for n, (check, words, said_by, level, strict) in enumerate(RULINGS):
            if not Check.objects.filter(key=check).exists():
                continue
            said = acts.Said(check, words, said_by, level, self._day(30 - n), strictness=strict)
            acts.write_ruling(said=said, by=self.by, op_id=op_id("ruling", n),
                              now=self.now - timedelta(days=30 - n))  # fmt: skip

    def _round_of_today(self) -> None:
        persons = [self._person(name) for name in INSPECTORS]
        acts.make_daily(
            region=self.region, day=self.today, people=persons, per_person=12, by=self.by,
            op_id=op_id("today", self.today), now=min(self.now, timezone.now()),
        )  # fmt: skip


#: Check, words, who, level, stricter (1), as before (0) or milder (-1).
RULINGS = (
    ("small_rest-12", "门前四包责任牌以张贴在门口明显处为准，手机里的照片不算。",
     "省爱卫办专家", "province", 1),
    ("toilet-01", "高峰时段刚用过、十分钟内能清理的，不扣分；有异味、有尿垢的扣分。",
     "国家专家", "national", 0),
    ("estate-02", "楼道里放婴儿车、轮椅不算乱堆乱放；放煤气罐、纸箱的算。",
     "市创卫办", "city", -1),
)  # fmt: skip


def _counts() -> dict[str, int]:
    return {str(kind): COUNTS[str(kind)] for kind in COUNTED}


def _mark(site: int, paper: int) -> int:
    """Tenths of a point: places differ, papers differ a little, one paper is always generous."""
    place = Dice("observed", site).span(780, 940)
    own = Dice("paper", paper, site).gauss(0.0, 22.0) + (45.0 if paper == 7 else 0.0)
    return max(0, min(1000, round((place + own) / 5) * 5))


def _kinds_of_checks() -> dict[str, ProblemKind]:
    """A problem kind for checks that have one and are grave enough to be filed in a round."""
    found: dict[str, ProblemKind] = {}
    grave = ProblemKind.objects.filter(checks__severity__in=["serious", "key"], active=True)
    for kind in grave.prefetch_related("checks").distinct().order_by("order", "key"):
        for check in kind.checks.all():
            if check.severity in {"serious", "key"}:
                found.setdefault(check.key, kind)
    return found
