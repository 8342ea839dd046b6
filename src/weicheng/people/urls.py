"""Addresses of people: log-in and one's own account."""

from __future__ import annotations

from weicheng.people import login_urls

app_name = "people"
urlpatterns = [*login_urls.urlpatterns]
