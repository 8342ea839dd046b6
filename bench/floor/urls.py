"""Addresses of the floor: one view for each floor, and the lean act without its form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

from bench.floor.models import Plain, Step
from weicheng.frame.audience import PUBLIC, SIGNED_IN, audience
from weicheng.journal.ids import uuid7
from weicheng.people.directory import directory
from weicheng.places.models import Site
from weicheng.problems import acts, catalogue, deadlines, duplicates

ROWS = 50


@audience(PUBLIC)
def alive(request: HttpRequest) -> HttpResponse:
    """Nothing at all."""
    return JsonResponse({"ok": True})


@audience(SIGNED_IN)
def two(request: HttpRequest) -> HttpResponse:
    """Two INSERTs and a COMMIT."""
    with transaction.atomic():
        plain = Plain._default_manager.create(
            kind=request.POST["kind"], area=request.POST["site"], place=request.POST["place"],
            words=request.POST["description"],
        )  # fmt: skip
        Step._default_manager.create(plain=plain, act="file")
    return JsonResponse({"id": plain.pk}, status=201)


@audience(SIGNED_IN)
def rows(request: HttpRequest) -> HttpResponse:
    """The newest fifty of one status, as JSON."""
    found = Plain._default_manager.filter(status="new").order_by("-at")[:ROWS]
    fields = ("id", "status", "kind", "area", "place", "words", "at")
    return JsonResponse({"rows": list(found.values(*fields))})


@audience(SIGNED_IN)
def one(request: HttpRequest, pk: Any) -> HttpResponse:
    """One row by its key."""
    found = Plain._default_manager.get(pk=pk)
    return JsonResponse({"id": found.pk, "place": found.place, "at": found.at})


@audience(SIGNED_IN)
def lean(request: HttpRequest) -> HttpResponse:
    """The product's act of filing, without form and page."""
    site = Site.objects.select_related("region").get(pk=request.POST["site"])
    user: Any = request.user
    finding = acts.Finding(
        kind=catalogue.kinds()[request.POST["kind"]], site=site, place=request.POST["place"],
        description=request.POST["description"],
    )  # fmt: skip
    problem = acts.file(finding=finding, by=user, op_id=uuid7())
    return JsonResponse({"id": problem.pk, "number": problem.number}, status=201)


@audience(SIGNED_IN)
def full(request: HttpRequest) -> HttpResponse:
    """The act with what is the same looked for before it and a due time proposed, without form."""
    user: Any = request.user
    now, kind = timezone.now(), catalogue.kinds()[request.POST["kind"]]
    finding = acts.Finding(
        kind=kind, region=directory().regions[UUID(request.POST["region"])],
        place=request.POST["place"], description=request.POST["description"],
    )  # fmt: skip
    alike = duplicates.candidates(duplicates.of_finding(finding, now), user, now)
    problem = acts.file(finding=finding, by=user, op_id=uuid7())
    due = problem.due_at or deadlines.propose_for(problem, now).at
    told = {"id": problem.pk, "number": problem.number, "due": due, "alike": len(alike)}
    return JsonResponse(told, status=201)


urlpatterns = [
    path("healthz", alive),
    path("two/", two),
    path("rows/", rows),
    path("one/<uuid:pk>/", one),
    path("lean/", lean),
    path("full/", full),
]
