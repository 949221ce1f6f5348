"""People of one workspace and a stranger, each with a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from advisor.models import Company, Role, Scenario, User, Workshop, Workspace
from advisor.services.workshop import open_workshop
from tests.factories import make_company, make_member, make_scenario, make_workspace

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _nobody_is_remembered() -> Iterator[None]:
    """Users and sessions are kept in memory, and every test starts with the same keys."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sign_in() -> SignIn:
    def browser_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser_of


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def ana(workspace: Workspace) -> User:
    return make_member(workspace, Role.EDITOR, name="Ana")


@pytest.fixture
def ben(workspace: Workspace) -> User:
    return make_member(workspace, Role.EDITOR, name="Ben")


@pytest.fixture
def vera(workspace: Workspace) -> User:
    return make_member(workspace, Role.VIEWER, name="Vera")


@pytest.fixture
def stranger(db: None) -> User:
    """The owner of another workspace."""
    return make_member(make_workspace("Rival"), Role.OWNER, name="Otto")


@pytest.fixture
def company(workspace: Workspace) -> Company:
    return make_company(workspace, "Klaviyo")


@pytest.fixture
def scenario(company: Company) -> Scenario:
    """Two answers, at revisions 1 and 2."""
    return make_scenario(company, acv=30_000.0, motion=50.0)


@pytest.fixture
def workshop(scenario: Scenario, ana: User) -> Workshop:
    """A room on the module's scenario that Ana leads, in the lobby."""
    return open_workshop([scenario], ana)


@pytest.fixture
def leader(ana: User, sign_in: SignIn) -> Client:
    """The browser of who leads the workshop."""
    return sign_in(ana)


@pytest.fixture
def client(ana: User, sign_in: SignIn) -> Client:
    """Ana's browser."""
    return sign_in(ana)
