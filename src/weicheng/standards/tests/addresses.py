"""The addresses that the tests of these pages need: the frame, the accounts, the standard."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("weicheng.frame.urls")),
    path("", include("weicheng.people.urls")),
    path("", include("weicheng.standards.urls")),
]
