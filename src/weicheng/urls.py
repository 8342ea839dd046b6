"""Every address of the product, app by app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("weicheng.frame.urls")),
    path("evidence/", include("weicheng.evidence.urls")),
    path("", include("weicheng.people.urls")),
    path("", include("weicheng.places.urls")),
    path("", include("weicheng.problems.urls")),
    path("checks/", include("weicheng.inspections.urls")),
    path("score/", include("weicheng.scoring.urls")),
    path("", include("weicheng.intake.urls")),
    path("", include("weicheng.command.urls")),
    path("", include("weicheng.orders.urls")),
    path("", include("weicheng.standards.urls")),
    path("", include("weicheng.workdays.urls")),
    path("", include("weicheng.duties.urls")),
    path("", include("weicheng.notices.urls")),
    path("", include("weicheng.complaints.urls")),
    path("field/", include("weicheng.fieldwork.urls")),
]
