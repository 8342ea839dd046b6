"""An evidence folder of its own for each test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from weicheng.evidence import pool


@pytest.fixture(autouse=True)
def evidence_root(settings: Any, tmp_path: Path) -> Path:
    """The folder that this test's evidence lies in."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.STORAGES = {key: each for key, each in settings.STORAGES.items() if key != "evidence"}
    return tmp_path / "evidence"


@pytest.fixture(autouse=True, scope="session")
def _decoders_end() -> Any:
    yield
    pool.current().end()
