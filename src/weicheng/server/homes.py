"""Where the cluster's folder is: under var/, or outside when its account cannot enter."""

from __future__ import annotations

import secrets
from pathlib import Path

from weicheng.server.account import Account
from weicheng.server.layout import Layout
from weicheng.server.refusals import CannotRun

OUTSIDE = Path("/var/lib/weicheng")


def shared() -> Path:
    """A folder of root's that every account can walk through. Only root may ask."""
    return OUTSIDE


def database(layout: Layout, account: Account | None) -> Path:
    """The cluster's folder. A clone under /root is closed to the borrowed account: then a folder of
    its own under /var/lib/weicheng, remembered in var/database-home.json."""
    inside = layout.var / "database"
    noted = layout.note("database-home")
    if noted:
        return Path(noted["folder"])
    if account is None or inside.exists() or account.reaches(layout.var):
        return inside
    folder = OUTSIDE / secrets.token_hex(6)
    try:
        OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder.mkdir(mode=0o755)
    except OSError as error:
        raise CannotRun(_closed(layout, account, str(error))) from error
    if not account.reaches(folder):
        raise CannotRun(_closed(layout, account, str(folder)))
    layout.keep_note("database-home", {"folder": str(folder / "database")})
    return folder / "database"


def _closed(layout: Layout, account: Account, detail: str) -> str:
    return (
        f"以 root 启动时数据库由账号 {account.name} 运行，但它进不了 {layout.var}（{detail}）。"
        f"请用 WEICHENG_VAR 指定一个它能进入的目录，或换普通用户启动。"
    )
