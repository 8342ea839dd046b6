"""Installations of a moment, in a path with a space and Chinese characters."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from weicheng.server.layout import Layout
from weicheng.server.postgres import Postgres


@pytest.fixture(scope="module")
def new_layout() -> Iterator[Callable[[], Layout]]:
    """Makes layouts; what they leave is cleared away at the end."""
    made: list[Layout] = []

    def make() -> Layout:
        # Not pytest's own folder: that one is closed to the account the database runs under.
        top = Path(tempfile.mkdtemp(prefix="weicheng-test-"))
        top.chmod(0o755)
        layout = Layout(top / "数据 一")
        layout.make()
        made.append(layout)
        return layout

    yield make
    for layout in made:
        shutil.rmtree(layout.var.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def database(new_layout: Callable[[], Layout]) -> Iterator[Postgres]:
    """A running database for tests that do not hurt it."""
    running = Postgres(new_layout(), durable=False)
    running.start()
    yield running
    running.stop()
