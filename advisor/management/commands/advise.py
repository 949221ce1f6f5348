"""`manage.py advise FILE.csv`: the advice for every row of a company file, without a database."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from advisor.exports.advice_rows import advice_row, to_csv, to_json, to_table
from advisor.forms.company_file import MOST_BYTES, CompanyFile, read_company_file
from advisor.framework.advice import advise

FORMATS = {"table": to_table, "json": to_json, "csv": to_csv}
STANDARD_INPUT = "-"


class Command(BaseCommand):
    help = "Print the advice for every row of a company file. Needs no database."
    requires_system_checks = ()  # they look at the database's settings, and this command has no use for it

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_file_argument(parser)
        parser.add_argument(
            "--format",
            choices=FORMATS,
            default="table",
            help="table for people (default), json with everything, csv for spreadsheets",
        )

    def handle(self, *args: Any, file: str, format: str, **options: Any) -> None:
        company_file = company_file_at(file)
        for notice in company_file.notices:
            self.stderr.write(notice)
        rows = [advice_row(row.company, row.segment, advise(row.scenario())) for row in company_file.rows]
        try:
            self.stdout.write(FORMATS[format](rows), ending="")
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever reads, such as `head`, has enough. Python would complain once more when it closes the pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def add_file_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv", help="the company file; - reads standard input")


def company_file_at(path: str, *, into: str = "") -> CompanyFile:
    """The file at a path, or on standard input for "-", read for a workspace. Raises CommandError with every error of the file."""
    company_file = read_company_file(_content_of(path), into=into)
    if company_file.errors:
        name = "Standard input" if path == STANDARD_INPUT else path
        count = "1 error" if company_file.error_count == 1 else f"{company_file.error_count:,} errors"
        raise CommandError("\n".join([f"{name} has {count}, so nothing was done:", *company_file.error_sentences]))
    return company_file


def _content_of(path: str) -> bytes:
    """The bytes of a file; no more than are needed to see that it is too large."""
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise CommandError(f"{path}: there is no such file.") from error
    except IsADirectoryError as error:
        raise CommandError(f"{path} is a folder; expected a CSV file.") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {os.strerror(error.errno or 0)}.") from error
