"""The four cells, and what is read from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association

from advisor.economics.lir.agreement import Floats, Table, band, table_of, tables_of


def cells(hit_renewed: float, hit_left: float, missed_renewed: float, missed_left: float) -> Table:
    return Table(np.array(hit_renewed), np.array(hit_left), np.array(missed_renewed), np.array(missed_left))


BY_HAND = cells(45, 5, 25, 25)


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        pytest.param("customers", 100, id="customers"),
        pytest.param("reach", 0.5, id="reach"),
        pytest.param("base", 0.7, id="base"),
        pytest.param("ppv", 0.9, id="ppv"),
        pytest.param("missed_rate", 0.5, id="missed_rate"),
        pytest.param("sensitivity", 45 / 70, id="sensitivity"),
        pytest.param("lift", 0.9 / 0.7, id="lift"),
        pytest.param("overlap", 45 / 75, id="overlap"),
        pytest.param("phi", (45 * 25 - 5 * 25) / (50 * 50 * 70 * 30) ** 0.5, id="phi"),
    ],
)
def test_a_table_by_hand(measure: str, value: float) -> None:
    assert float(getattr(BY_HAND, measure)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("table", "phi"),
    [
        pytest.param(cells(10, 0, 0, 10), 1, id="the same"),
        pytest.param(cells(0, 10, 10, 0), -1, id="the opposite"),
        pytest.param(cells(9, 3, 6, 2), 0, id="nothing to do with each other"),
        pytest.param(cells(7, 3, 0, 0), 0, id="all reach it"),
        pytest.param(cells(7, 0, 3, 0), 0, id="all renew"),
        pytest.param(cells(0, 0, 0, 0), 0, id="nobody"),
    ],
)
def test_phi_at_its_ends(table: Table, phi: float) -> None:
    assert float(table.phi) == phi


@pytest.mark.parametrize("measure", ["reach", "base", "ppv", "missed_rate", "sensitivity", "lift", "overlap"])
def test_a_share_of_nobody_is_not_a_number(measure: str) -> None:
    assert np.isnan(getattr(cells(0, 0, 0, 0), measure))


marks = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


@given(marks)
def test_cells_are_those_of_the_marks_and_phi_is_their_correlation(both: list[tuple[bool, bool]]) -> None:
    hit, renewed = (np.array(column) for column in zip(*both, strict=True))
    table = table_of(hit, renewed)
    counted = np.array([[(hit & renewed).sum(), (hit & ~renewed).sum()], [(~hit & renewed).sum(), (~hit & ~renewed).sum()]])
    assert np.array_equal(np.array(table).reshape(2, 2), counted)
    if hit.std() and renewed.std():
        assert float(table.phi) == pytest.approx(np.corrcoef(hit, renewed)[0, 1])
        assert abs(float(table.phi)) == pytest.approx(association(counted, method="cramer"))
    else:
        assert float(table.phi) == 0


four = st.tuples(*[st.integers(0, 1_000)] * 4)


@given(st.lists(four, min_size=1, max_size=5))
def test_many_tables_at_once_are_as_each_alone(given_cells: list[tuple[int, int, int, int]]) -> None:
    columns: list[Floats] = [np.array(column, dtype=np.float64) for column in zip(*given_cells, strict=True)]
    together = Table(*columns)
    for index, each in enumerate(given_cells):
        alone = cells(*each)
        for measure in ("reach", "ppv", "missed_rate", "lift", "overlap", "phi"):
            assert np.array_equal(getattr(together, measure)[index], getattr(alone, measure), equal_nan=True)
        assert -1 <= alone.phi <= 1


@given(four)
def test_margins_give_the_cells_back(each: tuple[int, int, int, int]) -> None:
    table = cells(*each)
    again = tables_of(table.hit_renewed, table.hit_renewed + table.hit_left, table.hit_renewed + table.missed_renewed, table.customers)
    assert [float(cell) for cell in again] == [float(cell) for cell in each]


@pytest.mark.parametrize(
    ("phi", "word"),
    [
        (1.0, "strong"),
        (0.4, "strong"),
        (-0.4, "strong"),
        (0.39, "moderate"),
        (0.3, "moderate"),
        (0.2, "slight"),
        (0.19, "hardly any"),
        (0.0, "hardly any"),
    ],
)
def test_a_band_begins_where_it_says(phi: float, word: str) -> None:
    assert band(phi) == word
