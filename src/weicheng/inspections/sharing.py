"""Sharing the stops of a check among its teams: each a stretch of the way, then its own order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from weicheng.inspections.routing import Point, walk_order

#: More stops than this are ordered by their position alone: the search for a way takes n² time.
MOST_WALKED = 250


def share(
    keys: Sequence[str],
    points: Mapping[str, Point],
    teams: int,
    barred: Sequence[frozenset[str]] = (),
    start: Point | None = None,
) -> list[list[str]]:
    """The keys of each team in walking order, as even as possible.

    ``barred``: by team, keys that it should not get; such a key goes to the team with the fewest
    stops that may have it, and stays where it is when no team may; the rest is then evened out.
    ``start``: where all set out.
    """
    if teams < 1:
        raise ValueError("stops need at least one team")
    way = _ordered(keys, points, start)
    size, rest = divmod(len(way), teams)
    parts: list[list[str]] = []
    at = 0
    for n in range(teams):
        upto = at + size + (1 if n < rest else 0)
        parts.append(way[at:upto])
        at = upto
    if any(barred):
        _swap(parts, barred)
        while _evened(parts, barred):
            pass
    return [_ordered(part, points, start) for part in parts]


def _swap(parts: list[list[str]], barred: Sequence[frozenset[str]]) -> None:
    for own, part in enumerate(parts):
        for key in [key for key in part if key in barred[own]]:
            free = [n for n in range(len(parts)) if key not in barred[n]]
            if free:
                part.remove(key)
                parts[min(free, key=lambda n: (len(parts[n]), n))].append(key)


def _evened(parts: list[list[str]], barred: Sequence[frozenset[str]]) -> bool:
    """Move one key from a long part to a short one that may have it; whether there was any."""
    by_size = sorted(range(len(parts)), key=lambda n: (len(parts[n]), n))
    for short in by_size:
        for long in reversed(by_size):
            if len(parts[long]) - len(parts[short]) < 2:
                break
            free = [key for key in parts[long] if key not in barred[short]]
            if free:
                parts[long].remove(free[-1])
                parts[short].append(free[-1])
                return True
    return False


def _ordered(
    keys: Sequence[str], points: Mapping[str, Point], start: Point | None
) -> list[str]:  # fmt: skip
    if len(keys) > MOST_WALKED:
        return sorted(keys, key=lambda key: (_cell(points.get(key)), key))
    return [keys[n] for n in walk_order([points.get(key) for key in keys], start)]


def _cell(point: Point | None) -> tuple[int, int, int]:
    """Stripes of about 1 km from south to north, walked in turns; without a position last."""
    if point is None:
        return (1, 0, 0)
    stripe, along = int((point[0] + 90) * 100), round((point[1] + 180) * 10_000)
    return (0, stripe, along if stripe % 2 else -along)
