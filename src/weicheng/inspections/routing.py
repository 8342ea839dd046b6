"""A sensible order over stops: the shortest way that is found, and how long it takes.

Distances are straight lines on the globe times 1.3 (what streets add in towns; own default, the
literature finds 1.2 to 1.4). Up to 9 stops the order is the shortest there is (Held and Karp
1962); beyond, nearest neighbour improved by 2-opt and or-opt. The same stops give the same order
everywhere: distances are whole decimetres, ties go to the earlier stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]  # latitude, longitude in degrees
Matrix = list[list[int]]

EARTH_M = 6_371_008.8  # mean radius (IUGG)
DETOUR = 1.3
WALK_M_A_MINUTE = 75  # 4.5 km/h; own default
DRIVE_M_A_MINUTE = 300  # 18 km/h through a town; own default
PARK_MINUTES = 3  # to park and walk in, at each stop; own default
TOUR = 0.7124  # length of the best tour over √(stops · area), Beardwood-Halton-Hammersley
EXACT_UP_TO = 9
_SEGMENT = 3  # longest run of stops that or-opt moves
_ALL_STARTS = 20  # up to so many stops every stop is tried as the first


def distance_m(a: Point, b: Point) -> float:
    """Metres between two points as one goes: the great circle (haversine) times 1.3."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    half = (
        sin(radians(lat_b - lat_a) / 2) ** 2
        + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(radians(lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_M * asin(min(1.0, sqrt(half))) * DETOUR


def walk_order(
    points: Sequence[Point | None], start: Point | None = None, fixed_end: Point | None = None
) -> list[int]:
    """The indices of `points` in the order to go; points without a position last, as given.

    From `start` and to `fixed_end` where given (neither is a stop); otherwise the way begins and
    ends where it is shortest. Never longer than the given order. About n² work; meant for up to
    some hundred stops.
    """
    known = [index for index, point in enumerate(points) if point is not None]
    unknown = [index for index, point in enumerate(points) if point is None]
    metres = _matrix([p for p in points if p is not None], start, fixed_end)
    found = shortest(metres) if len(known) <= EXACT_UP_TO else good(metres)
    return [known[stop] for stop in found] + unknown


def length_m(
    points: Sequence[Point | None],
    order: Sequence[int],
    start: Point | None = None,
    fixed_end: Point | None = None,
) -> int:
    """Whole metres of the way over `points` in `order`; points without a position are left out."""
    way = [point for index in order if (point := points[index]) is not None]
    way = [*([start] if start else []), *way, *([fixed_end] if fixed_end else [])]
    return round(sum(distance_m(a, b) for a, b in pairwise(way)))


def minutes_on_foot(metres: float) -> int:
    """Whole minutes on foot, rounded up."""
    return -int(-metres // WALK_M_A_MINUTE)


def minutes_by_car(metres: float, stops: int) -> int:
    """Whole minutes by car with parking at each stop, rounded up."""
    return -int(-metres // DRIVE_M_A_MINUTE) + stops * PARK_MINUTES


def typical_m(stops: int, square_km: float) -> int:
    """Metres to expect over `stops` stops scattered over an area, before they are known."""
    return round(TOUR * sqrt(stops * square_km * 1_000_000) * DETOUR)


def _matrix(known: Sequence[Point], start: Point | None, end: Point | None) -> Matrix:
    """Decimetres between stops; the last two are start and end, 0 from everywhere if not given."""
    ends: list[Point | None] = [*known, start, end]

    def between(a: Point | None, b: Point | None) -> int:
        return 0 if a is None or b is None else round(distance_m(a, b) * 10)

    return [[between(a, b) for b in ends] for a in ends]


def cost(path: Sequence[int], metres: Matrix) -> int:
    """The length of a path between the two ends, in the unit of the matrix."""
    return sum(metres[a][b] for a, b in pairwise(path))


def shortest(metres: Matrix) -> list[int]:
    """The shortest order of all stops between the last two nodes (Held-Karp, 2ⁿ·n² steps)."""
    stops, begin, end = len(metres) - 2, len(metres) - 2, len(metres) - 1
    if stops == 0:
        return []
    best: dict[tuple[int, int], tuple[int, int]] = {
        (1 << stop, stop): (metres[begin][stop], -1) for stop in range(stops)
    }
    for been in range(1, 1 << stops):
        inside = [stop for stop in range(stops) if been >> stop & 1]
        for last in inside if len(inside) > 1 else ():
            before = been ^ (1 << last)
            best[been, last] = min(
                (best[before, stop][0] + metres[stop][last], stop)
                for stop in inside
                if stop != last
            )
    been = (1 << stops) - 1
    last = min(range(stops), key=lambda stop: best[been, stop][0] + metres[stop][end])
    order = []
    while last >= 0:
        order.append(last)
        been, last = been ^ (1 << last), best[been, last][1]
    return order[::-1]


def good(metres: Matrix) -> list[int]:
    """A short order of all stops between the last two nodes, never longer than 0, 1, 2, …"""
    stops, begin, end = len(metres) - 2, len(metres) - 2, len(metres) - 1
    first = range(stops) if stops <= _ALL_STARTS else [_nearest(begin, range(stops), metres)]
    tries = [_neighbours(stop, metres) for stop in first]
    tries.append(_neighbours(_nearest(end, range(stops), metres), metres)[::-1])
    paths = [_improved([begin, *one, end], metres) for one in tries]
    best = min(paths, key=lambda path: cost(path, metres))
    given = [begin, *range(stops), end]
    if cost(given, metres) < cost(best, metres):
        best = _improved(given, metres)
    return best[1:-1]


def _nearest(here: int, others: Sequence[int], metres: Matrix) -> int:
    return min(others, key=lambda stop: (metres[here][stop], stop))


def _neighbours(first: int, metres: Matrix) -> list[int]:
    """From `first` always to the nearest stop that is left."""
    left = [stop for stop in range(len(metres) - 2) if stop != first]
    order = [first]
    while left:
        order.append(_nearest(order[-1], left, metres))
        left.remove(order[-1])
    return order


def _improved(path: list[int], metres: Matrix) -> list[int]:
    """The path after all reversals and moves that shorten it."""
    while _reversed(path, metres) or _moved(path, metres):
        pass
    return path


def _reversed(path: list[int], metres: Matrix) -> bool:
    """2-opt: one pass over all runs, turned round where that shortens the path."""
    shorter = False
    for i in range(1, len(path) - 2):
        before, here = metres[path[i - 1]], path[i]
        from_here, entry = metres[here], before[here]
        for j in range(i + 1, len(path) - 1):
            last, after = path[j], path[j + 1]
            if before[last] + from_here[after] < entry + metres[last][after]:
                path[i : j + 1] = path[i : j + 1][::-1]
                here = path[i]
                from_here, entry = metres[here], before[here]
                shorter = True
    return shorter


def _moved(path: list[int], metres: Matrix) -> bool:
    """Or-opt: one pass over runs of up to three stops, put where they cost least."""
    shorter = False
    for size in range(1, _SEGMENT + 1):
        for i in range(1, len(path) - size):
            shorter |= _put(path, i, size, metres)
    return shorter


def _put(path: list[int], i: int, size: int, metres: Matrix) -> bool:
    """Move the run of `size` stops at `i` to its best place; False if it stands there already."""
    run = path[i : i + size]
    rest = path[:i] + path[i + size :]
    to_first, to_last = metres[run[0]], metres[run[-1]]
    gap = metres[rest[i - 1]]
    limit = to_first[rest[i - 1]] + to_last[rest[i]] - gap[rest[i]]
    place, turned = -1, False
    for at, (a, b) in enumerate(pairwise(rest), start=1):
        base = metres[a][b]
        if to_first[a] + to_last[b] - base < limit:
            limit, place, turned = to_first[a] + to_last[b] - base, at, False
        if to_last[a] + to_first[b] - base < limit:
            limit, place, turned = to_last[a] + to_first[b] - base, at, True
    if place < 0:
        return False
    path[:] = rest[:place] + (run[::-1] if turned else run) + rest[place:]
    return True
