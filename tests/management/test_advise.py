"""`manage.py advise`: the advice per row on standard output, or what is wrong with the file on standard error."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from advisor.demo import DEMO_FILE
from advisor.exports.advice_rows import FIELDS

ROOT = Path(__file__).parents[2]
DAMAGED = ROOT / "tests" / "data" / "damaged.csv"


def advised(*arguments: str) -> str:
    """What the command prints. Any use of the database fails the test, since it is not marked as one that needs it."""
    out = StringIO()
    call_command("advise", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def written(folder: Path, text: str) -> str:
    path = folder / "companies.csv"
    path.write_text(text)
    return str(path)


def test_advise_prints_rows_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "company,segment,acv_usd\nZeta,B,30k\nAcme,A,1k\nZeta,A,2k\n")

    rows = json.loads(advised(path, "--format", "json"))

    assert [(row["company"], row["segment"], row["acv_usd"]) for row in rows] == [
        ("Zeta", "B", 30_000),
        ("Acme", "A", 1_000),
        ("Zeta", "A", 2_000),
    ]


def test_advise_prints_json_with_every_field_of_every_demo_row() -> None:
    rows = json.loads(advised(str(DEMO_FILE), "--format", "json"))

    assert {tuple(row) for row in rows} == {FIELDS}
    assert len(rows) == 23


def test_advise_prints_csv_that_reads_back() -> None:
    header, *rows = csv.reader(StringIO(advised(str(DEMO_FILE), "--format", "csv"), newline=""))

    assert header == list(FIELDS)
    assert [(row[0], row[10]) for row in rows if row[0] == "Snowflake"] == [("Snowflake", "ae_se_support")]


def test_advise_prints_a_table_unless_told_otherwise() -> None:
    lines = advised(str(DEMO_FILE)).splitlines()

    assert lines[0].split() == ["company", "segment", "ACV", "$", "share", "ownership", "team", "owner", "cross-check", "differs", "today"]
    assert len(lines) == 25


def test_advise_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"\xff\xfe" + "company;segment;acv_usd\nAcme;A;30k\n".encode("utf-16-le"))))

    assert [row["company"] for row in json.loads(advised("-", "--format", "json"))] == ["Acme"]


def test_advise_says_notices_on_standard_error(tmp_path: Path) -> None:
    err = StringIO()

    call_command("advise", written(tmp_path, "company,segment,acv_usd,year\nAcme,A,30k,2025\n"), stdout=StringIO(), stderr=err)

    assert err.getvalue() == "Columns left out, since they are none of ours: year.\n"


def test_advise_lists_every_error_of_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, "company,segment,acv_usd,political\nAcme,A,3O,\nAcme,B,30k,maybe\n")

    with pytest.raises(CommandError) as caught:
        advised(path)

    assert str(caught.value) == (
        f"{path} has 2 errors, so nothing was done:\n"
        'Row 2, column acv_usd: "3O" is not an amount; expected USD a year such as 30000, $30,000 or 30k.\n'
        'Row 3, column political: "maybe" is none of the choices; expected no, partly or yes.'
    )


def test_advise_names_a_missing_file_a_folder_and_an_unreadable_one(tmp_path: Path) -> None:
    sentences = []
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / ("n" * 300)):
        with pytest.raises(CommandError) as caught:
            advised(str(path))
        sentences.append(str(caught.value).removeprefix(str(path)))

    assert sentences == [": there is no such file.", " is a folder; expected a CSV file.", " cannot be read: File name too long."]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", "advise", *arguments]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of an operator whose database cannot even be made: /dev/null is no folder."""
    return {**os.environ, "GTM_DATA_DIR": str(tmp_path), "GTM_DATABASE": "/dev/null/none.sqlite3"}


def run(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_advise_runs_where_there_is_no_database(environment: dict[str, str]) -> None:
    done = run(command(str(DEMO_FILE), "--format", "json"), environment)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == 23


def test_advise_ends_with_1_and_prints_nothing_when_the_file_is_damaged(environment: dict[str, str]) -> None:
    done = run(command(str(DAMAGED), "--format", "json"), environment)

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 44
    assert done.stderr.startswith(f"CommandError: {DAMAGED} has 43 errors, so nothing was done:\nRow 1 names")


def test_advise_ends_quietly_when_its_reader_has_enough(environment: dict[str, str]) -> None:
    with subprocess.Popen(command(str(DEMO_FILE)), cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (0, b"")
