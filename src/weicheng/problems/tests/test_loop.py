"""The loop of a problem, from finding to striking it off."""

from __future__ import annotations

import pytest
from tests.district import District, dispatched, filed, handed_in, in_hours, op, picture

from weicheng.problems import acts, life
from weicheng.problems.door import state_of
from weicheng.problems.models import Event, Problem
from weicheng.problems.refusals import Refused

pytestmark = pytest.mark.django_db


def folded(problem: Problem) -> life.State:
    return life.fold(Event.objects.filter(problem=problem).order_by("seq"))


def test_a_problem_is_filed_dispatched_fixed_and_struck_off(district: District) -> None:
    problem = handed_in(district)
    level = problem.level
    problem = acts.pass_fix(problem=problem, level=level, by=district.office, op_id=op())
    problem.refresh_from_db()
    assert problem.status == "done"
    assert problem.outcome == "fixed"
    assert problem.number.startswith("HY-")
    assert state_of(problem) == folded(problem)


def test_whoever_fixed_never_verifies(district: District) -> None:
    problem = handed_in(district)
    with pytest.raises(Refused, match="own_fix"):
        acts.pass_fix(problem=problem, level="onsite", by=district.users["借调"], op_id=op())


def test_the_same_request_twice_files_one_problem(district: District) -> None:
    finding = acts.Finding(kind=district.kinds["bin"], site=district.sites["张家沟小区"])
    same = op()
    first = acts.file(finding=finding, by=district.office, op_id=same)
    again = acts.file(finding=finding, by=district.office, op_id=same)
    assert again.pk == first.pk
    assert Problem.objects.count() == 1


def test_the_same_request_with_another_body_is_refused(district: District) -> None:
    finding = acts.Finding(kind=district.kinds["bin"], site=district.sites["张家沟小区"])
    same = op()
    acts.file(finding=finding, by=district.office, op_id=same)
    other = acts.Finding(kind=district.kinds["road"], site=district.sites["张家沟小区"])
    with pytest.raises(Refused, match="op_reused"):
        acts.file(finding=other, by=district.office, op_id=same)


def test_what_was_fixed_on_the_spot_waits_for_another_pass(district: District) -> None:
    finding = acts.Finding(
        kind=district.kinds["bin"], site=district.sites["张家沟小区"], photos=[picture("a")]
    )
    problem = acts.fix_on_spot(
        finding=finding,
        after=[picture("b", purpose="after")],
        by=district.users["张家沟"],
        op_id=op(),
    )
    problem.refresh_from_db()
    assert (problem.status, problem.on_spot) == ("check", True)
    assert state_of(problem) == folded(problem)


def test_a_direct_kind_goes_straight_to_its_unit(district: District) -> None:
    problem = filed(district, "direct")
    problem.refresh_from_db()
    assert problem.status == "run"
    assert problem.lead_unit == district.units["环卫局"]
    assert Problem.objects.visible_to(district.users["环卫局"]).get() == problem


def test_a_live_line_holds_the_closing_until_it_is_live_again(district: District) -> None:
    problem = dispatched(district, "cable", "联通")
    told = acts.Line(
        "3号楼入户线", "live", operator=district.units["联通"], signer="刘×",
        reconnect_at=in_hours(5), reconnect_person="刘×", households=210,
    )  # fmt: skip
    line = acts.classify_line(problem=problem, line=told, by=district.users["联通"], op_id=op())
    acts.cut_line(problem=problem, line=line, by=district.users["联通"], op_id=op())
    fix = acts.Fix("tidy", [picture("x", purpose="after")])
    acts.hand_in(problem=problem, fix=fix, by=district.users["联通"], op_id=op())
    with pytest.raises(Refused, match="holding_open"):
        acts.pass_fix(problem=problem, level="onsite", by=district.office, op_id=op())
    assert line.obligation is not None
    acts.settle(problem=problem, obligation=line.obligation, by=district.users["联通"], op_id=op())
    done = acts.pass_fix(problem=problem, level="onsite", by=district.office, op_id=op())
    assert done.status == "done"


def test_undo_gives_the_problem_back_as_it_was(district: District) -> None:
    problem = filed(district)
    same = op()
    acts.dispatch(
        problem=problem,
        lead=district.units["环卫局"],
        due_at=in_hours(9),
        by=district.office,
        op_id=same,
    )
    back = acts.undo(problem=problem, operation=same, by=district.office, op_id=op())
    back.refresh_from_db()
    assert (back.status, back.lead_unit, back.due_at) == ("new", None, None)
    assert state_of(back) == folded(back)
    assert not back.obligations.exists()


def test_a_site_without_a_position_learns_it_from_the_first_located_photo(
    district: District,
) -> None:
    photo, site = picture("gps"), district.sites["张家沟小区"]
    photo.latitude, photo.longitude = 30.5, 104.1
    photo.save()
    filed(district, site=site, photos=[photo])
    site.refresh_from_db()
    assert (site.latitude, site.longitude, len(site.h3)) == (30.5, 104.1, 15)


def test_a_unit_goes_on_seeing_what_it_found_elsewhere(district: District) -> None:
    site = district.sites["张家沟小区"]
    problem = filed(district, by=district.users["经信局"], site=site)
    seen = Problem.objects.visible_to(district.users["经信局"])
    assert seen.get() == problem
    assert not Problem.objects.visible_to(district.users["石桥镇"]).exists()


def test_what_a_kind_asks_for_is_owed_once_however_often_it_is_dispatched(
    district: District,
) -> None:
    kind = district.kinds["bin"]
    kind.obligations = [
        {"sort": "after", "key": "look", "zh": "回头看", "en": "Look", "party": "town"}
    ]
    kind.save()
    problem = dispatched(district)
    acts.dispatch(
        problem=problem, lead=district.units["经信局"], due_at=in_hours(9), by=district.office,
        op_id=op(),
    )  # fmt: skip
    owed = problem.obligations.filter(state="open", sort="after")
    assert [o.unit for o in owed] == [district.units["红叶镇政府"]]


def test_nobody_owes_the_fix_of_a_closed_problem(district: District) -> None:
    problem = filed(district)
    helper = acts.Duty(district.units["经信局"], "support")
    acts.dispatch(
        problem=problem, lead=district.units["环卫局"], duties=[helper], due_at=in_hours(9),
        by=district.office, op_id=op(),
    )  # fmt: skip
    fix = acts.Fix("clean", [picture("x", purpose="after")])
    acts.hand_in(problem=problem, fix=fix, by=district.users["环卫局"], op_id=op())
    passed = op()
    acts.pass_fix(problem=problem, level="onsite", by=district.office, op_id=passed)
    assert not problem.obligations.filter(state="open").exists()
    acts.undo(problem=problem, operation=passed, by=district.office, op_id=op())
    assert [o.unit for o in problem.obligations.filter(state="open")] == [helper.unit]
