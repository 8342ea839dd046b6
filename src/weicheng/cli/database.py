"""Gives a command the installation's database: the running one, or one started for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from weicheng.cli import stages
from weicheng.server import roles
from weicheng.server.layout import Layout
from weicheng.server.lock import StarterLock
from weicheng.server.postgres import Postgres, running_address


@contextmanager
def opened(*, role: str = roles.APP) -> Iterator[None]:
    """Sets DATABASE_URL for this process while the block runs."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    layout = Layout.of_environment()
    if address := running_address(layout, role):
        os.environ["DATABASE_URL"] = address
        yield
        return
    with StarterLock(layout):
        database = Postgres(layout)
        database.start()
        try:
            stages.run("tables", stages.environment(layout, database))
            os.environ["DATABASE_URL"] = database.address(role)
            yield
        finally:
            database.stop()
