"""Addresses of units, persons, posts, site parties and regions."""

from __future__ import annotations

from django.urls import path

from weicheng.people import unit_views

urlpatterns = [
    path("units/new/", unit_views.unit_new, name="unit_new"),
    path("units/<uuid:pk>/edit/", unit_views.unit_edit, name="unit_edit"),
    path("units/<uuid:pk>/people/new/", unit_views.post_new, name="post_new"),
    path("people/<uuid:pk>/", unit_views.person_edit, name="person_edit"),
    path("people/<uuid:pk>/posts/", unit_views.post_add, name="post_add"),
    path("posts/<uuid:pk>/end/", unit_views.post_end, name="post_end"),
    path("places/<uuid:pk>/parties/", unit_views.site_parties, name="site_parties"),
    path("regions/", unit_views.regions, name="regions"),
    path("regions/new/", unit_views.region_new, name="region_new"),
    path("regions/<uuid:pk>/edit/", unit_views.region_edit, name="region_edit"),
]
