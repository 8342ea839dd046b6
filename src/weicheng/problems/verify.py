"""Recomputes every problem from its events and says what differs: rows, readers' lists, tallies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from weicheng.problems import life, tallies
from weicheng.problems.door import state_of
from weicheng.problems.models import Event, Party, Problem, Request, Tally, TallyDelta

CHUNK = 1000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """What is not as the events say. ``what``: state, order, lists,
    requests or tally."""

    what: str
    problem: str
    detail: str


def verify_problems(progress: Progress | None = None) -> list[Difference]:
    """Fold the events of every problem and compare; ``progress(done, total)`` now and then."""
    found: list[Difference] = []
    total, done = Problem.objects.count(), 0
    for chunk in _chunks():
        found += _compare(chunk)
        done += len(chunk)
        if progress:
            progress(done, total)
    return found + verify_tallies()


def _chunks() -> Iterator[list[Problem]]:
    last = UUID(int=0)
    while rows := list(Problem.objects.filter(pk__gt=last).defer("search").order_by("pk")[:CHUNK]):
        yield rows
        last = rows[-1].pk


def _compare(problems: list[Problem]) -> list[Difference]:
    ids = [p.pk for p in problems]
    events: dict[Any, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(problem__in=ids).order_by("problem", "seq"):
        events[event.problem_id].append(event)
    shown: dict[Any, set[Any]] = defaultdict(set)
    waits = dict(
        Request.objects.filter(problem__in=ids, state="waiting").values_list("problem", "sort")
    )
    for problem, status, due in Party.objects.filter(problem__in=ids).values_list(
        "problem", "status", "due_at"
    ):
        shown[problem].add((status, due))
    found = [d for p in problems for d in _of_one(p, events[p.pk], shown[p.pk])]
    asked = (p for p in problems if p.asking != waits.get(p.pk, ""))
    return found + [
        Difference("requests", p.number or str(p.pk), f"{p.asking} ≠ {waits.get(p.pk, '')}")
        for p in asked
    ]


def _of_one(problem: Problem, events: list[Event], shown: set[Any]) -> Iterator[Difference]:
    name = problem.number or str(problem.pk)
    if [e.seq for e in events] != list(range(1, problem.version + 1)):
        yield Difference("order", name, f"{len(events)} events, version {problem.version}")
        return
    row, told = state_of(problem), life.fold(events)
    for key in life.State.__dataclass_fields__:
        if getattr(row, key) != getattr(told, key):
            yield Difference("state", name, f"{key}: {getattr(row, key)} ≠ {getattr(told, key)}")
    status = "void" if problem.voided else problem.status
    if shown and shown != {(status, problem.due_at)}:
        yield Difference("lists", name, f"{sorted(map(str, shown))}")


def verify_tallies() -> list[Difference]:
    """Tallies and their unfolded deltas against a fresh count."""
    kept: Counter[tuple[UUID, str]] = Counter()
    for model, column in ((Tally, "n"), (TallyDelta, "delta")):
        for scope, key, n in model.objects.values_list("scope", "key", column).iterator():
            kept[scope, key] += n
    counted = tallies.recompute()
    return [
        Difference("tally", str(scope), f"{key}: {kept[scope, key]} ≠ {counted[scope, key]}")
        for scope, key in sorted(set(kept) | set(counted), key=str)
        if kept[scope, key] != counted[scope, key]
    ]
