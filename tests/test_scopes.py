"""Nobody sees another district's or a sibling unit's matter: not in a list, a figure, a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.test import Client

from tests.district import op, sign_in
from tests.played import Played, photo_of, played
from weicheng.intake.models import Lead
from weicheng.problems.models import Event, Problem

LISTS = (
    "/problems/", "/problems/?status=open", "/problems/?flag=late", "/problems/?q=秘密事项",
    "/problems/?q=路面破损", "/search/?q=秘密", "/search/?q=滨江", "/search/?q=LJ", "/search/?q=bj",
    "/places/", "/places/?q=滨江", "/units/", "/units/?q=临江", "/problems/look/places/?q=滨江",
    "/problems/look/places/?q=bjhy", "/problems/look/persons/?q=临江", "/mine/", "/check/",
    "/check/?only=spot", "/workbench/", "/workbench/?queue=check", "/workbench/?queue=late",
    "/workbench/?queue=back", "/workbench/?pick=1", "/today/", "/orders/", "/orders/leader/",
    "/orders/post/", "/problems/new/", "/campaign/",
)  # fmt: skip
OURS = (
    "创卫办",
    "指挥长",
    "包片",
    "环卫局",
    "红叶镇",
    "张家沟",
    "档案局",
    "检查员",
    "审计",
    "借调",
)
PRINTED_DAY = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}|csrf[^>]*>|\d\d:\d\d")


@pytest.fixture(scope="module")
def city(
    test_database: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    with played(django_db_blocker, tmp_path_factory.mktemp("scopes")) as found:
        yield found


@pytest.fixture(autouse=True)
def _evidence(settings: Any, city: Played, _own_evidence: None, tmp_path_factory: Any) -> None:
    settings.EVIDENCE_ROOT = tmp_path_factory.getbasetemp() / "scopes0"


def traces(city: Played, matter: str) -> tuple[str, ...]:
    """What would betray a matter on a page."""
    problem = city.matters[matter]
    return (problem.number, str(problem.pk), problem.description or problem.number)


@pytest.mark.parametrize("who", OURS)
def test_no_list_of_ours_shows_the_other_district(city: Played, who: str) -> None:
    client = sign_in(Client(), city.city.users[who])
    betrayed = []
    for path in LISTS:
        answer = client.get(path)
        if answer.status_code == 404:
            continue
        page = answer.content.decode().replace(path.partition("q=")[2] or "\0", "")
        seen = [t for t in (*traces(city, "foreign"), "滨江花园", "临江环卫局的人") if t in page]
        betrayed += [f"{path}: {t}" for t in seen]
    assert betrayed == []


def test_the_city_office_sees_both_districts_and_each_office_its_own(city: Played) -> None:
    def shown(who: str) -> set[str]:
        page = sign_in(Client(), city.city.users[who]).get("/problems/").content.decode()
        return {name for name, p in city.matters.items() if p.number in page}

    assert shown("市创卫办") == set(city.matters)
    assert shown("创卫办") == set(city.matters) - {"foreign"}
    assert shown("临江创卫办") == {"foreign"}


def test_a_unit_sees_its_own_matters_and_not_its_siblings(city: Played) -> None:
    client = sign_in(Client(), city.city.users["经信局"])
    for path in ("/problems/", "/mine/", "/search/?q=张家沟", "/search/?q=垃圾"):
        page = client.get(path).content.decode()
        for name in ("new", "run", "check", "market", "foreign"):
            assert city.matters[name].number not in page, f"{path} {name}"
    assert city.matters["sibling"].number in client.get("/problems/").content.decode()


def test_a_town_does_not_see_its_neighbour_town(city: Played) -> None:
    client = sign_in(Client(), city.city.users["红叶镇"])
    assert city.matters["market"].number not in client.get("/problems/").content.decode()
    assert client.get(f"/problems/{city.matters['market'].pk}/").status_code == 404


def test_figures_count_only_what_is_shown(city: Played) -> None:
    for who in ("创卫办", "临江创卫办", "市创卫办"):
        user = city.city.users[who]
        mine = Problem.objects.visible_to(user).filter(voided=False)
        page = sign_in(Client(), user).get("/problems/").content.decode()
        assert f"{mine.count()}件" in page
        waiting = mine.filter(status="new").count()
        desk = sign_in(Client(), user).get("/workbench/").content.decode()
        assert re.search(rf"待派\s*<b>{waiting}</b>", desk), who


def objects(city: Played, matter: str) -> dict[str, tuple[str, str]]:
    """Addresses of a matter's things → (kind of thing, the address with an id that never was)."""
    problem, nothing = city.matters[matter], uuid4()
    problem.refresh_from_db()
    pages = {
        f"/problems/{{}}/{tail}": problem.pk
        for tail in ("", "?tab=photos", "hand-in/", "do/remark/", "do/pass_fix/", "do/dispatch/")
    }
    pages |= {
        f"/evidence/{{}}/{size}": photo_of(problem) for size in ("thumb", "screen", "original")
    }
    pages |= {"/workbench/?item={}": problem.pk}
    if problem.site_id:
        pages |= {"/places/{}/": problem.site_id, "/places/{}/edit/": problem.site_id}
    if problem.lead_unit_id:
        pages |= {
            f"/{where}": problem.lead_unit_id
            for where in (
                "orders/{}/",
                "orders/{}/docx/",
                "units/{}/",
                "units/{}/todo/",
                "units/{}/edit/",
            )
        }
    return {page.format(pk): (page, page.format(nothing)) for page, pk in pages.items()}


