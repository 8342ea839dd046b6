"""What may be the same matter: problems of the same kind or group, here or nearby, open or closed
within ``LOOK_BACK``; how alike each is, and why it is shown.

A candidate is a question to a person, never a decision; nobody is shown what he may not see.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from weicheng.people.directory import directory
from weicheng.places.models import RegionLevel
from weicheng.problems import catalogue
from weicheng.problems.acts.filing import position_of, region_of
from weicheng.problems.models import Problem
from weicheng.problems.texts import grams

if TYPE_CHECKING:
    from weicheng.problems.acts.filing import Finding
    from weicheng.standards.models import ProblemKind

LOOK_BACK = timedelta(days=60)
MOST = 3
#: From this score on a candidate is shown. Measured: docs/duplicates.md.
THRESHOLD = 0.5
#: At most so many rows of each way of looking are weighed, the newest.
WEIGHED = 200
#: Cells of a thousandth of a degree, about 110 m to the north and 90 m to the east.
CELLS = 1000
METRES_A_DEGREE = 111_320.0
FARTHEST = 3.0  # radii of the kind
#: What a place counts: the same building or door; the same words; the same site, nothing nearer.
SAME_DOOR, SAME_NAME, SAME_SITE = 1.0, 0.8, 0.68
#: Names of places: so many characters are one, and so much of them must be shared.
NAME, PLACE_LEAST = 3, 0.5
#: What the words count, and what they count at least: people put one sight in many ways.
WORDS, ANY_WORDS = 0.25, 0.3
SAME_GROUP = 0.7
OTHER_NUMBER = 0.4
_NUMBER = re.compile(r"(\d+)\s*(号楼|号|栋|幢|单元|层|楼|组|排|灯杆)?")
_CHINESE_DIGITS = str.maketrans(
    "〇一二三四五六七八九两０１２３４５６７８９", "012345678920123456789"
)
_BESIDE = re.compile("(旁边|旁|附近|门口|门前|对面|[东南西北]侧|[东南西北]边|处|附近处)+$")
_BUILDING = dict.fromkeys("栋幢", "号楼")
_SETTLED = ("duplicate", "declined")


@dataclass(frozen=True)
class Matter:
    """What is compared: kind, place, words, position in WGS84 degrees, when it was found."""

    kind: ProblemKind
    region: UUID
    site: UUID | None
    place: str
    words: str
    at: datetime
    latitude: float | None = None
    longitude: float | None = None
    itself: UUID | None = None


@dataclass(frozen=True)
class Candidate:
    """A problem that may be the same matter. ``metres`` is None where a position is missing;
    ``days`` since it was found; ``similarity`` of the words, 0 to 1."""

    problem: Problem
    metres: int | None
    similarity: float
    days: int
    closed: bool
    score: float


@dataclass(frozen=True)
class Row:
    """A filed problem as far as it is weighed."""

    id: UUID
    kind: str
    site: UUID | None
    place: str
    words: str
    at: datetime
    closed_at: datetime | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Likeness:
    """How alike two matters are."""

    score: float
    metres: float | None
    similarity: float


def of_problem(problem: Problem) -> Matter:
    """A problem that is filed already, to be compared with the others."""
    return Matter(
        kind=problem.kind, region=problem.region_id, site=problem.site_id, place=problem.place,
        words=problem.description, at=problem.found_at, latitude=problem.latitude,
        longitude=problem.longitude, itself=problem.pk,
    )  # fmt: skip


def of_finding(finding: Finding, now: datetime) -> Matter:
    """A find that is not filed yet."""
    latitude, longitude = position_of(finding)
    return Matter(
        kind=finding.kind, region=region_of(finding).id,
        site=finding.site.pk if finding.site else None, place=finding.place,
        words=finding.description, at=finding.found_at or now, latitude=latitude,
        longitude=longitude,
    )  # fmt: skip


def candidates(matter: Matter, user: Any, now: datetime, limit: int = MOST) -> list[Candidate]:
    """The likeliest, best first; two queries, the second only where there is one."""
    weighed = [(weigh(matter, row, now), row) for row in _rows(matter, user, now)]
    likely = [pair for pair in weighed if pair[0].score >= THRESHOLD]
    likely.sort(key=lambda pair: (-pair[0].score, -pair[1].at.timestamp()))
    likely = likely[:limit]
    if not likely:
        return []
    ids = [row.id for _likeness, row in likely]
    found = {p.pk: p for p in Problem.objects.visible_to(user).for_rows().filter(pk__in=ids)}
    return [
        Candidate(
            problem=found[row.id],
            metres=None if likeness.metres is None else round(likeness.metres),
            similarity=likeness.similarity, days=max(0, (now - row.at).days),
            closed=row.closed_at is not None, score=likeness.score,
        )
        for likeness, row in likely if row.id in found
    ]  # fmt: skip


_HERE = "p.region_id = ANY(%(regions)s)"
_NEARBY = (
    "p.latitude IS NOT NULL AND floor(p.latitude * 1000) = ANY(%(north)s::float8[])"
    " AND floor(p.longitude * 1000) = ANY(%(east)s::float8[])"
)
_OPEN, _CLOSED = "p.closed_at IS NULL", "p.closed_at >= %(since)s"
_WAY = """
(SELECT p.id, p.kind_id, p.site_id, p.place, p.description, p.found_at, p.closed_at, p.latitude,
        p.longitude
 FROM problems_problem p
 WHERE {place} AND {when} AND p.kind_id = ANY(%(kinds)s) AND NOT p.voided
   AND p.merged_into_id IS NULL AND p.outcome <> ALL(%(settled)s)
   AND p.id IS DISTINCT FROM %(itself)s
   AND EXISTS (SELECT 1 FROM problems_party t WHERE t.problem_id = p.id
               AND t.scope = ANY(%(scopes)s))
 ORDER BY p.filed_at DESC LIMIT %(most)s)
