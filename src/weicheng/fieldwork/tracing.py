"""Which region and plan an act speaks of: what is held is shown to the right office only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from weicheng.fieldwork.reading import uuid_in
from weicheng.fieldwork.refusals import Malformed
from weicheng.inspections.hidden_rounds import hidden_round
from weicheng.inspections.models import LookBack, Plan, Stop
from weicheng.people.models import Post
from weicheng.places.models import Region, Site
from weicheng.problems.models import Problem

if TYPE_CHECKING:
    from weicheng.people.models import User


def traces(body: Mapping[str, Any], user: User) -> tuple[Region | None, Plan | None]:
    """The region that an act speaks of, else that of its writer; and its plan, or the hidden round
    that its writer is on: what is held must not give it away."""
    stop = Stop.objects.filter(pk=_id(body, "stop")).select_related("plan").first()
    plan = Plan.objects.filter(pk=_id(body, "plan")).first() or (stop.plan if stop else None)
    region = _region(body) or (plan.region if plan else None) or _of(user)
    if plan is None and region is not None and not (body.get("problem") or body.get("look_back")):
        plan = hidden_round(user.person, region)
    return region, plan


def _id(body: Mapping[str, Any], name: str) -> Any:
    try:
        return uuid_in(body, name)
    except Malformed:
        return None


def _region(body: Mapping[str, Any]) -> Region | None:
    site = Site.objects.filter(pk=_id(body, "site")).select_related("region").first()
    if site is not None:
        return site.region
    problem = Problem.objects.filter(pk=_id(body, "problem")).select_related("region").first()
    if problem is not None:
        return problem.region
    look = LookBack.objects.filter(pk=_id(body, "look_back")).select_related("problem__region")
    first = look.first()
    return first.problem.region if first else None


def _of(user: User) -> Region | None:
    """The region of the unit where the writer works, or worked last."""
    post = (
        Post.objects.filter(person=user.person_id, unit__region__isnull=False)
        .select_related("unit__region")
        .order_by("-sort", "-id")
        .first()
    )
    return post.unit.region if post else None
