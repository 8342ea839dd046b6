"""Acts that phones send: each once, one bad one hinders no other, nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from tests.district import District, filed

from weicheng.fieldwork.models import Held, Sent
from weicheng.fieldwork.tests.phone import Phone
from weicheng.inspections.models import Found, Visit
from weicheng.problems.models import Event, Problem


def looked(d: District, **more: Any) -> dict[str, Any]:
    return {"site": str(d.sites["张家沟小区"].pk), **more}


def test_the_same_act_sent_again_is_one_act_with_the_same_answer(d: District, phone: Phone) -> None:
    act = phone.act("finding", looked(d, kind="bin"))
    answers = [phone.send(act)[0] for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert Found.objects.count() == Problem.objects.count() == Sent.objects.count() == 1


def test_the_same_operation_with_another_body_is_refused_and_stored_nowhere(
    d: District, phone: Phone
) -> None:
    act = phone.act("finding", looked(d, kind="bin"))
    phone.send(act)
    told = phone.send({**act, "body": looked(d, kind="cable")})[0]
    assert told["state"] == "refused" and "操作编号" in told["sentence"]
    assert Problem.objects.get().kind_id == "bin"


def test_an_operation_of_somebody_else_does_not_exist_for_the_asker(
    d: District, phone: Phone
) -> None:
    act = phone.act("finding", looked(d, kind="bin"))
    phone.send(act)
    other = Phone(d.office)
    assert other.send(act)[0]["state"] == "refused"
    assert other.post("receipts", {"op_ids": [act["op_id"]], "photos": []}).json()["results"] == []


def test_one_bad_act_hinders_no_other_and_the_order_is_kept(d: District, phone: Phone) -> None:
    good = [phone.act("visit", looked(d)), phone.act("finding", looked(d, kind="bin"))]
    bad: list[Any] = [
        7, {"type": "visit"}, phone.act("dance", {}),
        phone.act("visit", looked(d), op_id="x"),
        phone.act("visit", looked(d), occurred_at="morgen"),
        phone.act("visit", {"site": 5}), phone.act("finding", looked(d, kind="bin", severity="so")),
        phone.act("visit", looked(d, failed=["no-such-check"])),
    ]  # fmt: skip
    told = phone.send(bad[0], good[0], *bad[1:], good[1])
    assert [r["state"] for r in told] == [
        "refused", "received", "refused", "refused", "refused", "refused", "refused", "refused",
        "quarantined", "received",
    ]  # fmt: skip
    assert all(r["sentence"] for r in told if r["state"] != "received")
    assert Visit.objects.count() == 1 and Found.objects.count() == 1 and Held.objects.count() == 1


@pytest.mark.parametrize("body", ["", "[]", "{", '{"acts": 5}', '{"acts": NaN}', "\x00", "null"])
def test_what_cannot_be_read_is_answered_by_a_sentence(phone: Phone, body: str) -> None:
    answer = phone.client.post("/field/acts", body, content_type="application/json")
    assert answer.status_code in {400, 422} and answer.json()["sentence"]


def test_more_than_fifty_acts_are_refused_as_a_whole(d: District, phone: Phone) -> None:
    answer = phone.post("acts", {"acts": [phone.act("visit", looked(d)) for _ in range(51)]})
    assert answer.status_code == 422 and "51" in answer.json()["sentence"]
    assert not Visit.objects.exists()


def test_a_phone_that_lost_the_answer_asks_for_its_receipts(d: District, phone: Phone) -> None:
    act = phone.act("finding", looked(d, kind="bin"))
    first = phone.send(act)[0]
    told = phone.post("receipts", {"op_ids": [act["op_id"], "x" if False else act["op_id"]],
                                   "photos": ["a" * 64]}).json()  # fmt: skip
    assert told["results"] == [first] and told["photos"] == []


def test_a_remark_from_the_field_stands_on_the_problem(d: District, phone: Phone) -> None:
    problem = filed(d)
    told = phone.do("remark", {"problem": str(problem.pk), "words": "还在"})
    assert told["state"] == "received" and told["number"] == problem.number
    assert Event.objects.get(problem=problem, act="remark").remark.text == "还在"


def test_a_problem_of_another_district_cannot_be_touched(d: District) -> None:
    problem = filed(d)
    other = Phone(d.users["临江创卫办"])
    told = other.do("remark", {"problem": str(problem.pk), "words": "x"})
    assert told["state"] == "quarantined" and problem.number not in json.dumps(told)


def test_who_is_signed_out_is_told_in_json(d: District, phone: Phone) -> None:
    phone.client.logout()
    for path in ("pack", "photos", "acts", "receipts", "unseal"):
        ask = phone.client.get if path == "pack" else phone.client.post
        answer = ask(f"/field/{path}")
        assert answer.status_code == 401 and answer.json() == {"login": "/login/"}
    assert phone.client.put("/field/photos/" + "a" * 64).status_code == 401


def test_a_phone_of_somebody_else_in_the_same_browser_is_refused(d: District, phone: Phone) -> None:
    answer = phone.client.post(
        "/field/acts", json.dumps({"acts": []}), content_type="application/json",
        headers={"x-field-user": str(d.office.pk)},
    )  # fmt: skip
    assert answer.status_code == 403


def test_units_without_field_work_do_not_find_the_addresses(d: District) -> None:
    unit = Phone(d.users["环卫局"])
    assert unit.client.get("/field/pack").status_code == 404
    assert unit.post("acts", {"acts": []}).status_code == 404
    assert unit.client.get("/field/held").status_code == 404


def test_times_of_the_answer_are_the_servers(d: District, phone: Phone) -> None:
    before = timezone.now()
    told = phone.post("acts", {"acts": []}).json()
    assert before.isoformat() <= told["server_now"] <= timezone.now().isoformat()
