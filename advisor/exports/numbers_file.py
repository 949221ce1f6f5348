"""What the segments of a portfolio earn, as a file: the numbers of the page, one segment a row."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from advisor.economics.many import DRAWS_OF_MANY
from advisor.economics.team_verdict import LEAST_LTV_TO_CAC, NOTHING_SPENT, is_doubtful
from advisor.exports.advice_rows import rounded, to_digits
from advisor.exports.sheets import Cell, Sheet
from advisor.framework.questions import QUESTION
from advisor.models import StoredAdvice, StoredNumbers
from advisor.models.sharing import OWN
from advisor.services.cell_text import guarded

NEVER = "never"
NO_AE = "no AE"  # in place of a share: the advised team has none to keep
A_LOSS = "a loss, and no ratio"  # of lifetime value over CAC below 0
YES, NO = "yes", "no"
NONE = "none"  # in place of a team: no team earns what it costs
# Why nothing is told of changing the team.
NONE_ADVISED, TODAY_NOT_SAID, OF_ANOTHER, AS_ADVISED = "no team advised", "today not said", "another team today", "as advised"
ASSUMED = {name: QUESTION[name].column for name in ("acv", "current_team")}  # answers that stand in a row, which can be guesses
DIGITS = 3  # what 250 draws can tell
MONTHS, TIMES, FRACTION, MONEY = "0.0", "0.00##", "0.00#", "#,##0"
EARNS = Sheet(
    name="What they earn",
    columns=(
        *("company", "segment", "scenario", "scenario_id", "link", "acv_usd", "arr_usd", "advised_team", "current_team"),
        *("earns_most", "earns_most_in"),
        *("ltv_to_cac", "ltv_to_cac_low", "ltv_to_cac_high", "ltv_to_cac_note", "brings_usd"),
        *("cac_payback_months", "cac_payback_note", "net_retention", "net_retention_doubtful"),
        *("cost_to_serve_share", "keeping_ae_in", "keeping_ae_note", "draws"),
        *("changing_team_brings_usd", "changing_team_brings_low_usd", "changing_team_brings_high_usd", "changing_team_note"),
        *("assumed", "assumptions_kept", "shared_by"),
    ),
    widths={"company": 24, "segment": 28, "link": 44, "ltv_to_cac_note": 24, "changing_team_note": 24},
    formats={
        **dict.fromkeys(("ltv_to_cac", "ltv_to_cac_low", "ltv_to_cac_high"), TIMES),
        **dict.fromkeys(("earns_most_in", "net_retention", "cost_to_serve_share", "keeping_ae_in"), FRACTION),
        **dict.fromkeys(("acv_usd", "arr_usd", "brings_usd"), MONEY),
        **dict.fromkeys(("changing_team_brings_usd", "changing_team_brings_low_usd", "changing_team_brings_high_usd"), MONEY),
        "cac_payback_months": MONTHS,
    },
)


def numbers_rows(
    found: Iterable[StoredAdvice], guesses: Mapping[int, Container[str]], kept: Container[int], link: Callable[[int], str]
) -> Iterator[list[Cell]]:
    """A list of cells for each segment, below `EARNS`. Shares are fractions, payback is in months; what a team brings, and what changing
    it brings, is of a deal. A cell without its number is empty, and the note beside it says why.

    Each is in the digits that so few draws can tell. A share of the draws is what was counted, beside of how many: 1 is all of these, and
    no certainty.

    Args:
        found: Read with company, workspace and stored numbers, which are known.
        guesses: By scenario the names of its answers that are guesses.
        kept: The scenarios for which assumptions are kept.
        link: The address of the numbers of a scenario.
    """
    for advice in found:
        numbers: StoredNumbers = advice.scenario.stored_numbers  # type: ignore[attr-defined, unused-ignore]  # read along
        segment = advice.scenario.segment
        company = segment.company
        yield [
            *(guarded(text) for text in (company.name, segment.name, advice.scenario.name)),
            *(advice.scenario_id, link(advice.scenario_id)),
            *("" if value is None else rounded(value) for value in (advice.acv, advice.arr)),
            *(advice.team, advice.current_team, numbers.best or NONE),
            _cell(numbers.best_in),
            *(_times(value) for value in (numbers.ltv_to_cac, numbers.ltv_to_cac_low, numbers.ltv_to_cac_high)),
            *(_note_of_times(numbers.ltv_to_cac), _cell(numbers.value)),
            *(_cell(numbers.payback), NEVER if numbers.payback is None else ""),
            *(_cell(numbers.nrr), YES if is_doubtful(numbers.nrr) else NO),
            _cell(numbers.cost_to_serve_share),
            *(_cell(numbers.keeping), NO_AE if numbers.keeping is None else "", DRAWS_OF_MANY),
            *(_cell(value) for value in (numbers.changing, numbers.changing_low, numbers.changing_high)),
            "" if numbers.changing is not None else why_no_change(advice),
            ", ".join(column for name, column in ASSUMED.items() if name in guesses.get(advice.scenario_id, ())),
            YES if advice.scenario_id in kept else NO,
            "" if advice.level == OWN else guarded(company.workspace.name),  # type: ignore[attr-defined, unused-ignore]  # by `visible_to`
        ]


def why_no_change(advice: StoredAdvice) -> str:
    """Why it is not known what changing the team of today to the advised one brings."""
    if not advice.current_team:
        return TODAY_NOT_SAID
    if not advice.team:
        return NONE_ADVISED
    return AS_ADVISED if advice.team == advice.current_team else OF_ANOTHER


def _cell(value: float | None) -> Cell:
    return "" if value is None else to_digits(value, DIGITS)


def _note_of_times(times: float | None) -> str:
    if times is None:
        return NOTHING_SPENT
    return A_LOSS if times < 0 else ""


def _times(value: float | None) -> Cell:
    """Lifetime value over CAC, in as many digits as show that it is too little where it is counted as that."""
    digits = DIGITS
    while value is not None and value < LEAST_LTV_TO_CAC <= to_digits(value, digits):
        digits += 1
    return "" if value is None else to_digits(value, digits)
