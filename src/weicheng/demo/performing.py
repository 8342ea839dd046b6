"""Performs the planned acts one after another, each at its own moment and by its own person."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from weicheng.demo.asking import ASKING
from weicheng.demo.dice import Dice
from weicheng.demo.plot import Act, Matter, Picture
from weicheng.demo.settling import Cast
from weicheng.evidence.models import Attachment
from weicheng.people.models import Unit, User
from weicheng.problems import acts
from weicheng.problems.acts.cables import Line
from weicheng.problems.models import CableLine, Milestone, Obligation, Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.who import Behalf, Who
from weicheng.standards.models import ProblemKind

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "weicheng:demo")
VERIFIERS = ("yanshou", "yanshou2", "jiancha", "jiancha2", "jiancha3", "jiancha4")
INSPECTORS = ("jiancha", "jiancha2", "jiancha3", "jiancha4")
HOLDING, AFTER = Obligation.Sort.HOLDING, Obligation.Sort.AFTER
OPEN = Obligation.State.OPEN
TYPIST, DISPATCHER, LEADER = "chuangweiban", "paidan", "zhihuizhang"


def op_id(*words: object) -> uuid.UUID:
    """The operation id of a planned act: the same in every build."""
    return uuid.uuid5(NAMESPACE, "/".join(str(word) for word in words))


@dataclass
class Performer:
    """Turns planned acts into acts; keeps the problems by the keys of their matters."""

    cast: Cast
    matters: Mapping[int, Matter]
    kinds: Mapping[str, ProblemKind]
    photos: Callable[[Picture], Attachment]
    problems: dict[int, Problem] = field(default_factory=dict)
    done: int = 0
    refused: list[tuple[Act, str]] = field(default_factory=list)

    def perform(self, act: Act) -> None:
        """Perform one act. When it is refused, its matter rests from then on."""
        if act.name not in OPENING and act.matter not in self.problems:
            return
        try:
            PERFORM[act.name](self, act)
            self.done += 1
        except Refused as refused:
            self.refused.append((act, refused.code))

    def who(self, act: Act, by: User, behalf: Behalf | None = None, part: str = "") -> Who:
        """What every act is told; `part` tells apart several operations of one planned act."""
        return Who(by=by, op_id=op_id(act.matter, act.order, part), on_behalf_of=behalf, now=act.at)

    def of_unit(self, act: Act, unit: Unit, part: str = "") -> Who:
        """The unit's own account, or the office typing what its contact told."""
        clerk = self.cast.clerks.get(unit.short_name)
        if clerk is not None:
            return self.who(act, clerk, part=part)
        contact = next(p for p in (unit.contact, unit.head) if p is not None)
        channel = act.args.get("told", "phone")
        return self.who(act, self.cast.users[TYPIST], Behalf(unit, contact, channel), part)

    def actor(self, act: Act) -> Who:
        """Who performs this act, by its part or by the name of a unit."""
        users = self.cast.users
        if act.who in {"finder", "lead"}:
            return self._named(act)
        chosen = {
            "office": DISPATCHER if act.order % 3 else TYPIST,
            "leader": LEADER,
            "superior": LEADER,
            "inspector": Dice("inspector", act.matter, act.order).one(INSPECTORS),
        }.get(act.who)
        return self.who(act, users[chosen]) if chosen else self.of_unit(act, self.unit(act.who))

    def _named(self, act: Act) -> Who:
        """The finder of the matter, or the unit that has the lead."""
        users = self.cast.users
        if act.who == "lead":
            lead = self.problem(act).lead_unit_id
            if lead is None:
                return self.who(act, users[TYPIST])
            return self.of_unit(act, self.cast.unit_of(lead))
        finder = self.matters[act.matter].finder
        return self.who(act, users[finder]) if finder in users else self.of_unit(
            act, self.unit(finder)
        )  # fmt: skip

    def unit(self, name: str) -> Unit:
        """The unit of this short name."""
        return self.cast.units[name]

    def verifier(self, act: Act) -> Who:
        """Somebody of the office whom nothing ties to the units that fixed."""
        if act.who == "superior":
            return self.who(act, self.cast.users[LEADER])
        fixing = {str(fix["unit"]) for fix in self.problem(act).fixes}
        free = [u for u in map(self.cast.users.__getitem__, VERIFIERS) if not fixing & _units(u)]
        return self.who(act, Dice("verifier", act.matter, act.order).one(free))

    def problem(self, act: Act) -> Problem:
        """The problem of the act's matter, as the last act left it."""
        return self.problems[act.matter]

    def pictures(self, act: Act, *, fixed: bool | None = None) -> list[Attachment]:
        """The attachments of the act, of one side or of both."""
        wanted = [p for p in act.pictures if fixed is None or p.fixed == fixed]
        return [self.photos(p) for p in wanted]

    def keep(self, act: Act, problem: Problem) -> None:
        """Remember the problem as this act left it."""
        self.problems[act.matter] = problem


