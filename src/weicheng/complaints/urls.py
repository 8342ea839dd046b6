"""Addresses of complaints."""

from __future__ import annotations

from django.urls import path

from weicheng.complaints import views

app_name = "complaints"
urlpatterns = [
    path("complaints/new/", views.new, name="new"),
    path("complaints/look/", views.look, name="look"),
    path("complaints/", views.queue, name="queue"),
    path("complaints/<uuid:pk>/", views.item, name="item"),
]
