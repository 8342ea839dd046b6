"""A sheet of who sponsors which compound (包保分工表) → typed rows, with every gap named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .cells import is_blank, tidy
from .headers import Layout, Record, recognise, records
from .names import Name, read_phones, split_name, split_names, split_units
from .placenames import split_place, town_kind
from .vocabulary import DUTY
from .workbook import Table

_ABOVE = ("town", "community", "leader", "leader_title", "leader_phone")
"""Fields that stand for those below; the unit's own fields follow only as one block."""
_BLOCK = ("unit", "contact", "phone")
_EMPTY = re.compile(r"[-—–/\\无暂待定空缺×xX*]*|(?:暂无|待定|空缺|无|未定|待分配)")
_NUMBERED = re.compile(
    r"^[(（]?[一二三四五六七八九十]+[)）]?[、.]?(?=\S)(?![㐀-鿿]?[镇乡])|^[^㐀-鿿]+"
)
_TOWN = re.compile(r"([㐀-鿿]{2,5}?(?:街道办事处|街道办|街道|镇|乡))")


@dataclass(frozen=True)
class Notice:
    """Something to be looked at: `row` as the spreadsheet counts (from 1), 0 for the whole sheet.

    Codes: town_missing, community_missing, place_missing, unit_missing, leader_missing,
    contact_missing, phone_missing, phone_unreadable (phone), carried (field, count: blank cells
    filled from above without merged cells), carried_over_gap (field), row_unread (text),
    heading (text: a row that only heads those below), repeated_place (place, first_row: the same
    place stands there with another unit; both kept).
    """

    code: str
    row: int
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class DutyRow:
    """One line of duty. Texts are tidy, '' if absent; `row` as the spreadsheet counts."""

    row: int
    town: str
    community: str
    place: str
    leader: str
    leader_title: str
    unit: str
    contact: str
    phone: str
    remark: str
    units: tuple[str, ...] = ()
    """All units of the cell; `unit` is the first."""
    leaders: tuple[Name, ...] = ()
    contacts: tuple[Name, ...] = ()
    address: str = ""
    territory: str = ""
    """Who answers for the place on the community's side."""
    territory_phone: str = ""
    leader_phone: str = ""
    unit_leader: str = ""
    manager: str = ""
    households: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Columns that are no known field, by their name."""

    @property
    def town_kind(self) -> str:
        """'street', 'town', 'township' or '' by the suffix of `town`."""
        return town_kind(self.town)


@dataclass(frozen=True)
class DutySheet:
    """What a duty sheet says: rows in order, notices, foot notes as (row, text)."""

    rows: list[DutyRow]
    notices: list[Notice]
    notes: list[tuple[int, str]]
    layout: Layout


def read_duties(table: Table, layout: Layout | None = None) -> DutySheet:
    """The duty rows of a table. Raises SheetError no_header if it is no duty sheet."""
    layout = layout or recognise(table, DUTY)
    reading = _Reading(table, layout)
    return reading.result()


class _Reading:
    """Carries values down and collects notices while the rows are read."""

    def __init__(self, table: Table, layout: Layout) -> None:
        self._table, self._layout = table, layout
        self._records = list(records(table, layout))
        self._notices = [
            Notice("heading", row + 1, {"text": text}) for row, text in layout.groups.items()
        ]
        self._carried = self._carried_fields()
        self._last: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._default_town = self._town_of_sheet()

    def result(self) -> DutySheet:
        """All rows read."""
        rows, previous = [], None
        for record in self._records:
            self._enter(record, previous)
            row = self._row(record)
            if row:
                rows.append(row)
            previous = record
        for name, count in self._counts.items():
            self._notices.append(Notice("carried", 0, {"field": name, "count": count}))
        self._notices += _repeats(rows)
        notes = [(row + 1, text) for row, text in self._layout.notes]
        self._notices.sort(key=lambda notice: notice.row)
        return DutySheet(rows, self._notices, notes, self._layout)

    def _town_of_sheet(self) -> str:
        """The town named by the sheet or above its head, where no column says it."""
        if "town" in self._layout.columns:
            return ""
        above = [tidy(v) for r in range(self._layout.header_rows[0]) for v in self._table.rows[r]]
        for text in [self._table.sheet, *above]:
            towns = set(_TOWN.findall(re.sub(r"包街|创建|关于|[^㐀-鿿]", " ", text)))
            if len(towns) == 1:
                return _town(towns.pop())
        return ""

    def _carried_fields(self) -> frozenset[str]:
        """Fields whose column is visibly grouped by blanks below the first of each group."""
        found = {name for name in _ABOVE if self._grouped(name, 0.6)}
        if len(self._records) >= 6 and self._grouped("unit", 0.4):
            found |= {name for name in _BLOCK if self._grouped(name, 0.5)}
        return frozenset(found)

    def _grouped(self, name: str, share: float) -> bool:
        column = self._layout.columns.get(name)
        if column is None or not self._records:
            return False
        first, last = self._layout.first_row, self._layout.last_row
        for top, left, bottom, right in self._table.merges:
            if bottom > top and left <= column <= right and first <= top <= last:
                return False
        texts = [record.text(name) for record in self._records]
        filled = [text for text in texts if text]
        repeats = sum(1 for a, b in pairwise(texts) if a and a == b)
        return bool(texts[0]) and 0 < len(filled) <= share * len(texts) and not repeats

    def _enter(self, record: Record, previous: Record | None) -> None:
        """At a heading a new group begins; at a blank row too, unless the numbering goes on."""
        start = previous.rows[-1] + 1 if previous else self._layout.first_row
        between = range(start, record.rows[0])
        for row in between:
            if row in self._layout.groups:
                heading = _NUMBERED.sub("", self._layout.groups[row])
                town, community, _ = split_place(heading)
                self._last = {"heading_town": town, "heading_community": community}
                if not town and self._default_town:
                    self._last["heading_town"] = self._default_town
        if any(self._layout.skipped.get(row) == "blank" for row in between) and previous:
            if not _continues(previous, record):
                self._last = {k: v for k, v in self._last.items() if k.startswith("heading")}
            else:
                for name in sorted(self._carried & {"town"}):
                    if not record.text(name) and self._last.get(name):
                        params = {"field": name, "value": self._last[name]}
                        self._notices.append(Notice("carried_over_gap", record.rows[0] + 1, params))

    def _value(self, record: Record, name: str) -> str:
        text = record.text(name)
        if _EMPTY.fullmatch(text):
            text = ""
        if name not in self._carried:
            return text
        if text:
            if name == "town" and text != self._last.get("town"):
                for other in ("community", "leader", "leader_title", "leader_phone"):
                    self._last.pop(other, None)
            self._last[name] = text
            return text
        if self._blocked(record, name):
            return ""
        carried = self._last.get(name, "")
        if carried:
            self._counts[name] = self._counts.get(name, 0) + 1
        return carried

    def _blocked(self, record: Record, name: str) -> bool:
        """A unit's contact is not carried to a row that names another unit."""
        return name in ("contact", "phone") and "unit" in record.values

    def _row(self, record: Record) -> DutyRow | None:
        number = record.rows[0] + 1
        values = {name: self._value(record, name) for name in self._layout.columns}
        town, community, place = self._place(values)
        if not (place or community) and not (town and values.get("unit")):
            text = self._kept_text(record)
            if text:
                self._notices.append(Notice("row_unread", number, {"text": text}))
            return None
        units = (*split_units(values.get("unit", "")),)
        leaders = (*split_names(values.get("leader", "")),)
        contacts = (*split_names(record.get("contact") or values.get("contact", "")),)
        phones = read_phones(values.get("phone", "")) or [c.phone for c in contacts if c.phone]
        leader = (*leaders, Name(""))[0]
        row = DutyRow(
            row=number,
            town=town,
            community=community,
            place=place,
            leader=leader.name,
            leader_title=values.get("leader_title") or leader.title,
            unit=units[0] if units else "",
            contact=contacts[0].name if contacts else "",
            phone=phones[0] if phones else "",
            remark=values.get("remark", ""),
            units=units,
            leaders=leaders,
            contacts=_with_phones(contacts, phones),
            address=values.get("address", ""),
            territory=split_name(values.get("territory", "")).name,
            territory_phone=(read_phones(values.get("territory_phone", "")) or [""])[0]
            or split_name(values.get("territory", "")).phone,
            leader_phone=(read_phones(values.get("leader_phone", "")) or [leader.phone])[0],
            unit_leader=split_name(values.get("unit_leader", "")).name,
            manager=values.get("manager", ""),
            households=values.get("households", ""),
            extra=self._extra(record.rows[0]),
        )
        self._notice_gaps(row, values)
        return row

    def _kept_text(self, record: Record) -> str:
        return " ".join(record.text(name) for name in record.own if name != "serial").strip()

    def _place(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        town, community = values.get("town", ""), values.get("community", "")
        place = values.get("place", "") or values.get("address", "")
        split_town, split_community, rest = split_place(town)
        if split_community and not community:
            town, community, place = split_town, split_community, place or rest
        if not town and community:
            named, inner, _ = split_place(community)
            town, community = (named, inner) if named and inner else (town, community)
        if place and not community and (not town or place.startswith(town)):
            named, inner, rest = split_place(place)
            if inner and rest:
                town, community, place = town or named, inner, rest
        town = _town(town) or self._last.get("heading_town", "") or self._default_town
        community = community or self._last.get("heading_community", "")
        return town, re.sub(r"社区居(?:民)?委(?:员)?会$", "社区", community), place

    def _extra(self, row: int) -> dict[str, str]:
        unknown = self._layout.unknown.items()
        found = ((label, self._table.filled(row, column)) for column, label in unknown)
        return {label: tidy(value) for label, value in found if not is_blank(value)}

    def _notice_gaps(self, row: DutyRow, values: Mapping[str, str]) -> None:
        gaps = [("town", row.town), ("community", row.community), ("place", row.place)]
        gaps += [("unit", row.unit), ("leader", row.leader)]
        if row.unit:
            gaps += [("contact", row.contact), ("phone", row.phone)]
        columns = self._layout.columns
        for name, value in gaps:
            if value or (name not in columns and name != "unit"):
                continue
            if name == "phone" and values.get("phone"):
                params = {"phone": values["phone"]}
                self._notices.append(Notice("phone_unreadable", row.row, params))
            else:
                self._notices.append(Notice(f"{name}_missing", row.row))


def _town(name: str) -> str:
    return re.sub(r"(?<=街道)办(?:事处)?$|(?<=[镇乡])(?:人民)?政府$", "", name)


def _continues(previous: Record, record: Record) -> bool:
    """Whether the serial numbers run on from one row to the next."""
    first, second = previous.text("serial"), record.text("serial")
    return first.isdigit() and second.isdigit() and int(second) == int(first) + 1


def _with_phones(contacts: Sequence[Name], phones: Sequence[str]) -> tuple[Name, ...]:
    """Gives each contact his phone where the cells hold equally many, or the first the only one."""
    if len(contacts) == len(phones) or len(phones) == 1:
        padded = [*phones, *[""] * len(contacts)]
        pairs = zip(contacts, padded, strict=False)
        return tuple(Name(c.name, c.title, c.phone or phone) for c, phone in pairs)
    return tuple(contacts)


def _repeats(rows: Sequence[DutyRow]) -> list[Notice]:
    seen: dict[tuple[str, str, str], int] = {}
    found = []
    for row in rows:
        key = (row.town, row.community, row.place)
        if row.place and key in seen:
            params = {"place": row.place, "first_row": seen[key]}
            found.append(Notice("repeated_place", row.row, params))
        seen.setdefault(key, row.row)
    return found
