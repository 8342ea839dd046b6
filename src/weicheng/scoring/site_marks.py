"""What single sites score by the plain sheet, for pages of rooms below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from weicheng.scoring.facts import gather
from weicheng.scoring.reckoning import score, shipped, site_shares
from weicheng.scoring.snapshots import snapshot_of
from weicheng.scoring.standing import PLAIN_SHEET

if TYPE_CHECKING:
    from weicheng.places.models import Region


def marks_of(region: Region, sites: Sequence[UUID], as_of: datetime) -> Mapping[UUID, Decimal]:
    """Site -> 0..100 points with one decimal, of those that were looked at."""
    snapshot = snapshot_of(gather(region, as_of, within=Q(pk__in=sites)))
    shares = site_shares(score(snapshot, shipped()[PLAIN_SHEET]))
    return {
        UUID(visit.site): (Decimal(share) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        for visit, share in zip(snapshot.visits, shares, strict=True)
        if share is not None
    }
