"""Scenarios, their answers, and the advice on them."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from advisor.api import access, shapes
from advisor.api.authentication import token
from advisor.api.errors import ApiError, invalid
from advisor.api.paging import page
from advisor.api.texts import change, is_taken, read_texts
from advisor.exports.advice_rows import advice_row
from advisor.forms.answer_columns import COLUMN, in_columns_unit, read_columns
from advisor.models import Scenario, Segment
from advisor.services.removal import delete_scenario
from advisor.services.scenario import TooMuchTraffic, duplicate, free_name, save_answers

router = Router()
Row = dict[str, Any]


def scenario_row(scenario: Scenario) -> Row:
    answers = {
        COLUMN[name]: {
            "value": in_columns_unit(name, answer.value),
            "origin": answer.origin,
            "by": answer.by,
            "at": answer.at,
            "revision": answer.revision,
        }
        for name, answer in scenario.present_answers().items()
        if answer.value is not None and name in COLUMN
    }
    return {
        "id": scenario.pk,
        "segment": scenario.segment_id,
        "company": scenario.segment.company_id,
        "name": scenario.name,
        "revision": scenario.revision,
        "created_at": scenario.created_at,
        "changed_at": scenario.changed_at,
        "answers": answers,
    }


@router.get("/segments/{int:segment}/scenarios", response=shapes.Scenarios, summary="List the scenarios of a segment, with their answers")
def list_scenarios(request: HttpRequest, segment: int, after: shapes.After = 0, limit: shapes.Limit = shapes.A_PAGE) -> Row:
    found = access.segment(request, segment)
    rows, following = page(request, access.scenarios(request).filter(segment=found), after=after, limit=limit)
    return {"items": [scenario_row(row) for row in rows], "next": following}


@router.post(
    "/segments/{int:segment}/scenarios", response={201: shapes.ScenarioOut}, summary="Add a scenario, empty or as a copy of another"
)
def add_scenario(request: HttpRequest, segment: int, sent: shapes.ScenarioIn) -> Status[Row]:
    found = access.segment(request, segment, to_edit=True)
    name = read_texts(sent)["name"]
    made = _empty(found, name) if sent.copy_of is None else _copy(request, found, name, sent.copy_of)
    return Status(201, scenario_row(access.scenario(request, made.pk)))


def _empty(segment: Segment, name: str) -> Scenario:
    try:
        with transaction.atomic():
            return Scenario.objects.create(segment=segment, name=name)
    except IntegrityError as error:
        raise is_taken("scenario") from error


def _copy(request: HttpRequest, segment: Segment, name: str, pk: int) -> Scenario:
    source = access.scenarios(request).filter(segment=segment, pk=pk).first()
    if source is None:
        raise invalid(("copy_of", "This segment has no scenario of this key; expected the id of one of its scenarios."))
    if free_name(source, name) != name:
        raise is_taken("scenario")
    return duplicate(source, name)


@router.get("/scenarios/{int:scenario}", response=shapes.ScenarioOut, summary="Read a scenario with its present answers")
def read_scenario(request: HttpRequest, response: HttpResponse, scenario: int) -> Row:
    return _tagged(response, access.scenario(request, scenario))


@router.patch("/scenarios/{int:scenario}", response=shapes.ScenarioOut, summary="Rename a scenario")
def change_scenario(request: HttpRequest, response: HttpResponse, scenario: int, sent: shapes.ScenarioChange) -> Row:
    found = access.scenario(request, scenario, to_edit=True)
    change(found, read_texts(sent), "scenario", by=access.actor_of(request))
    return _tagged(response, found)


@router.delete(
    "/scenarios/{int:scenario}", response={204: None}, summary="Delete a scenario; a segment goes with its last one, since it says nothing"
)
def remove_scenario(request: HttpRequest, scenario: int) -> Status[None]:
    delete_scenario(access.scenario(request, scenario, to_edit=True), by=access.actor_of(request))
    return Status(204, None)


@router.patch(
    "/scenarios/{int:scenario}/answers",
    response=shapes.ScenarioOut,
    summary="Save answers, all or none",
    description="Based on the revision that you read, sent as `revision` or as the header If-Match. Answers that others gave since to "
    "other questions stay; the same question answered by somebody else since is a conflict (409), with both values.",
    openapi_extra={
        "parameters": [
            {
                "in": "header",
                "name": "If-Match",
                "required": False,
                "schema": {"type": "string"},
                "description": 'The ETag of the scenario as you read it, such as "3"; instead of `revision`.',
            }
        ]
    },
)
def change_answers(request: HttpRequest, response: HttpResponse, scenario: int, sent: shapes.AnswersIn) -> Row:
    found = access.scenario(request, scenario, to_edit=True)
    based_on = _based_on(request, sent.revision, found.revision)
    typed = read_columns(sent.answers, found.present_answers())
    if typed.errors:
        raise invalid(*((f"answers.{column}", sentence) for column, sentence in typed.errors.items()))
    try:
        saved = save_answers(found, typed.values, based_on=based_on, author=token(request).user, guesses=typed.guesses)
    except Scenario.DoesNotExist as gone:
        raise ApiError("not_found", "Somebody has just deleted this scenario.") from gone
    except TooMuchTraffic as crowd:
        said = "Not saved: too many people changed this scenario at the same moment."
        raise ApiError("busy", said, headers={"Retry-After": "1"}) from crowd
    if saved.conflicts:
        problems = [
            {
                "place": f"answers.{COLUMN[name]}",
                "message": f"{answer.by or 'Somebody'} has changed this since revision {based_on}.",
                "yours": sent.answers[COLUMN[name]],
                "theirs": in_columns_unit(name, answer.value),
                "by": answer.by,
                "at": answer.at,
                "revision": answer.revision,
            }
            for name, answer in saved.conflicts.items()
        ]
        said = f"Nothing is saved: the answers named were changed since. Read revision {found.revision}, then decide."
        raise ApiError("conflict", said, problems=problems, headers={"ETag": f'"{found.revision}"'})
    return _tagged(response, access.scenario(request, scenario))


@router.get(
    "/scenarios/{int:scenario}/advice", response=shapes.AdviceOut, summary="Read the advice on a scenario, as advise --format json gives it"
)
def read_advice(request: HttpRequest, response: HttpResponse, scenario: int) -> Row:
    found = access.scenario(request, scenario)
    response["ETag"] = f'"{found.revision}"'
    return advice_row(found.segment.company.name, found.segment.name, found.advice())


def _tagged(response: HttpResponse, scenario: Scenario) -> Row:
    response["ETag"] = f'"{scenario.revision}"'
    return scenario_row(scenario)


def _based_on(request: HttpRequest, field: int | None, newest: int) -> int:
    """The revision that a change is based on, by its field, or by the header that says the same."""
    header = request.headers.get("If-Match")
    if header is None and field is None:
        raise invalid(("revision", "It is missing; expected the revision of the scenario as you read it, here or as the header If-Match."))
    place, said = ("If-Match", "") if field is None else ("revision", str(field))
    if header is not None:
        text = header.strip().removeprefix("W/").strip('"')
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise invalid(("If-Match", 'Expected one revision, such as "3".'))
        if said and int(text) != field:
            raise invalid(("revision", f"It is {field}, but If-Match is {int(text)}; expected one of them, or the same."))
        said = text
    if int(said) > newest:
        raise invalid((place, f"There is no revision {int(said)} yet; the scenario is at {newest}."))
    return int(said)
