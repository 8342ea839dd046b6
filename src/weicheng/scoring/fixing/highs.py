"""The choice as a mixed-integer programme for HiGHS (Huangfu & Hall 2018).

    maximise  Σ nano(g)·y(g)   with  y(g) ≤ x(w) for each work w of group g,
    Σ days(w)·x(w) ≤ capacity per unit,  Σ yuan·x ≤ budget,  Σ x ≤ limit,  x ∈ {0, 1},  0 ≤ y ≤ 1.

Units that share no pair and no common bound are solved apart. One thread, fixed seed and a bound
on nodes: the same input gives the same answer unless the clock stops it, which is then said.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weicheng.scoring.fixing.greedy import fill
from weicheng.scoring.fixing.ledger import PER_DAY, Group, Ledger, Room
from weicheng.scoring.fixing.works import NANO_PER_MILLI

if TYPE_CHECKING:
    import highspy

LARGEST_COST = 1e4  # objective coefficients are scaled to this, well inside HiGHS's tolerances
SMALL = 300  # works; up to here no gap is left
GAP = 1e-4  # relative, above
NODES = 50_000


@dataclass(frozen=True)
class Answer:
    """Chosen works, what no choice can exceed (nano), and milli per further day of each unit."""

    chosen: frozenset[int]
    bound: float
    worth: Mapping[str, float]


@dataclass(frozen=True)
class _Part:
    """Works and groups that can be solved apart from all others."""

    works: tuple[int, ...]
    groups: tuple[Group, ...]


@dataclass
class _Rows:
    """Constraints Σ coefficient·column ≤ bound, as HiGHS takes them."""

    bounds: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    coefficients: list[float] = field(default_factory=list)

    def add(self, terms: list[tuple[int, int]], bound: int) -> int:
        """Adds a row divided by the divisor its terms have in common; returns the divisor."""
        divisor = math.gcd(*(coefficient for _column, coefficient in terms)) or 1
        for column, coefficient in terms:
            self.columns.append(column)
            self.coefficients.append(coefficient // divisor)
        self.starts.append(len(self.columns))
        self.bounds.append(bound // divisor)
        return divisor


def available() -> bool:
    """Whether HiGHS is installed."""
    try:
        import highspy  # noqa: F401
    except ImportError:
        return False
    return True


def solve(ledger: Ledger, seconds: float) -> Answer:
    """The best set within `seconds`; every part keeps what it found when time runs out.

    Whole numbers are checked by the caller: the set may miss what fits, or (through HiGHS's
    tolerances) overdraw a bound.
    """
    until = time.monotonic() + seconds
    chosen: set[int] = set()
    worth: dict[str, float] = {}
    total = 0.0
    for part in _parts(ledger):
        answer = _solve_part(ledger, part, max(until - time.monotonic(), 0.01))
        chosen |= answer.chosen
        worth.update(answer.worth)
        total += answer.bound
    return Answer(frozenset(chosen), total, worth)


def _parts(ledger: Ledger) -> list[_Part]:
    works = sorted({n for group in ledger.live for n in group.members})
    joined = _joined(ledger, works)
    members: defaultdict[str, list[int]] = defaultdict(list)
    groups: defaultdict[str, list[Group]] = defaultdict(list)
    for n in works:
        members[joined[ledger.works[n].unit]].append(n)
    for group in ledger.live:
        groups[joined[ledger.works[group.members[0]].unit]].append(group)
    return [_Part(tuple(members[unit]), tuple(groups[unit])) for unit in sorted(members)]


def _joined(ledger: Ledger, works: list[int]) -> dict[str, str]:
    """For each unit the name of the part it belongs to."""
    root = {ledger.works[n].unit: ledger.works[n].unit for n in works}

    def find(unit: str) -> str:
        while root[unit] != unit:
            root[unit] = root[root[unit]]
            unit = root[unit]
        return unit

    for group in ledger.live:
        for n in group.members[1:]:
            root[find(ledger.works[n].unit)] = find(ledger.works[group.members[0]].unit)
    if _budget_binds(ledger, works) or _limit_binds(ledger, works):
        return dict.fromkeys(root, "")
    return {unit: find(unit) for unit in root}


def _budget_binds(ledger: Ledger, works: tuple[int, ...] | list[int]) -> bool:
    return ledger.budget is not None and sum(ledger.yuan[n] for n in works) > ledger.budget


def _limit_binds(ledger: Ledger, works: tuple[int, ...] | list[int]) -> bool:
    return ledger.limit is not None and len(works) > ledger.limit


def _rows(ledger: Ledger, part: _Part) -> tuple[_Rows, dict[str, tuple[int, int]]]:
    """The bounds that can bind, and for each unit its row and that row's divisor."""
    rows, place = _Rows(), {n: column for column, n in enumerate(part.works)}
    by_unit: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for n in part.works:
        by_unit[ledger.works[n].unit].append((place[n], ledger.days[n]))
    of_unit = {}
    for unit, terms in by_unit.items():
        if sum(days for _column, days in terms) > ledger.capacity.get(unit, 0):
            row = len(rows.bounds)
            of_unit[unit] = (row, rows.add(terms, ledger.capacity.get(unit, 0)))
    if ledger.budget is not None and _budget_binds(ledger, part.works):
        rows.add([(place[n], ledger.yuan[n]) for n in part.works], ledger.budget)
    if ledger.limit is not None and _limit_binds(ledger, part.works):
        rows.add([(place[n], 1) for n in part.works], ledger.limit)
    return rows, of_unit


