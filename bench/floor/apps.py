"""The floor as a Django app of its own, never installed in the product."""

from __future__ import annotations

from django.apps import AppConfig


class FloorConfig(AppConfig):
    """Two plain tables."""

    name = "bench.floor"
    label = "floor"
    default_auto_field = "django.db.models.BigAutoField"
