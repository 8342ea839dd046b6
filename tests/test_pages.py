"""Every page before every role: it opens, or it does not exist; odd addresses break nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.check_pages import CHECK_PAGES
from tests.district import in_hours, op, sign_in
from tests.played import ROLES, Played, photo_of, played
from tests.test_urls import TABLE
from weicheng.frame import navigation
from weicheng.problems.models import Problem

# Drawn by hand: where each page of the table lies in the played city.
HERE: dict[str, Callable[[Played], str]] = {
    "frame:healthz": lambda p: "/healthz",
    "frame:readyz": lambda p: "/readyz",
    "people:login": lambda p: "/login/",
    "people:login_code": lambda p: "/login/code/",
    "people:me": lambda p: "/me/",
    "people:password": lambda p: "/me/password/",
    "people:second_factor": lambda p: "/me/second-factor/",
    "people:unit_new": lambda p: "/units/new/",
    "people:unit_edit": lambda p: f"/units/{p.city.units['环卫局'].pk}/edit/",
    "people:post_new": lambda p: f"/units/{p.city.units['环卫局'].pk}/people/new/",
    "people:person_edit": lambda p: f"/people/{p.city.people['环卫局的人'].pk}/",
    "people:site_parties": lambda p: f"/places/{p.city.sites['张家沟小区'].pk}/parties/",
    "people:regions": lambda p: "/regions/",
    "people:region_new": lambda p: "/regions/new/",
    "people:region_edit": lambda p: f"/regions/{p.city.regions['红叶镇'].pk}/edit/",
    "places:index": lambda p: "/places/",
    "places:new": lambda p: "/places/new/",
    "places:edit": lambda p: f"/places/{p.city.sites['张家沟小区'].pk}/edit/",
    "places:campaign": lambda p: "/campaign/",
    "places:campaign_edit": lambda p: "/campaign/edit/",
    "workdays:calendar": lambda p: "/calendar/?year=2026",
    "workdays:day": lambda p: "/calendar/day/2026-11-30/",
    "workdays:hours": lambda p: "/calendar/hours/",
    "workdays:publish": lambda p: "/calendar/2027/publish/",
    "problems:limits": lambda p: "/problems/limits/?kind=bin_overflow",
    "problems:limit_new": lambda p: "/problems/limits/new/",
    "problems:limit_edit": lambda p: f"/problems/limits/{a_limit(p)}/",
    "problems:list": lambda p: "/problems/",
    "problems:new": lambda p: "/problems/new/",
    "problems:look_places": lambda p: "/problems/look/places/?q=zjg",
    "problems:look_kinds": lambda p: "/problems/look/kinds/?q=垃圾桶满了",
    "problems:look_persons": lambda p: "/problems/look/persons/?q=环",
    "problems:detail": lambda p: f"/problems/{p.matters['check'].pk}/",
    "problems:act": lambda p: f"/problems/{p.matters['check'].pk}/do/remark/",
    "problems:hand_in": lambda p: f"/problems/{p.matters['run'].pk}/hand-in/",
    "problems:mine": lambda p: "/mine/",
    "problems:unit_todo": lambda p: f"/units/{p.city.units['环卫局'].pk}/todo/",
    "problems:check": lambda p: "/check/",
    "problems:routes": lambda p: "/problems/routes/?kind=bin&place=张家沟小区",
    "problems:route_new": lambda p: "/problems/routes/new/",
    "problems:route_edit": lambda p: f"/problems/routes/{a_route(p)}/",
    "command:front": lambda p: "/",
    "command:today": lambda p: "/today/",
    "command:workbench": lambda p: "/workbench/",
    "command:search": lambda p: "/search/?q=张家沟",
    "command:site": lambda p: f"/places/{p.city.sites['张家沟小区'].pk}/",
    "command:my_duties": lambda p: "/my-duties/",
    "command:units": lambda p: "/units/",
    "command:unit": lambda p: f"/units/{p.city.units['环卫局'].pk}/",
    "orders:index": lambda p: "/orders/",
    "orders:leader": lambda p: "/orders/leader/",
    "orders:post": lambda p: "/orders/post/",
    "notices:bell": lambda p: "/messages/",
    "notices:digest": lambda p: "/digest/",
    "notices:tasks": lambda p: f"/digest/{p.city.units['环卫局'].pk}/print/",
    "notices:channels": lambda p: "/channels/",
    "complaints:new": lambda p: "/complaints/new/",
    "complaints:look": lambda p: "/complaints/look/",
    "complaints:queue": lambda p: "/complaints/",
    "complaints:item": lambda p: f"/complaints/{a_complaint(p)}/",
    "orders:unit": lambda p: f"/orders/{p.city.units['环卫局'].pk}/",
    "orders:docx": lambda p: f"/orders/{p.city.units['环卫局'].pk}/docx/",
    "intake:import": lambda p: "/import/",
    "intake:blank": lambda p: "/import/blank/duty-sheet.xlsx",
    "intake:batch": lambda p: f"/import/{p.batches['ledger'].pk}/",
    "duties:tree": lambda p: "/duties/",
    "duties:item": lambda p: f"/duties/items/{an_item()}/",
    "duties:areas": lambda p: "/duties/areas/",
    "duties:gaps": lambda p: "/duties/gaps/",
    "duties:new": lambda p: f"/duties/new/?item={an_item()}",
    "duties:edit": lambda p: f"/duties/{a_duty(p)}/edit/",
    "duties:settle": lambda p: f"/duties/{a_duty(p)}/settle/",
    "duties:handover": lambda p: f"/duties/handover/?person={p.city.people['环卫局的人'].pk}",
    "duties:merge": lambda p: f"/duties/merge/?unit={p.city.units['环卫局'].pk}",
    "duties:imported": lambda p: f"/duties/tables/{p.batches['duties'].pk}/",
    "duties:aliases": lambda p: "/duties/aliases/",
    "intake:errors": lambda p: f"/import/{p.batches['ledger'].pk}/errors.xlsx",
    "intake:leads": lambda p: "/leads/",
    "intake:inbox": lambda p: "/inbox/",
    "evidence:serve": lambda p: f"/evidence/{photo_of(p.matters['check'])}/thumb",
    "standards:index": lambda p: "/standard/",
    "standards:versions": lambda p: "/standard/versions/",
    "standards:item": lambda p: f"/standard/items/{an_item()}/",
    "standards:item_edit": lambda p: f"/standard/items/{an_item()}/edit/",
    "standards:site_types": lambda p: "/standard/sites/",
    "standards:site_type": lambda p: f"/standard/sites/{a_site_type()}/",
    "standards:kinds": lambda p: "/standard/kinds/",
    "standards:kind": lambda p: "/standard/kinds/bin/",
    "standards:kind_edit": lambda p: "/standard/kinds/bin/edit/",
    **CHECK_PAGES,
}

# Pages of an admitted role where this object is not its own: 404 all the same.
NOT_MINE: dict[str, str] = {
    "orders:unit": "area town community sponsor",
    "orders:docx": "area town community sponsor",
    "notices:tasks": "town community sponsor",
    "evidence:serve": "admin security",
    "places:campaign_edit": "office",  # the city's campaign is the city's to edit
    # before the release: who sees the whole region, and the team itself
    "inspections:plan": "area town community",
    "inspections:paper_plan": "area town community",
    "inspections:paper": "area town community",
    "scoring:forecast": "office",  # of the office only its director
    "scoring:fixing_outlay": "office",  # no such work
}
WITHOUT_A_PAGE = {
    "frame:look", "people:link", "people:logout", "people:end_session", "people:end_others",
    "people:post_add", "people:post_end", "command:bulk", "command:undo", "command:act",
    "problems:undo", "problems:check_pass", "problems:check_undo", "problems:limit_do",
    "problems:recount", "problems:route_do",
    "notices:open", "notices:read_all", "notices:mail", "notices:channel_act", "notices:host_new",
    "notices:host_act",
    "duties:import_save", "duties:import_take_back", "duties:alias_drop", "duties:end",
    "intake:correct", "intake:take", "intake:discard", "intake:bulk", "intake:undo",
    "intake:file", "intake:aside", "intake:reopen", "intake:regroup", "intake:drop",
    "inspections:plan_lock", "inspections:plan_drop", "inspections:plan_release",
    "inspections:unseal",
    "inspections:team_replace", "inspections:guest_do", "inspections:stop_gone",
    "inspections:observation_number", "inspections:observation_publish",
    "fieldwork:unseal", "fieldwork:photo", "fieldwork:chunk", "fieldwork:acts",
    "fieldwork:receipts", "fieldwork:held_release", "fieldwork:held_drop",
    "scoring:condition", "scoring:forecast_switch", "scoring:recompute", "scoring:fixing_dispatch",
    "scoring:fixing_plan", "scoring:fixing_crews",
}  # fmt: skip

ODD = (
    "flag=%00", "q=%00&unit=%00&item=%00",
    "status=bogus&kind=%27%22%3E&region=not-an-id&queue=zzz&only=zzz&built_up=7&type=zzz",
    f"unit={uuid4()}&tab=../../etc&site={uuid4()}&order=drop&pick=9&level=zzz&line=zzz",
    f"after=%FF%FE&before=xxx&q={'x' * 3000}&item=1&act=zzz&group=zzz&new=2",
    "q=%F0%9F%98%80%20%25%5C&for=zzz&obligation=zzz&reason=zzz&status=open&status=done",
    "next=//evil.example/", "next=javascript:alert(1)",
)  # fmt: skip


def a_limit(p: Played) -> str:
    from weicheng.problems.models import DueRule

    region = p.city.regions["凤凰区"]
    row, _made = DueRule.objects.get_or_create(
        region=region, defaults={"order": 10, "fix_amount": 3, "fix_kind": "days"}
    )
    return str(row.pk)


def a_complaint(p: Played) -> str:
    from weicheng.complaints.models import Complaint

    row, _made = Complaint.objects.get_or_create(
        number="TS261101-AAAAA",
        defaults={
            "region": p.city.regions["凤凰区"], "about": "idea", "text": "请多给一次延期",
            "at": in_hours(0),
        },
    )  # fmt: skip
    return str(row.pk)


def a_duty(p: Played) -> str:
    from weicheng.duties.models import Duty

    row, _made = Duty.objects.get_or_create(
        item_key=an_item(), region=p.city.regions["凤凰区"], unit=p.city.units["环卫局"],
        defaults={"provisional": True, "person": p.city.people["环卫局的人"]},
    )  # fmt: skip
    return str(row.pk)


def a_route(p: Played) -> str:
    from weicheng.problems.models import RouteRule

    row, _made = RouteRule.objects.get_or_create(
        name="红叶镇线缆", region=p.city.regions["红叶镇"],
        defaults={"order": 1, "lead_by": "bureau", "others_by": ["responsible:operators"]},
    )  # fmt: skip
    return str(row.pk)


def an_item() -> str:
    from weicheng.standards.models import Item

    return str(Item.objects.values_list("key", flat=True).first())


def a_site_type() -> str:
    from weicheng.standards.models import SiteType

    return str(SiteType.objects.values_list("key", flat=True).first())


@pytest.fixture(scope="module")
def city(
    test_database: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    with played(django_db_blocker, tmp_path_factory.mktemp("played")) as found:
        yield found


@pytest.fixture(autouse=True)
def _evidence(settings: Any, city: Played, _own_evidence: None, tmp_path_factory: Any) -> None:
    settings.EVIDENCE_ROOT = tmp_path_factory.getbasetemp() / "played0"


def expected(name: str, role: str) -> str:
    """What the hand-drawn table promises this role: opens or nothing."""
    allowed = set(TABLE[name].split())
    admitted = bool(allowed & {"public", "signed_in", role})
    return "opens" if admitted and role not in NOT_MINE.get(name, "").split() else "nothing"


def test_every_address_of_the_table_has_its_page_here() -> None:
    assert set(TABLE) == set(HERE) | WITHOUT_A_PAGE


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_its_pages_and_no_others(city: Played, role: str) -> None:
    client = sign_in(Client(raise_request_exception=False), city.user(role))
    wrong = {}
    for name, where in HERE.items():
        answer = client.get(where(city))
        want = (200, 302) if expected(name, role) == "opens" else (404,)
        if answer.status_code not in want:
            wrong[name] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", ["office", "inspector", "area", "town", "community"])
def test_who_may_go_on_a_check_finds_the_plans_and_the_days_route_in_the_menu(
    city: Played, role: str
) -> None:
    shown = {entry.url for _item, entry in navigation.shown(city.user(role), "/")}
    assert {"/checks/", "/checks/route/"} <= shown


def test_a_stranger_is_sent_to_the_log_in(city: Played) -> None:
    client = Client(raise_request_exception=False)
    wrong = {}
    for name, where in HERE.items():
        answer = client.get(where(city))
        is_open = "public" in TABLE[name]
        sent = answer.status_code == 302 and answer["Location"].startswith("/login/")
        sent = sent or answer.status_code == 401  # a phone's program is told to log in
        if sent == is_open and name != "people:login_code":
            wrong[name] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", ["office", "unit"])
def test_odd_addresses_break_nothing(city: Played, role: str) -> None:
    client = sign_in(Client(raise_request_exception=False), city.user(role))
    broken = []
    for name, where in HERE.items():
        if expected(name, role) == "nothing" or name == "orders:docx":
            continue
        path = where(city).partition("?")[0]
        for odd in ODD:
            answer = client.get(f"{path}?{odd}")
            if answer.status_code >= 500:
                broken.append(f"{path}?{odd}")
            if answer.status_code == 302:
                assert "evil" not in answer["Location"]
                assert "javascript" not in answer["Location"]
            if b'href="//evil' in answer.getvalue() or b'href="javascript' in answer.getvalue():
                broken.append(f"open door {path}")
    assert broken == []


@pytest.mark.parametrize(
    ("page", "filters"),
    [
        ("/problems/", ("status", "flag", "kind", "region", "unit")),
        ("/places/", ("region", "type", "built_up")),
        ("/workbench/", ("queue",)),
        ("/check/", ("only",)),
        ("/orders/post/", ("group",)),
    ],
)
def test_a_filter_that_nobody_knows_never_means_all(
    city: Played, page: str, filters: tuple[str, ...]
) -> None:
    client = sign_in(Client(), city.user("office"))
    everything = client.get(page).content.decode()
    shown = [m.number for m in city.matters.values() if m.number in everything]
    shown += [s for s in ("张家沟小区", "石桥农贸市场") if s in everything]
    for name in filters:
        for value in ("bogus", str(uuid4())):
            answer = client.get(page, {name: value})
            if answer.status_code in {400, 404}:
                continue
            seen = [word for word in shown if word in answer.content.decode()]
            assert seen == [], f"{page}?{name}={value}"


HIDDEN = {
    "status": "done", "unit_id": "", "lead_unit": "", "number": "XX-0000-001", "voided": "on",
    "closed_at": "2020-01-01T00:00", "finder": "", "version": "99", "outcome": "fixed",
    "sent_back": "7", "by": "", "actor": "", "score": "100", "region_id": "",
}  # fmt: skip


def test_hidden_fields_that_no_form_asked_for_are_ignored(city: Played) -> None:
    other = city.city.units["经信局"].pk
    hidden = {k: v or str(other) for k, v in HIDDEN.items()}
    client = sign_in(Client(), city.user("inspector"))
    answer = client.post(
        "/problems/new/",
        {**hidden, "op_id": str(op()), "place": "张家沟小区", "kind": "bin", "do": "file",
         "source": "daily", "severity": "", "sure": "1"},
    )  # fmt: skip
    assert answer.status_code == 302
    filed = Problem.objects.get(pk=answer["Location"].strip("/").split("/")[-1])
    assert (filed.status, filed.lead_unit, filed.version, filed.voided) == ("new", None, 1, False)
    assert filed.number.startswith("HY-")
    assert filed.finder == city.city.people["检查员的人"]


def test_a_unit_cannot_send_a_matter_on_by_fields_of_another_form(city: Played) -> None:
    client = sign_in(Client(), city.user("unit"))
    run = city.matters["run"]
    fields = {
        "op_id": str(op()), "lead": "经信局", "due_at": in_hours(99).isoformat(),
        "behalf_unit": "经信局", "behalf_channel": "phone", "reason": "angle", "level": "onsite",
    }  # fmt: skip
    for act in ("dispatch", "recall", "pass_fix", "send_back", "close", "void", "reopen"):
        client.post(f"/problems/{run.pk}/do/{act}/", fields)
    run.refresh_from_db()
    assert (run.status, run.lead_unit) == ("run", city.city.units["环卫局"])


def test_a_unit_that_types_for_another_is_recorded_as_itself(city: Played) -> None:
    client = sign_in(Client(), city.user("unit"))
    fields = {
        "op_id": str(op()), "words": "已安排人员", "behalf_unit": "经信局",
        "behalf_person": "经信局的人", "behalf_channel": "phone",
    }  # fmt: skip
    run = city.matters["run"]
    assert client.post(f"/problems/{run.pk}/do/remark/", fields).status_code == 302
    from weicheng.journal.models import Operation

    told = Operation.objects.get(pk=fields["op_id"])
    assert (told.actor_id, told.behalf_unit, told.behalf_person) == (
        city.user("unit").pk, None, None,
    )  # fmt: skip
