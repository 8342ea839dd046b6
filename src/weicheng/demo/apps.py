"""The Django app of demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "weicheng.demo"
    label = "demo"
    verbose_name = "示范区"
    default_auto_field = "django.db.models.BigAutoField"
