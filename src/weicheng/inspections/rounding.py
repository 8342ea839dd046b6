"""Rounding a table of expected numbers to whole ones, at random, without changing any expectation.

Rows and columns are areas and deadlines. Every cell, every row and every sum of the first columns
becomes its floor or its ceiling; the mean over all seeds is the given table exactly. This is
controlled rounding (Cox 1987, JASA 82:520) by pushing along cycles of a flow network (dependent
rounding, Gandhi et al. 2006, JACM 53:324), in whole units so that nothing is lost to floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from weicheng.inspections.seeds import Numbers

UNIT = 1 << 40  # expected numbers are counted in units of 2^-40

Cell = tuple[str, int]  # row, column
Table = Mapping[Cell, int]
Node = str | int | None  # a row by its text, a column by its number, the outside


def shared(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` units in proportion to `weights`: whole parts that add up exactly."""
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    marks = [amount * upto // total for upto in accumulate(weights, initial=0)]
    return [b - a for a, b in pairwise(marks)]


@dataclass
class _Net:
    """Edges with their flow in units; only those that are not whole yet can be walked."""

    ends: list[tuple[Node, Node]] = field(default_factory=list)
    flow: list[int] = field(default_factory=list)
    open: dict[Node, dict[int, Node]] = field(default_factory=dict)  # node: {edge: other end}

    def add(self, start: Node, end: Node, flow: int) -> int:
        edge = len(self.flow)
        self.ends.append((start, end))
        self.flow.append(flow)
        if flow % UNIT:
            self.open.setdefault(start, {})[edge] = end
            self.open.setdefault(end, {})[edge] = start
        return edge

    def push(self, cycle: list[tuple[int, int]], amount: int) -> None:
        """Add `amount` along the cycle of (edge, direction); edges that become whole are closed."""
        for edge, sign in cycle:
            self.flow[edge] += sign * amount
            if self.flow[edge] % UNIT == 0:
                for node in self.ends[edge]:
                    del self.open[node][edge]
                    if not self.open[node]:
                        del self.open[node]

    def room(self, cycle: list[tuple[int, int]]) -> tuple[int, int]:
        """How many units the cycle can be pushed along, and against, until an edge is whole."""
        up = down = UNIT
        for edge, sign in cycle:
            above = self.flow[edge] % UNIT
            below = UNIT - above
            if sign < 0:
                above, below = below, above
            up, down = min(up, below), min(down, above)
        return up, down

    def cycle(self) -> list[tuple[int, int]]:
        """A cycle of open edges from the first open node: (edge, +1 along it or -1 against it).

        What flows into a node flows out of it, so no node has exactly one edge that is not whole
        and a walk cannot end before it closes.
        """
        node = next(iter(self.open))
        seen = {node: 0}
        walk: list[tuple[int, int]] = []
        while True:
            last = walk[-1][0] if walk else -1
            edge = next(one for one in self.open[node] if one != last)
            other = self.open[node][edge]
            walk.append((edge, 1 if self.ends[edge][1] == other else -1))
            node = other
            if node in seen:
                return walk[seen[node] :]
            seen[node] = len(walk)


def rounded(table: Table, numbers: Numbers) -> dict[Cell, int]:
    """Whole numbers for a table of units whose total is whole; random by `numbers`."""
    net, cells = _network(table)
    while net.open:
        cycle = net.cycle()
        up, down = net.room(cycle)
        net.push(cycle, up if numbers.below(up + down) < down else -down)
    return {cell: net.flow[edge] // UNIT for cell, edge in cells.items()}


def _network(table: Table) -> tuple[_Net, dict[Cell, int]]:
    """Outside → row → column → next column: the edges carry rows, cells and sums of columns."""
    net = _Net()
    ordered = sorted(table)
    cells = {cell: net.add(cell[0], cell[1], table[cell]) for cell in ordered}
    rows: dict[str, int] = {}
    columns: dict[int, int] = {}
    for (row, column), units in table.items():
        rows[row] = rows.get(row, 0) + units
        columns[column] = columns.get(column, 0) + units
    for row in sorted(rows):
        net.add(None, row, rows[row])
    names = sorted(columns)
    nodes = [*names, None]
    sums = accumulate(columns[name] for name in names)
    for (node, following), upto in zip(pairwise(nodes), sums, strict=True):
        net.add(node, following, upto)
    return net, cells
