"""What the segments of a portfolio earn, as a file: the numbers of the page, one segment a row."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from advisor.economics.many import DRAWS_OF_MANY
from advisor.economics.team_verdict import LEAST_LTV_TO_CAC, is_doubtful
from advisor.exports.advice_rows import to_digits
from advisor.exports.sheets import Cell, Sheet
from advisor.models import StoredAdvice, StoredNumbers
from advisor.models.sharing import OWN
from advisor.services.cell_text import guarded

NEVER = "never"
NO_AE = "no AE"  # in place of a share: the advised team has none to keep
YES, NO = "yes", "no"
NONE = "none"  # in place of a team: no team earns what it costs
DIGITS = 3  # what 250 draws can tell
MONTHS, TIMES, FRACTION = "0.0", "0.00##", "0.00#"
EARNS = Sheet(
    name="What they earn",
    columns=(
        *("company", "segment", "scenario", "advised_team", "earns_most", "earns_most_in"),
        *("ltv_to_cac", "ltv_to_cac_low", "ltv_to_cac_high", "cac_payback_months", "net_retention", "net_retention_doubtful"),
        *("cost_to_serve_share", "keeping_ae_in", "draws", "assumptions_kept", "shared_by"),
    ),
    widths={"company": 24, "segment": 28},
    formats={
        **dict.fromkeys(("ltv_to_cac", "ltv_to_cac_low", "ltv_to_cac_high"), TIMES),
        **dict.fromkeys(("earns_most_in", "net_retention", "cost_to_serve_share", "keeping_ae_in"), FRACTION),
        "cac_payback_months": MONTHS,
    },
)


def numbers_rows(found: Iterable[StoredAdvice], kept: Container[int]) -> Iterator[list[Cell]]:
    """A list of cells for each segment, below `EARNS`. Shares are fractions; payback is in months, or a text where it never comes; so is
    the share in which keeping the AE brings more, where there is none.

    Each is in the digits that so few draws can tell. A share of the draws is what was counted, beside of how many: 1 is all of these, and
    no certainty.

    Args:
        found: Read with company, workspace and stored numbers, which are known.
        kept: The scenarios for which assumptions are kept.
    """
    for advice in found:
        numbers: StoredNumbers = advice.scenario.stored_numbers  # type: ignore[attr-defined, unused-ignore]  # read along
        segment = advice.scenario.segment
        company = segment.company
        yield [
            *(guarded(text) for text in (company.name, segment.name, advice.scenario.name)),
            *(advice.team, numbers.best or NONE),
            _cell(numbers.best_in),
            *(_times(value) for value in (numbers.ltv_to_cac, numbers.ltv_to_cac_low, numbers.ltv_to_cac_high)),
            NEVER if numbers.payback is None else _cell(numbers.payback),
            *(_cell(numbers.nrr), YES if is_doubtful(numbers.nrr) else NO),
            *(_cell(numbers.cost_to_serve_share), NO_AE if numbers.keeping is None else _cell(numbers.keeping)),
            DRAWS_OF_MANY,
            YES if advice.scenario_id in kept else NO,
            "" if advice.level == OWN else guarded(company.workspace.name),  # type: ignore[attr-defined, unused-ignore]  # by `visible_to`
        ]


def _cell(value: float | None) -> Cell:
    return "" if value is None else to_digits(value, DIGITS)


def _times(value: float | None) -> Cell:
    """Lifetime value over CAC, in as many digits as show that it is too little where it is counted as that."""
    digits = DIGITS
    while value is not None and value < LEAST_LTV_TO_CAC <= to_digits(value, digits):
        digits += 1
    return "" if value is None else to_digits(value, digits)
