"""先补哪里 from the database: works, gains that add up, capacity, filters and the one key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, dispatched, filed, op, sign_in
from tests.inspecting import site

from weicheng.inspections.models import Plan
from weicheng.inspections.tests.planning import years
from weicheng.places.models import Gate
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Milestone, Problem
from weicheng.scoring import acts
from weicheng.scoring.amends import amends
from weicheng.scoring.arrays import ground_of
from weicheng.scoring.effort import efforts
from weicheng.scoring.facts import gather
from weicheng.scoring.fixing_page import chosen
from weicheng.scoring.forecasting import expected, posterior, repaired
from weicheng.scoring.refusals import Refused

from .foretold import FIXING, fixing_page_of, found_now, looked, ready, region_of, run_now

pytestmark = pytest.mark.django_db


def test_a_failed_check_is_a_weak_site_until_a_problem_takes_it_over(district: District) -> None:
    ready(district)
    place = district.sites["小区0"]
    run_now(district)
    before = found_now(district).amends
    assert set(before) >= {f"site:{place.pk}"}
    problem = filed(district, site=place)
    after = found_now(district).amends
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
    found = found_now(district)
    work = found.amends[f"problem:{problem.pk}"].work
    assert work.kind == "project"
    assert work.earliest_done == gate.on + timedelta(days=30)
    left = {row.key: row.reason for row in chosen(found).left_out}
    assert left[work.key] == "late"
    assert "赶不上" in fixing_page_of(client, district.office)


def test_a_unit_without_crews_is_asked_for_nothing(client: Client, district: District) -> None:
    ready(district)
    run_now(district)
    units = {amend.work.unit for amend in found_now(district).amends.values()}
    sign_in(client, district.office)
    body = {"op_id": str(op()), **{f"crews-{unit}": "0" for unit in units}}
    client.post("/score/fixing/crews/", body)
    found = found_now(district)
    assert chosen(found).milli == 0
    assert {row.reason for row in chosen(found).left_out} <= {"capacity", "nothing"}
    assert "人手不够" in client.get(FIXING).content.decode()
    client.post(
        "/score/fixing/crews/", {"op_id": str(op()), **{f"crews-{u}": "2.5" for u in units}}
    )
    assert set(found_now(district).crews.values()) == {2.5}
    client.post(
        "/score/fixing/crews/", {"op_id": str(op()), **{f"crews-{u}": "许多" for u in units}}
    )
    assert set(found_now(district).crews.values()) == {2.5}
    assert "不是组数" in client.get(FIXING).content.decode()


def test_what_the_office_states_of_a_work_stands_before_the_estimate(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    key = next(iter(found_now(district).amends))
    assert not found_now(district).amends[key].stated
    sign_in(client, district.office)
    where = f"/score/fixing/outlay/?work={key}"
    assert client.get(where).status_code == 200
    assert client.post(where, {"days": "-1", "op_id": str(op())}).status_code == 422
    client.post(where, {"days": "2.5", "yuan": "3000", "op_id": str(op())})
    work = found_now(district).amends[key].work
    assert (work.working_days, work.yuan) == (2.5, 3000)
    assert "3000" in client.get(FIXING + "?by=yuan").content.decode()
    client.post(where, {"op_id": str(op())})
    assert not found_now(district).amends[key].stated


def test_the_page_names_unit_and_points_and_its_parts_add_up(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    page = fixing_page_of(client, district.office)
    choice = chosen(found_now(district))
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
    assert "没有排进来的工作" in fixing_page_of(client, district.office, "?kind=project")
    assert "检查toilet-01" not in fixing_page_of(client, district.office, "?aspect=A3")


def test_leaders_and_auditors_read_and_only_the_office_acts(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    for who in ("指挥长", "审计", "包片"):
        page = fixing_page_of(client, district.users[who])
        assert "先做这些" in page
        assert "生成专项检查计划" not in page
    for who in ("环卫局", "红叶镇", "检查员", "管理员"):
        assert sign_in(client, district.users[who]).get(FIXING).status_code == 404
    for path in ("dispatch", "plan", "crews"):
        sign_in(client, district.users["指挥长"])
        assert client.post(f"{FIXING}{path}/", {"op_id": str(op())}).status_code == 404


def test_somebody_in_charge_of_an_area_sees_the_works_of_the_own_towns(
    client: Client, district: District
) -> None:
    ready(district)
    site(district, "石桥小区", region="石桥镇")
    looked(district, "石桥小区", "estate-01", "estate-02", "estate-03")
    run_now(district)
    assert "石桥小区" in fixing_page_of(client, district.office)
    page = fixing_page_of(client, district.users["包片"])
    assert "石桥小区" not in page
    assert "小区0" in page


def test_one_key_sends_what_nobody_was_sent_to_once(client: Client, district: District) -> None:
    ready(district)
    problem = filed(district, site=district.sites["小区0"])
    run_now(district)
    assert "1件没派的按建议派出" in fixing_page_of(client, district.office)
    body = {"op_id": str(op()), "problems": str(problem.pk)}
    for _ in range(2):
        assert client.post(f"{FIXING}dispatch/", body).status_code == 302
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
        answer = client.post(f"{FIXING}plan/", body)
        assert answer.status_code == 302, answer.content.decode()
    made = Plan.objects.get(kind="special")
    assert {stop.site_id for stop in made.stops.all()} == set(chosen_sites)
    assert made.open
    answer = client.post(f"{FIXING}plan/", {**body, "op_id": str(op()), "title": ""})
    assert answer.status_code == 422
    assert "请填写计划名称" in answer.content.decode()
    answer = client.post(f"{FIXING}plan/", {**body, "op_id": str(op()), "sites": ""})
    assert "请至少选一个点位" in answer.content.decode()


def test_without_a_gate_the_page_says_so(client: Client, district: District) -> None:
    ready(district)
    run_now(district)
    Gate.objects.all().delete()
    assert "还没有定下一次大考的日期" in fixing_page_of(client, district.office)


def test_before_the_first_run_the_page_offers_one(client: Client, district: District) -> None:
    assert "还没有推算过" in fixing_page_of(client, district.office)


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
