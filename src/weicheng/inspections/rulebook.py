"""Reading the 口径库: what holds for which check, and finding a ruling by its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from weicheng.inspections.models import Ruling
from weicheng.standards.models import Check

#: Most rulings on one page.
MOST = 200


def rulings_for(check_keys: Iterable[str]) -> dict[str, list[Ruling]]:
    """The rulings in force of each check that has any, newest first. One query."""
    found: dict[str, list[Ruling]] = {}
    for row in Ruling.objects.in_force().filter(check_key__in=set(check_keys)):
        found.setdefault(row.check_key, []).append(row)
    return found


@dataclass
class Pinned:
    """A check and the rulings that are pinned to it, newest first."""

    check: Check
    rulings: list[Ruling] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What a search found, check by check in the order of the sheets; ``more`` were cut off."""

    checks: list[Pinned]
    count: int
    more: bool


def search(
    user: Any, *, text: str = "", site_type: str = "", item: str = "", old: bool = False
) -> Found:
    """Rulings whose words, speaker, document or check hold the text. Two queries.

    ``old``: also those that a later ruling replaced.
    """
    checks = Check.objects.select_related("site_type", "item")
    if site_type:
        checks = checks.filter(site_type=site_type)
    if item:
        checks = checks.filter(item__key=item)
    rows = Ruling.objects.visible_to(user).filter(check_key__in=checks.values("key"))
    if not old:
        rows = rows.in_force()
    for word in text.split()[:5]:
        texts = Q(text_zh__icontains=word) | Q(text_en__icontains=word) | Q(key__icontains=word)
        rows = rows.filter(
            Q(words__icontains=word) | Q(said_by__icontains=word) | Q(document__icontains=word)
            | Q(check_key__in=Check.objects.filter(texts).values("key"))
        )  # fmt: skip
    found = list(rows.select_related("written_by", "replaced_by")[: MOST + 1])
    return _by_check(found[:MOST], checks.in_bulk({r.check_key for r in found}, field_name="key"),
                     more=len(found) > MOST)  # fmt: skip


def _by_check(rows: list[Ruling], checks: dict[str, Check], *, more: bool) -> Found:
    pinned: dict[str, Pinned] = {}
    for row in rows:
        if row.check_key in checks:
            one = pinned.setdefault(row.check_key, Pinned(checks[row.check_key]))
            one.rulings.append(row)
    order = sorted(
        pinned.values(), key=lambda p: (p.check.site_type.order, p.check.order, p.check.key)
    )
    return Found(order, len(rows), more)
