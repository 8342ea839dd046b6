"""Why points are lost: total, aspect, item, site type, check, and the visits that found it.

A level is made when it is opened. At every level whole milli add up to their parent exactly; each
is floor or ceiling of its exact value, so a line of 0 milli still lost its exact fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .apportion import apportion
from .scores import Score
from .snapshot import Ints, Snapshot

LEVELS = ("total", "aspect", "item", "site_type", "check", "visit")


@dataclass(frozen=True)
class Node:
    """Lost points in one place. ``path``: keys from the aspect down; ``site`` only on a visit."""

    level: str
    key: str
    path: tuple[str, ...]
    milli: int
    exact: Fraction
    site: str = ""

    @property
    def opens(self) -> bool:
        """Whether there is a level below."""
        return self.level != LEVELS[-1]


class Tree:
    """Opened one level at a time; what was opened is kept."""

    def __init__(self, snapshot: Snapshot, score: Score) -> None:
        if score.snapshot is not snapshot:
            raise ValueError("the score is not of this snapshot")
        self.score = score
        self.snapshot = snapshot
        self._opened: dict[tuple[str, ...], tuple[Node, ...]] = {}
        lost = score.lost_milli
        self.root = Node(LEVELS[0], "", (), lost, Fraction(lost))

    def open(self, path: Sequence[str] = ()) -> tuple[Node, ...]:
        """The nodes below a path (aspect, item, site type, check), most points first.

        Places that lost nothing are not there. KeyError for a path that is not in the tree.
        """
        at = tuple(path)
        if at not in self._opened:
            rows = self._below(self.node(at))
            rows.sort(key=lambda node: (-node.exact, node.key))
            self._opened[at] = tuple(rows)
        return self._opened[at]

    def node(self, path: Sequence[str]) -> Node:
        """The node at a path; KeyError."""
        at = tuple(path)
        if not at:
            return self.root
        for node in self.open(at[:-1]):
            if node.key == at[-1]:
                return node
        raise KeyError(at)

    def paths(self, check: str, visit: str) -> tuple[Node, ...]:
        """From the total down to one check on one visit; KeyError if nothing was lost there."""
        row = self.snapshot.checks[self.snapshot.check_number[check]]
        item = self.snapshot.items[self.snapshot.item_number[row.item]]
        leaf = (item.aspect, item.key, row.site_type, check, visit)
        return tuple(self.node(leaf[:n]) for n in range(len(leaf) + 1))

    def _below(self, node: Node) -> list[Node]:
        makers = (self._aspects, self._items, self._types, self._checks, self._visits)
        depth = len(node.path)
        return makers[depth](node) if depth < len(makers) else []

    def _aspects(self, node: Node) -> list[Node]:
        return [
            Node("aspect", key, (key,), part.lost, Fraction(part.lost))
            for key, part in self.score.aspects.items()
            if part.lost
        ]

    def _items(self, node: Node) -> list[Node]:
        return [
            Node(
                "item", item.row.key, (*node.path, item.row.key), item.portion.lost, item.exact_lost
            )
            for item in self.score.items
            if item.row.aspect == node.key and item.exact_lost
        ]

    def _types(self, node: Node) -> list[Node]:
        snap, score = self.snapshot, self.score
        number = snap.item_number[node.key]
        exact = {
            snap.types[t]: self._per_site(t, i) * score.pairs[t, i].shares
            for t, i in score.weights
            if i == number
        }
        return _shared(node, "site_type", exact)

    def _per_site(self, t: int, i: int) -> Fraction:
        """Milli that a site of this type loses with all of the item's weight."""
        points = self.snapshot.items[i].onsite_milli
        return points * self.score.weights[t, i] / self.score.pairs[t, i].sites

    def _cells(self, t: int, i: int) -> Ints:
        snap = self.snapshot
        here = (snap.visit_type[snap.cell_visit] == t) & (self.score.losses.tenths > 0)
        return np.flatnonzero(here & (snap.check_item[snap.cell_check] == i))

    def _place(self, path: tuple[str, ...]) -> tuple[int, int]:
        return self.snapshot.types.index(path[2]), self.snapshot.item_number[path[1]]

    def _checks(self, node: Node) -> list[Node]:
        snap, score = self.snapshot, self.score
        t, i = self._place(node.path)
        cells = self._cells(t, i)
        weight = score.slot_weight[snap.cell_slot[cells]]
        keys, of = np.unique(
            np.stack([snap.cell_check[cells], weight]), axis=1, return_inverse=True
        )
        tenths = np.bincount(of.ravel(), score.losses.tenths[cells], keys.shape[1])
        each = self._per_site(t, i)
        exact: dict[str, Fraction] = {}
        for check, whole, lost in zip(*keys.tolist(), tenths.tolist(), strict=True):
            row = snap.checks[check]
            part = each * Fraction(row.deduct_milli * int(lost), 10 * whole) if whole else 0
            exact[row.key] = exact.get(row.key, Fraction(0)) + part
        return _shared(node, "check", exact)

    def _visits(self, node: Node) -> list[Node]:
        snap, score = self.snapshot, self.score
        t, i = self._place(node.path)
        cells = self._cells(t, i)
        number = snap.check_number[node.key]
        cells = cells[snap.cell_check[cells] == number]
        each = self._per_site(t, i) * snap.checks[number].deduct_milli
        known: dict[tuple[int, int], Fraction] = {}
        exact, sites = {}, {}
        weights = score.slot_weight[snap.cell_slot[cells]].tolist()
        lost = score.losses.tenths[cells].tolist()
        owners = snap.cell_visit[cells].tolist()
        for owner, whole, tenths in zip(owners, weights, lost, strict=True):
            if (tenths, whole) not in known:
                known[tenths, whole] = each * Fraction(tenths, 10 * whole) if whole else Fraction(0)
            visit = snap.visits[owner]
            exact[visit.visit] = known[tenths, whole]
            sites[visit.visit] = visit.site
        return _shared(node, "visit", exact, sites)


def _shared(
    node: Node, level: str, exact: dict[str, Fraction], sites: dict[str, str] | None = None
) -> list[Node]:
    """Nodes whose whole milli add up to the parent's; what lost nothing is left out."""
    kept = {key: value for key, value in exact.items() if value}
    parts = apportion(node.milli, list(kept.values()), list(kept))
    return [
        Node(level, key, (*node.path, key), milli, value, (sites or {}).get(key, ""))
        for (key, value), milli in zip(kept.items(), parts, strict=True)
    ]


def explain(snapshot: Snapshot, score: Score) -> Tree:
    """The tree of lost points of a score of this snapshot."""
    return Tree(snapshot, score)
