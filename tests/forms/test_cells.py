"""One answer as people and spreadsheets write it."""

import pytest

from advisor.forms.cells import CellError, FileAnswer, read_cell, read_text
from advisor.framework.questions import QUESTION

READ = (
    # question, text, stored value
    ("acv", "30000", 30_000.0),
    ("acv", "30,000", 30_000.0),
    ("acv", "$30,000", 30_000.0),
    ("acv", "US$ 30,000.50", 30_000.5),
    ("acv", "30,000 USD", 30_000.0),
    ("acv", "USD 30 000", 30_000.0),
    ("acv", "30\N{NO-BREAK SPACE}000", 30_000.0),
    ("acv", "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", 1_234_567.0),
    ("acv", "1'234'567.50", 1_234_567.5),
    ("acv", "30k", 30_000.0),
    ("acv", "$30 K", 30_000.0),
    ("acv", "1.2M", 1_200_000.0),
    ("acv", "1.250M", 1_250_000.0),
    ("acv", "0.5bn", 500_000_000.0),
    ("acv", "  30000  ", 30_000.0),
    ("acv", "+30000", 30_000.0),
    ("motion", "self_serve", 0.0),
    ("motion", "Self-serve", 0.0),
    ("motion", "self serve", 0.0),
    ("motion", "sales assisted", 50.0),
    ("motion", "SALES_ASSISTED", 50.0),
    ("motion", "complex", 100.0),
    ("motion", "Complex deployment", 100.0),
    ("motion", "62.5", 62.5),
    ("motion", "0", 0.0),
    ("first_sale_share", "6", 0.06),
    ("first_sale_share", "6 %", 0.06),
    ("first_sale_share", "6%", 0.06),
    ("first_sale_share", "6.5 percent", 0.065),
    ("first_sale_share", "1", 0.01),
    ("first_sale_share", "100", 1.0),
    ("expansion_rate", "-5", -0.05),
    ("expansion_rate", "\N{MINUS SIGN}5 %", -0.05),
    ("expansion_rate", "(5)", -0.05),
    ("expansion_rate", "0", 0.0),
    ("expansion_rate", "0.5 %", 0.005),
    ("expansion_rate", "250", 2.5),
    ("years_to_potential", "4", 4.0),
    ("years_to_potential", "2.5", 2.5),
    ("lir_threshold", "2,000", 2_000.0),
    ("political", "yes", "yes"),
    ("political", "Y", "yes"),
    ("political", "TRUE", "yes"),
    ("political", "1", "yes"),
    ("political", "x", "yes"),
    ("political", "Partly", "partly"),
    ("political", "no", "no"),
    ("political", "n", "no"),
    ("political", "False", "no"),
    ("political", "0", "no"),
    ("current_team", "ae_csm_support", "ae_csm_support"),
    ("current_team", "AE + CSM + Support", "ae_csm_support"),
    ("current_team", "AE, SE, CSM and Support", "ae_se_support_csm"),
    ("current_team", "AE + SE + Support (trimmed)", "ae_se_support"),
    ("current_team", "CSAM (one hybrid role)", "csam"),
    ("current_owner", "Account manager", "am"),
    ("current_owner", "AM", "am"),
    ("current_owner", "Account Executive", "ae"),
    ("current_owner", "Nobody", "none"),
    ("current_owner", "none", "none"),
    ("current_reason", "A board member advised it", "board_member"),
    ("current_reason", "always been so", "always_been_so"),
    ("current_reason", "unknown", "unknown"),
    ("lir_window", "first_days", "first_days"),
    ("lir_event", "The team sends\n2,000  messages", "The team sends 2,000 messages"),
)


@pytest.mark.parametrize(("name", "text", "value"), READ)
def test_cell_is_read_as_it_is_written(name: str, text: str, value: float | str) -> None:
    assert read_cell(QUESTION[name], text) == FileAnswer(value, is_guess=False)


@pytest.mark.parametrize("text", ["", "  ", "-", "--", "\N{EN DASH}", "?", "n/a", "N/A", "na", "#N/A", "unknown", "Unknown"])
@pytest.mark.parametrize("name", ["acv", "motion", "first_sale_share", "political", "current_team", "current_owner", "lir_event"])
def test_cell_that_says_unknown_is_unknown(name: str, text: str) -> None:
    assert read_cell(QUESTION[name], text) == FileAnswer(None, is_guess=False)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("acv", "~$30,000", 30_000.0),
        ("acv", "guess: 30k", 30_000.0),
        ("acv", "Guess:30k", 30_000.0),
        ("expansion_rate", "~-5", -0.05),
        ("political", "~ yes", "yes"),
        ("current_owner", "guess: none", "none"),
        ("lir_event", "~sends messages", "sends messages"),
        ("acv", "~", None),
    ],
)
def test_cell_marked_as_guess_is_taken_and_marked(name: str, text: str, value: float | str | None) -> None:
    assert read_cell(QUESTION[name], text) == FileAnswer(value, is_guess=True)


DECIMAL_COMMA = (
    ("acv", "30.000,00", 30_000.0),
    ("acv", "30.000", 30_000.0),
    ("acv", "30,000", 30_000.0),
    ("acv", "30,000.50", 30_000.5),
    ("acv", "1.234.567", 1_234_567.0),
    ("acv", "1,5M", 1_500_000.0),
    ("acv", "30 000,50", 30_000.5),
    ("acv", "1234,567", 1_234.567),
    ("first_sale_share", "6,5", 0.065),
    ("first_sale_share", "6.5", 0.065),
    ("first_sale_share", "6,125 %", 0.06125),
    ("years_to_potential", "0,25", 0.25),
    ("years_to_potential", "2,5", 2.5),
)


