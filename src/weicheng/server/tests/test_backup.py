"""A backup holds everything, is checked before use, and never lands on somebody's work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from weicheng.server import backup, restoring, roles
from weicheng.server.layout import Layout
from weicheng.server.postgres import Postgres
from weicheng.server.refusals import CannotRun

PHOTO = b"a photo"
NAME = f"original/{hashlib.sha256(PHOTO).hexdigest()[:2]}/{hashlib.sha256(PHOTO).hexdigest()}"
NIGHT = datetime(2026, 3, 2, 2, 30, tzinfo=backup.LOCAL)


@pytest.fixture(scope="module")
def address(database: Postgres) -> str:
    """A database with one problem in it, owned as in the product."""
    with psycopg.connect(database.address(roles.OWNER)) as connection:
        connection.execute("CREATE TABLE problems_problem AS SELECT '张家沟' AS place")
    return database.address(roles.OWNER)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An installation's folder with one photo, one unfinished upload and a key."""
    layout = Layout(tmp_path / "var 一")
    layout.make()
    for name, data in ((NAME, PHOTO), ("incoming/x", b"half")):
        (layout.evidence / name).parent.mkdir(parents=True)
        (layout.evidence / name).write_bytes(data)
    (layout.var / "secret.key").write_text("a key")
    return layout


@pytest.fixture
def empty(database: Postgres, tmp_path: Path) -> Iterator[tuple[str, Layout]]:
    """Another database of the same cluster, and another folder."""
    admin = database.address(roles.ADMIN, "postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE another OWNER {roles.OWNER}")
        target = Layout(tmp_path / "other")
        target.make()
        yield database.address(roles.OWNER, "another"), target
        connection.execute("DROP DATABASE another")


def place_in(address: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT place FROM problems_problem").fetchone()
    return row and row[0]


@pytest.mark.parametrize("target", ["folder", "one.tar"])
def test_what_was_backed_up_comes_back(
    target: str, address: str, layout: Layout, empty: tuple[str, Layout], tmp_path: Path
) -> None:
    made = backup.take(address, layout, tmp_path / target)
    with restoring.opened(made) as folder:
        restoring.put(folder, *empty)
    assert place_in(empty[0]) == "张家沟"
    assert (empty[1].evidence / NAME).read_bytes() == PHOTO
    assert not (empty[1].evidence / "incoming").exists()
    assert (empty[1].var / "secret.key").read_text() == "a key"


def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    address: str, layout: Layout, empty: tuple[str, Layout], tmp_path: Path
) -> None:
    made = backup.take(address, layout, tmp_path / "folder")
    (made / "evidence" / NAME).unlink()
    (made / "evidence" / NAME).write_bytes(b"another")
    with pytest.raises(CannotRun, match="备份已损坏，有 1 个文件"):
        restoring.put(made, *empty)
    assert not (empty[1].evidence / NAME).exists()


def test_a_backup_is_never_put_over_somebodys_work(
    address: str, layout: Layout, tmp_path: Path
) -> None:
    made = backup.take(address, layout, tmp_path / "folder")
    with pytest.raises(CannotRun, match="这里已有数据"):
        restoring.put(made, address, layout)


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="不是一份完整的卫城备份"):
        restoring.check(tmp_path)


def test_a_backup_is_readable_by_its_owner_only(
    address: str, layout: Layout, tmp_path: Path
) -> None:
    folder = backup.take(address, layout, tmp_path / "folder")
    packed = backup.take(address, layout, tmp_path / "one.tar")
    assert [path.stat().st_mode & 0o077 for path in (folder, packed)] == [0, 0]


def test_a_second_backup_takes_no_second_copy_of_a_photo(
    address: str, layout: Layout, tmp_path: Path
) -> None:
    first = backup.take(address, layout, tmp_path / "folder")
    first = first.rename(first.with_name("weicheng-20260101-023000"))
    second = backup.take(address, layout, tmp_path / "folder")
    assert (first / "evidence" / NAME).samefile(second / "evidence" / NAME)
    assert restoring.check(second)["files"][f"evidence/{NAME}"]["size"] == len(PHOTO)


def test_the_nightly_backup_keeps_a_fortnight(
    address: str, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    for day in range(1, 17):
        (layout.backups / f"weicheng-202601{day:02}-023000").mkdir(parents=True)
        (layout.backups / f"weicheng-202601{day:02}-023000" / backup.MANIFEST).write_text(
            '{"format": 1, "files": {}}'
        )
    made = backup.nightly(layout)
    kept = sorted(path.name for path in layout.backups.iterdir())
    assert made and made.name == kept[-1]
    assert (len(kept), kept[0]) == (backup.KEPT, "weicheng-20260104-023000")


@pytest.mark.parametrize(
    ("hours", "hour", "due"),
    [(24, 2, True), (10, 2, False), (24, 9, False), (27, 9, True)],
)
def test_a_backup_is_due_at_night_or_when_a_night_was_missed(
    layout: Layout, hours: int, hour: int, due: bool
) -> None:
    now = NIGHT.replace(hour=hour)
    taken = now - timedelta(hours=hours)
    (layout.backups / f"weicheng-{taken:%Y%m%d-%H%M%S}").mkdir(parents=True)
    assert backup.is_due(layout, now) is due


def test_the_first_backup_is_due_at_once(layout: Layout) -> None:
    assert backup.is_due(layout, NIGHT)
