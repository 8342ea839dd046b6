"""The page of an imported duty table: every cell as it stands beside its reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from weicheng.duties.aliases import UnitFinder
from weicheng.duties.models import DutyBatch, DutyCell, DutyPart, UnitRule
from weicheng.people.models import Unit
from weicheng.standards.models import Aspect, Item, ProblemKind, Standard
from weicheng.standards.models.reader import in_language

from .adopting import RULES
from .choices import NEW, NONE, claim_name, item_name, ok_name, unit_value
from .words import doubt_words

#: With more fields than this the lists of units hold only the likely ones.
MOST_OPTIONS = 15_000
Options = list[tuple[str, str]]


@dataclass
class ClaimShown:
    """One unit of a cell: what was written, what it was taken for, the fields to change it."""

    words: str
    part: str
    unit: str
    note: str
    doubt: str
    is_out: bool
    part_field: str = ""
    parts: Options = field(default_factory=list)
    unit_field: str = ""
    unit_now: str = ""
    units: Options = field(default_factory=list)


@dataclass
class CellShown:
    """A cell: its heading, its words in pieces (text, whether it stayed unread), its units."""

    heading: str
    pieces: list[tuple[str, bool]]
    claims: list[ClaimShown]


@dataclass
class RowShown:
    """A row of the table."""

    number: int
    task: str
    aspect: str
    item: str
    kinds: str
    item_field: str
    unsure: bool
    doubts: list[str]
    cells: list[CellShown]
    leaders: str
    due: str
    ok_field: str
    settled: bool

    @property
    def needs_look(self) -> bool:
        """Whether somebody should look before the table is taken over."""
        return bool(self.doubts) and not self.settled


@dataclass
class Page:
    """Everything that the page says."""

    batch: DutyBatch
    rows: list[RowShown]
    items: list[tuple[str, Options]]
    units_read: int = 0
    looks: int = 0
    unmatched: int = 0


def page_of(batch: DutyBatch, *, only_looks: bool = False) -> Page:
    """The page of a batch; with ``only_looks`` the rows that need one."""
    rows: dict[int, list[DutyCell]] = defaultdict(list)
    for cell in batch.cells.order_by("row", "column"):
        rows[cell.row].append(cell)
    assert batch.region is not None
    finder = UnitFinder(batch.region)
    fields = sum(len(c.reading.get("claims", [])) for cells in rows.values() for c in cells)
    whole = len(finder.units) * fields <= MOST_OPTIONS
    shown = [_row(number, cells, finder, whole) for number, cells in rows.items()]
    return Page(
        batch=batch,
        rows=[row for row in shown if row.needs_look] if only_looks else shown,
        items=item_options(),
        units_read=fields,
        looks=sum(1 for row in shown if row.needs_look),
        unmatched=sum(1 for row in shown if not (row.item or row.kinds)),
    )


def item_options() -> list[tuple[str, Options]]:
    """The clauses of the edition in use, by aspect."""
    standard = Standard.objects.first()
    found: list[tuple[str, Options]] = []
    for aspect in Aspect.objects.filter(standard=standard).order_by("number"):
        items = Item.objects.filter(aspect=aspect).order_by("number")
        found.append((in_language(aspect), [(i.key, in_language(i)) for i in items]))
    return found


def _row(number: int, cells: list[DutyCell], finder: UnitFinder, whole: bool) -> RowShown:
    first, about = cells[0], cells[0].reading["row"]
    codes = dict.fromkeys(
        [c["doubt"] for cell in cells for c in cell.reading["claims"] if c["doubt"]]
        + [cell.doubt for cell in cells if cell.doubt in {"unread", "nobody"}]
        + ["unread" for cell in cells if cell.unread]
    )
    doubts = [doubt_words(code) for code in codes]
    if not first.item_key:
        doubts.insert(0, _("没有对上标准里的条目，请选一条；不选就先留着"))
    elif about["unsure"]:
        doubts.insert(0, _("条目是按字面猜的，请看对不对"))
    kinds = _kinds(about.get("kinds", []))
    leaders = _("、").join(about["leaders"])
    return RowShown(
        number=number, task=first.clause_words, aspect=about["aspect"],
        item="" if kinds else first.item_key, kinds=kinds,
        item_field=item_name(number), unsure=about["unsure"], doubts=doubts,
        cells=[_cell(cell, finder, whole) for cell in cells], leaders=leaders,
        due=about["due_words"], ok_field=ok_name(number), settled=first.settled,
    )  # fmt: skip


def _kinds(keys: list[str]) -> str:
    """“只管线缆蜘蛛网、线缆脱落垂挂”; nothing for a whole clause."""
    names = [in_language(kind) for kind in ProblemKind.objects.filter(pk__in=keys)] if keys else []
    return _("只管%(kinds)s") % {"kinds": _("、").join(names)} if names else ""


def _cell(cell: DutyCell, finder: UnitFinder, whole: bool) -> CellShown:
    claims = [
        _claim(cell, number, claim, finder, whole)
        for number, claim in enumerate(cell.reading["claims"])
    ]
    return CellShown(cell.heading, list(_pieces(cell)), claims)


def _pieces(cell: DutyCell) -> Iterable[tuple[str, bool]]:
    at = 0
    for start, end in cell.reading.get("spans", []):
        if start > at:
            yield cell.words[at:start], False
        yield cell.words[start:end], True
        at = end
    if at < len(cell.words):
        yield cell.words[at:], False


def _claim(
    cell: DutyCell, number: int, claim: dict[str, Any], finder: UnitFinder, whole: bool
) -> ClaimShown:
    shown = ClaimShown(
        words=claim["words"], part=str(DutyPart(claim["part"]).label), unit="", note="",
        doubt=doubt_words(claim["doubt"]), is_out=bool(claim["skip"]),
        part_field=claim_name("part", cell, number),
        parts=[(value, str(label)) for value, label in DutyPart.choices],
    )  # fmt: skip
    if claim["rules"]:
        known = [str(UnitRule(rule).label) for rule in claim["rules"] if rule in RULES]
        shown.unit = _("、").join(known)
        shown.note = "" if known else _("指很多单位，只留着原话，不逐个登记")
        shown.is_out = not known
    else:
        by_id = finder.by_id()
        unit = next((u for u in by_id.values() if str(u.pk) == claim["unit"]), None)
        shown.unit = unit.name if unit else claim["modern"] or claim["words"]
        shown.note = _note(claim, unit)
        shown.unit_field = claim_name("unit", cell, number)
        shown.unit_now = unit_value(claim)
        shown.units = _unit_options(claim, finder, whole)
    if claim["scope"] or claim["section"]:
        shown.words = _("%(words)s：%(scope)s") % {
            "words": claim["words"], "scope": claim["section"] or claim["scope"],
        }  # fmt: skip
    return shown


def _note(claim: dict[str, Any], unit: Unit | None) -> str:
    if claim["skip"] == "same":
        return _("和前面是同一个单位，只登记一次")
    if claim["skip"] == NONE:
        return _("不登记")
    if claim["how"] in ("reform", "perhaps", "alias"):
        return _("“%(old)s”是旧称") % {"old": claim["words"]}
    return "" if unit else _("新单位，导入时登记")


def _unit_options(claim: dict[str, Any], finder: UnitFinder, whole: bool) -> Options:
    by_id = {str(unit.pk): unit for unit in finder.units}
    likely = [claim["unit"], *claim["near"]]
    found = {key: by_id[key].name for key in likely if key in by_id}
    if whole:
        found |= {key: unit.name for key, unit in by_id.items() if key not in found}
    new = _("新单位“%(name)s”") % {"name": claim["modern"] or claim["words"]}
    return [*found.items(), (NEW, new), (NONE, _("不登记这一个"))]
