"""Addresses of workdays."""

from __future__ import annotations

from django.urls import path

from weicheng.workdays import views

app_name = "workdays"
urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/day/<slug:day>/", views.day, name="day"),
    path("calendar/hours/", views.hours, name="hours"),
    path("calendar/<int:year>/publish/", views.publish, name="publish"),
]
