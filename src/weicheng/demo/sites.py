"""The sites of the demo district: names, addresses and positions along its streets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import h3
import shapely
import yaml
from shapely.geometry import LineString, Point, Polygon

from weicheng.demo.dice import Dice
from weicheng.demo.district import DATA, District, Region, district
from weicheng.demo.geometry import Geometry, Street, geometry, to_degrees

CELL = 10  # H3 resolution: cells of about 130 m across
EDGE = 90.0  # metres on either side of the built-up line where nobody has decided yet
UNKNOWN = {"count": 3, "at": "street", "bureau": "", "names": ["{c}点位"]}


@dataclass(frozen=True)
class SitePlan:
    """A site to be: type key, community code, WGS84 degrees, and the units that answer."""

    key: int
    site_type: str
    name: str
    region: str
    address: str
    built_up: str
    latitude: float
    longitude: float
    h3: str
    keeper: str  # the community's unit
    bureau: str = ""
    sponsor: str = ""
    tag: str = ""


def plan_sites(types: Sequence[tuple[str, str]]) -> list[SitePlan]:
    """Sites of all `types` (key, Chinese name), at least 2,500 for the whole catalogue.

    Types that the data file does not know get a few sites under their own name.
    """
    return list(_Planner().plan(types))


class _Planner:
    def __init__(self) -> None:
        raw: dict[str, Any] = yaml.safe_load((DATA / "sites.yaml").read_text(encoding="utf-8"))
        self.types: dict[str, dict[str, Any]] = raw["types"]
        self.words: list[str] = raw["words"]
        self.places: list[str] = raw["places"]
        self.plan_: District = district()
        self.shape: Geometry = geometry()
        self.communities = self.plan_.communities()
        self.town_names = {town.code: town.name for town in self.plan_.towns()}
        self.polygons: dict[str, Polygon] = {
            r.code: self.shape.regions[r.code] for r in self.communities
        }
        for polygon in self.polygons.values():
            shapely.prepare(polygon)
        shapely.prepare(self.shape.built_up)
        self.pieces = {r.code: list(self._pieces(r.code)) for r in self.communities}
        self.weights = {
            r.code: _weight(r, self.polygons[r.code], self.shape) for r in self.communities
        }
        self.taken: Counter[tuple[str, str, str]] = Counter()
        self.sponsors = [u.key for u in self.plan_.units if u.kind == "sponsor" or u.also_sponsor]
        self.count = 0

    def _pieces(self, code: str) -> Iterator[tuple[Street, LineString]]:
        for street in self.shape.streets:
            cut = street.line.intersection(self.polygons[code])
            for part in getattr(cut, "geoms", [cut]):
                if isinstance(part, LineString) and part.length > 80:
                    yield street, part

    def plan(self, types: Sequence[tuple[str, str]]) -> Iterator[SitePlan]:
        for key, name_zh in types:
            row = {**UNKNOWN, "label": name_zh, **self.types.get(key, {"names": ["{c}" + name_zh]})}
            d = Dice("sites", key)
            yield from self._named(key, row, d)
            yield from getattr(self, f"_by_{row['at']}", self._scattered)(key, row, d)

    def _named(self, key: str, row: dict[str, Any], d: Dice) -> Iterator[SitePlan]:
        by_name = {r.name: r for r in self.communities}
        named = [(row, "示范") for row in self.plan_.demonstration]
        named += [(row, "") for row in self.plan_.landmarks]
        for (name, community, site_type), tag in named:
            if site_type == key:
                place = by_name[community]
                at = self._inside(d, place.code)
                yield self._site(key, row, place, name, at, "", tag=tag)

    def _by_town(self, key: str, row: dict[str, Any], d: Dice) -> Iterator[SitePlan]:
        for town in self.plan_.towns():
            place = next(r for r in self.communities if r.parent == town.code)
            at, address, _ = self._on_street(d, place.code)
            yield self._site(key, row, place, self.plan_.unit(town.name).name, at, address)

    def _by_community(self, key: str, row: dict[str, Any], d: Dice) -> Iterator[SitePlan]:
        for place in self.communities:
            at, address, _ = self._on_street(d, place.code)
            yield self._site(key, row, place, self.plan_.unit(place.name).name, at, address)

    def _by_segment(self, key: str, row: dict[str, Any], d: Dice) -> Iterator[SitePlan]:
        for place in self.communities:
            for street, part in self.pieces[place.code]:
                if part.length > 420:
                    middle = part.interpolate(0.5, normalized=True)
                    name = f"{street.name}（{place.name}段）"
                    yield self._site(key, row, place, name, middle, street.name)

    def _scattered(self, key: str, row: dict[str, Any], d: Dice) -> Iterator[SitePlan]:
        named = list(row.get("units", []))
        units = [u.key for u in self.plan_.units if u.kind in named]
        for i in range(int(row["count"])):
            place = self._community(d, outer=bool(row.get("outer")))
            at, address, road = self._place(d, row, place.code)
            name = units[i % len(units)] if units else self._fresh(d, key, row, i, place, road)
            yield self._site(key, row, place, name, at, address)

    def _fresh(  # noqa: PLR0917
        self, d: Dice, key: str, row: dict[str, Any], turn: int, place: Region, road: str
    ) -> str:
        """A name that this community does not have yet, if a few throws find one."""
        name = ""
        for _ in range(8):
            name = self._name(d, _pattern(d, row["names"], turn), place, road)
            if not self.taken[key, place.code, name]:
                break
        return name

    def _community(self, d: Dice, *, outer: bool) -> Region:
        if outer:
            far = [r for r in self.communities if r.built_up < 0.9]
            return d.one(far)
        code = d.weighted(self.weights)
        return next(r for r in self.communities if r.code == code)

    def _place(self, d: Dice, row: dict[str, Any], code: str) -> tuple[Point, str, str]:
        if row["at"] == "street":
            return self._on_street(d, code)
        if row["at"] == "river":
            bank = self.shape.river.exterior
            return bank.interpolate(d.random(), normalized=True), "滨河路南侧", "滨河路"
        road = self.pieces[code][0][0].name if self.pieces[code] else ""
        return self._inside(d, code), "", road

    def _on_street(self, d: Dice, code: str) -> tuple[Point, str, str]:
        if not self.pieces[code]:
            return self._inside(d, code), "", ""
        street, part = self._central(d, code)
        along = part.length * d.random()
        left = d.happens(0.5)
        side = part.parallel_offset(street.width / 2 + 9, "left" if left else "right")
        point = side.interpolate(along)
        number = street.number_at(street.line.project(point), left=left)
        return point, f"{street.name}{number}号", street.name

    def _central(self, d: Dice, code: str) -> tuple[Street, LineString]:
        found = {i: part.length for i, (_, part) in enumerate(self.pieces[code])}
        return self.pieces[code][d.weighted(found)]

    def _inside(self, d: Dice, code: str) -> Point:
        polygon = self.polygons[code]
        west, south, east, north = polygon.bounds
        for _ in range(200):
            point = Point(d.span(west, east), d.span(south, north))
            if polygon.contains(point) and self._dry(point):
                return point
        return polygon.representative_point()

    def _dry(self, point: Point) -> bool:
        return not (self.shape.river.contains(point) or self.shape.lake.contains(point))

    def _name(self, d: Dice, shape: str, place: Region, road: str) -> str:
        short = place.name.removesuffix("社区").removesuffix("村")
        town = self.town_names[place.parent].removesuffix("街道").removesuffix("镇")
        return shape.format(
            s=d.one(self.plan_.raw["surnames"]), w=d.one(self.words), p=d.one(self.places), c=short,
            t=town, n=d.whole(1, 12), road=road or short, full=place.name,
        )  # fmt: skip

    def _site(  # noqa: PLR0917
        self, key: str, row: dict[str, Any], place: Region, name: str, at: Point, address: str,
        *, tag: str = "",
    ) -> SitePlan:  # fmt: skip
        place = self._really(place, at)
        name = self._unlike(key, place.code, name, address)
        latitude, longitude = to_degrees(at.x, at.y)
        self.count += 1
        sponsored = key in {"estate", "back_lane", "urban_village"}
        sponsor = self.sponsors[self.count % len(self.sponsors)] if sponsored else ""
        return SitePlan(
            self.count, key, name, place.code, address, self._built_up(at), latitude, longitude,
            h3.latlng_to_cell(latitude, longitude, CELL), place.name, row["bureau"], sponsor, tag,
        )  # fmt: skip

    def _really(self, place: Region, at: Point) -> Region:
        """The community in which the point lies: a street's edge may be over the border."""
        if self.polygons[place.code].covers(at):
            return place
        found = (r for r in self.communities if self.polygons[r.code].covers(at))
        return next(found, place)

    def _unlike(self, key: str, code: str, name: str, address: str) -> str:
        """A name not yet used in this community for this type."""
        full = name
        if self.taken[key, code, full] and address and not address.startswith("滨"):
            full = f"{name}（{address}）"
        self.taken[key, code, full] += 1
        times = self.taken[key, code, full]
        if times > 1:
            full = f"{name}{times}号点"
            self.taken[key, code, full] += 1
        return full

    def _built_up(self, at: Point) -> str:
        if abs(self.shape.built_up.exterior.distance(at)) < EDGE:
            return "undecided"
        return "inside" if self.shape.built_up.contains(at) else "outside"


def _pattern(d: Dice, patterns: Sequence[str], place: int) -> str:
    """Fixed names first, each once; then one of the patterns."""
    fixed = [text for text in patterns if "{" not in text]
    if place < len(fixed):
        return fixed[place]
    return d.one([text for text in patterns if "{" in text] or patterns)


def _weight(region: Region, polygon: Polygon, shape: Geometry) -> float:
    share: float = polygon.intersection(shape.built_up).area / polygon.area
    return 0.15 + share * 1.6 + region.built_up * 0.4
