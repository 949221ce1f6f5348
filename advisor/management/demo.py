"""The demo companies, for the first start."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command

from advisor.demo import DEMO_FILE
from advisor.models import Workspace
from advisor.services.accounts import FIRST_WORKSPACE


def load_demo() -> None:
    """Take the demo companies into the first workspace, which is made where there is none. A second call changes nothing.

    They come as anybody's file does, by the command.
    """
    workspace = Workspace.objects.order_by("pk").first()
    name = FIRST_WORKSPACE if workspace is None else workspace.name
    call_command("import_companies", str(DEMO_FILE), workspace=name, stdout=StringIO())
