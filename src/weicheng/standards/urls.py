"""Addresses of the standard, its site types and the catalogue of problem kinds."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "standards"
urlpatterns = [
    path("standard/", views.index, name="index"),
    path("standard/versions/", views.versions, name="versions"),
    path("standard/items/<slug:key>/", views.item, name="item"),
    path("standard/items/<slug:key>/edit/", views.item_edit, name="item_edit"),
    path("standard/sites/", views.site_types, name="site_types"),
    path("standard/sites/<slug:key>/", views.site_type, name="site_type"),
    path("standard/kinds/", views.kinds, name="kinds"),
    path("standard/kinds/<slug:key>/", views.kind, name="kind"),
    path("standard/kinds/<slug:key>/edit/", views.kind_edit, name="kind_edit"),
]
