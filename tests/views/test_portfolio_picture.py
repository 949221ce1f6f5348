"""The chart of a view of the portfolio as a picture: what its page draws, with the finding and what it rests on, for whoever sees it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from advisor.exports.picture import Picture
from advisor.exports.png import close_renderer
from advisor.forms.portfolio import read_view
from advisor.models import AuditEntry, Company, Level, Scenario, Segment, StoredAdvice, User, Workspace
from advisor.models.audit import Kind
from advisor.models.scenario import AnswerValue
from advisor.services.portfolio import bring_up_to_date
from advisor.views import access
from advisor.views.policy_note import MIXED
from advisor.views.portfolio_picture import figure_of
from tests.exports.pictures import need_browser
from tests.factories import DIFFERENT_STORY, make_company, make_scenario, make_workspace, set_policy, share_with
from tests.views.conftest import SignIn
from tests.views.pages import main_of

pytestmark = pytest.mark.django_db

COPIED: dict[str, AnswerValue] = {"acv": 18_000.0, "motion": 50.0, "current_team": "ae_se_support_csm", "current_owner": "csm"}
FITTING: dict[str, AnswerValue] = {"acv": 5_000.0, "motion": 0.0, "current_team": "csam", "current_owner": "csam"}
SMALL = {"width": "320", "height": "180", "scale": "1"}


@pytest.fixture
def fund(workspace: Workspace) -> Workspace:
    """Three segments: one fits, one says nothing of today, one copied another's team."""
    make_scenario(make_company(workspace, "Attio"), FITTING, segment="Self-serve")
    make_scenario(make_company(workspace, "Bloom"), DIFFERENT_STORY, segment="Enterprise")
    make_scenario(make_company(workspace, "Copycat"), COPIED, segment="Mid-market")
    return workspace


@pytest.fixture(scope="module")
def browser() -> Iterator[None]:
    need_browser()
    yield
    close_renderer()


@pytest.fixture(autouse=True)
def _kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


def figure(user: User, query: str = "") -> dict[str, Any]:
    view = read_view(QueryDict(query))
    bring_up_to_date(user)
    found = StoredAdvice.objects.visible_to(user).one_a_segment().narrowed(view.search, view.chosen)
    return figure_of(found, view, access.memberships_of(user), Picture())


def said_by(user: User, query: str = "") -> list[str]:
    """The texts around the plot."""
    return [each["text"] for each in figure(user, query)["layout"]["annotations"] if each.get("yref") == "paper"]


