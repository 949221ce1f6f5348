"""Which column of somebody's own table is which of ours."""

from __future__ import annotations

import pytest

from advisor.forms.company_file.columns import guessed


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (["Company name", "Customer segment", "ACV ($)", "Team today"], ["company", "segment", "acv_usd", "current_team"]),
        (["Firm", "Segment", "Contract value", "Industry", "Owner"], ["company", "segment", "acv_usd", "sector", "current_owner"]),
        (["Company", "Name", "Market", "ACV"], ["company", "", "segment", "acv_usd"]),
        (["Account owner", "Employees"], ["", ""]),
        (["Annual recurring revenue", "ACV"], ["arr_usd", "acv_usd"]),
        (["MRR", "ARR (EUR)"], ["", ""]),
        (["ARR (USD k)", "Potential ACV in thousands", "ACV (USD, '000)"], ["", "", ""]),
        (["ARR (k USD)", "ACV USDk", "Potential ACV (million USD)"], ["", "", ""]),
        (["ARR in $m", "ACV Tsd", "Potential ACV ($K)"], ["", "", ""]),
        (["Logo retention", "Customer retention (%)", "Gross retention (%)"], ["", "", "gross_retention_pct"]),
        (["Customer group", "Segment ARR", "Avg contract (USD)", "Buying motion"], ["segment", "arr_usd", "acv_usd", "sales_motion"]),
    ],
)
def test_headings_of_peoples_own_tables_are_guessed(headings: list[str], columns: list[str]) -> None:
    assert guessed(headings) == columns