@pytest.mark.parametrize("who", OURS)
def test_a_foreign_thing_is_as_if_it_never_was(city: Played, who: str) -> None:
    client = sign_in(Client(), city.city.users[who])
    wrong = []
    for path, (page, never) in objects(city, "foreign").items():
        theirs, nobodys = client.get(path), client.get(never)
        if page.startswith("/workbench/"):
            if traces(city, "foreign")[0] in theirs.content.decode():
                wrong.append(path)
            continue
        same = PRINTED_DAY.sub(b"", theirs.content) == PRINTED_DAY.sub(b"", nobodys.content)
        if theirs.status_code != 404 or not same:
            wrong.append(f"{theirs.status_code} {page}")
    assert wrong == []


@pytest.mark.parametrize("who", ["创卫办", "环卫局", "检查员", "指挥长"])
def test_no_act_reaches_a_foreign_matter(city: Played, who: str) -> None:
    client = sign_in(Client(), city.city.users[who])
    problem = city.matters["foreign"]
    before = Event.objects.filter(problem=problem).count()
    body = {"words": "x", "reason": "angle", "level": "onsite", "measure": "clean"}
    for act in ("remark", "dispatch", "pass_fix", "send_back", "hand_in", "sign", "void", "close"):
        answer = client.post(f"/problems/{problem.pk}/do/{act}/", {**body, "op_id": str(op())})
        assert answer.status_code == 404, act
        client.post(f"/workbench/{problem.pk}/{act}/", {**body, "op_id": str(op())})
    client.post(f"/problems/{problem.pk}/hand-in/", {**body, "op_id": str(op())})
    client.post("/workbench/bulk/", {"problem": [str(problem.pk)], "op_id": str(op())})
    client.post("/check/pass/", {"chosen": [f"{problem.pk}:{op()}"]})
    assert Event.objects.filter(problem=problem).count() == before


def test_a_foreign_site_cannot_be_filed_at(city: Played) -> None:
    client = sign_in(Client(), city.city.users["检查员"])
    fields = {
        "op_id": str(op()), "site": str(city.sites["滨江花园"].pk), "place": "滨江花园",
        "region": str(city.city.regions["滨江街道"].pk), "kind": "bin", "source": "daily",
    }  # fmt: skip
    assert client.post("/problems/new/", fields).status_code == 422
    assert not Problem.objects.filter(site=city.sites["滨江花园"], kind="bin").exists()


def test_an_order_holds_no_line_of_a_sibling_or_of_another_district(city: Played) -> None:
    unit = city.city.units["环卫局"]
    answer = sign_in(Client(), city.city.users["创卫办"]).get(f"/orders/{unit.pk}/docx/")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as paper:
        text = paper.read("word/document.xml").decode()
    assert city.matters["run"].number in text
    for name in ("sibling", "foreign", "market"):
        assert city.matters[name].number not in text


def test_the_two_keepers_see_no_matter_at_all(city: Played) -> None:
    for who in ("管理员", "安全员"):
        client = sign_in(Client(), city.city.users[who])
        for path in (*LISTS, *objects(city, "run")):
            page = client.get(path).content.decode()
            assert city.matters["run"].number not in page, path


def test_a_change_of_posts_counts_at_the_next_request(city: Played) -> None:
    user = city.city.user("调走的", "unit", "环卫局")
    client, path = sign_in(Client(), user), f"/problems/{city.matters['run'].pk}/"
    assert client.get(path).status_code == 200
    assert user.person
    user.person.posts.update(unit=city.city.units["经信局"])
    assert client.get(path).status_code == 404


def test_what_an_office_took_in_is_not_another_offices(city: Played) -> None:
    client = sign_in(Client(), city.city.users["临江创卫办"])
    lead = Lead.objects.filter(district=city.city.regions["凤凰区"]).first()
    assert lead is not None
    for batch in city.batches.values():
        for tail in ("", "errors.xlsx"):
            assert client.get(f"/import/{batch.pk}/{tail}").status_code == 404
        for act in ("take", "discard", "correct"):
            assert client.post(f"/import/{batch.pk}/{act}/").status_code == 404
    for act in ("file", "aside", "reopen", "regroup"):
        answer = client.post(f"/leads/{lead.pk}/{act}/", {"op_id": str(op()), "kind": "bin"})
        assert answer.status_code == 404
    for path in ("/leads/", "/inbox/", "/import/", f"/leads/?item={lead.pk}", "/leads/?words=垃圾"):
        page = client.get(path).content.decode()
        assert "张家沟小区垃圾桶满溢" not in page
        assert "台账.xlsx" not in page
    assert sign_in(Client(), city.city.office).get("/leads/").content.decode().count("张家沟")
