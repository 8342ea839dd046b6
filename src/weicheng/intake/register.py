"""Finds or makes the regions, sites, units and persons that a table names, each only once."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from django.db import connection

from weicheng.intake.naming import NameFinder
from weicheng.journal.ids import uuid7
from weicheng.people.directory import changed
from weicheng.people.models import Charge, Person, Post, SiteParty, Unit, UnitKind
from weicheng.places.models import Region, RegionLevel, Site
from weicheng.places.pinyin import key as pinyin_key
from weicheng.sheets.placenames import same_name_key as _key_of
from weicheng.standards.models import SiteType

if TYPE_CHECKING:
    from uuid import UUID

#: Words in a unit's name and the kind they tell; the first that fits wins.
UNIT_WORDS = (
    (UnitKind.OFFICE, r"创卫办|创建办|爱卫办"),
    (UnitKind.SUPERVISION, r"督查|纪委|监委"),
    (UnitKind.OPERATOR, r"电信|移动|联通|广电|铁塔"),
    (UnitKind.PROPERTY, r"物业"),
    (UnitKind.COMMUNITY, r"社区$|居委会|村委会|村$"),
    (UnitKind.TOWN, r"(?:镇|乡|街道|街道办|办事处)(?:人民政府|政府)?$"),
    (UnitKind.BUREAU, r"局|委|办|中心|大队|支队|分局|公司|院|会|联"),
)
#: Words in a site's name and the site type they tell.
SITE_WORDS = (
    ("toilet", r"公厕|厕所"), ("market", r"农贸市场|菜市场|集贸"), ("night_market", r"夜市|早市"),
    ("school", r"小学|中学|学校"), ("nursery", r"幼儿园|托儿"), ("hospital", r"医院"),
    ("park", r"公园|广场|游园"), ("transfer", r"中转站|转运站"), ("station", r"车站|火车站"),
    ("urban_village", r"城中村|棚户"), ("river", r"河|湖|沟渠"), ("site_active", r"工地|项目部"),
    ("back_lane", r"(?:巷|弄|胡同|里弄)$"), ("main_road", r"(?:路|街|大道)$"),
    ("estate", r"小区|家属|院|苑|花园|公寓|楼|城|府|园|居|湾|号"),
)  # fmt: skip
DEFAULT_TYPE = "estate"
#: What others remember in their processes and must read again.
TOLD = ("town", "community", "unit", "person", "party", "charge")
same_name_key = lru_cache(maxsize=50_000)(_key_of)


class Register:
    """What is known of one district, and what a table adds. ``made`` counts new rows by sort."""

    def __init__(self, district: Region) -> None:
        self.district = district
        self.made: Counter[str] = Counter()
        self._told = 0
        inside = Region.objects.filter(ancestors__contains=[district.id])
        self._regions = {(r.parent_id, same_name_key(r.name)): r for r in inside}
        self._codes = {r.code for r in Region.objects.all()}
        self._letters = {r.letters for r in inside if r.letters}
        self._units: dict[tuple[str, UUID | None], Unit] = {}
        for unit in Unit.objects.filter(region__ancestors__contains=[district.id]):
            self._know_unit(unit)
        self._sites: dict[tuple[UUID, str], Site] = {
            (s.region_id, same_name_key(s.name)): s
            for s in Site.objects.filter(region__ancestors__contains=[district.id])
        }
        self._finder = NameFinder((s.name, s) for s in self._sites.values())
        self._people: dict[tuple[UUID, str], list[Person]] = {}
        self._parties: set[tuple[UUID, UUID, str]] = set(
            SiteParty.objects.filter(site__in=self._sites.values(), until=None).values_list(
                "site_id", "unit_id", "part"
            )
        )
        self._charges: set[tuple[UUID, UUID]] = set(
            Charge.objects.filter(until=None).values_list("person_id", "region_id")
        )
        self._types = set(SiteType.objects.values_list("key", flat=True))
        self._know_people()

    def _know_unit(self, unit: Unit) -> None:
        """By name within its region; by name alone for the first of that name."""
        at = same_name_key(unit.name)
        self._units[at, unit.region_id] = unit
        self._units.setdefault((at, None), unit)

    def _know_people(self) -> None:
        posts = Post.objects.filter(unit__in=self._units.values()).select_related("person")
        for post in posts:
            self._people.setdefault((post.unit_id, post.person.name), []).append(post.person)

    # regions

    def town(self, name: str) -> Region:
        """The town or street of that name, made with its own unit when new."""
        region = self._region(name, self.district, RegionLevel.TOWN, 9)
        self.unit(name, kind=UnitKind.TOWN, region=region)
        return region

    def community(self, name: str, town: Region | None) -> Region:
        """The community of that name below the town, made with its own unit when new."""
        region = self._region(name, town or self.district, RegionLevel.COMMUNITY, 12)
        self.unit(name, kind=UnitKind.COMMUNITY, region=region)
        return region

    def find_community(self, name: str) -> Region | None:
        """The only community of that name in the district; None when there is none or several."""
        wanted = same_name_key(name)
        found = [
            r for (_, k), r in self._regions.items()
            if k == wanted and r.level == RegionLevel.COMMUNITY
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def towns(self) -> list[Region]:
        """The towns known so far."""
        return [r for r in self._regions.values() if r.level == RegionLevel.TOWN]

    def communities(self) -> list[Region]:
        """The communities known so far."""
        return [r for r in self._regions.values() if r.level == RegionLevel.COMMUNITY]

    def _region(self, name: str, parent: Region, level: str, digits: int) -> Region:
        at = (parent.id, same_name_key(name))
        if at not in self._regions:
            key = uuid7()
            self._regions[at] = Region.objects.create(
                id=key, name=name, level=level, parent=parent, code=self._code(parent, digits),
                ancestors=[key, *parent.ancestors], pinyin=pinyin_key(name),
                letters=self._new_letters(name) if level == RegionLevel.TOWN else "",
            )  # fmt: skip
            self.made[level] += 1
        return self._regions[at]

    def _code(self, parent: Region, digits: int) -> str:
        stem = parent.code.ljust(digits - 3, "0")[: digits - 3]
        for n in count(1):
            code = f"{stem}{n:03d}"
            if code not in self._codes:
                self._codes.add(code)
                return code
        raise AssertionError

    def _new_letters(self, name: str) -> str:
        initials = pinyin_key(name).split(" ")[-1].upper()
        tries = [initials[:2], initials[0] + initials[2:3], initials[:3], initials[:4]]
        free = next((t for t in tries if len(t) >= 2 and t not in self._letters), None)
        letters = free or next(
            f"{initials[:2]}{n}" for n in count(2) if f"{initials[:2]}{n}" not in self._letters
        )
        self._letters.add(letters)
        return letters

    # sites

    def site(self, name: str, region: Region, type_key: str = "", address: str = "") -> Site:
        """The site of that name in the region; its type told by its name when not given."""
        at = (region.id, same_name_key(name))
        if at not in self._sites:
            kind = type_key if type_key in self._types else self.type_of(name)
            self._sites[at] = Site.objects.create(
                name=name, region=region, site_type_id=kind, address=address,
                pinyin=pinyin_key(name)[:250],
            )  # fmt: skip
            self._finder.add(name, self._sites[at])
            self.made["site"] += 1
        return self._sites[at]

    def type_of(self, name: str) -> str:
        """The key of the site type that a name tells."""
        for key, words in SITE_WORDS:
            if key in self._types and re.search(words, name):
                return key
        return DEFAULT_TYPE

    def knows_type(self, name: str) -> bool:
        """Whether some site type is told by this name."""
        return any(key in self._types and re.search(words, name) for key, words in SITE_WORDS)

    def site_named(self, text: str, region: Region | None) -> Site | None:
        """The site with the longest name that the text begins with or contains, in the region."""
        named = (site for _, site in self._finder.found(text))
        inside = list(
            {s.id: s for s in named if region is None or s.region_id == region.id}.values()
        )
        inside.sort(key=lambda s: len(s.name), reverse=True)
        if not inside or (len(inside) > 1 and len(inside[0].name) == len(inside[1].name)):
            return None
        return inside[0]

    # units and persons

    def unit(self, name: str, *, kind: str = "", region: Region | None = None) -> Unit:
        """The unit of that name (区住建局 = 住建局), in the region given; made when new."""
        known = self._units.get((same_name_key(name), region.id if region else None))
        if known is None:
            known = Unit.objects.create(
                name=name, kind=kind or kind_of(name), region=region or self.district,
                pinyin=pinyin_key(name)[:160],
            )  # fmt: skip
            self._know_unit(known)
            self.made["unit"] += 1
        return known

    def find_unit(self, name: str) -> Unit | None:
        """A unit already known under this or an equal name."""
        return self._units.get((same_name_key(name), None))

    def person(self, name: str, unit: Unit, *, title: str = "", phone: str = "") -> Person:
        """The person of that name in the unit; two of one name are told apart by their phones."""
        known = self._people.setdefault((unit.id, name), [])
        for person in known:
            if not phone or not person.phone or person.phone == phone:
                if phone and not person.phone:
                    person.phone = phone
                    person.save(update_fields=["phone"])
                return person
        person = Person.objects.create(name=name, title=title, phone=phone, pinyin=pinyin_key(name))
        Post.objects.create(person=person, unit=unit, title=title)
        known.append(person)
        self.made["person"] += 1
        return person

    def party(
        self,
        site: Site,
        unit: Unit,
        part: str,
        person: Person | None = None,
        leader: Person | None = None,
    ) -> None:
        """Let a unit answer for a site, once."""
        if (site.id, unit.id, part) in self._parties:
            return
        SiteParty.objects.create(site=site, unit=unit, part=part, person=person, leader=leader)
        self._parties.add((site.id, unit.id, part))
        self.made["party"] += 1

    def charge(self, person: Person, region: Region) -> None:
        """Let a leader answer for a region, once."""
        if (person.id, region.id) not in self._charges:
            Charge.objects.create(person=person, region=region)
            self._charges.add((person.id, region.id))
            self.made["charge"] += 1

    def close(self) -> None:
        """Others read the directory again, if there is something new in it."""
        news = sum(self.made[sort] for sort in TOLD)
        if news != self._told:
            self._told = news
            changed()


def kind_of(name: str) -> str:
    """The kind of unit that a name tells."""
    for kind, words in UNIT_WORDS:
        if re.search(words, name):
            return kind
    return UnitKind.OTHER


def one_at_a_time(district: Region) -> None:
    """Wait until no other table of this district is being taken in; held to the end of the
    transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [district.id.int % 2**63])
