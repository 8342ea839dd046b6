"""The writes of one act in one journey to the database: waiting costs more than writing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any

from django.db import connection, models

_AUTO = (models.AutoField, models.BigAutoField)


class Together:
    """Collects statements and sends them at once, in order, inside the caller's transaction.

    Parameters are bound by the driver on this side, which is what lets one message carry several.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._values: list[Any] = []

    def add(self, sql: str, values: Sequence[Any] = ()) -> None:
        """One statement with %s marks."""
        self._texts.append(sql)
        self._values += values

    def insert(self, rows: Sequence[models.Model]) -> None:
        """Unsaved rows of one model; an auto-numbered key is left to the database."""
        if not rows:
            return
        opening, marks, names, jsons = _inserting(type(rows[0]))
        self._texts.append(opening + ", ".join([marks] * len(rows)))
        for row in rows:
            held = row.__dict__
            self._values += [_plain(held.get(name), name in jsons) for name in names]

    def update(self, row: models.Model, was: Mapping[str, Any]) -> None:
        """The columns of a row that differ from what was read; needs the row's lock."""
        held, sets = row.__dict__, []
        _, _, names, jsons = _inserting(type(row))
        for name in names:
            if name in held and (name not in was or held[name] != was[name]):
                sets.append(f'"{_column(type(row), name)}" = %s')
                self._values.append(_plain(held[name], name in jsons))
        if sets:
            table = row._meta.db_table
            self._texts.append(f'UPDATE "{table}" SET {", ".join(sets)} WHERE id = %s')  # noqa: S608
            self._values.append(row.pk)

    def send(self) -> None:
        """Let the database do it all."""
        if not self._texts:
            return
        with connection.cursor() as cursor:
            cursor.execute(";\n".join(self._texts), self._values)
        self._texts, self._values = [], []


@cache
def _inserting(model: type[models.Model]) -> tuple[str, str, tuple[str, ...], frozenset[str]]:
    """The opening of an INSERT, one row of marks, the attributes and those that are JSON."""
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, _AUTO)]
    columns = ", ".join(f'"{f.column}"' for f in fields)
    opening = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608
    marks = f"({', '.join(['%s'] * len(fields))})"
    jsons = frozenset(f.attname for f in fields if isinstance(f, models.JSONField))
    return opening, marks, tuple(f.attname for f in fields), jsons


@cache
def _column(model: type[models.Model], attname: str) -> str:
    return str(next(f.column for f in model._meta.concrete_fields if f.attname == attname))


def _plain(value: Any, is_json: bool) -> Any:
    if value is not None and is_json:
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value) if isinstance(value, Enum) else value
