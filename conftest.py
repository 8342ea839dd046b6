"""Fixtures of the whole suite: a small city, and a fresh directory of regions and units."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.district import District


def pytest_configure(config: pytest.Config) -> None:
    """Compile the texts once, before the workers of a parallel run begin."""
    if not hasattr(config, "workerinput"):
        from weicheng.server.catalogues import compile_changed

        compile_changed(Path(__file__).parent / "src" / "weicheng" / "locale")


@pytest.fixture(autouse=True)
def _fresh_directory() -> Iterator[None]:
    """Nothing remembered in the process outlives a test."""
    from weicheng.people import directory
    from weicheng.problems import catalogue

    for memory in (directory, catalogue):
        memory.forget()
    yield
    for memory in (directory, catalogue):
        memory.forget()


@pytest.fixture(autouse=True)
def _own_evidence(tmp_path: Any, settings: Any) -> None:
    """Photos of a test live in its own folder."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def district(db: None) -> District:
    """凤城市 with 凤凰区 and 临江区."""
    from tests.district import make_district

    return make_district()
