"""Units with what they owe: a tree by kind, each with its open and overdue problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from weicheng.people.models import Post, SitePart, SiteParty, Unit, UnitKind
from weicheng.problems.models import Party, Problem
from weicheng.problems.words import Status

RUNNING = (Status.RUN.value, Status.LONG.value)
MOST_SITES = 20
MOST_PROBLEMS = 20


@dataclass
class Row:
    """A unit and its figures; ``children`` are those whose parent it is, in the same kind."""

    unit: Unit
    open: int = 0
    late: int = 0
    check: int = 0
    children: list[Row] = field(default_factory=list)


@dataclass
class Kind:
    """The units of one kind."""

    key: str
    label: str
    rows: list[Row]

    def total(self) -> int:
        """How many units, those below others included."""
        return len(self.rows) + sum(len(r.children) for r in self.rows)


def by_kind(user: Any, words: str = "", now: datetime | None = None) -> list[Kind]:
    """Every unit this user may see, by kind, with figures; two queries."""
    units = Unit.objects.visible_to(user).filter(active=True).select_related("head", "region")
    if words:
        units = units.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(pinyin__icontains=words)
        )
    rows = {u.pk: Row(u) for u in units.order_by("pinyin", "name")}
    for key, figures in figures_of(user, now or timezone.now()).items():
        if key in rows:
            rows[key].open, rows[key].late, rows[key].check = figures
    kinds: dict[str, list[Row]] = {kind: [] for kind in UnitKind.values}
    for row in rows.values():
        parent = rows.get(row.unit.parent_id) if row.unit.parent_id else None
        below = parent is not None and parent.unit.kind == row.unit.kind
        (parent.children if below and parent else kinds[row.unit.kind]).append(row)
    return [Kind(k, str(UnitKind(k).label), found) for k, found in kinds.items() if found]


def figures_of(user: Any, now: datetime) -> dict[UUID, tuple[int, int, int]]:
    """Open, overdue and waiting-for-check problems by lead unit, of those the user may see."""
    seen = Party.objects.filter(
        scope__in=user.scopes(), status__in=(*RUNNING, Status.CHECK)
    ).values("problem_id")
    counted = (
        Problem.objects.filter(pk__in=seen, voided=False, lead_unit__isnull=False)
        .values_list("lead_unit_id").order_by()
        .annotate(
            n_open=Count("id"),
            n_late=Count("id", filter=Q(status__in=RUNNING, due_at__lt=now)),
            n_check=Count("id", filter=Q(status=Status.CHECK)),
        )
    )  # fmt: skip
    return {key: (n, late, check) for key, n, late, check in counted}


def unit_of(user: Any, key: UUID) -> Unit | None:
    """A unit with its persons and posts, if the user may see it."""
    posts = Post.objects.filter(until=None).select_related("person").order_by("sort", "id")
    people = Prefetch("posts", posts, to_attr="current_posts")
    rows = Unit.objects.visible_to(user).select_related("head", "contact", "region", "parent")
    return rows.prefetch_related(people).filter(pk=key).first()


def other_posts(user: Any, unit: Unit) -> dict[UUID, list[Post]]:
    """The other current posts of this unit's persons, by person: 原单位 or 工作单位 elsewhere."""
    persons = [p.person_id for p in unit.current_posts]  # type: ignore[attr-defined]
    rows = Post.objects.filter(person__in=persons, until=None).exclude(unit=unit)
    found: dict[UUID, list[Post]] = {}
    seen = Unit.objects.visible_to(user)
    for post in rows.filter(unit__in=seen).select_related("unit"):
        found.setdefault(post.person_id, []).append(post)
    return found


def sites_of(user: Any, unit: Unit) -> list[SiteParty]:
    """The sites for which a unit answers, in which part."""
    rows = SiteParty.objects.on(timezone.localdate()).filter(unit=unit, site__active=True)
    roots = user.region_roots()
    if roots is not None:
        rows = rows.filter(site__region__ancestors__overlap=roots)
    return list(
        rows.select_related("site__region", "site__site_type").order_by("site__pinyin")[
            : MOST_SITES + 1
        ]
    )


def part_word(part: str) -> str:
    """属地, 行业主管 …"""
    return str(SitePart(part).label)


def problems_of(user: Any, unit: Unit) -> list[Problem]:
    """Its open problems that this user may see, the most urgent first."""
    rows = Problem.objects.visible_to(user).filter(
        lead_unit=unit, status__in=(*RUNNING, Status.CHECK), voided=False
    )
    return list(rows.for_rows().defer("search").order_by("due_at", "id")[:MOST_PROBLEMS])
