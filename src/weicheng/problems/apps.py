"""The Django app of problems."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "weicheng.problems"
    label = "problems"
    verbose_name = "问题"
    default_auto_field = "django.db.models.BigAutoField"
