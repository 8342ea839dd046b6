"""One measured claim: our figure, its floor, the ratio, the target and whether it holds."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

Sample = Callable[[], object]


@dataclass
class Claim:
    """A row of the table. ``at_least`` and ``at_most`` bound ``ratio`` (ours / floor).

    Without a floor, ours itself is bounded. ``why`` is said where the target is not met.
    """

    name: str
    size: str
    unit: str
    ours: float
    floor: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""
    why: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the floor, None without a floor."""
        return self.ours / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Whether the target holds, None where there is none."""
        judged = self.ours if self.ratio is None else self.ratio
        if self.at_least is not None:
            return judged >= self.at_least
        return judged <= self.at_most if self.at_most is not None else None

    def as_json(self) -> dict[str, object]:
        """Every field with the ratio and the verdict."""
        return {**self.__dict__, "ratio": self.ratio, "met": self.met}

    def target(self) -> str:
        """The bound in signs."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""

    def cells(self) -> list[str]:
        """The row as words."""
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        verdict = {True: "yes", False: "NO", None: ""}[self.met]
        floor = f"{self.floor:.4g}" if self.floor is not None else ""
        return [
            self.name, self.size, f"{self.ours:.4g}", floor, self.unit, ratio, self.target(),
            verdict, self.note,
        ]  # fmt: skip


HEAD = ["claim", "size", "ours", "floor", "unit", "ratio", "target", "met", "note"]


def table(claims: Iterable[Claim]) -> str:
    """All claims under one another, columns aligned."""
    rows = [HEAD, *(c.cells() for c in claims)]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
        for row in rows
    )


def unmet(claims: Iterable[Claim]) -> list[str]:
    """A sentence for each target that is not reached."""
    return [
        f"{c.name} ({c.size}): target {c.target()}, measured "
        f"{c.ratio if c.ratio is not None else c.ours:.3g}. {c.why}".rstrip()
        for c in claims
        if c.met is False
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def side_by_side(times: int, *samples: Sample) -> list[list[float]]:
    """Milliseconds of each sample, taken in turn ``times`` times; the first turn warms up."""
    found: list[list[float]] = [[] for _ in samples]
    for turn in range(times + 1):
        for sample, kept in zip(samples, found, strict=True):
            began = perf_counter()
            sample()
            if turn:
                kept.append((perf_counter() - began) * 1000)
    return found


def p50(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)
