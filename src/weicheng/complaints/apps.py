"""The Django app of complaints."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "weicheng.complaints"
    label = "complaints"
    verbose_name = "投诉建议"
    default_auto_field = "django.db.models.BigAutoField"
