"""Changing the table of time limits: a row added, changed, moved, switched off or on.

Who may, as for the table of who is proposed: a row of a region by that region's office, a row for
everywhere by those to whom the campaign belongs. What is under way keeps its clock.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from weicheng.journal import once
from weicheng.people.directory import directory
from weicheng.places.permissions import may_edit_in
from weicheng.problems import deadlines
from weicheng.problems.models import DueRule
from weicheng.problems.route_table import may_edit_everywhere

STEP = 10
TESTS = ("kind_id", "condition", "severity", "haste", "region_id")


class Changed(Exception):
    """Somebody else changed the row after it was opened."""


def visible_to(user: Any) -> list[DueRule]:
    """All rows in their order, without those of districts that this user does not see."""
    roots, book = user.region_roots(), directory()
    rows = DueRule.objects.select_related("kind", "region").order_by("order", "id")
    return [
        row for row in rows
        if row.region_id is None or roots is None or set(roots) & set(book.ancestors(row.region_id))
    ]  # fmt: skip


def may_edit(user: Any, row: DueRule) -> bool:
    """Whether this user may change a row."""
    if row.region is None:
        return may_edit_everywhere(user)
    return user.role == "office" and may_edit_in(user, row.region)


@transaction.atomic
def save(
    *, by: Any, op_id: UUID, row: DueRule | None, values: dict[str, Any], seen: int = 0
) -> DueRule:
    """Add or change a row; a new one stands before the first that has fewer tests."""
    if row is not None and not may_edit(by, row):
        raise PermissionDenied
    changed = DueRule.objects.select_for_update(of=("self",)).get(pk=row.pk) if row else DueRule()
    was = changed.version
    for name, value in values.items():
        setattr(changed, name, value)
    if not may_edit(by, changed):
        raise PermissionDenied
    if not _fresh(by, op_id, "save", {"row": row.pk if row else None, "values": values}):
        return row or DueRule.objects.get(pk=op_id)
    if row is not None:
        if was > seen:
            raise Changed
        changed.version = was + 1
        changed.save()
    else:
        _insert(changed, op_id)
    deadlines.changed()
    return changed


def _insert(row: DueRule, key: UUID) -> None:
    """The same request again finds the row it made, hence its key."""
    row.id, row.order = key, 0
    rows = list(DueRule.objects.select_for_update().order_by("order", "id"))
    mine = tests_of(row)
    place = next((n for n, one in enumerate(rows) if tests_of(one) < mine), len(rows))
    row.save(force_insert=True)
    _number([*rows[:place], row, *rows[place:]])


def tests_of(row: DueRule) -> int:
    """How many tests a row has; a kind counts most, since it is the closest."""
    given = sum(bool(getattr(row, name)) for name in TESTS)
    return given + (len(TESTS) if row.kind_id else 0)


@transaction.atomic
def move(*, by: Any, op_id: UUID, row: DueRule, up: bool) -> None:
    """One place up or down among the rows that this user sees."""
    if not may_edit(by, row):
        raise PermissionDenied
    if not _fresh(by, op_id, "move", {"row": row.pk, "up": up}):
        return
    rows = list(DueRule.objects.select_for_update().order_by("order", "id"))
    seen = [one.pk for one in visible_to(by)]
    there = seen.index(row.pk) + (-1 if up else 1)
    if not 0 <= there < len(seen):
        return
    moved = next(one for one in rows if one.pk == row.pk)
    rows.remove(moved)
    beside = next(n for n, one in enumerate(rows) if one.pk == seen[there])
    rows.insert(beside if up else beside + 1, moved)
    _number(rows)
    deadlines.changed()


@transaction.atomic
def switch(*, by: Any, op_id: UUID, row: DueRule, on: bool) -> None:
    """Switch a row off, or on again."""
    if not may_edit(by, row):
        raise PermissionDenied
    if not _fresh(by, op_id, "switch", {"row": row.pk, "on": on}):
        return
    DueRule.objects.filter(pk=row.pk).update(active=on, version=row.version + 1)
    deadlines.changed()


def same_tests(row_values: dict[str, Any], but: UUID | None) -> DueRule | None:
    """Another row that is switched on and asks for exactly the same."""
    asked = {name: row_values.get(name) for name in ("kind_id", "condition", "severity", "haste")}
    region = row_values.get("region")
    rows = DueRule.objects.filter(**asked, region=region, active=True)
    return rows.exclude(pk=but).first() if but else rows.first()


def unreached(rows: list[DueRule]) -> dict[UUID, DueRule]:
    """Rows that are never asked, and the earlier row that always answers first."""
    book, found = directory(), dict[UUID, DueRule]()
    active = [row for row in rows if row.active]
    for n, row in enumerate(active):
        above = set(book.ancestors(row.region_id)) if row.region_id else set[UUID]()
        wider = next((one for one in active[:n] if _covers(one, row, above)), None)
        if wider is not None:
            found[row.pk] = wider
    return found


def _covers(wide: DueRule, row: DueRule, above: set[UUID]) -> bool:
    names = ("kind_id", "condition", "severity", "haste")
    plain = all(not getattr(wide, n) or getattr(wide, n) == getattr(row, n) for n in names)
    return plain and (wide.region_id is None or wide.region_id in above)


def _number(rows: list[DueRule]) -> None:
    for n, row in enumerate(rows, start=1):
        row.order = n * STEP
    DueRule.objects.bulk_update(rows, ["order"])


def _fresh(by: Any, op_id: UUID, act: str, body: dict[str, Any]) -> bool:
    now = timezone.now()
    return once.begin(
        op_id=op_id, actor=by.pk, act=f"limit_{act}", body=body, behalf_person=None,
        behalf_unit=None, channel="", occurred_at=now, recorded_at=now,
        device_offset_seconds=None,
    )  # fmt: skip
