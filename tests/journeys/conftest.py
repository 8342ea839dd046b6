"""One web server a test process; one Chromium and a fresh city a module."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.browser import Office, opened
from tests.journeys.house import House
from weicheng.people.directory import LOOK_SECONDS  # the server's; the suite changes its own

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.district import District
    from tests.journeys.browser import Clerk
    from tests.played import Played
    from weicheng.people.models import User


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: its event loop must not outlive it, other tests run their own."""
    with opened() as browser:
        yield browser


@pytest.fixture(scope="session")
def house(
    test_database: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The web server as `weicheng serve` starts it, on the test database."""
    with django_db_blocker.unblock():
        house = House(tmp_path_factory.mktemp("house"), workers=2)
        house.prepare()
        house.open()
    yield house
    house.close()


@pytest.fixture(autouse=True)
def _evidence_of_the_house(house: House, settings: Any, _own_evidence: None) -> None:
    """What a test keeps, the server finds."""
    settings.EVIDENCE_ROOT = house.var / "evidence"


@pytest.fixture(scope="module")
def emptied(test_database: None, django_db_blocker: Any) -> Iterator[None]:
    """The database open for a whole module, and empty again after it."""
    from django.core.management import call_command
    from django.db import connection

    with django_db_blocker.unblock():
        yield
        assert connection.settings_dict["NAME"] == connection.settings_dict["TEST"]["NAME"]
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def city(emptied: None) -> District:
    """凤城市 with 凤凰区 and 临江区, seen by the server too."""
    from tests.district import make_district

    made = make_district()
    noticed()
    return made


@pytest.fixture(scope="module")
def lived(emptied: None, house: House) -> Played:
    """The city with matters in every state."""
    from django.test import override_settings

    from tests.played import play

    with override_settings(EVIDENCE_ROOT=house.var / "evidence"):
        made = play()
    noticed()
    return made


def noticed() -> None:
    """Wait until the server has noticed what this process changed of units and regions."""
    from weicheng.people import directory

    directory.changed()
    time.sleep(LOOK_SECONDS)


@pytest.fixture(scope="module")
def office(browser: Browser, house: House) -> Iterator[Office]:
    """Screens for a module's people."""
    office = Office(browser, house.base)
    yield office
    office.close()


@pytest.fixture(autouse=True)
def _goes_home(request: pytest.FixtureRequest) -> Iterator[None]:
    """Screens that a test opened are closed after it: a phone's camera is work for the machine."""
    office = request.getfixturevalue("office") if "office" in request.fixturenames else None
    before = list(office.contexts) if office is not None else []
    yield
    if office is not None:
        office.close(but=before)


@pytest.fixture(scope="module")
def inspector(city: District) -> User:
    """An inspector of a district with check sheets."""
    from tests.inspecting import with_sheets

    with_sheets(city)
    return city.users["检查员"]


@pytest.fixture
def clerk(office: Office, inspector: User) -> Iterator[Clerk]:
    """The inspector before the field program, on a phone of its own."""
    from tests.journeys import pocket

    clerk = pocket.opens(office, inspector)
    yield clerk
    clerk.page.context.close()
    office.contexts.remove(clerk.page.context)


@pytest.fixture
def page(clerk: Clerk) -> Page:
    """The field program."""
    return clerk.page
