"""The invented district as plain data: regions, units, persons, posts and accounts, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from weicheng.demo.dice import Dice

DATA = Path(__file__).parent / "data"
GIVEN = "×"  # a given name that is nobody's
PHONE = "1540000{:04d}"  # numbers beginning with 154 are not given out


@dataclass(frozen=True)
class Region:
    """A place: `code` of 6, 9 or 12 digits; `parent` is a code, empty for the city."""

    code: str
    name: str
    level: str
    parent: str
    letters: str = ""
    built_up: float = 1.0


@dataclass(frozen=True)
class Person:
    """Somebody with a `working` unit and, if seconded, another `home` unit (names of units)."""

    key: str
    name: str
    title: str
    phone: str
    working: str
    home: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit by its short name `key`; `kind` is a value of UnitKind, `region` a code."""

    key: str
    name: str
    kind: str
    region: str
    parent: str = ""
    also_sponsor: bool = False
    head: Person | None = None
    contact: Person | None = None
    others: tuple[Person, ...] = ()

    def persons(self) -> Iterator[Person]:
        """Head, contact and the others, each once."""
        seen: set[str] = set()
        for person in (self.head, self.contact, *self.others):
            if person is not None and person.key not in seen:
                seen.add(person.key)
                yield person


@dataclass(frozen=True)
class Account:
    """A log-in: role, username and the key of its person (empty for administrators)."""

    role: str
    username: str
    person: str


@dataclass(frozen=True)
class District:
    """The whole of it; every list in a fixed order."""

    regions: tuple[Region, ...]
    units: tuple[Unit, ...]
    accounts: tuple[Account, ...]
    areas: dict[str, str]  # key of a leader's person -> code of his town
    demonstration: tuple[tuple[str, str, str], ...]  # name, community, site type
    landmarks: tuple[tuple[str, str, str], ...]  # the same, for places the story tells of
    raw: dict[str, Any] = field(repr=False)

    def communities(self) -> list[Region]:
        """The communities in the order of their codes."""
        return [region for region in self.regions if region.level == "community"]

    def towns(self) -> list[Region]:
        """The towns and streets in the order of their codes."""
        return [region for region in self.regions if region.level == "town"]

    def persons(self) -> list[Person]:
        """Everybody, each once."""
        return [person for unit in self.units for person in unit.persons()]

    def unit(self, key: str) -> Unit:
        """The unit with this short name. Raises KeyError."""
        for unit in self.units:
            if unit.key == key:
                return unit
        raise KeyError(key)

    def of_kind(self, kind: str) -> list[Unit]:
        """The units of one kind."""
        return [unit for unit in self.units if unit.kind == kind]


@cache
def district() -> District:
    """The district, read and filled once."""
    raw: dict[str, Any] = yaml.safe_load((DATA / "district.yaml").read_text(encoding="utf-8"))
    regions = tuple(_regions(raw))
    codes = {region.name: region.code for region in regions}
    units = tuple(_Registry(raw, codes).units())
    areas = {
        f"区创卫指挥部/{surname}": codes[town] for surname, town in raw["leaders"]["areas"].items()
    }
    accounts = tuple(_accounts(raw, units))
    named, known = (_triples(raw[key]) for key in ("demonstration", "landmarks"))
    return District(regions, units, accounts, areas, named, known, raw)


