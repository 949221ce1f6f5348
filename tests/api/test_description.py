"""The OpenAPI document: it stands by the rules of OpenAPI 3.1, and real answers are as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.test import Client

from advisor.api import routes, shapes
from advisor.api.errors import CODES
from advisor.forms.answer_columns import COLUMN
from advisor.models import Scenario
from tests.api.conftest import ask
from tests.api.test_access import ALL, ENDPOINTS, send
from tests.factories import DIFFERENT_STORY, make_scenario

DOCUMENT = routes.description()
OPERATIONS = [(path, method, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()]


def found(reference: str) -> Any:
    """What a reference of the document stands for. Raises KeyError."""
    place: Any = DOCUMENT
    for name in reference.removeprefix("#/").split("/"):
        place = place[name]
    return place


def inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from inside(each)
    elif isinstance(value, list):
        for each in value:
            yield from inside(each)


def faults(value: Any, schema: Mapping[str, Any], place: str = "") -> list[str]:
    """Where a value is not as its schema says: of JSON Schema what pydantic writes."""
    if "$ref" in schema:
        return faults(value, found(schema["$ref"]), place)
    if "anyOf" in schema:
        tries = [faults(value, each, place) for each in schema["anyOf"]]
        return [] if [] in tries else min(tries, key=len)
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    kind = schema.get("type")
    if isinstance(kind, str) and (not isinstance(value, kinds[kind]) or (isinstance(value, bool) and kind != "boolean")):  # type: ignore[arg-type]
        return [f"{place}: {value!r} is not {kind}"]
    if kind == "array":
        return [fault for number, each in enumerate(value) for fault in faults(each, schema["items"], f"{place}.{number}")]
    if kind != "object":
        return []
    known, others = schema.get("properties", {}), schema.get("additionalProperties", not schema.get("properties"))
    said = [f"{place}.{name} is missing" for name in schema.get("required", []) if name not in value]
    for name, each in value.items():
        if name in known:
            said += faults(each, known[name], f"{place}.{name}")
        elif isinstance(others, dict):
            said += faults(each, others, f"{place}.{name}")
        elif not others:
            said.append(f"{place}.{name} is not described")
    return said


def schema_of(operation: Mapping[str, Any], status: int) -> Any:
    told = operation["responses"][str(status)]
    return (found(told["$ref"]) if "$ref" in told else told)["content"]["application/json"]["schema"]


@pytest.mark.django_db
def test_the_description_is_open_to_everybody() -> None:
    response = Client().get("/api/v1/openapi.json")
    assert (response.status_code, response["Content-Type"], response.json()) == (200, "application/json", DOCUMENT)
    assert Client().post("/api/v1/openapi.json").status_code == 405


def test_the_document_has_what_openapi_asks_for() -> None:
    assert (DOCUMENT["openapi"], DOCUMENT["info"]["title"], DOCUMENT["info"]["version"]) == ("3.1.0", "GTM Design", "1")
    assert set(DOCUMENT) <= {"openapi", "info", "paths", "components", "servers", "tags", "security"}
    assert DOCUMENT["components"]["securitySchemes"] == {"Bearer": {"type": "http", "scheme": "bearer"}}


def test_every_reference_leads_somewhere() -> None:
    references = [each["$ref"] for each in inside(DOCUMENT) if isinstance(each.get("$ref"), str)]
    assert references
    for reference in references:
        assert found(reference), reference


def test_every_operation_has_a_name_of_its_own_and_a_summary() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in names)
    assert all(operation["summary"] for _, _, operation in OPERATIONS)
    assert all(operation["security"] == [{"Bearer": []}] for _, _, operation in OPERATIONS)


def test_every_key_of_a_path_is_a_parameter_and_the_other_way_round() -> None:
    for path, method, operation in OPERATIONS:
        keys = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
        assert keys == re.findall(r"{(\w+)}", path), (method, path)
        assert all(each["required"] for each in operation["parameters"] if each["in"] == "path")
        assert len({(each["in"], each["name"]) for each in operation["parameters"]}) == len(operation["parameters"])


def test_every_operation_has_one_success_and_its_errors_in_one_shape() -> None:
    for path, method, operation in OPERATIONS:
        statuses = {int(status) for status in operation["responses"]}
        assert [status for status in statuses if status < 300] == [ENDPOINTS[method.upper(), path.removeprefix("/api/v1/")].status]
        assert {401, 429, 500} <= statuses <= {200, 201, 204, *(status for status, _ in CODES.values())}
        for status in statuses:
            if status >= 400:
                assert schema_of(operation, status) == {"$ref": "#/components/schemas/Error"}


def test_every_body_has_an_example_that_is_as_its_schema_says() -> None:
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"] for *_, operation in OPERATIONS if "requestBody" in operation
    ]
    assert len(bodies) == sum(method in ("post", "patch") for _, method, _ in OPERATIONS)
    for body in bodies:
        schema = found(body["$ref"])
        assert schema["additionalProperties"] is False
        for example in schema["examples"]:
            assert faults(example, schema) == []
            getattr(shapes, body["$ref"].rpartition("/")[2]).model_validate(example)


def test_every_example_is_as_its_schema_says() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for example in schema.get("examples", []):
            assert faults(example, schema) == [], name


def test_every_answer_is_described_with_its_unit_or_choices() -> None:
    told = DOCUMENT["components"]["schemas"]["AnswersIn"]["properties"]["answers"]["properties"]
    assert list(told) == list(COLUMN.values())
    assert told["expansion_pct"] == {
        "type": ["number", "string", "null"],
        "minimum": -90.0,
        "maximum": 1_000.0,
        "description": "By how much does an account grow a year? % a year",
    }


@pytest.mark.django_db
@ALL
def test_real_answers_are_as_described(method: str, path: str, token: str, scenario: Scenario) -> None:
    full = make_scenario(scenario.segment.company, DIFFERENT_STORY, segment="Full", current_team="csam", lir_event="a message")
    operation = DOCUMENT["paths"][f"/api/v1/{path}"][method.lower()]
    response = send(token, method, path, full)
    if response.status_code != 204:
        schema = schema_of(operation, response.status_code)
        assert faults(response.json(), schema) == []
        getattr(shapes, schema["$ref"].rpartition("/")[2]).model_validate(response.json())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "nothing", None),
        ("GET", "companies?limit=0", None),
        ("PUT", "companies", {}),
        ("POST", "companies", {"name": 5, "odd": 1}),
        ("POST", "companies", "{"),
        ("PATCH", "scenarios/{}/answers", {"revision": 1, "answers": {"acv_usd": 1}}),
        ("PATCH", "scenarios/{}/answers", {"revision": 9, "answers": {"acv_usd": []}}),
    ],
)
def test_errors_are_as_described(method: str, path: str, body: Any, token: str, scenario: Scenario) -> None:
    if "answers" in path and body["revision"] == 1:
        full = make_scenario(scenario.segment.company, segment="Other", acv=5.0, motion=50.0)
        full.answers.filter(question="acv").update(revision=2)
        scenario.pk = full.pk
    response = ask(token, method, path.format(scenario.pk), body)
    assert response.status_code >= 400
    assert faults(response.json(), {"$ref": "#/components/schemas/Error"}) == []
    shapes.Error.model_validate(response.json())


def test_a_value_that_is_not_as_described_is_found() -> None:
    """The check itself checks."""
    assert faults({"id": "7"}, {"$ref": "#/components/schemas/CompanyOut"}) == [
        ".name is missing",
        ".stage is missing",
        ".sector is missing",
        ".created_at is missing",
        ".id: '7' is not integer",
    ]
