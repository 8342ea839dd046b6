"""The shape of the district: outline, towns and communities without gaps, streets, blocks, water.

Drawn in metres (x east, y north, from the south-western corner) and turned into WGS84 degrees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union, voronoi_diagram

from weicheng.demo.dice import Dice
from weicheng.demo.district import District, district

WIDE, TALL = 12_400.0, 8_600.0  # metres
SOUTH, WEST = 32.61, 112.42  # an inland corner, far from any border
METRES_A_DEGREE = 111_320.0
PLACES = 6  # decimals of a degree, about 0.1 m
CENTRE = (6_300.0, 4_350.0)
# Where the towns lie, as shares of the whole; the order is that of the data file.
TOWN_SEEDS = ((0.17, 0.42), (0.27, 0.83), (0.5, 0.58), (0.52, 0.2), (0.81, 0.58))
BUILT_UP = (4_300.0, 2_900.0)  # half axes of the built-up area, metres


@dataclass(frozen=True)
class Street:
    """A named street: its middle line in metres and its width in metres."""

    name: str
    line: LineString
    width: float

    def number_at(self, along: float, *, left: bool) -> int:
        """The house number at `along` metres; odd numbers stand on the left."""
        return int(along / 30) * 2 + (1 if left else 2)


@dataclass(frozen=True)
class Geometry:
    """Everything drawn; polygons by region code, all in metres."""

    outline: Polygon
    regions: dict[str, Polygon]
    streets: tuple[Street, ...]
    river: Polygon
    lake: Polygon
    built_up: Polygon

    def blocks(self) -> list[Polygon]:
        """The blocks between the streets of the built-up area."""
        lines = [street.line for street in self.streets]
        net = unary_union([*lines, self.built_up.exterior])
        roads = unary_union([street.line.buffer(street.width / 2) for street in self.streets])
        taken = unary_union([roads, self.river, self.lake])
        found = (cell.difference(taken) for cell in polygonize(net))
        return [b for b in found if isinstance(b, Polygon) and b.area > 4_000]


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Metres as (latitude, longitude) in WGS84 degrees."""
    latitude = SOUTH + y / METRES_A_DEGREE
    longitude = WEST + x / (METRES_A_DEGREE * math.cos(math.radians(SOUTH)))
    return round(latitude, PLACES), round(longitude, PLACES)


def geojson(shape: Polygon) -> dict[str, Any]:
    """A polygon in metres as a GeoJSON polygon in degrees (longitude first)."""
    ring = [to_degrees(x, y)[::-1] for x, y in shape.exterior.coords]
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


@cache
def geometry() -> Geometry:
    """The geometry of the demo district, made once."""
    plan = district()
    middle, half = (WIDE / 2, TALL / 2), (WIDE / 2 - 420, TALL / 2 - 380)
    raw_outline = _blob(Dice("outline"), middle, half, 0.06)
    towns = _cells(raw_outline, [(WIDE * u, TALL * v) for u, v in TOWN_SEEDS])
    straight: dict[str, Polygon] = {}
    for town, shape in zip(plan.towns(), towns, strict=True):
        inside = [r.code for r in plan.communities() if r.parent == town.code]
        seeds = _spread(Dice("communities", town.code), shape, len(inside))
        straight.update(zip(inside, _cells(shape, seeds), strict=True))
    cells = {code: _bend(cell) for code, cell in _knit(straight).items()}
    regions = {**cells, **_unions(plan, cells)}
    built_up = _blob(Dice("built up"), CENTRE, BUILT_UP, 0.07)
    river = LineString([(x, 1_050 + 420 * math.sin(x / 2_300)) for x in range(-200, 12_800, 200)])
    outline = regions[plan.raw["district"]["code"]]
    return Geometry(
        outline=outline,
        regions=regions,
        streets=tuple(_streets(plan, outline)),
        river=river.buffer(110).intersection(outline),
        lake=_blob(Dice("lake"), (9_830.0, 4_230.0), (300.0, 300.0), 0.1),
        built_up=built_up,
    )


