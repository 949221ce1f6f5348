"""`manage.py import_companies FILE`: take a company file into a workspace, all of it or nothing."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from advisor.forms.cells import CellError, read_text, shown
from advisor.management.commands.advise import STANDARD_INPUT, add_file_argument, company_file_at
from advisor.models import Standing, Workspace
from advisor.models.company import NAME_LENGTH
from advisor.services.audit import Actor
from advisor.services.company_file import Change, Moved, PlannedRow, plan_import, workspace_named
from advisor.services.company_import import import_at_once


class Command(BaseCommand):
    help = "Take a company file into a workspace. A file with errors changes nothing, the same file twice nothing more."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_file_argument(parser)
        parser.add_argument(
            "--workspace", metavar="NAME", help="the workspace, made where there is none of this name (default: the only one)"
        )

    def handle(self, *args: Any, file: str, workspace: str | None, **options: Any) -> None:
        company_file = company_file_at(file, into=workspace or "")
        for notice in company_file.notices:
            self.stderr.write(notice)
        with transaction.atomic():
            target = self.only_workspace() if workspace is None else self.named_workspace(workspace)
            done = plan_import(target, company_file.rows)
            try:
                import_at_once(done, source_name(file), by=Actor(None))
            except Moved as moved:
                raise CommandError(
                    "Somebody has changed these companies at the same moment: nothing was imported. Run it again."
                ) from moved
        for row in done.rows:
            self.stdout.write(f"{row.standing.value:9}  {shown(row.company)}, {shown(row.segment)}{what_changed(row)}")
        self.stdout.write(f"{target.name}: {done.new} new, {done.changed} changed, {done.unchanged} unchanged.")

    def only_workspace(self) -> Workspace:
        """The only workspace there is. Raises CommandError where there are none or several."""
        names = list(Workspace.objects.order_by("name").values_list("name", flat=True))
        if not names:
            raise CommandError("There is no workspace yet: name one with --workspace NAME, and it is made.")
        if len(names) > 1:
            raise CommandError(f"There are several workspaces: say which with --workspace NAME. They are {', '.join(names)}.")
        return Workspace.objects.get()

    def named_workspace(self, name: str) -> Workspace:
        try:
            clean = read_text(name, longest=NAME_LENGTH)
        except CellError as error:
            raise CommandError(f"--workspace {error.sentence}") from error
        if not clean:
            raise CommandError("--workspace is blank; expected the name of a workspace.")
        found, is_new = workspace_named(clean)
        if is_new:
            self.stdout.write(f'Made the workspace "{clean}".')
        return found


def source_name(file: str) -> str:
    return "standard input" if file == STANDARD_INPUT else shown(Path(file).name)


def what_changed(row: PlannedRow) -> str:
    """The changes of a changed row, as the end of its line; a new row is all new."""
    return f": {'; '.join(change_text(change) for change in row.changes)}" if row.standing is Standing.CHANGED else ""


def change_text(change: Change) -> str:
    before, after = shown(change.before_text), shown(change.after_text)
    return f"{change.column} {before} -> {after}" if before else f"{change.column} {after}"
