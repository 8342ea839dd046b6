"""Performs the acts in which somebody asks, answers, splits, merges or takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weicheng.demo.cases import HANDED_OVER
from weicheng.duties.handover import hand_over as pass_on
from weicheng.people.models import Person
from weicheng.places.pinyin import key as pinyin
from weicheng.problems import acts

if TYPE_CHECKING:
    from collections.abc import Callable

    from weicheng.demo.performing import Performer
    from weicheng.demo.plot import Act


def ask_extension(p: Performer, act: Act) -> None:
    """More time, until a moment."""
    asked = {name: act.args[name] for name in ("reason", "until", "words")}
    p.keep(act, acts.ask_extension(problem=p.problem(act), **asked, **p.actor(act)))


def ask_pause(p: Performer, act: Act) -> None:
    """缓办, until a day."""
    asked = {name: act.args[name] for name in ("reason", "until", "words")}
    p.keep(act, acts.ask_pause(problem=p.problem(act), **asked, **p.actor(act)))


def dispute(p: Performer, act: Act) -> None:
    """不属于我: the unit whose it is said to be is named."""
    args = act.args
    p.keep(act, acts.dispute(
        problem=p.problem(act), reason=args["reason"], suggested=p.unit(args["suggested"]),
        words=args["words"], **p.actor(act),
    ))  # fmt: skip


def grant(p: Performer, act: Act) -> None:
    """As asked."""
    p.keep(act, acts.grant(problem=p.problem(act), words=act.args["words"], **p.actor(act)))


def deny(p: Performer, act: Act) -> None:
    """Not as asked, and why."""
    p.keep(act, acts.deny(problem=p.problem(act), words=act.args["words"], **p.actor(act)))


def split(p: Performer, act: Act) -> None:
    """Several out of one, each sent to its own unit."""
    pieces = [
        acts.Piece(kind=p.kinds[kind], place=place, description=text, lead=p.unit(lead))
        for kind, place, text, lead in act.args["pieces"]
    ]
    acts.split(
        problem=p.problem(act), pieces=pieces, close=act.args["close"], words=act.args["words"],
        **p.actor(act),
    )  # fmt: skip


def merge(p: Performer, act: Act) -> None:
    """Into the matter that was there first."""
    into = p.problems[act.args["into"]]
    p.keep(act, acts.merge(
        problem=p.problem(act), into=into, words=act.args["words"], **p.actor(act)
    ))  # fmt: skip


def say_again(p: Performer, act: Act) -> None:
    """+1, by the community or the town of the place."""
    region = p.problem(act).region
    place = region if act.who == "community" else region.parent
    unit = next(u for u in p.cast.units.values() if u.region == place and u.kind == act.who)
    p.keep(act, acts.say_again(
        problem=p.problem(act), words=act.args["words"], source=act.args["source"],
        **p.of_unit(act, unit),
    ))  # fmt: skip


def name_person(p: Performer, act: Act) -> None:
    """换经办人: the head or the contact of the lead unit takes it."""
    problem = p.problem(act)
    lead = p.cast.unit_of(problem.lead_unit_id) if problem.lead_unit_id else None
    p.keep(act, acts.name_person(
        problem=problem, person=getattr(lead, act.args["to"], None), words=act.args["words"],
        **p.actor(act),
    ))  # fmt: skip


def hand_over(p: Performer, act: Act) -> None:
    """All that the contact of a unit answers for goes to a new one; the post ends with it."""
    name, _days, follower, title = HANDED_OVER
    unit, who = p.unit(name), p.actor(act)
    if unit.contact is None:
        return
    to = Person.objects.create(name=follower, title=title, pinyin=pinyin(follower[0]))
    day = act.at.date()
    pass_on(
        by=p.cast.users["chuangweiban"], person=unit.contact, to=to, day=day, leaves=True,
        op_id=who["op_id"], now=act.at,
    )  # fmt: skip
    unit.contact = to


ASKING: dict[str, Callable[[Performer, Act], None]] = {
    "ask_extension": ask_extension, "ask_pause": ask_pause, "dispute": dispute, "grant": grant,
    "deny": deny, "split": split, "merge": merge, "say_again": say_again,
    "name_person": name_person, "hand_over": hand_over,
}  # fmt: skip