def _triples(rows: list[list[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, community, site_type) for name, community, site_type in rows)


def _regions(raw: dict[str, Any]) -> Iterator[Region]:
    city, home = raw["city"], raw["district"]
    yield Region(city["code"], city["name"], "prefecture", "")
    yield Region(home["code"], home["name"], "county", city["code"])
    for i, town in enumerate(raw["towns"], 1):
        code = f"{home['code']}{i:03d}"
        yield Region(code, town["name"], "town", home["code"], town["letters"], town["built_up"])
        for j, name in enumerate(town["communities"], 1):
            yield Region(f"{code}{j:03d}", name, "community", code, built_up=town["built_up"])


class _Registry:
    """Gives out persons with fresh surnames and numbers while the units are made."""

    def __init__(self, raw: dict[str, Any], codes: dict[str, str]) -> None:
        self.raw = raw
        self.codes = codes
        self.home = raw["district"]["code"]
        self.count = 0
        names = list(raw["surnames"])
        Dice("surnames").shuffle(names)
        self.names = names

    def person(self, unit: str, title: str, surname: str = "", home: str = "") -> Person:
        self.count += 1
        if not surname:
            surname = self.names[(self.count * 37) % len(self.names)]
        phone = PHONE.format(self.count)
        key = f"{unit}/{surname}"
        return Person(key, surname + GIVEN, title, phone, unit, home)

    def unit(self, key: str, kind: str, titles: tuple[str, str], **more: Any) -> Unit:
        head = self.person(key, titles[0])
        fixed = self.raw["contacts"].get(key, "")
        contact = self.person(key, titles[1], fixed)
        while contact.key == head.key:
            head = self.person(key, titles[0])
        more.setdefault("region", self.home)
        name = more.pop("name", key)
        return Unit(key, name, kind, head=head, contact=contact, **more)

    def units(self) -> Iterator[Unit]:
        yield from self._top()
        also = set(self.raw["also_sponsors"])
        for key, head, contact in self.raw["bureaus"]:
            yield self.unit(
                key, "bureau", (head, contact), also_sponsor=key in also, name=_formal(key)
            )
        for key in self.raw["operators"]:
            yield self.unit(key, "operator", ("经理", "网络部主任"), name=f"凤凰{key}")
        for key in self.raw["property"]:
            yield self.unit(key, "property", ("经理", "项目主管"), name=f"{key}服务有限公司")
        for key in self.raw["supervision"]:
            yield self.unit(key, "supervision", ("主任", "督查专员"))
        yield from self._places()
        for key in self.raw["sponsors"]:
            yield self.unit(key, "sponsor", ("主要负责人", "包保联络员"), name=_formal(key))

    def _top(self) -> Iterator[Unit]:
        leaders = self.raw["leaders"]
        persons = tuple(self.person(leaders["short"], t, s) for s, t in leaders["persons"])
        yield Unit(
            leaders["short"], leaders["name"], "leaders", self.home,
            head=persons[0], contact=persons[2], others=persons,
        )  # fmt: skip
        office = self.raw["office"]
        staff = tuple(
            self.person(office["short"], title, surname, home)
            for surname, title, home, _ in office["staff"]
        )
        yield Unit(
            office["short"], office["name"], "office", self.home, leaders["short"],
            head=staff[0], contact=staff[1], others=staff,
        )  # fmt: skip
        for key in self.raw["groups"]:
            yield self.unit(key, "group", ("组长", "联络员"), parent=leaders["short"])

    def _places(self) -> Iterator[Unit]:
        for town in self.raw["towns"]:
            code = self.codes[town["name"]]
            sort = "镇长" if town["sort"] == "镇" else "街道主任"
            yield self.unit(
                town["name"], "town", (sort, "创卫专干"), region=code,
                name=f"{town['name']}{'人民政府' if town['sort'] == '镇' else '办事处'}",
            )  # fmt: skip
            for name in town["communities"]:
                village = name.endswith("村")
                yield self.unit(
                    name, "community", ("村支书" if village else "社区书记", "网格长"),
                    region=self.codes[name], parent=town["name"],
                    name=f"{name}{'村民委员会' if village else '居委会'}",
                )  # fmt: skip


def _formal(short: str) -> str:
    return f"凤凰{short}" if short.startswith("区") else short


def _accounts(raw: dict[str, Any], units: tuple[Unit, ...]) -> Iterator[Account]:
    by_key = {unit.key: unit for unit in units}
    short = {"leaders": raw["leaders"]["short"], "office": raw["office"]["short"]}
    for row in raw["accounts"]:
        yield Account(row["role"], row["username"], _who(row["of"], by_key, short))


def _who(of: list[str] | None, units: dict[str, Unit], short: dict[str, str]) -> str:
    if of is None:
        return ""
    where, name = of
    if where in short:
        return f"{short[where]}/{name}"
    person = units[name].head if where == "head" else units[name].contact
    return person.key if person else ""
