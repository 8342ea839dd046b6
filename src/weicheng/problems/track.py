"""The line of a place's relapses: found, struck off, back again, now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from weicheng.problems.models import Problem
    from weicheng.problems.timeline import Entry

MOST = 3
CLOSING = frozenset({"pass_fix", "close", "decline"})


@dataclass(frozen=True)
class Point:
    """A moment of the line; ``tone``: "" came up, "ok" struck off, "now" where it stands."""

    at: datetime
    tone: str
    word: str


@dataclass(frozen=True)
class Track:
    """What the line says, and its points, oldest first."""

    words: str
    points: list[Point]


def track_of(problem: Problem, history: list[Problem], entries: list[Entry]) -> Track | None:
    """The line of this problem and of the one before it there; None for a first find."""
    points = _earlier(problem, history) + _own(entries)
    came_back = [i for i, p in enumerate(points) if not p.tone and i and points[i - 1].tone == "ok"]
    if not came_back:
        return None
    points = points[-MOST:] if problem.status != "done" else points[-MOST - 1 :]
    if problem.status != "done":
        points.append(Point(problem.changed_at, "now", str(problem.get_status_display())))
    return Track(_words(points), points)


def _earlier(problem: Problem, history: list[Problem]) -> list[Point]:
    same = (p for p in history if p.kind_id == problem.kind_id and p.found_at < problem.found_at)
    last = next((p for p in same if p.closed_at and p.closed_at <= problem.found_at), None)
    if last is None or last.closed_at is None:
        return []
    return [
        Point(last.found_at, "", gettext("发现")), Point(last.closed_at, "ok", gettext("销号")),
    ]  # fmt: skip


def _own(entries: list[Entry]) -> list[Point]:
    found: list[Point] = []
    for entry in reversed(entries):
        if entry.act == "file":
            found.append(Point(entry.at, "", gettext("发现")))
        elif entry.act in CLOSING:
            found.append(Point(entry.at, "ok", gettext("销号")))
        elif entry.act == "reopen":
            found.append(Point(entry.at, "", gettext("反弹")))
    return found


def _words(points: list[Point]) -> str:
    gaps = [b.at - a.at for a, b in pairwise(points) if a.tone == "ok" and not b.tone]
    if not gaps:
        return gettext("这里以前出现过同类问题。")
    return gettext("上次销号%(n)s天后又出现。") % {"n": max(gaps[-1].days, 1)}
