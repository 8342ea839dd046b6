"""The Django app of intake."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "weicheng.intake"
    label = "intake"
    verbose_name = "收件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may see what arrives, count what waits, and learn from what is decided."""
        from weicheng.evidence import access
        from weicheng.frame import navigation
        from weicheng.intake.access import may_see
        from weicheng.intake.deciding import TOPIC
        from weicheng.intake.lessons import heard, teaches
        from weicheng.intake.models import LeadSource
        from weicheng.intake.sifting import waiting
        from weicheng.journal import outbox

        access.register(may_see)
        outbox.subscribe(TOPIC, "lessons")
        outbox.subscribe("problem", "lessons", wants=teaches)
        outbox.handle("lessons", heard)
        navigation.count("leads", waiting)
        navigation.count("inbox", lambda user: waiting(user, LeadSource.WECHAT))
