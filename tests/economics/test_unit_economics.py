"""The formulas: the reference figures, and what must hold of each for every input."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.economics import unit_economics as unit
from advisor.framework.ownership import PotentialPath, contract_in_year
from advisor.framework.policy import DEFAULT_POLICY

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "economics_vectors.json").read_text())

money = st.floats(1.0, 1e7)
rate = st.floats(0.0, 1.0)
margin = st.floats(0.01, 1.0)
growth = st.floats(-0.5, 1.0)
discount = st.floats(0.0, 0.5)
years = st.integers(1, 10)


def capture(vector: Any) -> Any:
    """The first-sale share of a vector, by the framework's path."""
    by_years = vector["path"] == "linear"
    path = PotentialPath(
        vector["A"], vector.get("P"), vector["tau"] if by_years else None, None if by_years else vector["g"], 1 - vector["c"]
    )
    return unit.first_sale_capture([contract_in_year(path, year) for year in range(vector["T"])], 1 - vector["c"], vector["d"])


def steady(profit: Any, grows: Any, horizon: int) -> list[Any]:
    """The profits of an account that grows by the same share each year."""
    return [profit * (1 + grows) ** year for year in range(horizon)]


FORMULAS: dict[str, Any] = {
    "ltv_T": lambda v: unit.lifetime_value_of_path(steady(v["A"] * v["GM"], v["g"], v["T"]), 1 - v["c"], v["d"]),
    "first_sale_capture": capture,
    "payback_simple": lambda v: unit.payback_simple(v["CAC"], v["A"], v["GM"]),
    "bvp_payback": lambda v: unit.payback_of_company(v["SM"], v["new_cmrr"], v["GM"]),
    "magic": lambda v: unit.magic_number(v["rev_q"], v["rev_prev"], v["SM_prev"]),
    "ltv_simple_linear_expansion": lambda v: unit.lifetime_value_linear_expansion(v["A"], v["GM"], v["c"], v["m"]),
    "annual_from_monthly_churn": lambda v: unit.yearly_churn(v["m"]),
    "commission_rate": lambda v: unit.commission_rate(v["base"], v["q_to_ote"]),
}
CHECKED = [vector for vector in VECTORS if "expect" in vector]


@pytest.mark.parametrize("vector", CHECKED, ids=[f"{index}-{vector['f']}" for index, vector in enumerate(CHECKED)])
def test_formula_gives_the_reference_figure(vector: Any) -> None:
    printed = vector["expect"]
    digits = len(str(printed).partition(".")[2])
    assert round(float(FORMULAS[vector["f"]](vector)), digits) == printed


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if vector["f"] == "payback_churn"], ids=["pays", "never"])
def test_payback_with_churn_gives_the_reference_figure(vector: Any) -> None:
    months = float(unit.payback_months(vector["CAC"], vector["M"], vector["cm"]))
    closed = float(unit.payback_with_churn(vector["CAC"], vector["M"], vector["cm"]))
    if vector["expect_months"] is None:
        assert math.isnan(months)
        assert math.isnan(closed)
    else:
        assert months == vector["expect_months"]
        assert round(closed, 4) == vector["closed_form"]


def test_every_reference_figure_is_checked() -> None:
    """Two rows of the file are checks from outside by other conventions, without an exact figure."""
    assert {vector["f"] for vector in VECTORS} - set(FORMULAS) == {"payback_churn", "veeva_external_check", "xero_external_check"}


@given(money, margin, rate, growth, discount, years)
def test_lifetime_value_is_the_sum_of_its_years(acv: Any, share: Any, churn: Any, grows: Any, discounted: Any, horizon: Any) -> None:
    k = (1 - churn) * (1 + grows) / (1 + discounted)
    assert float(unit.lifetime_value_of_path(steady(acv * share, grows, horizon), 1 - churn, discounted)) == pytest.approx(
        sum(acv * share * k**year for year in range(horizon)), rel=1e-6
    )


