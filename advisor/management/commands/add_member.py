"""`manage.py add_member EMAIL`: give somebody a role in a workspace, and print a link that signs them in."""

import argparse
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from advisor.forms.cells import CellError, read_text
from advisor.models import Role, Workspace
from advisor.services.accounts import add_member, sign_in_link
from advisor.services.audit import Actor
from advisor.services.members import LastOwner

NAME_LENGTH = 120


class Command(BaseCommand):
    help = "Give somebody a role in a workspace, with an account where there is none, and print a link that signs them in."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", help="whom")
        parser.add_argument("--name", default="", help="what they are called (default: the part of the address before the @)")
        parser.add_argument("--role", default=Role.EDITOR.value, choices=Role.values, help="what they may do (default: %(default)s)")
        parser.add_argument("--workspace", metavar="NAME", help="where (default: the only one)")

    def handle(self, *args: Any, email: str, name: str, role: str, workspace: str | None, **options: Any) -> None:
        try:
            validate_email(email)
            name = read_text(name or email.partition("@")[0], longest=NAME_LENGTH)
        except ValidationError as error:
            raise CommandError(f"{email} is no email address; expected one such as ana@example.com.") from error
        except CellError as error:
            raise CommandError(f"--name {error.sentence}") from error
        place = found_workspace(workspace)
        try:
            user = add_member(place, email, name, Role(role), by=Actor(None))
        except LastOwner as error:
            raise CommandError(f"{email} is the last owner of {place.name}. Make somebody else an owner first.") from error
        self.stdout.write(f"{user} is {role} of {place.name}. This link signs them in, for half a day:")
        self.stdout.write(sign_in_link(user, settings.SITE_URL))


def found_workspace(name: str | None) -> Workspace:
    """The workspace of this name in any case, or the only one. Raises CommandError."""
    found = Workspace.objects.order_by("name") if name is None else Workspace.objects.filter(name__iexact=name)
    if len(found) == 1:
        return found[0]
    there = ", ".join(Workspace.objects.order_by("name").values_list("name", flat=True)) or "none"
    raise CommandError(f"Say which workspace with --workspace NAME. There is: {there}.")
