"""The embedded database starts anywhere, lets nobody in without a word, and survives kill -9."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from weicheng.server import orphans, roles
from weicheng.server.layout import Layout
from weicheng.server.postgres import Postgres, running_address
from weicheng.server.refusals import CannotRun


@pytest.fixture(scope="module")
def hurt(new_layout: Callable[[], Layout]) -> Layout:
    """An installation with one committed row, for tests that kill its database."""
    layout = new_layout()
    database = Postgres(layout, durable=False)
    database.start()
    with psycopg.connect(database.address(roles.OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 0 AS number")
    database.stop()
    return layout


@pytest.fixture
def crashed(hurt: Layout) -> Iterator[tuple[Layout, Postgres]]:
    """Its database, running as in the product, with the number 7 just committed."""
    database = Postgres(hurt)
    database.start()
    with psycopg.connect(database.address(roles.OWNER)) as connection:
        connection.execute("UPDATE kept SET number = 7")
    yield hurt, database
    orphans.end_database(database.data)
    database.stop()
    again = Postgres(hurt)
    again.start()
    with psycopg.connect(again.address(roles.OWNER)) as connection:
        connection.execute("UPDATE kept SET number = 0")
    again.stop()


def kept(database: Postgres) -> object:
    with psycopg.connect(database.address(roles.OWNER)) as connection:
        row = connection.execute("SELECT number FROM kept").fetchone()
    return row and row[0]


def test_a_killed_postmaster_starts_again_and_has_lost_nothing(
    crashed: tuple[Layout, Postgres],
) -> None:
    layout, database = crashed
    assert database.pid
    os.kill(database.pid, signal.SIGKILL)
    again = Postgres(layout)
    again.start()
    assert kept(again) == 7
    again.stop()


def test_a_postmaster_that_died_by_itself_comes_back_at_the_same_address(
    crashed: tuple[Layout, Postgres],
) -> None:
    _, database = crashed
    before, pid = database.address(roles.APP), database.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    database.recover()
    assert database.address(roles.APP) == before
    assert database.pid != pid
    assert kept(database) == 7


def test_a_database_left_by_a_killed_starter_is_ended_before_a_new_one_begins(
    crashed: tuple[Layout, Postgres],
) -> None:
    layout, left = crashed
    again = Postgres(layout)
    again.start()
    assert not left.alive()
    assert kept(again) == 7
    again.stop()


def test_a_reused_process_id_in_the_database_folder_does_not_stop_a_start(
    crashed: tuple[Layout, Postgres],
) -> None:
    layout, database = crashed
    database.stop()
    (database.data / "postmaster.pid").write_text(f"{os.getpid()}\n{database.data}\n")
    again = Postgres(layout)
    again.start()
    assert kept(again) == 7
    again.stop()


def test_a_first_start_broken_off_halfway_is_made_anew(new_layout: Callable[[], Layout]) -> None:
    layout = new_layout()
    (layout.var / "database.new").mkdir()
    (layout.var / "database.new" / "PG_VERSION").write_text("1")
    database = Postgres(layout, durable=False)
    database.start()
    assert database.alive()
    database.stop()


def test_data_of_another_major_version_is_refused_with_a_sentence(
    new_layout: Callable[[], Layout],
) -> None:
    layout = new_layout()
    database = Postgres(layout, durable=False)
    database.data.mkdir()
    (database.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotRun, match=r"PostgreSQL 17.*不能直接打开"):
        database.start()
    assert (database.data / "PG_VERSION").read_text() == "17\n"


def test_nobody_enters_without_the_password(database: Postgres) -> None:
    address = urlsplit(database.address(roles.ADMIN))
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://{roles.ADMIN}@/postgres?{address.query}", passfile="none")


def test_the_database_listens_only_on_a_private_socket(database: Postgres) -> None:
    with psycopg.connect(database.address(roles.ADMIN)) as connection:
        row = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('data_checksums'),"
            " current_setting('unix_socket_directories')"
        ).fetchone()
    assert row is not None
    assert row[:2] == ("", "on")
    assert Path(row[2]).stat().st_mode & 0o077 == 0


def test_the_product_writes_durably() -> None:
    from weicheng.server import postgres

    assert not any("fsync" in setting for setting in postgres.SETTINGS)


def test_passwords_are_readable_by_their_owner_only(database: Postgres) -> None:
    secret = database.data.parent / "secrets" / "database.json"
    assert secret.stat().st_mode & 0o077 == 0


def test_a_running_database_is_found_by_other_commands_and_a_stopped_one_is_not(
    new_layout: Callable[[], Layout],
) -> None:
    layout = new_layout()
    assert running_address(layout, roles.APP) is None
    database = Postgres(layout, durable=False)
    database.start()
    assert running_address(layout, roles.APP) == database.address(roles.APP)
    database.stop()
    assert running_address(layout, roles.APP) is None


@pytest.fixture
def events(database: Postgres) -> Iterator[Postgres]:
    """The owner's tables with the app's rights granted."""
    with psycopg.connect(database.address(roles.OWNER)) as connection:
        connection.execute("CREATE TABLE problems_event (id int)")
        connection.execute("CREATE TABLE problems_problem (id int)")
        roles.grant(connection, roles.APP)
    yield database
    with psycopg.connect(database.address(roles.OWNER)) as connection:
        connection.execute("DROP TABLE problems_event, problems_problem")


def test_the_app_adds_events(events: Postgres) -> None:
    with psycopg.connect(events.address(roles.APP)) as connection:
        connection.execute("INSERT INTO problems_event VALUES (1)")
        assert connection.execute("SELECT id FROM problems_event").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE problems_event SET id = 2",
        "DELETE FROM problems_event",
        "TRUNCATE problems_event",
        "DROP TABLE problems_event",
        "CREATE TABLE mine (id int)",
    ],
)
def test_the_app_can_neither_change_an_event_nor_the_tables(
    events: Postgres, statement: str
) -> None:
    with (
        psycopg.connect(events.address(roles.APP)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_the_app_changes_other_rows(events: Postgres) -> None:
    with psycopg.connect(events.address(roles.APP)) as connection:
        connection.execute("INSERT INTO problems_problem VALUES (1)")
        done = connection.execute("UPDATE problems_problem SET id = 2")
    assert done.rowcount == 1