"""


def _asking(places: tuple[str, ...]) -> str:
    ways = [_WAY.format(place=p, when=w) for p in places for w in (_OPEN, _CLOSED)]
    return " UNION ".join(ways)


_BY_NAME, _BY_POSITION = _asking((_HERE,)), _asking((_HERE, _NEARBY))


def _rows(matter: Matter, user: Any, now: datetime) -> list[Row]:
    """What is weighed: here by name, and nearby by position; open, or closed lately; of what the
    user may see. One statement, each way of it a look into one index."""
    values: dict[str, Any] = {
        "regions": regions_near(matter.region), "kinds": kinds_like(matter.kind),
        "since": now - LOOK_BACK, "settled": list(_SETTLED), "itself": matter.itself,
        "scopes": user.scopes(), "most": WEIGHED,
    }  # fmt: skip
    text = _BY_NAME
    if matter.latitude is not None and matter.longitude is not None:
        text = _BY_POSITION
        values["north"], values["east"] = _cells(matter.latitude, matter.longitude)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return [Row(*row) for row in cursor.fetchall()]


def kinds_like(kind: ProblemKind) -> list[str]:
    """The kinds of the same group, itself included; from memory."""
    group = [k.key for k in catalogue.kinds().values() if k.group_zh == kind.group_zh]
    return list(dict.fromkeys([kind.key, *group]))


def regions_near(region: UUID) -> list[UUID]:
    """The region, its town, and of a town all its communities: people name either."""
    book = directory()
    town = book.town_of(region)
    if town is None:
        return [region]
    if town.id != region:
        return [region, town.id]
    inside = [
        r.id for r in book.regions.values()
        if r.level == RegionLevel.COMMUNITY and town.id in r.ancestors
    ]  # fmt: skip
    return [region, *inside]


def _cells(latitude: float, longitude: float) -> tuple[list[float], list[float]]:
    north, east = math.floor(latitude * CELLS), math.floor(longitude * CELLS)
    return [north - 1.0, north * 1.0, north + 1.0], [east - 1.0, east * 1.0, east + 1.0]


# ------------------------------------------------------------------------------------- how alike


def weigh(matter: Matter, row: Row, now: datetime) -> Likeness:
    """How likely both are the same matter, 0 to 1: the place counts most, then the words.

    Words are not compared where even equal ones could not lift it to the threshold.
    """
    metres = distance(matter.latitude, matter.longitude, row.latitude, row.longitude)
    numbers = _compared(f"{matter.place}|{matter.words}", f"{row.place}|{row.words}")
    where = _where(matter, row, metres, agree=numbers > 0)
    factor = _fades(row, now) * (SAME_GROUP if matter.kind.pk != row.kind else 1.0)
    factor *= OTHER_NUMBER if numbers < 0 else 1.0
    if where <= 0 or ((1 - WORDS) * where + WORDS) * factor < THRESHOLD:
        return Likeness(0.0, metres, 0.0)
    similarity = alike(matter.words, row.words)
    words = ANY_WORDS if similarity is None else min(1.0, ANY_WORDS + similarity)
    score = ((1 - WORDS) * where + WORDS * words) * factor
    return Likeness(score, metres, similarity or 0.0)


def _where(matter: Matter, row: Row, metres: float | None, *, agree: bool) -> float:
    """How much both are the same place: by distance, else by site, else by the place's words.

    ``agree``: both name the same building or door, which outranks what a telephone measured.
    """
    same_site = matter.site is not None and matter.site == row.site
    near = 0.0
    if metres is not None and not (same_site and metres == 0.0):  # 0 m: the site's own position
        radius = float(matter.kind.duplicate_radius_m or 30)
        far = max(0.0, metres - radius / 2) / (radius * (FARTHEST - 0.5))
        near = max(0.0, 1.0 - far)
        if not (same_site and agree and near):
            return near
    if same_site:
        return SAME_DOOR if agree else SAME_SITE
    if matter.site is not None and row.site is not None:
        return 0.0
    return _place_words(matter.place, row.place, agree=agree)


def _place_words(one: str, other: str, *, agree: bool) -> float:
    short, long = sorted((door_of(one), door_of(other)), key=len)
    if short and short == long:
        return SAME_DOOR if agree else SAME_NAME
    if len(short) >= NAME and long.startswith(short):  # 福安小区, 福安小区7号楼
        return SAME_DOOR if agree else SAME_SITE
    share = alike(short, long) or 0.0
    return share if share >= PLACE_LEAST else 0.0


def door_of(place: str) -> str:
    """A place without the words for "beside": 人民路23号门口 and 人民路23号旁 are one door."""
    return _BESIDE.sub("", plain(place))


def _fades(row: Row, now: datetime) -> float:
    """The older, the less likely; what was closed is rather a new case of it."""
    if row.closed_at is not None:
        return 0.92 - 0.12 * min(1.0, (now - row.closed_at) / LOOK_BACK)
    return 1.0 - 0.2 * min(1.0, max(timedelta(), now - row.at) / LOOK_BACK)


def distance(
    lat: float | None, lon: float | None, other_lat: float | None, other_lon: float | None
) -> float | None:
    """Metres between two positions; good to a per mille within a town."""
    if lat is None or lon is None or other_lat is None or other_lon is None:
        return None
    north = (lat - other_lat) * METRES_A_DEGREE
    east = (lon - other_lon) * METRES_A_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)


def alike(one: str, other: str) -> float | None:
    """How much two texts share of their two-character words (Dice); None where one says nothing."""
    first, second = _grams(one), _grams(other)
    if not first or not second:
        return None
    return 2 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=2048)
def _grams(text: str) -> frozenset[str]:
    return frozenset(grams(plain(text)))


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """Digits one way, no spaces: 七号楼 and ７ 号楼 are 7号楼."""
    return re.sub(r"\s+", "", text.translate(_CHINESE_DIGITS)).lower()


def _compared(one: str, other: str) -> int:
    """1 when both name the same number of some sort (号, 号楼, 单元 …), -1 when of some sort all
    differ, 0 when they cannot be compared."""
    first, second = _numbers(one), _numbers(other)
    both = [bool(first[sort] & second[sort]) for sort in first if sort and sort in second]
    if not both:
        return 0
    return 1 if all(both) else -1


@lru_cache(maxsize=2048)
def _numbers(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, sort in _NUMBER.findall(plain(text)):
        found.setdefault(_BUILDING.get(sort, sort), set()).add(number)
    return found
