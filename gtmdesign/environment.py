"""Readers of environment variables. Each raises ImproperlyConfigured on nonsense, naming the variable and what is expected."""

import os
import secrets
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def env_str(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; `default` when it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off, in any case; `default` when unset or blank."""
    value = env_str(name).lower()
    if not value:
        return default
    if value in YES:
        return True
    if value in NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: expected one of 1, true, yes, on, 0, false, no, off.")


def env_int(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included; `default` when unset or blank."""
    value = env_str(name)
    if not value:
        return default
    expected = f"{name}={value!r}: expected a whole number from {low} to {high}."
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    if not low <= number <= high:
        raise ImproperlyConfigured(expected)
    return number


def env_choice(name: str, default: str, choices: list[str]) -> str:
    """One of these words, in any case; `default` when unset or blank."""
    value = env_str(name, default).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of {', '.join(choices)}.")
    return value


def env_mail_server(prefix: str = "GTM_EMAIL_") -> dict[str, Any]:
    """The server that sends mail: host, port, user, password, security and from; empty where no host is named."""
    host = env_str(f"{prefix}HOST")
    others = [f"{prefix}{name}" for name in ("PORT", "USER", "PASSWORD", "SECURITY", "FROM")]
    if not host:
        for name in others:
            if env_str(name):
                raise ImproperlyConfigured(f"{name} is set without {prefix}HOST: expected the name of a mail server there, or neither.")
        return {}
    if any(mark in host for mark in "/:@ "):
        raise ImproperlyConfigured(f"{prefix}HOST={host!r}: expected the name of a mail server such as smtp.example.com, without a port.")
    security = env_choice(f"{prefix}SECURITY", "starttls", ["starttls", "tls", "none"])
    server: dict[str, Any] = {
        "host": host,
        "port": env_int(f"{prefix}PORT", {"starttls": 587, "tls": 465, "none": 25}[security], low=1, high=65_535),
        "user": env_str(f"{prefix}USER"),
        "password": env_str(f"{prefix}PASSWORD"),
        "security": security,
    }
    sender = env_str(f"{prefix}FROM")
    if not sender:
        raise ImproperlyConfigured(f"{prefix}FROM is not set: expected the address that mail comes from, such as gtm@example.com.")
    if "@" not in sender or any(mark in sender for mark in "\r\n"):
        raise ImproperlyConfigured(f"{prefix}FROM={sender!r}: expected an address such as gtm@example.com or GTM Design <gtm@example.com>.")
    return server | {"from": sender}


def env_identity_provider(prefix: str = "GTM_OIDC_") -> dict[str, str]:
    """An OpenID Connect provider: issuer, client_id, client_secret and name; empty where none is named."""
    given = {name.lower(): env_str(f"{prefix}{name}") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME")}
    if not any(given.values()):
        return {}
    for name in ("issuer", "client_id", "client_secret"):
        if not given[name]:
            raise ImproperlyConfigured(f"{prefix}{name.upper()} is not set: expected with the other {prefix}* of an identity provider.")
    expected = f"{prefix}ISSUER={given['issuer']!r}: expected an https address such as https://login.example.com/realm."
    try:
        parts = urlsplit(given["issuer"])
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    is_local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not (parts.scheme == "https" or is_local) or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ImproperlyConfigured(expected)
    return given | {"issuer": given["issuer"].rstrip("/"), "name": given["name"] or str(parts.hostname)}


def env_origins(name: str) -> list[str]:
    """Origins separated by commas, each https or of this machine; none when unset or blank."""
    value = env_str(name)
    return [_origin(name, value, one.strip()) for one in value.split(",")] if value else []


def _origin(name: str, value: str, one: str) -> str:
    expected = f"{name}={value!r}: expected origins separated by commas, such as https://login.example.com,https://sso.example.com:8443."
    try:
        parts = urlsplit(one)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    is_local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    # It goes into a header, where a blank or a semicolon would begin another rule.
    is_plain = parts.netloc.isascii() and not set(parts.netloc) & set("@;*'\" \t")
    if not (parts.scheme == "https" or is_local) or not parts.hostname or not is_plain or one.rstrip("/") != origin_of(one):
        raise ImproperlyConfigured(expected)
    return origin_of(one)


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def env_site_url(name: str, default: str) -> str:
    """The origin people type: scheme, host and perhaps a port, without a closing slash."""
    value = env_str(name, default)
    expected = f"{name}={value!r}: expected an address such as https://gtm.example.com or http://127.0.0.1:8000, no path."
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    beyond_origin = parts.username or parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond_origin:
        raise ImproperlyConfigured(expected)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def env_hosts(name: str, default: list[str]) -> list[str]:
    """Host names separated by commas, no scheme, no path; `default` when unset or blank."""
    value = env_str(name)
    if not value:
        return default
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    if not hosts or any("/" in host or " " in host for host in hosts):
        raise ImproperlyConfigured(f"{name}={value!r}: expected host names separated by commas, such as gtm.example.com,10.0.0.5.")
    return hosts


def env_database(name: str, default: Path) -> dict[str, Any]:
    """Django's description of the database: the path of an SQLite file, or a postgres:// address."""
    value = env_str(name, str(default))
    if value.startswith(("postgres://", "postgresql://")):
        return _postgresql(name, value)
    if "://" in value:
        raise ImproperlyConfigured(
            f"{name}={_without_password(value)!r}: expected the path of a file or postgres://user:password@host:5432/database."
        )
    return {
        "ENGINE": "gtmdesign.sqlite",
        "NAME": Path(value).expanduser().absolute(),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "timeout": 20,  # seconds a writer waits for another one
            # A transaction that reads first and writes later would fail at once when another wrote in between.
            "transaction_mode": "IMMEDIATE",
            # FULL: an answer acknowledged as saved survives a power cut; NORMAL lost 83 to 95 of them when measured.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
        },
    }


def _postgresql(name: str, value: str) -> dict[str, Any]:
    expected = f"{name}={_without_password(value)!r}: expected postgres://user:password@host:5432/database."
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    database = unquote(parts.path.removeprefix("/"))
    if not database or "/" in database:
        raise ImproperlyConfigured(expected)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 0,  # the pool keeps the connections
        "OPTIONS": dict(parse_qsl(parts.query)) | {"pool": {"min_size": 2, "max_size": 8, "timeout": 10}},
    }


