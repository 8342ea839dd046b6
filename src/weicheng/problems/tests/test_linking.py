"""One matter in several problems: split, merged, taken apart again, and said once more."""

from __future__ import annotations

from typing import Any

import pytest
from tests.district import District, dispatched, filed, handed_in, op, picture, sign_in

from weicheng.problems import acts, life
from weicheng.problems.door import state_of
from weicheng.problems.models import Event, Link, Obligation, Photo, Problem, Voice
from weicheng.problems.refusals import Refused
from weicheng.problems.verify import verify_problems

pytestmark = pytest.mark.django_db


def fresh(problem: Problem) -> Problem:
    return Problem.objects.get(pk=problem.pk)


def merge(d: District, problem: Problem, into: Problem, **more: Any) -> Problem:
    return acts.merge(problem=problem, into=into, **{"by": d.office, "op_id": op(), **more})


def pieces(d: District, n: int = 2, **changes: Any) -> list[acts.Piece]:
    return [acts.Piece(kind=d.kinds["road"], place=f"{i}号楼", **changes) for i in range(1, n + 1)]


def split(d: District, problem: Problem, close: bool = True, **more: Any) -> list[Problem]:
    given = {"pieces": pieces(d), "by": d.office, "op_id": op(), **more}
    return acts.split(problem=problem, close=close, **given)


def test_a_merged_problem_is_closed_and_counted_on_the_main_one(district: District) -> None:
    main, problem = dispatched(district, "road"), dispatched(district, "road")
    merge(district, problem, main)
    row = fresh(problem)
    assert (row.status, row.outcome, row.merged_into) == ("done", "duplicate", main)
    assert fresh(main).said_again == 1
    assert not Obligation.objects.filter(problem=problem, state="open")
    assert verify_problems() == []


def test_who_found_what_was_merged_sees_the_main_one_and_its_answer(
    district: District, client: Any
) -> None:
    finder = district.users["石桥镇"]
    region = district.regions["石桥镇"]
    problem = filed(district, "road", by=finder, site=None, region=region, place="桥头")
    main = handed_in(district, "road")
    assert not Problem.objects.visible_to(finder).filter(pk=main.pk)
    merge(district, problem, main)
    assert Problem.objects.visible_to(finder).filter(pk=main.pk)
    acts.pass_fix(problem=main, level="onsite", by=district.office, op_id=op())
    page = sign_in(client, finder).get(f"/problems/{problem.pk}/").content.decode()
    assert main.number in page
    assert "销号：验收合格" in page


def test_what_was_merged_by_mistake_goes_on_exactly_where_it_stood(district: District) -> None:
    main, problem = filed(district, "road"), dispatched(district, "road")
    before = state_of(fresh(problem))
    merge(district, problem, main)
    acts.unmerge(problem=problem, words="不是一件", by=district.office, op_id=op())
    assert state_of(fresh(problem)) == before
    assert fresh(main).said_again == 0
    assert Obligation.objects.get(problem=problem, part="lead").state == "open"
    link = Link.objects.get(problem=problem)
    assert link.ended_at is not None
    told = Event.objects.filter(problem=problem).order_by("seq").values_list("act", flat=True)
    assert list(told)[-2:] == ["merge", "unmerge"]
    assert verify_problems() == []
    merge(district, problem, main)  # and may be merged once more


def test_a_merge_is_taken_back_within_ten_seconds(district: District) -> None:
    main, problem, same = filed(district, "road"), dispatched(district, "road"), op()
    before = state_of(fresh(problem))
    merge(district, problem, main, op_id=same)
    acts.undo(problem=problem, operation=same, by=district.office, op_id=op())
    assert state_of(fresh(problem)) == before
    assert fresh(main).said_again == 0
    assert verify_problems() == []


def test_a_merged_problem_is_not_reopened_and_nothing_is_merged_into_it(district: District) -> None:
    main, problem, other = (filed(district, "road") for _n in range(3))
    merge(district, problem, main)
    with pytest.raises(Refused, match="merged_away") as refused:
        acts.reopen(problem=problem, reason="mistake", by=district.office, op_id=op())
    assert main.number in refused.value.sentence()
    with pytest.raises(Refused, match="merged_away"):
        merge(district, other, problem)
    merge(district, other, main)
    assert fresh(main).said_again == 2


