"""Charts by address: the figure for the page, the figure of the picture, and the picture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from advisor.charts import CHARTS as KNOWN
from advisor.charts import Figure
from advisor.exports import png as drawing
from advisor.exports.browser import HOW_TO_INSTALL
from advisor.exports.figures import page_figure, picture_figure
from advisor.exports.png import close_renderer
from advisor.exports.renderer import Options, Renderer
from advisor.models import Company, Membership, Scenario, User
from tests.exports.pictures import need_browser
from tests.factories import DIFFERENT_STORY, IMPORTED, TWO_WAYS, make_scenario, read, say

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("pictures")]

CHARTS = ("coverage-map", "ownership-quadrant", "responsibilities-map")
OF_A_COMPANY = CHARTS[:2]
SMALL = {"width": "320", "height": "180", "scale": "1"}


def figure(client: Client, address: str, look: str = "") -> dict[str, Any]:
    response = client.get(address, {"look": look} if look else {})
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (200, "application/json", "no-store")
    return dict(json.loads(response.content))


def stored(company: Company) -> list[Scenario]:
    return list(Scenario.objects.with_place().with_answers().filter(segment__company=company).order_by("segment_id", "pk"))


@pytest.fixture
def scenario(company: Company) -> Scenario:
    """Three segments, the first with a plan beside it."""
    scenario = make_scenario(company, DIFFERENT_STORY)
    make_scenario(company, {"acv": 90_000.0, "motion": 100.0}, name="2028")
    make_scenario(company, IMPORTED, segment="Mid-market")
    make_scenario(company, segment="Nothing known")
    return scenario


# --- Figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("chart", CHARTS)
def test_figure_of_a_scenario_for_the_page_and_for_the_picture(chart: str, client: Client, company: Company, scenario: Scenario) -> None:
    address = f"/scenarios/{scenario.pk}/charts/{chart}.json"
    everything, selected = stored(company), read(scenario)
    assert figure(client, address, "page") == json.loads(json.dumps(page_figure(chart, everything, selected)))
    assert figure(client, address) == json.loads(json.dumps(picture_figure(chart, everything, selected)))
    assert figure(client, address, "<odd>") == figure(client, address)


@pytest.mark.parametrize("chart", OF_A_COMPANY)
def test_figure_of_a_company_for_the_page_and_for_the_picture(chart: str, client: Client, company: Company, scenario: Scenario) -> None:
    address = f"/companies/{company.pk}/charts/{chart}.json"
    assert figure(client, address, "page") == json.loads(json.dumps(page_figure(chart, stored(company), None)))
    assert figure(client, address) == json.loads(json.dumps(picture_figure(chart, stored(company), None)))


@pytest.mark.parametrize("look", ["", "page"])
@pytest.mark.parametrize("chart", OF_A_COMPANY)
def test_figure_of_a_company_without_a_segment(chart: str, look: str, client: Client, company: Company) -> None:
    assert figure(client, f"/companies/{company.pk}/charts/{chart}.json", look).keys() == {"data", "layout"}


@pytest.mark.parametrize("chart", ["pie", "coverage_map", "COVERAGE-MAP", "coverage-map-", "x" * 300, "-", "0"])
@pytest.mark.parametrize("ending", ["json", "png"])
def test_a_chart_that_there_is_not_is_404(chart: str, ending: str, client: Client, scenario: Scenario) -> None:
    for place in (f"/scenarios/{scenario.pk}", f"/companies/{scenario.segment.company_id}"):
        assert client.get(f"{place}/charts/{chart}.{ending}").status_code == 404


@pytest.mark.parametrize("ending", ["json", "png"])
def test_a_key_error_inside_a_chart_is_no_404(ending: str, client: Client, scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Figure:
        raise KeyError("a fault of ours")

    monkeypatch.setitem(KNOWN, "coverage-map", replace(KNOWN["coverage-map"], draw=broken))
    with pytest.raises(KeyError, match="a fault of ours"):
        client.get(f"/scenarios/{scenario.pk}/charts/coverage-map.{ending}")


@pytest.mark.parametrize("ending", ["json", "png"])
def test_a_company_as_a_whole_has_no_map_of_responsibilities(ending: str, client: Client, scenario: Scenario) -> None:
    assert client.get(f"/companies/{scenario.segment.company_id}/charts/responsibilities-map.{ending}").status_code == 404


@pytest.mark.parametrize("ending", ["svg", "pdf", "png/", "json/", "", "JSON"])
def test_another_ending_is_404(ending: str, client: Client, scenario: Scenario) -> None:
    assert client.get(f"/scenarios/{scenario.pk}/charts/coverage-map.{ending}").status_code == 404


@pytest.mark.parametrize(
    "given", [{}, DIFFERENT_STORY, IMPORTED, TWO_WAYS, {"acv": 1.0}, {"acv": 1e9, "motion": 100.0, "expansion_rate": 10.0}]
)
def test_no_figure_holds_what_json_cannot(given: dict[str, Any], client: Client, company: Company) -> None:
    scenario = make_scenario(company, given)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for chart in CHARTS:
        for look in ("page", "picture"):
            content = client.get(f"/scenarios/{scenario.pk}/charts/{chart}.json", {"look": look}).content
            assert json.loads(content, parse_constant=refuse).keys() == {"data", "layout"}


def test_figures_take_as_many_statements_for_30_segments_as_for_3(client: Client, company: Company) -> None:
    counts = []
    for number in range(30):
        scenario = make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}")
        if number in (2, 29):
            client.get("/")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/scenarios/{scenario.pk}/charts/coverage-map.json?look=page")
                client.get(f"/companies/{company.pk}/charts/coverage-map.json?look=page")
            counts.append(len(queries))
    assert counts == [7, 7]


# --- Pictures ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[None]:
    need_browser()
    yield
    close_renderer()


@pytest.fixture(autouse=True)
def _kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


@pytest.mark.parametrize("chart", CHARTS)
def test_picture_of_a_scenario_has_the_size_that_was_asked_for(chart: str, browser: None, client: Client, scenario: Scenario) -> None:
    response = client.get(f"/scenarios/{scenario.pk}/charts/{chart}.png", SMALL)
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (200, "image/png", "private, no-cache")
    image = Image.open(BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (320, 180))
    assert len(image.convert("RGB").getcolors(maxcolors=1_000_000) or ()) > 10  # it is not blank


def test_picture_is_1920x1080_at_2_on_white_unless_asked_otherwise(browser: None, client: Client, scenario: Scenario) -> None:
    image = Image.open(BytesIO(client.get(f"/companies/{scenario.segment.company_id}/charts/coverage-map.png").content))
    assert (image.size, image.convert("RGBA").getpixel((1, 1))) == ((3840, 2160), (255, 255, 255, 255))


def test_picture_on_nothing_is_transparent(browser: None, client: Client, scenario: Scenario) -> None:
    response = client.get(f"/scenarios/{scenario.pk}/charts/coverage-map.png", SMALL | {"background": "transparent"})
    assert Image.open(BytesIO(response.content)).convert("RGBA").getpixel((1, 1)) == (0, 0, 0, 0)


def test_picture_that_the_browser_has_is_304(browser: None, client: Client, scenario: Scenario) -> None:
    address = f"/scenarios/{scenario.pk}/charts/coverage-map.png"
    tag = client.get(address, SMALL)["ETag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}'):
        response = client.get(address, SMALL, headers={"If-None-Match": held})
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
        assert response["Cache-Control"] == "private, no-cache"
    for held in ("", '"other"', tag.strip('"'), "x" * 5_000, '"'):
        assert client.get(address, SMALL, headers={"If-None-Match": held}).status_code == 200


def test_picture_is_another_one_when_an_answer_size_or_chart_is(browser: None, client: Client, ana: User, scenario: Scenario) -> None:
    def tag(chart: str = "coverage-map", **more: str) -> str:
        return client.get(f"/scenarios/{scenario.pk}/charts/{chart}.png", SMALL | more)["ETag"]

    tags = [tag(), tag("ownership-quadrant"), tag(scale="2"), tag(background="transparent")]
    say(ana, scenario, {"acv": 45_000.0})
    tags.append(tag())
    assert len(set(tags)) == 5
    assert tag() == tags[-1]


def test_picture_that_is_kept_is_given_to_members_only(
    browser: None, client: Client, ana: User, scenario: Scenario, stranger: User
) -> None:
    address = f"/scenarios/{scenario.pk}/charts/coverage-map.png"
    tag = client.get(address, SMALL)["ETag"]
    other = Client()
    other.force_login(stranger)
    assert other.get(address, SMALL, headers={"If-None-Match": tag}).status_code == 404
    assert Client().get(address, SMALL, headers={"If-None-Match": tag}).status_code == 302
    Membership.objects.filter(user=ana).delete()
    assert client.get(address, SMALL, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"width": "319"}, "width: expected a whole number from 320 to 3840, got 319."),
        ({"width": "wide"}, "width: expected a whole number from 320 to 3840, got 'wide'."),
        ({"width": ""}, "width: expected a whole number from 320 to 3840, got ''."),
        ({"height": "2161"}, "height: expected a whole number from 180 to 2160, got 2161."),
        ({"height": "9" * 5_000}, f"height: expected a whole number from 180 to 2160, got '{'9' * 40}'."),
        ({"scale": "5"}, "scale: expected 1 to 4 in steps of 0.25, got 5."),
        ({"scale": "NaN"}, "scale: expected 1 to 4 in steps of 0.25, got 'NaN'."),
        ({"scale": "1.1"}, "scale: expected 1 to 4 in steps of 0.25, got 1.1."),
        ({"background": "pink"}, "background: expected white or transparent, got 'pink'."),
        ({"background": "<script>"}, "background: expected white or transparent, got '<script>'."),
        (
            {"width": "3840", "height": "2160", "scale": "4"},
            "scale: 3840x2160 at scale 4 is larger than 7680x4320 pixels; choose a smaller one.",
        ),
    ],
)
def test_picture_that_cannot_be_is_400_with_a_sentence(query: dict[str, str], sentence: str, client: Client, scenario: Scenario) -> None:
    for place in (f"/scenarios/{scenario.pk}", f"/companies/{scenario.segment.company_id}"):
        response = client.get(f"{place}/charts/coverage-map.png", query)
        assert (response.status_code, response.content.decode()) == (400, sentence)
        assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("options", "status", "retry", "sentence"),
    [
        (Options(callers=0), 503, "5", "The server is drawing as many pictures as it can. Please try again in a few seconds."),
        (
            Options(callers=1, seconds=0),
            504,
            "5",
            "The picture was not ready after 0 seconds. Please try again, or use Download PNG on the chart's page.",
        ),
    ],
)
def test_picture_that_is_not_there_now_says_when_to_come_back(
    options: Options, status: int, retry: str, sentence: str, monkeypatch: pytest.MonkeyPatch, client: Client, scenario: Scenario
) -> None:
    busy = Renderer(options)
    monkeypatch.setattr(drawing, "_renderer", busy)
    response = client.get(f"/scenarios/{scenario.pk}/charts/coverage-map.png", SMALL)
    busy.close()
    assert (response.status_code, response["Retry-After"], response.content.decode()) == (status, retry, sentence)
    assert (response["Content-Type"], response["Cache-Control"]) == ("text/plain; charset=utf-8", "no-store")


def test_picture_without_a_browser_says_how_to_install_one(monkeypatch: pytest.MonkeyPatch, client: Client, scenario: Scenario) -> None:
    monkeypatch.setattr(settings, "BROWSER_PATH", "/nowhere/chromium")
    renderer = Renderer(Options(callers=1))
    monkeypatch.setattr(drawing, "_renderer", renderer)
    response = client.get(f"/scenarios/{scenario.pk}/charts/coverage-map.png", SMALL)
    renderer.close()
    assert (response.status_code, HOW_TO_INSTALL in response.content.decode()) == (503, True)
    assert "Retry-After" not in response.headers
    assert figure(client, f"/scenarios/{scenario.pk}/charts/coverage-map.json").keys() == {"data", "layout"}  # the page draws its own
