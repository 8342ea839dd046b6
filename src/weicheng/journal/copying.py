"""Many rows into a table by COPY, several times faster than INSERT."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from typing import Any

from django.db import connection, models

AUTO = (models.AutoField, models.BigAutoField)


def copy_in(rows: Sequence[models.Model]) -> None:
    """COPY unsaved rows of one model, in order; an auto-numbered key is left to the database."""
    if not rows:
        return
    fields = [f for f in rows[0]._meta.concrete_fields if not isinstance(f, AUTO)]
    jsons = {f.attname for f in fields if isinstance(f, models.JSONField)}
    names = [f.attname for f in fields]
    columns = ", ".join(f'"{f.column}"' for f in fields)
    table = rows[0]._meta.db_table
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            values = row.__dict__
            copy.write_row([_plain(values.get(n), n in jsons) for n in names])


def _plain(value: Any, is_json: bool) -> Any:
    if value is not None and is_json:
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value) if isinstance(value, Enum) else value
