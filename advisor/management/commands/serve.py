"""`manage.py serve`: prepare the data where needed, print the link that signs the first user in, and serve."""

import argparse
import os
import signal
import socket
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from advisor.services.accounts import NoOwner, first_user, sign_in_link
from advisor.services.usage import keep_going


def port_number(text: str) -> int:
    """A port from 0 (any free one) to 65535, for argparse."""
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: expected a whole number from 0 (any free one) to 65535")
    return number


class Command(BaseCommand):
    help = "Prepare the data where needed, print the first sign-in link, and serve."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s, this machine only)")
        parser.add_argument("--port", default=8000, type=port_number, help="the port to listen on; 0: any free one (default: %(default)s)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        # Both ways to end it then look alike, before the server runs too, and where a shell has started it in the background.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)
        try:
            with listen(host, port) as listener:
                self.prepare()
                base_url = settings.SITE_URL if settings.SITE_URL_IS_GIVEN else local_url(host, listener.getsockname()[1])
                self.say(f"\nGTM Design is at {base_url}\n{how_to_sign_in(base_url)}\n\nCtrl+C stops it.")
                keep_going()  # what a server that was stopped left unsearched
                connection.close()  # the threads that answer requests each open their own
                uvicorn.Server(server_config()).run(sockets=[listener])
        except KeyboardInterrupt:
            self.say("Stopped.")

    def prepare(self) -> None:
        """Collected files, the newest tables, and on the first run the demo companies."""
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if not settings.DEBUG and not manifest.exists():
            raise CommandError("The static files are not collected yet: run `make static`, or `manage.py collectstatic --noinput`.")
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            self.say(f"Preparing the database ({len(missing)} migrations) ...")
            call_command("migrate", verbosity=0, interactive=False)
        if not get_user_model().objects.exists():
            # Only the first run pays for what the demo needs.
            from advisor.management.demo import load_demo  # noqa: PLC0415

            self.say("Loading the demo companies ...")
            with transaction.atomic():  # stopped half-way, the next run starts anew
                load_demo()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """A socket that already listens, so a port in use is known before anything is changed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise CommandError(f"--host {host}: no such address on this machine.") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        other = port + 1 if port < 65_535 else 8000
        raise CommandError(
            f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}. "
            f"Choose another port: `make run PORT={other}`, or `manage.py serve --port {other}`."
        ) from error
    return listener


def how_to_sign_in(base_url: str) -> str:
    try:
        return f"Sign in with this link:\n\n    {sign_in_link(first_user(), base_url)}"
    except NoOwner:
        return "No owner's account is open: `manage.py add_member EMAIL --role owner` makes or opens one."


def local_url(host: str, port: int) -> str:
    """The address to type on this machine."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_config() -> uvicorn.Config:
    """One process: the pages' threads, the streams and their announcements share its memory."""
    return uvicorn.Config(
        "gtmdesign.asgi:application",
        lifespan="off",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,  # seconds; a browser that types again after a pause finds its connection still open
        timeout_graceful_shutdown=1,  # seconds; an open stream would hold the shutdown for ever
        backlog=2048,
    )
