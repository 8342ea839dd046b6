"""The door of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from weicheng.server.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weicheng.settings")
# A worker that outlives a killed server would go on answering with old code.
die_with_parent()
application = get_wsgi_application()
