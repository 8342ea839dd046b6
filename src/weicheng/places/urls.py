"""Addresses of places."""

from __future__ import annotations

from django.urls import path

from weicheng.places import views

app_name = "places"
urlpatterns = [
    path("places/", views.index, name="index"),
    path("places/new/", views.new, name="new"),
    path("places/<uuid:pk>/edit/", views.edit, name="edit"),
    path("campaign/", views.campaign, name="campaign"),
    path("campaign/edit/", views.campaign_edit, name="campaign_edit"),
]