def marks_of(figure: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(trace for trace in figure["data"] if trace["name"] == "segments")
    return found


def test_a_picture_states_the_finding_and_what_it_rests_on(ana: User, fund: Workspace) -> None:
    make_scenario(make_company(fund, "Dune"), {"acv": 30_000.0})
    today = timezone.localdate()
    assert said_by(ana) == [
        "1 of 2 segments runs another team than the framework advises",
        "Contract value by sales motion; the zones are Tunguz's, their borders ours",
        "Contract value of a new customer, USD a year",
        "Sales motion",
        "1 not placed: ACV or motion is missing.",
        f"Source: answers of 3 companies, read by Roberge's and Tunguz's essays, {today.day} {today:%B %Y}",
        "Shown: 3 of 4 segments",
        *("Keep together", "Undecided", "Today differs"),
    ]


def test_a_picture_says_which_view_it_is(ana: User, fund: Workspace) -> None:
    said = said_by(ana, "q=o&verdict=undecided&fit=differs&stage=Public&sort=acv&page=3")
    assert "Shown: “o” in the name; Today differs; Verdict: Not decided yet; Stage: Public: 1 segment" in said
    assert said[0] == "The one segment runs another team than the framework advises"


def test_a_picture_says_by_which_policy_it_is_drawn(ana: User, fund: Workspace) -> None:
    assert not [text for text in said_by(ana) if "policy" in text]
    set_policy(fund, author=ana, middle_from=0.4)
    assert [text for text in said_by(ana) if "policy" in text] == ["Assumptions: version 1 of the policy: The middle zone begins at 0.4"]
    other = make_workspace("Second")
    ana.memberships.create(workspace=other, role="viewer")
    make_scenario(make_company(other, "Elm"), COPIED)
    assert [text for text in said_by(ana) if "policies" in text] == [MIXED]


def test_a_picture_has_the_marks_of_the_page(ana: User, fund: Workspace) -> None:
    Company.objects.filter(name="Attio").update(stage="Seed")
    Segment.objects.filter(name="Enterprise").update(arr=4_000_000.0)
    marks = marks_of(figure(ana, "marks=stage"))
    assert (len(set(marks["marker"]["symbol"])), len(set(marks["marker"]["size"]))) == (2, 2)
    assert marks_of(figure(ana, "chart=quadrant"))["customdata"] == [Scenario.objects.get(segment__name="Enterprise").pk]


def test_a_picture_shows_a_company_that_shares_everything_and_none_that_shares_the_advice_only(
    ana: User, fund: Workspace, workspace: Workspace
) -> None:
    for name, level in (("Open", Level.EVERYTHING), ("Closed", Level.ADVICE)):
        company = make_company(make_workspace(name), name)
        make_scenario(company, COPIED)
        share_with(company, fund, level)
    said = figure(ana)
    assert sorted({text.split(",")[0] for text in marks_of(said)["hovertext"]}) == ["Attio", "Bloom", "Copycat", "Open"]
    assert "1 not drawn: its company shares the advice only." in said["layout"]["meta"]["notes"]


def test_a_picture_of_nothing_says_so(ana: User, workspace: Workspace) -> None:
    assert figure(ana)["layout"]["meta"]["title"] == "No segment here has an ACV and a motion yet"
    assert figure(ana, "chart=quadrant")["layout"]["meta"]["title"] == "No segment here has the answers that the quadrant weighs yet"


def test_a_picture_takes_as_many_statements_at_any_length(ana: User, workspace: Workspace) -> None:
    counts = []
    for number in (3, 300):
        for each in range(number):
            make_scenario(make_company(workspace, f"Company {number} {each}"), COPIED)
        figure(ana)
        with CaptureQueriesContext(connection) as statements:
            figure(ana, "trails=year&marks=sector")
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("browser", "fund")
@pytest.mark.parametrize("query", [{}, {"chart": "quadrant"}, {"q": "nobody"}])
def test_the_server_draws_it_in_the_size_that_was_asked_for(client: Client, query: dict[str, str]) -> None:
    response = client.get("/portfolio/chart.png", SMALL | query)
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (200, "image/png", "private, no-cache")
    image = Image.open(BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (320, 180))
    assert len(image.convert("RGB").getcolors(maxcolors=1_000_000) or ()) > 10  # it is not blank


@pytest.mark.usefixtures("browser", "fund")
def test_it_is_an_export_once_it_is_taken_along(client: Client) -> None:
    client.head("/portfolio/chart.png", SMALL)
    tag = client.get("/portfolio/chart.png", SMALL)["ETag"]
    assert client.get("/portfolio/chart.png", SMALL, headers={"If-None-Match": tag}).status_code == 304
    client.get("/portfolio/chart.png", SMALL | {"chart": "quadrant"})
    exported = AuditEntry.objects.filter(kind=Kind.EXPORTED).order_by("pk")
    assert [(entry.said, entry.company_name) for entry in exported] == [
        ("Exported the coverage map of a view of the portfolio as PNG.", ""),
        ("Exported the ownership quadrant of a view of the portfolio as PNG.", "Bloom"),
    ]


@pytest.mark.usefixtures("browser")
def test_who_shares_its_numbers_reads_in_its_log_who_took_the_picture(client: Client, fund: Workspace) -> None:
    for name, level in (("Open", Level.EVERYTHING), ("Closed", Level.ADVICE)):
        company = make_company(make_workspace(name), name)
        make_scenario(company, COPIED)
        share_with(company, fund, level)
    client.get("/portfolio/chart.png", SMALL)
    exported = AuditEntry.objects.filter(kind=Kind.EXPORTED).order_by("pk")
    assert [entry.company_name for entry in exported.exclude(workspace=fund)] == ["Open"]


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?width=1", "width: expected a whole number from"),
        ("?scale=big", "scale: expected"),
        ("?fit=perhaps", "Today: there is no “perhaps” here"),
        ("?chart=pie", "There is no chart called “pie”"),
    ],
)
def test_an_address_that_cannot_be_read_gives_no_other_picture(client: Client, query: str, said: str) -> None:
    response = client.get(f"/portfolio/chart.png{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode().startswith(said)


@pytest.mark.usefixtures("fund")
def test_the_page_leads_to_the_picture_of_its_view_and_states_the_same(client: Client, ana: User) -> None:
    for query, name in (("", "portfolio-map.png"), ("?fit=differs&chart=quadrant", "portfolio-quadrant.png")):
        page = main_of(client.get(f"/portfolio/{query}"))
        link = page.one("a", class_="portfolio-png")
        assert (link["href"], link["download"]) == (f"/portfolio/chart.png{query}", name)
        title = figure(ana, query.removeprefix("?"))["layout"]["meta"]["title"]
        assert page.one("figcaption").text.startswith(f"{title}. ")


def test_nobody_gets_another_workspaces_picture(fund: Workspace, stranger: User, sign_in: SignIn) -> None:
    assert Client().get("/portfolio/chart.png").status_code == 302
    assert figure(stranger)["layout"]["meta"]["title"] == "No segment here has an ACV and a motion yet"
