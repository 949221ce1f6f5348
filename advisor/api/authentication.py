"""Who asks: a token in the header Authorization, and nothing else. Cookies are not looked at."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from advisor.api.errors import ApiError
from advisor.models import ApiToken
from advisor.models.api_token import Scope
from advisor.models.workspace import ROLES_THAT_WRITE
from advisor.services.api_token import note_use, token_of, why_refused

A_MINUTE = 600  # requests of one token, in each server process
NOT_TO_WRITE = "This token may only read. Make one that may write."
NOT_TO_CHANGE = "The user of this token may look at this workspace, but not change it."


class Bearer(HttpBearer):
    """`Authorization: Bearer gtm_...`"""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        found = token_of(token)
        refused = "There is no such token." if found is None else why_refused(found)
        if found is None or refused:
            raise ApiError("unauthorized", refused, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        count_request(found)
        note_use(found)
        return found


def no_token() -> ApiError:
    said = "Send the header Authorization: Bearer, with a token from the page /tokens/."
    return ApiError("unauthorized", said, headers={"WWW-Authenticate": "Bearer"})


def count_request(token: ApiToken) -> None:
    """Count it in the running minute. Raises ApiError beyond A_MINUTE."""
    now = int(time.time())
    key = f"api:{token.pk}:{now // 60}"
    cache.add(key, 0, 120)
    try:
        number = cache.incr(key)
    except ValueError:  # it was dropped from memory in between
        return
    if number > A_MINUTE:
        said = f"A token has {A_MINUTE} requests a minute."
        raise ApiError("too_many_requests", said, headers={"Retry-After": str(60 - now % 60)})


def token(request: HttpRequest) -> ApiToken:
    """The token of a request that has been let in."""
    found: ApiToken = request.auth  # type: ignore[attr-defined] # by django-ninja
    return found


def check_scope(request: HttpRequest) -> None:
    if token(request).scope != Scope.WRITE:
        raise ApiError("forbidden", NOT_TO_WRITE)


def check_write(request: HttpRequest) -> None:
    """Whether the token may add to its workspace: by its scope, and by its user's present role."""
    check_scope(request)
    if token(request).role not in ROLES_THAT_WRITE:
        raise ApiError("forbidden", NOT_TO_CHANGE)
