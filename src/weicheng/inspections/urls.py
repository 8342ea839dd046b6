"""The addresses of checks, under /checks/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from weicheng.inspections.views import look_backs, observing, rulings

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

urlpatterns: list[URLPattern | URLResolver] = [*_observing, *_looking_back, *_rulings]
