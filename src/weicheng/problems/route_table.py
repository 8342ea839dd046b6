"""Changing the table that says who is proposed: a row saved, moved, switched off or on.

Who may: a row that names a region, by the office of that region; a row for everywhere, by those to
whom the campaign belongs. Every change is an operation of its own; what was proposed before stays.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from weicheng.journal import once
from weicheng.people.directory import directory
from weicheng.places.models import Campaign
from weicheng.places.permissions import may_edit_campaign, may_edit_in
from weicheng.problems import routing
from weicheng.problems.models import RouteRule

STEP = 10
TESTS = (
    "kind_id", "group_zh", "item_key", "severity", "source", "site_type_key", "site_tag",
    "region_id",
)  # fmt: skip


def visible_to(user: Any) -> list[RouteRule]:
    """All rows in their order, without those of districts that this user does not see."""
    roots, book = user.region_roots(), directory()
    rows = RouteRule.objects.select_related("kind", "region", "lead_unit").order_by("order", "id")
    return [
        row for row in rows
        if row.region_id is None or roots is None or set(roots) & set(book.ancestors(row.region_id))
    ]  # fmt: skip


def may_edit_everywhere(user: Any) -> bool:
    """Whether this user may change rows that hold in the whole campaign."""
    campaign = Campaign.objects.select_related("applicant").first()
    return campaign is not None and user.role == "office" and may_edit_campaign(user, campaign)


def may_edit(user: Any, rule: RouteRule) -> bool:
    """Whether this user may change a row."""
    if rule.region is None:
        return may_edit_everywhere(user)
    return may_edit_in(user, rule.region)


@transaction.atomic
def save(*, by: Any, op_id: UUID, rule: RouteRule | None, values: dict[str, Any]) -> RouteRule:
    """Add or change a row; a new one stands before the first that fits everything."""
    row = rule or RouteRule(order=0, version=0)
    if rule is not None and not may_edit(by, rule):
        raise PermissionDenied
    if "name" in values and values["name"] != row.name:
        row.name_en = ""  # it was the English of the old name
    for name, value in values.items():
        setattr(row, name, value)
    if not may_edit(by, row):
        raise PermissionDenied
    if not _fresh(by, op_id, "save", {"rule": rule.pk if rule else None, "values": values}):
        return rule or RouteRule.objects.get(pk=op_id)
    row.version += 1
    if rule is None:
        row.id, row.order = op_id, 0  # the same request again finds the row it made
        rows = list(RouteRule.objects.order_by("order", "id"))
        place = next((n for n, one in enumerate(rows) if fits_all(one)), len(rows))
        row.save(force_insert=True)
        _number([*rows[:place], row, *rows[place:]])
    else:
        row.save()
    routing.changed()
    return row


@transaction.atomic
def move(*, by: Any, op_id: UUID, rule: RouteRule, up: bool) -> None:
    """One place up or down among the rows that this user sees."""
    if not may_edit(by, rule):
        raise PermissionDenied
    if not _fresh(by, op_id, "move", {"rule": rule.pk, "up": up}):
        return
    rows = list(RouteRule.objects.select_for_update().order_by("order", "id"))
    seen = [row.pk for row in visible_to(by)]
    here = seen.index(rule.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(seen):
        return
    moved = next(row for row in rows if row.pk == rule.pk)
    rows.remove(moved)
    beside = next(n for n, row in enumerate(rows) if row.pk == seen[there])
    rows.insert(beside if up else beside + 1, moved)
    _number(rows)
    routing.changed()


@transaction.atomic
def switch(*, by: Any, op_id: UUID, rule: RouteRule, on: bool) -> None:
    """Switch a row off, or on again."""
    if not may_edit(by, rule):
        raise PermissionDenied
    if not _fresh(by, op_id, "switch", {"rule": rule.pk, "on": on}):
        return
    RouteRule.objects.filter(pk=rule.pk).update(active=on, version=rule.version + 1)
    routing.changed()


def fits_all(rule: RouteRule) -> bool:
    """Whether a row has no test at all, so that no row after it is ever asked."""
    return rule.active and not any(getattr(rule, name) for name in TESTS)


def _number(rows: list[RouteRule]) -> None:
    for n, row in enumerate(rows, start=1):
        row.order = n * STEP
    RouteRule.objects.bulk_update(rows, ["order"])


def _fresh(by: Any, op_id: UUID, act: str, body: dict[str, Any]) -> bool:
    now = timezone.now()
    return once.begin(
        op_id=op_id, actor=by.pk, act=f"route_{act}", body=body, behalf_person=None,
        behalf_unit=None, channel="", occurred_at=now, recorded_at=now,
        device_offset_seconds=None,
    )  # fmt: skip
