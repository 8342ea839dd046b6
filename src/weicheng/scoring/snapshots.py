"""The facts of a region as the snapshot that the score is reckoned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from weicheng.people.models import SiteParty
from weicheng.scoring.reckoning.snapshot import CheckRow, Condition, ItemRow, Snapshot, Visit

if TYPE_CHECKING:
    from weicheng.scoring.facts import Facts, Seen
    from weicheng.scoring.stands_for import Reported

#: Before the ids of the problems mended and reported since a look: look and problems count as one.
MENDED, REPORTED = "+", "!"


@dataclass(frozen=True)
class Named:
    """What a visit's name stands for: a look, and the problems that changed it since."""

    look: UUID
    mended: tuple[UUID, ...]
    reported: tuple[UUID, ...]


def snapshot_of(facts: Facts) -> Snapshot:
    """The standard in force and the latest look of each site. A failed check whose problem was
    verified as fixed since counts as passed, one that an open problem reported since as failed; the
    visit is named with those problems."""
    units = units_of(facts)
    return Snapshot.of(
        [
            ItemRow(row.key, row.aspect.key, row.onsite_milli, row.whose, row.veto,
                    row.points_certainty)
            for row in facts.items
        ],
        [
            CheckRow(row.key, row.site_type_id, row.item.key, row.deduct_milli, row.severity,
                     row.severity == "key")
            for row in facts.checks
        ],
        facts.quotas,
        [_visit(facts, seen, units) for seen in facts.latest().values()],
        [Condition(row.key, facts.conditions.get(row.key)) for row in facts.items if row.veto],
    )  # fmt: skip


def units_of(facts: Facts) -> Mapping[UUID, tuple[str, ...]]:
    """Site -> ids of the units that answer for it now, 包保单位 included: they share its result."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    rows = SiteParty.objects.filter(site__in=list(facts.latest()), until=None).order_by("part")
    for site, unit in rows.values_list("site_id", "unit_id"):
        found[site].append(str(unit))
    return {site: tuple(dict.fromkeys(units)) for site, units in found.items()}


def visit_name(seen: Seen, reported: Iterable[Reported]) -> str:
    """The look's id, with the problems mended and reported since."""
    since = sorted(MENDED + str(one.problem) for one in seen.mended.values())
    since += sorted({REPORTED + str(one.problem) for one in reported})
    return "".join([str(seen.visit), *since])


def parts_of(name: str) -> Named:
    """What a visit's name is made of."""
    since, *reported = name.split(REPORTED)
    look, *mended = since.split(MENDED)
    return Named(UUID(look), tuple(map(UUID, mended)), tuple(map(UUID, reported)))


def _visit(facts: Facts, seen: Seen, units: Mapping[UUID, tuple[str, ...]]) -> Visit:
    place, since = facts.places[seen.site], facts.reported_since(seen)
    failed = {key for key in seen.failed if key not in seen.mended}
    return Visit(
        visit=visit_name(seen, since.values()), site=str(seen.site), site_type=place.site_type,
        at=seen.at, town=str(place.town), units=units.get(seen.site, ()),
        failed=frozenset(failed | since.keys()), not_applicable=frozenset(seen.not_applicable),
        unseen=frozenset(key for key in seen.unseen if key not in since),
        bands={key: round(value) for key, value in seen.bands.items()},
    )  # fmt: skip
