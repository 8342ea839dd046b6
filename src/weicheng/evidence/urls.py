"""Addresses of evidence; included under /evidence/."""

from __future__ import annotations

from django.urls import path

from weicheng.evidence import views

app_name = "evidence"
urlpatterns = [path("<uuid:pk>/<str:size>", views.serve, name="serve")]
