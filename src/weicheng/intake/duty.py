"""A duty sheet (包保分工表) becomes regions, sites, units, persons and who answers for what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from weicheng.intake.register import Register, one_at_a_time
from weicheng.people.founding import UNCODED, name_district
from weicheng.people.models import SitePart, UnitKind

if TYPE_CHECKING:
    from weicheng.people.models import Person, Unit
    from weicheng.places.models import Region
    from weicheng.sheets.duties import DutyRow, DutySheet, Notice

_DISTRICT = re.compile(r"([\u3400-\u9fff]{2,8}?(?:自治县|[县区市旗]))")


@dataclass(frozen=True)
class Learnt:
    """What a table added: counts by sort (town, community, site, unit, person, party), notices."""

    made: dict[str, int]
    rows: int
    notices: list[Notice] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)


def learn_duties(
    sheet: DutySheet, *, district: Region, title: str = "", dry_run: bool = False
) -> Learnt:
    """Take in a duty sheet, all or nothing; the same sheet again adds nothing.

    ``title``: the words above the table; they name a district that has only a stand-in name.
    """
    with transaction.atomic():
        one_at_a_time(district)
        register = Register(district)
        if district.code == UNCODED and (name := district_in(title)) and name != district.name:
            name_district(district, name)
        for row in sheet.rows:
            _row(register, row)
        if dry_run:
            transaction.set_rollback(True)
    register.close()
    return Learnt(dict(register.made), len(sheet.rows), list(sheet.notices), list(sheet.notes))


def district_in(title: str) -> str:
    """The district that a title names: 凤凰区创建国家卫生城市… → 凤凰区."""
    found = _DISTRICT.match(re.sub(r"^[\s\d年月日关于印发《“]+", "", title))
    return found[1] if found and "小区" not in found[1] else ""


def _row(register: Register, row: DutyRow) -> None:
    region = _region(register, row)
    leader = _leader(register, row, region)
    if not row.place:
        return
    site = register.site(row.place, region, address=row.address)
    for unit_name in row.units or ((row.unit,) if row.unit else ()):
        unit = register.unit(unit_name)
        _is_sponsor(unit)
        person = _contact(register, row, unit)
        register.party(site, unit, SitePart.SPONSOR, person, leader)
    if row.territory:
        keeper = register.unit(row.community or row.town or register.district.name)
        person = register.person(row.territory, keeper, phone=row.territory_phone)
        register.party(site, keeper, SitePart.KEEPER, person)
    if "示范" in row.remark or "弃管" in row.remark:
        tag = "示范" if "示范" in row.remark else "弃管"
        if site.tag != tag:
            site.tag = tag
            site.save(update_fields=["tag"])


def _region(register: Register, row: DutyRow) -> Region:
    town = register.town(row.town) if row.town else None
    if row.community:
        known = None if town else register.find_community(row.community)
        return known or register.community(row.community, town)
    return town or register.district


def _leader(register: Register, row: DutyRow, region: Region) -> Person | None:
    if not row.leader:
        return None
    unit = register.unit("区领导", kind=UnitKind.LEADERS)
    person = register.person(row.leader, unit, title=row.leader_title, phone=row.leader_phone)
    register.charge(person, region)
    return person


def _contact(register: Register, row: DutyRow, unit: Unit) -> Person | None:
    if not row.contact:
        if row.phone and not unit.phone:
            unit.phone = row.phone
            unit.save(update_fields=["phone"])
        return None
    person = register.person(row.contact, unit, phone=row.phone)
    if unit.contact_id is None:
        unit.contact = person
        unit.save(update_fields=["contact"])
    return person


def _is_sponsor(unit: Unit) -> None:
    if not unit.also_sponsor:
        unit.also_sponsor = True
        unit.save(update_fields=["also_sponsor"])
