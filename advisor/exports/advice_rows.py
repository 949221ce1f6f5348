"""Advice as rows for programs, spreadsheets and terminals: one row a segment, the same fields everywhere."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Sequence
from io import StringIO
from typing import Any

from advisor.framework.advice import Advice
from advisor.framework.flip_points import FlipPoint
from advisor.framework.questions import DIFFICULTY, QUESTION
from advisor.services.cell_text import formula_safe

AdviceRow = dict[str, Any]

FIELDS = (
    "company",
    "segment",
    "motion",
    "acv_usd",
    "weight",
    "tension",
    "zone",
    "first_sale_share",
    "expansion_difficulty",
    "ownership",
    "team",
    "expansion_owner",
    "cross_check",
    "close_calls",
    "flip_points",
    "mismatch",
    "summary",
)

# What fits a terminal: (field, heading, widest). The rest is in JSON and CSV.
TABLE = (
    ("company", "company", 24),
    ("segment", "segment", 40),
    ("acv_usd", "ACV $", 14),
    ("first_sale_share", "share", 6),
    ("ownership", "ownership", 13),
    ("team", "team", 17),
    ("expansion_owner", "owner", 5),
    ("cross_check", "cross-check", 14),
    ("mismatch", "differs today", 13),
)
NUMBERS = frozenset({"acv_usd", "first_sale_share"})


def advice_row(company: str, segment: str, advice: Advice) -> AdviceRow:
    """One advice with plain values: USD a year, points, fractions for weight, tension and share; None where unknown."""
    scenario, position = advice.scenario, advice.position
    return {
        "company": company,
        "segment": segment,
        "motion": scenario.motion,
        "acv_usd": scenario.acv,
        "weight": None if position is None else position.weight,
        "tension": None if position is None else position.tension,
        "zone": None if advice.zone is None else advice.zone.value,
        "first_sale_share": advice.share,
        "expansion_difficulty": None if advice.difficulty is None else advice.difficulty.score,
        "ownership": advice.ownership.value,
        "team": None if advice.team is None else advice.team.value,
        "expansion_owner": advice.owner.value,
        "cross_check": advice.cross_check.value,
        "close_calls": list(advice.close_calls),
        "flip_points": [_flip_point(flip) for flip in advice.flip_points],
        "mismatch": list(advice.mismatch),
        "summary": advice.summary,
    }


def _flip_point(flip: FlipPoint) -> dict[str, Any]:
    """A flip point under its column's name, in that column's unit."""
    team = None if flip.team is None else flip.team.value
    becomes = {"ownership": flip.ownership.value, "team": team}
    if flip.answer == DIFFICULTY:
        return {"answer": DIFFICULTY, "value": flip.value, "becomes": becomes}
    question = QUESTION[flip.answer]
    return {"answer": question.column, "value": flip.value * question.per_column_unit, "becomes": becomes}


def to_json(rows: Sequence[AdviceRow]) -> str:
    """The rows as a JSON list. Raises ValueError for a number that JSON cannot say."""
    return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_csv(rows: Sequence[AdviceRow]) -> str:
    """The rows as CSV for a spreadsheet: numbers stay numbers, lists become text, no text becomes a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    writer.writerows([_csv_cell(row[field]) for field in FIELDS] for row in rows)
    return out.getvalue()


def _csv_cell(value: Any) -> str | float:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return rounded(value)
    return formula_safe(_readable(value))


def rounded(number: float) -> float:
    """Nine digits: more than any answer has, and without the noise of binary fractions."""
    return to_digits(number, 9)


def to_digits(number: float, digits: int) -> float:
    found = float(f"{number:.{digits}g}")
    return int(found) if found.is_integer() else found


def _readable(value: Any) -> str:
    """A text, or a list of texts or flip points as a sentence would have them."""
    if isinstance(value, str):
        return value
    return "; ".join(item if isinstance(item, str) else _flip_text(item) for item in value)


def _flip_text(flip: dict[str, Any]) -> str:
    becomes = flip["becomes"]
    return f"{flip['answer']} {rounded(flip['value'])}: {becomes['ownership']}, {becomes['team'] or 'team open'}"


def to_table(rows: Sequence[AdviceRow]) -> str:
    """The rows as aligned plain text, without the parts that no terminal is wide enough for."""
    lines = [[heading for _, heading, _ in TABLE]]
    lines += [[_shortened(_table_cell(field, row[field]), widest) for field, _, widest in TABLE] for row in rows]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(TABLE))]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(_aligned(line, widths) + "\n" for line in lines)


def _table_cell(field: str, value: Any) -> str:
    match field:
        case _ if value is None:
            return "?"
        case "acv_usd":
            return f"{value:,.0f}"
        case "first_sale_share":
            return f"{value:.0%}"
        case _:
            return "".join(char if char.isprintable() else " " for char in _readable(value))


def _aligned(line: list[str], widths: list[int]) -> str:
    cells = []
    for (field, _, _), cell, width in zip(TABLE, line, widths, strict=True):
        blanks = " " * (width - _width(cell))
        cells.append(blanks + cell if field in NUMBERS else cell + blanks)
    return "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns that a text takes in a terminal: marks none, wide characters two."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _shortened(text: str, widest: int) -> str:
    if _width(text) <= widest:
        return text
    while _width(text) > widest - 1:
        text = text[:-1]
    return f"{text}…"
