"""The facts of a region as the snapshot that the score is reckoned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from weicheng.people.models import SiteParty
from weicheng.scoring.reckoning.snapshot import CheckRow, ItemRow, Snapshot, Visit

if TYPE_CHECKING:
    from weicheng.scoring.facts import Facts
    from weicheng.scoring.site_states import SiteState

#: In the name of a visit, before the ids of older looks that answered checks, and of the problems
#: mended and reported since: looks and problems count as one.
OLDER, MENDED, REPORTED = "~", "+", "!"


@dataclass(frozen=True)
class Named:
    """What a visit's name stands for: a look, older ones, the problems that changed it since."""

    look: UUID
    older: tuple[UUID, ...]
    mended: tuple[UUID, ...]
    reported: tuple[UUID, ...]


def snapshot_of(facts: Facts) -> Snapshot:
    """The standard in force and what is known of each site that was looked at. A failed check whose
    problem was verified as fixed since counts as passed, one that an open problem reported since as
    failed; the visit is named with those problems."""
    units = units_of(facts)
    key_checks = {row.key for row in facts.checks if row.severity == "key"}
    by_item: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in facts.checks:
        by_item[row.site_type_id, row.item.key].append(row.key)
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
        [
            _visit(facts, site, known, units.get(site, ()), _Bands(by_item, key_checks))
            for site, known in facts.latest().items()
        ],
    )  # fmt: skip


def units_of(facts: Facts) -> Mapping[UUID, tuple[str, ...]]:
    """Site -> ids of the units that answer for it now, 包保单位 included: they share its result."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    rows = SiteParty.objects.filter(site__in=list(facts.places), until=None).order_by("part")
    for site, unit in rows.values_list("site_id", "unit_id"):
        found[site].append(str(unit))
    return {site: tuple(dict.fromkeys(units)) for site, units in found.items()}


def visit_name(known: SiteState) -> str:
    """The look's id, with the older looks and the problems that the site's state rests on."""
    parts = sorted({OLDER + str(look) for look in known.older.values()})
    parts += sorted({MENDED + str(one.problem) for one in known.mended.values()})
    parts += sorted({REPORTED + str(one.problem) for one in known.reported.values()})
    return "".join([str(known.look.visit), *parts])


def parts_of(name: str) -> Named:
    """What a visit's name is made of."""
    since, *reported = name.split(REPORTED)
    looks, *mended = since.split(MENDED)
    look, *older = looks.split(OLDER)
    others = (tuple(map(UUID, found)) for found in (older, mended, reported))
    return Named(UUID(look), *others)


@dataclass(frozen=True)
class _Bands:
    """The grades of a site without those of checks that a problem says otherwise of."""

    by_item: Mapping[tuple[str, str], list[str]]
    key_checks: set[str]

    def of(self, known: SiteState, site_type: str) -> dict[str, int]:
        """Check or item -> 0..10. An item's grade is given to its other checks, as far as it
        covers them: never a failed key check."""
        changed = known.mended.keys() | known.reported.keys()
        found: dict[str, int] = {}
        for key, value in known.bands.items():
            checks = self.by_item.get((site_type, key), [])
            if key in changed:
                continue
            if changed.isdisjoint(checks):
                found[key] = round(value)
                continue
            for check in checks:
                weak = check in known.failed and check in self.key_checks
                if check not in changed and check not in known.bands and not weak:
                    found[check] = round(value)
        return found


def _visit(
    facts: Facts, site: UUID, known: SiteState, units: tuple[str, ...], bands: _Bands
) -> Visit:
    place = facts.places[site]
    return Visit(
        visit=visit_name(known), site=str(site), site_type=place.site_type, at=known.look.at,
        town=str(place.town), units=units,
        failed=known.fails,
        not_applicable=known.not_applicable, unseen=known.unseen - known.reported.keys(),
        bands=bands.of(known, place.site_type),
    )  # fmt: skip
