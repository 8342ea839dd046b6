"""The pages: everybody signed in reads, the office edits, strangers see nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from weicheng.people.models import User
from weicheng.standards.models import Item, ProblemKind, Standard
from weicheng.standards.tests.conftest import signed_in

pytestmark = pytest.mark.urls("weicheng.standards.tests.addresses")
PAGES = (
    "/standard/",
    "/standard/?item=markets",
    "/standard/?q=公厕",
    "/standard/versions/",
    "/standard/items/markets/",
    "/standard/sites/",
    "/standard/sites/market/",
    "/standard/kinds/",
    "/standard/kinds/spider_web/",
)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return dict(re.findall(r'name="(op_id|seen)" value="([^"]*)"', page))


def test_every_page_opens_for_a_unit(standard: Standard, unit: User) -> None:
    client = signed_in(unit)
    assert {client.get(page).status_code for page in PAGES} == {200}


def test_a_stranger_is_sent_to_the_log_in(db: None) -> None:
    answer = Client().get("/standard/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_an_empty_installation_says_how_to_load(unit: User) -> None:
    assert "还没有装入标准" in signed_in(unit).get("/standard/").content.decode()


def test_the_head_counts_aspects_items_and_points(standard: Standard, unit: User) -> None:
    page = signed_in(unit).get("/standard/").content.decode()
    assert "7个方面、45项，现场600分" in page
    assert page.count("std-row") >= 45
    assert "凭记忆，待核" in page


def test_a_search_finds_items_checks_and_kinds(standard: Standard, unit: User) -> None:
    page = signed_in(unit).get("/standard/?q=公厕").content.decode()
    assert "厕所革命" in page
    assert "公厕达标干净" in page
    assert "公厕脏污" in page


def test_an_unknown_item_is_not_found(standard: Standard, unit: User) -> None:
    client = signed_in(unit)
    assert client.get("/standard/items/moon/").status_code == 404
    assert client.get("/standard/?item=moon").status_code == 404


def test_the_edit_form_does_not_exist_for_a_unit(standard: Standard, unit: User) -> None:
    client = signed_in(unit)
    assert client.get("/standard/items/markets/edit/").status_code == 404
    assert client.get("/standard/kinds/small_ads/edit/").status_code == 404
    assert "更正" not in client.get("/standard/items/markets/").content.decode()


def test_the_office_corrects_an_item_and_the_page_shows_the_diff(
    standard: Standard, office: User
) -> None:
    client = signed_in(office)
    form = client.get("/standard/items/markets/edit/")
    item = Item.objects.get(key="markets")
    sent = {
        "name_zh": item.name_zh,
        "name_en": item.name_en,
        "demand_zh": "见到原件后的要求",
        "demand_en": item.demand_en,
        "onsite": "30.5",
        "points_certainty": "confirmed",
        "certainty": "confirmed",
        "source_zh": "原件第9页",
        "whose": "district",
        "usual_lead_zh": item.usual_lead_zh,
        **fields(form.content.decode()),
    }
    answer = client.post("/standard/items/markets/edit/", sent)
    assert answer.status_code == 302
    page = client.get("/standard/items/markets/").content.decode()
    assert "31分" in page
    assert "30.5分" in page
    assert "原件第9页" in page
    assert "599.5分" in client.get("/standard/").content.decode()
    assert "第2版" in client.get("/standard/versions/").content.decode()


def test_a_wrong_number_comes_back_with_the_form(standard: Standard, office: User) -> None:
    client = signed_in(office)
    answer = client.post("/standard/items/markets/edit/", {"onsite": "many"})
    assert answer.status_code == 422
    assert Standard.objects.get().version == 1


def kind_form(client: Client, key: str, **changed: str) -> dict[str, object]:
    """What the kind's form would send, with some fields changed."""
    page = client.get(f"/standard/kinds/{key}/edit/")
    initial = page.context["form"].initial
    sent = {name: value for name, value in initial.items() if value not in (None, False)}
    for name in ("bureau_words", "search_words"):
        sent[name] = "、".join(initial[name])
    return {**sent, **changed}


def test_the_office_changes_what_a_kind_suggests(standard: Standard, office: User) -> None:
    client = signed_in(office)
    sent = kind_form(client, "spider_web", due_days="5", search_words="蜘蛛网 飞线")
    assert client.post("/standard/kinds/spider_web/edit/", sent).status_code == 302
    kind = ProblemKind.objects.get(pk="spider_web")
    assert (kind.due_days, kind.search_words, kind.version) == (5, ["蜘蛛网", "飞线"], 2)
    assert kind.obligations[0]["key"] == "lines_judged"
    revision = kind.revisions.get()
    assert set(revision.changes) == {"due_days", "search_words"}


def test_a_follow_up_line_that_is_not_understood_is_named(standard: Standard, office: User) -> None:
    client = signed_in(office)
    sent = kind_form(client, "small_ads", obligations="后续事项，公安，停机")
    answer = client.post("/standard/kinds/small_ads/edit/", sent)
    assert answer.status_code == 422
    assert "第1行看不懂" in answer.content.decode()


def test_an_english_reader_sees_no_chinese_catalogue_names(standard: Standard, unit: User) -> None:
    client = signed_in(unit)
    client.cookies["weicheng_language"] = "en"
    page = client.get("/standard/items/markets/").content.decode()
    assert "Farm-produce, morning and night markets" in page
    assert "划行归市" not in page
