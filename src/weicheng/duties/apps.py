"""The Django app of duties."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "weicheng.duties"
    label = "duties"
    verbose_name = "责任"
    default_auto_field = "django.db.models.BigAutoField"
