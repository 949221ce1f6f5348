"""Every response carries the headers: a page, an error, a download, a static file, a refused host."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.urls import include, path

pytestmark = pytest.mark.django_db  # the end of a response looks after the connection

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>page</p>")


@login_not_required
def kept_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>page</p>", headers={"Cache-Control": "private, max-age=60"})


@login_not_required
def download(request: HttpRequest) -> FileResponse:
    return FileResponse(BytesIO(b"a,b\n"), as_attachment=True, filename="a.csv")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("page", page),
    path("kept", kept_page),
    path("download", download),
    path("broken", broken),
    path("", include("advisor.urls")),  # the error pages lead back to the product
]


@contextmanager
def client_of(**settings: Any) -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__, **settings):
        yield Client(raise_request_exception=False)


def assert_dressed(response: HttpResponseBase | SimpleNamespace) -> None:
    assert response.headers["Content-Security-Policy"] == CSP
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("address", "status"), [("/page", 200), ("/nothing-here", 404), ("/broken", 500), ("/download", 200)])
def test_pages_errors_and_downloads(address: str, status: int) -> None:
    with client_of() as client:
        response = client.get(address)
    assert response.status_code == status
    assert_dressed(response)


def test_a_refused_host() -> None:
    with client_of(SECURE_SSL_REDIRECT=True) as client:
        response = client.get("/page", headers={"Host": "evil.example.com"})
    assert response.status_code == 400
    assert_dressed(response)


def test_a_redirect_to_https() -> None:
    with client_of(SECURE_SSL_REDIRECT=True) as client:
        response = client.get("/page")
    assert response.status_code == 301
    assert_dressed(response)


def test_a_static_file() -> None:
    with client_of() as client:
        response = client.get("/static/vendor/plotly-4.1.1.css")
    assert response.status_code == 200
    assert_dressed(response)
    assert "no-store" not in response.headers["Cache-Control"]
    response.close()


@pytest.mark.parametrize(("address", "expected"), [("/page", "no-store"), ("/nothing-here", "no-store"), ("/kept", "private, max-age=60")])
def test_pages_stay_out_of_caches_unless_they_say_otherwise(address: str, expected: str) -> None:
    with client_of() as client:
        assert client.get(address).headers["Cache-Control"] == expected


def test_a_download_decides_about_caches_itself() -> None:
    with client_of() as client:
        response = client.get("/download")
    assert "Cache-Control" not in response.headers
    response.close()
