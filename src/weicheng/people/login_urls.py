"""Addresses of log-in and of one's own account."""

from __future__ import annotations

from django.urls import path

from weicheng.people import login_views, me_views

urlpatterns = [
    path("login/", login_views.login_page, name="login"),
    path("login/code/", login_views.code_page, name="login_code"),
    path("login/link/<str:secret>/", login_views.link_page, name="link"),
    path("logout/", login_views.logout_page, name="logout"),
    path("me/", me_views.me, name="me"),
    path("me/password/", me_views.password, name="password"),
    path("me/second-factor/", me_views.second_factor, name="second_factor"),
    path("me/sessions/end-others/", me_views.end_others, name="end_others"),
    path("me/sessions/<uuid:public_id>/end/", me_views.end_session, name="end_session"),
]
