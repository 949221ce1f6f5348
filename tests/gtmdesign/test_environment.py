"""Each reader takes what an operator would write, and names the variable and what is expected when it is nonsense."""

import re
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gtmdesign.environment import (
    env_bool,
    env_choice,
    env_database,
    env_hosts,
    env_identity_provider,
    env_int,
    env_mail_server,
    env_origins,
    env_site_url,
    env_str,
    kept_secret,
)

NAME = "GTM_TEST"


@pytest.mark.parametrize(("value", "expected"), [(None, "x"), ("", "x"), ("  ", "x"), (" y ", "y")])
def test_str(monkeypatch: pytest.MonkeyPatch, value: str | None, expected: str) -> None:
    monkeypatch.delenv(NAME, raising=False)
    if value is not None:
        monkeypatch.setenv(NAME, value)
    assert env_str(NAME, "x") == expected


@pytest.mark.parametrize(("value", "expected"), [("", False), ("1", True), ("Yes", True), (" on ", True), ("0", False), ("FALSE", False)])
def test_bool(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv(NAME, value)
    assert env_bool(NAME, default=False) is expected


def test_bool_refuses_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "perhaps")
    with pytest.raises(ImproperlyConfigured, match=r"GTM_TEST='perhaps': expected one of 1, true"):
        env_bool(NAME, default=False)


def test_int(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "64")
    assert env_int(NAME, 4, low=1, high=64) == 64
    monkeypatch.delenv(NAME)
    assert env_int(NAME, 4, low=1, high=64) == 4


@pytest.mark.parametrize("value", ["0", "65", "4.0", "four", "-1", "1e3"])
def test_int_refuses_nonsense(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}='{value}': expected a whole number from 1 to 64"):
        env_int(NAME, 4, low=1, high=64)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "http://127.0.0.1:8000"),
        ("https://gtm.example.com/", "https://gtm.example.com"),
        ("https://GTM.example.com:8443", "https://gtm.example.com:8443"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_site_url(monkeypatch: pytest.MonkeyPatch, value: str, expected: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert env_site_url(NAME, "http://127.0.0.1:8000") == expected


@pytest.mark.parametrize(
    "value",
    [
        "gtm.example.com",
        "ftp://gtm.example.com",
        "https://",
        "https://a/path",
        "https://a?b=1",
        "https://user@a",
        "https://a:port",
        "http://[::1",
    ],
)
def test_site_url_refuses_nonsense(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=r"^GTM_TEST=.*expected an address such as https://gtm\.example\.com"):
        env_site_url(NAME, "http://127.0.0.1:8000")


def test_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "gtm.example.com, 10.0.0.5,")
    assert env_hosts(NAME, []) == ["gtm.example.com", "10.0.0.5"]
    monkeypatch.delenv(NAME)
    assert env_hosts(NAME, ["localhost"]) == ["localhost"]


@pytest.mark.parametrize("value", [",", "https://gtm.example.com", "one two"])
def test_hosts_refuse_nonsense(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=r"^GTM_TEST=.*expected host names separated by commas"):
        env_hosts(NAME, [])


def test_database_is_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, str(tmp_path / "a.sqlite3"))
    database = env_database(NAME, Path("unused"))
    assert database["NAME"] == tmp_path / "a.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


