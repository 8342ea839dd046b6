"""Addresses of problems."""

from __future__ import annotations

from django.urls import path

from weicheng.problems.views import (
    acting,
    card,
    checking,
    duties,
    filing,
    limits,
    listing,
    lookups,
    routes,
)

app_name = "problems"
urlpatterns = [
    path("problems/", listing.index, name="list"),
    path("problems/new/", filing.new, name="new"),
    path("problems/look/places/", lookups.places, name="look_places"),
    path("problems/look/kinds/", lookups.kinds, name="look_kinds"),
    path("problems/look/persons/", lookups.persons, name="look_persons"),
    path("problems/routes/", routes.routes, name="routes"),
    path("problems/routes/new/", routes.route_new, name="route_new"),
    path("problems/routes/<uuid:pk>/", routes.route_edit, name="route_edit"),
    path("problems/routes/<uuid:pk>/do/", routes.route_do, name="route_do"),
    path("problems/limits/", limits.limits, name="limits"),
    path("problems/limits/new/", limits.limit_new, name="limit_new"),
    path("problems/limits/recount/", limits.recount, name="recount"),
    path("problems/limits/<uuid:pk>/", limits.limit_edit, name="limit_edit"),
    path("problems/limits/<uuid:pk>/do/", limits.limit_do, name="limit_do"),
    path("problems/<uuid:pk>/", card.detail, name="detail"),
    path("problems/<uuid:pk>/do/<slug:act>/", acting.act, name="act"),
    path("problems/<uuid:pk>/hand-in/", acting.hand_in, name="hand_in"),
    path("problems/<uuid:pk>/undo/", acting.undo, name="undo"),
    path("mine/", duties.mine, name="mine"),
    path("units/<uuid:pk>/todo/", duties.of_unit, name="unit_todo"),
    path("check/", checking.queue, name="check"),
    path("check/pass/", checking.pass_many, name="check_pass"),
    path("check/undo/", checking.undo_many, name="check_undo"),
]