def _unions(plan: District, cells: dict[str, Polygon]) -> dict[str, Polygon]:
    found: dict[str, Polygon] = {}
    for town in plan.towns():
        found[town.code] = _one([cells[c] for c in cells if c.startswith(town.code)])
    home = plan.raw["district"]["code"]
    found[home] = _one(list(found.values()))
    found[plan.raw["city"]["code"]] = found[home]
    return found


def _one(parts: Sequence[Polygon]) -> Polygon:
    joined = shapely.union_all(list(parts), grid_size=0.1)
    shape = max(getattr(joined, "geoms", [joined]), key=lambda part: part.area)
    return Polygon(shape.exterior)


def _blob(d: Dice, middle: tuple[float, float], half: tuple[float, float], rough: float) -> Polygon:
    """A round shape with a wavy edge."""
    waves = [(k, d.span(-rough, rough), d.span(0, math.tau)) for k in (2, 3, 5, 7)]
    points = []
    for i in range(120):
        turn = math.tau * i / 120
        far = 1 + sum(high * math.sin(k * turn + start) / (k**0.5) for k, high, start in waves)
        points.append(
            (middle[0] + half[0] * far * math.cos(turn), middle[1] + half[1] * far * math.sin(turn))
        )
    return Polygon(points)


def _cells(shape: Polygon, seeds: Sequence[tuple[float, float]]) -> list[Polygon]:
    """The share of `shape` nearest to each seed, in the order of the seeds."""
    pieces = voronoi_diagram(MultiPoint(list(seeds)), envelope=shape.buffer(2_000)).geoms
    found = []
    for seed in seeds:
        cell = next(piece for piece in pieces if piece.covers(Point(seed)))
        cut: BaseGeometry = cell.intersection(shape)
        found.append(max(getattr(cut, "geoms", [cut]), key=lambda part: part.area))
    return found


def _spread(d: Dice, shape: Polygon, count: int) -> list[tuple[float, float]]:
    """`count` points spread over `shape`, evened out."""
    seeds: list[tuple[float, float]] = []
    west, south, east, north = shape.bounds
    while len(seeds) < count:
        point = (d.span(west, east), d.span(south, north))
        if shape.contains(Point(point)):
            seeds.append(point)
    for _ in range(3):
        seeds = [(c.centroid.x, c.centroid.y) for c in _cells(shape, seeds)]
    return seeds


def _knit(cells: dict[str, Polygon]) -> dict[str, Polygon]:
    """The same cells with every corner of a neighbour on their own edge, so that edges agree."""
    net = shapely.union_all([cell.exterior for cell in cells.values()], grid_size=1.0)
    pieces = list(polygonize(net))
    found = {}
    for code, cell in cells.items():
        middle = cell.representative_point()
        found[code] = next(piece for piece in pieces if piece.contains(middle))
    return found


def _bend(shape: Polygon) -> Polygon:
    """The same shape with natural edges: every point moves by where it is, so no gap opens."""
    fine = shapely.segmentize(shape, 160.0)
    ring = [_moved(round(x, 1), round(y, 1)) for x, y in fine.exterior.coords]
    return Polygon(ring)


def _moved(x: float, y: float) -> tuple[float, float]:
    dx = 62 * math.sin(y / 330) + 26 * math.sin((x + y) / 140) + 9 * math.sin(y / 57)
    dy = 58 * math.sin(x / 370 + 1) + 24 * math.sin((x - y) / 150) + 9 * math.sin(x / 61)
    return round(x + dx, 1), round(y + dy, 1)


def _streets(plan: District, outline: Polygon) -> list[Street]:
    found = []
    for row in plan.raw["streets"]:
        share, level = float(row["at"]), row["way"] == "h"
        if level:
            raw = [(float(x), TALL * (1 - share) + _sway(x, share)) for x in range(0, 12_401, 100)]
        else:
            raw = [(WIDE * share + _sway(y, share), float(y)) for y in range(0, 8_601, 100)]
        cut = LineString(raw).intersection(outline.buffer(-60))
        line = max(getattr(cut, "geoms", [cut]), key=lambda part: part.length)
        found.append(Street(row["name"], line, float(row["width"])))
    return found


def _sway(at: float, share: float) -> float:
    return 90 * math.sin(at / 1_900 + share * 40) + 24 * math.sin(at / 610 + share * 17)
