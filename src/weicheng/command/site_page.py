"""A site with those who answer for it, what is open there, and what happened there before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from weicheng.command.surroundings import Surroundings, surroundings
from weicheng.people.directory import directory
from weicheng.people.models import SiteParty, Unit
from weicheng.places.models import Site
from weicheng.problems.models import Problem
from weicheng.problems.words import Status

MOST = 60


@dataclass(frozen=True)
class SitePage:
    """The whole page; ``territory`` are the units of the region, nearest first."""

    site: Site
    parties: list[SiteParty]
    territory: list[Unit]
    open: list[Problem]
    past: list[Problem]
    around: Surroundings

    def relapses(self) -> int:
        """How often something came back here."""
        return sum(p.relapsed for p in (*self.open, *self.past))


def site_page(user: Any, key: UUID, now: datetime) -> SitePage | None:
    """A site that this user may see, in four queries."""
    rows = Site.objects.visible_to(user).select_related("site_type", "region__parent")
    site = rows.filter(pk=key).first()
    if site is None:
        return None
    parties = SiteParty.objects.on(timezone.localdate(now)).filter(site=site)
    parties = parties.select_related("unit", "person", "leader")
    here = Problem.objects.visible_to(user).filter(site=site, voided=False)
    problems = list(here.for_rows().defer("search").order_by("-found_at", "-id")[:MOST])
    return SitePage(
        site, list(parties.order_by("part", "id")),
        directory().responsible_here(site.region_id),
        [p for p in problems if p.status != Status.DONE],
        [p for p in problems if p.status == Status.DONE],
        surroundings(
            user, region=site.region, site=site.pk, latitude=site.latitude,
            longitude=site.longitude,
        ),
    )  # fmt: skip
