"""What the forms of duties offer: clauses to choose, values to begin with, what would move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from weicheng.duties.book import book, clause_of
from weicheng.duties.models import DutyPart, UnitRule
from weicheng.duties.words import names_for
from weicheng.places.models import Region
from weicheng.standards.models import Check, Item, ProblemKind, SiteType
from weicheng.standards.models.reader import in_language

if TYPE_CHECKING:
    from weicheng.duties.book import Clause
    from weicheng.duties.handover import Moves
    from weicheng.duties.models import Duty


#: What a key of the standard looks like.
KEY = re.compile(r"[-\w]{1,60}")

#: The form's choice of no clause: whatever there is at the place.
EVERYTHING = "all:"


def value_of(clause: Clause) -> str:
    """A clause as the form's choice: “item:waste”."""
    return f"{clause[0]}:{clause[1]}" if clause[0] else EVERYTHING


def item_of(clause: Clause) -> str:
    """The item under which a clause stands; empty for what belongs to none."""
    sort, key = clause
    if sort == "kind":
        return book().kind_items.get(key, "")
    if sort == "check":
        return book().check_items.get(key, ("", ""))[0]
    return key if sort == "item" else ""


def clauses(value: str) -> list[tuple[str, Any]]:
    """What can be chosen beside a clause: its item with kinds and checks, or all site types."""
    sort, _colon, key = value.partition(":")
    item = item_of((sort, key))
    if not item:
        types = SiteType.objects.filter(active=True)
        return [
            (EVERYTHING, gettext("这里的一切（包街巷、包小区、包片、项目包保）")),
            (gettext("只管一类点位"), [(f"type:{t.key}", in_language(t)) for t in types]),
        ]
    rows = Item.objects.filter(key=item).order_by("-standard__issued")[:1]
    found: list[tuple[str, Any]] = [
        (f"item:{item}", gettext("%(item)s（整项）") % {"item": in_language(row)}) for row in rows
    ] or [(f"item:{item}", item)]
    kinds = ProblemKind.objects.filter(item_key=item, active=True)
    checks = (
        Check.objects.filter(item__key=item)
        .select_related("site_type")
        .order_by("site_type__order", "order")
    )
    if named := [(f"kind:{k.key}", in_language(k)) for k in kinds]:
        found.append((gettext("只管一类问题"), named))
    if named := [(f"check:{c.key}", _check(c)) for c in checks]:
        found.append((gettext("只管一个检查项"), named))
    return found


def _check(check: Check) -> str:
    return f"{in_language(check.site_type)}\u3000{in_language(check, 'text')}"


def first_values(user: Any, asked: Mapping[str, str]) -> dict[str, Any]:
    """What a link fills in: clause, region and part; the region defaults to the own district."""
    found: dict[str, Any] = {}
    for sort in ("check", "kind", "item", "type"):
        if KEY.fullmatch(asked.get(sort, "")):
            found["clause"] = f"{sort}:{asked[sort]}"
            break
    rows = Region.objects.visible_to(user)
    code = asked.get("region", "")
    region = rows.filter(code=code).first() if code.isdigit() else None
    if region is None and (roots := user.region_roots()):
        region = rows.filter(pk=roots[0]).first()
    if region is not None:
        found["region"] = region.pk
    if asked.get("part") in DutyPart.values:
        found["part"] = asked["part"]
    return found


def who(duty: Duty) -> str:
    """Who is meant by a duty, in one word or two."""
    if duty.unit is not None:
        return str(duty.unit.name)
    if duty.unit_rule:
        return str(UnitRule(duty.unit_rule).label)
    return str(duty.person or duty.leader or "")


def clause_words(duty: Duty) -> str:
    """“公厕 × 红叶镇”."""
    clause = clause_of(duty)
    place = duty.site or duty.region or gettext("全部地区")
    return f"{names_for([clause] if clause[0] else []).of(clause)} × {place}"


@dataclass
class Group:
    """Rows of one sort that would move."""

    title: str
    lines: list[str]


def said(moves: Moves) -> list[Group]:
    """What would move, sort by sort, in words."""
    return [group for group in _groups(moves) if group.lines]


def _groups(moves: Moves) -> Iterator[Group]:
    names = names_for({clause_of(duty) for duty in moves.duties} - {("", "")})
    yield Group(gettext("条目责任"), [
        f"{names.of(clause_of(d))}\u3000{d.site or d.region or gettext('全部地区')}"
        f"\u3000{DutyPart(d.part).label}"
        for d in moves.duties
    ])  # fmt: skip
    yield Group(gettext("点位包保"), [
        f"{p.site}\u3000{p.get_part_display()}\u3000{p.unit}" for p in moves.parties
    ])  # fmt: skip
    yield Group(gettext("包片"), [str(c.region) for c in moves.charges])
    yield Group(gettext("第一责任人"), [str(u.name) for u in moves.heads])
    yield Group(gettext("联络员"), [str(u.name) for u in moves.contacts])
    yield Group(gettext("岗位"), [
        f"{p.person}\u3000{p.unit}\u3000{p.get_sort_display()}" for p in moves.posts
    ])  # fmt: skip
