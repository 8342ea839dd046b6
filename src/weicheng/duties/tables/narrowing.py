"""Two rows of a table about one clause: the one about a single group of kinds is about these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from weicheng.duties.models import DutyCell
from weicheng.standards.models import ProblemKind


def narrow(cells: Iterable[DutyCell]) -> None:
    """Note in ``reading["row"]["kinds"]`` the kinds that a row is about.

    道路街巷 stands in two rows: 无占道经营 speaks of several groups and keeps the whole clause,
    整治蜘蛛网 only of one group and gets its kinds, which are more special.
    """
    rows: dict[str, dict[int, list[DutyCell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        if cell.item_key:
            rows[cell.item_key][cell.row].append(cell)
    shared = {key: numbers for key, numbers in rows.items() if len(numbers) > 1}
    if not shared:
        return
    kinds: dict[str, list[ProblemKind]] = defaultdict(list)
    for kind in ProblemKind.objects.filter(active=True, item_key__in=shared):
        kinds[kind.item_key].append(kind)
    for key, numbers in shared.items():
        for held in numbers.values():
            found = kinds_of(held[0].clause_words, kinds[key])
            for cell in held:
                cell.reading["row"]["kinds"] = found


def kinds_of(task: str, kinds: list[ProblemKind]) -> list[str]:
    """The keys of the only group that the task speaks of; [] for none, several, or all there is."""
    groups = {kind.group_zh for kind in kinds}
    spoken = {kind.group_zh for kind in kinds if _speaks_of(task, kind)}
    if len(spoken) != 1 or len(groups) < 2:
        return []
    return [kind.key for kind in kinds if kind.group_zh in spoken]


def _speaks_of(task: str, kind: ProblemKind) -> bool:
    words = [kind.name_zh, *kind.search_words]
    return any(all(part in task for part in word.split("+")) for word in words)
