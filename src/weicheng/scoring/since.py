"""What changed after a forecast was made: checks that were mended or found in order since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db.models import Q

from weicheng.inspections.models import Visit
from weicheng.problems.models import Problem
from weicheng.problems.words import Outcome, Status
from weicheng.scoring.fixing import Pair
from weicheng.scoring.looks import counted

if TYPE_CHECKING:
    from weicheng.places.models import Region
    from weicheng.scoring.facts import Facts

#: A look that became known later than this after it happened changes the next forecast only.
LATE: Final = timedelta(days=60)


def the_check(keys: Collection[str]) -> str:
    """The one check that a problem stands for; empty when there is none, or several to choose from:
    such a problem says of none of them that it fails, so mending it brings none of them back."""
    return next(iter(keys)) if len(keys) == 1 else ""


def moved(region: Region, as_of: datetime, now: datetime) -> tuple[set[UUID], set[UUID]]:
    """The looks that became known after ``as_of``, and the sites of these and of problems that
    were closed as fixed since."""
    looks = Visit.objects.filter(
        counted(now),
        Q(received_at__gt=as_of) | Q(plan__released_at__gt=as_of),
        site__region__ancestors__contains=[region.pk], occurred_at__gt=as_of - LATE,
    )  # fmt: skip
    rows = list(looks.values_list("pk", "site"))
    fixed = Problem.objects.filter(
        status=Status.DONE, outcome=Outcome.FIXED, closed_at__gt=as_of, voided=False,
        region__ancestors__contains=[region.pk],
    )  # fmt: skip
    mended = dict(fixed.order_by().values_list("pk", "site"))
    merged = Problem.objects.filter(merged_into__in=list(mended), site__isnull=False)
    sites = {site for _look, site in rows} | set(mended.values())
    sites |= set(merged.order_by().values_list("site", flat=True))
    return {look for look, _site in rows}, sites - {None}


def settled(
    facts: Facts, as_of: datetime, fresh: Collection[UUID], pairs: Mapping[str, Mapping[str, float]]
) -> set[Pair]:
    """Of the pairs that a forecast of ``as_of`` held for weak, those in order by now, as score and
    forecast would say it: a ``fresh`` look answers them, or a repair was verified since, and
    nothing that stands for them is open. ``facts``: of now, of the sites where something moved."""
    found = set()
    for site in facts.places:
        weak = set(pairs.get(str(site), ()))
        found |= {(str(site), key) for key in _in_order(weak, facts, site, as_of, fresh)}
    return found


def _in_order(
    keys: set[str], facts: Facts, site: UUID, as_of: datetime, fresh: Collection[UUID]
) -> set[str]:
    """Of these checks of a site, those in order by what became known after ``as_of``."""
    state, cases = facts.latest().get(site), facts.cases.get(site, ())
    found = {
        key for case in cases
        if case.is_sole and case.fixed is not None and case.fixed > as_of for key in case.checks
    } & keys  # fmt: skip
    if state is None:
        return found.difference(*(case.checks for case in cases if case.fixed is None))
    found |= {key for key in keys - state.unseen if state.look_of(key) in fresh}
    return found - state.fails - state.held
