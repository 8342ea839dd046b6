"""The Django app of evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "weicheng.evidence"
    label = "evidence"
    verbose_name = "凭证"
    default_auto_field = "django.db.models.BigAutoField"
