"""Proper spreadsheets: regions, sites and people, each loaded whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from weicheng.intake.register import Register, kind_of, one_at_a_time
from weicheng.people.founding import UNCODED
from weicheng.people.models import Post, SitePart, Unit
from weicheng.people.permissions import SEAT_KINDS, directors_of
from weicheng.places.models import BuiltUp, Region, RegionLevel
from weicheng.places.pinyin import key as pinyin_key
from weicheng.places.positions import cell
from weicheng.sheets.headers import Layout, Record, recognise, records
from weicheng.sheets.names import read_phones
from weicheng.sheets.vocabulary import PEOPLE, PLACES, REGIONS, Vocabulary
from weicheng.standards.models import SiteType

if TYPE_CHECKING:
    from weicheng.sheets.workbook import Table


LEVEL_OF_LENGTH = {6: RegionLevel.COUNTY, 9: RegionLevel.TOWN, 12: RegionLevel.COMMUNITY}
LEVEL_WORDS = (
    ("社区", RegionLevel.COMMUNITY), ("村", RegionLevel.COMMUNITY), ("居委", RegionLevel.COMMUNITY),
    ("镇", RegionLevel.TOWN), ("乡", RegionLevel.TOWN), ("街道", RegionLevel.TOWN),
    ("区", RegionLevel.COUNTY), ("县", RegionLevel.COUNTY), ("市", RegionLevel.COUNTY),
)  # fmt: skip


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be taken: its number from 1, a code and what the sentence needs."""

    row: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class TableResult:
    """What a table added, or why it added nothing (then ``wrong`` is not empty)."""

    rows: int = 0
    made: dict[str, int] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


Reader = Callable[["_Load", Record], None]


class _Load:
    """One table on its way into the register."""

    def __init__(self, district: Region) -> None:
        self.register = Register(district)
        self.wrong: list[Wrong] = []
        self.types = {t.name_zh: t.key for t in SiteType.objects.all()}
        self.types |= {key: key for key in list(self.types.values())}

    def fail(self, record: Record, code: str, **params: Any) -> None:
        """Note what is wrong with a row; nothing of the table will be kept."""
        self.wrong.append(Wrong(record.rows[0] + 1, code, params))


def learn_table(
    kind: str,
    table: Table,
    *,
    district: Region,
    layout: Layout | None = None,
    dry_run: bool = False,
) -> TableResult:
    """Load a table of ``kind`` (regions, places or people): all rows or none; idempotent."""
    vocabulary, read = READERS[kind]
    layout = layout or recognise(table, vocabulary)
    result = TableResult()
    with transaction.atomic():
        one_at_a_time(district)
        load = _Load(district)
        for record in records(table, layout):
            if record.values:
                result.rows += 1
                read(load, record)
        result.wrong = load.wrong
        result.made = dict(load.register.made)
        if load.wrong or dry_run:
            transaction.set_rollback(True)
    load.register.close()
    return result


def _region(load: _Load, record: Record) -> None:
    name, code = record.text("name"), record.text("code").replace(" ", "")
    if not name:
        return load.fail(record, "name_missing")
    if code and (not code.isdigit() or len(code) not in LEVEL_OF_LENGTH):
        return load.fail(record, "code_wrong", value=code)
    level = LEVEL_OF_LENGTH.get(len(code)) or _level(record.text("level") or name)
    if level is None:
        return load.fail(record, "level_unknown", value=name)
    if level == RegionLevel.COUNTY:
        return _county(load, record, name, code)
    region = _placed(load, record, name, level)
    if region is not None:
        _recode(region, code, record.text("letters").upper())
    return None


def _county(load: _Load, record: Record, name: str, code: str) -> None:
    district = load.register.district
    if district.code in {UNCODED, code} or district.name == name:
        district.name, district.pinyin = name, pinyin_key(name)
        district.code = code or district.code
        district.save(update_fields=["name", "pinyin", "code"])
        return None
    return load.fail(record, "other_district", value=name, here=district.name)


def _placed(load: _Load, record: Record, name: str, level: str) -> Region | None:
    if level == RegionLevel.TOWN:
        return load.register.town(name)
    above, code = record.text("parent") or record.text("town"), record.text("code")
    town = load.register.town(above) if above else None
    if town is None and code:
        town = next((t for t in load.register.towns() if t.code == code[:9]), None)
    if town is None:
        load.fail(record, "town_missing", value=name)
        return None
    return load.register.community(name, town)


