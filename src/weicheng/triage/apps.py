"""The Django app of triage."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "weicheng.triage"
    label = "triage"
    verbose_name = "分拣"
    default_auto_field = "django.db.models.BigAutoField"