def _units(user: User) -> set[str]:
    return {str(post.unit_id) for post in user.posts_on()}


def _finding(p: Performer, act: Act) -> acts.Finding:
    matter = p.matters[act.matter]
    return acts.Finding(
        kind=p.kinds[matter.kind],
        place=matter.place,
        region=p.cast.regions[matter.region],
        site=p.cast.sites[matter.site] if matter.site is not None else None,
        description=matter.description,
        source=matter.source,
        quantity=matter.quantity,
        found_at=act.at,
        photos=p.pictures(act, fixed=False),
    )


def _file(p: Performer, act: Act) -> None:
    p.keep(act, acts.file(finding=_finding(p, act), **p.actor(act)))


def _fix_on_spot(p: Performer, act: Act) -> None:
    after = p.pictures(act, fixed=True)
    p.keep(act, acts.fix_on_spot(finding=_finding(p, act), after=after, **p.actor(act)))


def _dispatch(p: Performer, act: Act) -> None:
    problem = p.problem(act)
    bureau = problem.bureau_unit or problem.territory_unit
    named = {"town": problem.territory_unit, "bureau": bureau}
    lead = named[act.args["lead"]] if act.args["lead"] in named else p.unit(act.args["lead"])
    duties = [acts.Duty(p.cast.units[name]) for name in act.args.get("duties", ())]
    community = problem.region.name
    if act.args.get("support") and community in p.cast.units:
        duties.append(acts.Duty(p.cast.units[community], part="support"))
    p.keep(act, acts.dispatch(
        problem=problem, lead=lead, due_at=_typed(act), duties=duties,
        requirement=act.args.get("requirement", ""), condition=act.args.get("condition") or None,
        **p.actor(act),
    ))  # fmt: skip


def _typed(act: Act) -> datetime | None:
    """The due time that the office typed; None: what the rule says."""
    hours = act.args["hours"]
    if hours is None:
        return None
    due = (act.at + timedelta(hours=hours)).replace(minute=0)
    if hours >= 24:
        due = due.replace(hour=18)
    return max(due, act.at + timedelta(hours=1))


def _hand_in(p: Performer, act: Act) -> None:
    args = act.args
    fix = acts.Fix(
        measure=args["measure"], photos=p.pictures(act), words=args["words"],
        quantity=p.matters[act.matter].quantity, swept=args["swept"], swept_fixed=args["fixed"],
    )  # fmt: skip
    p.keep(act, acts.hand_in(problem=p.problem(act), fix=fix, **p.actor(act)))


def _amend(p: Performer, act: Act) -> None:
    correction = acts.Correction(severity=act.args["severity"])
    p.keep(act, acts.amend(problem=p.problem(act), correction=correction, **p.actor(act)))


def _pass_fix(p: Performer, act: Act) -> None:
    problem = p.problem(act)
    holding = []
    if any(owed.sort == HOLDING for owed in problem.obligations.all()):
        holding = list(Obligation.objects.filter(problem=problem, sort=HOLDING, state=OPEN))
    for owed in holding:
        unit = p.cast.unit_of(owed.unit_id)
        who = p.of_unit(act, unit, part=f"holding {owed.key} {owed.words}")
        problem = acts.settle(problem=problem, obligation=owed, words="已办", **who)
    p.keep(act, acts.pass_fix(problem=problem, level=problem.level, **p.verifier(act)))


def _send_back(p: Performer, act: Act) -> None:
    args = act.args
    p.keep(act, acts.send_back(
        problem=p.problem(act), reason=args["reason"], words=args["words"], **p.verifier(act)
    ))  # fmt: skip


