"""先补哪里 from the database: works, gains that add up, capacity, filters and the one key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, dispatched, filed, handed_in, op, sign_in
from tests.inspecting import plan, site

from weicheng.inspections import acts as looking
from weicheng.inspections.models import Plan
from weicheng.inspections.tests.planning import years
from weicheng.people.models import User
from weicheng.places.models import Gate
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Milestone, Problem
from weicheng.scoring import acts
from weicheng.scoring.amends import Amends, amends
from weicheng.scoring.arrays import ground_of
from weicheng.scoring.effort import efforts
from weicheng.scoring.facts import gather
from weicheng.scoring.fixing_page import asked, chosen, fixing_page
from weicheng.scoring.forecasting import expected, posterior, repaired
from weicheng.scoring.refusals import Refused
from weicheng.scoring.running import latest
from weicheng.standards.models import Item

from .foretold import looked, ready, region_of, run_now

pytestmark = pytest.mark.django_db
PAGE = "/score/fixing/"


def _found(d: District) -> Amends:
    run = latest(region_of(d))
    assert run is not None
    return amends(region_of(d), run, timezone.now())


def _page(client: Client, who: User, query: str = "") -> str:
    answer = sign_in(client, User.objects.get(pk=who.pk)).get(PAGE + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_failed_check_is_a_weak_site_until_a_problem_takes_it_over(district: District) -> None:
    ready(district)
    place = district.sites["小区0"]
    run_now(district)
    before = _found(district).amends
    assert set(before) >= {f"site:{place.pk}"}
    problem = filed(district, site=place)
    after = _found(district).amends
    assert after[f"problem:{problem.pk}"].work.pays == ((str(place.pk), "estate-01"),)
    assert after[f"site:{place.pk}"].work.pays == ((str(place.pk), "estate-03"),)


def test_the_points_regained_are_the_difference_of_the_forecast(district: District) -> None:
    ready(district)
    now = timezone.now()
    run = run_now(district, as_of=now)
    found = amends(region_of(district), run, now)
    choice = chosen(found)
    ground = ground_of(gather(region_of(district), now))
    belief = posterior(ground.district)
    sites = {str(place.id): n for n, place in enumerate(ground.sites)}
    checks = {check.key: n for n, check in enumerate(ground.checks)}
    done = [pair for part in choice.parts for pair in found.amends[part.key].work.pays]
    mended = repaired(
        ground.district, belief, np.array([sites[s] for s, _c in done]),
        np.array([checks[c] for _s, c in done]),
    )  # fmt: skip
    gain = expected(ground.district, belief).loss - expected(mended, belief).loss
    assert choice.milli > 0
    assert choice.milli == sum(part.milli for part in choice.parts)
    assert choice.nano / 1e6 == pytest.approx(gain, rel=1e-3, abs=0.05)


def test_what_cannot_be_over_before_the_gate_is_left_out_and_says_when(
    client: Client, district: District
) -> None:
    ready(district)
    problem = dispatched(district, site=district.sites["小区0"])
    gate = Gate.objects.get()
    problem_acts.set_long_term(
        problem=problem, lead=problem.lead_unit, by=district.office, op_id=op(),
        milestones=[(gate.on + timedelta(days=30), "完工")], words="要重新铺设管网",
    )  # fmt: skip
    assert Milestone.objects.exists()
    run_now(district)
    found = _found(district)
    work = found.amends[f"problem:{problem.pk}"].work
    assert work.kind == "project"
    assert work.earliest_done == gate.on + timedelta(days=30)
    left = {row.key: row.reason for row in chosen(found).left_out}
    assert left[work.key] == "late"
    assert "赶不上" in _page(client, district.office)


def test_a_unit_without_crews_is_asked_for_nothing(client: Client, district: District) -> None:
    ready(district)
    run_now(district)
    units = {amend.work.unit for amend in _found(district).amends.values()}
    sign_in(client, district.office)
    body = {"op_id": str(op()), **{f"crews-{unit}": "0" for unit in units}}
    client.post("/score/fixing/crews/", body)
    found = _found(district)
    assert chosen(found).milli == 0
    assert {row.reason for row in chosen(found).left_out} <= {"capacity", "nothing"}
    assert "人手不够" in client.get(PAGE).content.decode()
    client.post(
        "/score/fixing/crews/", {"op_id": str(op()), **{f"crews-{u}": "2.5" for u in units}}
    )
    assert set(_found(district).crews.values()) == {2.5}
    client.post(
        "/score/fixing/crews/", {"op_id": str(op()), **{f"crews-{u}": "许多" for u in units}}
    )
    assert set(_found(district).crews.values()) == {2.5}
    assert "不是组数" in client.get(PAGE).content.decode()


def test_what_the_office_states_of_a_work_stands_before_the_estimate(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    key = next(iter(_found(district).amends))
    assert not _found(district).amends[key].stated
    sign_in(client, district.office)
    where = f"/score/fixing/outlay/?work={key}"
    assert client.get(where).status_code == 200
    assert client.post(where, {"days": "-1", "op_id": str(op())}).status_code == 422
    client.post(where, {"days": "2.5", "yuan": "3000", "op_id": str(op())})
    work = _found(district).amends[key].work
    assert (work.working_days, work.yuan) == (2.5, 3000)
    assert "3000" in client.get(PAGE + "?by=yuan").content.decode()
    client.post(where, {"op_id": str(op())})
    assert not _found(district).amends[key].stated


def test_the_page_names_unit_and_points_and_its_parts_add_up(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    page = _page(client, district.office)
    choice = chosen(_found(district))
    assert f"{choice.milli / 1000:.3f}" in page
    for words in (
        "离省级初审",
        "全部做完，预计补回",
        "居民小区",
        "张家沟居委会",
        "各单位的人手",
        "模拟分",
    ):
        assert words in page, words
    assert "合格线" not in page
    assert "没有排进来的工作" in _page(client, district.office, "?kind=project")
    assert "检查toilet-01" not in _page(client, district.office, "?aspect=A3")


def test_leaders_and_auditors_read_and_only_the_office_acts(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    for who in ("指挥长", "审计", "包片"):
        page = _page(client, district.users[who])
        assert "先做这些" in page
        assert "生成专项检查计划" not in page
    for who in ("环卫局", "红叶镇", "检查员", "管理员"):
        assert sign_in(client, district.users[who]).get(PAGE).status_code == 404
    for path in ("dispatch", "plan", "crews"):
        sign_in(client, district.users["指挥长"])
        assert client.post(f"{PAGE}{path}/", {"op_id": str(op())}).status_code == 404


def test_somebody_in_charge_of_an_area_sees_the_works_of_the_own_towns(
    client: Client, district: District
) -> None:
    ready(district)
    site(district, "石桥小区", region="石桥镇")
    looked(district, "石桥小区", "estate-01", "estate-02", "estate-03")
    run_now(district)
    assert "石桥小区" in _page(client, district.office)
    page = _page(client, district.users["包片"])
    assert "石桥小区" not in page
    assert "小区0" in page


def test_one_key_sends_what_nobody_was_sent_to_once(client: Client, district: District) -> None:
    ready(district)
    problem = filed(district, site=district.sites["小区0"])
    run_now(district)
    assert "1件没派的按建议派出" in _page(client, district.office)
    body = {"op_id": str(op()), "problems": str(problem.pk)}
    for _ in range(2):
        assert client.post(f"{PAGE}dispatch/", body).status_code == 302
    row = Problem.objects.get(pk=problem.pk)
    assert row.status == "run"
    assert row.lead_unit == district.units["环卫局"]
    assert row.events.filter(act="dispatch").count() == 1


def test_one_key_makes_a_special_check_of_the_weak_sites(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    years(district)
    sign_in(client, district.office)
    today = timezone.localdate()
    chosen_sites = [district.sites["小区0"].pk, district.sites["公厕0"].pk]
    body: dict[str, Any] = {
        "op_id": str(op()), "sites": ",".join(map(str, chosen_sites)), "title": "薄弱点位专项检查",
        "starts_on": today, "ends_on": today + timedelta(days=3),
    }  # fmt: skip
    for _ in range(2):
        answer = client.post(f"{PAGE}plan/", body)
        assert answer.status_code == 302, answer.content.decode()
    made = Plan.objects.get(kind="special")
    assert {stop.site_id for stop in made.stops.all()} == set(chosen_sites)
    assert made.open
    answer = client.post(f"{PAGE}plan/", {**body, "op_id": str(op()), "title": ""})
    assert answer.status_code == 422
    assert "请填写计划名称" in answer.content.decode()
    answer = client.post(f"{PAGE}plan/", {**body, "op_id": str(op()), "sites": ""})
    assert "请至少选一个点位" in answer.content.decode()


def test_without_a_gate_the_page_says_so(client: Client, district: District) -> None:
    ready(district)
    run_now(district)
    Gate.objects.all().delete()
    assert "还没有定下一次大考的日期" in _page(client, district.office)


def test_before_the_first_run_the_page_offers_one(client: Client, district: District) -> None:
    assert "还没有推算过" in _page(client, district.office)


def test_the_office_keeps_strengths_of_its_own_region_only(district: District) -> None:
    with pytest.raises(Refused):
        acts.set_strength(
            by=district.users["临江创卫办"], region=region_of(district), crews={}, op_id=op()
        )


def test_the_estimates_grow_with_the_limit_of_a_kind(district: District) -> None:
    table = efforts()
    kind = district.kinds["bin"]
    found = []
    for hours, days in ((4, None), (24, None), (72, None), (None, 7), (None, 15), (None, 90)):
        kind.due_hours, kind.due_days = hours, days
        found.append(table.of_kind(kind))
    assert found == sorted(found)
    assert all(n > 0 for n in found)


def test_a_check_mended_or_passed_after_the_run_is_work_no_more(district: District) -> None:
    ready(district)
    places = [district.sites[name] for name in ("小区0", "小区3", "公厕0")]
    problem = handed_in(district, site=places[0])
    run_now(district)
    keys = {f"site:{place.pk}" for place in places}
    assert keys <= set(_found(district).amends)
    problem_acts.pass_fix(problem=problem, level="onsite", by=district.users["检查员"], op_id=op())
    looked(district, "小区3", "estate-03", days=0)
    looked(district, "公厕0", days=0)
    found = _found(district).amends
    assert found[f"site:{places[0].pk}"].work.pays == ((str(places[0].pk), "estate-03"),)
    assert found[f"site:{places[1].pk}"].work.pays == ((str(places[1].pk), "estate-03"),)
    assert f"site:{places[2].pk}" not in found


def test_an_older_look_that_comes_in_late_settles_nothing(district: District) -> None:
    ready(district)
    place = district.sites["公厕0"]
    run_now(district)
    looked(district, "公厕0", days=3)
    assert f"site:{place.pk}" in _found(district).amends


def test_a_hidden_look_settles_nothing_before_its_release(district: District) -> None:
    ready(district)
    place = district.sites["公厕0"]
    run_now(district)
    hidden = plan(district, "undercover", sites=("公厕0",))
    look = looking.Look(site=place, failed=(), plan=hidden)
    looking.record_visit(by=district.users["检查员"], look=look, op_id=op())
    assert f"site:{place.pk}" in _found(district).amends
    Plan.objects.update(state="released", released_at=timezone.now())
    assert f"site:{place.pk}" not in _found(district).amends


def test_a_problem_filed_after_the_run_waits_for_the_next_one(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    problem = filed(district, site=district.sites["小区1"])
    amend = _found(district).amends[f"problem:{problem.pk}"]
    assert (amend.work.pays, amend.why) == ((), "fresh")
    page = _page(client, district.office)
    assert "等下次推算" in page
    assert "做了也补不回分" not in page


def test_what_is_paused_or_parked_is_not_promised_before_the_gate(district: District) -> None:
    ready(district)
    usual = dispatched(district, site=district.sites["小区0"])
    paused = dispatched(district, site=district.sites["小区3"])
    parked = dispatched(district, site=district.sites["小区1"])
    gate = Gate.objects.get()
    until = timezone.now() + timedelta(days=75)
    clock = {**(paused.clock or {}), "pauses": [[timezone.now().isoformat(), until.isoformat()]]}
    Problem.objects.filter(pk=paused.pk).update(paused=True, clock=clock)
    Problem.objects.filter(pk=parked.pk).update(parked=True)
    run_now(district)
    found = _found(district)
    done = {row.pk: found.amends[f"problem:{row.pk}"].work.earliest_done
            for row in (usual, paused, parked)}  # fmt: skip
    assert done[usual.pk] is not None and done[usual.pk] < gate.on
    assert done[paused.pk] is not None and done[paused.pk] > timezone.localdate(until)
    assert done[parked.pk] is None
    left = {row.key: row.reason for row in chosen(found).left_out}
    assert left[f"problem:{paused.pk}"] == left[f"problem:{parked.pk}"] == "late"


def test_a_problem_that_may_mean_several_checks_is_credited_with_none(
    client: Client, district: District
) -> None:
    sheets = ready(district)
    district.kinds["bin"].checks.add(sheets.checks["estate-03"])
    problem = filed(district, site=district.sites["小区0"])
    run_now(district)
    found = _found(district).amends
    place = district.sites["小区0"]
    assert (found[f"problem:{problem.pk}"].work.pays, found[f"problem:{problem.pk}"].why) == (
        (), "unclear",
    )  # fmt: skip
    assert {check for _site, check in found[f"site:{place.pk}"].work.pays} == {
        "estate-01", "estate-03",
    }  # fmt: skip
    assert "对应好几个检查项" in _page(client, district.office)


def test_what_only_the_city_can_mend_is_no_work_of_the_district(
    client: Client, district: District
) -> None:
    sheets = ready(district)
    Item.objects.filter(pk=sheets.items["clean"].pk).update(whose="city")
    problem = filed(district, site=district.sites["小区0"])
    run_now(district)
    found = _found(district)
    paid = {check for amend in found.amends.values() for _site, check in amend.work.pays}
    assert not paid & {"estate-01", "estate-03"}
    assert found.amends[f"problem:{problem.pk}"].why == "city"
    assert found.city > 0
    page = _page(client, district.office)
    assert "只有市里能补，没有排给区里的单位" in page
    assert "要请市里补" in page


def test_points_for_money_count_only_works_whose_cost_is_known(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    found = _found(district)
    parts = {part.key: part.milli for part in chosen(found).parts}
    estates = [key for key in parts if key.startswith("site:")
               and found.amends[key].site.site_type_id == "estate"]  # fmt: skip
    acts.state_outlay(
        by=district.office, region=region_of(district), work=estates[0], days_tenths=None,
        yuan=20_000, op_id=op(),
    )  # fmt: skip
    found = _found(district)
    question = asked({"by": "yuan"})
    page = fixing_page(found, chosen(found), question, district.office, all_=True)
    group = next(g for g in page.groups if g.yuan is not None)
    assert len(group.rows) > 1
    assert group.per_wan == f"{parts[estates[0]] / 2000:.2f}"
    told = _page(client, district.office, "?by=yuan")
    assert "分/万元" in told
    assert f"{group.per_wan}分/万元" in told


def test_sending_twice_gives_the_same_answer_and_a_long_list_says_what_is_left(
    client: Client, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(district)
    problems = [filed(district, site=district.sites[f"小区{n}"]) for n in range(3)]
    run_now(district)
    assert _page(client, district.office).count("data-once") >= 3
    body = {"op_id": str(op()), "problems": ",".join(str(row.pk) for row in problems[:2])}
    for _ in range(2):
        answer = client.post(f"{PAGE}dispatch/", body, follow=True).content.decode()
        assert "已按建议派出2件" in answer
        assert "已经派过了" not in answer
    monkeypatch.setattr("weicheng.scoring.acts.sending.MOST", 1)
    body = {"op_id": str(op()), "problems": ",".join(str(row.pk) for row in problems[1:])}
    answer = client.post(f"{PAGE}dispatch/", body, follow=True).content.decode()
    assert "还有1件这一次没有轮到" in answer


def test_broken_addresses_and_strange_units_are_answered_with_a_sentence(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    sign_in(client, district.office)
    today = timezone.localdate()
    body = {"op_id": str(op()), "sites": "nonsense", "title": "专项", "starts_on": today,
            "ends_on": today}  # fmt: skip
    answer = client.post(f"{PAGE}plan/", body, follow=True)
    assert "页面已过期" in answer.content.decode()
    assert client.post(f"{PAGE}plan/", {**body, "title": ""}).status_code == 422
    answer = client.post(f"{PAGE}crews/", {"op_id": str(op()), f"crews-{op()}": "1"}, follow=True)
    assert "没有找到这个单位" in answer.content.decode()


def test_a_part_of_the_list_is_headed_by_its_own_figures(
    client: Client, district: District
) -> None:
    ready(district)
    site(district, "石桥小区", region="石桥镇")
    looked(district, "石桥小区", "estate-01", "estate-02", "estate-03")
    run_now(district)
    choice = chosen(_found(district))
    for page in (
        _page(client, district.users["包片"]),
        _page(client, district.office, f"?town={district.regions['红叶镇'].pk}"),
    ):
        heading = page[page.find("<h1>") : page.find("</h1>")]
        assert f"先做下面{len(choice.parts)}件" not in heading
        assert "这里只算您看的这一部分" in page
