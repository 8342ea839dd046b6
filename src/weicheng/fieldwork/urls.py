"""Addresses of the field program; included under /field/."""

from __future__ import annotations

from django.urls import path

from weicheng.fieldwork.views import held, importing, pack, sending, shell

app_name = "fieldwork"
urlpatterns = [
    path("", shell.home, name="home"),
    path("sw.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("pack", pack.pack, name="pack"),
    path("site", pack.site, name="site"),
    path("token", pack.token, name="token"),
    path("unseal", pack.unseal, name="unseal"),
    path("photos", sending.photo, name="photo"),
    path("photos/<str:sha256>", sending.chunk, name="chunk"),
    path("acts", sending.take_acts, name="acts"),
    path("receipts", sending.receipts, name="receipts"),
    path("import", importing.import_file, name="import"),
    path("held", held.held, name="held"),
    path("held/<uuid:pk>/release", held.release, name="held_release"),
    path("held/<uuid:pk>/drop", held.drop, name="held_drop"),
]
