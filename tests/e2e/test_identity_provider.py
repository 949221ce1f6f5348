"""Signing in by an OpenID Connect provider: a small one over real sockets, a server that is set to use it, and a real browser."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Server, start_server, stop_server
from tests.e2e.test_people import PASSWORD, fill_in, heading

CLIENT, SECRET = "gtm", "a secret of both"


@dataclass
class Provider:
    """Says of everybody who comes what `says` holds; `error` turns them back instead."""

    says: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    audience: str = CLIENT
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    url: str = ""

    def answer(self, path: str, query: dict[str, list[str]]) -> dict[str, Any] | str:
        """JSON to answer with, or the address to lead the browser to."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/authorize":
            back = {"error": self.error} if self.error else {"code": "once"}
            return f"{query['redirect_uri'][0]}?{urlencode(back | {'state': query['state'][0]})}"
        if path == "/token":
            assert (query["client_secret"], query["code"]) == ([SECRET], ["once"])
            now = int(time.time())
            claims = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60} | self.says
            return {
                "access_token": "x",
                "token_type": "Bearer",
                "id_token": jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"}),
            }
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "1", "alg": "RS256"}]}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    known = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def reply(self, sent: str) -> None:
            answer = known.answer(urlsplit(self.path).path, parse_qs(sent))
            body = b"" if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(302 if isinstance(answer, str) else 200)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield known
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    environment = {"GTM_OIDC_ISSUER": provider.url, "GTM_OIDC_CLIENT_ID": CLIENT, "GTM_OIDC_CLIENT_SECRET": SECRET, "GTM_OIDC_NAME": "Acme"}
    running = start_server(tmp_path_factory.mktemp("site"), environment=environment)
    yield running
    stop_server(running)


@pytest.fixture
def page(browser: Browser, site: Server, provider: Provider) -> Iterator[Page]:
    provider.error, provider.audience = "", CLIENT
    context = browser.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


def come(page: Page, provider: Provider, sub: str, email: str, *, is_verified: bool = True) -> None:
    provider.says = {"sub": sub, "email": email, "email_verified": is_verified, "name": f"{sub.title()} Li"}
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with Acme").click()


def sign_up(page: Page, name: str) -> None:
    page.goto("/sign-up/")
    fill_in(page, f"{name.lower()}@example.com", name)
    page.get_by_label("What is your workspace called?").fill(f"{name} Partners")
    page.get_by_label("What is it for?").select_option("portfolio")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Companies")


def expect_in(page: Page, workspace: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Companies")
    page.goto("/members/")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Members of {workspace}")


def test_a_new_person_says_which_workspace_and_comes_back_to_it(page: Page, provider: Provider) -> None:
    come(page, provider, "nina", "nina@example.com")
    heading(page, "Make an account")
    expect(page.get_by_label("Your name")).to_have_value("Nina Li")
    page.get_by_label("What is your workspace called?").fill("Nina Partners")
    page.get_by_label("What is it for?").select_option("portfolio")
    page.get_by_role("button", name="Make the account").click()
    expect_in(page, "Nina Partners")
    come(page, provider, "nina", "nina@example.com")
    expect_in(page, "Nina Partners")
    page.goto("/account/provider/")
    heading(page, "Identity provider")


def test_an_address_that_the_provider_has_verified_signs_in_to_its_account(page: Page, provider: Provider) -> None:
    sign_up(page, "Olga")
    come(page, provider, "olga", "olga@example.com")
    expect_in(page, "Olga Partners")


def test_an_address_that_the_provider_has_not_verified_opens_nothing(page: Page, provider: Provider) -> None:
    sign_up(page, "Paul")
    come(page, provider, "thief", "paul@example.com", is_verified=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Make an account")
    page.get_by_label("What is your workspace called?").fill("Thieves")
    page.get_by_label("What is it for?").select_option("portfolio")
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator(".errorlist")).to_contain_text("There is an account with this address already.")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Email").fill("paul@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect_in(page, "Paul Partners")


def test_who_turns_back_or_brings_a_token_for_another_is_told_and_is_not_in(page: Page, provider: Provider) -> None:
    provider.error = "access_denied"
    come(page, provider, "nina", "nina@example.com")
    heading(page, "Not signed in")
    provider.error, provider.audience = "", "another client"
    come(page, provider, "nina", "nina@example.com")
    heading(page, "Signing in failed")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
