"""The one shape of everything that goes wrong: {"error": {"code", "message", "place"?, "problems"?}}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import JsonResponse

# Every code there is, with its status and what it means; the description of the API lists them.
CODES: dict[str, tuple[int, str]] = {
    "malformed": (400, "The body is not JSON."),
    "unauthorized": (401, "No token, or one that opens nothing: the message says why."),
    "forbidden": (403, "The token may only read, or its user may not change this."),
    "not_found": (404, "There is no such address, or nothing of this key in the token's workspace."),
    "method_not_allowed": (405, "The address is there, but not with this method; the header Allow says with which."),
    "conflict": (409, "Somebody else changed the same thing since; nothing is saved. problems holds both values of each answer."),
    "too_large": (413, "The body is larger than is taken."),
    "unsupported_media_type": (415, "A body is sent as application/json."),
    "invalid": (422, "Something sent is not as expected; nothing is saved. problems names each place and what is expected there."),
    "too_many_requests": (429, "More requests a minute than a token has; Retry-After says in how many seconds to go on."),
    "failed": (500, "A fault of ours."),
    "busy": (503, "Too many changed the same thing at the same moment; Retry-After says when to try again."),
}


class ApiError(Exception):
    """Something that went wrong, as its sender is told.

    Attributes:
        code: One of CODES.
        message: A sentence.
        problems: Each with its `place` ("answers.acv_usd") and `message`; the first place is the error's own.
        headers: Of the answer.
    """

    def __init__(
        self, code: str, message: str, *, problems: Sequence[Mapping[str, Any]] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = problems
        self.headers = headers or {}


def invalid(*problems: tuple[str, str]) -> ApiError:
    """What of the request is not as expected: (place, sentence) of each."""
    said = problems[0][1] if len(problems) == 1 else f"{len(problems)} things to mend."
    return ApiError("invalid", said, problems=[{"place": place, "message": message} for place, message in problems])


def answer(error: ApiError) -> JsonResponse:
    status, _ = CODES[error.code]
    told: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.problems:
        told |= {"place": error.problems[0]["place"], "problems": [dict(each) for each in error.problems]}
    return JsonResponse({"error": told}, status=status, headers=dict(error.headers))
