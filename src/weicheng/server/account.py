"""Which account the database runs under: PostgreSQL refuses root, so root borrows another."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weicheng.server.refusals import CannotRun

BORROWED = ("postgres", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """An existing account without privileges."""

    name: str
    uid: int
    gid: int

    def spawning(self) -> dict[str, Any]:
        """What subprocess needs to run a child as this account and with no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether the account can walk to the path and read it, tried as that account."""
        tried = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)],
            cwd="/",
            check=False,
            **self.spawning(),
        )
        return tried.returncode == 0

    def give(self, path: Path, mode: int) -> None:
        """Makes the path this account's own."""
        os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def unprivileged() -> Account | None:
    """The account to borrow, or None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    for name in BORROWED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise CannotRun(
        "数据库不能以 root 身份运行，而这台机器上没有 postgres、nobody 或 daemon 账号。"
        "请换一个普通用户启动，或设置 DATABASE_URL。"
    )
