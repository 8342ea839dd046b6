"""The Django app of scoring."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "weicheng.scoring"
    label = "scoring"
    verbose_name = "评分"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The page of the two is offered to the two; the stops of an observation day show what
        their sites score."""
        from weicheng.frame.navigation import only
        from weicheng.inspections import site_marks
        from weicheng.scoring.permissions import is_one_of_the_two
        from weicheng.scoring.site_marks import marks_of

        only("forecast", is_one_of_the_two)
        site_marks.register(marks_of)
