"""Duties in words: clauses, places, who is meant, doubts, and why a row decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from weicheng.duties.models import DutyPart, UnitRule
from weicheng.duties.tables.words import doubt_words as imported_doubt
from weicheng.people.models import SitePart
from weicheng.standards.models import Check, Item, ProblemKind, SiteType
from weicheng.standards.models.reader import in_language

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.duties.book import Book, Clause
    from weicheng.duties.rows import Row


@dataclass
class Names:
    """The names of clauses, read once for a page."""

    items: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def of(self, clause: Clause) -> str:
        """A clause in words."""
        sort, key = clause
        shelf = {
            "item": self.items, "kind": self.kinds, "check": self.checks, "type": self.types,
        }.get(sort, {})  # fmt: skip
        return shelf.get(key, key) if sort else gettext("这里的一切")


def names_for(clauses: Iterable[Clause], items: Iterable[Item] = ()) -> Names:
    """The names of these clauses, at most one query for each sort that occurs."""
    wanted: dict[str, set[str]] = {}
    for sort, key in clauses:
        wanted.setdefault(sort, set()).add(key)
    found = Names(items={item.key: in_language(item) for item in items})
    missing = wanted.get("item", set()) - set(found.items)
    if missing:
        found.items |= {i.key: in_language(i) for i in Item.objects.filter(key__in=missing)}
    if kinds := wanted.get("kind"):
        found.kinds = {k.key: in_language(k) for k in ProblemKind.objects.filter(key__in=kinds)}
    if checks := wanted.get("check"):
        rows = Check.objects.filter(key__in=checks)
        found.checks = {c.key: in_language(c, "text") for c in rows}
    if types := wanted.get("type"):
        found.types = {t.key: in_language(t) for t in SiteType.objects.filter(key__in=types)}
    return found


def spoken(zh: str, en: str) -> str:
    """A name in the reader's language; Chinese where English lacks."""
    return en if en and (get_language() or "").startswith("en") else zh


def place_words(book: Book, row: Row, sites: dict[UUID, Any] | None = None) -> str:
    """Where a row holds: a project, a site, a region, or everywhere."""
    if row.project:
        return gettext("项目：%(name)s") % {"name": row.project}
    if row.site:
        site = (sites or {}).get(row.site)
        return str(site.name) if site else gettext("一个点位")
    if row.region:
        return str(book.directory.regions[row.region].name)
    return gettext("全部地区")


def part_words(row: Row) -> str:
    """牵头, 责任 …; for a site's party the part it plays there."""
    if row.sort == "charge":
        return gettext("包片领导")
    return str(SitePart(row.site_part).label if row.site_part else DutyPart(row.part).label)


def unit_words(book: Book, row: Row) -> str:
    """The unit that a row names, or how it is found at the place."""
    if row.unit:
        return str(book.directory.units[row.unit].name)
    return str(UnitRule(row.unit_rule).label) if row.unit_rule else ""


def doubt_words(code: str) -> str:
    """Why a row is provisional; what an import could not decide has words of its own."""
    if code == "tie":
        return gettext("两行写得一样具体，先按第一个")
    return imported_doubt(code) or gettext("还没有定")


def why_words(why: tuple[str, dict[str, str]], names: Names | None = None) -> str:
    """Which row decided, in one sentence: “按责任分解：公厕 × 红叶镇”."""
    code, values = why
    if code == "nobody":
        return gettext("责任分解里没有这一条。")
    if code == "charge":
        return gettext("按包片分工")
    if code == "party":
        part = SitePart(values["site_part"]).label if values["site_part"] else ""
        return gettext("按点位登记的%(part)s") % {"part": part}
    clause = (values["clause"], values["key"])
    known = names or names_for([clause] if clause[0] else [])
    return gettext("按责任分解：%(clause)s × %(place)s") % {
        "clause": known.of(clause), "place": _where(values),
    }  # fmt: skip


def _where(values: dict[str, str]) -> str:
    if values["project"]:
        return gettext("项目“%(name)s”") % {"name": values["project"]}
    if values["place"] == "site":
        return gettext("本点位")
    return values["region"] or gettext("全部地区")
