"""The Django app of inspections."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "weicheng.inspections"
    label = "inspections"
    verbose_name = "检查"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may see the pictures of visits and findings, and how problems were found."""
        from weicheng.evidence import access
        from weicheng.inspections.pictures import found_on_the_spot, may_see
        from weicheng.problems import on_the_spot

        access.register(may_see)
        on_the_spot.register(found_on_the_spot)
