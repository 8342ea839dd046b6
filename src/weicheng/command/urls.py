"""Addresses of command."""

from __future__ import annotations

from django.urls import path

from weicheng.command.views import workbench

app_name = "command"
urlpatterns = [
    path("workbench/", workbench.workbench, name="workbench"),
    path("workbench/bulk/", workbench.bulk, name="bulk"),
    path("workbench/undo/", workbench.undo, name="undo"),
    path("workbench/<uuid:pk>/<slug:act>/", workbench.act, name="act"),
]
