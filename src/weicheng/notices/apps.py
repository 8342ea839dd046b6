"""The Django app of notices: it listens to acts and alarms, and counts the bell."""

from typing import Any

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "weicheng.notices"
    label = "notices"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the outbox; give the bell its figure."""
        from weicheng.frame import navigation
        from weicheng.journal import outbox
        from weicheng.notices import telling

        outbox.subscribe("problem", telling.CONSUMER, telling.wants)
        outbox.subscribe("alarm", telling.CONSUMER)
        outbox.handle(telling.CONSUMER, telling.hear)
        navigation.count("messages", _unread)


def _unread(user: Any) -> int:
    from weicheng.notices import bell

    return bell.unread(user)
