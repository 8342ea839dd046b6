"""双人盲查: how far two independent looks agree, check by check, and blind until both are in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.district import District, op, sign_in
from tests.inspecting import plan, site, with_sheets

from weicheng.inspections.acts.visiting import Look, record_visit
from weicheng.inspections.agreement import FEWEST, agreement
from weicheng.inspections.day_routes import daily_route
from weicheng.inspections.models import Plan, Team

YES, NO = True, False


def pairs(both: int, first: int, second: int, neither: int) -> list[tuple[bool, bool]]:
    """A table of two lookers as a list of pairs."""
    return [(YES, YES)] * both + [(YES, NO)] * first + [(NO, YES)] * second + [(NO, NO)] * neither


def test_a_table_worked_by_hand_gives_its_kappa() -> None:
    found = agreement(pairs(20, 5, 10, 15))
    assert (found.n, found.agreed, found.percent) == (50, 35, 70)
    assert found.kappa == pytest.approx(0.4)
    assert found.low is not None
    assert found.high is not None
    assert found.low == pytest.approx(0.125, abs=0.001)
    assert found.high == pytest.approx(0.618, abs=0.001)


def test_full_agreement_is_one_and_is_still_not_certain() -> None:
    found = agreement(pairs(5, 0, 0, 5))
    assert (found.kappa, found.high) == (1.0, 1.0)
    assert found.low is not None
    assert found.low < 0.6


def test_agreement_no_better_than_chance_is_nought() -> None:
    assert agreement(pairs(5, 5, 5, 5)).kappa == pytest.approx(0.0)


def test_too_few_pairs_give_no_figure() -> None:
    found = agreement(pairs(4, 0, 0, FEWEST - 5))
    assert found.few
    assert found.kappa is None


def test_where_everything_was_judged_the_same_there_is_nothing_to_reckon() -> None:
    found = agreement(pairs(0, 0, 0, 30))
    assert (found.kappa, found.percent, found.few) == (None, 100, False)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=FEWEST, max_size=60))
def test_the_figure_lies_in_its_interval_and_does_not_know_who_came_first(
    answers: list[tuple[bool, bool]],
) -> None:
    found = agreement(answers)
    turned = agreement([(b, a) for a, b in answers])
    assert found == turned
    if found.kappa is not None and found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.kappa + 1e-9
        assert found.kappa <= found.high + 1e-9 <= 1 + 2e-9


def doubled(d: District, count: int = 12, kind: str = "daily", **changes: Any) -> Plan:
    """A plan of so many sites that a second inspector visits too."""
    with_sheets(d)
    d.user("第二人", "inspector", "创卫办")
    for n in range(count):
        site(d, f"小区{n}")
    row = plan(d, kind, sites=tuple(f"小区{n}" for n in range(count)), **changes)
    second = Team.objects.create(
        plan=row, name="二组", leader=d.people["第二人的人"], opened_at=timezone.now()
    )
    second.members.create(person=second.leader)
    row.stops.update(second_team=second)
    return row


def looked(d: District, row: Plan, who: str, failing: dict[int, list[str]]) -> None:
    """This inspector looks at every site of the plan; n-th site → the checks that failed."""
    for n, stop in enumerate(row.stops.select_related("site", "second_team")):
        look = Look(site=stop.site, stop=stop, failed=failing.get(n, []))
        record_visit(by=d.users[who], look=look, op_id=op())


@pytest.mark.django_db
def test_the_page_shows_the_agreement_of_each_check_and_no_name(
    district: District, client: Client
) -> None:
    row = doubled(district)
    looked(district, row, "检查员", {n: ["estate-01"] for n in range(6)})
    looked(district, row, "第二人", {n: ["estate-01"] for n in range(5)})
    sign_in(client, district.office)
    page = client.get(reverse("inspections:agreement")).content.decode()
    assert "12对检查" in page
    assert "0.83" in page
    assert "92%" in page
    assert "两组判的全一样，没有差别可算" in page
    body = page.split("<main")[1].split("</main>")[0]
    for name in ("检查员的人", "第二人", "一组", "二组"):
        assert name not in body


@pytest.mark.django_db
def test_below_ten_pairs_no_figure_is_shown(district: District, client: Client) -> None:
    row = doubled(district, 4)
    looked(district, row, "检查员", {})
    looked(district, row, "第二人", {0: ["estate-01"]})
    sign_in(client, district.users["指挥长"])
    page = client.get(reverse("inspections:agreement")).content.decode()
    assert "不足10对，暂不计算" in page


@pytest.mark.django_db
def test_what_one_of_the_two_did_not_see_is_no_pair(district: District, client: Client) -> None:
    from weicheng.inspections.double_visits import agreed

    row, today = doubled(district, 1), timezone.localdate()
    stop = row.stops.get()
    first = Look(site=stop.site, stop=stop, unseen=["estate-01"])
    record_visit(by=district.users["检查员"], look=first, op_id=op())
    assert agreed(district.office, since=today, until=today).pairs == 0
    second = Look(site=stop.site, stop=stop, not_applicable=["estate-02"])
    record_visit(by=district.users["第二人"], look=second, op_id=op())
    found = agreed(district.office, since=today, until=today)
    assert [one.check.key for one in found.checks] == ["estate-03"]


@pytest.mark.django_db
def test_the_second_inspector_sees_nothing_of_the_first_until_both_are_in(
    district: District, client: Client
) -> None:
    row = doubled(district, 1)
    looked(district, row, "检查员", {0: ["estate-02"]})
    user, today = district.users["第二人"], timezone.localdate()
    one = daily_route(user, today)[0]
    assert (one.second, one.done, one.last, one.open) == (True, False, None, [])
    assert one.worst == ["estate-03", "estate-01", "estate-02"]
    sign_in(client, user)
    page = client.get(reverse("inspections:site", args=[one.site.pk])).content.decode()
    assert "次不合格" not in page
    assert "近一年没有检查记录。" in page
    assert client.get(reverse("inspections:agreement")).status_code == 404
    looked(district, row, "第二人", {})
    one = daily_route(user, today)[0]
    assert one.done
    assert one.last is not None


@pytest.mark.django_db
def test_a_hidden_round_is_not_reckoned_for_whom_it_is_hidden_from(
    district: District, client: Client
) -> None:
    from weicheng.inspections.double_visits import agreed, doubled_plans

    row, today = doubled(district, 1, "undercover"), timezone.localdate()
    looked(district, row, "检查员", {})
    looked(district, row, "第二人", {})
    assert agreed(district.office, since=today, until=today).pairs == 1
    assert agreed(district.users["审计"], since=today, until=today).pairs == 0
    assert doubled_plans(district.users["审计"]) == []
    sign_in(client, district.users["审计"])
    answer = client.get(reverse("inspections:agreement") + f"?plan={row.pk}")
    assert answer.status_code == 404
