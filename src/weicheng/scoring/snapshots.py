"""The facts of a region as the snapshot that the score is reckoned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from weicheng.people.models import SiteParty
from weicheng.scoring.reckoning.snapshot import CheckRow, Condition, ItemRow, Snapshot, Visit

if TYPE_CHECKING:
    from weicheng.scoring.facts import Facts, Seen

#: Between a look's id and the ids of the problems mended since: the pair is what counts.
MENDED = "+"


def snapshot_of(facts: Facts) -> Snapshot:
    """The standard in force and the latest look of each site. A failed check whose problem was
    verified as fixed since counts as passed, and the visit is named with that problem."""
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


def visit_name(seen: Seen) -> str:
    """The look's id, with the problems mended since."""
    return MENDED.join([str(seen.visit), *sorted(str(m.problem) for m in seen.mended.values())])


def parts_of(name: str) -> tuple[UUID, tuple[UUID, ...]]:
    """(the look, the problems mended since) of a visit's name."""
    look, *problems = name.split(MENDED)
    return UUID(look), tuple(UUID(problem) for problem in problems)


def _visit(facts: Facts, seen: Seen, units: Mapping[UUID, tuple[str, ...]]) -> Visit:
    place = facts.places[seen.site]
    return Visit(
        visit=visit_name(seen), site=str(seen.site), site_type=place.site_type, at=seen.at,
        town=str(place.town), units=units.get(seen.site, ()),
        failed=frozenset(key for key in seen.failed if key not in seen.mended),
        not_applicable=frozenset(seen.not_applicable), unseen=frozenset(seen.unseen),
        bands={key: round(value) for key, value in seen.bands.items()},
    )  # fmt: skip
