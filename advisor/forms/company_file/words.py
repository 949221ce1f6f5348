"""What people call a column of a company file, and how they say what stands in it: in the words of the scenario's page."""

from __future__ import annotations

from advisor.forms.arr import ARR
from advisor.forms.company_file.net_retention import NET_RETENTION
from advisor.forms.scenario import labelled, unit_of
from advisor.framework.coverage import MOTION_STOPS
from advisor.framework.questions import QUESTIONS, Question
from advisor.models.scenario import AnswerValue
from advisor.services.company_file import DETAILS

_ARTICLES = ("the ", "a ")
_STOPS = {stop: label for stop, label, _ in MOTION_STOPS}


def _name(question: Question) -> str:
    """The noun of a question without its article, as a heading: "Sales motion"."""
    noun = question.noun
    for article in _ARTICLES:
        noun = noun.removeprefix(article)
    return f"{noun[:1].upper()}{noun[1:]}"


# Of each column.
NAMES: dict[str, str] = {column: column.capitalize() for column in ("company", "segment", "scenario", "stage", "sector", "note")} | {
    question.column: _name(question) for question in (ARR, *QUESTIONS, NET_RETENTION)
}
_ABOUT = {"scenario": "Today where there is none", "note": "where the numbers come from"} | {
    question.column: question.unit for question in (ARR, *QUESTIONS, NET_RETENTION)
}


def option(column: str) -> str:
    """A column as one chooses it: "ACV, USD a year (acv_usd)"."""
    about, is_named_so = _ABOUT.get(column, ""), NAMES[column].casefold() == column
    return f"{NAMES[column]}{f', {about}' if about else ''}{'' if is_named_so else f' ({column})'}"


def value_words(name: str, value: AnswerValue) -> str:
    """What an import writes, without its unit: 30,000; Sales-assisted; AE + CSM + Support."""
    if value is None:
        return ""
    if name == "motion" and value in _STOPS:
        return _STOPS[float(value)]
    if name in DETAILS:
        return value if isinstance(value, str) else f"{value:,.4f}".rstrip("0").rstrip(".")
    return labelled(name, value)


def unit_words(name: str, value: AnswerValue) -> str:
    """The unit behind a value; empty behind words."""
    if value is None or isinstance(value, str) or (name == "motion" and value in _STOPS):
        return ""
    return ARR.unit if name in DETAILS else unit_of(name)
