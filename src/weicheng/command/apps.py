"""The Django app of command."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "weicheng.command"
    label = "command"
    verbose_name = "调度"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The figure beside 工作台: what waits to be sent and to be verified."""
        from weicheng.command.queues import waiting
        from weicheng.frame import navigation

        navigation.count("workbench", waiting)
