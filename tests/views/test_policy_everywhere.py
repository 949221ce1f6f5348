"""Every page, picture and file that shows advice shows it by the policy of the company's workspace, and says so."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.exports.figures import page_figure, picture_figure
from advisor.exports.picture import Picture
from advisor.forms.decision import told
from advisor.models import Company, Level, Role, Scenario, Topic, User, Workshop, WorkshopStep, Workspace
from advisor.services import participants, readout
from advisor.services import workshop as room
from advisor.services.api_token import make_token
from advisor.services.decision_snapshot import CHARTS_KEPT
from advisor.services.participants import seat_of
from advisor.services.portfolio import bring_up_to_date
from advisor.views.access import SEAT
from advisor.views.company_comparison import Compared, figure_of
from advisor.views.policy_note import BESIDE_OURS, MIXED
from advisor.views.reveal import kept_charts
from advisor.views.room_frames import load
from tests.factories import DIFFERENT_STORY, make_company, make_scenario, make_workspace, read, set_policy, share_with
from tests.views.conftest import SignIn
from tests.views.pages import page_of

pytestmark = pytest.mark.django_db

# By it the story's expansion is not hard, and the axis begins elsewhere.
OURS: dict[str, Any] = {"hard_expansion": 90.0, "acv_floor": 2_000.0, "acv_ceiling": 300_000.0}
KEPT = re.compile(r"Keep the AE on the account(?! once)|keep_together(?!\")")
NOTE = "By your workspace's policy, version 1: Lower end of the contract axis $2k; Upper end of the contract axis $300k; "


@pytest.fixture
def story(company: Company) -> Scenario:
    return make_scenario(company, DIFFERENT_STORY)


def addresses(story: Scenario) -> dict[str, str]:
    plan = make_scenario(story.segment.company, DIFFERENT_STORY, name="Plan 2028")
    other = make_company(story.segment.company.workspace, "Attio")
    make_scenario(other, acv=5_000.0, motion=20.0)
    return {
        "scenario": f"/scenarios/{story.pk}/",
        "company": f"/companies/{story.segment.company_id}/",
        "comparison": f"/scenarios/{plan.pk}/compare/",
        "portfolio": "/portfolio/",
        "companies": f"/portfolio/compare/?company={story.segment.company_id}&company={other.pk}",
        "home": "/",
        "file": "/portfolio/segments.csv",
    }


PAGES = ["scenario", "company", "comparison", "portfolio", "companies", "home", "file"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_the_advice_by_the_policy_of_the_workspace(page: str, client: Client, workspace: Workspace, story: Scenario) -> None:
    address = addresses(story)[page]
    before = client.get(address).content.decode()
    set_policy(workspace, **OURS)
    after = client.get(address).content.decode()
    if page in ("portfolio", "companies"):  # whose words for choices and legends name both verdicts
        assert after.count("pecialize") > before.count("pecialize")
    else:
        assert (KEPT.search(before) is None, KEPT.search(after) is None, "pecialize" in after) == (False, True, True)
    if page != "file":
        assert (NOTE in page_of(client.get(address)).text) == (page != "home")


@pytest.mark.parametrize("page", PAGES)
def test_a_policy_costs_no_statement(page: str, client: Client, ana: User, workspace: Workspace, story: Scenario) -> None:
    address = addresses(story)[page]
    counted = []
    for _ in range(2):
        bring_up_to_date(ana)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counted.append(len(queries))
        set_policy(workspace, **OURS)
    assert counted[0] == counted[1]


def test_the_map_of_a_scenario_has_the_axis_and_the_borders_of_the_workspace(workspace: Workspace, story: Scenario) -> None:
    before = page_figure("coverage-map", [read(story)], None)
    set_policy(workspace, **OURS, middle_from=0.2)
    after = page_figure("coverage-map", [read(story)], None)
    assert json.dumps(before["layout"]["shapes"]) != json.dumps(after["layout"]["shapes"])
    assert json.dumps(before["layout"]["yaxis"]) != json.dumps(after["layout"]["yaxis"])


def test_a_threshold_of_the_workspace_is_called_its_own(client: Client, workspace: Workspace, story: Scenario) -> None:
    assert "Small under 50 % (ours)." in page_of(client.get(f"/scenarios/{story.pk}/")).text
    set_policy(workspace, small_share=0.4)
    assert "Small under 40 % (yours)." in page_of(client.get(f"/scenarios/{story.pk}/")).text


def owned(company: Company) -> Company:
    """As somebody of its workspace reads it."""
    company.role = Role.OWNER
    return company


def quadrant_of(client: Client) -> dict[str, Any]:
    page = page_of(client.get("/portfolio/?chart=quadrant"))
    found: dict[str, Any] = json.loads(page.one("script", id="portfolio-map").raw_text)
    return found


def test_a_company_that_others_share_moves_no_border_of_a_portfolio(client: Client, workspace: Workspace, story: Scenario) -> None:
    set_policy(workspace, **OURS)
    own = quadrant_of(client)
    guest = make_company(make_workspace("Second"), "Attio")
    make_scenario(guest, DIFFERENT_STORY)
    share_with(guest, workspace, Level.EVERYTHING)
    text = client.get("/portfolio/?chart=quadrant").content.decode()
    assert (BESIDE_OURS in text, MIXED in text) == (True, False)
    assert quadrant_of(client)["layout"]["shapes"] == own["layout"]["shapes"]
    set_policy(guest.workspace, **OURS)
    assert BESIDE_OURS not in client.get("/portfolio/?chart=quadrant").content.decode()


def test_a_company_that_others_share_moves_no_border_of_a_picture_of_companies(workspace: Workspace, story: Scenario, ana: User) -> None:
    set_policy(workspace, **OURS)
    guest = make_company(make_workspace("Second"), "Attio")
    make_scenario(guest, DIFFERENT_STORY)
    share_with(guest, workspace, Level.EVERYTHING)
    companies = {each.name: each for each in Company.objects.visible_to(ana)}
    scenarios = {each.segment.company.name: each for each in Scenario.objects.visible_to(ana).select_related("segment__company__workspace")}
    found = [Compared(companies[name], [read(scenarios[name])], 1) for name in (story.segment.company.name, "Attio")]
    texts = " ".join(part["text"] for part in figure_of(found, Picture())["layout"]["annotations"])
    assert (BESIDE_OURS[:40] in texts, MIXED[:40] in texts, "version 1 of the policy" in texts) == (True, False, True)


def test_a_portfolio_of_shared_companies_alone_is_drawn_by_their_policy(client: Client, workspace: Workspace) -> None:
    set_policy(workspace, **OURS)
    guest = make_company(make_workspace("Second"), "Attio")
    make_scenario(guest, DIFFERENT_STORY)
    share_with(guest, workspace, Level.EVERYTHING)
    text = client.get("/portfolio/?chart=quadrant").content.decode()
    assert (BESIDE_OURS in text, MIXED in text) == (False, False)


def test_a_portfolio_of_two_policies_is_drawn_by_the_default_and_says_so(
    client: Client, ana: User, workspace: Workspace, story: Scenario
) -> None:
    set_policy(workspace, **OURS)
    assert MIXED not in client.get("/portfolio/").content.decode()
    other = make_workspace("Second")
    ana.memberships.create(workspace=other, role=Role.VIEWER)
    assert MIXED not in client.get("/portfolio/").content.decode()  # all that is shown is of one
    elsewhere = make_company(other, "Attio")
    make_scenario(elsewhere, DIFFERENT_STORY)
    assert MIXED in client.get("/portfolio/").content.decode()
    keys = f"company={story.segment.company_id}&company={elsewhere.pk}"
    text = page_of(client.get(f"/portfolio/compare/?{keys}")).text
    assert "Keep together" in text
    assert "Specialize" in text


def test_the_api_advises_by_the_policy(ana: User, workspace: Workspace, story: Scenario) -> None:
    _, token = make_token(ana, workspace, "Nightly", scope="read")
    client = Client(headers={"Authorization": f"Bearer {token}"})
    set_policy(workspace, **OURS)
    advice: Any = client.get(f"/api/v1/scenarios/{story.pk}/advice").json()
    portfolio: Any = client.get("/api/v1/portfolio").json()
    assert (advice["ownership"], portfolio["items"][0]["ownership"]) == ("specialize", "specialize")


# --- Rooms ---------------------------------------------------------------------------------------


@pytest.fixture
def opened(story: Scenario, ana: User) -> Workshop:
    workshop = room.open_workshop([story], ana)
    for number in (1, 2):
        participants.join(workshop, f"Person {number}")
    return workshop


def at(workshop: Workshop, topic: Topic) -> WorkshopStep:
    step = workshop.steps.get(topic=topic)
    Workshop.objects.filter(pk=workshop.pk).update(step=step)
    return step


def test_a_room_shows_the_advice_by_the_policy_and_says_so(opened: Workshop, workspace: Workspace) -> None:
    at(opened, Topic.ADVICE)
    set_policy(workspace, **OURS)
    frame = load(opened.code, ["participant"])
    assert frame is not None
    html = frame.frames["participant"]
    assert "Specialize" in html
    assert "By the workspace's policy, version 1: Lower end of the contract axis $2k" in html


def test_people_place_themselves_on_the_axis_of_the_workspace(opened: Workshop, workspace: Workspace) -> None:
    at(opened, Topic.POSITION)
    browser = Client()
    browser.cookies[SEAT] = seat_of(opened.participants.all()[0])
    assert 'data-low="1000.0" data-high="150000.0"' in browser.get(f"/w/{opened.code}/").content.decode()
    set_policy(workspace, **OURS)
    assert 'data-low="2000.0" data-high="300000.0"' in browser.get(f"/w/{opened.code}/").content.decode()


def revealed(workshop: Workshop, topic: Topic, answers: list[dict[str, Any]]) -> WorkshopStep:
    step = at(workshop, topic)
    for person, each in zip(workshop.participants.all(), answers, strict=True):
        room.answer(person, WorkshopStep.objects.get(pk=step.pk), each)
    moves = Workshop.objects.get(pk=workshop.pk).moves
    room.advance(Workshop.objects.get(pk=workshop.pk), seen=moves, is_confirmed=True)
    return WorkshopStep.objects.get(pk=step.pk)


def test_what_a_room_reveals_is_read_by_the_policy_that_is_in_force(opened: Workshop, workspace: Workspace) -> None:
    facts = ("different_decision_maker", "different_department", "different_use_case", "higher_executive", "consultative")
    revealed(opened, Topic.DIFFICULTY, [dict.fromkeys(facts, "yes"), dict.fromkeys(facts, "no")])
    before = load(opened.code, ["facilitator"])
    set_policy(workspace, points_different_decision_maker=45.0, points_political=0.0, points_procurement=0.0, points_consultative=5.0)
    after = load(opened.code, ["facilitator"])
    assert before is not None
    assert after is not None
    assert before.frames != after.frames  # though nobody moved the room: what was kept of it is not shown


def test_a_decision_keeps_the_policy_by_which_it_was_read(opened: Workshop, workspace: Workspace) -> None:
    set_policy(workspace, **OURS)
    found = Workshop.objects.get(pk=opened.pk)
    (section,) = readout.sections_of(found, told, kept_charts)
    kept = section.kept
    assert (kept["policy_version"], kept["policy"]["hard_expansion"]["value"], kept["advice"]["verdict"]) == (1, 90.0, "specialize")


IN_PICTURES = "Assumptions: version 1 of the policy: Lower end of the contract axis &#36;2k, Upper end of the contract axis &#36;300k, "


def test_a_picture_says_by_which_version_of_the_policy_it_is(opened: Workshop, workspace: Workspace, story: Scenario) -> None:
    def said() -> list[str]:
        scenarios = [read(story)]
        (section,) = readout.sections_of(Workshop.objects.get(pk=opened.pk), told, kept_charts)
        figures = [picture_figure("coverage-map", scenarios, scenario) for scenario in (scenarios[0], None)]
        figures.append(figure_of([Compared(owned(story.segment.company), scenarios, 1)], Picture()))
        figures += [chart["picture"] for chart in section.kept["figures"].values()]
        return [next((text for part in figure["layout"]["annotations"] if "policy" in (text := part["text"])), "") for figure in figures]

    assert set(said()) == {""}
    set_policy(workspace, **OURS)
    pictures = said()
    assert len(pictures) == 3 + len(CHARTS_KEPT)
    assert [text.startswith(IN_PICTURES) for text in pictures] == [True] * len(pictures)


def test_a_picture_of_companies_of_two_policies_says_that_and_no_version(workspace: Workspace, story: Scenario) -> None:
    set_policy(workspace, **OURS)
    other = make_scenario(make_company(make_workspace("Second"), "Attio"), acv=5_000.0, motion=20.0)
    figure = figure_of([Compared(owned(each.segment.company), [each], 1) for each in (read(story), read(other))], Picture())
    texts = " ".join(part["text"] for part in figure["layout"]["annotations"])
    assert (MIXED[:40] in texts, "of the policy" in texts) == (True, False)


def test_an_editor_reads_in_the_read_out_by_which_policy(opened: Workshop, workspace: Workspace, ana: User, sign_in: SignIn) -> None:
    address = f"/workshops/{opened.pk}/readout/"
    words = "By the workspace's policy, version 1."
    assert words not in sign_in(ana).get(address).content.decode()
    set_policy(workspace, **OURS)
    assert words in sign_in(ana).get(address).content.decode()
