"""The Django app of command."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommandConfig(AppConfig):
    name = "weicheng.command"
    label = "command"
    verbose_name = "调度"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The figure beside 工作台, and the pages of 依据 that this room shows."""
        from weicheng.command.queues import waiting
        from weicheng.frame import navigation

        navigation.count("workbench", waiting)
        known = {item.url_name for item in navigation.ITEMS}
        for key, url_name, label, icon in (
            ("command_units", "command:units", _("单位"), "building"),
            ("campaign", "places:campaign", _("创建活动"), "flag"),
        ):
            if url_name not in known:
                group = _("依据")
                navigation.add(
                    navigation.Item(key=key, url_name=url_name, label=label, icon=icon, group=group)
                )
