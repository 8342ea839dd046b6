"""Addresses of intake."""

from __future__ import annotations

from django.urls import path

from weicheng.intake.views import importing, pool, regrouping

app_name = "intake"
urlpatterns = [
    path("import/", importing.index, name="import"),
    path("import/blank/<slug:name>.xlsx", importing.blank, name="blank"),
    path("import/<uuid:pk>/", importing.batch, name="batch"),
    path("import/<uuid:pk>/correct/", importing.correct, name="correct"),
    path("import/<uuid:pk>/take/", importing.take, name="take"),
    path("import/<uuid:pk>/discard/", importing.discard, name="discard"),
    path("import/<uuid:pk>/errors.xlsx", importing.errors, name="errors"),
    path("leads/", pool.leads, name="leads"),
    path("leads/bulk/", pool.bulk, name="bulk"),
    path("leads/undo/", pool.undo, name="undo"),
    path("leads/<uuid:pk>/file/", pool.file, name="file"),
    path("leads/<uuid:pk>/aside/", pool.aside, name="aside"),
    path("leads/<uuid:pk>/reopen/", pool.reopen, name="reopen"),
    path("leads/<uuid:pk>/regroup/", regrouping.regroup, name="regroup"),
    path("inbox/", pool.inbox, name="inbox"),
    path("inbox/drop/", regrouping.drop, name="drop"),
]
