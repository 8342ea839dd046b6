"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from weicheng.notices.views import bell, channels, digest

app_name = "notices"
urlpatterns = [
    path("messages/", bell.page, name="bell"),
    path("messages/<uuid:pk>/open/", bell.open_one, name="open"),
    path("messages/read/", bell.read_all, name="read_all"),
    path("messages/mail/", bell.mail, name="mail"),
    path("digest/", digest.page, name="digest"),
    path("digest/<uuid:pk>/print/", digest.tasks, name="tasks"),
    path("channels/", channels.page, name="channels"),
    path("channels/<uuid:pk>/<slug:what>/", channels.act, name="channel_act"),
    path("channels/hosts/", channels.host_new, name="host_new"),
    path("channels/hosts/<uuid:pk>/<slug:what>/", channels.host_act, name="host_act"),
]
