"""Turns the document of problem kinds and code sets into rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from .catalogue_validation import kind_codes
from .edition_load import COMMON, picked
from .keeping import Edited, Tally, Values, link, put
from .models import Check, CodeSet, KindCode, ProblemKind
from .reading import Document, Row, rows, words


def load_kinds(document: Document, edited: Edited, tally: Tally) -> None:
    """Code sets with their codes, kinds, and which kind answers to which check and code."""
    _load_codes(document, tally)
    given = rows(document, "problem_kinds")
    kinds = [_kind(row, order) for order, row in enumerate(given, 1)]
    put(ProblemKind.objects.all(), "key", kinds, tally=tally, edited=edited)
    _link_checks(given)
    _link_codes(given)


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _load_codes(document: Document, tally: Tally) -> None:
    given = rows(document, "code_sets")
    sets = put(
        CodeSet.objects.all(),
        "key",
        [
            {
                **picked(row, *COMMON, "standard", "edition", "note_zh", "note_en"),
                "valid_from": _day(row.get("valid_from")),
                "valid_to": _day(row.get("valid_to")),
            }
            for row in given
        ],
        tally=tally,
    )
    for row in given:
        for sort, section in (("matter", "matters"), ("component", "components")):
            codes = [picked(code, "code", "name_zh", "name_en") for code in rows(row, section)]
            code_set = sets[str(row["key"])]
            existing = KindCode.objects.filter(code_set=code_set, sort=sort)
            shared = {"code_set": code_set, "sort": sort}
            put(existing, "code", codes, tally=tally, shared=shared)


def _kind(row: Row, order: int) -> Values:
    return {
        **picked(row, *COMMON, "group_zh", "group_en", "tag", "severity", "unit", "haste"),
        "item_key": str(row.get("item") or ""),
        "due_hours": row.get("due_hours"),
        "due_days": row.get("due_days"),
        "obligations": rows(row, "obligations"),
        "proof": words(row, "proof"),
        "verification": row.get("verification") or {},
        "direct": bool(row.get("direct")),
        "duplicate_radius_m": int(row.get("duplicate_radius_m") or 30),
        "bureau_words": words(row, "bureau_words"),
        "search_words": words(row, "search_words"),
        "is_local": bool(row.get("is_local")),
        "order": order,
    }


def _link_checks(given: list[Row]) -> None:
    checks = {check.key: check.pk for check in Check.objects.all()}
    wanted = {(str(row["key"]), checks[key]) for row in given for key in words(row, "checks")}
    owners = {str(row["key"]) for row in given}
    link(ProblemKind.checks.through, "problemkind_id", "check_id", wanted, owners)


def _link_codes(given: list[Row]) -> None:
    codes = {
        f"{code.code_set_id}:{code.sort}:{code.code}": code.pk for code in KindCode.objects.all()
    }
    wanted = {(codes[code], str(row["key"])) for row in given for code in kind_codes(row)}
    owners = {str(row["key"]) for row in given}
    turned = {(kind, code) for code, kind in wanted}
    link(KindCode.kinds.through, "problemkind_id", "kindcode_id", turned, owners)
