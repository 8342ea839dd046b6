"""What the pages show of requests, of what belongs together, and of small things that mattered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.district import District, dispatched, filed, handed_in, in_hours, op, picture, sign_in

from weicheng.people.models import User
from weicheng.problems import acts
from weicheng.problems.models import Obligation, Problem
from weicheng.problems.tests.test_grid import asks, third_dispute

pytestmark = pytest.mark.django_db


def card(user: User, problem: Problem, path: str = "") -> str:
    answer = sign_in(Client(), user).get(f"/problems/{problem.pk}/{path}")
    return answer.content.decode()


def test_the_office_answers_a_request_from_the_card(district: District) -> None:
    problem = asks(district, dispatched(district, "road"), "pause")
    page = card(district.office, problem)
    assert "环卫局申请缓办：冬季不能施工" in page
    assert "同意" in page
    client = sign_in(Client(), district.office)
    client.post(f"/problems/{problem.pk}/do/deny/", {"op_id": op(), "words": "请按期办结。"})
    assert Problem.objects.get(pk=problem.pk).asking == ""
    assert "请按期办结。" in card(district.users["环卫局"], problem)


def test_a_unit_sees_how_often_it_may_ask_and_why_no_more(district: District) -> None:
    problem = dispatched(district, "road")
    unit = district.users["环卫局"]
    assert "申请延期（剩1次）" in card(unit, problem)
    asks(district, problem, "extension")
    acts.grant(problem=problem, by=district.office, op_id=op())
    assert "已延期" in card(unit, problem)
    assert "这件已经延期1次，不能再申请" in card(unit, problem, "do/ask_extension/")


def test_what_is_fixed_first_says_so_behind_its_button(district: District) -> None:
    problem = dispatched(district)
    unit = district.users["环卫局"]
    assert "do/dispute/" in card(unit, problem)
    assert "先处置、后分责" in card(unit, problem, "do/dispute/")


def test_a_third_bounce_stands_before_the_leader_and_not_before_the_office(
    district: District,
) -> None:
    problem = third_dispute(district)
    leader = sign_in(Client(), district.users["指挥长"]).get("/today/").content.decode()
    assert "第3次退转" in leader
    assert f"/problems/{problem.pk}/do/grant/" in leader
    assert f"/problems/{problem.pk}/do/grant/" not in card(district.office, problem)
    group = sign_in(Client(), district.users["市容专责组"]).get("/mine/").content.decode()
    assert "要我定的" in group


def test_the_workbench_counts_and_lists_what_waits_for_an_answer(district: District) -> None:
    asks(district, dispatched(district, "road"), "extension")
    dispatched(district, "road")
    page = sign_in(Client(), district.office).get("/workbench/?queue=asking").content.decode()
    assert "待审 <b>1</b>" in page
    assert "答复申请" in page


def test_the_named_person_and_the_verifier_stand_on_the_card(district: District) -> None:
    person = district.people["环卫局的人"]
    problem = acts.dispatch(
        problem=filed(district, "road"), lead=district.units["环卫局"], person=person,
        verifier="inspector", by=district.office, op_id=op(),
    )  # fmt: skip
    page = card(district.office, problem)
    assert "环卫局 环卫局的人" in page
    assert "检查员" in page
    assert "为什么是这一天" in page


def test_a_line_not_connected_in_time_is_flagged_in_the_head(district: District) -> None:
    problem = dispatched(district, "cable", "联通")
    told: dict[str, Any] = {"label": "3号楼", "state": "live", "operator": district.units["联通"]}
    for hours, late in ((5, False), (-1, True)):
        line = acts.Line(
            **{**told, "label": f"{hours}号"}, signer="刘", reconnect_at=in_hours(hours),
            reconnect_person="王",
        )  # fmt: skip
        acts.classify_line(problem=problem, line=line, by=district.users["联通"], op_id=op())
        assert ("接通超时" in card(district.office, problem)) is late


def test_a_parked_problem_offers_first_to_end_it(district: District) -> None:
    problem = filed(district, "road")
    first = "button-primary button-wide"
    assert "派单" in card(district.office, problem).split(first)[1][:200]
    acts.park(
        problem=problem, addressee="铁路段", words="函", review_on=in_hours(99).date(),
        by=district.office, op_id=op(),
    )  # fmt: skip
    assert "取消挂账" in card(district.office, problem).split(first)[1][:400]


def test_what_comes_after_is_not_called_due_before(district: District) -> None:
    problem = dispatched(district, "road")
    for sort, word in (("after", "后续事项"), ("holding", "必办事项")):
        Obligation.objects.create(
            problem=problem, unit=district.units["联通"], part="support", sort=sort,
            words="报备", due_at=in_hours(20), operation=op(),
        )  # fmt: skip
        assert f'<h2 id="owed">{word}</h2>' in card(district.office, problem)


def test_the_only_thing_of_a_unit_to_settle_is_chosen_already(district: District) -> None:
    problem = dispatched(district, "road")
    for unit in ("联通", "经信局"):
        Obligation.objects.create(
            problem=problem, unit=district.units[unit], part="support", sort="after",
            words=f"{unit}报备", due_at=in_hours(20), operation=op(),
        )  # fmt: skip
    path = f"do/settle/?for={district.units['联通'].pk}"
    chosen = card(district.office, problem, path)
    mine = Obligation.objects.get(problem=problem, unit=district.units["联通"])
    assert f'value="{mine.pk}" id="id_obligation_0" checked' in chosen
    assert (
        chosen.count(" checked") - card(district.office, problem, "do/settle/").count(" checked")
        == 1
    )


def test_verification_goes_by_the_hand_in_as_on_the_workbench(district: District) -> None:
    first, second = dispatched(district, "road"), dispatched(district, "road")
    for problem in (second, first):
        fix = acts.Fix("clean", [picture("after", purpose="after")])
        acts.hand_in(problem=problem, fix=fix, by=district.users["环卫局"], op_id=op())
    page = sign_in(Client(), district.users["检查员"]).get("/check/").content.decode()
    assert page.index(second.number) < page.index(first.number)


def test_a_split_is_filled_in_on_its_page(district: District) -> None:
    problem = handed_in(district, "road")
    acts.send_back(problem=problem, reason="angle", by=district.users["检查员"], op_id=op())
    client = sign_in(Client(), district.office)
    given = {
        "op_id": op(), "end": "close", "piece_0_kind": "road", "piece_0_place": "东门",
        "piece_1_kind": "bin", "piece_1_place": "西门", "piece_1_lead": "环卫局",
    }  # fmt: skip
    wrong = {**given, "piece_1_place": ""}
    assert client.post(f"/problems/{problem.pk}/do/split/", wrong).status_code == 422
    client.post(f"/problems/{problem.pk}/do/split/", given)
    row = Problem.objects.get(pk=problem.pk)
    assert (row.status, row.outcome) == ("done", "split")
    assert Problem.objects.filter(place="西门", lead_unit=district.units["环卫局"]).exists()
    assert "拆成" in card(district.office, row)


def test_merging_by_number_leads_from_one_to_the_other(district: District) -> None:
    main, problem = filed(district, "road"), filed(district, "road")
    client = sign_in(Client(), district.office)
    path = f"/problems/{problem.pk}/do/merge/"
    assert client.post(path, {"op_id": op(), "into": "HY-9999-999"}).status_code == 422
    client.post(path, {"op_id": op(), "into": main.number})
    assert f"/problems/{main.pk}/" in card(district.office, problem)
    assert f"/problems/{problem.pk}/" in card(district.office, main)
    assert "并入本件" in card(district.office, main)
