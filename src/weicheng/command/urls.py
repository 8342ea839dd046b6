"""Addresses of command."""

from __future__ import annotations

from django.urls import path

from weicheng.command.views import my_duties, search, site, today, units, workbench

app_name = "command"
urlpatterns = [
    path("", today.front, name="front"),
    path("today/", today.today, name="today"),
    path("workbench/", workbench.workbench, name="workbench"),
    path("workbench/bulk/", workbench.bulk, name="bulk"),
    path("workbench/undo/", workbench.undo, name="undo"),
    path("workbench/<uuid:pk>/<slug:act>/", workbench.act, name="act"),
    path("search/", search.search, name="search"),
    path("places/<uuid:pk>/", site.site, name="site"),
    path("my-duties/", my_duties.my_duties, name="my_duties"),
    path("units/", units.units, name="units"),
    path("units/<uuid:pk>/", units.unit, name="unit"),
]
