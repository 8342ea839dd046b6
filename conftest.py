"""Fixtures of the whole suite: a small city, and a fresh directory of regions and units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.district import District


@pytest.fixture(autouse=True)
def _fresh_directory() -> Iterator[None]:
    """Nothing remembered in the process outlives a test."""
    from weicheng.people.directory import forget

    forget()
    yield
    forget()


@pytest.fixture(autouse=True)
def _own_evidence(tmp_path: Any, settings: Any) -> None:
    """Photos of a test live in its own folder."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def district(db: None) -> District:
    """凤城市 with 凤凰区 and 临江区."""
    from tests.district import make_district

    return make_district()
