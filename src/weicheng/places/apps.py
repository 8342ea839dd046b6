"""The Django app of places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "weicheng.places"
    label = "places"
    verbose_name = "点位"
    default_auto_field = "django.db.models.BigAutoField"
