"""The product's own settings with the floor's addresses: same middleware, session, database."""

from __future__ import annotations

from weicheng.settings import *  # noqa: F403
from weicheng.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.floor"]
ROOT_URLCONF = "bench.floor.urls"
WSGI_APPLICATION = "bench.floor.wsgi.application"
