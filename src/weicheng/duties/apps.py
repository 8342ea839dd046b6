"""The Django app of duties."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "weicheng.duties"
    label = "duties"
    verbose_name = "责任"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand beside the items of the standard."""
        from weicheng.duties.panel import panel
        from weicheng.standards import beside

        beside.add(panel)
