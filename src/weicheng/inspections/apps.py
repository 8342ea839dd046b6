"""The Django app of inspections."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "weicheng.inspections"
    label = "inspections"
    verbose_name = "检查"
    default_auto_field = "django.db.models.BigAutoField"
