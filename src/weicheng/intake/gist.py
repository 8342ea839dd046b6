"""What a table holds and what becomes of it, in a shape that can be kept as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_NOTICES = 2000


@dataclass
class Note:
    """Something about a row (as the spreadsheet counts, 0 for the whole): a code, its params."""

    row: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class Gist:
    """A table read or taken in. ``adds`` counts new rows by sort, ``statuses`` new problems.

    ``refused`` are rows that cannot be taken, ``notices`` what should be looked at, ``notes`` the
    words at the foot, ``head`` and ``shown`` the first rows as they are read.
    """

    rows: int = 0
    adds: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    known: int = 0
    refused: list[Note] = field(default_factory=list)
    notices: list[Note] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    shown: list[list[str]] = field(default_factory=list)
    whole: bool = False
    """Whether one refused row refuses the whole table."""
    left_out: int = 0
    """Messages of a chat that say nothing."""

    def tell(self, row: int, code: str, params: Any = None, *, refused: bool = False) -> None:
        """Note something about a row."""
        clean = {k: v if isinstance(v, int) else str(v) for k, v in dict(params or {}).items()}
        target = self.refused if refused else self.notices
        if refused or len(target) < MOST_NOTICES:
            target.append(Note(row, code, clean))

    def count(self, made: Counter[str] | dict[str, int]) -> None:
        """Take over what a register made."""
        for sort, n in made.items():
            if n:
                self.adds[str(sort)] = self.adds.get(str(sort), 0) + n

    def as_json(self) -> dict[str, Any]:
        """The gist as plain data."""
        return asdict(self)

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Gist:
        """The gist out of plain data."""
        lists = {n: [Note(**one) for one in data.get(n, [])] for n in ("refused", "notices")}
        return cls(**{**data, **lists})
