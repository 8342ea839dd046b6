"""How long a work takes: what the office stated, else the estimates of ``data/effort.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from weicheng.problems.words import Status

if TYPE_CHECKING:
    from weicheng.problems.models import Problem
    from weicheng.standards.models import ProblemKind

FILE = Path(__file__).parent / "data" / "effort.yaml"


@dataclass(frozen=True)
class Efforts:
    """The table in working days."""

    kinds: dict[str, float]
    hours: list[tuple[int, float]]
    days: list[tuple[int, float]]
    otherwise: float
    handed_in: float
    project: float
    site: float
    site_check: float

    def of_kind(self, kind: ProblemKind) -> float:
        """Usual working days of a kind."""
        if kind.key in self.kinds:
            return self.kinds[kind.key]
        limit, table = (
            (kind.due_hours, self.hours)
            if kind.due_hours is not None
            else (kind.due_days, self.days)
        )
        if limit is None:
            return self.of_haste(kind)
        return next((work for most, work in table if limit <= most), self.otherwise)

    def of_haste(self, kind: ProblemKind) -> float:
        """Working days of a kind without a limit of its own, by its haste."""
        usual = {"immediate": 0.1, "limited": 0.5, "dated": 3.0, "long": 10.0}
        return usual.get(str(kind.haste), 1.0)

    def of_problem(self, problem: Problem) -> float:
        """Usual working days of an open problem as it stands."""
        if problem.status == Status.CHECK:
            return self.handed_in
        if problem.status == Status.LONG:
            return self.project
        return self.of_kind(problem.kind)

    def of_site(self, checks: int) -> float:
        """Working days of putting so many checks of one site in order."""
        return round(self.site + self.site_check * checks, 2)


@cache
def efforts() -> Efforts:
    """The table that comes with the product."""
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    limits = raw["limits"]
    return Efforts(
        kinds={key: float(n) for key, n in raw["kinds"].items()},
        hours=[(row["hours"], float(row["days_of_work"])) for row in limits if "hours" in row],
        days=[(row["days"], float(row["days_of_work"])) for row in limits if "days" in row],
        otherwise=float(raw["otherwise"]), handed_in=float(raw["handed_in"]),
        project=float(raw["project"]), site=float(raw["site"]),
        site_check=float(raw["site_check"]),
    )  # fmt: skip
