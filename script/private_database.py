"""Runs a command with a PostgreSQL of its own that is thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from weicheng.server import roles
from weicheng.server.layout import Layout
from weicheng.server.postgres import Postgres
from weicheng.server.processes import Stopped, ending_on_signals

ON_DISK = "/var/tmp"  # noqa: S108 - /tmp may lie in memory, where writing costs nothing


def run(command: list[str], *, durable: bool) -> int:
    """The command's exit code. `durable` writes to the disk as the product does."""
    folder = Path(tempfile.mkdtemp(prefix="weicheng-private-", dir=ON_DISK if durable else None))
    folder.chmod(0o755)  # the database may run under another account
    layout = Layout(folder)
    database = Postgres(layout, durable=durable)
    try:
        with ending_on_signals():
            database.start()
            made = {
                **os.environ,
                "WEICHENG_VAR": str(folder),
                "DATABASE_URL": database.address(roles.ADMIN),
            }
            return subprocess.run(command, env=made, check=False).returncode
    except Stopped:
        return 130
    finally:
        database.stop()
        if home := layout.note("database-home"):
            shutil.rmtree(Path(home["folder"]).parent, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    at = sys.argv.index("--")
    sys.exit(run(sys.argv[at + 1 :], durable="--durable" in sys.argv[:at]))
