"""What the environment switches as a whole: read in a process of its own, as a server reads it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NAMES = [
    "DEBUG",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_CSP",
]
READ = f"import json; from gtmdesign import settings; print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}))"


def read_settings(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GTM_")}
    return subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env=clean | {"GTM_DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def values(tmp_path: Path, **environment: str) -> dict[str, Any]:
    result = read_settings(tmp_path, **environment)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_without_any_variable_it_serves_this_machine_over_http(tmp_path: Path) -> None:
    read = values(tmp_path)
    assert read["DEBUG"] is False
    assert read["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]", "127.0.0.1"]
    assert read["SESSION_COOKIE_NAME"] == "sessionid"
    assert read["SECURE_SSL_REDIRECT"] is False
    assert read["SECURE_HSTS_SECONDS"] == 0


def test_an_https_address_turns_everything_on(tmp_path: Path) -> None:
    read = values(tmp_path, GTM_SITE_URL="https://gtm.example.com")
    assert "gtm.example.com" in read["ALLOWED_HOSTS"]
    assert read["CSRF_TRUSTED_ORIGINS"] == ["https://gtm.example.com"]
    assert (read["SESSION_COOKIE_NAME"], read["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert read["SESSION_COOKIE_SECURE"]
    assert read["CSRF_COOKIE_SECURE"]
    assert read["SECURE_SSL_REDIRECT"]
    assert read["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert read["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert read["SECURE_HSTS_PRELOAD"]


def test_a_form_may_lead_to_the_pages_of_an_identity_provider(tmp_path: Path) -> None:
    provider = {"GTM_OIDC_ISSUER": "https://login.example.com/realm", "GTM_OIDC_CLIENT_ID": "gtm", "GTM_OIDC_CLIENT_SECRET": "s"}
    origins = {"GTM_OIDC_FORM_ORIGINS": "https://sso.example.com,https://id.example.com"}
    found = [values(tmp_path, **environment)["SECURE_CSP"]["form-action"] for environment in ({}, origins, provider, provider | origins)]
    issuer = "https://login.example.com"
    assert found == [
        ["'self'"],
        ["'self'"],
        ["'self'", issuer],
        ["'self'", issuer, "https://sso.example.com", "https://id.example.com"],
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("GTM_DEBUG", "maybe"), ("GTM_SITE_URL", "gtm"), ("GTM_ALLOWED_HOSTS", ","), ("GTM_DATABASE", "mysql://a/b"), ("GTM_THREADS", "many")],
)
def test_nonsense_stops_the_start_and_names_the_variable(tmp_path: Path, name: str, value: str) -> None:
    result = read_settings(tmp_path, **{name: value})
    assert result.returncode == 1
    assert f"ImproperlyConfigured: {name}='{value}': expected" in result.stderr
