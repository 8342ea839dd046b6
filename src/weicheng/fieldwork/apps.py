"""The Django app of fieldwork."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "weicheng.fieldwork"
    label = "fieldwork"
    verbose_name = "现场"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may see the photos that phones send; guard the log-out of every page."""
        from weicheng.evidence import access
        from weicheng.fieldwork.showing import may_see
        from weicheng.frame import context

        access.register(may_see)
        context.SCRIPTS.append("fieldwork/js/leave.js")
