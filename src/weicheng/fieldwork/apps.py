"""The Django app of fieldwork."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "weicheng.fieldwork"
    label = "fieldwork"
    verbose_name = "现场"
    default_auto_field = "django.db.models.BigAutoField"
