"""What must be true of site types, problem kinds and local targets before they are loaded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from .models import (
    Certainty,
    CitySize,
    Haste,
    ObligationParty,
    ObligationSort,
    Proof,
    QuantityUnit,
    Severity,
    Tag,
    Verification,
)
from .reading import Document, Row, mapping, rows, words
from .validation import NAMES, Findings, filled, known, number, one_of, threshold, unique


@dataclass
class Known:
    """Keys that exist already, or come with the same load."""

    aspects: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)
    indicators: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)  # "set:sort:code"


def check_rows(document: Document) -> list[Row]:
    """All check rows of a document's site types."""
    return [check for row in rows(document, "site_types") for check in rows(row, "checks")]


def code_names(document: Document) -> list[str]:
    """All codes of a document's code sets as "set:sort:code"."""
    return [
        f"{code_set.get('key')}:{sort}:{code.get('code')}"
        for code_set in rows(document, "code_sets")
        for sort, section in (("matter", "matters"), ("component", "components"))
        for code in rows(code_set, section)
    ]


def site_types(found: Findings, document: Document, have: Known) -> None:
    """Unique keys, quotas that sum to the minimum, checks tied to items and tagged."""
    what, line = _("点位类型"), _("检查项")
    given = rows(document, "site_types")
    unique(found, what, given)
    unique(found, line, check_rows(document))
    for row in given:
        filled(found, what, row, (*NAMES, "aspect", "quotas", "certainty", "sources", "checks"))
        one_of(found, what, row, "certainty", Certainty.values)
        known(found, what, row, "aspect", have.aspects)
        known(found, what, row, "sources", have.sources)
    for row in check_rows(document):
        filled(found, line, row, ("text_zh", "text_en", "item", "severity", "deduct", "tag"))
        one_of(found, line, row, "severity", Severity.values)
        one_of(found, line, row, "tag", Tag.values)
        known(found, line, row, "item", have.items)
        if number(row.get("deduct")) <= 0:
            found.wrong(_("检查项“%(key)s”的扣分应大于0。"), key=row.get("key"))
    _quotas(found, document)


def _quotas(found: Findings, document: Document) -> None:
    for size, want in mapping(document, "total_min").items():
        if size not in CitySize.values:
            found.wrong(_("没有“%(size)s”这一档城市规模。"), size=size)
            continue
        given = rows(document, "site_types")
        have = sum((number(mapping(r, "quotas").get(size, 0)) for r in given), Decimal(0))
        if have != number(want):
            found.wrong(
                _("“%(size)s”各类点位合计%(have)s个，应当是%(want)s个。"),
                size=CitySize(size).label, have=have, want=want,
            )  # fmt: skip


def problem_kinds(found: Findings, document: Document, have: Known) -> None:
    """Unique keys, known words, one due, known codes and checks, or marked as local."""
    what = _("问题类别")
    given = rows(document, "problem_kinds")
    unique(found, what, given)
    unique(found, _("代码集"), rows(document, "code_sets"))
    codes = code_names(document)
    for code in {code for code in codes if codes.count(code) > 1}:
        found.wrong(_("代码“%(code)s”重复。"), code=code)
    for row in given:
        _kind(found, what, row, have)
        _kind_due(found, what, row)
        _kind_codes(found, row, have)
        _kind_follow_ups(found, row)
    _shared_words(found, given)


def _kind(found: Findings, what: str, row: Row, have: Known) -> None:
    asked = ("group_zh", "group_en", "tag", "severity", "unit", "haste")
    filled(found, what, row, (*NAMES, *asked))
    for name, allowed in (
        ("tag", Tag.values),
        ("severity", Severity.values),
        ("unit", QuantityUnit.values),
        ("haste", Haste.values),
    ):
        one_of(found, what, row, name, allowed)
    known(found, what, row, "item", have.items)
    known(found, what, row, "checks", have.checks)
    known(found, what, row, "proof", Proof.values)
    for severity, level in mapping(row, "verification").items():
        if severity not in Severity.values or level not in Verification.values:
            found.wrong(
                _("问题类别“%(key)s”的验收层级“%(severity)s：%(level)s”无法识别。"),
                key=row.get("key"), severity=severity, level=level,
            )  # fmt: skip


def _kind_due(found: Findings, what: str, row: Row) -> None:
    if row.get("due_hours") and row.get("due_days"):
        found.wrong(
            _("%(what)s“%(key)s”的时限只能写小时或天中的一种。"), what=what, key=row.get("key")
        )


def _kind_codes(found: Findings, row: Row, have: Known) -> None:
    if not kind_codes(row) and not row.get("is_local"):
        found.wrong(_("问题类别“%(key)s”没有代码，请写明is_local: true。"), key=row.get("key"))
    for code in kind_codes(row):
        if code not in have.codes:
            found.wrong(
                _("问题类别“%(key)s”引用的代码“%(code)s”不存在。"), key=row.get("key"), code=code
            )


def kind_codes(row: Row) -> list[str]:
    """The codes a kind names, as "set:sort:code"."""
    named = mapping(row, "codes")
    return [f"{place}:{code}" for place in named for code in words(named, place)]


def _kind_follow_ups(found: Findings, row: Row) -> None:
    for duty in rows(row, "obligations"):
        sound = (
            duty.get("sort") in ObligationSort.values
            and duty.get("party") in ObligationParty.values
            and all(duty.get(name) for name in ("key", "zh", "en"))
        )
        if not sound:
            found.wrong(
                _("问题类别“%(key)s”的后续事项“%(duty)s”不完整。"),
                key=row.get("key"), duty=duty.get("key") or duty.get("zh"),
            )  # fmt: skip


def _shared_words(found: Findings, given: Collection[Row]) -> None:
    owner: dict[str, str] = {}
    for row in given:
        for word in words(row, "search_words"):
            other = owner.setdefault(word, str(row.get("key")))
            if other != row.get("key"):
                found.doubt(
                    _("搜索词“%(word)s”同时属于“%(one)s”和“%(two)s”。"),
                    word=word, one=other, two=row.get("key"),
                )  # fmt: skip


def local_targets(found: Findings, document: Document, have: Known) -> None:
    """Thresholds like the national ones; what they belong to exists."""
    what = _("本地目标")
    given = rows(document, "local_targets")
    unique(found, what, given)
    for row in given:
        filled(found, what, row, NAMES)
        threshold(found, what, row)
        known(found, what, row, "of", have.indicators)
        known(found, what, row, "item", have.items)
        known(found, what, row, "sources", have.sources)
