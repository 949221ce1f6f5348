"""`manage.py search_lir KEY RUN`: search uploaded usage for the leading indicator. The server starts it; nobody types it."""

import argparse
import os
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Search uploaded usage for the leading indicator of retention. The server starts this by itself."
    requires_system_checks = ()  # the server that starts it has passed them

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("search", type=int, help="the key of the search")
        parser.add_argument("run", help="which run of it this process is")
        parser.add_argument("--parent", type=int, default=os.getppid(), help="the process with which it ends (default: its own)")

    def handle(self, *args: Any, search: int, run: str, parent: int, **options: Any) -> None:
        from advisor.services import lir_finder  # noqa: PLC0415 - numpy and scipy, which no other command needs

        lir_finder.run(search, run, parent)
