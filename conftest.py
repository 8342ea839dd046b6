"""Fixtures of the whole suite: a small city, and a fresh directory of regions and units."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.district import District


def pytest_configure(config: pytest.Config) -> None:
    """Compile the texts once, before the workers of a parallel run begin."""
    if not hasattr(config, "workerinput"):
        from weicheng.server.catalogues import compile_changed

        compile_changed(Path(__file__).parent / "src" / "weicheng" / "locale")


#: Files of few tests that last long. Two workers share the suite file by file; what is long begins
#: first, so that neither waits for the other at the end.
LONG = ("tests/test_kill.py", "tests/journeys/", "cli/tests/test_serve.py", "notices/tests/test_p",
        "demo/tests/", "evidence/tests/test_s3", "problems/tests/test_walks")  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, the others as they were found."""
    items.sort(key=lambda item: not any(word in item.nodeid for word in LONG))


#: A browser, a server, a certificate or the age of a file takes part in these: they keep the
#: machine's clock. All others live on one day, so that none passes at noon and fails at midnight;
#: WEICHENG_TEST_CLOCK=2026-12-31T23:58 runs them on another one.
REAL_CLOCK = ("tests/journeys/", "tests/test_kill.py", "cli/tests/test_serve.py",
              "evidence/tests/test_crash.py", "evidence/tests/test_s3.py",
              "evidence/tests/test_store.py", "notices/tests/test_targets.py",
              "notices/tests/test_pushing.py", "server/tests/test_processes.py")  # fmt: skip
SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOCK = os.environ.get("WEICHENG_TEST_CLOCK", "2026-11-25T10:00")
BEGAN = datetime.fromisoformat(CLOCK).replace(tzinfo=SHANGHAI) - timedelta(seconds=monotonic())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A Wednesday morning for the tests and their fixtures; it goes on from test to test."""
    if any(word in item.nodeid for word in REAL_CLOCK):
        return (yield)
    with time_machine.travel(BEGAN + timedelta(seconds=monotonic())):
        return (yield)


@pytest.fixture(autouse=True)
def _fresh_directory() -> Iterator[None]:
    """Nothing remembered in the process outlives a test."""
    from weicheng.duties import book
    from weicheng.people import directory
    from weicheng.problems import catalogue, deadlines
    from weicheng.workdays import book as workdays

    for memory in (directory, catalogue, book, deadlines, workdays):
        memory.forget()
    directory.LOOK_SECONDS = 20.0  # one process: nobody else changes the tables meanwhile
    workdays.LOOK_SECONDS = 20.0
    yield
    for memory in (directory, catalogue, book, deadlines, workdays):
        memory.forget()


@pytest.fixture(autouse=True)
def _own_evidence(tmp_path: Any, settings: Any) -> None:
    """Photos of a test live in its own folder."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


def _alone() -> None:
    """End what a killed server left at the test database, so that it can be dropped."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's own, which drops the database; nobody else is at it by then."""
    yield
    with django_db_blocker.unblock():
        _alone()


@pytest.fixture(scope="session")
def test_database(
    django_db_setup: None,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_blocker: Any,
) -> Iterator[None]:
    """The test database for fixtures of whole modules, also in a run where no test is marked to
    use it: then pytest-django makes none, and the connection would be that of real data."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = None
    if connection.settings_dict["NAME"] != connection.settings_dict["TEST"]["NAME"]:
        with django_db_blocker.unblock():
            made = setup_databases(0, False, aliases={"default": {}}, keepdb=django_db_keepdb)
    assert connection.settings_dict["NAME"] == connection.settings_dict["TEST"]["NAME"]
    yield
    if made is not None and not django_db_keepdb:
        with django_db_blocker.unblock():
            _alone()
            teardown_databases(made, 0)


@pytest.fixture
def district(db: None) -> District:
    """凤城市 with 凤凰区 and 临江区."""
    from tests.district import make_district

    return make_district()
