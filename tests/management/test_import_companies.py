"""`manage.py import_companies`: what it prints, what it makes, and what it refuses."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from advisor.models import Answer, Company, Membership, Scenario, Workspace
from tests.factories import make_member, make_workspace

pytestmark = pytest.mark.django_db

DAMAGED = Path(__file__).parents[1] / "data" / "damaged.csv"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "companies.csv"
    path.write_text("company,segment,acv_usd,political\nAcme,A,30k,yes\nAcme,B,40k,\n")
    return path


def run(path: Path, **options: str) -> list[str]:
    out = StringIO()
    call_command("import_companies", str(path), stdout=out, stderr=StringIO(), **options)
    return out.getvalue().splitlines()


def refusal(path: Path, **options: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(path, **options)
    return str(caught.value)


def test_import_prints_what_was_new_changed_and_unchanged(path: Path) -> None:
    make_workspace("Fund")

    assert run(path) == ["new        Acme, A", "new        Acme, B", "Fund: 2 new, 0 changed, 0 unchanged."]
    path.write_text("company,segment,acv_usd,political,note\nAcme,A,35k,~no,\nAcme,B,40k,,Why\nAcme,C,1k,,\n")
    assert run(path) == [
        "changed    Acme, A: acv_usd 30,000 -> 35,000; political yes -> ~no",
        "changed    Acme, B: note Why",
        "new        Acme, C",
        "Fund: 1 new, 2 changed, 0 unchanged.",
    ]
    assert run(path)[-1] == "Fund: 0 new, 0 changed, 3 unchanged."


def test_import_makes_the_workspace_that_it_names(path: Path) -> None:
    owner = make_member(make_workspace("Fund"))

    lines = run(path, workspace="  New\tfund ")

    assert lines[0] == 'Made the workspace "New fund".'
    assert Company.objects.get().workspace.name == "New fund"
    assert Membership.objects.get(workspace__name="New fund").user == owner


def test_import_finds_the_workspace_that_it_names(path: Path) -> None:
    make_workspace("Fund")
    make_workspace("Other fund")

    assert run(path, workspace="other FUND")[-1] == "Other fund: 2 new, 0 changed, 0 unchanged."
    assert Workspace.objects.count() == 2


def test_import_asks_for_a_workspace_where_there_is_none_or_several(path: Path) -> None:
    none = refusal(path)
    make_workspace("Fund")
    make_workspace("Another fund")

    assert none == "There is no workspace yet: name one with --workspace NAME, and it is made."
    assert refusal(path) == "There are several workspaces: say which with --workspace NAME. They are Another fund, Fund."


def test_import_refuses_a_workspace_without_a_proper_name(path: Path) -> None:
    assert refusal(path, workspace=" ") == "--workspace is blank; expected the name of a workspace."
    assert refusal(path, workspace="n" * 121) == f'--workspace "{"n" * 59}…" is too long (121 characters); expected at most 120.'
    assert Workspace.objects.count() == 0


def test_import_of_a_damaged_file_lists_its_errors_and_changes_nothing() -> None:
    said = refusal(DAMAGED, workspace="New fund").splitlines()

    assert said[0] == f"{DAMAGED} has 43 errors, so nothing was done:"
    assert len(said) == 44
    assert [model.objects.count() for model in (Workspace, Company, Scenario, Answer)] == [0, 0, 0, 0]


def test_import_names_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == f"{tmp_path / 'none.csv'}: there is no such file."
