"""What a table holds and what becomes of it, in a shape that can be kept as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

#: Rows kept for each code of a notice; further ones are only counted.
MOST_NOTICES = 500


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
    guesses: dict[str, int] = field(default_factory=dict)
    """Of messages: how many seem to be the campaign's matter, others', or cannot be told."""
    held: dict[str, int] = field(default_factory=dict)
    """How many notices of each code there are, those not kept included."""

    def tell(self, row: int, code: str, params: Any = None, *, refused: bool = False) -> None:
        """Note something about a row."""
        clean = {k: v if isinstance(v, int) else str(v) for k, v in dict(params or {}).items()}
        target = self.refused if refused else self.notices
        held = self.held.get(code, 0)
        if refused or held < MOST_NOTICES:
            target.append(Note(row, code, clean))
        if not refused:
            self.held[code] = held + 1

    def count(self, made: Counter[str] | dict[str, int]) -> None:
        """Take over what a register made."""
        for sort, n in made.items():
            if n:
                self.adds[str(sort)] = self.adds.get(str(sort), 0) + n

    def with_others(self, others: Iterable[Gist]) -> Gist:
        """This one with what the other tables of the same file hold."""
        for other in others:
            self.rows, self.known = self.rows + other.rows, self.known + other.known
            self.count(other.adds)
            self.refused, self.notices = self.refused + other.refused, self.notices + other.notices
            self.notes += other.notes
        return self

    def as_json(self) -> dict[str, Any]:
        """The gist as plain data."""
        return asdict(self)

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Gist:
        """The gist out of plain data."""
        lists = {n: [Note(**one) for one in data.get(n, [])] for n in ("refused", "notices")}
        return cls(**{**data, **lists})
