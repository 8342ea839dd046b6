"""Every address declares who may open it, and the table below, drawn by hand, says who that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from weicheng.frame.audience import ROLES, declared
from weicheng.frame.middleware import DeclaredAudience

BUSINESS = (
    "leader area office unit town community sponsor inspector auditor"  # all but the two admins
)

# Drawn by hand, one row an address: name → who. A new address without its row fails, and so does a
# row whose address is gone. Words: public, signed_in, or role keys.
TABLE: dict[str, str] = {
    # frame
    "frame:look": "public",
    "frame:healthz": "public",
    "frame:readyz": "public",
    # people: log-in and one's own account
    "people:login": "public",
    "people:login_code": "public",
    "people:link": "public",
    "people:logout": "public",
    "people:me": "signed_in",
    "people:password": "signed_in",
    "people:second_factor": "signed_in",
    "people:end_session": "signed_in",
    "people:end_others": "signed_in",
    # evidence
    "evidence:serve": "signed_in",
    # command
    "command:workbench": "office",
    "command:bulk": "office",
    "command:undo": "office",
    "command:act": "office",
    "command:front": "signed_in",
    "command:today": "leader area office",
    "command:search": BUSINESS,
    "command:site": BUSINESS,
    "command:my_duties": BUSINESS,
    "command:units": BUSINESS + " admin security",
    "command:unit": BUSINESS,
    # orders: papers that leave the office
    "orders:index": "office leader auditor",
    "orders:leader": "office leader auditor",
    "orders:post": "office leader",
    "orders:unit": "office leader area unit town community sponsor auditor",
    "orders:docx": "office leader area unit town community sponsor auditor",
    # problems
    "problems:list": BUSINESS,
    "problems:detail": BUSINESS,
    "problems:act": BUSINESS,
    "problems:hand_in": BUSINESS,
    "problems:undo": BUSINESS,
    "problems:new": "leader area office unit town community inspector",
    "problems:look_places": "leader area office unit town community inspector",
    "problems:look_kinds": "leader area office unit town community inspector",
    "problems:look_persons": BUSINESS,
    "problems:mine": "unit town community sponsor",
    "problems:unit_todo": "leader office inspector auditor",
    "problems:check": "office inspector leader",
    "problems:routes": "office",
    "problems:route_new": "office",
    "problems:route_edit": "office",
    "problems:route_do": "office",
    "problems:check_pass": "office inspector leader",
    "problems:check_undo": "office inspector leader",
    # the field program on the phone
    "fieldwork:home": "inspector office area town community",
    "fieldwork:worker": "public",
    "fieldwork:manifest": "public",
    "fieldwork:pack": "inspector office area town community",
    "fieldwork:unseal": "inspector office area town community",
    "fieldwork:photo": "inspector office area town community",
    "fieldwork:chunk": "inspector office area town community",
    "fieldwork:acts": "inspector office area town community",
    "fieldwork:receipts": "inspector office area town community",
    "fieldwork:import": "inspector office area town community",
    "fieldwork:held": "office",
    "fieldwork:held_release": "office",
    "fieldwork:held_drop": "office",
    # standards
    "standards:index": "signed_in",
    "standards:item": "signed_in",
    "standards:versions": "signed_in",
    "standards:site_types": "signed_in",
    "standards:site_type": "signed_in",
    "standards:kinds": "signed_in",
    "standards:kind": "signed_in",
    "standards:item_edit": "office",
    "standards:kind_edit": "office",
    # the working calendar and the limits
    "workdays:calendar": BUSINESS + " admin",
    "workdays:day": "office",
    "workdays:hours": "office",
    "workdays:publish": "office",
    "problems:limits": BUSINESS,
    "problems:limit_new": "office",
    "problems:limit_edit": "office",
    "problems:limit_do": "office",
    "problems:recount": "office",
    # duty tables and other names of units
    "duties:tree": BUSINESS,
    "duties:item": BUSINESS,
    "duties:areas": BUSINESS,
    "duties:gaps": "leader area office auditor",
    "duties:new": "office",
    "duties:edit": "office",
    "duties:end": "office",
    "duties:settle": "office leader",
    "duties:handover": "office",
    "duties:merge": "office",
    "duties:imported": "office",
    "duties:import_save": "office",
    "duties:import_take_back": "office",
    "duties:aliases": "office",
    "duties:alias_drop": "office",
    # intake
    "intake:import": "office",
    "intake:blank": "office",
    "intake:batch": "office",
    "intake:correct": "office",
    "intake:take": "office",
    "intake:discard": "office",
    "intake:errors": "office",
    "intake:leads": "office",
    "intake:bulk": "office",
    "intake:undo": "office",
    "intake:file": "office",
    "intake:aside": "office",
    "intake:reopen": "office",
    "intake:regroup": "office",
    "intake:inbox": "office",
    "intake:drop": "office",
    # notices
    "notices:bell": BUSINESS,
    "notices:open": BUSINESS,
    "notices:read_all": BUSINESS,
    "notices:mail": BUSINESS,
    "notices:digest": BUSINESS,
    "notices:tasks": BUSINESS,
    "notices:channels": "office admin",
    "notices:channel_act": "office admin",
    "notices:host_new": "office admin",
    "notices:host_act": "office admin",
    # scores
    "scoring:score": "leader office inspector auditor",
    "scoring:condition": "office",
    "scoring:changes": "leader office inspector auditor",
    "scoring:changes_of": "leader office inspector auditor",
    "scoring:why": "leader office inspector auditor",
    "scoring:why_below": "leader office inspector auditor",
    "scoring:figures": "leader office inspector auditor",
    "scoring:compare": "leader office inspector auditor",
    "scoring:sheets": "leader office inspector auditor",
    "scoring:forecast": "leader office",
    "scoring:forecast_switch": "leader office",
    "scoring:recompute": "leader office",
    "scoring:around": "leader office inspector",
    "scoring:fixing": "office leader area auditor",
    "scoring:fixing_dispatch": "office",
    "scoring:fixing_plan": "office",
    "scoring:fixing_crews": "office",
    "scoring:fixing_outlay": "office",
    # checks: plans, draws, teams
    "inspections:plans": "office leader inspector auditor area town community",
    "inspections:plan": "office leader inspector auditor area town community",
    "inspections:year": "office leader inspector auditor",
    "inspections:plan_new": "office",
    "inspections:plan_edit": "office",
    "inspections:plan_lock": "office",
    "inspections:plan_drop": "office",
    "inspections:plan_release": "office",
    "inspections:unseal": "office leader inspector auditor area town community",
    "inspections:teams": "office",
    "inspections:team_replace": "office",
    "inspections:guests": "office",
    "inspections:guest_do": "office",
    "inspections:stop_gone": "office leader inspector auditor area town community",
    # checks: an observation day
    "inspections:observation_new": "office",
    "inspections:observation": "office leader inspector auditor",
    "inspections:observation_stop": "office leader inspector auditor",
    "inspections:observation_number": "office",
    "inspections:observation_papers": "office",
    "inspections:observation_marks": "office",
    "inspections:observation_publish": "office",
    "inspections:observation_pack": "office leader inspector auditor",
    "inspections:look_backs": "office inspector",
    "inspections:look_back": "office inspector",
    "inspections:rulings": "signed_in",
    "inspections:ruling_new": "office",
    "inspections:ruling_replace": "office",
    "inspections:route": "office inspector area town community",
    "inspections:daily_new": "office",
    "inspections:site": BUSINESS,
    "inspections:paper_plan": "office inspector area town community",
    "inspections:paper_route": "office inspector area town community",
    "inspections:paper_site": "office inspector area town community",
    "inspections:paper": "office inspector area town community",
    "inspections:plates": "office",
    "inspections:agreement": "office leader auditor",
    # complaints: open to everybody
    "complaints:new": "public",
    "complaints:look": "public",
    "complaints:queue": "office auditor",
    "complaints:item": "office auditor",
    "places:index": BUSINESS,
    "places:new": "office",
    "places:edit": "office",
    "places:campaign": BUSINESS + " admin",
    "places:campaign_edit": "office admin",
    "people:unit_new": "office",
    "people:unit_edit": "office",
    "people:post_new": "office",
    "people:person_edit": "office",
    "people:post_add": "office",
    "people:post_end": "office",
    "people:site_parties": "office",
    "people:regions": "office",
    "people:region_new": "office",
    "people:region_edit": "office",
}


def patterns(
    resolver: URLResolver | None = None, space: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the URLconf with its full name."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*space, entry.namespace) if entry.namespace else space
            yield from patterns(entry, inner)
        else:
            yield ":".join((*space, entry.name or str(entry.pattern))), entry


ALL = list(patterns())


def test_every_address_declares_its_audience() -> None:
    undeclared = [name for name, entry in ALL if not declared(entry.callback)]
    assert undeclared == []


def test_every_address_stands_in_the_table() -> None:
    assert {name for name, _entry in ALL} - set(TABLE) == set()


def test_the_table_names_no_address_that_is_gone() -> None:
    assert set(TABLE) - {name for name, _entry in ALL} == set()


@pytest.mark.parametrize(("name", "entry"), ALL, ids=[name for name, _entry in ALL])
def test_the_declared_audience_is_the_one_drawn_by_hand(name: str, entry: URLPattern) -> None:
    assert set(declared(entry.callback)) == set(TABLE.get(name, "").split())


def test_the_table_uses_only_known_words() -> None:
    known = {"public", "signed_in", *ROLES}
    assert {word for row in TABLE.values() for word in row.split()} <= known


def test_the_roles_are_those_of_the_people() -> None:
    from weicheng.people.roles import Role

    assert set(ROLES) == set(Role.values)


def test_a_view_without_an_audience_answers_404(rf: RequestFactory) -> None:
    from django.http import Http404

    def forgotten(request: Any) -> HttpResponse:
        return HttpResponse("secret")

    gate = DeclaredAudience(forgotten)
    with pytest.raises(Http404):
        gate.process_view(rf.get("/x"), forgotten, (), {})
