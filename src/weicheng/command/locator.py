"""A small drawn map without tiles: regions, neighbours and one point, as numbers for an SVG.

The picture is a sketch (示意), never a survey: it says so wherever it stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weicheng.people.directory import directory

if TYPE_CHECKING:
    from weicheng.places.models import Region

WIDE, TALL = 240, 300
METRES_A_DEGREE = 111_320.0
HALF_VIEW = 900.0  # metres shown to each side of a point
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Shape:
    """A drawn region: its name, its path, and where its name stands."""

    name: str
    path: str
    x: float
    y: float
    ours: bool = False
    inside: bool = True


@dataclass(frozen=True)
class Dot:
    """A drawn point with what it says."""

    x: float
    y: float
    words: str = ""
    n: int = 0


@dataclass(frozen=True)
class Sketch:
    """Everything of one picture, in the units of its view box."""

    wide: int
    tall: int
    shapes: list[Shape]
    dots: list[Dot]
    here: Dot | None = None


class _Frame:
    """Turns degrees into the view box: north up, equal metres both ways."""

    def __init__(self, box: tuple[float, float, float, float], wide: int, tall: int) -> None:
        west, south, east, north = box
        self.squeeze = math.cos(math.radians((south + north) / 2))
        across, up = (east - west) * self.squeeze, north - south
        self.scale = min(wide / max(across, 1e-9), tall / max(up, 1e-9))
        self.middle = ((west + east) / 2, (south + north) / 2)
        self.wide, self.tall = wide, tall

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a position lies in the view box."""
        x = self.wide / 2 + (longitude - self.middle[0]) * self.squeeze * self.scale
        y = self.tall / 2 - (latitude - self.middle[1]) * self.scale
        return round(x, 1), round(y, 1)

    def path(self, rings: Iterable[Ring]) -> str:
        """The rings as an SVG path."""
        parts = []
        for ring in rings:
            points = [self.at(p[0], p[1]) for p in ring]
            parts.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
        return "".join(parts)


def rings(region: Region) -> list[Ring]:
    """The outer rings of a region's polygon; none when it has no polygon."""
    shape: Any = region.polygon or {}
    if shape.get("type") == "Polygon":
        return [shape["coordinates"][0]]
    if shape.get("type") == "MultiPolygon":
        return [part[0] for part in shape["coordinates"]]
    return []


def around(
    latitude: float, longitude: float, ours: Region, neighbours: Iterable[tuple[float, float, str]]
) -> Sketch:
    """The surroundings of one point; ``neighbours`` are (latitude, longitude, name)."""
    up = HALF_VIEW / METRES_A_DEGREE
    across = up / math.cos(math.radians(latitude))
    box = (longitude - across, latitude - up, longitude + across, latitude + up)
    frame = _Frame(box, WIDE, TALL)
    near = [r for r in _drawable() if r.level == "community" and _overlaps(r, box)]
    here = frame.at(longitude, latitude)
    dots = [Dot(*frame.at(lng, lat), words) for lat, lng, words in neighbours]
    return Sketch(
        WIDE, TALL, [_shape(frame, r, ours=r.id == ours.id) for r in near],
        [d for d in dots if 0 <= d.x <= WIDE and 0 <= d.y <= TALL], Dot(*here),
    )  # fmt: skip


def overview(
    county: Region, marks: dict[Any, int], *, wide: int = 420, tall: int = 286
) -> Sketch | None:
    """The towns of a district with a figure on each that has one; ``marks`` by town id."""
    towns = [r for r in _drawable() if r.level == "town" and county.id in r.ancestors]
    if not towns:
        return None
    points = [p for r in towns for ring in rings(r) for p in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    frame = _Frame((west, south, east, north), wide - 16, tall - 12)
    shapes = [_shape(frame, r) for r in towns]
    dots = [
        Dot(s.x, s.y, s.name, marks[r.id])
        for s, r in zip(shapes, towns, strict=True) if r.id in marks
    ]  # fmt: skip
    return Sketch(wide - 16, tall - 12, shapes, dots)


def _drawable() -> list[Region]:
    return [r for r in directory().regions.values() if r.polygon]


def _overlaps(region: Region, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    points = [p for ring in rings(region) for p in ring]
    return not (
        max(p[0] for p in points) < west or min(p[0] for p in points) > east
        or max(p[1] for p in points) < south or min(p[1] for p in points) > north
    )  # fmt: skip


def _shape(frame: _Frame, region: Region, *, ours: bool = False) -> Shape:
    found = rings(region)
    points = [frame.at(p[0], p[1]) for p in found[0]]
    x = sum(p[0] for p in points) / len(points)
    y = sum(p[1] for p in points) / len(points)
    inside = 36 < x < frame.wide - 36 and 16 < y < frame.tall - 60
    return Shape(region.name, frame.path(found), round(x, 1), round(y, 1), ours, inside)
