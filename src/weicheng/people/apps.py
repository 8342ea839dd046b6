"""The Django app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "weicheng.people"
    label = "people"
    verbose_name = "组织人员"
    default_auto_field = "django.db.models.BigAutoField"
