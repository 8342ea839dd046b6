"""Puts rows into tables: makes what is new, changes what differs, leaves the rest alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
Values = dict[str, Any]
Edited = Mapping[str, set[str]]


@dataclass
class Tally:
    """How many rows were made, changed, left, and how many office edits were kept."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    kept: int = 0


def put(
    existing: models.QuerySet[M],
    key: str,
    rows: Iterable[Values],
    *,
    tally: Tally,
    shared: Values | None = None,
    edited: Edited | None = None,
) -> dict[str, M]:
    """Upsert rows by `key` among `existing`; fields the office edited keep the office's value.

    `shared` values go to new rows only (the parent). Gives all touched rows by key.
    """
    model = existing.model
    known = {str(getattr(row, key)): row for row in existing}
    fresh: list[M] = []
    altered: list[M] = []
    fields: set[str] = set()
    found: dict[str, M] = {}
    for values in rows:
        name = str(values[key])
        row = known.get(name)
        if row is None:
            row = model(**values, **(shared or {}))
            fresh.append(row)
        else:
            touched = _alter(row, values, (edited or {}).get(name, set()), tally)
            fields |= touched
            altered += [row] if touched else []
        found[name] = row
    model._default_manager.bulk_create(fresh)
    if altered:
        model._default_manager.bulk_update(altered, sorted(fields))
    label = model._meta.model_name or ""
    tally.created[label] += len(fresh)
    tally.changed[label] += len(altered)
    tally.unchanged[label] += len(found) - len(fresh) - len(altered)
    return found


def _alter(row: models.Model, values: Values, edited: set[str], tally: Tally) -> set[str]:
    """Set the fields that differ, except the edited ones; gives their names."""
    touched = set()
    for name, value in values.items():
        if _same(row, name, value):
            continue
        if name in edited:
            tally.kept += 1
            continue
        setattr(row, name, value)
        touched.add(name)
    return touched


def _same(row: models.Model, name: str, value: Any) -> bool:
    """Whether the field holds the value; a related row is compared by its key, unfetched."""
    if isinstance(value, models.Model):
        return bool(getattr(row, f"{name}_id") == value.pk)
    field = row._meta.get_field(name) if not name.endswith("_id") else None
    if value is None and isinstance(field, models.ForeignKey):
        return getattr(row, field.attname) is None
    return bool(getattr(row, name) == value)


def link(
    through: Any, left: str, right: str, wanted: set[tuple[Any, Any]], owners: set[Any]
) -> None:
    """Make the many-to-many pairs of these owners exactly the wanted ones."""
    rows = through.objects.filter(**{f"{left}__in": owners})
    have = {(getattr(row, left), getattr(row, right)): row.pk for row in rows}
    gone = [pk for pair, pk in have.items() if pair not in wanted]
    through.objects.filter(pk__in=gone).delete()
    through.objects.bulk_create(
        through(**{left: one, right: other}) for one, other in sorted(wanted - set(have), key=str)
    )
