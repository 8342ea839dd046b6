"""The Django app of command."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "weicheng.command"
    label = "command"
    verbose_name = "指挥"
    default_auto_field = "django.db.models.BigAutoField"