@pytest.mark.parametrize(("name", "text", "value"), DECIMAL_COMMA)
def test_cell_with_decimal_comma_is_read_where_the_file_has_one(name: str, text: str, value: float) -> None:
    assert read_cell(QUESTION[name], text, decimal_comma=True) == FileAnswer(value, is_guess=False)


REFUSED = (
    ("acv", "3O,000", '"3O,000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "0", '"0" is out of range; expected USD a year from 1 to 1,000,000,000.'),
    ("acv", "-5000", '"-5000" is negative; expected USD a year from 1 to 1,000,000,000.'),
    ("acv", "($5,000)", '"($5,000)" is negative; expected USD a year from 1 to 1,000,000,000.'),
    ("acv", "30.000", '"30.000" may mean 30 or 30,000; expected the number without separators.'),
    ("acv", "6,5", '"6,5" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "1,00,000", '"1,00,000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "€30,000", '"€30,000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "NaN", '"NaN" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "Infinity", '"Infinity" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "1e400", '"1e400" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "1_000", '"1_000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "١٢٣", '"١٢٣" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "9" * 39, f'"{"9" * 39}" is out of range; expected USD a year from 1 to 1,000,000,000.'),
    ("acv", "9" * 5_000, f'"{"9" * 59}…" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "=1+1", '"=1+1" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "#REF!", '"#REF!" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("motion", "pushy", '"pushy" is not a sales motion; expected self_serve, sales_assisted, complex, or 0 to 100.'),
    ("motion", "101", '"101" is out of range; expected self_serve, sales_assisted, complex, or 0 to 100.'),
    ("first_sale_share", "six", '"six" is not a percentage; expected whole per cent such as 6 or 6 %.'),
    ("first_sale_share", "101", '"101" is out of range; expected per cent from 1 to 100.'),
    ("gross_retention", "0.5 %", '"0.5 %" is out of range; expected per cent from 1 to 100.'),
    ("expansion_rate", "-91", '"-91" is out of range; expected per cent from -90 to 1,000.'),
    ("years_to_potential", "soon", '"soon" is not a number; expected a number of years such as 4 or 30.'),
    ("years_to_potential", "0", '"0" is out of range; expected years from 0.25 to 30.'),
    ("political", "maybe", '"maybe" is none of the choices; expected no, partly or yes.'),
    (
        "current_team",
        "BDR + AE",
        '"BDR + AE" is none of the choices; expected csam, ae_csm_support, ae_se_support_csm, ae_se_support or other.',
    ),
    ("current_owner", "the CEO", '"the CEO" is none of the choices; expected csam, csm, am, ae or none.'),
    ("lir_event", "a" * 201, f'"{"a" * 59}…" is too long (201 characters); expected at most 200.'),
    ("lir_event", "a\x1b[31m", '"a\\x1b[31m" holds characters that cannot be printed; expected plain text.'),
)


@pytest.mark.parametrize(("name", "text", "sentence"), REFUSED)
def test_bad_cell_says_what_is_wrong_and_what_is_expected(name: str, text: str, sentence: str) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(QUESTION[name], text)

    assert caught.value.sentence == sentence


def test_scaled_amount_with_three_decimals_is_refused_where_a_comma_may_be_decimal() -> None:
    with pytest.raises(CellError) as caught:
        read_cell(QUESTION["acv"], "1.250M", decimal_comma=True)

    assert caught.value.sentence == '"1.250M" may mean 1.25 or 1,250; expected the number without separators.'


AMBIGUOUS = (
    ("first_sale_share", "0.06", '"0.06" may mean 0.06 % or 6 %; expected whole per cent: write 6 or 6 %, or 0.06 % with its sign.'),
    ("gross_retention", "0.9", '"0.9" may mean 0.9 % or 90 %; expected whole per cent: write 90 or 90 %, or 0.9 % with its sign.'),
    ("expansion_rate", "0.08", '"0.08" may mean 0.08 % or 8 %; expected whole per cent: write 8 or 8 %, or 0.08 % with its sign.'),
    ("lir_rate", "0.6", '"0.6" may mean 0.6 % or 60 %; expected whole per cent: write 60 or 60 %, or 0.6 % with its sign.'),
)


@pytest.mark.parametrize(("name", "text", "sentence"), AMBIGUOUS)
def test_fraction_of_a_per_cent_is_refused_where_no_unit_was_shown(name: str, text: str, sentence: str) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(QUESTION[name], text, unit_is_shown=False)

    assert caught.value.sentence == sentence


def test_fraction_of_a_per_cent_is_read_where_the_unit_was_shown() -> None:
    assert read_cell(QUESTION["expansion_rate"], "0.5", unit_is_shown=True) == FileAnswer(0.005, is_guess=False)


@pytest.mark.parametrize("char", ["\x00", "\x08", "\x7f", "\x85", "\ud800", "\ufffe", "\U0001ffff"])
def test_text_with_a_character_that_no_file_may_hold_is_refused(char: str) -> None:
    with pytest.raises(CellError) as caught:
        read_text(f"Acme{char}", longest=120)

    assert caught.value.problem == "holds characters that cannot be printed"


def test_text_keeps_its_lines_where_asked() -> None:
    assert read_text("  one\r\ntwo\rthree\n", longest=120, keeps_lines=True) == "one\ntwo\nthree"


def test_text_is_stored_in_composed_characters() -> None:
    assert read_text("Soci\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}te\N{NO-BREAK SPACE} Une", longest=120) == "Sociéte Une"
