"""Every page on both screens: no barrier, no error, nothing sticks out, no foreign word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.journeys.browser import PHONE, WIDE, Clerk, Office
from tests.journeys.house import House
from tests.played import ROLES, Played, play
from tests.test_pages import HERE

pytestmark = pytest.mark.journey

SHOTS = os.environ.get("WEICHENG_SHOTS", "")  # a folder, when somebody wants to look

#: Which role looks at which pages; every page of the product once, the important ones by several.
SEEN_BY: dict[str, tuple[str, ...]] = {
    "office": (
        "command:workbench", "command:today", "command:search", "command:site", "command:units",
        "command:unit", "problems:list", "problems:detail", "problems:new", "problems:act",
        "problems:unit_todo", "problems:check", "orders:index", "orders:leader", "orders:post",
        "orders:unit", "places:index", "places:new", "places:edit", "places:campaign",
        "people:unit_new", "people:unit_edit", "people:post_new", "people:person_edit",
        "people:site_parties", "people:regions", "people:region_new", "people:region_edit",
        "standards:index", "standards:item", "standards:item_edit", "standards:versions",
        "standards:site_types", "standards:site_type", "standards:kinds", "standards:kind",
        "standards:kind_edit", "people:me", "people:password", "people:second_factor",
        "intake:import", "intake:leads", "intake:inbox",
    ),
    "unit": ("problems:mine", "problems:detail", "problems:hand_in", "problems:list", "problems:new"),
    "inspector": ("problems:check", "problems:new", "problems:detail"),
    "leader": ("command:today", "problems:list"),
    "community": ("problems:mine", "problems:new"),
    "sponsor": ("problems:mine",),
    "city": ("places:campaign_edit",),
}  # fmt: skip
MORE = (
    "/check/?only=spot", "/workbench/?queue=check", "/workbench/?pick=1", "/problems/?flag=late",
    "/problems/?q=没有这样的词",
)  # fmt: skip


@pytest.fixture(scope="module")
def city(emptied: None, house: House) -> Played:
    with override_settings(EVIDENCE_ROOT=house.var / "evidence"):
        return play()


@pytest.fixture(scope="module")
def clerks(city: Played, office: Office) -> Iterator[dict[tuple[str, int], Clerk]]:
    users = {role: city.user(role) for role in ROLES} | {"city": city.city.users["市创卫办"]}
    yield {
        (role, width): office.clerk(users[role], width)
        for role in SEEN_BY
        for width in (WIDE, PHONE)
    }


def look(clerk: Clerk, name: str, path: str) -> list[str]:
    """What is wrong with a page on this screen."""
    clerk.complaints.clear()
    clerk.goes_to(path)
    clerk.page.wait_for_load_state("load")
    if SHOTS:
        shot = Path(SHOTS) / f"{name.replace(':', '-')}-{clerk.width}.png"
        clerk.page.screenshot(path=shot, full_page=clerk.width == PHONE)
    found = [f"axe {words}" for words in clerk.barriers()]
    found += [f"console {words}" for words in clerk.complaints]
    found += [f"wide {words}" for words in clerk.wider()]
    found += [f"english {word}" for word in clerk.english()]
    return [f"{name} at {clerk.width}: {words}" for words in found]


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("role", SEEN_BY)
def test_pages_are_free_of_barriers_and_errors(
    city: Played, clerks: dict[tuple[str, int], Clerk], role: str, width: int
) -> None:
    wrong = []
    for name in SEEN_BY[role]:
        wrong += look(clerks[role, width], f"{role}-{name}", HERE[name](city))
    for number, path in enumerate(MORE if role == "office" else ()):
        wrong += look(clerks[role, width], f"more-{number}", path)
    assert not wrong, "\n".join(wrong)


def test_the_doors_are_free_of_barriers_too(office: Office, city: Played) -> None:
    from weicheng.people import links

    wrong = []
    for width in (WIDE, PHONE):
        nobody = office.clerk(None, width)
        wrong += look(nobody, "login", "/login/")
        wrong += look(nobody, "link", links.link_for(city.user("office"), office.base))
    assert not wrong, "\n".join(wrong)


def test_a_page_that_is_not_there_says_so_without_barriers(
    clerks: dict[tuple[str, int], Clerk],
) -> None:
    clerk = clerks["office", PHONE]
    clerk.page.goto(f"{clerk.base}/problems/00000000-0000-7000-8000-000000000000/")
    assert clerk.barriers() == []
    assert clerk.wider() == []
    assert clerk.english() == set()
    clerk.complaints.clear()