def test_database_is_a_postgres_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgres://an%40na:s%2Fecret@db.example.com:5433/gtm?sslmode=require")
    database = env_database(NAME, Path("unused"))
    parts = [database[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["an@na", "s/ecret", "db.example.com", "5433", "gtm"]
    assert database["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    "value",
    [
        "mysql://user:secret@host/gtm",
        "postgres://user:secret@host/",
        "postgres://user:secret@host:port/gtm",
        "postgres://user:secret@host/a/b",
    ],
)
def test_database_refuses_nonsense_without_saying_the_password(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=r"^GTM_TEST=.*expected .*postgres://user:password@host:5432/database") as caught:
        env_database(NAME, Path("unused"))
    assert "secret" not in str(caught.value)


def test_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    secret = kept_secret(path)
    assert kept_secret(path) == secret
    assert len(secret) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_secret_that_cannot_be_kept_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the directory should be")
    with pytest.raises(ImproperlyConfigured, match="GTM_DATA_DIR writable, or set GTM_SECRET_KEY"):
        kept_secret(tmp_path / "var" / "secret_key")


def test_cut_off_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(ImproperlyConfigured, match="fewer than 50 characters"):
        kept_secret(tmp_path / "secret_key")


# --- Mail and the identity provider ----------------------------------------------------------------


@pytest.fixture
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "USER", "PASSWORD", "SECURITY", "FROM"):
        monkeypatch.delenv(f"GTM_EMAIL_{name}", raising=False)
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME"):
        monkeypatch.delenv(f"GTM_OIDC_{name}", raising=False)


def setenv(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("value", "expected"), [("", "open"), (" Invited ", "invited")])
def test_choice(monkeypatch: pytest.MonkeyPatch, value: str, expected: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert env_choice(NAME, "open", ["open", "invited"]) == expected


def test_choice_refuses_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "closed")
    with pytest.raises(ImproperlyConfigured, match=r"GTM_TEST='closed': expected one of open, invited"):
        env_choice(NAME, "open", ["open", "invited"])


@pytest.mark.usefixtures("_nothing_set")
@pytest.mark.parametrize(("security", "port"), [("", 587), ("tls", 465), ("none", 25)])
def test_mail_server(monkeypatch: pytest.MonkeyPatch, security: str, port: int) -> None:
    assert env_mail_server() == {}
    setenv(monkeypatch, GTM_EMAIL_HOST="smtp.example.com", GTM_EMAIL_FROM="gtm@example.com", GTM_EMAIL_SECURITY=security)
    assert env_mail_server() == {
        "host": "smtp.example.com",
        "port": port,
        "user": "",
        "password": "",
        "security": security or "starttls",
        "from": "gtm@example.com",
    }


@pytest.mark.usefixtures("_nothing_set")
@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"GTM_EMAIL_PORT": "25"}, "GTM_EMAIL_PORT is set without GTM_EMAIL_HOST"),
        ({"GTM_EMAIL_HOST": "smtp.example.com"}, "GTM_EMAIL_FROM is not set"),
        ({"GTM_EMAIL_HOST": "smtp.example.com:25"}, "GTM_EMAIL_HOST='smtp.example.com:25': expected the name"),
        ({"GTM_EMAIL_HOST": "a", "GTM_EMAIL_FROM": "me"}, "GTM_EMAIL_FROM='me': expected an address"),
        ({"GTM_EMAIL_HOST": "a", "GTM_EMAIL_SECURITY": "ssl"}, "GTM_EMAIL_SECURITY='ssl': expected one of starttls, tls, none"),
    ],
)
def test_mail_server_refuses_nonsense(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: str) -> None:
    setenv(monkeypatch, **environment)
    with pytest.raises(ImproperlyConfigured, match=told):
        env_mail_server()


WHOLE = {"GTM_OIDC_ISSUER": "https://login.example.com/realm/", "GTM_OIDC_CLIENT_ID": "gtm", "GTM_OIDC_CLIENT_SECRET": "s"}


@pytest.mark.usefixtures("_nothing_set")
def test_identity_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env_identity_provider() == {}
    setenv(monkeypatch, **WHOLE)
    expected = {"issuer": "https://login.example.com/realm", "client_id": "gtm", "client_secret": "s", "name": "login.example.com"}
    assert env_identity_provider() == expected


@pytest.mark.usefixtures("_nothing_set")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"GTM_OIDC_CLIENT_ID": ""}, "GTM_OIDC_CLIENT_ID is not set"),
        ({"GTM_OIDC_ISSUER": ""}, "GTM_OIDC_ISSUER is not set"),
        ({"GTM_OIDC_ISSUER": "http://login.example.com"}, "GTM_OIDC_ISSUER='http://login.example.com': expected an https address"),
        ({"GTM_OIDC_ISSUER": "https://[a"}, "expected an https address"),
        ({"GTM_OIDC_ISSUER": "login"}, "expected an https address"),
    ],
)
def test_identity_provider_refuses_nonsense(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], told: str) -> None:
    setenv(monkeypatch, **(WHOLE | changed))
    with pytest.raises(ImproperlyConfigured, match=re.escape(told)):
        env_identity_provider()


@pytest.mark.usefixtures("_nothing_set")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", []),
        ("https://login.example.com", ["https://login.example.com"]),
        ("https://login.example.com/, https://sso.example.com:8443", ["https://login.example.com", "https://sso.example.com:8443"]),
        ("http://127.0.0.1:9000", ["http://127.0.0.1:9000"]),
    ],
)
def test_origins(monkeypatch: pytest.MonkeyPatch, value: str, expected: list[str]) -> None:
    setenv(monkeypatch, GTM_OIDC_FORM_ORIGINS=value)
    assert env_origins("GTM_OIDC_FORM_ORIGINS") == expected


@pytest.mark.usefixtures("_nothing_set")
@pytest.mark.parametrize(
    "value",
    [
        "login.example.com",
        "http://login.example.com",
        "https://login.example.com/path",
        "https://a.example.com,",
        "https://a.example.com; script-src *",
        "https://*",
        "https://a b",
        "https://me@a.example.com",
        "https://a.example.com:x",
        "https://[a",
        "https://a.example.com?x",
        "'unsafe-inline'",
    ],
)
def test_origins_refuse_nonsense(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    setenv(monkeypatch, GTM_OIDC_FORM_ORIGINS=value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"GTM_OIDC_FORM_ORIGINS={value!r}: expected origins separated by commas")):
        env_origins("GTM_OIDC_FORM_ORIGINS")
