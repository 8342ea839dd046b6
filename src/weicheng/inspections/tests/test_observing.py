"""An observation day: from the notice's list of names to published results."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, op, sign_in
from tests.inspecting import plan as planned
from tests.inspecting import site, with_sheets

from weicheng.inspections import acts
from weicheng.inspections.models import PanelSheet, Plan
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import years
from weicheng.inspections.words import PlanKind
from weicheng.people.models import Unit

pytestmark = pytest.mark.django_db


def _day(d: District) -> Plan:
    with_sheets(d)
    years(d)
    for n, where in enumerate(((30.10, 104.10), (30.30, 104.10), (30.20, 104.10))):
        site(d, f"观摩{n}", at=where, region="石桥镇" if n == 2 else "张家沟社区")
    return acts.plan_observation(
        by=d.office, region=d.regions["凤凰区"], title="12月观摩", day=timezone.localdate(),
        sites=[d.sites[f"观摩{n}"] for n in range(3)], op_id=op(),
    )  # fmt: skip


def _names(plan: Plan) -> list[str]:
    return [stop.site.name for stop in plan.stops.select_related("site").order_by("order")]


def test_the_route_does_not_go_back_and_forth(district: District) -> None:
    assert _names(_day(district)) in (["观摩0", "观摩2", "观摩1"], ["观摩1", "观摩2", "观摩0"])


def test_names_pasted_from_a_notice_become_the_route_and_unknown_ones_are_told(
    client: Client, district: District
) -> None:
    _day(district)
    sign_in(client, district.office)
    given: dict[str, Any] = {
        "op_id": str(op()), "title": "观摩二", "day": timezone.localdate().isoformat(),
        "region": str(district.regions["凤凰区"].pk), "names": "观摩0\n观摩\n没这个\n",
    }  # fmt: skip
    page = client.post(reverse("inspections:observation_new"), given)
    text = page.content.decode()
    assert page.status_code == 422
    assert "没有找到“观摩”" in text
    assert "观摩0、观摩1、观摩2" in text
    assert "没有找到“没这个”" in text
    assert "观摩二" in text
    given["names"] = "观摩0\n 观摩2、\n"
    assert client.post(reverse("inspections:observation_new"), given).status_code == 302
    assert Plan.objects.filter(title="观摩二").get().stops.count() == 2


def test_papers_carry_numbers_and_no_names_and_are_entered_in_one_grid(
    client: Client, district: District
) -> None:
    plan = _day(district)
    sign_in(client, district.office)
    acts.number_papers(by=district.office, plan=plan, n=5, op_id=op())
    printed = client.get(reverse("inspections:observation_papers", args=[plan.pk]))
    assert "5号" in printed.content.decode()
    first, second, third = plan.stops.order_by("order")
    data = {"op_id": str(op()), "pasted": "表号\t1\t2\t3\n2\t80\t70\t60\n3,81,71,61\n4 \t82\t72"}
    data |= {f"m-1-{first.pk}": "90", f"m-1-{second.pk}": "", "x-5": "涂改"}
    page = client.post(reverse("inspections:observation_marks", args=[plan.pk]), data)
    assert page.status_code == 302
    kept = {s.number: s for s in PanelSheet.objects.filter(plan=plan)}
    assert kept[1].marks == {str(first.pk): 900}
    assert kept[4].marks == {str(first.pk): 820, str(second.pk): 720}
    assert kept[3].marks[str(third.pk)] == 610
    assert kept[5].invalid == "涂改"


def test_a_wrong_mark_is_told_with_its_paper_and_nothing_is_lost_or_kept(
    client: Client, district: District
) -> None:
    plan = _day(district)
    sign_in(client, district.office)
    acts.number_papers(by=district.office, plan=plan, n=2, op_id=op())
    first = plan.stops.order_by("order")[0]
    data = {"op_id": str(op()), f"m-1-{first.pk}": "188", f"m-2-{first.pk}": "77"}
    page = client.post(reverse("inspections:observation_marks", args=[plan.pk]), data)
    text = page.content.decode()
    assert page.status_code == 422
    assert "1号表" in text
    assert 'value="188"' in text
    assert 'value="77"' in text
    assert not PanelSheet.objects.exclude(marks={}).exists()


def test_what_a_hidden_round_saw_stands_on_no_page_of_the_day(
    client: Client, district: District
) -> None:
    plan = _day(district)
    hidden = planned(district, PlanKind.UNDERCOVER, sites=("观摩0",))
    stop = hidden.stops.select_related("site__region", "plan").get()
    visit = acts.record_visit(by=district.users["检查员"], look=acts.Look(stop.site, stop=stop),
                              op_id=op())  # fmt: skip
    assert visit.sealed
    sign_in(client, district.office)
    here = plan.stops.get(site__name="观摩0")
    page = reverse("inspections:observation_stop", args=[plan.pk, here.pk])
    assert "还没有检查过" in client.get(page).content.decode()


def test_published_results_cannot_be_changed_and_a_paper_is_needed_first(
    district: District,
) -> None:
    plan = _day(district)
    papers = acts.number_papers(by=district.office, plan=plan, n=1, op_id=op())
    with pytest.raises(Refused, match="no_papers"):
        acts.publish_observation(by=district.office, plan=plan, op_id=op())
    stop = plan.stops.first()
    assert stop is not None
    acts.enter_papers(
        by=district.office, plan=plan, papers={papers[0].number: {stop.pk: 880}}, op_id=op()
    )
    plan.refresh_from_db()
    acts.publish_observation(by=district.office, plan=plan, op_id=op())
    with pytest.raises(Refused, match="wrong_state"):
        acts.enter_papers(by=district.office, plan=plan, papers={1: {stop.pk: 1}}, op_id=op())


def test_every_page_of_the_day_opens_with_a_constant_number_of_queries(
    client: Client, district: District, django_assert_max_num_queries: Any
) -> None:
    plan = _day(district)
    Unit.objects.filter(name="创卫办").update(head=district.office.person)
    sign_in(client, district.office)
    acts.number_papers(by=district.office, plan=plan, n=3, op_id=op())
    stop = plan.stops.first()
    assert stop is not None
    for name, args, most in (
        ("observation", [plan.pk], 32), ("observation_stop", [plan.pk, stop.pk], 50),
        ("observation_pack", [plan.pk], 50), ("observation_marks", [plan.pk], 32),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            page = client.get(reverse(f"inspections:{name}", args=args))
        assert page.status_code == 200


def test_another_district_and_units_do_not_find_the_day(client: Client, district: District) -> None:
    plan = _day(district)
    sign_in(client, district.users["临江创卫办"])
    url = reverse("inspections:observation", args=[plan.pk])
    assert client.get(url).status_code == 404
    with pytest.raises(Refused, match="not_yours"):
        acts.number_papers(by=district.users["临江创卫办"], plan=plan, n=3, op_id=op())
