"""What a person chose for a lead that becomes a problem; and many leads with their proposals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from weicheng.intake.deciding import file_lead
from weicheng.intake.models import Lead
from weicheng.people.directory import directory
from weicheng.places.models import Site
from weicheng.problems.refusals import Refused
from weicheng.standards.models import ProblemKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from weicheng.people.models import User
    from weicheng.places.models import Region


@dataclass(frozen=True)
class Chosen:
    """Kind and place of the problem to be."""

    kind: ProblemKind
    place: str
    region: Region | None
    site: Site | None


def chosen(given: Mapping[str, Any], lead: Lead, user: Any) -> Chosen:
    """What the form says. Raises Refused need_kind."""
    key = given.get("kind_other") or given.get("kind") or ""
    kind = ProblemKind.objects.filter(pk=key, active=True).first()
    if kind is None:
        raise Refused("need_kind")
    place = str(given.get("place", "")).strip()[:200]
    region = _region(str(given.get("region", "")), lead)
    site = _site(place, region, lead)
    if site is not None and region is None:
        region = site.region
    return Chosen(kind, place, region, site)


def _region(key: str, lead: Lead) -> Region | None:
    try:
        found = directory().regions.get(UUID(key))
    except ValueError:
        return None
    return found if found is not None and lead.district_id in found.ancestors else None


def _site(place: str, region: Region | None, lead: Lead) -> Site | None:
    """The one site of that name in the region chosen, else in the district."""
    if not place:
        return None
    within = region.id if region else lead.district_id
    named = Site.objects.filter(name=place, active=True, region__ancestors__contains=[within])
    found = list(named.select_related("region")[:2])
    return found[0] if len(found) == 1 else None


@dataclass
class BulkOutcome:
    """What became of many leads: filed, left (without a proposal or settled), refusals."""

    filed: int = 0
    left: int = 0
    refusals: set[str] = field(default_factory=set)

    def words(self) -> str:
        """“已立为问题37件，3条没有建议类别，留在待处理。”"""
        parts = [_("已立为问题%(n)s件") % {"n": self.filed}]
        if self.left:
            parts.append(_("%(n)s条没有建议类别，留在待处理") % {"n": self.left})
        return _("，").join([*parts, *sorted(self.refusals)])


def bulk_file(leads: Sequence[Lead], *, by: User, op_id: UUID) -> BulkOutcome:
    """File each lead with its proposed kind and place, joined in one decision."""
    outcome = BulkOutcome()
    for lead in sorted(leads, key=lambda one: (one.said_at, one.pk)):
        if lead.proposal is None:
            outcome.left += 1
            continue
        try:
            file_lead(
                lead=lead, kind=lead.proposal, by=by, op_id=uuid5(op_id, str(lead.pk)),
                decision=op_id,
            )  # fmt: skip
            outcome.filed += 1
        except Refused as refused:
            outcome.refusals.add(refused.sentence())
    return outcome
