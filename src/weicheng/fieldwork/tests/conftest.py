"""A district with sheets, and the phone of its inspector."""

from __future__ import annotations

import pytest
from tests.district import District
from tests.inspecting import with_sheets

from weicheng.fieldwork.tests.phone import Phone


@pytest.fixture
def d(district: District) -> District:
    """The district of the tests, with check sheets."""
    with_sheets(district)
    return district


@pytest.fixture
def phone(d: District) -> Phone:
    """The inspector's phone."""
    return Phone(d.users["检查员"])
