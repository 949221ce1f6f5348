"""Texts in the cells of files: what a spreadsheet must not take for a formula, nor a reader for a guess; and back again."""

from __future__ import annotations

import re

# A spreadsheet takes a text that begins so for a formula; the wide forms are the same signs to some of them.
FORMULA_TRIGGERS = frozenset(
    "=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
GUESS = re.compile(r"~\s*|guess:\s*", re.IGNORECASE)
GUARD = "'"


def formula_safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before one that would be."""
    return f"{GUARD}{text}" if _is_formula(text) else text


def guarded(text: str) -> str:
    """A text for a company file: no formula, and no guess. `unguarded` gives the text again."""
    return f"{GUARD}{text}" if _needs_guard(text.lstrip(GUARD)) else text


def unguarded(text: str) -> str:
    """The text of a cell without the apostrophe that `guarded` put before it."""
    return text.removeprefix(GUARD) if _needs_guard(text.lstrip(GUARD)) else text


def _needs_guard(bare: str) -> bool:
    return _is_formula(bare) or GUESS.match(bare) is not None


def _is_formula(text: str) -> bool:
    return text.lstrip(" \N{NO-BREAK SPACE}")[:1] in FORMULA_TRIGGERS
