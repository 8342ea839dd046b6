"""What one process changes, the others notice at their next look."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.district import District

from weicheng.people import directory
from weicheng.people.models import Unit

pytestmark = pytest.mark.django_db


def made_elsewhere(district: District) -> Unit:
    """A unit made by another process: this one's memory is not told."""
    row = Unit.objects.create(name="水务局", kind="bureau", region=district.regions["凤凰区"])
    with connection.cursor() as cursor:
        cursor.execute(directory._BUMP)
    return row


def test_a_unit_made_by_another_process_is_found(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "LOOK_SECONDS", 0.0)
    assert directory.directory().named(["水务局"], district.regions["红叶镇"].id) is None
    row = made_elsewhere(district)
    assert directory.directory().named(["水务局"], district.regions["红叶镇"].id) == row


def test_an_unchanged_directory_is_not_read_again(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "LOOK_SECONDS", 0.0)
    first = directory.directory()
    assert directory.directory() is first
    directory.changed()
    assert directory.directory() is not first
