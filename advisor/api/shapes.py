"""What is sent and what comes back, as its description says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from advisor.forms.answer_columns import COLUMN
from advisor.forms.scenario import ASKED
from advisor.framework.questions import Kind
from advisor.framework.scenario import question_and_path

MOST_A_PAGE = 200
A_PAGE = 50
LARGEST_KEY = 2**63 - 1

Limit = Annotated[int, Field(ge=1, le=MOST_A_PAGE, description="How many at most.")]
After = Annotated[int, Field(ge=0, le=LARGEST_KEY, description="Those after this key, in the order of keys. `next` of a page holds it.")]
Search = Annotated[
    str,
    Field(max_length=120, description="A text in the name."),
    AfterValidator(lambda text: text.replace("\0", "")),  # for which no database can look
]
Sent = StrictBool | StrictInt | StrictFloat | StrictStr | None


def with_example(example: Mapping[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [dict(example)]})


def what_is_sent(example: Mapping[str, Any]) -> ConfigDict:
    """A body in which nothing is passed over: a name that is not known is an error."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [dict(example)]})


def _described(name: str) -> dict[str, Any]:
    """An answer as JSON Schema: its type, unit and choices."""
    question = ASKED[name]
    path = question_and_path(name)[1]
    words = f"{question.text} {question.unit}".strip() + (f" (way {path})" if path > 1 else "")
    if question.choices:
        return {"enum": [*(code for code, _ in question.choices), None], "description": words}
    if question.kind is Kind.TEXT:
        return {"type": ["string", "null"], "description": words}
    low, high = (None if end is None else end * question.per_column_unit for end in (question.low, question.high))
    return {"type": ["number", "string", "null"], "minimum": low, "maximum": high, "description": words}


ANSWER_COLUMNS = {COLUMN[name]: _described(name) for name in ASKED}


class Problem(Schema):
    """One thing to mend, or one answer in conflict."""

    place: str = Field(description="Where: `answers.acv_usd`, `name`, `limit`.")
    message: str
    yours: Any = Field(None, description="In a conflict: what you sent.")
    theirs: Any = Field(None, description="In a conflict: what stands there now.")
    by: str | None = None
    at: datetime | None = None
    revision: int | None = None


class ErrorBody(Schema):
    code: str
    message: str
    place: str | None = Field(None, description="Of the first problem.")
    problems: list[Problem] | None = None


class Error(Schema):
    """Whatever goes wrong, anywhere under /api/."""

    model_config = with_example(
        {
            "error": {
                "code": "invalid",
                "message": '"plenty" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
                "place": "answers.acv_usd",
                "problems": [
                    {
                        "place": "answers.acv_usd",
                        "message": '"plenty" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
                    }
                ],
            }
        }
    )
    error: ErrorBody


class TokenOut(Schema):
    """The token that you send, and what it may do now."""

    name: str
    user: str
    workspace: str
    role: str
    scope: str
    expires_at: datetime


class CompanyIn(Schema):
    model_config = what_is_sent({"name": "Klaviyo", "stage": "Public", "sector": "Marketing"})
    name: str
    stage: str = ""
    sector: str = ""


class CompanyChange(Schema):
    """Only what is named changes."""

    model_config = what_is_sent({"stage": "Series C"})
    name: str = ""
    stage: str = ""
    sector: str = ""


class CompanyOut(Schema):
    model_config = with_example(
        {"id": 7, "name": "Klaviyo", "stage": "Public", "sector": "Marketing", "created_at": "2026-05-31T09:00:00Z"}
    )
    id: int
    name: str
    stage: str
    sector: str
    created_at: datetime


class Companies(Schema):
    items: list[CompanyOut]
    next: str | None = Field(description="The address of the next page.")


class SegmentIn(Schema):
    """A new segment; it comes with a scenario called Today."""

    model_config = what_is_sent({"name": "Enterprise", "note": "From the board deck of May.", "arr_usd": 4_200_000})
    name: str
    note: str = ""
    arr_usd: Sent = Field(None, description="What its customers pay together, USD a year.")