def _settle(p: Performer, act: Act) -> None:
    """The first follow-up still owed, by whoever owes it."""
    problem = p.problem(act)
    owed = problem.obligations.filter(sort=AFTER, state=OPEN).first()
    if owed is not None:
        who = p.of_unit(act, p.cast.unit_of(owed.unit_id))
        p.keep(act, acts.settle(problem=problem, obligation=owed, words="已移交办理。", **who))


def _classify_line(p: Performer, act: Act) -> None:
    args, unit = act.args, p.cast.units[act.who]
    contact = next(one for one in (unit.contact, unit.head) if one is not None)
    live: dict[str, Any] = {}
    if args["state"] == "live":
        live = {
            "reconnect_at": args["back"], "reconnect_person": contact.name,
            "reconnect_phone": contact.phone, "households": args["households"],
        }  # fmt: skip
    line = acts.Line(
        label=args["label"], state=args["state"], operator=unit, signer=contact.name,
        emergency_phone=contact.phone, **live,
    )  # fmt: skip
    line = Line(
        label=args["label"], state=args["state"], operator=unit, signer=contact.name,
        emergency_phone=contact.phone, **live,
    )  # fmt: skip
    acts.classify_line(problem=p.problem(act), line=line, **p.actor(act))


def _cut_line(p: Performer, act: Act) -> None:
    lines = CableLine.objects.filter(problem=p.problem(act)).order_by("id")
    line = list(lines)[act.args["line"]]
    p.keep(act, acts.cut_line(problem=p.problem(act), line=line, **p.actor(act)))


def _set_long_term(p: Performer, act: Act) -> None:
    args = act.args
    p.keep(act, acts.set_long_term(
        problem=p.problem(act), lead=p.cast.units[args["lead"]], milestones=args["steps"],
        words=args["words"], **p.actor(act),
    ))  # fmt: skip


def _report_progress(p: Performer, act: Act) -> None:
    steps = Milestone.objects.filter(problem=p.problem(act)).order_by("on", "id")
    step = list(steps)[act.args["milestone"]]
    p.keep(act, acts.report_progress(
        problem=p.problem(act), words=act.args["words"], milestone=step, **p.actor(act)
    ))  # fmt: skip


def _park(p: Performer, act: Act) -> None:
    args = act.args
    p.keep(act, acts.park(
        problem=p.problem(act), addressee=args["addressee"], words=args["words"],
        review_on=args["review"], **p.actor(act),
    ))  # fmt: skip


def _plain(do: Callable[..., Problem], *names: str) -> Callable[[Performer, Act], None]:
    """An act whose arguments are the planned ones of these names."""

    def perform(p: Performer, act: Act) -> None:
        given = {name: act.args[name] for name in names}
        if act.pictures:
            given["photos"] = p.pictures(act)
        p.keep(act, do(problem=p.problem(act), **given, **p.actor(act)))

    return perform


OPENING = frozenset({"file", "fix_on_spot"})
PERFORM: dict[str, Callable[[Performer, Act], None]] = {
    "file": _file,
    "fix_on_spot": _fix_on_spot,
    "decline": _plain(acts.decline, "reason", "words"),
    "amend": _amend,
    "dispatch": _dispatch,
    "recall": _plain(acts.recall, "words"),
    "sign": _plain(acts.sign),
    "remark": _plain(acts.remark, "words"),
    "hand_in": _hand_in,
    "pass_fix": _pass_fix,
    "send_back": _send_back,
    "close": _plain(acts.close, "outcome", "words"),
    "void": _plain(acts.void, "words"),
    "reopen": _plain(acts.reopen, "reason", "words"),
    "settle": _settle,
    "classify_line": _classify_line,
    "cut_line": _cut_line,
    "park": _park,
    "set_long_term": _set_long_term,
    "report_progress": _report_progress,
    **ASKING,
}


def perform_all(
    performer: Performer,
    planned: Sequence[Act],
    *,
    before: Callable[[datetime], object],
    every: Callable[[int], object],
) -> None:
    """Perform all acts in their order. `before` hears the moment of each act that comes; `every`
    hears the count after each five hundred."""
    for count, act in enumerate(planned, 1):
        before(act.at)
        performer.perform(act)
        if count % 500 == 0:
            every(count)
