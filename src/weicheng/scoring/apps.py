"""The Django app of scoring."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "weicheng.scoring"
    label = "scoring"
    verbose_name = "评分"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The page of the two is offered to the two."""
        from weicheng.frame.navigation import only
        from weicheng.scoring.permissions import is_one_of_the_two

        only("forecast", is_one_of_the_two)
