"""Addresses of imported duty tables and of other names of units."""

from __future__ import annotations

from django.urls import path

from weicheng.duties.views import imports

urlpatterns = [
    path("duties/tables/<uuid:pk>/", imports.imported, name="imported"),
    path("duties/tables/<uuid:pk>/save/", imports.save, name="import_save"),
    path("duties/tables/<uuid:pk>/take-back/", imports.take_back, name="import_take_back"),
    path("duties/aliases/", imports.aliases, name="aliases"),
    path("duties/aliases/<uuid:pk>/drop/", imports.alias_drop, name="alias_drop"),
]
