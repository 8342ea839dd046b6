"""Addresses of people: log-in, one's own account, units and those who work in them."""

from __future__ import annotations

from weicheng.people import login_urls, unit_urls

app_name = "people"
urlpatterns = [*login_urls.urlpatterns, *unit_urls.urlpatterns]
