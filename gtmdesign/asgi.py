"""The server's entry point. Placeholder body until the threads of gtmdesign/pages.py arrive."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")

application = get_asgi_application()
