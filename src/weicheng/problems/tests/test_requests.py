"""What a unit asks and who answers: more time, a pause, another unit; each refusal and its twin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.district import District, dispatched, filed, handed_in, in_hours, op, picture

from weicheng.problems import acts, deadlines, life, lists
from weicheng.problems.door import state_of
from weicheng.problems.lists import Wanted
from weicheng.problems.models import DueRule, Event, Obligation, Party, Problem, Request
from weicheng.problems.refusals import Refused
from weicheng.problems.tests.test_grid import asks, third_dispute, with_group
from weicheng.problems.verify import verify_problems

pytestmark = pytest.mark.django_db


def road(d: District, **changes: Any) -> Problem:
    """A problem of 环卫局 that need not be fixed before it is argued about; due in two days."""
    return dispatched(d, "road", **changes)


def extend(d: District, problem: Problem, hours: float = 100, **more: Any) -> Problem:
    who: dict[str, Any] = {"by": d.users["环卫局"], "op_id": op(), **more}
    return acts.ask_extension(problem=problem, reason="works", until=in_hours(hours), **who)


def granted(d: District, problem: Problem, by: str = "指挥长", **more: Any) -> Problem:
    return acts.grant(problem=problem, by=d.users[by], op_id=op(), **more)


def fresh(problem: Problem) -> Problem:
    return Problem.objects.get(pk=problem.pk)


def test_an_extension_asked_in_time_and_granted_moves_the_due_time(district: District) -> None:
    problem = extend(district, road(district))
    assert fresh(problem).asking == "extension"
    until = Request.objects.get(problem=problem).until
    granted(district, problem)
    row = fresh(problem)
    assert (row.due_at, row.extended, row.asking) == (until, 1, "")
    assert Obligation.objects.get(problem=row, part="lead").due_at == until
    assert set(Party.objects.filter(problem=row).values_list("due_at", flat=True)) == {until}
    assert Request.objects.get(problem=problem).state == "granted"


def test_an_extension_asked_too_late_is_refused_with_what_to_do(district: District) -> None:
    problem = road(district)
    late = timezone.now() + timedelta(hours=49)
    with pytest.raises(Refused, match="extension_late") as refused:
        extend(district, problem, now=late)
    assert "请先交整改" in refused.value.sentence()
    extend(district, problem, now=late - timedelta(hours=2))


def test_more_time_is_given_once_by_default(district: District, settings: Any) -> None:
    problem = extend(district, road(district))
    granted(district, problem)
    with pytest.raises(Refused, match="extension_used"):
        extend(district, problem, 150)
    settings.EXTENSIONS = 2
    extend(district, problem, 150)


def test_an_extension_ends_after_the_present_due_time(district: District) -> None:
    problem = road(district)
    with pytest.raises(Refused, match="extension_not_later"):
        extend(district, problem, 40)
    extend(district, problem, 50)


def test_nothing_passes_a_date_set_from_above(district: District) -> None:
    problem = acts.dispatch(
        problem=filed(district, "road"), lead=district.units["环卫局"], due_at=in_hours(48),
        limit=in_hours(72), by=district.office, op_id=op(),
    )  # fmt: skip
    who: dict[str, Any] = {"problem": problem, "by": district.office}
    for hours, allowed in ((73, False), (71, True)):
        if allowed:
            extend(district, problem, hours)
            continue
        with pytest.raises(Refused, match="beyond_limit"):
            extend(district, problem, hours)
        with pytest.raises(Refused, match="beyond_limit"):
            acts.set_due(due_at=in_hours(hours), words="等料", op_id=op(), **who)
    with pytest.raises(Refused, match="beyond_limit"):
        granted(district, problem, until=in_hours(80))
    granted(district, problem)


def test_nothing_passes_the_limit_of_the_whole_way(district: District) -> None:
    for days, allowed in ((5, False), (60, True)):
        rule = DueRule.objects.create(
            order=1, fix_amount=2, fix_kind="natural", whole_amount=days, whole_kind="natural"
        )
        deadlines.changed()
        problem = acts.dispatch(
            problem=filed(district, "road"), lead=district.units["环卫局"], by=district.office,
            op_id=op(),
        )  # fmt: skip
        if allowed:
            extend(district, problem, 24 * 20)
        else:
            with pytest.raises(Refused, match="beyond_limit"):
                extend(district, problem, 24 * 20)
        rule.delete()
    deadlines.forget()


def test_one_request_waits_at_a_time(district: District) -> None:
    problem = extend(district, road(district))
    with pytest.raises(Refused, match="already_asking"):
        asks(district, problem, "pause")
    acts.drop_request(problem=problem, by=district.users["环卫局"], op_id=op())
    asks(district, problem, "pause")


def test_a_reason_is_chosen_from_the_list(district: District) -> None:
    problem = road(district)
    who: dict[str, Any] = {"by": district.users["环卫局"]}
    with pytest.raises(Refused, match="need_reason"):
        acts.ask_pause(problem=problem, reason="", until=in_hours(99), op_id=op(), **who)
    with pytest.raises(Refused, match="need_suggested"):
        acts.dispute(problem=problem, reason="duty", suggested=None, op_id=op(), **who)
    with pytest.raises(Refused, match="suggested_self"):
        own = district.units["环卫局"]
        acts.dispute(problem=problem, reason="duty", suggested=own, op_id=op(), **who)


def test_a_pause_stops_the_clock_until_its_day_and_ends_by_itself(district: District) -> None:
    problem = asks(district, road(district), "pause")
    before = fresh(problem).due_at
    granted(district, problem, by="创卫办")
    row = fresh(problem)
    assert before and row.due_at and row.due_at > before
    assert row.paused
    with pytest.raises(Refused, match="not_paused"):  # after its day there is nothing to end
        acts.resume(problem=row, by=district.office, op_id=op(), now=in_hours(101))
    acts.resume(problem=row, by=district.office, op_id=op())
    assert fresh(problem).due_at == before


def test_handing_in_ends_a_pause(district: District) -> None:
    problem = asks(district, road(district), "pause")
    granted(district, problem, by="创卫办")
    hand_in(district, problem)
    assert not fresh(problem).paused
    acts.send_back(problem=problem, reason="angle", by=district.users["检查员"], op_id=op())
    owed = Obligation.objects.get(problem=problem, part="lead")
    assert (owed.state, owed.due_at) == ("open", fresh(problem).due_at)


def hand_in(d: District, problem: Problem, by: str = "环卫局") -> Problem:
    fix = acts.Fix("clean", [picture("after", purpose="after")])
    return acts.hand_in(problem=problem, fix=fix, by=d.users[by], op_id=op())


def test_the_leader_grants_time_but_not_pauses_and_disputes(district: District) -> None:
    for sort, may in (("extension", True), ("pause", False), ("dispute", False)):
        problem = asks(district, road(district), sort)
        if may:
            granted(district, problem)
            continue
        with pytest.raises(Refused, match="not_yours"):
            granted(district, problem)
        granted(district, problem, by="创卫办")


def test_nobody_answers_his_own_units_request(district: District) -> None:
    problem = extend(district, road(district))
    with pytest.raises(Refused, match="own_request"):  # seconded from 环卫局
        granted(district, problem, by="借调")
    granted(district, problem, by="创卫办")


def test_a_no_is_said_in_words(district: District) -> None:
    problem = extend(district, road(district))
    who: dict[str, Any] = {"problem": problem, "by": district.office, "op_id": op()}
    with pytest.raises(Refused, match="need_words"):
        acts.deny(words=" ", **who)
    acts.deny(words="理由不充分，请按期办结。", **who)
    assert (fresh(problem).asking, fresh(problem).extended) == ("", 0)


@pytest.mark.parametrize(
    ("kind", "severity", "first"),
    [("road", "normal", False), ("road", "minor", True), ("road", "key", True)],
)
def test_what_is_trivial_or_dangerous_is_fixed_first_and_argued_later(
    district: District, kind: str, severity: str, first: bool
) -> None:
    problem = dispatched(district, kind, severity=severity)
    if first:
        with pytest.raises(Refused, match="fix_first"):
            asks(district, problem, "dispute")
        hand_in(district, problem)
    asks(district, problem, "dispute")


def test_what_must_be_done_at_once_is_fixed_first(district: District) -> None:
    kind = district.kinds["road"]
    for haste, refused in (("immediate", True), ("dated", False)):
        type(kind).objects.filter(pk=kind.pk).update(haste=haste)
        problem = Problem.objects.select_related("kind").get(pk=road(district).pk)
        from weicheng.problems import catalogue

        catalogue.forget()
        if refused:
            with pytest.raises(Refused, match="fix_first"):
                asks(district, problem, "dispute")
        else:
            asks(district, problem, "dispute")


def test_a_granted_dispute_sends_it_on_and_the_clock_runs_on(district: District) -> None:
    problem = road(district)
    before = fresh(problem)
    asks(district, problem, "dispute")
    assert fresh(problem).due_at == before.due_at
    granted(district, problem, by="创卫办")
    row = fresh(problem)
    assert row.lead_unit == district.units["经信局"]
    assert (row.due_at, row.dispatched_at, row.bounces) == (before.due_at, before.dispatched_at, 1)
    assert Problem.objects.visible_to(district.users["经信局"]).filter(pk=row.pk)
    hand_in(district, problem, "经信局")


def test_a_dispute_about_what_is_handed_in_changes_who_answers_not_the_fix(
    district: District,
) -> None:
    problem = hand_in(district, road(district))
    asks(district, problem, "dispute")
    granted(district, problem, by="创卫办")
    row = fresh(problem)
    assert (row.status, row.lead_unit) == ("check", district.units["经信局"])
    acts.send_back(problem=row, reason="unfinished", by=district.users["检查员"], op_id=op())
    owing = Obligation.objects.filter(problem=row, sort="main", state="open")
    assert [o.unit for o in owing] == [district.units["经信局"]]


def test_the_third_bounce_goes_to_the_group_by_itself(district: District) -> None:
    problem = third_dispute(district)
    row = fresh(problem)
    assert (row.bounces, row.settler_unit) == (2, district.units["市容专责组"])
    group = district.users["市容专责组"]
    assert Problem.objects.visible_to(group).filter(pk=row.pk)
    with pytest.raises(Refused, match="group_decides") as refused:
        granted(district, row, by="创卫办")
    assert "市容专责组" in refused.value.sentence()
    acts.grant(problem=row, lead=district.units["联通"], by=group, op_id=op())
    row = fresh(problem)
    assert (row.bounces, row.settler_unit, row.lead_unit) == (3, None, district.units["联通"])


def test_the_second_bounce_does_not_go_to_the_group(district: District) -> None:
    with_group(district)
    problem = asks(district, road(district), "dispute")
    granted(district, problem, by="创卫办")
    asks(district, problem, "dispute", "环卫局", "经信局")
    assert fresh(problem).settler_unit is None


@pytest.mark.parametrize("ending", ["hand_in", "recall", "close", "dispatch", "void"])
def test_a_request_ends_with_what_it_was_about(district: District, ending: str) -> None:
    problem = extend(district, road(district))
    office: dict[str, Any] = {"problem": problem, "by": district.office, "op_id": op()}
    ways: dict[str, Any] = {
        "hand_in": lambda: hand_in(district, problem),
        "recall": lambda: acts.recall(**office),
        "close": lambda: acts.close(outcome="gone", **office),
        "dispatch": lambda: acts.dispatch(lead=district.units["联通"], **office),
        "void": lambda: acts.void(words="录错", **office),
    }
    ways[ending]()
    assert fresh(problem).asking == ""
    assert Request.objects.get(problem=problem).state == "dropped"
    assert verify_problems() == []


def test_another_due_time_needs_a_reason_and_shows_the_old_one(district: District) -> None:
    problem, was = road(district), None
    was = fresh(problem).due_at
    who: dict[str, Any] = {"problem": problem, "by": district.office, "op_id": op()}
    with pytest.raises(Refused, match="need_due_reason"):
        acts.set_due(due_at=in_hours(90), words="", **who)
    acts.set_due(due_at=in_hours(90), words="等路政批复", **who)
    data = Event.objects.get(problem=problem, act="set_due").data
    assert was is not None
    assert data["was"] == was.isoformat()


def test_the_time_a_fix_waited_for_its_verifier_is_not_the_units(district: District) -> None:
    problem = acts.dispatch(
        problem=filed(district, "road"), lead=district.units["环卫局"], by=district.office,
        op_id=op(),
    )  # fmt: skip
    due = fresh(problem).due_at
    hand_in(district, problem)
    later = timezone.now() + timedelta(days=4)
    acts.send_back(
        problem=problem, reason="angle", by=district.users["检查员"], op_id=op(), now=later
    )
    row = fresh(problem)
    assert due and row.due_at and row.due_at > due
    assert state_of(row) == life.fold(Event.objects.filter(problem=row).order_by("seq"))


@pytest.mark.parametrize("answer", ["grant", "deny"])
def test_an_answer_is_taken_back_within_ten_seconds(district: District, answer: str) -> None:
    problem = extend(district, road(district))
    before, same = state_of(fresh(problem)), op()
    words = {"words": "请按期办结。"} if answer == "deny" else {}
    getattr(acts, answer)(problem=problem, by=district.office, op_id=same, **words)
    acts.undo(problem=problem, operation=same, by=district.office, op_id=op())
    assert state_of(fresh(problem)) == before
    assert Request.objects.get(problem=problem).state == "waiting"
    assert Obligation.objects.get(problem=problem, part="lead").due_at == before.due_at
    assert verify_problems() == []


def test_the_third_bounce_taken_back_waits_for_the_group_again(district: District) -> None:
    problem, same = third_dispute(district), op()
    leader = district.users["指挥长"]
    acts.grant(problem=problem, by=leader, op_id=same)
    acts.undo(problem=problem, operation=same, by=leader, op_id=op())
    row = fresh(problem)
    assert row.settler_unit == district.units["市容专责组"]
    assert Problem.objects.visible_to(district.users["市容专责组"]).filter(pk=row.pk)


def test_of_two_that_answer_one_wins_and_the_other_is_told(district: District) -> None:
    problem = extend(district, road(district))
    granted(district, problem)
    with pytest.raises(Refused, match="nothing_asked") as refused:
        acts.deny(problem=problem, words="不行", by=district.office, op_id=op())
    assert "已经有人答复" in refused.value.sentence()


def test_the_same_answer_twice_is_one(district: District) -> None:
    problem, same = extend(district, road(district)), op()
    for _time in range(2):
        acts.grant(problem=problem, by=district.office, op_id=same)
    assert fresh(problem).extended == 1
    with pytest.raises(Refused, match="op_reused"):
        acts.grant(problem=problem, until=in_hours(300), by=district.office, op_id=same)


def test_the_lists_of_what_waits_and_what_is_paused(district: District) -> None:
    asking, paused = (asks(district, road(district), sort) for sort in ("extension", "pause"))
    granted(district, paused, by="创卫办")
    road(district)
    for flag, problem in (("asking", asking), ("paused", paused)):
        page = lists.page(district.office, Wanted(flag=flag))
        assert [row.pk for row in page.rows] == [problem.pk]


def test_the_office_types_a_units_request(district: District) -> None:
    from weicheng.problems.who import Behalf

    problem, unit = road(district), district.units["环卫局"]
    acts.ask_extension(
        problem=problem, reason="weather", until=in_hours(99), by=district.office, op_id=op(),
        on_behalf_of=Behalf(unit=unit),
    )  # fmt: skip
    assert Request.objects.get(problem=problem).unit == unit


def test_a_fix_handed_in_on_the_spot_knows_no_requests(district: District) -> None:
    problem = handed_in(district)
    with pytest.raises(Refused, match="wrong_state"):
        extend(district, problem)


OLD = {"lead": "u", "due_at": "2026-11-24T18:00:00+08:00"}


@given(st.booleans())
def test_events_from_before_there_were_clocks_still_tell_their_state(direct: bool) -> None:
    state = life.evolve(life.State(), "dispatch", {**OLD, "direct": direct}, timezone.now())
    assert (state.status, state.clock, state.sign_due_at) == ("run", None, None)
    kept = life.dump(state)
    for name in ("clock", "asking", "verifier", "merged_into", "sign_due_at"):
        del kept[name]
    assert life.load(kept) == state