@given(money, margin, rate, growth, discount, years)
def test_lifetime_value_is_finite_and_falls_with_churn(acv: Any, share: Any, churn: Any, grows: Any, discounted: Any, horizon: Any) -> None:
    kept = [1 - churn, 1 - min(churn + 0.1, 1.0)]
    value, worse = unit.lifetime_value_of_path(steady(acv * share, grows, horizon), kept, discounted)
    assert math.isfinite(value)
    assert worse <= value * (1 + 1e-9)


@given(money, margin, rate, growth, discount, years)
def test_lifetime_value_of_a_path_is_the_closed_form_for_steady_growth(
    acv: Any, share: Any, churn: Any, grows: Any, discounted: Any, horizon: Any
) -> None:
    """acv * margin * (1 - K^years) / (1 - K), K = (1 - churn)(1 + growth) / (1 + discount)."""
    k = (1 - churn) * (1 + grows) / (1 + discounted)
    years_worth = horizon if abs(k - 1) < 1e-9 else (1 - k**horizon) / (1 - k)
    assert float(unit.lifetime_value_of_path(steady(acv * share, grows, horizon), 1 - churn, discounted)) == pytest.approx(
        acv * share * years_worth, rel=1e-6
    )


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e5), st.floats(0.0, 0.2))
def test_payback_months_are_the_first_by_which_the_sum_reaches_the_cost(cost: Any, profit: Any, churn: Any) -> None:
    months = float(unit.payback_months(cost, profit, churn))
    if math.isnan(months):
        assert profit <= cost * churn * (1 + 1e-9)
        return
    assume(months < 5_000)
    earned = [profit * sum((1 - churn) ** month for month in range(int(count))) for count in (months - 1, months)]
    assert earned[0] < cost * (1 + 1e-6)
    assert earned[1] >= cost * (1 - 1e-6)


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e5), st.floats(0.0, 0.2), st.floats(0.0, 1e5))
def test_payback_is_no_shorter_for_a_higher_cost(cost: Any, profit: Any, churn: Any, more: Any) -> None:
    shorter, longer = unit.payback_with_churn([cost, cost + more], profit, churn)
    assert math.isnan(longer) or longer >= shorter


@pytest.mark.parametrize(
    "undefined",
    [
        unit.cac(1_000.0, 0),
        unit.ltv_to_cac(1_000.0, 0),
        unit.lifetime_value_simple(30_000.0, 0.8, 0),
        unit.lifetime_value_linear_expansion(30_000.0, 0.8, 0, 3_000.0),
        unit.payback_simple(10_000.0, 30_000.0, 0),
        unit.payback_with_churn(10_000.0, -5.0, 0.01),
        unit.payback_of_company(10_000.0, -100.0, 0.7),
        unit.magic_number(100.0, 90.0, 0),
    ],
)
def test_what_is_undefined_is_nan(undefined: Any) -> None:
    assert math.isnan(undefined)


@given(rate)
def test_churn_of_a_month_and_of_a_year_are_inverse(churn: Any) -> None:
    assert float(unit.yearly_churn(unit.monthly_churn(churn))) == pytest.approx(churn, abs=1e-9)


@given(money, st.lists(st.floats(1.0, 3.0), min_size=1, max_size=8), st.floats(0.3, 1.0), discount)
def test_first_sale_capture_is_a_share(acv: Any, factors: Any, retention: Any, discounted: Any) -> None:
    contracts = [acv, *(acv * factor for factor in factors)]
    assert 0 < float(unit.first_sale_capture(contracts, retention, discounted)) <= 1


def test_formulas_take_draws_and_give_as_many() -> None:
    profits = steady(np.full(7, 24_000.0), 0.05, 5)
    assert unit.lifetime_value_of_path(profits, 0.9, DEFAULT_POLICY.discount_rate).shape == (7,)
    assert unit.payback_with_churn(np.full(7, 30_000.0), 2_000.0, np.linspace(0, 0.1, 7)).shape == (7,)
