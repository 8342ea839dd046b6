"""Addresses of the page frame."""

from __future__ import annotations

from django.urls import path

from weicheng.frame import views

app_name = "frame"
urlpatterns = [
    path("look/", views.look, name="look"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
