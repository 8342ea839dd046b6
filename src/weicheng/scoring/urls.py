"""The addresses of scores, under /score/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from weicheng.scoring.views import compare, figures, fixing, forecast, score, sheets

app_name = "scoring"

_score: list[URLPattern | URLResolver] = [
    path("", score.score, name="score"),
    path("condition/", score.condition, name="condition"),
    path("changes/", score.changes, name="changes"),
    path("changes/<slug:aspect>/", score.changes, name="changes_of"),
    path("why/", score.why, name="why"),
    path("why/<path:path>/", score.why, name="why_below"),
]

_forecast: list[URLPattern | URLResolver] = [
    path("forecast/", forecast.forecast, name="forecast"),
    path("forecast/switch/", forecast.switch, name="forecast_switch"),
    path("recompute/", forecast.recompute, name="recompute"),
    path("around/", forecast.around, name="around"),
]

_figures: list[URLPattern | URLResolver] = [
    path("figures/", figures.figures, name="figures"),
    path("compare/", compare.compare, name="compare"),
    path("sheets/", sheets.sheets, name="sheets"),
]

_fixing: list[URLPattern | URLResolver] = [
    path("fixing/", fixing.fixing, name="fixing"),
    path("fixing/dispatch/", fixing.dispatch, name="fixing_dispatch"),
    path("fixing/plan/", fixing.plan, name="fixing_plan"),
    path("fixing/crews/", fixing.crews, name="fixing_crews"),
    path("fixing/outlay/", fixing.outlay, name="fixing_outlay"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_score, *_forecast, *_figures, *_fixing]
