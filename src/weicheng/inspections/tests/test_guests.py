"""外来人员: they see their plan and nothing else, and their account ends at its hour by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.district import District, op, picture, sign_in
from tests.district import filed as a_problem
from tests.inspecting import site

from weicheng.inspections import acts
from weicheng.inspections.models import Found, Guest, Plan, Stop, Visit
from weicheng.inspections.paper_sheets import SheetKey
from weicheng.inspections.refusals import Refused
from weicheng.inspections.tests.planning import drafted, with_sites
from weicheng.inspections.words import PlanKind
from weicheng.people import links
from weicheng.people.models import User
from weicheng.problems.models import Problem

pytestmark = pytest.mark.django_db


def invited(d: District, plan: Plan, *, days: int = 2) -> Guest:
    return acts.invite_guest(
        by=d.office, plan=plan, name="邻市老赵", comes_from="邻市创卫办",
        until=timezone.now() + timedelta(days=days), op_id=op(),
    )  # fmt: skip


def account(guest: Guest) -> User:
    """The account as a request reads it."""
    return User.objects.get(pk=guest.user_id)


def crossed(d: District) -> tuple[Plan, Guest]:
    """A drawn 交叉检查 led by a guest, its seal broken."""
    with_sites(d)
    plan = drafted(d, PlanKind.CROSS)
    guest = invited(d, plan)
    assert guest.user.person is not None
    crew = acts.Crew("第1组", guest.user.person, [guest.user.person])
    acts.set_teams(by=d.office, plan=plan, crews=[crew], op_id=op())
    plan = acts.lock_and_draw(by=d.office, plan=plan, op_id=op())
    acts.break_seal(by=account(guest), plan=plan, op_id=op())
    return plan, guest


def test_a_guest_sees_the_own_plan_and_nothing_else(client: Client, district: District) -> None:
    problem = a_problem(district)
    plan, guest = crossed(district)
    other = drafted(district)
    user = account(guest)
    assert list(Plan.objects.visible_to(user)) == [plan]
    assert Stop.objects.visible_to(user).count() == plan.stops.count()
    assert not Problem.objects.visible_to(user).exists()
    sign_in(client, user)
    shown = client.get(f"/checks/{plan.pk}/").content.decode()
    assert "张家沟" in shown or "小区" in shown
    for path in (f"/problems/{problem.pk}/", f"/checks/{other.pk}/", f"/checks/{plan.pk}/teams/"):
        assert client.get(path).status_code == 404
    assert problem.number not in client.get("/problems/").content.decode()
    assert "张家沟小区" not in client.get("/places/").content.decode()


def test_what_a_guest_finds_is_filed_at_the_release_in_the_guests_name(
    district: District,
) -> None:
    plan, guest = crossed(district)
    user, stop = account(guest), plan.stops.select_related("site").first()
    assert stop is not None
    look = acts.Look(site=stop.site, stop=stop, failed=[])
    visit = acts.record_visit(by=user, look=look, op_id=op())
    assert visit.outside
    finding = acts.Finding(
        kind=district.kinds["bin"], site=stop.site, visit=visit, photos=[picture("guest")]
    )
    acts.record_finding(by=user, finding=finding, op_id=op())
    assert not Problem.objects.exists()
    acts.end_guest(by=district.office, guest=guest, op_id=op())
    acts.release(by=district.office, plan=plan, op_id=op())
    assert Problem.objects.get().finder == guest.user.person


def test_a_guest_checks_only_on_the_own_plan(district: District) -> None:
    own, guest = crossed(district)
    elsewhere = site(district, "滨江花园", region="滨江街道")
    for plan in (None, own):
        with pytest.raises(Refused, match="other_place"):
            look = acts.Look(site=elsewhere, plan=plan)
            acts.record_visit(by=account(guest), look=look, op_id=op())


def test_the_account_ends_at_its_hour_whatever_happens(client: Client, district: District) -> None:
    plan, guest = crossed(district)
    sign_in(client, account(guest))
    assert client.get(f"/checks/{plan.pk}/").status_code == 200
    address = links.link_for(account(guest), "http://testserver")
    User.objects.filter(pk=guest.user_id).update(ends_at=timezone.now() - timedelta(seconds=1))
    gone = account(guest)
    assert not gone.is_active
    assert gone.scopes() == []
    assert not Plan.objects.visible_to(gone).exists()
    assert not Stop.objects.visible_to(gone).exists()
    answer = client.get(f"/checks/{plan.pk}/")
    assert answer["Location"] == f"{settings.LOGIN_URL}?ended=1"
    assert "临时账号已经到期" in client.get(answer["Location"]).content.decode()
    assert client.get(address).status_code == 410


def test_the_right_password_of_an_ended_account_is_answered_with_the_reason(
    client: Client, district: District
) -> None:
    user = district.user("专家", "inspector", "创卫办")
    user.set_password("长密码 Aa-12345")
    user.ends_at = timezone.now() - timedelta(hours=1)
    user.save()
    given = {"username": "专家", "password": "长密码 Aa-12345"}
    assert "这个临时账号已于" in client.post("/login/", given).content.decode()
    wrong = client.post("/login/", {**given, "password": "不对"}).content.decode()
    assert "账号或密码不对" in wrong
    assert "到期" not in wrong


def test_the_office_opens_and_ends_an_account_on_its_page(
    client: Client, district: District
) -> None:
    with_sites(district)
    plan = drafted(district, PlanKind.CROSS)
    sign_in(client, district.office)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    given = {"op_id": str(op()), "name": "钱工", "comes_from": "第三方机构", "until": until}
    client.post(f"/checks/{plan.pk}/guests/", given)
    guest = Guest.objects.get()
    linked = client.post(
        f"/checks/{plan.pk}/guests/{guest.pk}/", {"op_id": str(op()), "act": "link"}
    )
    assert "http://testserver/" in linked.content.decode()
    client.post(f"/checks/{plan.pk}/guests/{guest.pk}/", {"op_id": str(op()), "act": "end"})
    assert not account(guest).is_active
    assert "已停用" in client.get(f"/checks/{plan.pk}/guests/").content.decode()


def test_an_account_ends_within_two_weeks_after_the_check(district: District) -> None:
    with_sites(district)
    plan = drafted(district, PlanKind.CROSS)
    with pytest.raises(Refused, match="guest_until"):
        invited(district, plan, days=60)
    with pytest.raises(Refused, match="guest_kind"):
        invited(district, drafted(district, PlanKind.SPECIAL))


def test_a_guest_stands_in_no_list_of_units_or_persons(district: District) -> None:
    _plan, guest = crossed(district)
    assert guest.user.person is not None
    assert not guest.user.person.posts.exists()


def sheet_of(plan: Plan) -> tuple[str, Stop]:
    """The address of a sheet printed for the plan's first stop."""
    stop = plan.stops.select_related("site").order_by("order").first()
    assert stop is not None
    return f"/checks/paper/{SheetKey.fresh(stop.pk, for_stop=True).token()}/", stop


