"""Who may do what in which status: drawn by hand, never read from the rules it checks."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.district import District, dispatched, filed, handed_in, op

from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.problems.rules import allowed_acts
from weicheng.problems.who import Behalf, acting

pytestmark = pytest.mark.django_db

OFFICE_NEW = "amend classify_line close decline dispatch park remark set_long_term unpark void"
OFFICE_RUN = (
    "amend classify_line close cut_line dispatch park recall remark set_long_term unpark void"
)
FIXER_RUN = "classify_line cut_line hand_in remark settle sign"
LOOKERS = {
    "审计": "remark",
    "红叶镇": "remark",
    "张家沟": "remark",
    "档案局": "remark",
    "包片": "remark",
}
STRANGERS = {"经信局": "", "石桥镇": "", "管理员": "", "临江创卫办": "", "临江环卫局": ""}

GRID = {
    "new": {
        **STRANGERS, **LOOKERS, "创卫办": OFFICE_NEW, "借调": OFFICE_NEW, "指挥长": "remark",
        "检查员": "remark", "环卫局": "", "市创卫办": "remark",
    },
    "run": {
        **STRANGERS, **LOOKERS, "创卫办": OFFICE_RUN, "借调": OFFICE_RUN, "指挥长": "remark",
        "检查员": "remark", "环卫局": FIXER_RUN, "市创卫办": "remark",
    },
    "check": {
        **STRANGERS, **LOOKERS,
        "创卫办": "close pass_fix remark send_back void",
        "借调": "close remark void",
        "指挥长": "pass_fix remark send_back", "检查员": "pass_fix remark send_back",
        "市创卫办": "pass_fix remark send_back", "环卫局": "remark settle withdraw",
    },
    "done": {
        **STRANGERS, **LOOKERS,
        "创卫办": "remark reopen void", "借调": "remark reopen void",
        "指挥长": "remark reopen", "检查员": "remark reopen", "市创卫办": "remark reopen",
        "红叶镇": "remark reopen", "张家沟": "remark reopen", "环卫局": "remark settle",
    },
    "long": {
        **STRANGERS, **LOOKERS,
        "创卫办": "close dispatch park remark report_progress unpark void",
        "借调": "close dispatch park remark report_progress unpark void",
        "指挥长": "remark", "检查员": "remark", "市创卫办": "remark",
        "环卫局": "hand_in remark report_progress settle",
    },
    "voided": {
        **STRANGERS, **LOOKERS, "创卫办": "remark", "借调": "remark", "指挥长": "remark",
        "检查员": "remark", "环卫局": "", "市创卫办": "remark",
    },
}  # fmt: skip


def in_status(d: District, status: str) -> Problem:
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


@pytest.mark.parametrize("status", GRID)
def test_each_role_may_do_just_what_the_grid_says(district: District, status: str) -> None:
    problem = Problem.objects.get(pk=in_status(district, status).pk)
    now = timezone.now()
    seen = {
        name: " ".join(
            sorted(
                allowed_acts(acting(district.users[name], None, now.date()), problem, now=now)
                - {"undo"}
            )
        )
        for name in GRID[status]
    }
    assert seen == GRID[status]


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