def _recode(region: Region, code: str, letters: str) -> None:
    changed = {"code": code, "letters": letters[:4]}
    for name, value in changed.items():
        if value:
            setattr(region, name, value)
    region.save(update_fields=["code", "letters"])


def _level(text: str) -> str | None:
    return next((level for word, level in LEVEL_WORDS if text.endswith(word)), None)


def _place(load: _Load, record: Record) -> None:
    name = record.text("name") or record.text("address")
    if not name:
        return load.fail(record, "name_missing")
    told = record.text("type")
    if told and told not in load.types and not load.register.knows_type(told):
        return load.fail(record, "type_unknown", value=told)
    position = _position(record)
    if position == "wrong":
        return load.fail(record, "position_wrong")
    region = _region_of(load, record)
    site = load.register.site(
        name, region, load.types.get(told) or (load.register.type_of(told) if told else ""),
        record.text("address"),
    )  # fmt: skip
    site.built_up = _built_up(record.text("built_up")) or site.built_up
    if isinstance(position, tuple):
        site.latitude, site.longitude = position
        site.h3 = cell(*position)
    site.external_id = record.text("code")[:60] or site.external_id
    site.save()
    for part, column in ((SitePart.KEEPER, "keeper"), (SitePart.BUREAU, "bureau")):
        if record.text(column):
            unit = load.register.unit(record.text(column))
            load.register.party(site, unit, part, _contact(load, record, unit, part))
    return None


def _contact(load: _Load, record: Record, unit: Any, part: str) -> Any:
    name = record.text("contact")
    if part != SitePart.KEEPER or not name:
        return None
    phones = read_phones(record.get("phone"))
    return load.register.person(name, unit, phone=phones[0] if phones else "")


def _region_of(load: _Load, record: Record) -> Region:
    town = load.register.town(record.text("town")) if record.text("town") else None
    name = record.text("community")
    if not name:
        return town or load.register.district
    known = None if town else load.register.find_community(name)
    return known or load.register.community(name, town)


def _position(record: Record) -> tuple[float, float] | str | None:
    """(latitude, longitude) in WGS84 degrees, None when absent, "wrong" when not a position."""
    parts = [record.text("longitude"), record.text("latitude")]
    if record.text("position"):
        parts = record.text("position").replace("，", ",").split(",")
    if not any(parts):
        return None
    try:
        longitude, latitude = (float(p) for p in parts)
    except ValueError:
        return "wrong"
    inside = 73 <= longitude <= 136 and 3 <= latitude <= 54
    return (latitude, longitude) if inside else "wrong"


def _built_up(text: str) -> str:
    if not text:
        return ""
    if text in {"是", "内", "建成区内", "区内", "1", "√"}:
        return BuiltUp.INSIDE
    return (
        BuiltUp.OUTSIDE if text in {"否", "外", "建成区外", "区外", "0", "×"} else BuiltUp.UNDECIDED
    )


def _person(load: _Load, record: Record) -> None:
    name, unit_name = record.text("name"), record.text("unit")
    if not name:
        return load.fail(record, "name_missing")
    if not unit_name:
        return load.fail(record, "unit_missing", value=name)
    phones = read_phones(record.get("phone"))
    unit = load.register.unit(unit_name, kind=kind_of(unit_name))
    person = load.register.person(
        name, unit, title=record.text("title"), phone=phones[0] if phones else ""
    )
    home = record.text("home_unit")
    if home and home != unit_name:
        Post.objects.get_or_create(
            person=person, unit=load.register.unit(home), sort=Post.Sort.HOME
        )
    leads = any(w in record.text("title") for w in ("局长", "主任", "书记", "镇长", "经理"))
    if unit.head_id is None and leads and not _is_the_directors_to_say(unit):
        unit.head = person
        unit.save(update_fields=["head"])
    return None


def _is_the_directors_to_say(unit: Unit) -> bool:
    """Whether its head sees what nobody else does, and there is somebody to say who that is."""
    return unit.kind in SEAT_KINDS and unit.region is not None and bool(directors_of(unit.region))


READERS: dict[str, tuple[Vocabulary, Reader]] = {
    "regions": (REGIONS, _region),
    "places": (PLACES, _place),
    "people": (PEOPLE, _person),
}
