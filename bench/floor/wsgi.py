"""The door of the floor's web server."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from weicheng.server.parent import die_with_parent

die_with_parent()
application = get_wsgi_application()
