"""The addresses of checks, under /checks/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from weicheng.inspections.views import (
    agreement,
    look_backs,
    observing,
    paper,
    plans,
    plates,
    routes,
    rulings,
    teams,
    year,
)

app_name = "inspections"

_observing: list[URLPattern | URLResolver] = [
    path("observations/new/", observing.new, name="observation_new"),
    path("observations/<uuid:pk>/", observing.observation, name="observation"),
    path("observations/<uuid:pk>/stops/<uuid:stop_pk>/", observing.stop, name="observation_stop"),
    path("observations/<uuid:pk>/number/", observing.number, name="observation_number"),
    path("observations/<uuid:pk>/papers/", observing.papers, name="observation_papers"),
    path("observations/<uuid:pk>/marks/", observing.marks, name="observation_marks"),
    path("observations/<uuid:pk>/publish/", observing.publish, name="observation_publish"),
    path("observations/<uuid:pk>/pack/", observing.pack, name="observation_pack"),
    path("panel/<slug:token>/", observing.panel_paper, name="panel_paper"),
]

_looking_back: list[URLPattern | URLResolver] = [
    path("look-backs/", look_backs.look_backs, name="look_backs"),
    path("look-backs/<uuid:pk>/", look_backs.look_back, name="look_back"),
]

_rulings: list[URLPattern | URLResolver] = [
    path("rulings/", rulings.rulings, name="rulings"),
    path("rulings/new/", rulings.ruling_new, name="ruling_new"),
    path("rulings/<uuid:pk>/replace/", rulings.ruling_replace, name="ruling_replace"),
]

_walking: list[URLPattern | URLResolver] = [
    path("route/", routes.route, name="route"),
    path("daily/new/", routes.daily_new, name="daily_new"),
    path("sites/<uuid:pk>/", routes.site, name="site"),
    path("paper/plan/<uuid:pk>/", paper.paper_plan, name="paper_plan"),
    path("paper/route/", paper.paper_route, name="paper_route"),
    path("paper/site/<uuid:pk>/", paper.paper_site, name="paper_site"),
    path("paper/<slug:token>/", paper.paper, name="paper"),
    path("plates/", plates.plates, name="plates"),
    path("agreement/", agreement.agreement, name="agreement"),
]

_planning: list[URLPattern | URLResolver] = [
    path("", plans.plans, name="plans"),
    path("year/", year.year, name="year"),
    path("new/", plans.new, name="plan_new"),
    path("<uuid:pk>/", plans.plan, name="plan"),
    path("<uuid:pk>/edit/", plans.edit, name="plan_edit"),
    path("<uuid:pk>/lock/", plans.lock, name="plan_lock"),
    path("<uuid:pk>/drop/", plans.drop, name="plan_drop"),
    path("<uuid:pk>/release/", plans.release, name="plan_release"),
    path("<uuid:pk>/unseal/", teams.unseal, name="unseal"),
    path("<uuid:pk>/teams/", teams.teams, name="teams"),
    path("<uuid:pk>/replace/", teams.replace, name="team_replace"),
    path("<uuid:pk>/guests/", teams.guests, name="guests"),
    path("<uuid:pk>/guests/<uuid:guest_pk>/", teams.guest_do, name="guest_do"),
    path("stops/<uuid:pk>/gone/", plans.gone, name="stop_gone"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_planning,
    *_observing,
    *_looking_back,
    *_rulings,
    *_walking,
]
