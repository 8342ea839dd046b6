"""The conflict table of working without signal, line by line, and clocks that are wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.district import District, dispatched, filed, handed_in, in_hours, op
from tests.inspecting import plan as planned
from tests.inspecting import site as new_site

from weicheng.fieldwork import acts
from weicheng.fieldwork.models import Held, Sent
from weicheng.fieldwork.refusals import NotReleased
from weicheng.fieldwork.tests.phone import Phone, iso, sha, shot
from weicheng.inspections.models import Found, LookBack, Visit
from weicheng.inspections.words import PlanState, skew_words
from weicheng.people.directory import changed
from weicheng.people.models import Post, SiteParty
from weicheng.places.models import Site
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Event, Problem
from weicheng.problems.words import OPEN_STATUSES


def bin_at(d: District, **more: Any) -> dict[str, Any]:
    return {"site": str(d.sites["张家沟小区"].pk), "kind": "bin", "words": "桶满了", **more}


def words_on(problem: Problem) -> list[str]:
    events = Event.objects.filter(problem=problem, act="remark").select_related("remark")
    return [event.remark.text for event in events]


# new problem offline | always accepted; late ones marked 迟报, keep device and server time


def test_new_problem_offline_is_always_accepted(d: District, phone: Phone) -> None:
    told = phone.do("finding", bin_at(d), occurred_at=iso(timezone.now() - timedelta(hours=8)))
    assert told["state"] == "received" and told["number"]
    found = Found.objects.get()
    assert found.problem is not None and not found.late
    assert str(found.problem_id) == told["problem"]


def test_a_late_one_is_marked_and_keeps_device_time_and_server_time(
    d: District, phone: Phone
) -> None:
    then = timezone.now() - timedelta(hours=30)
    told = phone.do("finding", bin_at(d), occurred_at=iso(then), offset_seconds=120)
    found = Found.objects.get()
    assert found.late and "迟报" in told["sentence"]
    page = Phone(d.office).client.get(f"/problems/{found.problem_id}/").content.decode()
    assert "迟报，" in page
    assert found.occurred_at == then - timedelta(seconds=120)
    assert found.offset_seconds == 120 and found.received_at > found.occurred_at


def test_a_problem_without_site_and_words_is_accepted_where_it_was_shot(
    d: District, phone: Phone
) -> None:
    new_site(d, "公园", at=(30.001, 120.001))
    told = phone.do("finding", {"kind": "bin", "lat": 30.0, "lon": 120.0, "accuracy_m": 8})
    assert told["state"] == "received"
    found = Found.objects.get()
    assert found.region == d.regions["张家沟社区"] and "30.00000" in found.place


# two new within 30 m, same kind, 2 h | both kept, proposed merge, human decides


def test_two_new_within_30_m_of_the_same_kind_are_both_kept_and_a_merge_is_proposed(
    d: District, phone: Phone
) -> None:
    other = Phone(d.users["创卫办"])
    first = phone.do("finding", bin_at(d, lat=30.0, lon=120.0))
    second = other.do("finding", bin_at(d, lat=30.0002, lon=120.0))
    assert {first["state"], second["state"]} == {"received"}
    assert first["number"] in second["sentence"]
    assert Problem.objects.filter(status__in=OPEN_STATUSES).count() == 2
    assert str(Found.objects.get(operation=second["op_id"]).near_id) == first["problem"]


def test_thirty_metres_across_the_border_of_a_community_are_still_thirty_metres(
    d: District, phone: Phone
) -> None:
    d.region("红叶社区", "community", "990102101002", "红叶镇")
    new_site(d, "对门小区", region="红叶社区")
    first = phone.do("finding", bin_at(d, lat=30.0, lon=120.0))
    across = bin_at(d, lat=30.0001, lon=119.9999, site=str(d.sites["对门小区"].pk))
    second = Phone(d.office).do("finding", across)
    assert first["number"] in second["sentence"]


# rectify offline, problem was 退回/改派/销号 | kept as remark and photos, the sender is told


@pytest.fixture
def town(d: District) -> Phone:
    return Phone(d.users["红叶镇"])


def fix_of(problem: Problem, version: int, *shas: str) -> dict[str, Any]:
    return {
        "body": {"problem": str(problem.pk), "version": version, "measure": "clean"},
        "photos": list(shas),
    }


def test_rectified_offline_while_it_was_reassigned_becomes_a_remark_with_its_photos(
    d: District, town: Phone
) -> None:
    problem = dispatched(d, to="红叶镇政府")
    version = problem.version
    problem_acts.dispatch(
        problem=problem, lead=d.units["环卫局"], due_at=in_hours(5), by=d.office, op_id=op()
    )
    photo = town.send_photo(shot(1), purpose="after")
    told = town.do("hand_in", **fix_of(problem, version, photo))
    assert told["state"] == "remark" and "已改派" in told["sentence"]
    problem.refresh_from_db()
    assert problem.status == "run" and problem.lead_unit == d.units["环卫局"]
    assert any("交整改" in text for text in words_on(problem))
    remark = Event.objects.get(problem=problem, act="remark")
    assert [p.attachment.blob_id for p in remark.photos.all()] == [photo]


def test_rectified_offline_while_it_was_closed_becomes_a_remark(d: District, town: Phone) -> None:
    problem = dispatched(d, to="红叶镇政府")
    version = problem.version
    problem_acts.close(problem=problem, outcome="gone", by=d.office, op_id=op())
    told = town.do("hand_in", **fix_of(problem, version, town.send_photo(shot(2))))
    assert told["state"] == "remark" and "已销号" in told["sentence"]
    assert any("交整改" in text for text in words_on(problem))


def test_rectified_offline_while_it_was_sent_back_becomes_a_remark(
    d: District, town: Phone
) -> None:
    problem = handed_in(d, to="环卫局")
    version = problem.version
    problem_acts.send_back(problem=problem, reason="unfinished", by=d.office, op_id=op())
    told = Phone(d.users["检查员"]).do(
        "accept", {"problem": str(problem.pk), "version": version, "result": "fixed"}
    )
    assert told["state"] == "remark" and "已被退回" in told["sentence"]
    problem.refresh_from_db()
    assert problem.status == "run"


def test_rectified_offline_in_time_is_handed_in_with_its_photo(d: District, town: Phone) -> None:
    problem = dispatched(d, to="红叶镇政府")
    data = shot(3)
    waits = town.act("hand_in", **fix_of(problem, problem.version, sha(data)))
    first = town.send(waits)[0]
    assert first["state"] == "waiting_photos" and first["missing"] == 1
    problem.refresh_from_db()
    assert problem.status == "run"
    town.send_photo(data, purpose="after")
    assert town.send(waits)[0]["state"] == "received"
    problem.refresh_from_db()
    assert problem.status == "check" and problem.after_photo is not None


# edit of a field, version moved | 412, show both, default keep server, one tap to re-apply


def test_an_edit_whose_version_moved_shows_both_and_keeps_the_servers(d: District) -> None:
    office = Phone(d.office)
    problem = filed(d)
    version = problem.version
    problem_acts.amend(
        problem=problem, correction=problem_acts.Correction(place="东门"), by=d.office, op_id=op()
    )
    change = {"problem": str(problem.pk), "version": version, "changes": {"place": "西门"}}
    answer = office.post("acts", {"acts": [office.act("amend", change)]})
    told = answer.json()["results"][0]
    assert answer.status_code == 412 and told["state"] == "refused"
    assert told["conflict"]["server"] == {"place": "东门"}
    assert told["conflict"]["yours"] == {"place": "西门"}
    problem.refresh_from_db()
    assert problem.place == "东门"
    again = office.do("amend", {**change, "version": told["version"]})
    problem.refresh_from_db()
    assert again["state"] == "received" and problem.place == "西门"


# user disabled or moved unit while offline | quarantine for the office to release


def move(d: District, name: str, to: str) -> None:
    Post.objects.filter(person=d.people[name]).update(unit=d.units[to])
    changed()


def test_who_moved_to_another_unit_while_offline_waits_for_the_office(
    d: District, phone: Phone
) -> None:
    move(d, "检查员的人", "临江创卫办")
    photo = phone.send_photo(shot(4))
    told = phone.do("finding", bin_at(d), photos=[photo])
    assert told["state"] == "quarantined" and told["sentence"]
    assert not Found.objects.exists()
    held = Held.objects.visible_to(d.office).get()
    assert not Held.objects.visible_to(d.users["临江创卫办"]).exists()
    done = acts.release(held=held, by=d.office)
    found = Found.objects.get()
    assert done.ended == "released" and found.inspector == d.people["检查员的人"]
    assert found.by == d.office and found.photos.count() == 1
    assert found.problem is not None and found.problem.finder == d.people["检查员的人"]
    assert found.problem.before_photo is not None
    assert phone.send(held.told)[0]["state"] == "received"
    with pytest.raises(NotReleased):
        acts.release(held=held, by=d.office)
    assert Found.objects.count() == 1


def test_what_the_office_drops_needs_a_reason_and_stays_to_be_read(
    d: District, phone: Phone
) -> None:
    move(d, "检查员的人", "临江创卫办")
    phone.do("finding", bin_at(d))
    held = Held.objects.get()
    with pytest.raises(NotReleased) as wrong:
        acts.drop(held=held, by=d.office, words=" ")
    assert "原因" in wrong.value.sentence()
    acts.drop(held=held, by=d.office, words="重复")
    held.refresh_from_db()
    assert held.ended == "dropped" and held.told["body"]["words"] == "桶满了"
    assert not Found.objects.exists()


def test_a_disabled_account_keeps_everything_on_the_phone_and_is_asked_to_sign_in(
    d: District, phone: Phone
) -> None:
    d.users["检查员"].is_active = False
    d.users["检查员"].save()
    answer = phone.post("acts", {"acts": [phone.act("finding", bin_at(d))]})
    assert answer.status_code == 401 and answer.json()["login"]
    assert not Found.objects.exists()


# accept (验收) twice | first wins, second becomes a remark


def test_accepted_twice_the_first_wins_and_the_second_becomes_a_remark(
    d: District, phone: Phone
) -> None:
    problem = handed_in(d)
    body = {"problem": str(problem.pk), "version": problem.version}
    data = shot(5)
    late = Phone(d.office)
    first = phone.do("accept", {**body, "result": "fixed"})
    second = late.do("accept", {**body, "result": "not_fixed"}, photos=[sha(data)])
    assert first["state"] == "received" and second["state"] == "remark"
    assert "已由别人验收通过" in second["sentence"]
    problem.refresh_from_db()
    assert problem.status == "done" and problem.closed_by == d.people["检查员的人"]
    late.send_photo(data, purpose="after")
    remark = Event.objects.get(problem=problem, act="remark")
    assert "未改" in remark.remark.text and remark.photos.count() == 1


def test_a_remark_meanwhile_does_not_spoil_an_acceptance(d: District, phone: Phone) -> None:
    problem = handed_in(d)
    version = problem.version
    problem_acts.remark(problem=problem, words="看过", by=d.office, op_id=op())
    told = phone.do(
        "accept", {"problem": str(problem.pk), "version": version, "result": "not_fixed"}
    )
    problem.refresh_from_db()
    assert told["state"] == "received" and problem.status == "run"


def test_looked_back_twice_the_first_wins_and_the_second_becomes_a_remark(
    d: District, phone: Phone
) -> None:
    problem = handed_in(d)
    problem_acts.pass_fix(problem=problem, level="onsite", by=d.office, op_id=op())
    problem.refresh_from_db()
    assert problem.closed_at is not None
    row = LookBack.objects.create(
        problem=problem, closed_at=problem.closed_at, day=3, due_on=timezone.localdate(),
        not_by=d.office.person,
    )  # fmt: skip
    data = shot(6)
    act = phone.act(
        "look_back", {"look_back": str(row.pk), "result": "relapsed"}, photos=[sha(data)]
    )
    assert phone.send(act)[0]["state"] == "waiting_photos"
    problem.refresh_from_db()
    assert problem.relapsed == 1 and problem.status == "run"
    phone.send_photo(data)
    assert phone.send(act)[0]["state"] == "received"
    assert row.photos.count() == 1
    assert Event.objects.get(problem=problem, act="reopen").photos.count() == 1
    again = phone.do("look_back", {"look_back": str(row.pk), "result": "held"})
    assert again["state"] == "remark"


# sites moved or closed mid-plan, plans dropped


def visit_of(d: District, **more: Any) -> dict[str, Any]:
    return {"site": str(d.sites["张家沟小区"].pk), "failed": [], "na": [], "unseen": [],
            "closed": False, "note": "", **more}  # fmt: skip


def test_a_visit_of_a_site_closed_meanwhile_waits_with_a_sentence(
    d: District, phone: Phone
) -> None:
    Site.objects.update(active=False)
    told = phone.do("visit", visit_of(d))
    assert told["state"] == "quarantined" and "停用" in told["sentence"]
    held = Held.objects.get()
    with pytest.raises(NotReleased):
        acts.release(held=held, by=d.office)
    Site.objects.update(active=True)
    acts.release(held=held, by=d.office)
    assert Visit.objects.get().inspector == d.people["检查员的人"]


def test_a_visit_of_a_site_moved_to_another_district_waits_with_a_sentence(
    d: District, phone: Phone
) -> None:
    Site.objects.update(region=d.regions["滨江街道"])
    told = phone.do("visit", visit_of(d))
    assert told["state"] == "quarantined" and "点位" in told["sentence"]


def test_a_visit_of_a_plan_dropped_meanwhile_waits_and_counts_without_it_when_released(
    d: District, phone: Phone
) -> None:
    row = planned(d)
    stop = row.stops.get()
    row.state = PlanState.DROPPED
    row.save()
    told = phone.do("visit", visit_of(d, stop=str(stop.pk), plan=str(row.pk)))
    assert told["state"] == "quarantined" and "取消" in told["sentence"]
    acts.release(held=Held.objects.get(), by=d.office)
    assert Visit.objects.get().plan is None


def test_a_finding_of_a_hidden_plan_never_slips_out_when_the_plan_is_gone(
    d: District, phone: Phone
) -> None:
    row = planned(d, "undercover")
    stop = row.stops.get()
    SiteParty.objects.create(site=stop.site, unit=d.units["环卫局"], part="bureau")
    row.state = PlanState.DROPPED
    row.save()
    told = phone.do("finding", bin_at(d, stop=str(stop.pk), plan=str(row.pk)))
    assert told["state"] == "quarantined"
    assert not Problem.objects.exists()
    assert Held.objects.visible_to(d.office).exists()
    assert not Held.objects.visible_to(d.users["借调"]).exists()


# wrong clocks
@pytest.mark.parametrize("skew", [48 * 3600, -48 * 3600, 8 * 3600, -8 * 3600, 47 * 60])
def test_a_wrong_clock_changes_neither_order_nor_deadline(
    d: District, phone: Phone, skew: int
) -> None:
    before = timezone.now()
    then = before - timedelta(minutes=5)
    told = phone.do(
        "finding", bin_at(d), occurred_at=iso(then + timedelta(seconds=skew)), offset_seconds=skew
    )
    found = Found.objects.get(operation=told["op_id"])
    assert found.occurred_at == then and found.received_at >= before
    assert found.problem is not None
    assert before <= found.problem.filed_at <= timezone.now()
    assert not found.late


def test_a_clock_that_jumped_ahead_unmeasured_counts_as_now(d: District, phone: Phone) -> None:
    ahead = timezone.now() + timedelta(days=2)
    phone.do("finding", bin_at(d), occurred_at=iso(ahead), offset_seconds=None)
    assert Found.objects.get().occurred_at <= timezone.now()


def test_the_skew_is_told_beyond_five_minutes() -> None:
    assert skew_words(47 * 60) == "手机时间偏差 +47分"
    assert skew_words(-8 * 3600) == "手机时间偏差 -8小时"
    assert skew_words(48 * 3600) == "手机时间偏差 +48小时"
    assert skew_words(299) == skew_words(None) == ""


# findings are sent before the look during which they were made has ended


def test_what_was_found_before_the_look_ended_is_tied_to_it(d: District, phone: Phone) -> None:
    visit = phone.act("visit", visit_of(d, failed=["estate-01"]))
    phone.do("finding", bin_at(d, visit_op=visit["op_id"]))
    assert Found.objects.get().visit is None
    phone.send(visit)
    assert Found.objects.get().visit == Visit.objects.get()
    assert Sent.objects.count() == 2
