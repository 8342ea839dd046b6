"""The Django app of inspections."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "weicheng.inspections"
    label = "inspections"
    verbose_name = "检查"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may see the pictures of visits and findings."""
        from weicheng.evidence import access
        from weicheng.inspections.pictures import may_see

        access.register(may_see)
