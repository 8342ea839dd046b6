"""The lists of holidays that come with the house, read once from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from weicheng.workdays.calendar import Season, Session

FILE = Path(__file__).resolve().parent / "data" / "calendar.yaml"


@dataclass(frozen=True)
class ShippedYear:
    """One year's list: exceptional days with their names, and where it comes from."""

    year: int
    source: str
    certainty: str
    days: dict[date, tuple[bool, str]] = field(default_factory=dict)


@cache
def years() -> dict[int, ShippedYear]:
    """The years that come with the house."""
    found = {}
    for row in _document()["years"]:
        days: dict[date, tuple[bool, str]] = {}
        for holiday in row["holidays"]:
            days |= _days(holiday)
        found[row["year"]] = ShippedYear(row["year"], row["source_zh"], row["certainty"], days)
    return found


@cache
def seasons() -> tuple[Season, ...]:
    """The usual working hours."""
    return tuple(
        Season(
            row["since"],
            sessions(*(_time(row[k]) for k in ("opens", "noon_from", "noon_to", "closes"))),
        )
        for row in _document()["hours"]
    )


def sessions(opens: time, noon_from: time, noon_to: time, closes: time) -> tuple[Session, ...]:
    """Two sessions around the noon break, or one where there is none."""
    if noon_from == noon_to:
        return ((opens, closes),)
    return ((opens, noon_from), (noon_to, closes))


def _days(holiday: dict[str, Any]) -> dict[date, tuple[bool, str]]:
    first, last, name = holiday["from"], holiday["to"], holiday["name_zh"]
    span = (last - first).days + 1
    found = {first + timedelta(days=n): (False, name) for n in range(span)}
    return found | {day: (True, name) for day in holiday.get("work", ())}


def _time(text: str) -> time:
    return time.fromisoformat(text)


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