def filled(stop: Stop, who: str) -> dict[str, str]:
    kind = stop.site_type
    at = timezone.localtime() - timedelta(minutes=5)
    return {
        "walker": who, "occurred_at": at.strftime("%Y-%m-%dT%H:%M"), f"c-{kind}-01": "pass",
        "rows": "2", "do": "enter", "kind-0": "bin", "words-0": "桶满了",
    }  # fmt: skip


def test_a_guest_prints_and_types_in_the_own_sheets(client: Client, district: District) -> None:
    plan, guest = crossed(district)
    sign_in(client, account(guest))
    assert "扫码录入这一张" in client.get(f"/checks/paper/plan/{plan.pk}/").content.decode()
    address, stop = sheet_of(plan)
    assert 'value="邻市老赵"' in client.get(address).content.decode()
    answer = client.post(address, filled(stop, "邻市老赵"))
    assert answer["Location"] == f"/checks/{plan.pk}/"
    visit, found = Visit.objects.get(), Found.objects.get()
    assert (visit.outside, visit.sealed, found.sealed) == (True, True, True)
    assert client.get(answer["Location"]).status_code == 200


def test_the_office_types_a_guests_paper_in_the_guests_name(
    client: Client, district: District
) -> None:
    plan, guest = crossed(district)
    acts.end_guest(by=district.office, guest=guest, op_id=op())
    sign_in(client, district.office)
    address, stop = sheet_of(plan)
    page = client.get(address).content.decode()
    assert '<option value="邻市老赵">' in page
    assert 'value="邻市老赵"' in page
    assert client.post(address, filled(stop, "邻市老赵")).status_code == 302
    visit, found = Visit.objects.get(), Found.objects.get()
    assert visit.inspector == found.inspector == guest.user.person
    assert (visit.outside, visit.unit, found.sealed) == (True, None, True)


def test_of_two_who_went_the_office_chooses_by_name(client: Client, district: District) -> None:
    plan, guest = crossed(district)
    member = plan.teams.get().members.create(person=district.people["检查员的人"])
    sign_in(client, district.office)
    address, stop = sheet_of(plan)
    page = client.get(address).content.decode()
    assert page.count("<option value=\"邻市老赵\">") == page.count(
        f'<option value="{member.person.name}">'
    ) == 1  # fmt: skip
    client.post(address, filled(stop, member.person.name))
    assert not Visit.objects.get().outside
    assert guest.user.person is not None


def test_how_far_guests_and_we_agree_is_said_of_checks_without_a_name(
    client: Client, district: District
) -> None:
    with_sites(district, estates=12, toilets=0)
    plan = drafted(district, PlanKind.CROSS, sampled=False, doubled=100, open=True)
    guest = invited(district, plan)
    person = guest.user.person
    assert person is not None
    ours = district.people["检查员的人"]
    crews = [acts.Crew(one.name, one, [one]) for one in (person, ours)]
    acts.set_teams(by=district.office, plan=plan, crews=crews, op_id=op())
    plan = acts.lock_and_draw(by=district.office, plan=plan, op_id=op())
    for stop in plan.stops.select_related("site", "plan", "second_team"):
        for user in (account(guest), district.users["检查员"]):
            acts.record_visit(by=user, look=acts.Look(stop.site, stop=stop), op_id=op())
    acts.release(by=district.office, plan=plan, op_id=op())
    sign_in(client, district.office)
    page = client.get(f"/checks/agreement/?plan={plan.pk}").content.decode()
    assert "检查estate-01" in page
    assert person.name not in page
    assert ours.name not in page
