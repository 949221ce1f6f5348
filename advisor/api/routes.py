"""Every address of the API, and its description."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from inspect import signature
from typing import Any, NamedTuple

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from advisor.api import companies, portfolio, scenarios
from advisor.api.authentication import Bearer, no_token
from advisor.api.errors import CODES, ApiError, answer, invalid
from advisor.api.shapes import Error
from advisor.forms.answer_columns import COLUMN
from advisor.forms.scenario import ASKED

PREFIX = "/api/v1/"
ABOUT = """Companies, segments, scenarios, answers, and the advice on them, within the workspace of a token.

A token is made on the page /tokens/ and sent as `Authorization: Bearer gtm_...`. It acts as its user, with that user's present role.
Lists come a page at a time: follow `next` until it is null. Answers have the names and units of company files: `acv_usd` in USD a year,
`expansion_pct` in whole per cent. Whatever goes wrong is told in one shape, `{"error": {"code", "message", "place", "problems"}}`."""
NEEDS_BODY = ("post", "patch")
NO_SUCH_NAME = "There is no such name here."
LONGEST_PLACE = 40  # letters that are told of a name that was made up


class Json(BaseRenderer):
    """As fast as JSON is written here, and never a number that JSON cannot say."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


class StrictJson(Parser):
    """No NaN, no half characters, and no depth that fills a stack."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


api = NinjaAPI(
    title="GTM Design",
    version="1",
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
    auth=Bearer(),
    parser=StrictJson(),
    renderer=Json(),
)


def only_known_names(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """An address with a name that nothing reads is refused: a facet that is misspelt would be answered with everything."""
    names = signature(endpoint).parameters

    @wraps(endpoint)
    def checked(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
        unknown = [name for name in request.GET if name not in names]
        if unknown:
            raise invalid(*((name[:LONGEST_PLACE], NO_SUCH_NAME) for name in unknown))
        return endpoint(request, *arguments, **named)

    return checked


api.add_decorator(only_known_names)
for router in (companies.router, scenarios.router, portfolio.router):
    api.add_router("", router)


@api.exception_handler(ApiError)
def _said_already(request: HttpRequest, error: ApiError) -> HttpResponse:
    return answer(error)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return answer(no_token())


@api.exception_handler(HttpError)
def _not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code != HTTPStatus.BAD_REQUEST:
        raise error
    return answer(ApiError("malformed", "The body cannot be read as JSON in UTF-8."))


@api.exception_handler(ValidationError)
def _not_as_expected(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return answer(invalid(*dict.fromkeys((_place(each["loc"]), _sentence(each)) for each in error.errors)))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(ApiError("not_found", "There is no such thing."))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # the door says it


def _place(location: tuple[Any, ...]) -> str:
    """("body", "sent", "answers", "acv_usd", "float") -> answers.acv_usd: what its sender knows it by."""
    source, *path = location
    if source == "body":
        path = path[1:3]  # its parameter here is no name of the sender's; below a column come the types that were tried
    return ".".join(str(each) for each in path) or "body"


def _sentence(problem: dict[str, Any]) -> str:
    match problem["type"]:
        case "missing":
            return "It is missing."
        case "extra_forbidden":
            return NO_SUCH_NAME
        case "bool_type" | "int_type" | "float_type" | "string_type" if len(problem["loc"]) > 4:
            return "Expected a number, a text or null."
        case _:
            message: str = problem["msg"]
            return f"{message.replace('Input should be', 'Expected').replace('should', 'may')}."


@cache
def resolver() -> URLResolver:
    """Finds what answers an address, given from `/api/v1/` on."""
    return URLResolver(RegexPattern(r"^"), api.urls[0])


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document, with the errors of each address."""
    document: dict[str, Any] = orjson.loads(orjson.dumps(dict(api.get_openapi_schema(path_prefix=PREFIX)), option=orjson.OPT_NON_STR_KEYS))
    del document["servers"]  # it is where it was read
    schemas = document["components"]["schemas"]
    error = Error.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= error.pop("$defs") | {"Error": error}
    document["components"]["responses"] = {
        code: {"description": said, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
        for code, (_, said) in CODES.items()
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            operation["operationId"] = operation["operationId"].rpartition("_api_")[2].split("_", 1)[1]
            told = ["unauthorized", "too_many_requests", "failed"]
            has_key = "{" in path
            told += ["not_found"] if has_key else []
            told += ["forbidden"] if method != "get" else []
            told += ["malformed", "too_large", "unsupported_media_type"] if method in NEEDS_BODY else []
            told += ["invalid"]
            told += ["conflict"] if method == "patch" else []
            told += ["busy"] if path.endswith("/answers") else []
            for code in told:
                operation["responses"][str(CODES[code][0])] = {"$ref": f"#/components/responses/{code}"}
    return document


class Endpoint(NamedTuple):
    """One line of the page for people."""

    method: str
    path: str
    summary: str


def endpoints() -> list[Endpoint]:
    paths = description()["paths"].items()
    return [Endpoint(method.upper(), path, operation["summary"]) for path, methods in paths for method, operation in methods.items()]


def codes() -> list[tuple[int, str, str]]:
    """Status, code, and what it means."""
    return [(status, code, said) for code, (status, said) in CODES.items()]


def columns() -> list[tuple[str, str, str]]:
    """Column, question, and unit or choices, without those of further ways in which accounts grow."""
    return [
        (COLUMN[name], asked.text, ", ".join(code for code, _ in asked.choices) or asked.unit or "text")
        for name, asked in ASKED.items()
        if "@" not in name
    ]
