"""One lead as its card and its form show it: proposals, place, doubts, words marked, neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from weicheng.intake.deciding import alike
from weicheng.intake.leads import said
from weicheng.intake.models import AsideReason, Lead
from weicheng.intake.sentences import sentence
from weicheng.intake.sifting import INBOX, Sieve, neighbour
from weicheng.people.directory import directory
from weicheng.places.models import RegionLevel, Site
from weicheng.problems.duplicates import Candidate
from weicheng.standards.models import ProblemKind
from weicheng.triage.outside import Category, where_outside
from weicheng.triage.proposing import propose

if TYPE_CHECKING:
    from weicheng.places.models import Region

NEAR_SITES = 30
PROPOSALS = 3


@dataclass(frozen=True)
class Proposal:
    """A kind that the words suggest, how sure (0 to 1), the words."""

    kind: ProblemKind
    sure: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Elsewhere:
    """The words say that others deal with it: who, how sure, the words."""

    where: Category
    sure: float
    words: tuple[str, ...]


@dataclass
class Matter:
    """What the two right panes need."""

    lead: Lead
    proposals: list[Proposal] = field(default_factory=list)
    elsewhere: Elsewhere | None = None
    kinds: list[ProblemKind] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    alike: list[Candidate] = field(default_factory=list)
    previous: str = ""
    next: str = ""

    @property
    def text(self) -> list[tuple[str, bool]]:
        """The text in pieces, the deciding words marked."""
        first = self.elsewhere or next(iter(self.proposals), None)
        words = first.words if first else ()
        return marked(self.lead.text, [part for w in words for part in w.split("+")])


def matter_of(user: Any, sieve: Sieve, lead: Lead) -> Matter:
    """Everything about one lead."""
    found = Matter(lead, doubts=[sentence(code, kind="lead") for code in lead.doubts])
    if lead.state != Lead.State.WAITING:
        return found
    found.kinds = list(ProblemKind.objects.filter(active=True))
    by_key = {kind.key: kind for kind in found.kinds}
    for one in propose(said(lead.title, lead.text), PROPOSALS):
        if one.outside:
            found.elsewhere = Elsewhere(where_outside(one.key), one.confidence, one.words)
        elif one.key in by_key:
            found.proposals.append(Proposal(by_key[one.key], one.confidence, one.words))
    found.regions = regions_in(lead.district_id)
    found.sites = near_sites(lead)
    merged = {AsideReason.MERGED}
    found.reasons = [(v, str(w)) for v, w in AsideReason.choices if v not in merged]
    if found.proposals:
        found.alike = alike(lead, found.proposals[0].kind, user, timezone.now())
    if sieve.page == INBOX:
        found.previous = str(neighbour(user, sieve, lead, -1) or "")
        found.next = str(neighbour(user, sieve, lead, 1) or "")
    return found


def regions_in(district: Any) -> list[Region]:
    """The towns of a district, each followed by its communities; from memory."""
    inside = [r for r in directory().regions.values() if district in r.ancestors]
    wanted = [r for r in inside if r.level in {RegionLevel.TOWN, RegionLevel.COMMUNITY}]
    return sorted(wanted, key=lambda r: (r.code, r.name))


def near_sites(lead: Lead) -> list[Site]:
    """Sites to offer for the place: of the lead's region, else of its district."""
    region = lead.region_id or lead.district_id
    found = Site.objects.filter(region__ancestors__contains=[region], active=True)
    return list(found.order_by("pinyin", "id")[:NEAR_SITES])


def marked(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words to be marked."""
    shown = sorted({w for w in words if w}, key=len, reverse=True)
    if not shown:
        return [(text, False)]
    pattern = re.compile("(" + "|".join(re.escape(w) for w in shown) + ")")
    pieces = pattern.split(text)
    return [(piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece]
