"""Edits of the office: the row is changed and a numbered revision keeps what was there before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.journal import once

from .models import Item, ProblemKind, Revision, Standard
from .permissions import refusal
from .refusals import Refused

ITEM_FIELDS = (
    "name_zh",
    "name_en",
    "demand_zh",
    "demand_en",
    "whose",
    "onsite_milli",
    "points_certainty",
    "certainty",
    "source_zh",
    "note_zh",
    "usual_lead_zh",
)
KIND_FIELDS = (
    "name_zh",
    "name_en",
    "group_zh",
    "group_en",
    "tag",
    "severity",
    "unit",
    "haste",
    "due_hours",
    "due_days",
    "direct",
    "duplicate_radius_m",
    "bureau_words",
    "search_words",
    "verification",
    "proof",
    "obligations",
    "active",
)
Changes = Mapping[str, Any]
Diff = dict[str, list[Any]]


def revise_item(
    *,
    by: AbstractBaseUser,
    standard: Standard,
    item_key: str,
    changes: Changes,
    op_id: UUID,
    seen: int | None = None,
    now: datetime | None = None,
) -> Revision:
    """Change fields of an item; the standard gets its next version number.

    `seen` is the version the editor had open; points are thousandths (onsite_milli).
    Raises Refused, Item.DoesNotExist or journal.once.ForeignOperation.
    """
    body = {"standard": standard.pk, "item": item_key, "changes": dict(changes)}
    with transaction.atomic():
        if not _begin(by, "revise_item", body, op_id, now):
            return Revision.objects.get(operation_id=op_id)
        held = Standard.objects.select_for_update().get(pk=standard.pk)
        item = Item.objects.get(standard=held, key=item_key)
        later = Revision.objects.filter(standard=held, item_key=item_key, number__gt=seen or 0)
        if seen is not None and later.exists():
            raise Refused("changed_meanwhile")
        diff = _apply(item, changes, ITEM_FIELDS)
        held.version += 1
        held.save(update_fields=["version"])
        return Revision.objects.create(
            standard=held,
            item_key=item_key,
            number=held.version,
            changes=diff,
            operation_id=op_id,
            at=now or timezone.now(),
        )


def revise_kind(
    *,
    by: AbstractBaseUser,
    kind_key: str,
    changes: Changes,
    op_id: UUID,
    seen: int | None = None,
    now: datetime | None = None,
) -> Revision:
    """Change fields of a problem kind; the kind gets its next version number.

    `seen` is the version the editor had open. Raises as `revise_item` does.
    """
    body = {"kind": kind_key, "changes": dict(changes)}
    with transaction.atomic():
        if not _begin(by, "revise_kind", body, op_id, now):
            return Revision.objects.get(operation_id=op_id)
        kind = ProblemKind.objects.select_for_update().get(pk=kind_key)
        if seen is not None and kind.version > seen:
            raise Refused("changed_meanwhile")
        diff = _apply(kind, changes, KIND_FIELDS)
        kind.version += 1
        kind.save(update_fields=["version"])
        return Revision.objects.create(
            kind=kind,
            number=kind.version,
            changes=diff,
            operation_id=op_id,
            at=now or timezone.now(),
        )


def _begin(
    by: AbstractBaseUser, act: str, body: dict[str, Any], op_id: UUID, now: datetime | None
) -> bool:
    """Claim the operation; False when the same edit was done before. Raises Refused."""
    if code := refusal(by):
        raise Refused(code)
    return once.claim(Refused, by=by, act=act, body=body, op_id=op_id, now=now)


def _apply(row: models.Model, changes: Changes, allowed: tuple[str, ...]) -> Diff:
    """Set and save what differs; gives {field: [before, after]}. Raises Refused."""
    diff: Diff = {}
    for name, value in changes.items():
        if name not in allowed:
            raise Refused("not_editable", field=name)
        field: Any = row._meta.get_field(name)
        try:
            clean = field.clean(value, row)
        except ValidationError as wrong:
            raise Refused("bad_value", field=name, why=_together(wrong)) from wrong
        before = getattr(row, name)
        if before != clean:
            diff[name] = [_plain(before), _plain(clean)]
            setattr(row, name, clean)
    if not diff:
        raise Refused("no_change")
    try:
        row.validate_constraints()
    except ValidationError as wrong:
        raise Refused("bad_value", field=gettext("、").join(diff), why=_together(wrong)) from wrong
    row.save(update_fields=list(diff))
    return diff


def _together(wrong: ValidationError) -> str:
    return gettext("；").join(wrong.messages)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