class SegmentChange(Schema):
    """Only what is named changes."""

    model_config = what_is_sent({"note": "From the board deck of June.", "arr_usd": 4_700_000})
    name: str = ""
    note: str = ""
    arr_usd: Sent = Field(None, description="What its customers pay together, USD a year; null where it is not known.")


class SegmentOut(Schema):
    id: int
    company: int
    name: str
    note: str
    arr_usd: float | None
    created_at: datetime


class Segments(Schema):
    items: list[SegmentOut]
    next: str | None


class AnswerOut(Schema):
    model_config = with_example({"value": 30000.0, "origin": "typed", "by": "Ana Li", "at": "2026-05-31T09:00:00Z", "revision": 3})
    value: float | str = Field(description="In the column's unit: USD, whole per cent, codes.")
    origin: str = Field(description="typed, imported, assumed, workshop or measured")
    by: str = Field(description="Who gave it; empty where a command did or the person is gone.")
    at: datetime
    revision: int


class ScenarioOut(Schema):
    id: int
    segment: int
    company: int
    name: str
    revision: int = Field(description="Raised by every change; what a change of answers is based on.")
    created_at: datetime
    changed_at: datetime
    answers: dict[str, AnswerOut] = Field(description="By column; a question that is not answered is not here.")


class Scenarios(Schema):
    items: list[ScenarioOut]
    next: str | None


class ScenarioIn(Schema):
    """A new scenario of a segment: empty, or as a copy with all present answers."""

    model_config = what_is_sent({"name": "Plan 2028", "copy_of": 12})
    name: str
    copy_of: int | None = Field(None, description="A scenario of the same segment.")


class ScenarioChange(Schema):
    model_config = what_is_sent({"name": "Plan 2029"})
    name: str


class AnswersIn(Schema):
    """Answers by column, null to take one back, based on the revision that you read. All are saved, or none."""

    model_config = what_is_sent({"revision": 3, "answers": {"acv_usd": 45000, "expansion_pct": 6, "political": "yes", "lir_event": None}})
    answers: Annotated[dict[str, Sent], Field(min_length=1, max_length=len(ASKED), json_schema_extra={"properties": ANSWER_COLUMNS})]
    revision: Annotated[StrictInt, Field(ge=0)] | None = Field(None, description="Or as the header If-Match.")


class BecomesOut(Schema):
    ownership: str
    team: str | None


class FlipPointOut(Schema):
    answer: str
    value: float
    becomes: BecomesOut


class AdviceOut(Schema):
    """As the command `advise --format json` gives it; null where unknown."""

    company: str
    segment: str
    motion: float | None
    acv_usd: float | None
    weight: float | None
    tension: float | None
    zone: str | None
    first_sale_share: float | None = Field(description="A fraction.")
    expansion_difficulty: float | None
    ownership: str
    team: str | None
    expansion_owner: str
    cross_check: str
    close_calls: list[str]
    flip_points: list[FlipPointOut]
    mismatch: list[str]
    summary: str


class PortfolioRow(Schema):
    """One segment, by the fields of the advice that a portfolio is narrowed and ordered by."""

    scenario: int
    revision: int | None = Field(description="Null where the company shares its advice only, as every number is.")
    company_id: int
    segment_id: int
    company: str
    segment: str
    scenario_name: str
    stage: str
    sector: str
    motion: float | None
    acv_usd: float | None
    arr_usd: float | None
    weight: float | None
    zone: str | None
    first_sale_share: float | None = Field(description="A fraction.")
    expansion_difficulty: float | None
    ownership: str
    team: str | None
    expansion_owner: str
    current_team: str | None
    current_owner: str | None
    close_calls: list[str]
    mismatch: list[str]
    differences: list[str] = Field(description="What differs today and the rule, a sentence each.")


class Portfolio(Schema):
    total: int = Field(description="Segments that are like this.")
    items: list[PortfolioRow]
    next: str | None
