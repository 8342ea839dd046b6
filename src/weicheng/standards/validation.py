"""What must be true of an edition of the standard, said in clear sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from .models import Certainty, Level, Whose
from .reading import Document, Row, mapping, rows, words

NUMERIC = (">=", ">", "<=", "<", "=")
OPERATORS = (*NUMERIC, "trend", "level", "text")
NAMES = ("name_zh", "name_en")


@dataclass
class Findings:
    """Errors forbid loading; warnings are loaded and flagged."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def wrong(self, sentence: str, **params: Any) -> None:
        """Add an error; the sentence is already translated and takes named params."""
        self.errors.append(sentence % params)

    def doubt(self, sentence: str, **params: Any) -> None:
        """Add a warning."""
        self.warnings.append(sentence % params)


def number(value: Any) -> Decimal:
    """A YAML number as Decimal; what is no number counts as 0."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)


def unique(found: Findings, what: str, given: Iterable[Row], key: str = "key") -> None:
    """Every row has a key, and no two rows the same."""
    counted = Counter(str(row.get(key) or "") for row in given)
    for name, times in counted.items():
        if not name:
            found.wrong(_("%(what)s中有%(n)s行没有键。"), what=what, n=times)
        elif times > 1:
            found.wrong(
                _("%(what)s的键“%(key)s”出现了%(n)s次，每个键只能用一次。"),
                what=what, key=name, n=times,
            )  # fmt: skip


def filled(found: Findings, what: str, row: Row, fields: Iterable[str]) -> None:
    """The fields are there and not empty."""
    for name in fields:
        if row.get(name) in (None, "", [], {}):
            found.wrong(
                _("%(what)s“%(key)s”缺少%(field)s。"), what=what, key=row.get("key"), field=name
            )


def one_of(found: Findings, what: str, row: Row, name: str, allowed: Collection[str]) -> None:
    """The field holds one of the allowed words."""
    value = row.get(name)
    if value is not None and str(value) not in allowed:
        found.wrong(
            _("%(what)s“%(key)s”的%(field)s写成了“%(value)s”，只能是：%(allowed)s。"),
            what=what, key=row.get("key"), field=name, value=value, allowed=_("、").join(allowed),
        )  # fmt: skip


def known(found: Findings, what: str, row: Row, name: str, keys: Collection[str]) -> None:
    """The field (one key or a list of keys) refers only to what exists."""
    for key in words(row, name):
        if key not in keys:
            found.wrong(
                _("%(what)s“%(key)s”引用的%(field)s“%(value)s”不存在。"),
                what=what, key=row.get("key"), field=name, value=key,
            )  # fmt: skip


def same(found: Findings, what: str, have: Decimal, want: Decimal) -> None:
    """A sum is what it must be."""
    if have != want:
        found.wrong(
            _("%(what)s合计是%(have)s分，应当是%(want)s分。"),
            what=what, have=f"{have:f}", want=f"{want:f}",
        )  # fmt: skip


def edition(found: Findings, document: Document) -> None:
    """Everything in an edition: keys, references, words, totals, thresholds."""
    standard = mapping(document, "standard")
    what = _("标准")
    filled(found, what, {"key": standard.get("edition"), **standard}, ("edition", *NAMES))
    sources = {str(row.get("key")) for row in rows(document, "sources")}
    sections = (("sheets", _("评分表")), ("aspects", _("方面")), ("parts", _("部分")))
    for section, name in (*sections, ("items", _("条目")), ("indicators", _("数据指标"))):
        given = rows(document, section)
        unique(found, name, given)
        for row in given:
            filled(found, name, row, (*NAMES, "certainty", "sources"))
            one_of(found, name, row, "certainty", Certainty.values)
            known(found, name, row, "sources", sources)
    _items(found, document)
    for row in rows(document, "indicators"):
        threshold(found, _("数据指标"), row)
    _counts(found, document)
    _totals(found, document)


def _items(found: Findings, document: Document) -> None:
    aspects = {str(row.get("key")) for row in rows(document, "aspects")}
    parts = {str(row.get("key")) for row in rows(document, "parts")}
    items = {str(row.get("key")) for row in rows(document, "items")}
    for row in rows(document, "items"):
        filled(found, _("条目"), row, ("number", "aspect", "demand_zh", "demand_en", "whose"))
        one_of(found, _("条目"), row, "whose", Whose.values)
        known(found, _("条目"), row, "aspect", aspects)
        known(found, _("条目"), row, "part", parts)
    for row in rows(document, "parts"):
        known(found, _("部分"), row, "aspect", aspects)
        known(found, _("部分"), row, "items", items)
    for row in rows(document, "indicators"):
        known(found, _("数据指标"), row, "item", items)


def threshold(found: Findings, what: str, row: Row) -> None:
    """Operator with value and unit, or with words; edition, level, source and certainty."""
    filled(found, what, row, ("operator", "edition", "level", "sources", "certainty"))
    one_of(found, what, row, "operator", OPERATORS)
    one_of(found, what, row, "level", Level.values)
    if row.get("operator") in NUMERIC:
        filled(found, what, row, ("value", "unit_zh", "unit_en"))
        if row.get("value") is not None and isinstance(row["value"], str):
            found.wrong(
                _("%(what)s“%(key)s”的数值“%(value)s”不是数字。"),
                what=what, key=row.get("key"), value=row["value"],
            )  # fmt: skip
    elif row.get("operator"):
        filled(found, what, row, ("words_zh", "words_en"))


def _counts(found: Findings, document: Document) -> None:
    wanted = mapping(document, "counts")
    for section, name in (
        ("aspects", _("方面")),
        ("items", _("条目")),
        ("indicators", _("数据指标")),
    ):
        have = len(rows(document, section))
        if section in wanted and have != wanted[section]:
            found.wrong(
                _("%(what)s有%(have)s个，应当是%(want)s个。"),
                what=name, have=have, want=wanted[section],
            )  # fmt: skip


def _points(given: Iterable[Row]) -> Decimal:
    return sum((number(row.get("points") or 0) for row in given), Decimal(0))


def _totals(found: Findings, document: Document) -> None:
    sheets = {str(row.get("key")): number(row.get("points")) for row in rows(document, "sheets")}
    total = mapping(document, "counts").get("total")
    if total is not None:
        same(found, _("各评分表"), sum(sheets.values(), Decimal(0)), number(total))
    aspects = rows(document, "aspects")
    for sheet in ("onsite", "indicators", "documents"):
        if sheet in sheets:
            have = sum((number(mapping(r, "points").get(sheet, 0)) for r in aspects), Decimal(0))
            name = _("各方面的“%(sheet)s”") % {"sheet": sheet}
            same(found, name, have, sheets[sheet])
    for aspect in aspects:
        _aspect_total(found, document, aspect)


def _aspect_total(found: Findings, document: Document, aspect: Row) -> None:
    want = number(mapping(aspect, "points").get("onsite", 0))
    key, name = aspect.get("key"), aspect.get("name_zh")
    items = [row for row in rows(document, "items") if row.get("aspect") == key]
    parts = [row for row in rows(document, "parts") if row.get("aspect") == key]
    same(found, _("“%(name)s”各条目") % {"name": name}, _points(items), want)
    if parts:
        same(found, _("“%(name)s”各部分") % {"name": name}, _points(parts), want)
    for part in parts:
        mine = [row for row in items if row.get("part") == part.get("key")]
        title = _("“%(name)s”各条目") % {"name": part.get("name_zh")}
        same(found, title, _points(mine), number(part.get("points")))


def weaker(operator: str, value: Decimal | None, national: str, threshold_: Decimal | None) -> bool:
    """Whether a local target asks for less than the national threshold."""
    if value is None or threshold_ is None:
        return False
    if national in (">=", ">"):
        return operator in NUMERIC and value < threshold_
    if national in ("<=", "<"):
        return operator in NUMERIC and value > threshold_
    return False