def env_bus(name: str, *, has_postgresql: bool) -> str:
    """What carries announcements between processes: memory, pg, or the address of a Redis; by default what the database offers."""
    value = env_str(name, "pg" if has_postgresql else "memory")
    if value == "pg" and not has_postgresql:
        raise ImproperlyConfigured(
            f"{name}='pg': expected GTM_DATABASE=postgres://... with it, since PostgreSQL carries the announcements."
        )
    is_redis = value.startswith(("redis://", "rediss://", "unix://"))
    if is_redis and find_spec("redis") is None:
        raise ImproperlyConfigured(f"{name}={_without_password(value)!r}: expected the extra `redis` to be installed: pip install redis.")
    if not is_redis and value not in {"memory", "pg"}:
        raise ImproperlyConfigured(f"{name}={_without_password(value)!r}: expected memory, pg, or redis://host:6379/0.")
    return value


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://***@{rest.rpartition('@')[2]}" if "@" in rest else url


def kept_secret(path: Path) -> str:
    """The secret in this file; made on the first call, readable by its owner only."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # mode 0600
                file.write(secrets.token_urlsafe(64))
                file.flush()
                _link_unless_there(Path(file.name), path)
        secret = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot keep a secret key in {path} ({error.strerror}): make GTM_DATA_DIR writable, or set GTM_SECRET_KEY."
        ) from error
    if len(secret) < 50:
        raise ImproperlyConfigured(f"{path} holds fewer than 50 characters: delete it, and a new key is made (all sign in again).")
    return secret


def _link_unless_there(source: Path, target: Path) -> None:
    """Give the complete file its name in one step: of two processes that start together, both read the first one's."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return
