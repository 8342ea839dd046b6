"""Which checks of a site a problem stands for, and which of them fail by an open problem alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from weicheng.inspections.models import Found
from weicheng.problems.models import Problem
from weicheng.problems.words import OPEN_STATUSES, Outcome
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region


@dataclass(frozen=True)
class Reported:
    """An open problem that says a check fails at a site, whoever found it: a resident, a clerk's
    table, an inspector."""

    problem: UUID
    at: datetime


def checks_of(problems: Sequence[Problem]) -> dict[UUID, set[str]]:
    """Problem id -> the checks it stands for: what its finder named, else those of its kind that
    are on the site's sheet. Two queries; sites must be loaded."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    named = Found.objects.filter(problem__in=[row.pk for row in problems]).exclude(check_key="")
    for problem, key in named.values_list("problem_id", "check_key"):
        if problem is not None:
            found[problem].add(key)
    of_kind: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    kinds = {row.kind_id for row in problems if row.pk not in found}
    links = Check.objects.filter(kinds__in=kinds).values_list("kinds", "site_type", "key")
    for kind, site_type, key in links:
        of_kind[str(kind), site_type].add(key)
    for row in problems:
        if row.pk not in found and row.site is not None:
            found[row.pk] = of_kind[row.kind_id, row.site.site_type_id]
    return found


def reported(region: Region, as_of: datetime) -> dict[UUID, Mapping[str, Reported]]:
    """Site id -> check key -> the problem open at a moment that says it fails, the newest one.

    A kind that may mean several checks of the sheet says of none of them that it fails.
    """
    still = Q(status__in=OPEN_STATUSES) | Q(outcome=Outcome.FIXED, closed_at__gt=as_of)
    rows = list(
        Problem.objects.filter(
            still, site__isnull=False, voided=False, filed_at__lte=as_of,
            region__ancestors__contains=[region.pk],
        ).select_related("site").only("kind", "site__site_type", "found_at")
        .order_by("found_at", "pk")
    )  # fmt: skip
    found: defaultdict[UUID, dict[str, Reported]] = defaultdict(dict)
    checks = checks_of(rows)
    for row in rows:
        if row.site_id is not None and len(checks[row.pk]) == 1:
            (key,) = checks[row.pk]
            found[row.site_id][key] = Reported(row.pk, row.found_at)
    return dict(found)
