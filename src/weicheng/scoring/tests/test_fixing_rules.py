"""先补哪里 by what happened since the forecast, what can finish, whose it is, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, dispatched, filed, handed_in, op, sign_in
from tests.inspecting import plan, site

from weicheng.inspections import acts as looking
from weicheng.inspections.models import Plan
from weicheng.places.models import Gate
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Problem
from weicheng.scoring import acts
from weicheng.scoring.fixing_page import asked, chosen, fixing_page
from weicheng.standards.models import Item

from .foretold import FIXING, fixing_page_of, found_now, looked, ready, region_of, run_now

pytestmark = pytest.mark.django_db


def test_a_check_mended_or_passed_after_the_run_is_work_no_more(district: District) -> None:
    ready(district)
    places = [district.sites[name] for name in ("小区0", "小区3", "公厕0")]
    problem = handed_in(district, site=places[0])
    run_now(district)
    keys = {f"site:{place.pk}" for place in places}
    assert keys <= set(found_now(district).amends)
    problem_acts.pass_fix(problem=problem, level="onsite", by=district.users["检查员"], op_id=op())
    looked(district, "小区3", "estate-03", days=0)
    looked(district, "公厕0", days=0)
    found = found_now(district).amends
    assert found[f"site:{places[0].pk}"].work.pays == ((str(places[0].pk), "estate-03"),)
    assert found[f"site:{places[1].pk}"].work.pays == ((str(places[1].pk), "estate-03"),)
    assert f"site:{places[2].pk}" not in found


def test_an_older_look_that_comes_in_late_settles_nothing(district: District) -> None:
    ready(district)
    place = district.sites["公厕0"]
    run_now(district)
    looked(district, "公厕0", days=3)
    assert f"site:{place.pk}" in found_now(district).amends


def test_a_hidden_look_settles_nothing_before_its_release(district: District) -> None:
    ready(district)
    place = district.sites["公厕0"]
    run_now(district)
    hidden = plan(district, "undercover", sites=("公厕0",))
    look = looking.Look(site=place, failed=(), plan=hidden)
    looking.record_visit(by=district.users["检查员"], look=look, op_id=op())
    assert f"site:{place.pk}" in found_now(district).amends
    Plan.objects.update(state="released", released_at=timezone.now())
    assert f"site:{place.pk}" not in found_now(district).amends


def test_a_problem_filed_after_the_run_waits_for_the_next_one(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    problem = filed(district, site=district.sites["小区1"])
    amend = found_now(district).amends[f"problem:{problem.pk}"]
    assert (amend.work.pays, amend.why) == ((), "fresh")
    page = fixing_page_of(client, district.office)
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
    found = found_now(district)
    done = {row.pk: found.amends[f"problem:{row.pk}"].work.earliest_done
            for row in (usual, paused, parked)}  # fmt: skip
    assert (done[usual.pk] or gate.on) < gate.on
    assert (done[paused.pk] or gate.on) > timezone.localdate(until)
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
    found = found_now(district).amends
    place = district.sites["小区0"]
    assert (found[f"problem:{problem.pk}"].work.pays, found[f"problem:{problem.pk}"].why) == (
        (), "unclear",
    )  # fmt: skip
    assert {check for _site, check in found[f"site:{place.pk}"].work.pays} == {
        "estate-01", "estate-03",
    }  # fmt: skip
    assert "对应好几个检查项" in fixing_page_of(client, district.office)


def test_what_only_the_city_can_mend_is_no_work_of_the_district(
    client: Client, district: District
) -> None:
    sheets = ready(district)
    Item.objects.filter(pk=sheets.items["clean"].pk).update(whose="city")
    problem = filed(district, site=district.sites["小区0"])
    run_now(district)
    found = found_now(district)
    paid = {check for amend in found.amends.values() for _site, check in amend.work.pays}
    assert not paid & {"estate-01", "estate-03"}
    assert found.amends[f"problem:{problem.pk}"].why == "city"
    assert found.city > 0
    page = fixing_page_of(client, district.office)
    assert "只有市里能补，没有排给区里的单位" in page
    assert "要请市里补" in page


def test_points_for_money_count_only_works_whose_cost_is_known(
    client: Client, district: District
) -> None:
    ready(district)
    run_now(district)
    found = found_now(district)
    parts = {part.key: part.milli for part in chosen(found).parts}
    estates = [key for key in parts if key.startswith("site:")
               and found.amends[key].site.site_type_id == "estate"]  # fmt: skip
    acts.state_outlay(
        by=district.office, region=region_of(district), work=estates[0], days_tenths=None,
        yuan=20_000, op_id=op(),
    )  # fmt: skip
    found = found_now(district)
    question = asked({"by": "yuan"})
    page = fixing_page(found, chosen(found), question, district.office, all_=True)
    group = next(g for g in page.groups if g.yuan is not None)
    assert len(group.rows) > 1
    assert group.per_wan == f"{parts[estates[0]] / 2000:.2f}"
    told = fixing_page_of(client, district.office, "?by=yuan")
    assert "分/万元" in told
    assert f"{group.per_wan}分/万元" in told


def test_sending_twice_gives_the_same_answer_and_a_long_list_says_what_is_left(
    client: Client, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(district)
    problems = [filed(district, site=district.sites[f"小区{n}"]) for n in range(3)]
    run_now(district)
    assert fixing_page_of(client, district.office).count("data-once") >= 3
    body = {"op_id": str(op()), "problems": ",".join(str(row.pk) for row in problems[:2])}
    for _ in range(2):
        answer = client.post(f"{FIXING}dispatch/", body, follow=True).content.decode()
        assert "已按建议派出2件" in answer
        assert "已经派过了" not in answer
    monkeypatch.setattr("weicheng.scoring.acts.sending.MOST", 1)
    body = {"op_id": str(op()), "problems": ",".join(str(row.pk) for row in problems[1:])}
    answer = client.post(f"{FIXING}dispatch/", body, follow=True).content.decode()
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
    answer = client.post(f"{FIXING}plan/", body, follow=True)
    assert "页面已过期" in answer.content.decode()
    assert client.post(f"{FIXING}plan/", {**body, "title": ""}).status_code == 422
    answer = client.post(f"{FIXING}crews/", {"op_id": str(op()), f"crews-{op()}": "1"}, follow=True)
    assert "没有找到这个单位" in answer.content.decode()


def test_a_part_of_the_list_is_headed_by_its_own_figures(
    client: Client, district: District
) -> None:
    ready(district)
    site(district, "石桥小区", region="石桥镇")
    looked(district, "石桥小区", "estate-01", "estate-02", "estate-03")
    run_now(district)
    choice = chosen(found_now(district))
    for page in (
        fixing_page_of(client, district.users["包片"]),
        fixing_page_of(client, district.office, f"?town={district.regions['红叶镇'].pk}"),
    ):
        heading = page[page.find("<h1>") : page.find("</h1>")]
        assert f"先做下面{len(choice.parts)}件" not in heading
        assert "这里只算您看的这一部分" in page


def test_a_kind_of_several_checks_pays_for_the_one_that_a_look_found_failed(
    district: District,
) -> None:
    sheets = ready(district)
    district.kinds["bin"].checks.add(sheets.checks["estate-03"])
    place = district.sites["小区1"]
    looked(district, "小区1", "estate-01", days=0.5)
    problems = [handed_in(district, site=place) for _n in range(2)]
    run_now(district)
    found = found_now(district).amends
    for row in problems:
        assert found[f"problem:{row.pk}"].work.pays == ((str(place.pk), "estate-01"),)
    assert f"site:{place.pk}" not in found
    inspector = district.users["检查员"]
    problem_acts.pass_fix(problem=problems[0], level="onsite", by=inspector, op_id=op())
    found = found_now(district).amends  # the other one is still open
    assert found[f"problem:{problems[1].pk}"].work.pays == ((str(place.pk), "estate-01"),)
    problem_acts.pass_fix(problem=problems[1], level="onsite", by=inspector, op_id=op())
    assert str(place.pk) not in {site for site, _check in found_now(district).gains}


def test_where_nobody_looked_an_open_problem_of_several_checks_holds_the_repair_back(
    district: District,
) -> None:
    sheets = ready(district)
    place = district.sites["小区7"]
    problem = handed_in(district, site=place)
    run_now(district)
    pair = (str(place.pk), "estate-01")
    assert pair in found_now(district).gains
    several = filed(district, kind="road", site=place)
    several.kind.checks.add(sheets.checks["estate-01"], sheets.checks["estate-03"])
    problem_acts.pass_fix(problem=problem, level="onsite", by=district.users["检查员"], op_id=op())
    assert pair in found_now(district).gains
    problem_acts.close(problem=several, outcome="gone", words="自己清了", by=district.office,
                       op_id=op())  # fmt: skip
    assert pair not in found_now(district).gains
