"""A ledger of problems (问题台账) → typed rows, raw values kept, every doubtful cell named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from .cells import EXACT_BELOW, Cell, text_of, tidy, tidy_lines
from .dates import Moment, read_moment
from .deadlines import Deadline, read_deadline
from .headers import Layout, Record, recognise, records
from .names import Name, read_phones, split_names, split_units
from .pictures import Picture
from .placenames import split_place
from .quantities import Quantity, find_quantities, read_quantity
from .vocabulary import LEDGER
from .workbook import Table

Status = Literal["new", "run", "check", "done", "long", ""]
_BLANK = re.compile(r"[-—–/\\無无×xX]*")
_STATUSES: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("long", re.compile(r"长期|持续(?:推进|整改)|常态|挂账")),
    ("check", re.compile(r"待(?:验收|复核|核查|审核|销号|复查)|申请销号|已反馈|已上报|已回复")),
    (
        "new",
        re.compile(
            r"待(?:派|分派|交办|派单|处理|整改|处置)|未(?:派|交办|受理|启动|处理)|新增|已登记"
        ),
    ),
    (
        "run",
        re.compile(
            r"未(?:整改|完成|销号|办结|解决|到位|落实|改)|没有?(?:整改|完成|改)|不到位|不合格|部分|"
            r"正在|整改中|处理中|进行中|办理中|推进中|处置中|施工中|"
            r"已(?:派|交办|签收|下发|督办|安排|联系|转办|协调|通知)|退回|逾期|超期|否|延期|基本"
        ),
    ),
    (
        "done",
        re.compile(
            r"已?(?:整改|销号|销项|完成|办结|解决|清理|处理|处置|清除|修复|结案|拆除|规范|更换|"
            r"归档|验收|到位|补齐)"
            r"(?:完毕|完成|到位|合格|通过|好|销号)*|是|√|✓|✔|☑|合格|达标"
        ),
    ),
)


@dataclass(frozen=True)
class RowError:
    """A cell that could not be taken as it stands. `column` is its field; `fatal`: the row cannot
    become a problem until it is mended.

    Codes: description_missing (fatal), found_at_unreadable, found_at_future, found_at_doubtful,
    deadline_unreadable, deadline_doubtful, deadline_before_found, closed_at_unreadable,
    closed_before_found, quantity_unreadable, quantity_differs (written, described),
    status_unknown, done_without_date, phone_unreadable, id_digits_lost, id_repeated (first_row).
    Every one has the param `value` where there is one.
    """

    code: str
    column: str
    params: Mapping[str, object] = field(default_factory=dict)
    fatal: bool = False


@dataclass(frozen=True)
class LedgerRow:
    """One problem as the ledger has it; `raw` keeps each field's cell, `row` counts from 1."""

    row: int
    raw: Mapping[str, Cell]
    errors: list[RowError]
    external_id: str
    serial: str
    found_at: Moment | None
    town: str
    community: str
    place: str
    """The place without the town and community written before it."""
    place_raw: str
    site_type: str
    description: str
    quantity: Quantity | None
    lead: tuple[str, ...]
    responsible: tuple[str, ...]
    supporting: tuple[str, ...]
    sponsor: tuple[str, ...]
    leader: tuple[Name, ...]
    contact: tuple[Name, ...]
    phone: str
    deadline: Deadline | None
    requirement: str
    measure: str
    status: Status
    """'' if no column says anything about it and no closing date is given."""
    status_raw: str
    closed_at: Moment | None
    source: str
    finder: str
    standard: str
    kind: str
    severity: str
    verifier: str
    remark: str
    before: list[Picture] = field(default_factory=list)
    during: list[Picture] = field(default_factory=list)
    after: list[Picture] = field(default_factory=list)
    other_pictures: list[Picture] = field(default_factory=list)
    """Pictures of the row that lie in no picture column."""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether no fatal error stands against the row."""
        return not any(error.fatal for error in self.errors)


@lru_cache(maxsize=4096)
def _units(cell: Cell | None) -> tuple[str, ...]:
    return tuple(split_units(cell))


@lru_cache(maxsize=4096)
def _people(cell: Cell | None) -> tuple[Name, ...]:
    return tuple(split_names(cell))


@lru_cache(maxsize=4096)
def _phones(cell: Cell) -> tuple[str, ...]:
    return tuple(read_phones(cell))


@lru_cache(maxsize=4096)
def read_status(value: Cell | None) -> Status | None:
    """'已整改' → 'done', '整改中' → 'run', '待派' → 'new' …; '' if blank, None if unknown."""
    text = tidy(value).strip("。.!！ ")
    if _BLANK.fullmatch(text):
        return ""
    if text in ("否", "×", "N", "n"):
        return "run"
    found: dict[Status, int] = {}
    for status, pattern in _STATUSES:
        match = pattern.search(text)
        if match:
            found[status] = match.start()
    if not found:
        return None
    if "run" in found and "done" in found and "check" not in found:
        open_yet = found["run"] <= found["done"] or re.search(r"未|不|正在|部分|基本|中$", text)
        return "run" if open_yet else "done"
    return "check" if "check" in found else next(iter(found))


def read_ledger(
    table: Table,
    *,
    today: dt.date,
    tz: dt.tzinfo,
    layout: Layout | None = None,
    towns: tuple[str, ...] = (),
    communities: tuple[str, ...] = (),
) -> Iterator[LedgerRow]:
    """The rows of a ledger, one by one (50,000 need not be held at once).

    Known towns and communities help to split '石桥镇南门社区…'. Raises SheetError no_header.
    """
    layout = layout or recognise(table, LEDGER)
    reader = _Reader(table, layout, today=today, tz=tz, towns=towns, communities=communities)
    for record in records(table, layout):
        if record.values or reader.pictures(record):
            yield reader.row(record)


_TEXTS = ("serial", "site_type", "source", "finder", "standard", "kind", "severity", "verifier")
_LINES = ("requirement", "measure", "remark")
_UNITS = ("lead", "responsible", "supporting", "sponsor")
_PEOPLE = ("leader", "contact")


def _plain_fields(record: Record) -> dict[str, Any]:
    """The fields that are read without regard to others."""
    found: dict[str, Any] = {name: record.text(name) for name in _TEXTS}
    found |= {name: tidy_lines(record.get(name)) for name in _LINES}
    found |= {name: _units(record.get(name)) for name in _UNITS}
    return found | {name: _people(record.get(name)) for name in _PEOPLE}


class _Reader:
    """Reads one record after another; remembers ids and group headings."""

    def __init__(
        self,
        table: Table,
        layout: Layout,
        *,
        today: dt.date,
        tz: dt.tzinfo,
        towns: tuple[str, ...],
        communities: tuple[str, ...],
    ) -> None:
        self._table, self._layout, self._today, self._tz = table, layout, today, tz
        self._towns, self._communities = towns, communities
        self._unknown = layout.unknown
        self._ids: dict[str, int] = {}
        self._headings = sorted(layout.groups.items())
        self._by_row: dict[int, list[tuple[int, list[Picture]]]] = {}
        for (row, column), found in table.pictures.items():
            self._by_row.setdefault(row, []).append((column, found))
        self._places: dict[str, tuple[str, str, str]] = {}

    def row(self, record: Record) -> LedgerRow:
        """One typed row with its errors."""
        errors: list[RowError] = []
        values, text = record.values, record.text
        found_at = self._moment(values, "found_at", errors)
        deadline = self._deadline(values, found_at, errors)
        closed_at = self._moment(values, "closed_at", errors, found_at)
        description = tidy_lines(values.get("description"))
        pictures = self.pictures(record)
        if not description:
            errors.append(RowError("description_missing", "description", fatal=True))
        town, community, place = self._place(record)
        status = self._status(record, closed_at, errors)
        return LedgerRow(
            row=record.rows[0] + 1,
            raw=values,
            errors=errors,
            external_id=self._identity(record, errors),
            found_at=found_at,
            town=town,
            community=community,
            place=place,
            place_raw=text("place"),
            description=description,
            quantity=self._quantity(record, description, errors),
            phone=self._phone(record, errors),
            deadline=deadline,
            status=status,
            status_raw=text("status"),
            closed_at=closed_at,
            before=pictures.get("before", []),
            during=pictures.get("during", []),
            after=pictures.get("after", []),
            other_pictures=pictures.get("", []),
            extra=self._extra(record),
            **_plain_fields(record),
        )

    def pictures(self, record: Record) -> dict[str, list[Picture]]:
        """The record's pictures by 'before', 'during', 'after', '' (elsewhere)."""
        found: dict[str, list[Picture]] = {}
        names = {self._layout.columns.get(n, -1): n for n in ("before", "during", "after")}
        for row in record.rows:
            for column, pictures in sorted(self._by_row.get(row, ()), key=lambda pair: pair[0]):
                found.setdefault(self._column_of(column, names), []).extend(pictures)
        return found

    def _column_of(self, column: int, names: Mapping[int, str]) -> str:
        """A picture column spans the unnamed columns to its right."""
        labels = self._layout.labels
        while column > 0 and column not in names and not (column < len(labels) and labels[column]):
            column -= 1
        return names.get(column, "")

    def _identity(self, record: Record, errors: list[RowError]) -> str:
        value = record.get("external_id")
        identity = tidy(value)
        if isinstance(value, float) and abs(value) >= EXACT_BELOW:
            errors.append(RowError("id_digits_lost", "external_id", {"value": text_of(value)}))
        if identity and identity in self._ids:
            params = {"value": identity, "first_row": self._ids[identity]}
            errors.append(RowError("id_repeated", "external_id", params))
        elif identity:
            self._ids[identity] = record.rows[0] + 1
        return identity

    def _moment(
        self,
        values: Mapping[str, Cell],
        name: str,
        errors: list[RowError],
        after: Moment | None = None,
    ) -> Moment | None:
        value = values.get(name)
        if value is None or _BLANK.fullmatch(tidy(value)):
            return None
        moment = read_moment(value, today=self._today, tz=self._tz)
        shown = {"value": tidy(value)}
        if moment is None:
            errors.append(RowError(f"{name}_unreadable", name, shown))
        elif after and moment.day < after.day:
            errors.append(RowError("closed_before_found", name, shown))
        elif moment.day > self._today + dt.timedelta(days=1):
            errors.append(RowError(f"{name}_future", name, shown))
        elif moment.doubtful:
            errors.append(RowError(f"{name}_doubtful", name, shown))
        return moment

    def _deadline(
        self, values: Mapping[str, Cell], found_at: Moment | None, errors: list[RowError]
    ) -> Deadline | None:
        value = values.get("deadline")
        if value is None or _BLANK.fullmatch(tidy(value)):
            return None
        found = found_at.day if found_at else None
        deadline = read_deadline(value, today=self._today, tz=self._tz, found=found)
        shown = {"value": tidy(value)}
        if deadline is None:
            errors.append(RowError("deadline_unreadable", "deadline", shown))
        elif deadline.moment and found and deadline.moment.day < found:
            errors.append(RowError("deadline_before_found", "deadline", shown))
        elif deadline.doubtful and "天" not in self._label("deadline"):
            errors.append(RowError("deadline_doubtful", "deadline", shown))
        return deadline

    def _label(self, name: str) -> str:
        column = self._layout.columns.get(name, -1)
        return self._layout.labels[column] if column >= 0 else ""

    def _quantity(
        self, record: Record, description: str, errors: list[RowError]
    ) -> Quantity | None:
        value, described = record.get("quantity"), find_quantities(description)
        if _BLANK.fullmatch(tidy(value)):
            return described[0] if len(described) == 1 else None
        quantity = read_quantity(value, unit=record.text("unit") if "unit" in record.values else "")
        if quantity is None:
            inside = find_quantities(tidy(value))
            errors.append(RowError("quantity_unreadable", "quantity", {"value": tidy(value)}))
            return inside[0] if len(inside) == 1 else None
        same = [q for q in described if q.unit == quantity.unit]
        if same and all(q.number != quantity.number for q in same):
            params = {"written": str(quantity.number), "described": str(same[0].number)}
            errors.append(RowError("quantity_differs", "quantity", params))
        return quantity

    def _status(self, record: Record, closed_at: Moment | None, errors: list[RowError]) -> Status:
        status = read_status(record.get("status"))
        if status is None:
            errors.append(RowError("status_unknown", "status", {"value": record.text("status")}))
            status = ""
        if status == "done" and closed_at is None and "closed_at" in self._layout.columns:
            errors.append(RowError("done_without_date", "closed_at"))
        return "done" if not status and closed_at else status

    def _phone(self, record: Record, errors: list[RowError]) -> str:
        phones = _phones(record.get("phone")) or _phones(record.get("contact"))
        if not phones and not _BLANK.fullmatch(record.text("phone")):
            errors.append(RowError("phone_unreadable", "phone", {"value": record.text("phone")}))
        return phones[0] if phones else ""

    def _place(self, record: Record) -> tuple[str, str, str]:
        town, community, place = (record.text(n) for n in ("town", "community", "place"))
        named, inner, rest = self._split(place) if place else ("", "", "")
        if (not town or named == town) and (not community or not inner or inner == community):
            town, community, place = town or named, community or inner, rest
        if town and not community:
            named, inner, _ = self._split(town)
            town, community = (named, inner) if named and inner else (town, community)
        if not town:
            town, inner, _ = self._split(self._heading(record.rows[0]))
            community = community or inner
        return town, community, place

    def _split(self, text: str) -> tuple[str, str, str]:
        if text not in self._places:
            if len(self._places) > 20_000:
                self._places.clear()
            self._places[text] = split_place(text, self._towns, self._communities)
        return self._places[text]

    def _heading(self, row: int) -> str:
        above = [text for number, text in self._headings if number < row]
        return re.sub(r"^[一二三四五六七八九十]+、|^[^㐀-鿿]+", "", above[-1]) if above else ""

    def _extra(self, record: Record) -> dict[str, str]:
        found = {}
        for column, label in self._unknown.items():
            value = tidy(self._table.filled(record.rows[0], column))
            if value:
                found[label] = value
        return found
