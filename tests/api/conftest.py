"""A workspace, its people with tokens, and requests as a script sends them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from advisor.models import ApiToken, Company, Role, Scenario, User, Workspace
from advisor.services.api_token import make_token
from tests.factories import make_company, make_member, make_scenario, make_workspace

Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """Requests are counted in memory, and every test starts with the same keys."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def ana(workspace: Workspace) -> User:
    return make_member(workspace, Role.EDITOR, name="Ana")


@pytest.fixture
def company(workspace: Workspace) -> Company:
    return make_company(workspace, "Klaviyo")


@pytest.fixture
def scenario(company: Company) -> Scenario:
    """Two answers, at revisions 1 and 2."""
    return make_scenario(company, acv=30_000.0, motion=50.0)


@pytest.fixture
def theirs(db: None) -> Scenario:
    """A scenario of another workspace."""
    return make_scenario(make_company(make_workspace("Rival"), "Zebra Inc"), segment="Zebra segment", name="Zebra plan", acv=77_777.0)


def token_for(user: User, *, scope: str = "write", workspace: Workspace | None = None, name: str = "Script") -> str:
    """A token's text, for the user's first workspace unless another is named."""
    place = workspace or user.memberships.order_by("pk").first().workspace  # type: ignore[union-attr] # every one here has one
    return make_token(user, place, name, scope=scope)[1]


def ask(token: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """One request; the answer, whose `json()` is what it holds."""
    data = "" if body is None else body if isinstance(body, str) else json.dumps(body)
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    address = path if path.startswith("/") else f"/api/v1/{path}"
    return Client().generic(method, address, data, content_type="application/json", headers=sent | dict(headers or {}))


@pytest.fixture
def token(ana: User) -> str:
    """Ana's, to read and write."""
    return token_for(ana)


@pytest.fixture
def ana_asks(token: str) -> Ask:
    def send(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        return ask(token, method, path, body, headers)

    return send


def stored(text: str) -> ApiToken:
    return ApiToken.objects.get(start=text[:12])
