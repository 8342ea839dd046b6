"""The Django app of standards."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "weicheng.standards"
    label = "standards"
    verbose_name = "标准"
    default_auto_field = "django.db.models.BigAutoField"
