"""Numbers in no more digits than their range allows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.rounding import Told, chance, money_to, months_to, number_to, percent_to, share_to, step_below, step_of, told
from advisor.economics.uncertainty import Spread


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [
        (80_000, 143_000, 10_000),
        (82_000, 107_000, 1_000),
        (11.2, 21.9, 1),
        (0.84, 0.93, 0.01),
        (0.0, 3.0, 1),
        (7_300, 7_300, 100),
        (0, 0, 1),
    ],
)
def test_a_step_follows_the_width_of_the_range(low: float, high: float, step: float) -> None:
    assert step_of(low, high) == pytest.approx(step)


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_a_range_is_told_in_three_to_thirty_steps(low: float, width: float) -> None:
    steps = (low + width - low) / step_of(low, low + width) if low + width > low else 3.0
    assert 3 * (1 - 1e-9) <= steps <= 30 * (1 + 1e-9)


@pytest.mark.parametrize(
    ("spread", "tell", "unit", "expected"),
    [
        (Spread(80_400, 112_000, 143_000, 0), money_to, "", ("$110k", "$80k to $140k")),
        (Spread(1_205_000, 1_251_000, 1_309_000, 0), money_to, "", ("$1.25M", "$1.2M to $1.31M")),
        (Spread(980_000, 1_100_000, 1_300_000, 0), money_to, "", ("$1.1M", "$1M to $1.3M")),
        (Spread(-37_400, 4_700, 37_800, 0), money_to, "", ("$5k", "\N{MINUS SIGN}$40k to $40k")),
        (Spread(0.2, 4.7, 52.0, 0), number_to, "", ("5", "0 to 50")),
        (Spread(-30.0, 0.0, 30.0, 0), number_to, "", ("0", "\N{MINUS SIGN}30 to 30")),
        (Spread(0.0, 0.0, 1.2, 0), months_to, " months", ("0 months", "0 to 1 months")),
        (Spread(0.1, 0.42, 38.0, 0), months_to, " months", ("0.4 months", "0 to 40 months")),
        (Spread(0.45, 0.51, 0.65, 0), months_to, " months", ("0.51 months", "0.45 to 0.65 months")),
        (Spread(-971, -406, -139, 0), money_to, "", ("\N{MINUS SIGN}$400", "\N{MINUS SIGN}$1k to \N{MINUS SIGN}$100")),
        (Spread(0.8, 1.0, 1.2, 0), number_to, "", ("1.0", "0.8 to 1.2")),
        (Spread(0.845, 0.886, 0.931, 0), percent_to, " %", ("89 %", "84 to 93 %")),
        (Spread(0.95, 0.95, 0.95, 0), percent_to, " %", ("95 %", "")),
        (Spread(8.12, 10.2, 12.6, 0), percent_to, " %", ("1,000 %", "800 to 1,300 %")),
        (Spread(11.2, 16.4, 21.9, 0), months_to, " months", ("16 months", "11 to 22 months")),
        (Spread(15.8, 16.4, 17.1, 0), months_to, " months", ("16 months", "16 to 17 months")),
        (Spread(11.2, 16.4, None, 0.2), months_to, " months", ("16 months", "11 months to never")),
        (Spread(97.9, None, None, 0.7), months_to, " months", ("never", "98 months to never")),
        (Spread(None, None, None, 1), months_to, " months", ("never", "")),
        (Spread(0.845, 0.886, 0.931, 0), share_to, " %", ("89 %", "84 to 93 %")),
        (Spread(1.6e-9, 1.6e-9, 1.6e-9, 0), share_to, " %", ("0 %", "")),
        (Spread(0.0, 1e-9, 0.004, 0), share_to, " %", ("0 %", "0 to 0.4 %")),
        (Spread(0.0004, 0.0006, 0.03, 0), share_to, " %", ("under 0.1 %", "under 0.1 to 3.0 %")),
        (Spread(0.0004, 0.0004, 0.0004, 0), share_to, " %", ("under 0.1 %", "")),
        (Spread(-0.0014, 0.002, 0.004, 0), share_to, " %", ("0.2 %", "\N{MINUS SIGN}0.1 to 0.4 %")),
        (Spread(0.0061, 0.01, 0.0139, 0), lambda value, _: percent_to(value, 0.01), " %", ("1 %", "")),
        (Spread(0.86, 0.9, 0.91, 0), lambda value, _: number_to(value, 0.1), " months", ("0.9 months", "")),
    ],
)
def test_a_spread_is_told_with_its_range(spread: Spread, tell: Any, unit: str, expected: tuple[str, str]) -> None:
    assert told(spread, tell, unit) == Told(*expected)


MAGNITUDES = st.floats(1e-6, 1e9)


@given(MAGNITUDES, MAGNITUDES, MAGNITUDES, st.booleans(), st.sampled_from((number_to, money_to, percent_to, months_to)))
def test_a_typical_value_keeps_a_digit_however_wide_its_range(middle: float, below: float, above: float, is_loss: bool, tell: Any) -> None:
    typical = -middle if is_loss else middle
    said = told(Spread(typical - below, typical, typical + above, 0), tell).typical
    scale = {"k": 1e3, "M": 1e6, "B": 1e9}.get(said[-1], 1.0) / (100 if tell is percent_to else 1)
    value = float(said.strip("\N{MINUS SIGN}$kMB").replace(",", "")) * scale
    assert said.startswith("\N{MINUS SIGN}") == is_loss
    # Told to the place of the first digit, or finer.
    first = 10.0 ** np.floor(np.log10(middle))
    assert abs(value - middle) <= first / 2 * (1 + 1e-6)


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.94, "2.9"), (2.983, "2.98"), (2.9996, "2.9996"), (3.0, "3.0"), (3.04, "3.0"), (0.0, "0.0")],
)
def test_what_is_below_a_border_is_told_below_it(value: float, words: str) -> None:
    assert number_to(value, step_below(value, 3.0, 0.1)) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "under 1 %"), (0.0099, "under 1 %"), (0.01, "1 %"), (0.736, "74 %"), (0.99, "99 %"), (1.0, "over 99 %")]
)
def test_a_share_of_the_draws_is_never_a_certainty(share: float, words: str) -> None:
    assert chance(share) == words
