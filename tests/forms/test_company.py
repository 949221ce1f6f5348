"""Names as people type them: one line of composed characters without controls."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.forms.company import CompanyForm, SegmentForm
from advisor.models import Workspace

FUND, SECOND = Workspace(pk=1, name="Fund"), Workspace(pk=2, name="Second")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Klaviyo", "Klaviyo"),
        ("  Klaviyo \t Inc\n", "Klaviyo Inc"),
        ("Zu\u0308rich", "Zürich"),
        ("\N{NO-BREAK SPACE}A\N{EM SPACE}B", "A B"),
        ("株式会社", "株式会社"),
        ("<b>O'Brien & Co</b>", "<b>O'Brien & Co</b>"),
        ("\N{RIGHT-TO-LEFT MARK}שלום", "\N{RIGHT-TO-LEFT MARK}שלום"),
        ("x" * 120, "x" * 120),
    ],
)
def test_a_name_is_one_line_of_composed_characters(typed: str, name: str) -> None:
    form = SegmentForm({"name": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"name": name}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (None, "This field is required."),
        ("", "This field is required."),
        (" \t\r\n\N{NO-BREAK SPACE}", "This field is required."),
        ("x" * 121, f'"{"x" * 59}…" is too long (121 characters); expected at most 120.'),
        ("a\x00b", '"a\\x00b" holds characters that cannot be printed; expected plain text.'),
        ("a\x1b[31mb", '"a\\x1b[31mb" holds characters that cannot be printed; expected plain text.'),
        ("\ud800", '"\\ud800" holds characters that cannot be printed; expected plain text.'),
        ("\uffff", '"\\uffff" holds characters that cannot be printed; expected plain text.'),
    ],
)
def test_a_name_that_is_none_is_refused(typed: str | None, error: str) -> None:
    form = SegmentForm({} if typed is None else {"name": typed})
    assert form.errors == {"name": [error]}


@given(st.text())
def test_a_name_is_kept_as_it_is_or_refused(typed: str) -> None:
    form = SegmentForm({"name": typed})
    if form.is_valid():
        name = form.cleaned_data["name"]
        assert 0 < len(name) <= 120
        assert name == unicodedata.normalize("NFC", " ".join(typed.split()))
        assert SegmentForm({"name": name}).is_valid()
        assert SegmentForm({"name": name}).data == {"name": name}
    else:
        assert list(form.errors) == ["name"]


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"name": "A"}, {"name": "A", "stage": "", "sector": ""}),
        ({"name": " A ", "stage": " Series  B ", "sector": "CRM\n"}, {"name": "A", "stage": "Series B", "sector": "CRM"}),
    ],
)
def test_a_company_has_a_name_and_maybe_stage_and_sector(sent: dict[str, str], fields: dict[str, str]) -> None:
    form = CompanyForm(sent, workspaces=[FUND])
    assert form.is_valid()
    assert form.company_fields() == fields


@pytest.mark.parametrize("name", ["stage", "sector"])
def test_a_company_has_no_long_stage_or_sector(name: str) -> None:
    form = CompanyForm({"name": "A", name: "x" * 61}, workspaces=[FUND])
    assert list(form.errors) == [name]


@pytest.mark.parametrize(
    ("workspaces", "chosen", "pk"),
    [([FUND], None, None), ([FUND], "2", None), ([FUND, SECOND], "2", 2), ([FUND, SECOND], "1", 1)],
)
def test_the_workspace_is_one_of_those_that_were_offered(workspaces: list[Workspace], chosen: Any, pk: int | None) -> None:
    form = CompanyForm({"name": "A"} | ({} if chosen is None else {"workspace": chosen}), workspaces=workspaces)
    assert form.is_valid()
    assert form.workspace_pk() == pk


@pytest.mark.parametrize("chosen", [None, "", "3", "x", "-1", "1 "])
def test_another_workspace_is_refused(chosen: str | None) -> None:
    form = CompanyForm({"name": "A"} | ({} if chosen is None else {"workspace": chosen}), workspaces=[FUND, SECOND])
    assert list(form.errors) == ["workspace"]
