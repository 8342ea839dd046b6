"""The year's counts, and a plan from its wish to the release, on the pages of the office."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import site

from weicheng.inspections import acts
from weicheng.inspections.models import Plan, YearPlan
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import drafted, locked, wish, with_sites, years
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.places.models import BuiltUp, Site

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def asked(d: District, **changes: Any) -> dict[str, Any]:
    """The fields of the form."""
    today = timezone.localdate().isoformat()
    return {
        "op_id": str(op()), "kind": "monthly", "title": "十二月月评估",
        "region": str(d.regions["凤凰区"].pk), "starts_on": today, "ends_on": today,
        "regular": "1", "open": "1", "sampled": "1", "doubled": "0", **changes,
    }  # fmt: skip


def test_a_plan_beyond_the_years_count_needs_its_basis_in_a_sentence(district: District) -> None:
    with_sites(district)
    YearPlan.objects.filter(kind=PlanKind.MONTHLY).update(count=1)
    drafted(district)
    with pytest.raises(Refused) as refused:
        acts.make_plan(by=district.office, wish=wish(district), op_id=op())
    year = timezone.localdate().year
    assert refused.value.sentence() == (
        f"{year}年的月评估计划1次，已经安排满。确需再查，请写明依据。"
    )
    made = acts.make_plan(
        by=district.office, wish=wish(district, basis="市指挥部12月会议要求"), op_id=op()
    )
    assert made.basis == "市指挥部12月会议要求"


def test_without_a_yearly_plan_the_office_is_sent_there_first(district: District) -> None:
    with pytest.raises(Refused, match="year_unset"):
        acts.make_plan(by=district.office, wish=wish(district), op_id=op())


def test_a_dropped_plan_gives_its_place_in_the_year_back(district: District) -> None:
    with_sites(district)
    YearPlan.objects.filter(kind=PlanKind.MONTHLY).update(count=1)
    plan = drafted(district)
    with pytest.raises(Refused, match="need_reason"):
        acts.drop_plan(by=district.office, plan=plan, reason=" ", op_id=op())
    acts.drop_plan(by=district.office, plan=plan, reason="下雪，改到下月", op_id=op())
    assert drafted(district).state == PlanState.DRAFT
    assert Plan.objects.get(pk=plan.pk).dropped == "下雪，改到下月"


def test_the_year_page_shows_used_and_planned_and_keeps_new_counts(
    client: Client, district: District
) -> None:
    with_sites(district)
    drafted(district)
    sign_in(client, district.office)
    shown = page(client, "/checks/year/")
    assert "督查检查按年度计划进行" in shown
    answer = client.post(
        "/checks/year/", {"op_id": str(op()), "monthly": "10", "special": "4", "basis": "年度计划"}
    )
    assert answer.status_code == 302
    kept = YearPlan.objects.get(kind="monthly", year=timezone.localdate().year)
    assert (kept.count, kept.basis) == (10, "年度计划")
    wrong = client.post("/checks/year/", {"op_id": str(op()), "monthly": "999"})
    assert wrong.status_code == 422
    assert "999" in wrong.content.decode()


def test_only_readers_see_the_year_and_only_the_office_edits_it(
    client: Client, district: District
) -> None:
    years(district)
    assert sign_in(client, district.users["环卫局"]).get("/checks/year/").status_code == 404
    shown = page(sign_in(client, district.users["审计"]), "/checks/year/")
    assert "保存" not in shown
    refused = client.post("/checks/year/", {"op_id": str(op()), "monthly": "3"})
    assert "这一步不由您办理" in refused.content.decode()


def test_the_office_drafts_a_plan_sees_what_is_missing_and_locks_it(
    client: Client, district: District
) -> None:
    with_sites(district)
    undecided = site(district, "城边小区")
    Site.objects.filter(pk=undecided.pk).update(built_up=BuiltUp.UNDECIDED)
    sign_in(client, district.office)
    assert "旬暗访" in page(client, "/checks/new/?kind=undercover")
    answer = client.post("/checks/new/", asked(district))
    plan = Plan.objects.get()
    assert answer["Location"] == f"/checks/{plan.pk}/"
    assert plan.rehearsal
    shown = page(client, f"/checks/{plan.pk}/")
    assert "公共厕所应抽2个，建成区内只有1个，全部抽取。" in shown
    assert "城边小区" in shown
    assert f"/places/{undecided.pk}/edit/" in shown
    assert "本区模拟" in shown
    person = district.people["检查员的人"].pk
    grouped = client.post(
        f"/checks/{plan.pk}/teams/",
        {"op_id": str(op()), f"team-{person}": "1", f"leads-{person}": "on"},
    )
    assert grouped["Location"] == f"/checks/{plan.pk}/"
    client.post(f"/checks/{plan.pk}/lock/", {"op_id": str(op())})
    plan.refresh_from_db()
    assert plan.state == PlanState.LOCKED
    drawn = page(client, f"/checks/{plan.pk}/")
    assert plan.sealed in drawn
    assert "发布后公开" in drawn
    assert "打印路线" in drawn


def test_wrong_dates_are_told_and_nothing_typed_is_lost(client: Client, district: District) -> None:
    years(district)
    sign_in(client, district.office)
    answer = client.post("/checks/new/", asked(district, ends_on="2020-01-01", title="年末检查"))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "结束日期不能早于开始日期" in shown
    assert "年末检查" in shown
    past = client.post(
        "/checks/new/", asked(district, starts_on="2020-01-01", ends_on="2020-01-02")
    )
    assert "检查日期已经过去" in past.content.decode()


def test_a_district_plans_over_its_own_sites_only(client: Client, district: District) -> None:
    years(district)
    sign_in(client, district.office)
    elsewhere = asked(district, region=str(district.regions["临江区"].pk))
    assert client.post("/checks/new/", elsewhere).status_code == 422
    with pytest.raises(Refused, match="plan_region"):
        acts.make_plan(
            by=district.office, wish=wish(district, region=district.regions["凤城市"]), op_id=op()
        )
    city = acts.make_plan(
        by=district.users["市创卫办"], op_id=op(),
        wish=wish(district, region=district.regions["凤城市"], basis="省级部署"),
    )  # fmt: skip
    assert not city.rehearsal


def test_a_draft_is_changed_until_it_is_locked(client: Client, district: District) -> None:
    with_sites(district)
    plan = drafted(district)
    sign_in(client, district.office)
    assert "月评估甲" in page(client, f"/checks/{plan.pk}/edit/")
    client.post(f"/checks/{plan.pk}/edit/", asked(district, title="改了名字", half="on"))
    plan.refresh_from_db()
    assert (plan.title, plan.half) == ("改了名字", True)
    acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    refused = client.post(f"/checks/{plan.pk}/edit/", asked(district))
    assert "这个计划现在是“已锁定”" in refused.content.decode()


def test_a_stop_that_is_closed_after_the_lock_keeps_its_place_with_a_reason(
    client: Client, district: District
) -> None:
    with_sites(district)
    plan = locked(district)
    stop = plan.stops.filter(site_type="estate").first()
    assert stop is not None
    Site.objects.filter(pk=stop.site_id).update(active=False)
    sign_in(client, district.office)
    assert "1个点位已停用或查不了" in page(client, f"/checks/{plan.pk}/")
    client.post(f"/checks/stops/{stop.pk}/gone/", {"op_id": str(op()), "reason": "拆迁"})
    stop.refresh_from_db()
    assert stop.gone == "拆迁"
    assert "查不了：拆迁" in page(client, f"/checks/{plan.pk}/")
    assert plan.stops.count() == 4


def test_the_list_shows_each_plan_once_with_its_progress(
    client: Client, district: District
) -> None:
    with_sites(district)
    plan = locked(district)
    sign_in(client, district.office)
    shown = page(client, "/checks/")
    assert shown.count(plan.title) == 1
    assert "已查0/4" in shown
    assert plan.title not in page(client, "/checks/?kind=special")
