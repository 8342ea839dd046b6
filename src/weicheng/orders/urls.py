"""Addresses of the papers and texts that leave the office."""

from __future__ import annotations

from django.urls import path

from weicheng.orders import views

app_name = "orders"
urlpatterns = [
    path("orders/", views.index, name="index"),
    path("orders/leader/", views.leader, name="leader"),
    path("orders/post/", views.post, name="post"),
    path("orders/<uuid:pk>/", views.unit, name="unit"),
    path("orders/<uuid:pk>/docx/", views.docx, name="docx"),
]
