"""Texts in the cells of files: what a spreadsheet must not take for a formula, nor a reader for a guess; and back again."""

from __future__ import annotations

import re
from decimal import Decimal

# A spreadsheet takes a text that begins so for a formula; the wide forms are the same signs to some of them.
SIGNS = "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
FORMULA_TRIGGERS = frozenset(f"{SIGNS}\t\r\n")
GUESS_MARK = "~"  # as files of ours write it
GUESS = re.compile(rf"{GUESS_MARK}\s*|guess:\s*", re.IGNORECASE)
GUARD = "'"
# One whose lists have semicolons, as in much of Europe, parts the cells of our files anew at these; a formula may begin behind them.
WITHIN = re.compile(rf"([;\t\r\n][ \xa0]*)({GUARD}*)(?=[{re.escape(SIGNS)}])")
DIGITS = 15  # of a number: all that a binary fraction keeps on its way to decimals and back


def formula_safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before each part of it that would be."""
    return WITHIN.sub(rf"\1{GUARD}\2", f"{GUARD}{text}" if _is_formula(text) else text)


def guarded(text: str) -> str:
    """A text for a company file: no formula, and no guess. `unguarded` gives the text again."""
    return WITHIN.sub(rf"\1{GUARD}\2", f"{GUARD}{text}" if _needs_guard(text.lstrip(GUARD)) else text)


def unguarded(text: str) -> str:
    """The text of a cell without the apostrophes that `guarded` put into it."""
    whole = WITHIN.sub(lambda found: f"{found[1]}{found[2].removeprefix(GUARD)}", text)
    return whole.removeprefix(GUARD) if _needs_guard(whole.lstrip(GUARD)) else whole


def _needs_guard(bare: str) -> bool:
    return _is_formula(bare) or GUESS.match(bare) is not None


def _is_formula(text: str) -> bool:
    return text.lstrip(" \N{NO-BREAK SPACE}")[:1] in FORMULA_TRIGGERS


def number_text(number: float) -> str:
    """A number as an import reads it: no exponent, and no three digits behind the point, which might be thousands."""
    text = format(Decimal(f"{number:.{DIGITS}g}" if abs(number) >= 1 else f"{number:.{DIGITS}f}"), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, point, behind = text.partition(".")
    return f"{whole}.{behind}0" if point and len(behind) == 3 else text
