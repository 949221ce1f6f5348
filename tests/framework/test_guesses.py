"""Which measures rest on a guess, by how question 1 is answered."""

from __future__ import annotations

import pytest

from advisor.framework.guesses import guessed_measures
from advisor.framework.scenario import SHARE_WAY

GROWING = {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.1}
CAPPED = {**GROWING, "potential_acv": 1_000_000.0}
DATED = {**CAPPED, "years_to_potential": 4.0}
DIRECT = {**DATED, "first_sale_share": 0.4}


@pytest.mark.parametrize(
    ("guesses", "answers", "measures"),
    [
        ((), DIRECT, set()),
        (("motion",), GROWING, {"motion", "weight"}),
        (("acv",), GROWING, {"acv", "weight", "share", "potential"}),
        (("acv",), DATED, {"acv", "weight", "share"}),
        (("acv",), DIRECT, {"acv", "weight"}),
        (("expansion_rate",), GROWING, {"share", "potential"}),
        (("expansion_rate",), CAPPED, {"share"}),
        (("expansion_rate",), DATED, set()),
        (("years_to_potential",), DATED, {"share"}),
        (("gross_retention",), DATED, {"gross_retention", "share"}),
        (("first_sale_share",), DIRECT, {"share"}),
        (("first_sale_share",), {**DIRECT, SHARE_WAY: "potential"}, set()),
        (("potential_acv",), {**DIRECT, SHARE_WAY: "potential"}, {"share", "potential"}),
        (("expansion_rate",), {**DIRECT, SHARE_WAY: "growth"}, {"share"}),
        (("consultative@2",), GROWING, {"difficulty"}),
        (("current_team", "current_owner", "lir_event"), GROWING, {"current_team", "current_owner"}),
    ],
)
def test_a_measure_rests_on_a_guess_where_it_follows_from_one(
    guesses: tuple[str, ...], answers: dict[str, object], measures: set[str]
) -> None:
    assert guessed_measures(guesses, answers) == measures