def test_nothing_is_merged_into_itself_or_into_what_is_void(district: District) -> None:
    problem, main = filed(district, "road"), filed(district, "road")
    with pytest.raises(Refused, match="merge_self"):
        merge(district, problem, problem)
    acts.void(problem=main, words="录错", by=district.office, op_id=op())
    with pytest.raises(Refused, match="merge_into"):
        merge(district, problem, main)


def test_only_what_was_merged_is_taken_apart(district: District) -> None:
    problem = filed(district, "road")
    acts.close(problem=problem, outcome="gone", by=district.office, op_id=op())
    with pytest.raises(Refused, match="not_merged"):
        acts.unmerge(problem=problem, by=district.office, op_id=op())


def test_the_same_merge_twice_is_one(district: District) -> None:
    main, problem, same = filed(district, "road"), filed(district, "road"), op()
    for _time in range(2):
        merge(district, problem, main, op_id=same)
    assert fresh(main).said_again == 1


def test_a_problem_is_split_into_problems_of_their_own(district: District) -> None:
    problem = dispatched(district, "road", photos=[picture("before")])
    photo = Photo.objects.get(problem=problem, stage="before").attachment
    made = split(
        district, problem,
        pieces=[
            *pieces(district, 1, photos=[photo]),
            acts.Piece(kind=district.kinds["bin"], place="东门", lead=district.units["环卫局"]),
        ],
    )  # fmt: skip
    first, second = (fresh(p) for p in made)
    assert (first.status, second.status, second.lead_unit) == (
        "new", "run", district.units["环卫局"],
    )  # fmt: skip
    assert first.before_photo == photo
    assert first.finder == problem.finder
    row = fresh(problem)
    assert (row.status, row.outcome) == ("done", "split")
    assert {link.other_id for link in Link.objects.filter(sort="split")} == {problem.pk}
    assert verify_problems() == []


def test_what_is_split_may_stay_open(district: District) -> None:
    problem = dispatched(district, "road")
    made = split(district, problem, close=False, pieces=pieces(district, 1))
    assert fresh(problem).status == "run"
    assert len(made) == 1


def test_one_piece_alone_is_no_split(district: District) -> None:
    problem, same = filed(district, "road"), op()
    with pytest.raises(Refused, match="need_pieces"):
        split(district, problem, pieces=pieces(district, 1))
    first = split(district, problem, op_id=same)
    again = split(district, problem, op_id=same)
    assert [p.pk for p in first] == [p.pk for p in again]
    assert Problem.objects.count() == 3


def test_the_same_matter_said_again_is_one_problem_and_the_reporter_sees_it(
    district: District,
) -> None:
    problem, unit = filed(district, "road"), district.users["经信局"]
    assert not Problem.objects.visible_to(unit).filter(pk=problem.pk)
    acts.say_again(problem=problem, words="又塌了一块", photos=[picture("x")], by=unit, op_id=op())
    assert fresh(problem).said_again == 1
    assert Problem.objects.visible_to(unit).filter(pk=problem.pk)
    acts.dispatch(problem=problem, lead=district.units["环卫局"], by=district.office, op_id=op())
    assert Problem.objects.visible_to(unit).filter(pk=problem.pk)
    assert verify_problems() == []


def test_people_of_another_district_do_not_say_it_again(district: District) -> None:
    problem = filed(district, "road")
    with pytest.raises(Refused, match="not_yours"):
        acts.say_again(problem=problem, by=district.users["临江环卫局"], op_id=op())


def test_what_was_said_again_is_taken_back(district: District) -> None:
    problem, unit, same = filed(district, "road"), district.users["经信局"], op()
    acts.say_again(problem=problem, by=unit, op_id=same)
    acts.undo(problem=problem, operation=same, by=unit, op_id=op())
    assert fresh(problem).said_again == 0
    assert Voice.objects.get().ended_operation is not None
    assert not Problem.objects.visible_to(unit).filter(pk=problem.pk)
    assert verify_problems() == []


def test_the_state_follows_the_events_through_all_of_it(district: District) -> None:
    main, problem = filed(district, "road"), dispatched(district, "road")
    acts.say_again(problem=problem, by=district.users["红叶镇"], op_id=op())
    merge(district, problem, main)
    acts.unmerge(problem=problem, by=district.office, op_id=op())
    split(district, problem)
    for row in Problem.objects.all():
        assert state_of(row) == life.fold(Event.objects.filter(problem=row).order_by("seq"))
