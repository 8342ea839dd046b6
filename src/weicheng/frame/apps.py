"""The Django app of frame."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "weicheng.frame"
    label = "frame"
    verbose_name = "页面框架"
    default_auto_field = "django.db.models.BigAutoField"
