"""Django alone, for a server that speaks WSGI. `manage.py serve` uses asgi.py, which holds this too."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")

application = get_wsgi_application()
