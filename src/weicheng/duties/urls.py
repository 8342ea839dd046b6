"""Addresses of duties."""

from __future__ import annotations

from django.urls import URLPattern, path

from weicheng.duties import import_urls
from weicheng.duties.views import reading, writing

app_name = "duties"
urlpatterns: list[URLPattern] = [
    path("duties/", reading.tree, name="tree"),
    path("duties/items/<slug:key>/", reading.item, name="item"),
    path("duties/areas/", reading.areas, name="areas"),
    path("duties/gaps/", reading.gaps, name="gaps"),
    path("duties/new/", writing.new, name="new"),
    path("duties/<uuid:pk>/edit/", writing.edit, name="edit"),
    path("duties/<uuid:pk>/end/", writing.end, name="end"),
    path("duties/<uuid:pk>/settle/", writing.settle, name="settle"),
    path("duties/handover/", writing.hand_over, name="handover"),
    path("duties/merge/", writing.merge, name="merge"),
    *import_urls.urlpatterns,
]
