"""The Django app of scoring."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "weicheng.scoring"
    label = "scoring"
    verbose_name = "评分"
    default_auto_field = "django.db.models.BigAutoField"
