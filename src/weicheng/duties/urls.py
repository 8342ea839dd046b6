"""Addresses of duties."""

from __future__ import annotations

from django.urls import URLPattern

from weicheng.duties import import_urls

app_name = "duties"
urlpatterns: list[URLPattern] = [*import_urls.urlpatterns]
