"""Who may do what in which status: drawn by hand, never read from the rules it checks."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from tests.district import District, dispatched, filed, handed_in, in_hours, op

from weicheng.people.directory import changed
from weicheng.people.roles import Role
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.problems.rules import allowed_acts
from weicheng.problems.who import Behalf, acting

pytestmark = pytest.mark.django_db

OFFICE_NEW = (
    "amend classify_line close decline dispatch merge park remark say_again set_long_term split "
    "succeed_unit unpark void"
)
OFFICE_RUN = (
    "amend classify_line close cut_line dispatch merge name_person park recall remark say_again "
    "set_due set_long_term split succeed_unit unpark void"
)
FIXER_RUN = (
    "ask_extension ask_pause classify_line cut_line dispute hand_in name_person remark say_again "
    "settle sign"
)
#: While it is open, whoever may file in the district may say that it is there again.
LOOKERS = {
    "审计": "remark",
    "红叶镇": "remark say_again",
    "张家沟": "remark say_again",
    "档案局": "remark",
    "包片": "remark say_again",
    "检查员": "remark say_again",
    "指挥长": "remark say_again",
    "市创卫办": "remark say_again",
    "经信局": "say_again",
}
STRANGERS = {"石桥镇": "", "管理员": "", "临江创卫办": "", "临江环卫局": ""}
CLOSED = {name: may.replace("say_again", "").strip() for name, may in LOOKERS.items()}


#: A unit that waits for an answer.
ASKED_RUN = "classify_line cut_line drop_request hand_in name_person remark say_again settle sign"


def _without(acts_: str, *gone: str) -> str:
    return " ".join(a for a in acts_.split() if a not in gone)


VERIFIER = "pass_fix remark say_again send_back"
LONG = (
    "close dispatch merge name_person park remark report_progress say_again set_due succeed_unit "
    "unpark void"
)

GRID = {
    "new": {
        **STRANGERS, **LOOKERS, "创卫办": OFFICE_NEW, "借调": OFFICE_NEW, "环卫局": "say_again",
    },
    "run": {
        **STRANGERS, **LOOKERS, "创卫办": OFFICE_RUN, "借调": OFFICE_RUN, "环卫局": FIXER_RUN,
    },
    "check": {
        **STRANGERS, **LOOKERS,
        "创卫办": "close merge name_person pass_fix remark say_again send_back succeed_unit void",
        "借调": "close merge name_person remark say_again succeed_unit void",
        "指挥长": VERIFIER, "检查员": VERIFIER, "市创卫办": VERIFIER,
        "环卫局": "dispute name_person remark say_again settle withdraw",
    },
    "done": {
        **STRANGERS, **CLOSED,
        "创卫办": "remark reopen void", "借调": "remark reopen void",
        "指挥长": "remark reopen", "检查员": "remark reopen", "市创卫办": "remark reopen",
        "红叶镇": "remark reopen", "张家沟": "remark reopen", "环卫局": "remark settle",
    },
    "long": {
        **STRANGERS, **LOOKERS, "创卫办": LONG, "借调": LONG,
        "环卫局": "hand_in name_person remark report_progress say_again settle",
    },
    "voided": {
        **STRANGERS, **CLOSED, "创卫办": "remark", "借调": "remark", "环卫局": "",
    },
    # what a unit asked waits: 借调 is of the asking unit and does not answer it
    "extension asked": {
        **STRANGERS, **LOOKERS, "创卫办": f"deny {OFFICE_RUN} grant", "借调": OFFICE_RUN,
        "指挥长": "deny grant remark say_again",
        "环卫局": ASKED_RUN,
    },
    "pause asked": {
        **STRANGERS, **LOOKERS, "创卫办": f"deny {OFFICE_RUN} grant", "借调": OFFICE_RUN,
        "环卫局": ASKED_RUN,
    },
    "dispute asked": {
        **STRANGERS, **LOOKERS, "创卫办": f"deny {OFFICE_RUN} grant", "借调": OFFICE_RUN,
        "环卫局": ASKED_RUN,
    },
    # the third time: the group and the leader decide, the office neither decides nor sends
    "third dispute": {
        **STRANGERS, **LOOKERS, "创卫办": _without(OFFICE_RUN, "dispatch", "recall"),
        "借调": _without(OFFICE_RUN, "dispatch", "recall"),
        "指挥长": "deny grant remark say_again", "市容专责组": "deny grant remark say_again",
        "环卫局": ASKED_RUN,
    },
    "paused": {
        **STRANGERS, **LOOKERS, "创卫办": f"{OFFICE_RUN} resume", "借调": f"{OFFICE_RUN} resume",
        "环卫局": f"{FIXER_RUN} resume",
    },
    "merged": {
        **STRANGERS, **CLOSED, "创卫办": "remark unmerge void", "借调": "remark unmerge void",
        "环卫局": "remark",
    },
}  # fmt: skip


def in_status(d: District, status: str) -> Problem:
    if status in WAYS:
        made: Problem = WAYS[status](d)
        return made
    if status == "new":
        return filed(d)
    if status == "run":
        return dispatched(d)
    if status == "check":
        return handed_in(d)
    if status == "voided":
        return acts.void(problem=filed(d), words="录错了", by=d.office, op_id=op())
    if status == "long":
        day = timezone.localdate().replace(year=timezone.localdate().year + 1)
        return acts.set_long_term(
            problem=filed(d), lead=d.units["环卫局"], milestones=[(day, "完工")],
            by=d.office, op_id=op(),
        )  # fmt: skip
    return acts.pass_fix(problem=handed_in(d), level="onsite", by=d.office, op_id=op())


def asked(d: District, sort: str) -> Problem:
    """环卫局 asks something about a problem that need not be fixed first."""
    return asks(d, dispatched(d, "road"), sort)


def asks(
    d: District, problem: Problem, sort: str, to: str = "经信局", by: str = "环卫局"
) -> Problem:
    who: dict[str, Any] = {"problem": problem, "by": d.users[by], "op_id": op()}
    if sort == "extension":
        return acts.ask_extension(reason="works", until=in_hours(100), **who)
    if sort == "pause":
        return acts.ask_pause(reason="season", until=in_hours(100), **who)
    return acts.dispute(reason="duty", suggested=d.units[to], **who)


def third_dispute(d: District) -> Problem:
    """Sent from 环卫局 to 经信局 and back, and disputed again."""
    with_group(d)
    problem = dispatched(d, "road")
    for one, other in (("环卫局", "经信局"), ("经信局", "环卫局")):
        asks(d, problem, "dispute", other, one)
        problem = acts.grant(problem=problem, by=d.office, op_id=op())
    return asks(d, problem, "dispute")


def with_group(d: District) -> None:
    """市容专责组 of the district, with a person of its own."""
    if "市容专责组" not in d.units:
        d.unit("市容专责组", "group", "凤凰区")
        d.user("市容专责组", Role.UNIT, "市容专责组")
        changed()


def merged(d: District) -> Problem:
    return acts.merge(problem=dispatched(d, "road"), into=filed(d, "road"), by=d.office, op_id=op())


WAYS: dict[str, Any] = {
    "extension asked": lambda d: asked(d, "extension"),
    "pause asked": lambda d: asked(d, "pause"),
    "dispute asked": lambda d: asked(d, "dispute"),
    "third dispute": third_dispute,
    "paused": lambda d: acts.grant(problem=asked(d, "pause"), by=d.office, op_id=op()),
    "merged": merged,
    "run": lambda d: dispatched(d, "road"),
}


@pytest.mark.parametrize("status", GRID)
def test_each_role_may_do_just_what_the_grid_says(district: District, status: str) -> None:
    problem = Problem.objects.get(pk=in_status(district, status).pk)
    now = timezone.now()
    seen = {
        name: sorted(
            allowed_acts(acting(district.users[name], None, now.date()), problem, now=now)
            - {"undo"}
        )
        for name in GRID[status]
    }
    assert seen == {name: sorted(may.split()) for name, may in GRID[status].items()}


def test_only_the_office_and_the_towns_type_for_others(district: District) -> None:
    problem = Problem.objects.get(pk=dispatched(district).pk)
    now = timezone.now()
    behalf = Behalf(unit=district.units["环卫局"])
    may = {
        name
        for name in ("创卫办", "红叶镇", "检查员", "指挥长", "经信局", "审计")
        if "hand_in"
        in allowed_acts(acting(district.users[name], behalf, now.date()), problem, now=now)
    }
    assert may == {"创卫办", "红叶镇"}


def test_what_came_from_above_is_verified_from_above(district: District) -> None:
    problem = Problem.objects.get(pk=handed_in(district, source="province").pk)
    now = timezone.now()
    may = {
        name
        for name in ("创卫办", "检查员", "指挥长", "市创卫办")
        if "pass_fix"
        in allowed_acts(acting(district.users[name], None, now.date()), problem, now=now)
    }
    assert may == {"指挥长", "市创卫办"}


def test_people_of_one_district_do_not_see_the_other(district: District) -> None:
    problem = filed(district)
    sees = {
        name
        for name, u in district.users.items()
        if Problem.objects.visible_to(u).filter(pk=problem.pk)
    }
    assert sees == {
        "创卫办", "借调", "指挥长", "检查员", "审计", "红叶镇", "张家沟", "档案局", "包片",
        "市创卫办", "环卫局",
    }  # fmt: skip
