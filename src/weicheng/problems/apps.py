"""The Django app of problems."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "weicheng.problems"
    label = "problems"
    verbose_name = "问题"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may see the pictures; follow the calendar and the duties."""
        from weicheng.evidence import access
        from weicheng.journal import outbox
        from weicheng.problems import following
        from weicheng.problems.pictures import may_see
        from weicheng.problems.recounting import on_calendar
        from weicheng.workdays import affected

        access.register(may_see)
        outbox.subscribe("duties", following.CONSUMER, following.wants)
        outbox.handle(following.CONSUMER, following.hear)
        affected.register(on_calendar)