def _link(rows: _Rows, part: _Part) -> None:
    """A group counts only as far as each of its works is done."""
    place = {n: column for column, n in enumerate(part.works)}
    together = len(part.works)
    for group in part.groups:
        if len(group.members) > 1:
            for n in group.members:
                rows.add([(together, 1), (place[n], -1)], 0)
            together += 1


def _solve_part(ledger: Ledger, part: _Part, seconds: float) -> Answer:
    everything = sum(group.nano for group in part.groups)
    rows, of_unit = _rows(ledger, part)
    units = {ledger.works[n].unit for n in part.works}
    if not rows.bounds:
        return Answer(frozenset(part.works), everything, dict.fromkeys(units, 0.0))
    _link(rows, part)
    costs = _costs(part)
    scale = LARGEST_COST / max(costs)
    small = len(part.works) <= SMALL
    solver = _solver(rows, [-cost * scale for cost in costs], len(part.works), seconds, small)
    worth = dict.fromkeys(units, 0.0) | _worth(solver, of_unit, scale)
    if not small:
        _start(solver, ledger, part)
    solver.run()
    chosen = _taken(solver, part)
    bound = -solver.getInfo().mip_dual_bound / scale
    if small and _is_optimal(solver):
        done = set(chosen)
        bound = sum(group.nano for group in part.groups if done.issuperset(group.members))
    return Answer(chosen, min(bound, everything), worth)


def _costs(part: _Part) -> list[float]:
    place = {n: column for column, n in enumerate(part.works)}
    alone, shared = [0] * len(part.works), []
    for group in part.groups:
        if len(group.members) == 1:
            alone[place[group.members[0]]] += group.nano
        else:
            shared.append(group.nano)
    return [float(nano) for nano in (*alone, *shared)]


def _solver(
    rows: _Rows, costs: list[float], whole: int, seconds: float, small: bool
) -> highspy.Highs:
    import highspy
    import numpy as np

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(costs), len(rows.bounds)
    model.col_cost_ = np.array(costs)
    model.col_lower_, model.col_upper_ = np.zeros(len(costs)), np.ones(len(costs))
    model.row_lower_ = np.full(len(rows.bounds), -highspy.kHighsInf)
    model.row_upper_ = np.array(rows.bounds, dtype=float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(rows.starts)
    model.a_matrix_.index_ = np.array(rows.columns)
    model.a_matrix_.value_ = np.array(rows.coefficients, dtype=float)
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger] * whole + [kinds.kContinuous] * (len(costs) - whole)
    solver = _silent()
    options: dict[str, bool | float | str] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
        "time_limit": seconds,
        "mip_max_nodes": NODES,
        "mip_rel_gap": 0.0 if small else GAP,
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": 1e-9,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    return solver


def _silent() -> highspy.Highs:
    """A solver that prints nothing, not even its name (answers may go to standard output)."""
    import highspy

    class Silent(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Silent()  # type: ignore[no-untyped-call]


def _worth(
    solver: highspy.Highs, of_unit: Mapping[str, tuple[int, int]], scale: float
) -> dict[str, float]:
    """Milli per further day of each unit whose capacity binds, from the relaxed problem."""
    solver.setOptionValue("solve_relaxation", True)
    solver.run()
    solver.setOptionValue("solve_relaxation", False)
    if not _is_optimal(solver):
        return {}
    duals = solver.getSolution().row_dual
    return {
        unit: abs(duals[row]) / scale / divisor * PER_DAY / NANO_PER_MILLI
        for unit, (row, divisor) in of_unit.items()
    }


def _start(solver: highspy.Highs, ledger: Ledger, part: _Part) -> None:
    """Gives the solver the works that the relaxed problem takes whole, filled up: a good answer at
    once, should time run out."""
    import highspy

    values = solver.getSolution().col_value
    whole = {n for value, n in zip(values, part.works, strict=False) if value > 1 - 1e-6}
    if not Room.of(ledger, whole).holds():
        return
    done = fill(ledger, whole)
    together = [done.issuperset(g.members) for g in part.groups if len(g.members) > 1]
    solution = highspy.HighsSolution()
    solution.col_value = [float(taken) for taken in (*(n in done for n in part.works), *together)]
    solution.value_valid = True
    solver.setSolution(solution)


def _taken(solver: highspy.Highs, part: _Part) -> frozenset[int]:
    solution = solver.getSolution()
    if not solution.value_valid:
        return frozenset()
    values = solution.col_value
    return frozenset(n for column, n in enumerate(part.works) if values[column] > 0.5)


def _is_optimal(solver: highspy.Highs) -> bool:
    import highspy

    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)
