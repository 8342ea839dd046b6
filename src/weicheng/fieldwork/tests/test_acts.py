"""Acts that phones send: each once, one bad one hinders no other, nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from tests.district import District, dispatched, filed

from weicheng.fieldwork import acts
from weicheng.fieldwork.acts import attaching, replaying
from weicheng.fieldwork.models import Held, Sent
from weicheng.fieldwork.tests.phone import Phone, sha, shot
from weicheng.inspections.models import Found, Visit
from weicheng.people.models import User
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
    for path in ("pack", "token", "photos", "acts", "receipts", "unseal"):
        ask = phone.client.get if path in {"pack", "token"} else phone.client.post
        answer = ask(f"/field/{path}")
        assert answer.status_code == 401 and answer.json() == {"login": "/login/"}
    assert phone.client.put("/field/photos/" + "a" * 64).status_code == 401


def test_a_phone_of_somebody_else_in_the_same_browser_is_refused(d: District, phone: Phone) -> None:
    answer = phone.client.post(
        "/field/acts", json.dumps({"acts": []}), content_type="application/json",
        headers={"x-field-user": str(d.office.pk)},
    )  # fmt: skip
    assert answer.status_code == 403


def test_units_without_field_work_take_nothing_along(d: District) -> None:
    unit = Phone(d.users["环卫局"])
    answer = unit.client.get("/field/pack")
    assert answer.status_code == 404
    assert answer.json()["sentence"].startswith("您现在的岗位不做现场检查")
    assert unit.client.get("/field/held").status_code == 404


def test_what_waits_on_the_phone_of_who_does_other_work_by_now_is_the_office_s_to_decide(
    d: District, phone: Phone
) -> None:
    data = shot(1)
    finding = phone.act("finding", looked(d, kind="bin"), photos=[sha(data)])
    look = phone.act("visit", looked(d))
    User.objects.filter(pk=phone.user.pk).update(role="unit")
    told = phone.send(finding, look)
    assert [one["state"] for one in told] == ["quarantined"] * 2
    assert "不做现场检查" in told[0]["sentence"] and told[0]["missing"] == 1
    phone.send_photo(data)
    assert phone.send(finding)[0]["missing"] == 0
    assert not Found.objects.exists() and not Visit.objects.exists()
    held = Held.objects.visible_to(d.office).get(op_id=finding["op_id"])
    acts.release(held=held, by=d.office)
    found = Found.objects.get()
    assert found.photos.count() == 1 and found.inspector == phone.user.person


def test_a_repair_whose_last_photo_comes_after_the_work_changed_is_the_office_s_to_decide(
    d: District,
) -> None:
    problem, town, data = dispatched(d, to="红叶镇政府"), Phone(d.users["红叶镇"]), shot(2)
    body = {"problem": str(problem.pk), "version": problem.version, "measure": "clean"}
    act = town.act("hand_in", body, photos=[sha(data)])
    assert town.send(act)[0]["state"] == "waiting_photos"
    User.objects.filter(pk=town.user.pk).update(role="auditor")
    town.send_photo(data, purpose="after")
    assert town.send(act)[0]["state"] == "quarantined"


def test_the_token_comes_without_the_pack_to_everybody_signed_in(d: District, phone: Phone) -> None:
    for who in (phone, Phone(d.users["环卫局"])):
        told = who.client.get("/field/token").json()
        assert told["user"] == {"id": str(who.user.pk)} and told["csrf"] and told["server_now"]


def test_a_closed_account_is_told_so_and_a_session_that_ended_is_not(
    d: District, phone: Phone
) -> None:
    User.objects.filter(pk=phone.user.pk).update(is_active=False)
    answer = phone.post("acts", {"acts": []})
    assert (answer.status_code, answer.json()["ended"]) == (401, True)
    other = Phone(d.office)
    other.client.logout()
    assert "ended" not in other.post("acts", {"acts": []}).json()


def test_a_temporary_account_that_ran_out_is_told_so(d: District, phone: Phone) -> None:
    User.objects.filter(pk=phone.user.pk).update(ends_at=timezone.now())
    assert phone.post("acts", {"acts": []}).json()["ended"] is True


@pytest.mark.parametrize(("told", "mark"), [("3", ".3"), ("0", ".0"), ("x", ""), ("9" * 7, "")])
def test_the_server_leaves_in_the_browser_how_much_waits_there(
    phone: Phone, told: str, mark: str
) -> None:
    answer = phone.client.get("/field/pack", headers={"x-field-unsent": told})
    kept = answer.cookies.get("weicheng_field_kept")
    assert (kept.value if kept else "").endswith(mark) and bool(kept) == bool(mark)
    assert kept is None or (kept["path"], kept["samesite"]) == ("/field/", "Lax")


def broken(act: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Giving photos to this act fails from now on."""
    whole = attaching.attach

    def attach(sent: Sent, came: Any) -> None:
        if str(sent.op_id) == act["op_id"]:
            raise RuntimeError("attach")
        whole(sent, came)

    monkeypatch.setattr(replaying, "attach", attach)


def test_an_act_that_cannot_have_its_photos_now_stops_neither_acts_nor_photos(
    d: District, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = shot(3), shot(4)
    bad = phone.act("visit", looked(d), photos=[sha(first)])
    good = phone.act("visit", looked(d), photos=[sha(second)])
    phone.send(bad, good)
    broken(bad, monkeypatch)
    assert [phone.announce(one).status_code for one in (first, second)] == [200, 200]
    assert [phone.piece(one, 0).json()["state"] for one in (first, second)] == ["received"] * 2
    answer = phone.post("acts", {"acts": [bad, good]})
    told = answer.json()["results"]
    assert answer.status_code == 503 and told[0]["retry"] and "retry" not in told[1]
    assert told[1]["state"] == "received"
    monkeypatch.undo()
    assert acts.settle_waiting(ready=True) == 1
    assert phone.send(bad)[0]["state"] == "received"
    assert sorted(visit.photos.count() for visit in Visit.objects.all()) == [1, 1]


def test_times_of_the_answer_are_the_servers(d: District, phone: Phone) -> None:
    before = timezone.now()
    told = phone.post("acts", {"acts": []}).json()
    assert before.isoformat() <= told["server_now"] <= timezone.now().isoformat()


def test_a_check_that_the_sites_sheet_has_not_is_left_out_and_the_problem_counts(
    d: District, phone: Phone
) -> None:
    told = phone.do("finding", looked(d, kind="bin", check="toilet-01"))
    assert told["state"] == "received" and "toilet-01" in told["sentence"]
    phone.do("finding", looked(d, kind="road", check="estate-01"))
    assert set(Found.objects.values_list("kind", "check_key")) == {
        ("bin", ""), ("road", "estate-01"),
    }  # fmt: skip
